"""A letter leaves at most once, is never silently lost, and is taken back while that is still possible."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.doings import NEWS_ONLY, approve, complain, letters_out, newest_letter, send, write
from tests.fakes import FakeSender
from tests.people import Office, mail
from worker.domain.alert import AlertKind
from worker.domain.delivery import CLAIM_LASTS, LADDER, Delivery, DeliveryState, Phase
from worker.domain.draft import Draft, DraftState
from worker.domain.promise import Promise, PromiseState
from worker.errors import Refused
from worker.ports import Accepted, FailedBefore, RefusedByServer, SendOutcome, Unknown
from worker.services import review, sending

GREYLISTED = RefusedByServer(code=451, reason="try again later", permanent=False)
NO_SUCH_USER = RefusedByServer(code=550, reason="no such user", permanent=True)
SILENCE = Unknown(reason="no answer to the last dot")
NO_ROUTE = FailedBefore(reason="no route to the server")


@pytest.fixture
def draft(office: Office) -> Draft:
    """A draft that promises a call by Friday, ready to be approved."""
    return write(office, complain(office, mail()))


@pytest.fixture
def letter(office: Office, draft: Draft) -> Delivery:
    """The same, approved."""
    return approve(office, draft)


def draft_now(office: Office, draft: Draft) -> Draft:
    with office.app.database.reading() as rooms:
        found = rooms.drafts.get(draft.id)
    assert found is not None
    return found


def promised(office: Office) -> Promise:
    with office.app.database.reading() as rooms:
        return rooms.promises.where(newest_first=True, limit=1)[0]


def contacts(office: Office) -> int:
    with office.app.database.reading() as rooms:
        return len(rooms.contacts.where())


def told(office: Office) -> int:
    with office.app.database.reading() as rooms:
        return len(rooms.alerts.standing(kind=AlertKind.LETTER))


@pytest.mark.usefixtures("letter")
def test_a_letter_that_left_is_contact_and_its_promise_stands(office: Office) -> None:
    assert send(office).state is DeliveryState.SENT
    assert (letters_out(office), contacts(office), promised(office).state) == (1, 1, PromiseState.OPEN)


def test_nothing_is_sent_before_its_time(office: Office, draft: Draft) -> None:
    approve(office, draft, leave_at=office.now + timedelta(hours=2))
    assert send(office).state is DeliveryState.SCHEDULED
    office.clock.forward(hours=2)
    assert send(office).state is DeliveryState.SENT


def test_the_due_time_of_a_letter_that_goes_later_counts_from_then(office: Office, draft: Draft) -> None:
    again = write(office, draft, NEWS_ONLY.replace("Bea Holt", "I will call you tomorrow.\n\nBea Holt"))
    approve(office, again, leave_at=office.now + timedelta(days=1))
    due = promised(office).due_at
    assert due is not None
    assert due.date() == (office.now + timedelta(days=2)).date()


@pytest.mark.usefixtures("letter")
def test_a_letter_that_left_is_not_sent_again(office: Office) -> None:
    send(office)
    send(office)
    assert letters_out(office) == 1


@pytest.mark.usefixtures("letter")
def test_a_failure_before_data_climbs_the_ladder_and_then_asks_a_person(office: Office) -> None:
    for wait in LADDER:
        after = send(office, NO_ROUTE)
        assert (after.state, after.next_try_at) == (DeliveryState.APPROVED, office.now + wait)
        assert told(office) == 0
        office.clock.at += wait
    assert send(office, NO_ROUTE).state is DeliveryState.REFUSED
    assert (told(office), promised(office).state, contacts(office)) == (1, PromiseState.VOID, 0)


@pytest.mark.usefixtures("letter")
def test_a_temporary_no_is_deferred_and_tried_again(office: Office) -> None:
    assert send(office, GREYLISTED).state is DeliveryState.DEFERRED
    office.clock.forward(seconds=30)
    assert send(office).state is DeliveryState.SENT


@pytest.mark.usefixtures("letter")
def test_a_refused_letter_voids_its_promises_and_asks_a_person(office: Office) -> None:
    assert send(office, NO_SUCH_USER).state is DeliveryState.REFUSED
    assert (told(office), promised(office).state, contacts(office)) == (1, PromiseState.VOID, 0)


@pytest.mark.usefixtures("letter")
def test_unknown_is_no_contact_and_leaves_the_promise_open_and_flagged(office: Office) -> None:
    assert send(office, SILENCE).state is DeliveryState.UNKNOWN
    made = promised(office)
    assert (made.state, made.uncertain, contacts(office), told(office)) == (PromiseState.OPEN, True, 0, 1)


@pytest.mark.usefixtures("letter")
def test_unknown_is_never_sent_again_by_the_machine(office: Office) -> None:
    send(office, SILENCE)
    office.clock.forward(days=7)
    assert send(office).state is DeliveryState.UNKNOWN
    assert letters_out(office) == 0


@pytest.mark.usefixtures("letter")
def test_unknown_that_is_found_in_sent_has_left_at_the_time_of_the_attempt(office: Office) -> None:
    attempted_at = office.now
    unknown = send(office, SILENCE)
    office.clock.forward(hours=3)
    office.arrive(unknown.raw, folder="Sent")
    after = newest_letter(office)
    assert (after.state, after.sent_at) == (DeliveryState.SENT, attempted_at)
    assert (contacts(office), promised(office).uncertain) == (1, False)


class Crash(BaseException):
    """The worker is gone in the middle of something."""


class DyingSender(FakeSender):
    """A worker that dies while it sends: before the letter is handed over, or after."""

    def __init__(self, *, after_data: bool) -> None:
        super().__init__()
        self.after_data = after_data

    def send(
        self, envelope_from: str, recipients: Sequence[str], raw: bytes, before_data: Callable[[], None]
    ) -> SendOutcome:
        if self.after_data:
            before_data()
        raise Crash


def die(office: Office, *, after_data: bool) -> Delivery:
    dying, well = DyingSender(after_data=after_data), office.app.sender
    office.app.sender = dying
    with pytest.raises(Crash):
        send(office)
    office.app.sender = well
    return newest_letter(office)


@pytest.mark.usefixtures("letter")
def test_a_worker_that_dies_before_data_leaves_a_letter_that_is_tried_again(office: Office) -> None:
    assert die(office, after_data=False).phase is Phase.CONNECT
    assert send(office).state is DeliveryState.SENDING  # the claim holds until it runs out
    office.clock.at += CLAIM_LASTS
    assert send(office).state is DeliveryState.APPROVED
    office.clock.forward(minutes=3)
    assert send(office).state is DeliveryState.SENT
    assert letters_out(office) == 1


@pytest.mark.usefixtures("letter")
def test_a_worker_that_dies_in_data_leaves_unknown(office: Office) -> None:
    assert die(office, after_data=True).phase is Phase.DATA
    office.clock.at += CLAIM_LASTS
    assert send(office).state is DeliveryState.UNKNOWN
    assert (letters_out(office), promised(office).uncertain, told(office)) == (0, True, 1)


@pytest.mark.usefixtures("letter")
def test_a_worker_that_dies_after_data_is_cleared_by_the_copy_in_sent(office: Office) -> None:
    office.arrive(die(office, after_data=True).raw, folder="Sent")
    office.clock.at += CLAIM_LASTS
    assert send(office).state is DeliveryState.SENT
    assert (contacts(office), told(office)) == (1, 0)


class BusySender(FakeSender):
    """Something happens between the claim and the handing over, or between that and the outcome."""

    def __init__(self, meanwhile: Callable[[], object], *, after_data: bool = False) -> None:
        super().__init__()
        self.meanwhile, self.after_data = meanwhile, after_data

    def send(
        self, envelope_from: str, recipients: Sequence[str], raw: bytes, before_data: Callable[[], None]
    ) -> SendOutcome:
        if not self.after_data:
            self.meanwhile()
        before_data()
        if self.after_data:
            self.meanwhile()
        return self.next_outcomes.pop(0) if self.next_outcomes else Accepted(response="250 taken")


@pytest.mark.usefixtures("letter")
def test_a_failure_after_the_commit_but_before_the_first_byte_goes_back_on_the_ladder(office: Office) -> None:
    """The sender waits too long between the commit and DATA, so it sends nothing and says so."""
    office.app.sender = BusySender(lambda: None, after_data=True)
    after = send(office, FailedBefore(reason="too long between the commit and DATA"))
    assert (after.state, after.phase, after.next_try_at) == (
        DeliveryState.APPROVED,
        None,
        office.now + LADDER[0],
    )


def test_a_customer_who_writes_before_data_takes_the_letter_back(
    office: Office, draft: Draft, letter: Delivery
) -> None:
    def write_again() -> None:
        office.clock.forward(seconds=1)
        office.arrive(mail("It has come! Please forget it.", at=office.now))

    office.app.sender = BusySender(write_again)
    assert send(office).state is DeliveryState.CANCELLED
    assert (contacts(office), promised(office).state) == (0, PromiseState.VOID)
    assert draft_now(office, draft).state is DraftState.OPEN


def test_a_customer_who_writes_before_the_claim_takes_the_letter_back(
    office: Office, letter: Delivery
) -> None:
    office.clock.forward(seconds=1)
    office.arrive(mail("It has come! Please forget it.", at=office.now))
    assert send(office).state is DeliveryState.CANCELLED


def test_a_machines_mail_does_not_take_the_letter_back(office: Office, letter: Delivery) -> None:
    office.clock.forward(seconds=1)
    office.arrive(mail("I am away until Monday.", at=office.now, Auto_Submitted="auto-replied"))
    assert send(office).state is DeliveryState.SENT


def test_a_draft_rejected_before_data_is_not_sent(office: Office, draft: Draft, letter: Delivery) -> None:
    def reject() -> None:
        with office.app.database.writing() as rooms:
            review.reject(rooms, draft.id, by="Cal Reyes", reason="we called instead", now=office.now)

    office.app.sender = BusySender(reject)
    assert send(office).state is DeliveryState.CANCELLED
    assert draft_now(office, draft).state is DraftState.REJECTED


def test_a_draft_changed_before_data_is_not_sent(office: Office, draft: Draft, letter: Delivery) -> None:
    office.app.sender = BusySender(lambda: write(office, draft, NEWS_ONLY))
    assert send(office).state is DeliveryState.CANCELLED


def test_a_letter_that_is_leaving_can_no_longer_be_changed(
    office: Office, draft: Draft, letter: Delivery
) -> None:
    def meddle() -> None:
        with pytest.raises(Refused, match="has left"):
            write(office, draft, NEWS_ONLY)

    office.app.sender = BusySender(meddle, after_data=True)
    assert send(office).state is DeliveryState.SENT


def test_a_letter_that_left_can_no_longer_be_rejected(office: Office, draft: Draft, letter: Delivery) -> None:
    send(office)
    with office.app.database.writing() as rooms, pytest.raises(Refused, match="has left"):
        review.reject(rooms, draft.id, by="Cal Reyes", reason="no", now=office.now)


def test_a_letter_unfit_to_be_sent_is_refused_once_and_not_tried_for_ever(office: Office) -> None:
    def unfit() -> None:
        raise Refused("The letter has a line of more than 998 bytes, which servers cut.")

    approve(office, write(office, complain(office, mail())))
    office.app.sender = BusySender(unfit)
    assert send(office).state is DeliveryState.REFUSED
    assert told(office) == 1


def test_the_servers_yes_counts_even_after_the_claim_ran_out(office: Office, letter: Delivery) -> None:
    def slow_answer() -> None:
        office.clock.at += CLAIM_LASTS
        other = FakeSender()
        sending.send_next(office.app.database, office.app.house, other, worker="another", clock=office.clock)

    office.app.sender = BusySender(slow_answer, after_data=True)
    assert send(office).state is DeliveryState.SENT
    assert contacts(office) == 1


def test_a_claim_that_ran_out_is_not_let_go_for_the_worker_that_has_it_now(
    office: Office, letter: Delivery
) -> None:
    def taken_over() -> None:
        with office.app.database.writing() as rooms:
            held = rooms.deliveries.get(letter.id)
            assert held is not None
            rooms.deliveries.save(replace(held, attempts=held.attempts + 1, claimed_by="another"))

    office.app.sender = BusySender(taken_over)
    after = send(office)
    assert (after.state, after.claimed_by) == (DeliveryState.SENDING, "another")


@pytest.mark.usefixtures("letter")
def test_two_workers_send_one_letter_once(office: Office) -> None:
    other = FakeSender()

    def at_the_same_time() -> None:
        sending.send_next(office.app.database, office.app.house, other, worker="another", clock=office.clock)

    office.app.sender = BusySender(at_the_same_time)
    assert send(office).state is DeliveryState.SENT
    assert other.letters == []
