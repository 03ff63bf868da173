"""Where a secret comes from, and what is said when it does not come."""

import os
import threading
import time
from pathlib import Path

import pytest

from worker.adapters.retrying import reconnect_delays, retry_transient
from worker.adapters.signin import TokenCommand, forget, secret_from
from worker.errors import BadSettings, Refused, Transient


def test_a_password_is_read_anew_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_PASSWORD", "one")
    by_variable = secret_from(password_env="DESK_PASSWORD")
    assert by_variable() == "one"
    monkeypatch.setenv("DESK_PASSWORD", "two")
    assert by_variable() == "two"
    file = tmp_path / "secret"
    file.write_text("three\n")
    assert secret_from(password_file=file)() == "three"


def test_a_missing_password_is_a_wrong_setting(tmp_path: Path) -> None:
    for secret in (
        secret_from(password_env="NOT_SET_ANYWHERE"),
        secret_from(password_file=tmp_path / "gone"),
        secret_from(password_file=tmp_path),
    ):
        with pytest.raises(BadSettings):
            secret()
    with pytest.raises(BadSettings):
        secret_from()
    with pytest.raises(BadSettings):
        secret_from(password_env="A", token_command="b")


def test_a_token_is_kept_until_it_is_refused(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    script = tmp_path / "token"
    script.write_text(f'#!/bin/sh\necho x >> "{counter}"\nwc -l < "{counter}"\n')
    script.chmod(0o700)
    secret = secret_from(token_command=f"{script} --for 'the desk'")
    assert (secret(), secret()) == ("1", "1")
    assert forget(secret) is True
    assert secret() == "2"
    assert forget(secret) is False  # it was new: another one would be no better


@pytest.mark.parametrize(
    "script", ["exit 3", "echo s3cret s3cret; exit 0", "echo", "echo s3cret >&2; exit 1", "sleep 5"]
)
def test_a_failing_token_command_is_a_sentence_without_its_output(tmp_path: Path, script: str) -> None:
    file = tmp_path / "token"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o700)
    with pytest.raises(Transient, match="token_command") as caught:
        TokenCommand([os.fspath(file)], seconds=0.5)()
    assert "s3cret" not in str(caught.value)


def test_a_token_command_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(Transient, match="cannot be run"):
        TokenCommand(["/nowhere/token"])()


def test_delays_grow_to_five_minutes_and_never_end() -> None:
    delays = reconnect_delays()
    some = [next(delays) for _ in range(200)]
    assert all(1 <= delay <= 300 for delay in some)
    assert some[0] <= 2
    assert max(some) > 60


def test_only_what_is_transient_is_tried_again() -> None:
    calls: list[int] = []

    def work() -> str:
        calls.append(1)
        if len(calls) < 3:
            raise Transient("not yet")
        return "done"

    assert retry_transient(work, attempts=3, stop=threading.Event(), first=0.01) == "done"

    def refuse() -> None:
        calls.append(1)
        raise Refused("no")

    calls.clear()
    with pytest.raises(Refused):
        retry_transient(refuse, attempts=3, stop=threading.Event(), first=0.01)
    assert len(calls) == 1


def test_stopping_ends_the_waiting() -> None:
    def work() -> None:
        raise Transient("not yet")

    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Transient):
        retry_transient(work, attempts=50, stop=stop, first=30, longest=60)
    assert time.monotonic() - began < 5
