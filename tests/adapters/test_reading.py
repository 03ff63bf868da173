"""Reading ahead gives what reading one after the other gives, in order."""

import pytest

from worker.adapters.reading import BACKLOG, KEPT_FOR, ReadAhead, Reader, ReaderSettings
from worker.domain.reading import RawMail, Reading
from worker.errors import Broken

SETTINGS = ReaderSettings(rules_folder=None, language="en", own_addresses=frozenset({"support@example.test"}))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(SETTINGS)


def mails(count: int) -> list[RawMail]:
    raws = [
        f"From: ada{n}@example.org\nSubject: Order {n}\n\nMy order {n} still has not arrived.\n".encode()
        for n in range(count)
    ]
    raws[3] = b"\x00\x01 no mail at all"
    return [RawMail(raw=raw, size=len(raw)) for raw in raws]


@pytest.mark.parametrize("count", [BACKLOG - 1, BACKLOG + 20])
def test_every_mail_has_its_outcome_in_order(reader: Reader, count: int):
    ahead = ReadAhead(reader)
    try:
        outcomes = list(ahead.read_all(mails(count)))
    finally:
        ahead.close()
    assert isinstance(outcomes[3], Broken)
    read = [outcome.mail.subject for outcome in outcomes if isinstance(outcome, Reading)]
    assert read == [f"Order {n}" for n in range(count) if n != 3]


def test_a_backlog_is_judged_as_single_mails_are(reader: Reader):
    ahead = ReadAhead(reader)
    try:
        together = [one.judgement for one in ahead.read_all(mails(BACKLOG)) if isinstance(one, Reading)]
    finally:
        ahead.close()
    alone = [reader.read(mail).judgement for n, mail in enumerate(mails(BACKLOG)) if n != 3]
    assert together == alone


def test_the_second_process_goes_a_while_after_the_backlog_has_gone(reader: Reader):
    seconds = iter([0.0, 1.0, 2.0, 3.0, 1.0 + KEPT_FOR + 1.0])
    ahead = ReadAhead(reader, lambda: next(seconds))
    list(ahead.read_all(mails(BACKLOG)))
    list(ahead.read_all(mails(5)))
    assert ahead._pool is not None
    list(ahead.read_all([]))
    list(ahead.read_all([]))
    assert ahead._pool is None


def test_an_oversize_mail_is_read_from_its_headers(reader: Reader):
    told = reader.read(
        RawMail(raw=b"From: ada@example.org\nSubject: Photographs\n\n", size=50_000_000, oversize=True)
    )
    assert told.mail.subject == "Photographs"
    assert told.mail.truncated
