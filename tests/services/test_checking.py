"""Mails from people beside replies of ours: when hardly one was seen, they are filed elsewhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.people import MONDAY
from worker.domain.post import Author, ReadMail
from worker.ports import Rooms
from worker.services.checking import RepliesSeen, replies_seen

READ = ReadMail(
    kept_id=None, case_id=None, author=Author.CUSTOMER, mailbox="support", message_id=None,
    sender="ada@example.org", sender_name="", to=(), subject="", written_at=MONDAY, new_words="", fingerprint="",
)  # fmt: skip


@pytest.mark.parametrize(
    ("mails", "replies", "elsewhere"),
    [(19, 0, False), (20, 0, True), (20, 1, False), (100, 4, True), (100, 5, False), (0, 0, False)],
)
def test_enough_mails_and_hardly_a_reply(mails: int, replies: int, elsewhere: bool) -> None:  # noqa: FBT001 - a case
    assert RepliesSeen(mails=mails, replies=replies).evidently_elsewhere is elsewhere


def test_only_people_and_our_letters_of_the_last_thirty_days_count(rooms: Rooms) -> None:
    first = rooms.mails.add(READ)
    for other in (
        replace(READ, author=Author.OURS),
        replace(READ, author=Author.MACHINE),
        replace(READ, author=Author.INTERNAL),
        replace(READ, copy_of=first.id),
        replace(READ, mailbox="orders"),
        replace(READ, written_at=MONDAY - timedelta(days=31)),
    ):
        rooms.mails.add(other)
    assert replies_seen(rooms, "support", now=MONDAY) == RepliesSeen(mails=1, replies=1)
