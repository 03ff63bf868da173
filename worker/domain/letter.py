"""A letter as data: what its header promises, which letter fits a case, and which blanks are still open.

A letter file is a header block (`key: value` lines), a blank line, and the text. The text may hold `{{ names }}`,
which adapters/letters fills, and `[[hints]]`: blanks that a person fills before anybody can approve the letter.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from worker.domain.apology import ApologyLevel
from worker.domain.particulars import NO_PARTICULARS, Particulars
from worker.domain.particulars.words import word_set
from worker.domain.verdict import Severity
from worker.errors import BadInput, Refused

MAX_LETTER_CHARACTERS = 65_536
MAX_HINT_CHARACTERS = 200
MAX_NAME_CHARACTERS = 40
MAX_QUOTE_CHARACTERS = 200
ANY_TOPIC = "any"

_KEYS = ("id", "title", "framework", "stage", "language", "topics", "severity", "apology", "subject")
_REQUIRED = ("id", "framework", "stage", "language", "subject")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2}")
_WORD = re.compile(r"[a-z0-9][a-z0-9_-]*")
# A blank's hint holds no bracket and no line end, so that an unclosed "[[" costs one look and no more.
_BLANK = re.compile(rf"\[\[([^\[\]\n]{{1,{MAX_HINT_CHARACTERS}}})\]\]")


# A defect is spoken of in many a complaint; where a narrower topic is as sure, its letter has the truer words.
_NARROWER = {"product": frozenset({"website", "outage", "wrong-item"})}

_Choice = TypeVar("_Choice", bound=StrEnum)


class LetterStage(StrEnum):
    """What a letter is for."""

    ACKNOWLEDGED = "acknowledged"  # the first answer: what happened, that it matters, what follows and when
    INTERIM = "interim"  # not done yet; the date stands
    MISSED = "missed"  # the date has passed and nobody wrote: owned, with a new date
    MOVED = "moved"  # the date will not be kept: said before it passes, with the new one
    DONE = "done"  # the work is done, told to the customer
    FOLLOW_UP = "follow-up"  # some days later: is it well?


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFault:
    """What is wrong with a letter file, and where."""

    path: str
    line: int  # from 1
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class BadLetter(BadInput):
    """A letter file cannot be used; `faults` names everything wrong with it."""

    def __init__(self, faults: Sequence[LetterFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter as its file says it. `topics` and `severity` are empty where it fits any."""

    id: str
    title: str
    framework: str
    stage: LetterStage
    language: str  # ISO 639-1
    topics: tuple[str, ...]
    severity: tuple[Severity, ...]
    apology: tuple[ApologyLevel, ...]  # the levels its text can speak
    subject: str  # a template like `text`
    text: str
    path: str
    text_line: int = 1  # where `text` begins in the file

    @property
    def is_plain(self) -> bool:
        """Whether it is the one that fits any complaint."""
        return not self.topics and not self.severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    """An open place in a letter: [start, end) covers the brackets too."""

    start: int
    end: int
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """What a letter is filled with. An empty string is a fact that nobody knows."""

    customer: str = ""  # the display name: a claim, used only where it plainly is a person's name
    particulars: Particulars = NO_PARTICULARS
    apology: ApologyLevel = ApologyLevel.NONE
    due: str = ""  # a ready part of a sentence, "by Tuesday 24 November, 5 pm"
    owner: str = ""  # who signs
    firm: str = ""
    subject: str = ""  # the customer's subject
    promised: str = ""  # what we had said we would do, for interim, missed and moved
    old_due: str = ""  # the date that was or will be broken, "Friday 20 November, 5 pm"
    done: str = ""  # what has been done


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedLetter:
    """A letter filled: its subject on one line, its text with the blanks that are still open."""

    letter: str  # the letter's id
    subject: str
    text: str


def parse_letter(source: str, path: str) -> Letter:
    """Read one letter file. Raises BadLetter with every fault, each with its line."""
    faults = _unusable_characters(source, path)
    header, body, body_line = _split(source)
    values, lines = _header_values(header, path, faults)
    faults.extend(
        LetterFault(path=path, line=1, message=f"`{key}:` is missing")
        for key in _REQUIRED
        if not values.get(key)
    )
    if not body.strip():
        faults.append(
            LetterFault(path=path, line=body_line, message="there is no text after the header's blank line")
        )
    faults.extend(_broken_blanks(body, body_line, path))
    check = _HeaderCheck(path=path, values=values, lines=lines, faults=faults)
    letter = Letter(
        id=check.matching("id", _ID, "lower-case words joined by hyphens"),
        title=values.get("title", ""),
        framework=check.matching("framework", _ID, "a framework's folder name"),
        stage=check.one_of("stage", LetterStage, LetterStage.ACKNOWLEDGED),
        language=check.matching("language", _LANGUAGE, "two letters such as en"),
        topics=check.topics(),
        severity=check.some_of("severity", Severity, ()),
        apology=check.some_of("apology", ApologyLevel, tuple(ApologyLevel)),
        subject=values.get("subject", ""),
        text=body,
        path=path,
        text_line=body_line,
    )
    if faults:
        raise BadLetter(sorted(faults, key=lambda fault: fault.line))
    return letter


def choose_letter(
    letters: Iterable[Letter],
    *,
    stage: LetterStage,
    language: str | None,
    topics: Sequence[str],
    severity: Severity | None,
    fallback_language: str = "en",
) -> Letter:
    """The letter that fits best: the first topic first, then severity; else the plain one.

    A language without a letter for the stage gets the fallback language's. Raises Refused when not even that is there.
    """
    of_stage = [letter for letter in letters if letter.stage is stage]
    topics = _narrowest(topics)
    for tried in (language, fallback_language):
        fitting = [
            letter for letter in of_stage if letter.language == tried and _fits(letter, topics, severity)
        ]
        if fitting:
            return min(fitting, key=lambda letter: (_distance(letter, topics), letter.id))
    raise Refused(
        f"There is no {stage} letter in {language or 'an unknown language'} nor in {fallback_language}."
    )


def open_blanks(text: str) -> tuple[Blank, ...]:
    """The blanks still open in a letter, in order. Linear in the text."""
    return tuple(
        Blank(start=found.start(), end=found.end(), hint=found.group(1).strip())
        for found in _BLANK.finditer(text)
    )


def fill(text: str, blank: Blank, words: str) -> str:
    """The text with one blank filled. The words can open no new blank."""
    return text[: blank.start] + safe_words(words, MAX_LETTER_CHARACTERS) + text[blank.end :]


_BRACKETS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")"})


def safe_words(words: str, longest: int = MAX_QUOTE_CHARACTERS) -> str:
    """Somebody else's words made fit for a letter: one line, nothing invisible, no bracket that could open a blank."""
    one_line = " ".join(words[: longest * 4].split())
    if not one_line.isascii() or not one_line.isprintable():
        one_line = "".join(c for c in one_line if c == " " or unicodedata.category(c)[0] not in "CZ")
    if len(one_line) > longest:
        one_line = one_line[: longest - 1].rsplit(" ", 1)[0] + "…"
    return one_line.translate(_BRACKETS)


_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:['’-][^\W\d_]+){0,3}\.?")
_NOT_NAMES = word_set(
    """info support service services sales office team admin mail email noreply no-reply contact kontakt customer client
    user guest kunde help helpdesk accounts billing orders invoice buyer shop store the via ltd limited gmbh inc llc plc
    sa sarl sl ag kg bv company group unknown anonymous me my iphone android outlook gmail family familie mr mrs ms miss
    dr herr frau"""
)


@lru_cache(maxsize=4096)
def name_to_greet(display_name: str) -> str:
    """The first and further names of a person, or '' when the display name is not plainly a person's.

    "Ada Byron" stays; "BYRON, Ada" is turned round; "shop@example.test", "The Tea Room Ltd" and "xX_ada_Xx" greet nobody.
    """
    cleaned = safe_words(display_name, 200).strip(" '\"“”‘’")
    if cleaned.count(",") == 1:
        last, first = (part.strip() for part in cleaned.split(","))
        cleaned = f"{first} {last}"
    words = cleaned.split()
    if not 1 <= len(words) <= 4 or len(cleaned) > MAX_NAME_CHARACTERS:
        return ""
    if any(not _NAME_WORD.fullmatch(word) or word.casefold().strip(".") in _NOT_NAMES for word in words):
        return ""
    if len(words) == 1 and (len(cleaned) < 3 or not cleaned[0].isupper() or cleaned.isupper()):
        return ""
    if len({_script(c) for c in cleaned if c.isalpha()}) != 1:
        return ""
    return " ".join(_as_name(word) for word in words)


def _script(letter: str) -> str:
    return "LATIN" if letter.isascii() else unicodedata.name(letter, "?").split(" ", 1)[0]


def _as_name(word: str) -> str:
    if len(word) > 2 and (word.isupper() or word.islower()):
        return word if word in {"van", "von", "der", "den", "del", "las", "los", "bin"} else word.title()
    return word


def _split(source: str) -> tuple[list[str], str, int]:
    lines = source.replace("\r\n", "\n").split("\n")
    end = next((n for n, line in enumerate(lines) if not line.strip()), len(lines))
    return lines[:end], "\n".join(lines[end + 1 :]).strip("\n") + "\n", end + 2


def _unusable_characters(source: str, path: str) -> list[LetterFault]:
    if len(source) > MAX_LETTER_CHARACTERS:
        return [LetterFault(path=path, line=1, message=f"longer than {MAX_LETTER_CHARACTERS} characters")]
    return [
        LetterFault(path=path, line=number, message=f"the control character U+{ord(c):04X}")
        for number, line in enumerate(source.replace("\r\n", "\n").split("\n"), 1)
        for c in line
        if c != "\t" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    ]


def _header_values(
    header: list[str], path: str, faults: list[LetterFault]
) -> tuple[dict[str, str], dict[str, int]]:
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(header, 1):
        key, colon, value = line.partition(":")
        key = key.strip()
        if line.startswith("#"):
            continue
        if not colon:
            message = f"not a `key: value` line: {line.strip()[:60]!r} (a blank line ends the header)"
        elif key not in _KEYS:
            message = f"unknown key `{key[:40]}`; known are {', '.join(_KEYS)}"
        elif key in values:
            message = f"`{key}:` stands twice"
        else:
            values[key], lines[key] = value.strip(), number
            continue
        faults.append(LetterFault(path=path, line=number, message=message))
    return values, lines


def _broken_blanks(body: str, first_line: int, path: str) -> Iterable[LetterFault]:
    for number, line in enumerate(body.split("\n"), first_line):
        rest = _BLANK.sub("", line)
        if "[[" in rest or "]]" in rest:
            yield LetterFault(path=path, line=number, message="a blank that is not `[[hint]]` on one line")


@dataclass(frozen=True, slots=True, kw_only=True)
class _HeaderCheck:
    path: str
    values: dict[str, str]
    lines: dict[str, int]
    faults: list[LetterFault]

    def _fault(self, key: str, message: str) -> None:
        self.faults.append(LetterFault(path=self.path, line=self.lines[key], message=message))

    def matching(self, key: str, shape: re.Pattern[str], meant: str) -> str:
        value = self.values.get(key, "")
        if value and not shape.fullmatch(value):
            self._fault(key, f"`{key}: {value[:40]}` is not {meant}")
        return value

    def one_of(self, key: str, kind: type[_Choice], otherwise: _Choice) -> _Choice:
        found = self.some_of(key, kind, (otherwise,))
        if len(found) != 1:
            self._fault(key, f"`{key}:` takes one value")
        return found[0] if found else otherwise

    def some_of(self, key: str, kind: type[_Choice], otherwise: tuple[_Choice, ...]) -> tuple[_Choice, ...]:
        value = self.values.get(key, "any")
        if value == "any":
            return otherwise
        found: list[_Choice] = []
        for word in (part.strip() for part in value.split(",")):
            try:
                found.append(kind(word))
            except ValueError:
                self._fault(key, f"`{word[:40]}` is no {key}; known are {', '.join(kind)}")
        return tuple(found) or otherwise

    def topics(self) -> tuple[str, ...]:
        value = self.values.get("topics", ANY_TOPIC)
        if value == ANY_TOPIC:
            return ()
        words = tuple(part.strip() for part in value.split(","))
        for word in words:
            if not _WORD.fullmatch(word):
                self._fault("topics", f"`{word[:40]}` is no topic (lower-case words, separated by commas)")
        return words


def _narrowest(topics: Sequence[str]) -> tuple[str, ...]:
    return tuple(topic for topic in topics if _NARROWER.get(topic, frozenset()).isdisjoint(topics))


def _fits(letter: Letter, topics: Sequence[str], severity: Severity | None) -> bool:
    if letter.severity and severity not in letter.severity:
        return False
    return not letter.topics or any(topic in letter.topics for topic in topics)


def _distance(letter: Letter, topics: Sequence[str]) -> tuple[int, int]:
    """How far from ideal, smaller is better: the rank of the topic met, then whether the severity was asked for."""
    rank = min((n for n, topic in enumerate(topics) if topic in letter.topics), default=len(topics))
    return rank, 0 if letter.severity else 1
