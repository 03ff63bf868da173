"""One rule: what it looks for, what that means, and the samples that prove it; read from the text of its file."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from worker.domain.rules.places import line_of_key, line_of_text
from worker.domain.verdict import Severity


class Status(StrEnum):
    """Whether a rule takes part."""

    TRIAL = "trial"  # counted and shown, tags nothing
    LIVE = "live"
    RETIRED = "retired"  # kept to explain old cases


class Kind(StrEnum):
    """What a hit speaks for."""

    COMPLAINT = "complaint"  # adds its weight
    COUNTER = "counter"  # takes its weight away, or excuses its sentence
    SAFETY = "safety"  # danger to somebody
    MACHINE = "machine"  # phrases of automatic replies


class Scope(StrEnum):
    """How far a counter rule reaches."""

    MAIL = "mail"  # its weight is taken from the whole score
    SENTENCE = "sentence"  # what complains in the same sentence counts for nothing
    FIELD = "field"  # what complains in the same subject or text counts for nothing


class Position(StrEnum):
    """Where in the text a hit must stand."""

    ANYWHERE = "anywhere"
    OPENING = "opening"  # its first three sentences
    CLOSING = "closing"  # its last three


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A text the rule must, or must not, find something in."""

    text: str
    subject: str = ""
    because: str = ""  # of a miss: why it is none
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule file. The fields are the keys of the file, explained in docs/rules.md."""

    id: str
    title: str
    status: Status
    added: date
    lang: str  # ISO 639-1, or "any"
    kind: Kind
    topic: str
    severity: Severity | None
    weight: float
    where: tuple[str, ...]
    position: Position
    scope: Scope
    any: tuple[str, ...]
    all: tuple[str, ...]
    none: tuple[str, ...]  # the key `not`
    at_least: int
    unless: tuple[str, ...]
    guard: bool  # a negation before a hit weakens it
    max_words: int  # 0: of any length; else only mails of at most so many words
    why: str
    hits: tuple[Sample, ...] = ()
    misses: tuple[Sample, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFault:
    """What is wrong in a rule file, where, as a sentence."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


_REQUIRED = ("id", "title", "status", "added", "lang", "why")
_TEXTS = ("id", "title", "status", "lang", "kind", "topic", "severity", "position", "scope", "why")
_LISTS = ("where", "any", "all", "not", "unless")
_KNOWN = {*_REQUIRED, *_TEXTS, *_LISTS, "weight", "at_least", "guard", "max_words", "hit", "miss"}
_LANGUAGES = {"any", "en", "es", "fr", "de", "pt", "it", "nl"}
_FIELDS = {"subject", "text"}
_LONGEST_ID = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class _Reader:
    """Collects every fault of one file with its line."""

    def __init__(self, source: str, file: str) -> None:
        self.source = source
        self.file = file
        self.faults: list[RuleFault] = []

    def fault(self, message: str, *, key: str = "", text: str = "") -> None:
        line = line_of_text(self.source, text) if text else line_of_key(self.source, key)
        self.faults.append(RuleFault(file=self.file, line=line, message=message))


def read_rule(source: str, file: str, *, samples: bool = True) -> tuple[Rule | None, tuple[RuleFault, ...]]:
    """The rule in the text of a file, or every fault in it.

    Without `samples` the tables after the first `[[` are left unread: they stand at the end of the file and are
    half of it, and judging a mail does not need them.
    """
    reader = _Reader(source, file)
    head = source if samples else source.partition("\n[[")[0]
    try:
        document = tomllib.loads(head.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        line = _line_in(str(error), source)
        return None, (RuleFault(file=file, line=line, message=f"this is not valid TOML: {error}"),)
    _check_keys(document, reader)
    rule = None if reader.faults else _rule(document, reader)
    return (None if reader.faults else rule), tuple(reader.faults)


def _line_in(message: str, source: str) -> int:
    """The line a TOML error names in its message ("(at line 3, column 1)"); the last when it says the end."""
    _, _, after = message.partition("at line ")
    number = after.partition(",")[0]
    return int(number) if number.isdigit() else source.count("\n") + 1


def _check_keys(document: Mapping[str, Any], reader: _Reader) -> None:
    for key in document:
        if key not in _KNOWN:
            reader.fault(f"'{key}' is no key of a rule; docs/rules.md lists them", key=key)
    for key in _REQUIRED:
        if key not in document:
            reader.fault(f"the key '{key}' is missing")
    for key in _TEXTS:
        if key in document and not isinstance(document[key], str):
            reader.fault(f"'{key}' must be text in quotation marks", key=key)
    for key in _LISTS:
        if key in document and not _is_texts(document[key]):
            reader.fault(f"'{key}' must be a list of texts", key=key)
    _check_numbers(document, reader)
    _check_controls(document, reader)


def _check_numbers(document: Mapping[str, Any], reader: _Reader) -> None:
    if "added" in document and type(document["added"]) is not date:
        reader.fault("'added' must be a date without quotation marks, as 2026-11-21", key="added")
    weight = document.get("weight", 0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 10:
        reader.fault("'weight' must be a number from 0 to 10", key="weight")
    for key in ("at_least", "max_words"):
        number = document.get(key, 1)
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            reader.fault(f"'{key}' must be a whole number, 1 or more", key=key)
    if not isinstance(document.get("guard", True), bool):
        reader.fault("'guard' must be true or false", key="guard")


def _check_controls(document: Mapping[str, Any], reader: _Reader) -> None:
    for key, value in document.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and not text.isprintable() and _CONTROL.search(text):
                reader.fault(f"there is a control character in '{key}'", key=key)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _rule(document: Mapping[str, Any], reader: _Reader) -> Rule:
    def one_of(key: str, allowed: type[StrEnum], default: str) -> Any:  # noqa: ANN401 - the enum asked for
        value = document.get(key, default)
        try:
            return allowed(value)
        except ValueError:
            reader.fault(f"'{key}' is '{value}'; it may be {', '.join(allowed)}", key=key)
            return allowed(default)

    lists: Callable[[str], tuple[str, ...]] = lambda key: tuple(document.get(key, ()))  # noqa: E731 - a short name for one expression
    rule = Rule(
        id=document["id"],
        title=document["title"],
        status=one_of("status", Status, "live"),
        added=document["added"],
        lang=document["lang"],
        kind=one_of("kind", Kind, "complaint"),
        topic=document.get("topic", ""),
        severity=one_of("severity", Severity, "low") if "severity" in document else None,
        weight=float(document.get("weight", 0)),
        where=lists("where") or ("subject", "text"),
        position=one_of("position", Position, "anywhere"),
        scope=one_of("scope", Scope, "mail"),
        any=lists("any"),
        all=lists("all"),
        none=lists("not"),
        at_least=document.get("at_least", 1),
        unless=lists("unless"),
        guard=document.get("guard", True),
        max_words=document.get("max_words", 0),
        why=document["why"],
        hits=_samples(document, "hit", reader),
        misses=_samples(document, "miss", reader),
        file=reader.file,
    )
    _check_sense(rule, reader)
    return rule


def _check_sense(rule: Rule, reader: _Reader) -> None:
    """What no single key shows."""
    if (
        not rule.id
        or len(rule.id) > _LONGEST_ID
        or not rule.id.replace("-", "").isalnum()
        or rule.id != rule.id.lower()
    ):
        reader.fault(f"the id '{rule.id}' must be small letters, digits and hyphens, 60 at most", key="id")
    if rule.lang not in _LANGUAGES:
        reader.fault(f"'lang' is '{rule.lang}'; it may be {', '.join(sorted(_LANGUAGES))}", key="lang")
    for field in rule.where:
        if field not in _FIELDS:
            reader.fault(f"'where' names '{field}'; it may name subject and text", key="where")
    if not rule.any and not rule.all:
        reader.fault("a rule needs patterns under 'any' or 'all'", key="id")
    if rule.at_least > max(len(rule.any), 1):
        reader.fault(f"'at_least' asks for {rule.at_least} of {len(rule.any)} patterns", key="at_least")
    for miss in rule.misses:
        if not miss.because:
            reader.fault("a [[miss]] says why it is none, under 'because'", text=miss.text)


def _samples(document: Mapping[str, Any], key: str, reader: _Reader) -> tuple[Sample, ...]:
    found = []
    tables = document.get(key, [])
    for table in tables if isinstance(tables, list) else [tables]:
        allowed = {"text", "subject", "because"}
        if not isinstance(table, Mapping) or not all(isinstance(value, str) for value in table.values()):
            reader.fault(f"[[{key}]] holds texts only", key=f"[[{key}]]")
        elif "text" not in table or not set(table) <= allowed:
            reader.fault(f"[[{key}]] needs 'text', and may have 'subject' and 'because'", key=f"[[{key}]]")
        else:
            found.append(Sample(**table, line=line_of_text(reader.source, table["text"])))
    return tuple(found)
