"""The alert commands: what stands, and who answers for it until when."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.doings import case_of, complain, promise
from tests.people import SETTINGS_FILE, Office, SetClock, mail
from worker.app import App, opened
from worker.cli.main import run
from worker.domain.alert import AlertState
from worker.services import watching
from worker.settings import load_settings

NOW = datetime.now(UTC)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """Two promises to Ada are overdue."""
    (tmp_path / "amends.toml").write_text(SETTINGS_FILE)
    monkeypatch.chdir(tmp_path)
    with opened(load_settings(tmp_path / "amends.toml")) as app:
        office = Office(app=app, clock=SetClock(at=NOW - timedelta(days=1)))
        case = case_of(office, complain(office, mail(at=office.now)))
        promise(office, case, due_at=NOW - timedelta(hours=3))
        promise(office, case, due_at=NOW - timedelta(hours=1), words="I will send a voucher")
        watching.sweep(app.database, app.house, now=NOW)
        yield app


def standing(app: App) -> list[AlertState]:
    with app.database.reading() as rooms:
        return [alert.state for alert in rooms.alerts.where() if alert.promise_id]


@pytest.mark.usefixtures("app")
def test_the_longest_overdue_stands_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alerts", "list", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["promise"] for one in found if one["promise"]] == [1, 2]
    assert found[0]["customer"] == "Ada Lovell"


def test_an_acknowledgement_names_a_person_and_a_next_look(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["alerts", "ack", "1", "2", "--as", "Bea Holt", "--look", "in 2 days"]) == 0
    assert "Bea Holt answers for alert 1 until" in capsys.readouterr().out
    assert standing(app) == [AlertState.ACKNOWLEDGED] * 2
    run(["alerts", "list"])
    assert "Bea Holt, looks again" in capsys.readouterr().out


def test_one_alert_that_does_not_stand_leaves_the_others_alone(app: App) -> None:
    assert run(["alerts", "ack", "1", "99", "--as", "Bea Holt"]) == 1
    assert standing(app) == [AlertState.OPEN] * 2


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("look", ["2020-01-01", "one day"])
def test_a_look_must_be_a_time_to_come(look: str) -> None:
    assert run(["alerts", "ack", "1", "--as", "Bea Holt", "--look", look]) == 2
