"""The outbox of trials takes letters as a server would."""

from pathlib import Path

import pytest

from worker.adapters.mailfiles import walk_mails
from worker.adapters.outbox import OutboxMaildir
from worker.errors import Refused
from worker.ports import Accepted, FailedBefore

LETTER = b"From: bea@example.test\r\nSubject: Your kettle\r\n\r\nDear Ada,\r\n"


def test_a_letter_lies_in_the_maildir_byte_for_byte(tmp_path: Path) -> None:
    outbox = OutboxMaildir(tmp_path / "outbox")
    for _ in range(3):
        assert isinstance(
            outbox.send("bea@example.test", ["ada@example.org"], LETTER, lambda: None), Accepted
        )
    assert [mail.raw for mail in walk_mails([tmp_path / "outbox"])] == [LETTER] * 3


def test_what_before_data_raises_leaves_nothing(tmp_path: Path) -> None:
    def stop() -> None:
        raise Refused("Ada wrote again.")

    with pytest.raises(Refused):
        OutboxMaildir(tmp_path).send("bea@example.test", ["ada@example.org"], LETTER, stop)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    outcome = OutboxMaildir(tmp_path / "file").send(
        "bea@example.test", ["ada@example.org"], LETTER, lambda: None
    )
    assert isinstance(outcome, FailedBefore)
    assert "cannot be made" in outcome.reason
