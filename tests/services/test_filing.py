"""A sent letter is filed in Sent once, where the server does not file it by itself."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests import doings
from tests.fakes import FakeMailbox
from tests.people import Office, mail, team_table
from worker.app import App
from worker.domain.delivery import Delivery
from worker.errors import Transient
from worker.ports import Unknown
from worker.services.fetching import Fetching, fetch_folder
from worker.services.filing import file_sent_letters
from worker.settings import read_settings

SMTP: dict[str, object] = {"kind": "smtp", "host": "smtp.example.test", "security": "starttls"}


@pytest.fixture
def server() -> FakeMailbox:
    return FakeMailbox()


@pytest.fixture
def letter(office: Office) -> Delivery:
    """A letter that has left."""
    draft = doings.write(office, doings.complain(office, mail()))
    doings.approve(office, draft)
    return doings.send(office)


@pytest.fixture
def file(app: App, server: FakeMailbox) -> Callable[..., int]:
    def once(sending: dict[str, object] = SMTP, **box: object) -> int:
        table = team_table()
        table["mailboxes"][0] |= box
        settings = read_settings(table | {"sending": sending})
        reading = Fetching(box=settings.mailboxes[0], server=server, since=None)
        return file_sent_letters(app.database, replace(app.house, settings=settings), reading)

    return once


def test_a_letter_is_filed_once_as_read_and_byte_for_byte(
    letter: Delivery, server: FakeMailbox, file: Callable[..., int]
) -> None:
    assert (file(), file()) == (1, 0)
    (copy,) = server.held["Sent"].mails.values()
    assert (copy.raw, copy.internal_date) == (letter.raw, letter.planned_at)
    assert server.held["Sent"].flags == {copy.uid: {"\\Seen"}}


def test_one_that_is_there_already_is_not_filed_again(
    letter: Delivery, server: FakeMailbox, file: Callable[..., int]
) -> None:
    """The worker stopped between filing it and writing that down."""
    server.deliver(letter.raw, "Sent")
    file()
    assert len(server.held["Sent"].mails) == 1


def test_a_cut_while_filing_leaves_it_for_the_next_time(
    letter: Delivery, server: FakeMailbox, file: Callable[..., int]
) -> None:
    server.fail(Transient("cut"))
    with pytest.raises(Transient):
        file()
    assert file() == 1
    assert len(server.held["Sent"].mails) == 1


@pytest.mark.parametrize(
    ("sending", "box"),
    [
        (SMTP | {"files_sent": True}, {}),
        (SMTP, {"sent": ""}),
        (SMTP, {"address": "orders@example.test"}),
        ({"kind": "maildir", "path": "outbox"}, {}),
    ],
    ids=["the server files it", "no Sent folder", "of another mailbox", "a trial"],
)
def test_nothing_is_filed_where_it_is_not_wanted(
    letter: Delivery,
    server: FakeMailbox,
    file: Callable[..., int],
    sending: dict[str, object],
    box: dict[str, object],
) -> None:
    assert file(sending, **box) == 0
    assert server.held["Sent"].mails == {}


def test_without_a_sent_folder_it_waits(
    letter: Delivery, server: FakeMailbox, file: Callable[..., int]
) -> None:
    del server.held["Sent"]
    assert file() == 0


def test_a_letter_that_may_not_have_left_is_not_filed(
    office: Office, server: FakeMailbox, file: Callable[..., int]
) -> None:
    draft = doings.write(office, doings.complain(office, mail()))
    doings.approve(office, draft)
    doings.send(office, Unknown(reason="no answer after DATA"))
    assert file() == 0


def test_the_filed_copy_is_known_as_our_own_letter(
    office: Office, letter: Delivery, server: FakeMailbox, file: Callable[..., int]
) -> None:
    file()
    box = office.app.settings.mailboxes[0]
    reading = Fetching(box=box, server=server, since=None)
    fetch_folder(office.app.database, reading, "Sent", clock=office.clock)
    office.work()
    with office.app.database.reading() as rooms:
        assert rooms.contacts.count(case_id=letter.case_id) == 1
        assert rooms.promises.count(case_id=letter.case_id) == 1
