"""Faults of single values in words: the key as a person would say it, what is wrong, what to do."""

import difflib
from collections.abc import Mapping
from typing import Any

from worker.settings.tables import ROWS, TABLES, Part, Settings


def told(fault: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    """One fault of a single value as `key: what is wrong. What to do.`"""
    location = tuple(fault["loc"])
    key = _dotted(location, table)
    if fault["type"] == "extra_forbidden":
        return f"{key}: {_unknown_key(location)}"
    if fault["type"] == "missing":
        return f"{key}: it is missing. {_wanted(location)}"
    if fault["type"] == "value_error":
        return f"{key}: {fault['ctx']['error']}"
    return f"{key}: {_plain(fault['msg'])}. {_wanted(location)}"


def _plain(message: str) -> str:
    plain = message.replace("Input should", "it should").replace("String should", "it should")
    return plain.replace("a valid tuple", 'a list, such as ["one", "two"]').rstrip(".")


def _dotted(location: tuple[int | str, ...], table: Mapping[str, Any]) -> str:
    """The key as a person would say it: rows by their name, not their number."""
    words: list[str] = []
    value: Any = table
    for part in location:
        value = _inside(value, part)
        if isinstance(part, int):
            row = label(value, part) if isinstance(value, dict) else str(part + 1)
            words[-1:] = [f"{words[-1]}[{row}]"]
        else:
            words.append(part)
    return ".".join(words)


def _inside(value: Any, part: int | str) -> Any:  # noqa: ANN401 - a parsed TOML value of any kind
    try:
        return value[part]
    except (KeyError, IndexError, TypeError):
        return None


def _part_at(location: tuple[int | str, ...]) -> type[Part] | None:
    """The table that a key at `location` stands in; None inside a plain value."""
    part: type[Part] | None = Settings
    for word in location[:-1]:
        if isinstance(word, int):
            continue
        part = TABLES.get(word) if part is Settings else None
    return part


def _unknown_key(location: tuple[int | str, ...]) -> str:
    word = str(location[-1])
    if word in {"password", "token"}:
        return "secrets do not stand in this file. Use password_env, password_file or token_command."
    homes = [f"[{name}]" for name, table in TABLES.items() if word in table.model_fields]
    if homes:
        return f"no such setting here. It belongs in {' or '.join(homes)}."
    part = _part_at(location)
    close = did_you_mean(word, list(part.model_fields) if part else [])
    return f"no such setting.{close or ' Remove it; docs/configuration.md lists them all.'}"


def did_you_mean(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _wanted(location: tuple[int | str, ...]) -> str:
    """What the setting at `location` is for: the remedy for a value that is missing or of the wrong kind."""
    words = [word for word in location if isinstance(word, str)]
    if len(words) == 1 and words[0] in TABLES:
        title = f"[[{words[0]}]]" if words[0] in ROWS else f"[{words[0]}]"
        return f"Add {title}: {(TABLES[words[0]].__doc__ or '').splitlines()[0]}"
    part = TABLES.get(words[0]) if words else None
    field = part.model_fields.get(words[1]) if part and len(words) > 1 else None
    return f"Wanted: {field.description}" if field and field.description else "See docs/configuration.md."


def label(row: Mapping[str, Any], number: int) -> str:
    name = row.get("name")
    return name if isinstance(name, str) and name else str(number + 1)
