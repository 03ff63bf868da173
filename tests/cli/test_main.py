import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from worker.cli import commands, main
from worker.cli.commands import Entry
from worker.errors import BadInput, BadSettings, Refused, Transient

RAISES = {
    "transient": Transient("The server at 127.0.0.1 is busy. Try again later."),
    "refused": Refused("A blank is open."),
    "input": BadInput("There is no such file."),
    "settings": BadSettings(("firm.zone: it is missing.", "sending: it is missing.")),
    "unexpected": RuntimeError("hunter2"),
    "interrupted": KeyboardInterrupt(),
}


@click.command()
@click.argument("kind")
def raising(kind: str) -> None:
    """Raise what is asked for."""
    if kind in RAISES:
        raise RAISES[kind]
    click.get_current_context().exit(int(kind))


@pytest.fixture(autouse=True)
def _command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(commands.COMMANDS["Look first"], "raising", Entry(f"{__name__}:raising", "Raise."))
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.delenv("AMENDS_DEBUG", raising=False)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("transient", 75),
        ("refused", 1),
        ("input", 2),
        ("settings", 78),
        ("unexpected", 1),
        ("interrupted", 130),
    ],
)
def test_every_error_has_its_exit_code_and_no_traceback(
    kind: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(["raising", kind]) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err


@pytest.mark.parametrize("code", [0, 1, 2])
def test_a_command_chooses_its_exit_code(code: int) -> None:
    assert main.run(["raising", str(code)]) == code


def test_every_fault_of_the_settings_is_on_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    main.run(["raising", "settings"])
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_details_of_the_unexpected_are_kept_without_its_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    main.run(["raising", "unexpected"])
    kept = tmp_path / "amends" / "unexpected.log"
    assert str(kept) in capsys.readouterr().err
    assert "RuntimeError" in kept.read_text()
    assert "hunter2" not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0


def test_where_details_cannot_be_kept_the_sentence_still_stands(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(file))
    assert main.run(["raising", "unexpected"]) == 1
    assert "AMENDS_DEBUG=1" in capsys.readouterr().err


def test_the_traceback_is_shown_to_those_who_ask(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMENDS_DEBUG", "1")
    main.run(["raising", "unexpected"])
    assert "hunter2" in capsys.readouterr().err


def test_an_unknown_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["lettres"]) == 2
    assert "'letters'" in capsys.readouterr().err


def test_an_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--frobnicate"]) == 2
    assert "--frobnicate" in capsys.readouterr().err


def test_the_help_names_every_command_under_its_heading(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--help"]) == 0
    told = capsys.readouterr().out
    for heading, entries in commands.COMMANDS.items():
        assert f"{heading}:" in told
        assert all(name in told for name in entries)


@pytest.mark.parametrize("name", commands.names())
def test_every_command_in_the_table_loads_and_explains_itself(name: str) -> None:
    command = main.amends.get_command(click.Context(main.amends), name)
    assert isinstance(command, click.Command)
    assert command.help


def test_starting_loads_no_settings_no_database_and_no_console() -> None:
    code = "import sys, worker.cli.main; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"pydantic", "sqlalchemy", "rich", "structlog", "worker.settings", "py3langid", "numpy"}
    assert heavy.isdisjoint(loaded)


PRINTING = """
import sys, click
from worker.cli import commands, main
from worker.cli.jsonlines import print_json_line
@click.command()
def printing():
    for number in range(int(sys.argv[1])):
        print_json_line(number)
sys.modules["printing"] = sys.modules["__main__"]
commands.COMMANDS["Look first"]["printing"] = commands.Entry("printing:printing", "Print.")
sys.exit(main.run(["printing"]))
"""


@pytest.mark.parametrize("lines", [1, 100_000])
def test_a_reader_that_goes_away_is_no_fault(lines: int) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", PRINTING, str(lines)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("lines", [1, 100_000])
def test_a_full_disk_behind_the_answer_is_one_sentence(lines: int) -> None:
    command = [sys.executable, "-c", PRINTING, str(lines)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, text=True)
    assert done.stderr == (
        "The answer could not be written: No space left on device. Make room there and run it again.\n"
    )
    assert done.returncode == 75
