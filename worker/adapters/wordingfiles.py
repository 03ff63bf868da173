"""Read the wording rules from their files: a folder per language, the levels, the reasons for an override.

A team's own folder is laid out the same way and read after the shipped one: a rule with the same id replaces it, a
rule with a new id is added, a kind in its levels.toml gets that level, `status = "retired"` takes a rule out.
Every fault of every file is told at once, as `file:line: what is wrong`; with one fault nothing is loaded.
"""

import re
import tomllib
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worker.domain.rules.pattern import PatternFault
from worker.domain.wording.check import check_wording
from worker.domain.wording.finding import Kind, Level, ReplyTo
from worker.domain.wording.rules import (
    CUE,
    BadPatterns,
    Mark,
    Sample,
    Structure,
    WordingPack,
    WordingRule,
    WordingRules,
    compile_pack,
    missing_cues,
)
from worker.errors import BadInput

_LEVELS, _CUES, _GENERIC = "levels.toml", "cues.toml", "generic.toml"
_LISTS = ("any", "needs", "unless", "unless_at", "unless_cues", "unless_near", "unless_apart")
_TEXTS = ("id", "title", "kind", "lang", "message", "suggestion")
_OTHERS = {"level", "mark", "rank", "reply_to", "structure", "hit", "miss", "status", "added", "why"}
_STATUSES = {"live", "retired"}
_KINDS = {kind.value for kind in Kind}
_LEVEL_NAMES = {level.value for level in Level}
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One file as it was read."""

    path: Path
    text: str
    told: Mapping[str, Any]

    def fault(self, message: str, *wanted: str) -> str:
        """The fault with the line that holds the first of these words, or the first line."""
        return f"{self.path}:{_line_of(self.text, *wanted)}: {message}"

    def at_key(self, message: str, key: str) -> str:
        """The fault with the line where a key is set."""
        found = re.search(rf"^\s*(?:{re.escape(key)}\s*=|\[+{re.escape(key)}\])", self.text, re.MULTILINE)
        line = self.text.count("\n", 0, found.start(0) + len(found.group()) - 1) + 1 if found else 1
        return f"{self.path}:{line}: {message}"


def _line_of(text: str, *wanted: str) -> int:
    place = next((text.find(words) for words in wanted if words and words in text), 0)
    return text.count("\n", 0, place) + 1


@dataclass(slots=True)
class _Gathered:
    """What the folders say so far, later ones over earlier ones."""

    levels: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, str] = field(default_factory=dict)
    rules: dict[str, _File] = field(default_factory=dict)
    cues: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    lists: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    generic: dict[str, list[str]] = field(default_factory=dict)
    cue_files: dict[str, list[_File]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def load_wording(folders: Sequence[Path], languages: Iterable[str] | None = None) -> WordingRules:
    """The rules of these folders; of these languages only, when named (a language without a folder is left out).

    Raises:
        BadInput: every fault of every file, a line each: `file:line: what is wrong`.

    """
    gathered = _Gathered()
    for folder in folders:
        _gather_levels(folder / _LEVELS, gathered)
        seen: dict[str, Path] = {}
        for place in _language_folders(folder, languages):
            _gather_language(place, seen, gathered)
    packs = {language: pack for language in gathered.cues if (pack := _pack(language, gathered))}
    if gathered.faults:
        raise BadInput("\n".join(gathered.faults))
    return WordingRules(packs=packs, override_reasons=gathered.overrides)


def check_samples(rules: WordingRules) -> tuple[str, ...]:
    """Every sample that its own rule judges wrongly, as `file:line: what is wrong`; empty when all is well.

    For `amends rules check`, after `load_wording(folders)` has read the rules; never run in lint or at a draft.
    """
    return tuple(
        fault
        for pack in rules.packs.values()
        for rule in pack.rules.values()
        for fault in _sample_faults(rule, rules)
    )


def _sample_faults(rule: WordingRule, rules: WordingRules) -> Iterator[str]:
    reply_to = ReplyTo.COMPLAINT if ReplyTo.COMPLAINT in rule.reply_to else min(rule.reply_to)
    for sample, wanted in [*((hit, True) for hit in rule.hits), *((miss, False) for miss in rule.misses)]:
        found = check_wording(sample.text, rules=rules, reply_to=reply_to, language=rule.lang)
        if any(one.id == rule.id for one in found) is not wanted:
            says = "does not find its hit" if wanted else "finds its miss"
            yield f"{_place_of(rule, sample)}: '{rule.id}' {says}: {sample.text!r}"


def _place_of(rule: WordingRule, sample: Sample) -> str:
    text = Path(rule.file).read_text(encoding="utf-8") if Path(rule.file).is_file() else ""
    written = sample.text.replace("\n", "\\n")
    return f"{rule.file}:{_line_of(text, sample.text, written, written[:20])}"


def _language_folders(folder: Path, languages: Iterable[str] | None) -> list[Path]:
    if languages is not None:
        return [folder / language for language in dict.fromkeys(languages) if (folder / language).is_dir()]
    return sorted(place for place in folder.iterdir() if place.is_dir()) if folder.is_dir() else []


def _read(path: Path, gathered: _Gathered) -> _File | None:
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        return _File(path=path, text=text, told=tomllib.loads(text))
    except OSError as error:
        gathered.faults.append(f"{path}:1: it cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        gathered.faults.append(f"{path}:{line}: it is not UTF-8 text")
    except tomllib.TOMLDecodeError as error:
        told = str(error)
        where = _AT_LINE.search(told)
        last = str(text.count("\n") + 1)
        gathered.faults.append(
            f"{path}:{where.group(1) if where else last}: it is not TOML: {_AT_LINE.sub('', told)}"
        )
    return None


def _gather_levels(path: Path, gathered: _Gathered) -> None:
    file = _read(path, gathered) if path.is_file() else None
    if file is None:
        return
    for key in sorted(file.told.keys() - {"levels", "overrides"}):
        gathered.faults.append(file.at_key(f"unknown table '{key}'; there are 'levels' and 'overrides'", key))
    for kind, level in file.told.get("levels", {}).items():
        if kind not in _KINDS or level not in _LEVEL_NAMES:
            message = f"'{kind} = {level}' is no kind and level; levels are block and warn"
            gathered.faults.append(file.at_key(message, kind))
        else:
            gathered.levels[kind] = level
    gathered.overrides.update(file.told.get("overrides", {}))


def _gather_language(folder: Path, seen: dict[str, Path], gathered: _Gathered) -> None:
    language = folder.name
    for path in sorted(folder.glob("*.toml")):
        file = _read(path, gathered)
        if file is None:
            continue
        gathered.cues.setdefault(language, {})
        if path.name == _CUES:
            _gather_cues(file, language, gathered)
        elif path.name == _GENERIC:
            gathered.faults += _unknown(file, {"lang", "generic"})
            gathered.generic.setdefault(language, []).append(str(file.told.get("generic", "")))
        else:
            _gather_rule(file, seen, gathered)


def _gather_cues(file: _File, language: str, gathered: _Gathered) -> None:
    gathered.faults += _unknown(file, {"lang", "cues", "lists"})
    gathered.cue_files.setdefault(language, []).append(file)
    for table, into in (("cues", gathered.cues), ("lists", gathered.lists)):
        for name, words in file.told.get(table, {}).items():
            if _texts(words):
                into.setdefault(language, {})[name] = words
            else:
                gathered.faults.append(file.at_key(f"'{name}' is a list of texts", name))


def _gather_rule(file: _File, seen: dict[str, Path], gathered: _Gathered) -> None:
    name = str(file.told.get("id", file.path.stem))
    if name in seen:
        gathered.faults.append(file.at_key(f"the id '{name}' is also in {seen[name]}", "id"))
    seen[name] = file.path
    gathered.rules[name] = file


def _unknown(file: _File, known: set[str]) -> list[str]:
    return [file.at_key(f"unknown key '{key}'", key) for key in sorted(file.told.keys() - known)]


def _language(file: _File) -> str:
    return file.path.parent.name


def _pack(language: str, gathered: _Gathered) -> WordingPack | None:
    files = [file for file in gathered.rules.values() if _language(file) == language]
    live = [file for file in files if file.told.get("status") != "retired"]
    rules = [rule for file in live if (rule := _rule(file, gathered))]
    cues = gathered.cues[language]
    for rule, name in missing_cues(rules, cues):
        message = f"the word list '{name}' does not exist in this language"
        gathered.faults.append(gathered.rules[rule.id].fault(message, f'"{name}"'))
    try:
        return compile_pack(
            language, rules, cues, gathered.generic.get(language, []), gathered.lists.get(language, {})
        )
    except BadPatterns as error:
        gathered.faults.extend(_pattern_fault(fault, language, gathered) for fault in error.faults)
        return None


def _pattern_fault(fault: PatternFault[Hashable], language: str, gathered: _Gathered) -> str:
    """The fault at the line of its pattern; of one that a long list was written into, at the rule or the word list."""
    key = fault.key if isinstance(fault.key, tuple) else ("", str(fault.key))
    files = gathered.cue_files.get(language, []) if key[0] == CUE else [gathered.rules[key[1]]]
    message = f"{fault.message}: {fault.source}"
    for file in files:
        if fault.source in file.text or len(files) == 1:
            return file.fault(message, fault.source, fault.source[:20], f"{key[1]} =", f"{key[0]} =")
    return f"{language}: {key[1]}: {message}"


def _rule(file: _File, gathered: _Gathered) -> WordingRule | None:
    faults = list(_rule_faults(file))
    if not faults:
        try:
            return _built(file, gathered.levels)
        except (ValueError, KeyError, TypeError) as error:
            words = re.findall(r"'([^']+)'", str(error))
            faults.append(file.fault(f"{error}", *(f'"{word}"' for word in words)))
    gathered.faults.extend(faults)
    return None


def _rule_faults(file: _File) -> Iterator[str]:
    told = file.told
    for key in _TEXTS:
        if key not in told and key != "lang":
            yield file.fault(f"'{key}' is missing")
        elif not isinstance(told.get(key, ""), str):
            yield file.at_key(f"'{key}' is a text", key)
        elif _CONTROL.search(told.get(key, "")):
            yield file.at_key(f"there is a control character in '{key}'", key)
    yield from _unknown(file, {*_TEXTS, *_LISTS, *_OTHERS})
    yield from (
        file.at_key(f"'{key}' is a list of texts", key) for key in _LISTS if not _texts(told.get(key, []))
    )
    if told.get("lang", _language(file)) != _language(file):
        yield file.at_key(f"'lang' is '{told['lang']}', but the file lies in '{_language(file)}'", "lang")
    if told.get("status", "live") not in _STATUSES:
        yield file.at_key(f"'status' is live or retired, not '{told['status']}'", "status")
    if not told.get("any") and not told.get("structure"):
        yield file.fault("it needs 'any' (phrases) or 'structure'")
    for key in ("hit", "miss"):
        yield from (file.at_key(f"[[{key}]] {fault}", key) for fault in _sample_shape(told.get(key, [])))


def _sample_shape(tables: object) -> Iterator[str]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        yield "is a table with 'text'"
        return
    for table in tables:
        if not isinstance(table.get("text"), str):
            yield "has no 'text'"
        yield from (f"has an unknown key '{key}'" for key in sorted(table.keys() - {"text", "because"}))


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _built(file: _File, levels: Mapping[str, str]) -> WordingRule:
    told = file.told
    kind = Kind(told["kind"])
    return WordingRule(
        id=told["id"],
        title=told["title"],
        lang=_language(file),
        message=told["message"],
        suggestion=told["suggestion"],
        any=tuple(told.get("any", ())),
        needs=tuple(told.get("needs", ())),
        unless=tuple(told.get("unless", ())),
        unless_at=tuple(told.get("unless_at", ())),
        unless_cues=tuple(told.get("unless_cues", ())),
        unless_near=tuple(told.get("unless_near", ())),
        unless_apart=tuple(told.get("unless_apart", ())),
        kind=kind,
        level=Level(told.get("level", levels.get(kind, Level.WARN))),
        structure=Structure(told["structure"]) if "structure" in told else None,
        reply_to=frozenset(ReplyTo(name) for name in told.get("reply_to", ReplyTo)),
        mark=Mark(told.get("mark", Mark.CLAUSE)),
        rank=int(told.get("rank", 0)),
        hits=_samples(told.get("hit", [])),
        misses=_samples(told.get("miss", [])),
        file=str(file.path),
    )


def _samples(tables: Sequence[Mapping[str, str]]) -> tuple[Sample, ...]:
    return tuple(Sample(text=table["text"], because=table.get("because", "")) for table in tables)
