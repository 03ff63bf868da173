import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from worker.log import get_logger, mask, start_logging


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    start_logging(level="info", as_json=True)
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_an_event_is_one_json_line_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger("worker.loop").info(
        "mail_taken_in", mailbox="support", uid=7, due_at=datetime(2026, 11, 24, tzinfo=UTC)
    )
    [line] = lines(capsys)
    assert line["event"] == "mail_taken_in"
    assert (line["mailbox"], line["uid"], line["logger"]) == ("support", 7, "worker.loop")
    assert line["due_at"] == "2026-11-24T00:00:00+00:00"


def test_words_under_a_key_that_is_not_listed_are_withheld(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger("worker").info(
        "mail_taken_in", subject="my kettle", body=["my kettle"], raw=b"my kettle", size=12
    )
    [line] = lines(capsys)
    assert "kettle" not in json.dumps(line)
    assert line["size"] == 12


def test_addresses_and_sentences_do_not_pass_under_listed_keys(capsys: pytest.CaptureFixture[str]) -> None:
    get_logger("worker").info("Ada wrote about a kettle", host="ada@example.test\nx" + "y" * 1000)
    [line] = lines(capsys)
    assert "Ada" not in json.dumps(line)
    assert line["host"].startswith("[address] xy")
    assert len(line["host"]) < 350


def test_an_exception_shows_its_places_but_no_message_and_no_values(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(password: str) -> None:
        raise ValueError(f"cannot use {password}")

    try:
        fail("hunter2")
    except ValueError:
        get_logger("worker").exception("step_failed")
    [line] = lines(capsys)
    assert line["error"] == "ValueError"
    assert "fail:" in line["exception"]
    assert "hunter2" not in json.dumps(line)


def test_a_cause_is_shown_too(capsys: pytest.CaptureFixture[str]) -> None:
    def read() -> None:
        raise KeyError("hunter2")

    def wrap() -> None:
        try:
            read()
        except KeyError as error:
            raise RuntimeError("hunter2") from error

    try:
        wrap()
    except RuntimeError:
        get_logger("worker").exception("step_failed")
    [line] = lines(capsys)
    assert "KeyError at" in line["exception"]


def test_a_library_is_quoted_without_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("somelibrary").warning("cannot read %s of ada@example.test", "my kettle")
    [line] = lines(capsys)
    assert line["event"] == "library_reported"
    assert line["said"] == "cannot read %s of [address]"


@pytest.mark.parametrize("name", ["mailparser", "apprise"])
def test_libraries_that_log_mail_or_secrets_are_silent(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger(name).error("token hunter2")
    assert lines(capsys) == []


def test_below_the_level_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(level="warning", as_json=True)
    get_logger("worker").info("mail_taken_in")
    assert lines(capsys) == []


def test_before_it_is_started_nothing_is_written() -> None:
    code = (
        "from worker.log import get_logger; get_logger('worker.x').error('step_failed', subject='my kettle')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_started_twice_it_still_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(level="info", as_json=True)
    get_logger("worker").info("mail_taken_in")
    assert len(lines(capsys)) == 1


def test_readable_lines_keep_the_same_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    start_logging(level="info", as_json=False)
    get_logger("worker").info("mail_taken_in", mailbox="support", subject="my kettle")
    told = capsys.readouterr().err
    assert "mail_taken_in" in told
    assert "kettle" not in told


@pytest.mark.parametrize("text", ["x" * 100_000, "@" * 100_000, "a@" * 50_000])
def test_masking_is_quick_on_hostile_text(text: str) -> None:
    assert mask(text) is not None
