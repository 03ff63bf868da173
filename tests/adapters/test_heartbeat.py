"""The heartbeat: a file or a URL, and never an error into the loop."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.servers.http_sink import HttpSink
from tests.servers.scripted import Scripted, Talk
from worker.adapters import heartbeat
from worker.adapters.heartbeat import beat

pytestmark = pytest.mark.timeout(10)

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


def test_the_file_holds_the_time_and_nothing_half_written(tmp_path: Path) -> None:
    assert beat(tmp_path / "alive", NOW) is None
    assert beat(str(tmp_path / "alive"), NOW) is None
    assert (tmp_path / "alive").read_text() == "2026-11-21T20:00:00+00:00\n"
    assert [file.name for file in tmp_path.iterdir()] == ["alive"]


def test_a_file_that_cannot_be_written_gives_the_reason(tmp_path: Path) -> None:
    said = beat(tmp_path / "gone" / "alive", NOW)
    assert said is not None
    assert "cannot be written" in said


@pytest.mark.servers
def test_a_url_is_called(http_sink: HttpSink) -> None:
    assert beat(http_sink.url + "/ping/secret-key?x=1", NOW) is None
    assert [(asked.method, asked.path) for asked in http_sink.asked] == [("GET", "/ping/secret-key?x=1")]


@pytest.mark.servers
def test_a_failing_url_gives_the_reason_without_its_secret_path(http_sink: HttpSink) -> None:
    http_sink.fail(1, status=404)
    refused = beat(http_sink.url + "/ping/secret-key", NOW)
    http_sink.stop()
    gone = beat(http_sink.url + "/ping/secret-key", NOW)
    for said, part in (
        (refused, "404"),
        (gone, "nothing listens there"),
        (beat("https://", NOW), "not reached"),
    ):
        assert said is not None
        assert part in said
        assert "secret-key" not in said


@pytest.mark.servers
def test_a_dripping_url_does_not_hold_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(talk: Talk) -> None:
        talk.drip(b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 50, 0.05)

    with Scripted(drip) as server:
        said = heartbeat._call(f"http://127.0.0.1:{server.port}/", 0.5)
    assert said is not None
    assert "took too long" in said
