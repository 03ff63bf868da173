"""Read the wording rules from their files: a folder per language, the levels, the reasons for an override.

A team's own folder is laid out the same way and read after the shipped one: a rule with the same id replaces it, a
rule with a new id is added, a kind in its levels.toml gets that level, `status = "retired"` takes a rule out.
"""

import tomllib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worker.domain.wording.finding import Kind, Level, ReplyTo
from worker.domain.wording.rules import (
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


_KINDS = {kind.value for kind in Kind}
_LEVEL_NAMES = {level.value for level in Level}


@dataclass(slots=True)
class _Gathered:
    """What the folders say so far, later ones over earlier ones."""

    levels: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, str] = field(default_factory=dict)
    rules: dict[str, tuple[Path, dict[str, Any]]] = field(default_factory=dict)
    cues: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    lists: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    generic: dict[str, list[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def load_wording(folders: Sequence[Path], languages: Iterable[str] | None = None) -> WordingRules:
    """The rules of these folders; of these languages only, when named (a language without a folder is left out).

    Raises:
        BadInput: every fault of every file, a line each, with the file.

    """
    gathered = _Gathered()
    for folder in folders:
        _gather_levels(folder / _LEVELS, gathered)
        for place in _language_folders(folder, languages):
            _gather_language(place, gathered)
    packs = {language: pack for language in gathered.cues if (pack := _pack(language, gathered))}
    if gathered.faults:
        raise BadInput("\n".join(gathered.faults))
    return WordingRules(packs=packs, override_reasons=gathered.overrides)


def _language_folders(folder: Path, languages: Iterable[str] | None) -> list[Path]:
    if languages is not None:
        return [folder / language for language in languages if (folder / language).is_dir()]
    return sorted(place for place in folder.iterdir() if place.is_dir()) if folder.is_dir() else []


def _read(path: Path, gathered: _Gathered) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        gathered.faults.append(f"{path}: cannot be read: {error}")
        return {}


def _gather_levels(path: Path, gathered: _Gathered) -> None:
    if not path.is_file():
        return
    told = _read(path, gathered)
    for key in told.keys() - {"levels", "overrides"}:
        gathered.faults.append(f"{path}: unknown table '{key}'; there are 'levels' and 'overrides'")
    for kind, level in told.get("levels", {}).items():
        if kind not in _KINDS or level not in _LEVEL_NAMES:
            gathered.faults.append(
                f"{path}: '{kind} = {level}' is no kind and level; levels are block and warn"
            )
        else:
            gathered.levels[kind] = level
    gathered.overrides.update(told.get("overrides", {}))


def _gather_language(folder: Path, gathered: _Gathered) -> None:
    seen: dict[str, Path] = {}
    for path in sorted(folder.glob("*.toml")):
        told = _read(path, gathered)
        if path.name == _CUES:
            gathered.cues.setdefault(folder.name, {}).update(told.get("cues", {}))
            gathered.lists.setdefault(folder.name, {}).update(told.get("lists", {}))
        elif path.name == _GENERIC:
            gathered.generic.setdefault(folder.name, []).append(str(told.get("generic", "")))
        elif told:
            gathered.cues.setdefault(folder.name, {})
            name = str(told.get("id", path.stem))
            if name in seen:
                gathered.faults.append(f"{path}: the id '{name}' is also in {seen[name]}")
            seen[name] = path
            gathered.rules[name] = (path, {"lang": folder.name, **told})


def _pack(language: str, gathered: _Gathered) -> WordingPack | None:
    rules = [
        rule
        for path, told in gathered.rules.values()
        if told["lang"] == language
        and told.get("status") != "retired"
        and (rule := _rule(path, told, gathered))
    ]
    cues = gathered.cues[language]
    gathered.faults.extend(missing_cues(rules, cues))
    try:
        return compile_pack(
            language, rules, cues, gathered.generic.get(language, []), gathered.lists.get(language, {})
        )
    except BadPatterns as error:
        gathered.faults.extend(
            f"{language}: {_named(fault.key)}: {fault.message}: {fault.source}" for fault in error.faults
        )
        return None


def _named(key: Hashable) -> str:
    """A pattern's key as its author knows it: the rule and the list, or the cue."""
    return " ".join(map(str, reversed(key))) if isinstance(key, tuple) else str(key)


def _rule(path: Path, told: Mapping[str, Any], gathered: _Gathered) -> WordingRule | None:
    faults = [f"{path}: '{key}' is missing" for key in _TEXTS if not isinstance(told.get(key), str)]
    faults += [f"{path}: unknown key '{key}'" for key in told.keys() - {*_TEXTS, *_LISTS, *_OTHERS}]
    faults += [f"{path}: '{key}' is a list of texts" for key in _LISTS if not _texts(told.get(key, []))]
    if not told.get("any") and not told.get("structure"):
        faults.append(f"{path}: it needs 'any' (phrases) or 'structure'")
    if not faults:
        try:
            return _built(told, gathered.levels)
        except (ValueError, KeyError, TypeError) as error:
            faults.append(f"{path}: {error}")
    gathered.faults.extend(faults)
    return None


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _built(told: Mapping[str, Any], levels: Mapping[str, str]) -> WordingRule:
    kind = Kind(told["kind"])
    return WordingRule(
        id=told["id"],
        title=told["title"],
        lang=told["lang"],
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
    )


def _samples(tables: Sequence[Mapping[str, str]]) -> tuple[Sample, ...]:
    return tuple(Sample(text=table["text"], because=table.get("because", "")) for table in tables)
