"""What people do in tests: answer, approve, send, promise, call. Everything goes through the real services."""

from collections.abc import Mapping
from datetime import UTC, datetime

from tests.fakes import FakeSender
from tests.people import Office
from worker.domain.case import Case
from worker.domain.delivery import Delivery
from worker.domain.draft import Draft, PromiseAnswer
from worker.domain.post import Contact, ContactHow
from worker.domain.promise import Promise, PromiseSource, PromiseState
from worker.ports import SendOutcome
from worker.services import contact, promising, review, sending
from worker.services.contact import Reached
from worker.services.obstacles import Decisions

FRIDAY_FIVE = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
CALL_BY_FRIDAY = """Dear Ada,

Your kettle, order 48213, was promised for last Tuesday and has not reached you. I am sorry that you had to write twice.

I will call you by Friday 27 November, 5 pm.

Bea Holt"""
NEWS_ONLY = """Dear Ada,

Your kettle is still at the depot in Leeds, and I am sorry that the wait goes on.

Bea Holt"""


def complain(office: Office, raw: bytes) -> Draft:
    """A customer writes; the draft that is made for it."""
    read = office.arrive(raw)
    with office.app.database.reading() as rooms:
        return rooms.drafts.where(case_id=read.case_id, newest_first=True)[0]


def write(
    office: Office, draft: Draft, text: str = CALL_BY_FRIDAY, *, to: tuple[str, ...] | None = None
) -> Draft:
    """Bea puts her own words in place of the draft's."""
    with office.app.database.writing() as rooms:
        return review.edit(rooms, draft.id, by="Bea Holt", now=office.now, text=text, to=to)


def approve(
    office: Office,
    draft: Draft,
    *,
    promises: Mapping[int, datetime | PromiseAnswer] | None = None,
    settles: tuple[int, ...] | None = None,
    leave_at: datetime | None = None,
) -> Delivery:
    """Bea says yes to the draft as it stands; every promise in it is confirmed where nothing else is said."""
    with office.app.database.writing() as rooms:
        reading = review.read_draft(rooms, office.app.house, draft.id, now=leave_at or office.now)
        said = Decisions(
            revision=draft.revision,
            by="Bea Holt",
            promises=dict.fromkeys(range(1, len(reading.promises) + 1), PromiseAnswer.OK)
            if promises is None
            else promises,
            settles=settles,
            leave_at=leave_at,
        )
        return review.approve(rooms, office.app.house, draft.id, said, now=office.now)


def send(office: Office, *outcomes: SendOutcome) -> Delivery:
    """Send what is due, once; the newest letter afterwards."""
    sender = office.app.sender
    assert isinstance(sender, FakeSender)
    sender.next_outcomes += outcomes
    sending.send_next(office.app.database, office.app.house, sender, worker="a test", clock=office.clock)
    return newest_letter(office)


def newest_letter(office: Office) -> Delivery:
    with office.app.database.reading() as rooms:
        return rooms.deliveries.where(newest_first=True, limit=1)[0]


def letters_out(office: Office) -> int:
    """How many letters the mail server has taken."""
    assert isinstance(office.app.sender, FakeSender)
    return len(office.app.sender.letters)


def case_of(office: Office, draft: Draft) -> Case:
    with office.app.database.reading() as rooms:
        found = rooms.cases.get(draft.case_id)
    assert found is not None
    return found


def promise(
    office: Office,
    case: Case,
    *,
    due_at: datetime | None = FRIDAY_FIVE,
    words: str = "I will call you by Friday 27 November, 5 pm.",
    state: PromiseState = PromiseState.OPEN,
    owner: str = "Bea Holt",
) -> Promise:
    """A promise made now, by telephone unless it is still unconfirmed."""
    found = state is PromiseState.UNCONFIRMED
    with office.app.database.writing() as rooms:
        return promising.make(
            rooms,
            office.app.house,
            Promise(
                case_id=case.id,
                words=words,
                made_at=office.now,
                due_at=due_at,
                zone="Europe/London",
                owner=owner,
                source=PromiseSource.FOUND if found else PromiseSource.PHONE,
                state=state,
            ),
        )


def look_up(office: Office, one: Promise) -> Promise:
    """The promise as it stands now."""
    with office.app.database.reading() as rooms:
        found = rooms.promises.get(one.id)
    assert found is not None
    return found


def reach(
    office: Office,
    case: Case,
    reached: Reached | None = None,
    *,
    how: ContactHow = ContactHow.CALL,
    at: datetime | None = None,
) -> Contact:
    """Our side reaches the customer now."""
    met = Contact(case_id=case.id, at=at or office.now, by="Bea Holt", how=how)
    with office.app.database.writing() as rooms:
        return contact.record_contact(rooms, office.app.house, met, reached)
