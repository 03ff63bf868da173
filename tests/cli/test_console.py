import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import pytest

from worker.cli import console
from worker.cli.jsonlines import json_line


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kettle:
    colour: Colour
    bought: date
    parts: tuple[str, ...]


def test_a_value_is_one_line_with_its_characters_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_json_line({"words": "Grüße\n¿qué?", "at": datetime(2026, 11, 24, 9, tzinfo=UTC)})
    told = capsys.readouterr().out
    assert told.count("\n") == 1
    assert "Grüße" in told
    assert json.loads(told)["at"] == "2026-11-24T09:00:00+00:00"


def test_dataclasses_statuses_and_sets_become_plain_json() -> None:
    kettle = Kettle(colour=Colour.RED, bought=date(2026, 11, 2), parts=("lid",))
    told = json.loads(json_line({"kettle": kettle, "topics": frozenset({"b", "a"}), "path": Path("a/b")}))
    assert told == {
        "kettle": {"colour": "red", "bought": "2026-11-02", "parts": ["lid"]},
        "topics": ["a", "b"],
        "path": "a/b",
    }


@pytest.mark.parametrize("value", [datetime(2026, 11, 24), object(), b"x"])
def test_what_has_no_clear_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        json_line(value)


def test_half_a_character_does_not_break_the_line() -> None:
    json_line({"path": Path("\udcff.eml")}).encode()


@pytest.mark.parametrize("hostile", ["\x1b[2Jgone", "a\rb", "a\u202eb", "a\x9bb", "a\x07b", "\u2066a"])
def test_a_mail_cannot_drive_the_terminal(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    console.sentence(hostile)
    console.show_table(["what"], [[hostile]])
    assert "\N{REPLACEMENT CHARACTER}" in capsys.readouterr().out


def test_brackets_in_a_mail_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    console.sentence("[bold]order[/bold] :smile:")
    assert capsys.readouterr().out == "[bold]order[/bold] :smile:\n"


def test_into_a_pipe_nothing_is_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    console.sentence("word " * 100)
    console.show_table(["what"], [["word " * 100]])
    assert len(capsys.readouterr().out.rstrip().splitlines()) == 3


def test_progress_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(console.track([1, 2], total=2)) == [1, 2]
    assert capsys.readouterr() == ("", "")
