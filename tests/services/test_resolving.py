"""A person says what became of a letter; the machine never sends it again by itself."""

import pytest

from tests.doings import FRIDAY_FIVE, approve, complain, reach, send, write
from tests.people import ADA, BROKEN_PROMISE, DAN, Office, mail
from worker.domain.alert import AlertKind
from worker.domain.case import CaseState
from worker.domain.delivery import Delivery, DeliveryState, settle_state
from worker.domain.draft import DraftState
from worker.domain.promise import PromiseState
from worker.errors import Refused
from worker.ports import RefusedByServer, Unknown
from worker.services import resolving
from worker.services.resolving import Answer

BY = "Bea Holt"


@pytest.fixture
def unknown(office: Office) -> Delivery:
    """An approved letter whose server never answered."""
    approve(office, write(office, complain(office, mail(BROKEN_PROMISE))))
    letter = send(office, Unknown(reason="no answer to DATA"))
    assert letter.state is DeliveryState.UNKNOWN
    return letter


def test_said_to_be_sent_it_is_contact_and_its_promise_stands(office: Office, unknown: Delivery) -> None:
    with office.app.database.writing() as rooms:
        resolving.resolve(rooms, office.app.house, unknown.id, Answer.SENT, by=BY, now=office.clock.now())
        assert rooms.contacts.count(delivery_id=unknown.id) == 1
        promise = rooms.promises.where(delivery_id=unknown.id)[0]
        assert (promise.state, promise.uncertain) == (PromiseState.OPEN, False)
        assert not rooms.alerts.standing(kind=AlertKind.LETTER)


def test_to_be_sent_again_it_wants_a_new_approval(office: Office, unknown: Delivery) -> None:
    with office.app.database.writing() as rooms:
        resolving.resolve(rooms, office.app.house, unknown.id, Answer.AGAIN, by=BY, now=office.clock.now())
        draft = rooms.drafts.get(unknown.draft_id)
        assert draft is not None
        assert draft.state is DraftState.OPEN
        assert rooms.promises.where(delivery_id=unknown.id)[0].state is PromiseState.VOID
        assert not rooms.deliveries.sendable(office.clock.now())


def test_given_up_its_draft_is_retired(office: Office, unknown: Delivery) -> None:
    with office.app.database.writing() as rooms:
        letter = resolving.resolve(
            rooms, office.app.house, unknown.id, Answer.CANCEL, by=BY, now=office.clock.now()
        )
        draft = rooms.drafts.get(unknown.draft_id)
    assert letter.state is DeliveryState.CANCELLED
    assert draft is not None
    assert draft.state is DraftState.RETIRED


def test_a_known_outcome_is_nothing_to_decide(office: Office) -> None:
    letter = approve(office, write(office, complain(office, mail(BROKEN_PROMISE))))
    with office.app.database.writing() as rooms, pytest.raises(Refused, match="nothing to decide"):
        resolving.resolve(rooms, office.app.house, letter.id, Answer.SENT, by=BY, now=office.clock.now())


def test_a_refused_letter_that_reached_the_customer_after_all_is_promised_again(office: Office) -> None:
    approve(office, write(office, complain(office, mail(BROKEN_PROMISE))))
    refused = send(office, RefusedByServer(code=550, reason="no such user", permanent=True))
    with office.app.database.writing() as rooms:
        assert rooms.promises.where(delivery_id=refused.id)[0].state is PromiseState.VOID
        resolving.resolve(rooms, office.app.house, refused.id, Answer.SENT, by=BY, now=office.clock.now())
        (promise,) = rooms.promises.where(delivery_id=refused.id)
    assert (promise.state, promise.uncertain, promise.ended_at) == (PromiseState.OPEN, False, None)
    assert promise.next_alert_at is not None


def test_a_call_made_while_a_letter_counted_as_refused_counts_for_its_promise(office: Office) -> None:
    approve(office, write(office, complain(office, mail(BROKEN_PROMISE))))
    refused = send(office, RefusedByServer(code=550, reason="no such user", permanent=True))
    office.clock.at = FRIDAY_FIVE
    with office.app.database.reading() as rooms:
        case = rooms.cases.get(refused.case_id)
    assert case is not None
    reach(office, case)
    with office.app.database.writing() as rooms:
        resolving.resolve(rooms, office.app.house, refused.id, Answer.SENT, by=BY, now=office.clock.now())
        (promise,) = rooms.promises.where(delivery_id=refused.id)
    assert promise.state is PromiseState.SETTLED


def test_a_letter_that_came_back_and_was_read_after_all_stands_in_the_conversation_once(
    office: Office,
) -> None:
    approve(office, write(office, complain(office, mail(BROKEN_PROMISE))))
    letter = send(office)
    with office.app.database.writing() as rooms:
        rooms.deliveries.save(settle_state(letter, DeliveryState.REFUSED, why="came back"))
        resolving.resolve(rooms, office.app.house, letter.id, Answer.SENT, by=BY, now=office.clock.now())
        assert len(rooms.mails.by_message_ids([letter.message_id])) == 1


# The customer's answer


def answer(
    office: Office, letter: Delivery, *, sender: str = ADA, names_it: bool = True, text: str = ""
) -> None:
    office.clock.forward(hours=1)
    office.arrive(
        mail(
            f"Thank you for your letter. {text}",
            sender=sender,
            subject="Re: My kettle",
            at=office.now,
            answers=letter.message_id if names_it else None,
        )
    )


def outcome(office: Office) -> tuple[DeliveryState, int, int]:
    """How the newest letter stands, the contacts, and the questions that stand about letters."""
    with office.app.database.reading() as rooms:
        letter = rooms.deliveries.where(newest_first=True, limit=1)[0]
        return letter.state, rooms.contacts.count(), len(rooms.alerts.standing(kind=AlertKind.LETTER))


def test_the_customers_answer_shows_that_an_unknown_letter_left(office: Office, unknown: Delivery) -> None:
    answer(office, unknown)
    assert outcome(office) == (DeliveryState.SENT, 1, 0)
    with office.app.database.reading() as rooms:
        case = rooms.cases.get(unknown.case_id)
        (promise,) = rooms.promises.where(delivery_id=unknown.id)
    assert case is not None
    assert (case.state, promise.uncertain) == (CaseState.AWAITING_US, False)


def test_an_answer_that_quotes_the_reference_of_the_only_letter_shows_it_too(
    office: Office, unknown: Delivery
) -> None:
    reference = unknown.reference.rpartition(".")[0]
    answer(office, unknown, names_it=False, text=f"Our reference: {reference}")
    assert outcome(office) == (DeliveryState.SENT, 1, 0)


def test_a_reference_that_an_earlier_letter_carried_as_well_shows_nothing(office: Office) -> None:
    first = approve(office, write(office, complain(office, mail(BROKEN_PROMISE))))
    send(office)
    office.clock.forward(hours=1)
    again = complain(office, mail(BROKEN_PROMISE, subject="Re: My kettle", at=office.now))
    approve(office, write(office, again), settles=())
    second = send(office, Unknown(reason="no answer to DATA"))
    answer(office, second, names_it=False, text=f"Our reference: {first.reference.rpartition('.')[0]}")
    assert outcome(office)[0] is DeliveryState.UNKNOWN


def test_an_outsiders_answer_shows_nothing(office: Office, unknown: Delivery) -> None:
    answer(office, unknown, sender=DAN)
    assert outcome(office) == (DeliveryState.UNKNOWN, 0, 1)


def test_a_machines_answer_shows_nothing(office: Office, unknown: Delivery) -> None:
    office.arrive(mail("I am away.", answers=unknown.message_id, Auto_Submitted="auto-replied"))
    assert outcome(office) == (DeliveryState.UNKNOWN, 0, 1)
