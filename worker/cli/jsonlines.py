"""JSON Lines on stdout, for scripts: one object a line, characters as they are, times with their offset."""

import dataclasses
import json
import sys
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path


def print_json_line(value: object) -> None:
    """Print one value as one line. Raises TypeError for a naive datetime or a kind nobody has thought of."""
    sys.stdout.write(json_line(value) + "\n")


def json_line(value: object) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)


def _plain(value: object) -> object:  # noqa: PLR0911 - one line for each kind of value
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | bool | int | float):
        return _whole(value) if isinstance(value, str) else value
    if isinstance(value, datetime) and value.tzinfo is None:
        raise TypeError("a time without its offset must not reach a script")
    if isinstance(value, date | time):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=repr)
    if isinstance(value, Path):
        return _whole(str(value))
    raise TypeError(f"no JSON for a {type(value).__name__}")


def _whole(text: str) -> str:
    """Half a surrogate pair, as undecodable file names have, would break the UTF-8 of the whole line."""
    return text.encode("utf-8", "replace").decode("utf-8")
