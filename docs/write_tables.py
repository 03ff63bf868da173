"""Writes the tables of docs/configuration.md from the settings model, between the markers of each table.

`make docs` runs it; a test compares what it would write with what stands there.
"""

import sys
from datetime import time
from enum import Enum
from pathlib import Path
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from worker.settings import ROWS, TABLES, Part

CONFIGURATION = Path(__file__).with_name("configuration.md")


def written(page: str) -> str:
    """The page with every table written anew. Raises ValueError when a table has no markers."""
    for name, part in TABLES.items():
        start, end = f"<!-- table {name} -->\n", "<!-- end -->"
        before, found, rest = page.partition(start)
        if not found:
            raise ValueError(f"docs/configuration.md has no line {start!r}")
        page = before + start + table(name, part) + end + rest.partition(end)[2]
    return page


def table(name: str, part: type[Part]) -> str:
    head = f"`[[{name}]]`" if name in ROWS else f"`[{name}]`"
    rows = [f"| {head} | default | what it says |", "|---|---|---|"]
    rows += [f"| `{key}` | {default(field)} | {what(field)} |" for key, field in required_first(part)]
    return "\n".join(rows) + "\n"


def required_first(part: type[Part]) -> list[tuple[str, FieldInfo]]:
    return sorted(part.model_fields.items(), key=lambda item: not item[1].is_required())


def what(field: FieldInfo) -> str:
    said = field.description or ""
    missing = [choice for choice in choices(field.annotation) if choice not in said]
    return (
        f"{said} One of {', '.join(f'`{choice}`' for choice in choices(field.annotation))}."
        if missing
        else said
    )


def choices(kind: object) -> list[str]:
    if get_origin(kind) is Literal:
        return list(get_args(kind))
    return [str(member.value) for member in kind] if isinstance(kind, type) and issubclass(kind, Enum) else []


def default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default()
    if value is None or value == ():
        return "none"
    if isinstance(value, time):
        value = f"{value:%H:%M}"
    if isinstance(value, bool | int | float):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(repr_toml(item) for item in value)}]`"
    return f"`{repr_toml(value)}`"


def repr_toml(value: object) -> str:
    return f'"{value}"'


if __name__ == "__main__":
    CONFIGURATION.write_text(written(CONFIGURATION.read_text("utf-8")), "utf-8")
    sys.stderr.write(f"{CONFIGURATION.name} is up to date.\n")
