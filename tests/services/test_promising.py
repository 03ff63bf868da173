"""Promises are confirmed, moved, withdrawn; whatever happens, none is lost without a record."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.doings import (
    CALL_BY_FRIDAY,
    FRIDAY_FIVE,
    NEWS_ONLY,
    approve,
    case_of,
    complain,
    look_up,
    promise,
    reach,
    send,
    write,
)
from tests.fakes import FakeSender
from tests.people import ADA, SUPPORT, Office, SetClock, mail
from worker.adapters.database.engine import make_engine
from worker.adapters.database.migrate import migrate
from worker.adapters.database.unit import SqlDatabase
from worker.app import App
from worker.domain.case import Case
from worker.domain.delivery import Delivery, DeliveryState
from worker.domain.draft import Draft
from worker.domain.letter import LetterStage
from worker.domain.post import ContactHow
from worker.domain.promise import Ending, Promise, PromiseState
from worker.errors import AmendsError, Refused
from worker.ports import FailedBefore, RefusedByServer, Rooms, SendOutcome, Unknown
from worker.services import drafting, promising, watching
from worker.services.contact import Reached
from worker.services.house import House

OUTCOMES: tuple[SendOutcome | None, ...] = (
    None,
    Unknown(reason="no answer"),
    FailedBefore(reason="no route"),
    RefusedByServer(code=550, reason="no", permanent=True),
    RefusedByServer(code=451, reason="later", permanent=False),
)


@pytest.fixture
def case(office: Office) -> Case:
    return case_of(office, complain(office, mail()))


def move(office: Office, one: Promise, days: int) -> Draft:
    """The draft of a letter that gives a new date."""
    stage = LetterStage.MISSED if one.is_overdue(office.now) else LetterStage.MOVED
    due_at = office.app.house.calendar.end_of_business(
        office.app.house.calendar.add_business_days(office.now.date(), days)
    )
    with office.app.database.writing() as rooms:
        case = rooms.cases.get(one.case_id)
        assert case is not None
        return drafting.draft_for_promise(
            rooms, office.app.house, case, one, stage, due_at=due_at, now=office.now
        )


def without_blanks(text: str) -> str:
    return text.replace("[[", "").replace("]]", "")


def test_a_move_takes_effect_when_its_letter_has_left(office: Office, case: Case) -> None:
    owed = promise(office, case)
    office.clock.forward(hours=1)
    draft = move(office, owed, 9)
    approve(office, write(office, draft, without_blanks(draft.text)))
    assert look_up(office, owed) == owed
    send(office)
    old = look_up(office, owed)
    assert old.state is PromiseState.SUPERSEDED
    with office.app.database.reading() as rooms:
        new = rooms.promises.get(old.superseded_by or 0)
    assert new is not None
    assert new.due_at is not None
    assert new.due_at > FRIDAY_FIVE


def test_a_move_whose_letter_is_refused_moves_nothing(office: Office, case: Case) -> None:
    owed = promise(office, case)
    office.clock.forward(hours=1)
    draft = move(office, owed, 9)
    approve(office, write(office, draft, without_blanks(draft.text)))
    send(office, RefusedByServer(code=550, reason="no such user", permanent=True))
    assert look_up(office, owed) == owed


def test_a_bounce_of_the_letter_that_moved_it_brings_the_old_date_back(office: Office, case: Case) -> None:
    owed = promise(office, case)
    office.clock.forward(hours=1)
    draft = move(office, owed, 9)
    approve(office, write(office, draft, without_blanks(draft.text)))
    send(office)
    with office.app.database.writing() as rooms:
        letter = newest_letter_in(rooms)
        promising.void_promises_of(rooms, letter, now=office.now)
        (met,) = rooms.contacts.where(delivery_id=letter.id)
        made = rooms.promises.where(delivery_id=letter.id)
        promising.undo_contact(rooms, office.app.house, met, made, now=office.now)
    after = look_up(office, owed)
    assert (after.state, after.due_at) == (PromiseState.OPEN, FRIDAY_FIVE)


def newest_letter_in(rooms: Rooms) -> Delivery:
    return rooms.deliveries.where(newest_first=True, limit=1)[0]


def test_no_letter_is_drafted_for_a_promise_in_a_safety_case(office: Office, case: Case) -> None:
    owed = promise(office, case)
    office.clock.forward(minutes=1)
    office.arrive(mail("I am going to kill the driver who did this.", at=office.now))
    with pytest.raises(Refused, match="until a person lifts it"):
        move(office, owed, 3)


def test_a_promise_that_has_ended_cannot_be_changed(office: Office, case: Case) -> None:
    owed = promise(office, case)
    with office.app.database.writing() as rooms:
        promising.withdraw(
            rooms, office.app.house, owed.id, why=Ending.MISREAD, by="Bea Holt", now=office.now
        )
        acts: list[Callable[[], object]] = [
            lambda: promising.mark_done(rooms, owed.id, by="Bea Holt", now=office.now),
            lambda: promising.confirm(
                rooms, office.app.house, owed.id, by="Bea Holt", due_at=None, now=office.now
            ),
            lambda: promising.withdraw(
                rooms, office.app.house, owed.id, why=Ending.RELEASED, by="Bea Holt", now=office.now
            ),
        ]
        for act in acts:
            with pytest.raises(Refused, match="nothing was changed"):
                act()
    assert look_up(office, owed).ending is Ending.MISREAD


def test_confirming_keeps_the_reading_unless_another_is_given(office: Office, case: Case) -> None:
    read = promise(office, case, state=PromiseState.UNCONFIRMED)
    with office.app.database.writing() as rooms:
        confirmed = promising.confirm(
            rooms, office.app.house, read.id, by="Bea Holt", due_at=None, now=office.now
        )
    assert (confirmed.state, confirmed.due_at) == (PromiseState.OPEN, FRIDAY_FIVE)


def test_a_promise_by_telephone_takes_the_place_of_the_next_contact(office: Office, case: Case) -> None:
    office.clock.forward(minutes=1)
    reach(office, case)
    assert case_now(office, case).next_at is not None
    promise(office, case)
    assert case_now(office, case).next_at is None


def case_now(office: Office, case: Case) -> Case:
    with office.app.database.reading() as rooms:
        found = rooms.cases.get(case.id)
    assert found is not None
    return found


def test_a_promise_by_telephone_leaves_a_customer_who_waits_their_date(office: Office, case: Case) -> None:
    promise(office, case)
    assert case_now(office, case).next_at == case.next_at


class Desk(RuleBasedStateMachine):
    """A week at a desk in any order: letters with every outcome, calls, found letters, bounces, moves, time."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        self.engine = make_engine("sqlite://")
        migrate(self.engine)
        clock = SetClock()
        app = App(
            settings=self.house.settings,
            database=SqlDatabase(self.engine),
            house=self.house,
            clock=clock,
            sender=FakeSender(),
        )
        self.office = Office(app=app, clock=clock)
        self.case = case_of(self.office, complain(self.office, mail(at=clock.now())))
        self.seen: dict[int, Promise] = {}

    def teardown(self) -> None:
        self.engine.dispose()

    def standing(self) -> list[Promise]:
        with self.office.app.database.reading() as rooms:
            return rooms.promises.watched(self.case.id)

    def some(self, number: int) -> Promise | None:
        standing = self.standing()
        return standing[number % len(standing)] if standing else None

    @rule(days=st.integers(1, 6))
    def promise_by_phone(self, days: int) -> None:
        promise(
            self.office,
            self.case,
            due_at=self.office.now + timedelta(days=days),
            words=f"I will ring you in {days} days",
        )

    @rule(minutes=st.sampled_from([1, 45, 60 * 5, 60 * 26, 60 * 24 * 4]))
    def time_passes(self, minutes: int) -> None:
        self.office.clock.forward(minutes=minutes)
        watching.sweep(self.office.app.database, self.house, now=self.office.now)

    @rule(settles=st.booleans(), number=st.integers(0, 5))
    def call(self, settles: bool, number: int) -> None:  # noqa: FBT001 - hypothesis passes by name
        self.office.clock.forward(minutes=1)
        one = self.some(number)
        said = (one.id,) if one and settles else ()
        reach(self.office, self.case, Reached(settles=said))

    @rule(
        text=st.sampled_from([CALL_BY_FRIDAY, NEWS_ONLY]),
        settle=st.booleans(),
        outcome=st.sampled_from(OUTCOMES),
    )
    def letter(self, text: str, settle: bool, outcome: SendOutcome | None) -> None:  # noqa: FBT001 - as above
        self.office.clock.forward(minutes=1)
        with suppress(AmendsError):
            with self.office.app.database.writing() as rooms:
                found = rooms.cases.get(self.case.id)
                assert found is not None
                draft = drafting.new_draft(
                    rooms, self.house, found, stage=LetterStage.INTERIM, now=self.office.now
                )
            standing = tuple(one.id for one in self.standing())
            approve(self.office, write(self.office, draft, text), settles=standing if settle else ())
            send(self.office, *([outcome] if outcome else []))

    @rule(number=st.integers(0, 5), days=st.integers(2, 9))
    def move_one(self, number: int, days: int) -> None:
        one = self.some(number)
        self.office.clock.forward(minutes=1)
        with suppress(AmendsError):
            if one is not None:
                draft = move(self.office, one, days)
                approve(self.office, write(self.office, draft, without_blanks(draft.text)), settles=())
                send(self.office)

    @rule(
        text=st.sampled_from(
            [CALL_BY_FRIDAY, NEWS_ONLY, "Dear Ada,\n\nI have refunded your £40 today.\n\nBea"]
        )
    )
    def found_in_sent(self, text: str) -> None:
        self.office.clock.forward(minutes=1)
        raw = mail(text, sender=SUPPORT, to=ADA, subject="Re: My kettle", at=self.office.now)
        self.office.arrive(raw, folder="Sent")

    @rule()
    def customer_writes(self) -> None:
        self.office.clock.forward(minutes=1)
        self.office.arrive(mail("Thanks, OK.", at=self.office.now))

    @rule()
    def newest_letter_bounces(self) -> None:
        with self.office.app.database.writing() as rooms:
            sent = rooms.deliveries.where(state=DeliveryState.SENT, newest_first=True, limit=1)
            for letter in sent:
                rooms.deliveries.save(replace(letter, state=DeliveryState.REFUSED))
                promising.void_promises_of(rooms, letter, now=self.office.now)
                made = rooms.promises.where(delivery_id=letter.id)
                for met in rooms.contacts.where(delivery_id=letter.id):
                    promising.undo_contact(rooms, self.house, met, made, now=self.office.now)

    @rule(number=st.integers(0, 5), why=st.sampled_from([Ending.MISREAD, Ending.RELEASED]))
    def withdraw_one(self, number: int, why: Ending) -> None:
        one = self.some(number)
        if one is not None:
            with self.office.app.database.writing() as rooms:
                promising.withdraw(rooms, self.house, one.id, why=why, by="Bea Holt", now=self.office.now)

    @rule(number=st.integers(0, 5), yes=st.booleans())
    def answer_a_question(self, number: int, yes: bool) -> None:  # noqa: FBT001 - as above
        with self.office.app.database.writing() as rooms:
            asked = [one for one in rooms.promises.where() if one.question_contact_id]
            if asked:
                one = asked[number % len(asked)]
                promising.answer_question(
                    rooms, self.house, one.id, settles=yes, by="Bea Holt", now=self.office.now
                )

    @invariant()
    def no_promise_is_lost_without_a_record(self) -> None:
        with self.office.app.database.reading() as rooms:
            everything = {one.id: one for one in rooms.promises.where()}
            assert self.seen.keys() <= everything.keys()
            self.seen = everything
            for one in everything.values():
                _has_a_record(rooms, one)

    @invariant()
    def an_open_complaint_has_a_next_date(self) -> None:
        with self.office.app.database.reading() as rooms:
            found = rooms.cases.get(self.case.id)
            assert found is not None
            dated = [one for one in rooms.promises.watched(found.id) if one.watch_at]
            assert found.next_at is not None or dated

    @invariant()
    def what_is_overdue_is_alerted(self) -> None:
        """Everything watched either has its next alert still to come, or one that stands."""
        with self.office.app.database.reading() as rooms:
            for one in rooms.promises.watched(self.case.id):
                assert one.next_alert_at is not None or rooms.alerts.standing(promise_id=one.id)


def _has_a_record(rooms: Rooms, one: Promise) -> None:
    """Watched still, or ended by something that can be looked up."""
    match one.state:
        case PromiseState.SETTLED:
            met = rooms.contacts.get(one.contact_id or 0)
            assert met is not None
            assert met.how is not ContactHow.BOUNCED
            assert met.at > one.made_at
        case PromiseState.SUPERSEDED:
            newer = rooms.promises.get(one.superseded_by or 0)
            assert newer is not None
            assert newer.due_at is not None
        case PromiseState.WITHDRAWN:
            assert one.ending in {Ending.MISREAD, Ending.RELEASED}
        case PromiseState.VOID:
            letter = rooms.deliveries.get(one.delivery_id or 0)
            assert letter is not None
            assert letter.state in {DeliveryState.REFUSED, DeliveryState.CANCELLED}
        case _:
            assert one.is_watched


@pytest.mark.parametrize(
    "examples", [4, pytest.param(60, marks=[pytest.mark.slow, pytest.mark.timeout(600)])]
)
def test_no_order_of_events_loses_a_promise(shared_house: House, examples: int) -> None:
    Desk.house = shared_house
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=14,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
