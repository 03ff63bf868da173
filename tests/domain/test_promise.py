"""What one contact does to one promise, and how a promise ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.promise import (
    ContactFacts,
    Effect,
    Ending,
    Promise,
    PromiseSource,
    PromiseState,
    SettledBy,
    ask_whether_settled,
    confirm,
    effect_of,
    next_due,
    note_interim,
    reopen,
    settle,
    supersede,
    void,
    withdraw,
)

MADE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OWED = Promise(
    id=7,
    case_id=1,
    words="I will call you by Friday",
    made_at=MADE,
    due_at=DUE,
    zone="Europe/London",
    owner="Bea Holt",
    source=PromiseSource.LETTER,
)
ME = frozenset({7})


def effect(contact: ContactFacts, promise: Promise = OWED, by: SettledBy = SettledBy.EVIDENCE) -> Effect:
    return effect_of(promise, contact, by)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (ContactFacts(at=MADE + SECOND), Effect.INTERIM),
        (ContactFacts(at=DUE - SECOND), Effect.INTERIM),
        (ContactFacts(at=DUE), Effect.SETTLES),
        (ContactFacts(at=DUE + SECOND), Effect.SETTLES),
        (ContactFacts(at=MADE), Effect.NONE),
        (ContactFacts(at=MADE - SECOND, reports_done=True), Effect.NONE),
        (ContactFacts(at=DUE + SECOND, made_here=ME), Effect.NONE),
        (ContactFacts(at=MADE + SECOND, said_settles=ME), Effect.SETTLES),
        (ContactFacts(at=MADE + SECOND, said_settles=ME, redates=ME), Effect.SETTLES),
        (ContactFacts(at=DUE + SECOND, said_not=ME), Effect.INTERIM),
        (ContactFacts(at=DUE + SECOND, said_not=ME, reports_done=True), Effect.INTERIM),
        (ContactFacts(at=MADE + SECOND, redates=ME), Effect.SUPERSEDES),
        (ContactFacts(at=DUE + SECOND, redates=ME), Effect.SUPERSEDES),
        (ContactFacts(at=MADE + SECOND, redates=ME, reports_done=True), Effect.SUPERSEDES),
        (ContactFacts(at=MADE + SECOND, reports_done=True), Effect.SETTLES),
    ],
)
def test_the_order_of_judgement(facts: ContactFacts, expected: Effect) -> None:
    assert effect(facts) is expected


def test_work_marked_done_settles_only_with_a_contact_after_it() -> None:
    done = replace(OWED, work_done_at=MADE + 2 * SECOND)
    assert effect(ContactFacts(at=MADE + SECOND), done) is Effect.INTERIM
    assert effect(ContactFacts(at=MADE + 3 * SECOND), done) is Effect.SETTLES


def test_a_promise_without_a_time_is_not_settled_by_time_passing() -> None:
    vague = replace(OWED, due_at=None, look_again_at=DUE)
    assert effect(ContactFacts(at=DUE + timedelta(days=9)), vague) is Effect.INTERIM


def test_any_contact_settles_where_a_team_says_so_but_not_against_the_agents_word() -> None:
    assert effect(ContactFacts(at=MADE + SECOND), by=SettledBy.ANY_CONTACT) is Effect.SETTLES
    assert effect(ContactFacts(at=MADE + SECOND, said_not=ME), by=SettledBy.ANY_CONTACT) is Effect.INTERIM
    assert effect(ContactFacts(at=MADE + SECOND, redates=ME), by=SettledBy.ANY_CONTACT) is Effect.SUPERSEDES


@pytest.mark.parametrize("state", sorted(set(PromiseState) - {PromiseState.OPEN, PromiseState.UNCONFIRMED}))
def test_nothing_happens_to_a_promise_that_has_ended(state: PromiseState) -> None:
    assert effect(ContactFacts(at=DUE, said_settles=ME), replace(OWED, state=state)) is Effect.NONE


def test_kept_is_no_later_than_due_and_late_is_after_it() -> None:
    assert settle(OWED, contact_id=1, at=DUE).ending is Ending.KEPT
    assert settle(OWED, contact_id=1, at=DUE + SECOND).ending is Ending.LATE
    assert settle(replace(OWED, due_at=None), contact_id=1, at=DUE).ending is Ending.KEPT


def test_overdue_is_later_than_due() -> None:
    assert not OWED.is_overdue(DUE)
    assert OWED.is_overdue(DUE + SECOND)
    assert not withdraw(OWED, why=Ending.MISREAD, at=MADE).is_overdue(DUE + SECOND)


@pytest.mark.parametrize(
    ("promise", "outcome"),
    [
        (settle(OWED, contact_id=1, at=DUE), "kept"),
        (settle(OWED, contact_id=1, at=DUE + SECOND), "late"),
        (supersede(OWED, by=8, at=DUE), "superseded"),
        (supersede(OWED, by=8, at=DUE + SECOND), "broken"),
        (void(OWED, at=DUE), "void"),
        (void(OWED, at=DUE + SECOND), "broken"),
        (withdraw(OWED, why=Ending.RELEASED, at=DUE + SECOND), "withdrawn"),
        (OWED, "open"),
    ],
)
def test_how_reports_count_it(promise: Promise, outcome: str) -> None:
    assert promise.outcome(DUE) == outcome


def test_open_past_its_due_time_counts_as_broken() -> None:
    assert OWED.outcome(DUE + SECOND) == "broken"


def test_a_superseded_promise_keeps_its_own_date() -> None:
    old = supersede(OWED, by=8, at=DUE)
    assert (old.due_at, old.superseded_by, old.next_alert_at) == (DUE, 8, None)


def test_confirming_may_give_another_date() -> None:
    read = replace(OWED, state=PromiseState.UNCONFIRMED)
    assert confirm(read) == OWED
    assert confirm(read, due_at=DUE + SECOND).due_at == DUE + SECOND


def test_what_is_opened_again_is_as_it_was() -> None:
    assert reopen(ask_whether_settled(settle(OWED, contact_id=3, at=DUE), contact_id=3)) == OWED
    assert reopen(supersede(OWED, by=8, at=DUE)) == OWED


def test_interim_is_kept_and_asks_when_told_to() -> None:
    asked = note_interim(OWED, contact_id=4, at=MADE + SECOND, ask=True)
    assert (asked.interim_at, asked.question_contact_id, asked.state) == (
        MADE + SECOND,
        4,
        PromiseState.OPEN,
    )
    assert note_interim(asked, contact_id=5, at=DUE, ask=False).question_contact_id == 4


def test_the_next_due_time_is_the_earliest_of_what_stands() -> None:
    vague = replace(OWED, due_at=None, look_again_at=MADE + SECOND)
    assert next_due([OWED, vague, void(replace(OWED, due_at=MADE), at=MADE)]) == MADE + SECOND
    assert next_due([void(OWED, at=DUE)]) is None


@given(
    seconds=st.integers(-1_000_000, 1_000_000),
    done=st.booleans(),
    says=st.sampled_from(["", "settles", "not"]),
    redated=st.booleans(),
    by=st.sampled_from(SettledBy),
)
def test_no_contact_leaves_a_promise_neither_standing_nor_ended(
    *, seconds: int, done: bool, says: str, redated: bool, by: SettledBy
) -> None:
    """Whatever is known of a contact, the promise stands, is settled, or has a successor."""
    facts = ContactFacts(
        at=DUE + timedelta(seconds=seconds),
        reports_done=done,
        said_settles=ME if says == "settles" else frozenset(),
        said_not=ME if says == "not" else frozenset(),
        redates=ME if redated else frozenset(),
    )
    after = {
        Effect.NONE: lambda: OWED,
        Effect.INTERIM: lambda: note_interim(OWED, contact_id=1, at=facts.at, ask=True),
        Effect.SETTLES: lambda: settle(OWED, contact_id=1, at=facts.at),
        Effect.SUPERSEDES: lambda: supersede(OWED, by=8, at=facts.at),
    }[effect(facts, by=by)]()
    assert after.is_watched or after.contact_id == 1 or after.superseded_by == 8
    if says == "not":
        assert after.state is not PromiseState.SETTLED
