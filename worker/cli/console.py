"""How commands speak to a person: sentences, tables and progress on the terminal, in the reader's own time.

Whatever came by mail is cleaned of control characters first, so that it cannot drive the terminal, and is never
read as markup. Colour and width follow the terminal and NO_COLOR; into a pipe nothing is wrapped or coloured.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from worker.cli.jsonlines import json_line, print_json_line
from worker.domain.clockwords import ago_words, clock_words, look_again_words
from worker.log import start_logging
from worker.settings import Settings, load_settings

__all__ = [
    "ago",
    "clock",
    "heading",
    "json_line",
    "json_option",
    "look_again",
    "note",
    "now",
    "open_settings",
    "out",
    "print_json_line",
    "safe",
    "sentence",
    "settings_option",
    "show_table",
    "side",
    "track",
]

Item = TypeVar("Item")
Command = TypeVar("Command", bound=Callable[..., object])

out: Final = Console(highlight=False, markup=False, emoji=False)
"""What was asked for: stdout."""
side: Final = Console(stderr=True, highlight=False, markup=False, emoji=False)
"""Everything else: progress, remarks, faults: stderr."""

_PIPE_WIDTH: Final = 10_000
_UNSAFE: Final = {
    code: "\N{REPLACEMENT CHARACTER}"
    for code in (
        *range(0x20),  # C0, escape among them
        *range(0x7F, 0xA0),  # DEL and C1
        *range(0x200E, 0x2010),  # marks and overrides that turn the reading direction
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
    if chr(code) not in "\n\t"
}

settings_option = click.option(
    "--settings",
    "-c",
    "settings_path",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Settings file; without it $AMENDS_SETTINGS, else ./amends.toml.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON Lines, for scripts.")


def open_settings(path: Path | None) -> Settings:
    """The settings for a command; warnings of the worker go to stderr from here on. Raises BadSettings."""
    start_logging(level="warning")
    return load_settings(path)


def now() -> datetime:
    """The one clock of the command line."""
    return datetime.now(UTC)


def safe(text: str) -> str:
    """The text without what could drive a terminal; line ends and tabs stay."""
    return text.replace("\r\n", "\n").translate(_UNSAFE)


def sentence(text: str = "", *, style: str = "") -> None:
    """Print a paragraph, wrapped to the terminal."""
    _print(out, text, style)


def heading(text: str) -> None:
    """Print a heading with a blank line before it."""
    _print(out, "", "")
    _print(out, text, "bold")


def note(text: str, *, style: str = "") -> None:
    """Tell something beside the answer: on stderr."""
    _print(side, text, style)


def _print(console: Console, text: str, style: str) -> None:
    console.print(Text(safe(text), style=style), soft_wrap=not console.is_terminal)


def show_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numbers: Sequence[str] = (),
    title: str | None = None,
) -> None:
    """Print a table; columns named in `numbers` stand to the right. A missing value is an empty cell."""
    table = Table(
        title=title and Text(title), title_justify="left", box=None, pad_edge=False, header_style="bold"
    )
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    if out.is_terminal:
        out.print(table)
    else:
        _pipe().print(table)


def _pipe() -> Console:
    """Stdout as wide as anything may be: what reads a pipe cuts for itself."""
    return Console(width=_PIPE_WIDTH, highlight=False, markup=False, emoji=False)


def _cell(value: object) -> Text:
    return value if isinstance(value, Text) else Text(safe("" if value is None else str(value)))


def track(
    items: Iterable[Item], *, total: int | None = None, label: str = "Reading", quiet: bool = False
) -> Iterator[Item]:
    """Pass the items on while a bar on stderr shows how far they are; silent without a terminal."""
    if quiet or not side.is_terminal:
        yield from items
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=side, transient=True) as progress:
        yield from progress.track(items, total=total, description=label)


def clock(due_at: datetime | None, at: datetime, zone: tzinfo) -> str:
    """When it is due, in the desk's words; nothing for what has no due time."""
    return "" if due_at is None else clock_words(due_at, at, zone)


def look_again(due_at: datetime, at: datetime, zone: tzinfo) -> str:
    return look_again_words(due_at, at, zone)


def ago(happened_at: datetime | None, at: datetime, zone: tzinfo) -> str:
    return "" if happened_at is None else ago_words(happened_at, at, zone)


def interactive() -> bool:
    """True when a person can be asked: stdin and stderr are terminals."""
    return sys.stdin.isatty() and sys.stderr.isatty()
