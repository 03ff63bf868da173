import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from worker.cli import main
from worker.settings import load_settings

GIVEN = ["--yes", "--address", "help@example.org", "--zone", "Europe/London"]


def init(file: Path, *more: str) -> int:
    return main.run(["init", "--settings", str(file), *more])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "amends.toml"


def test_the_written_file_loads(file: Path) -> None:
    assert init(file, *GIVEN) == 0
    settings = load_settings(file)
    assert settings.mailboxes[0].host == "imap.example.org"
    assert settings.mailboxes[0].since is not None
    assert settings.sending.kind == "maildir"


def test_every_option_reaches_the_file(file: Path) -> None:
    more = [
        "--firm",
        'Kettle "& Co"',
        "--country",
        "gb",
        "--host",
        "127.0.0.1",
        "--username",
        "u",
        "--person",
        "Bea",
    ]
    more += ["--password-env", "PW", "--since", "2026-10-01", "--email", "bea@example.org"]
    more += ["--smtp-host", "smtp.example.org", "--alerts-env", "ALERTS"]
    assert init(file, *GIVEN, *more) == 0
    settings = load_settings(file)
    assert settings.firm.name == 'Kettle "& Co"'
    assert settings.firm.country == "GB"
    assert settings.sending.host == "smtp.example.org"
    assert settings.lead.email == "bea@example.org"
    assert settings.alerts.channels_env == "ALERTS"
    assert str(settings.mailboxes[0].since) == "2026-10-01 00:00:00+01:00"


def test_it_says_what_next(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(file, *GIVEN)
    told = capsys.readouterr().out
    assert "amends doctor" in told
    assert "export AMENDS_MAIL_PASSWORD" in told


def test_a_file_that_is_there_is_left_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("mine")
    assert init(file, *GIVEN) == 2
    assert file.read_text() == "mine"
    assert "--force" in capsys.readouterr().err


def test_with_force_it_is_written_anew(file: Path) -> None:
    file.write_text("mine")
    assert init(file, *GIVEN, "--force") == 0
    load_settings(file)


def test_wrong_answers_are_all_named_and_nothing_is_written(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(file, *GIVEN, "--country", "UK", "--since", "soon") == 2
    told = capsys.readouterr().err
    assert "firm.country" in told
    assert "since" in told
    assert not file.exists()


def test_without_a_terminal_it_asks_for_yes_and_the_address(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(file, "--yes") == 2
    assert "--address" in capsys.readouterr().err
    assert init(file) == 2
    assert "--yes" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(tmp_path / "none" / "amends.toml", *GIVEN) == 2
    assert "Cannot write" in capsys.readouterr().err


def test_at_a_terminal_it_asks_again_for_what_cannot_be_right(file: Path) -> None:
    """Driven through a real terminal: the address is wrong at first, so is the country."""
    ours, theirs = pty.openpty()
    answers = ["nonsense", "help@example.org", "", "Europe/London", "UK", "GB", *[""] * 9]
    os.write(ours, ("\n".join(answers) + "\n").encode())
    command = [sys.executable, "-m", "worker", "init", "--settings", str(file)]
    done = subprocess.run(
        command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, timeout=60, check=False
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 0
    assert b"'nonsense' is no mail address" in done.stdout
    assert load_settings(file).firm.country == "GB"
