"""A workspace for every test of commands: settings and database in a folder, mail taken in some hours ago."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.people import SETTINGS_FILE, Office, SetClock
from worker.app import opened
from worker.cli import main
from worker.settings import load_settings


@dataclass(frozen=True)
class Workspace:
    """Runs `amends` in a folder of its own; `office` brings mail in without it."""

    file: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: object) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of one command."""
        self.capture.readouterr()
        code = main.run([*(str(argument) for argument in arguments), "--settings", str(self.file)])
        told = self.capture.readouterr()
        return code, told.out, told.err

    def said(self, *arguments: object) -> str:
        """What a command prints that must go well."""
        code, out, err = self.run(*arguments)
        assert code == 0, err
        return out

    def lines(self, *arguments: object) -> list[dict[str, Any]]:
        """The JSON Lines of a command that must go well."""
        return [json.loads(line) for line in self.said(*arguments, "--json").splitlines()]

    def line(self, *arguments: object) -> dict[str, Any]:
        (line,) = self.lines(*arguments)
        return line

    @contextmanager
    def office(self, *, hours_ago: float = 2) -> Iterator[Office]:
        clock = SetClock(datetime.now(UTC) - timedelta(hours=hours_ago))
        with opened(load_settings(self.file), clock=clock) as app:
            yield Office(app=app, clock=clock)


@pytest.fixture
def workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    file = tmp_path / "amends.toml"
    file.write_text(SETTINGS_FILE)
    return Workspace(file=file, capture=capsys)
