"""When somebody is told, who, and how an acknowledgement buys time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from worker.domain.alert import (
    Alert,
    AlertKind,
    AlertPolicy,
    AlertState,
    acknowledge,
    end,
    first_alert_at,
    next_rung_at,
    people_for,
)
from worker.domain.calendar import BusinessCalendar

CALENDAR = BusinessCalendar(country="GB", subdivision="ENG", closures=frozenset({date(2026, 12, 24)}))
POLICY = AlertPolicy(calendar=CALENDAR, lead="Cal", safety="Sam", safety_second="Cal")
LONG_AGO = datetime(2026, 11, 2, tzinfo=UTC)
OVERDUE = Alert(kind=AlertKind.OVERDUE, subject="a call", told=("Bea",), raised_at=LONG_AGO)


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_at", "warned_at"),
    [
        (utc(27, 17), utc(27, 13)),
        (utc(27, 10), utc(26, 14)),
        (utc(27, 9), utc(26, 13)),
        (utc(27, 23, 59), utc(27, 13)),  # after hours: counted from closing time
        (utc(29, 12), utc(27, 13)),  # a Sunday: the business day before
        (utc(30, 11), utc(27, 15)),  # a Monday: over the weekend
        (utc(25, 12, month=12), utc(23, 13, month=12)),  # Christmas, after a closure of the team's own
    ],
)
def test_the_warning_comes_four_business_hours_before(due_at: datetime, warned_at: datetime) -> None:
    assert first_alert_at(due_at, made_at=LONG_AGO, policy=POLICY) == warned_at


def test_a_promise_made_inside_the_warning_is_told_when_due() -> None:
    assert first_alert_at(utc(27, 17), made_at=utc(27, 15), policy=POLICY) == utc(27, 17)


@pytest.mark.parametrize(
    ("rung", "told_at", "again_at"),
    [
        (0, utc(26, 10), utc(26, 12)),
        (1, utc(26, 16), utc(27, 10)),
        (0, utc(27, 2), utc(27, 11)),  # raised at night: two hours after opening
        (2, utc(26, 12), utc(27, 12)),
        (9, utc(27, 17), utc(30, 17)),
    ],
)
def test_repeats_come_after_hours_at_first_and_then_daily_on_business_time(
    rung: int, told_at: datetime, again_at: datetime
) -> None:
    assert next_rung_at(replace(OVERDUE, rung=rung), now=told_at, policy=POLICY) == again_at


@pytest.mark.parametrize("kind", [AlertKind.SAFETY, AlertKind.SIGN_IN, AlertKind.SILENT])
def test_danger_and_lost_mailboxes_ignore_business_hours(kind: AlertKind) -> None:
    alert = replace(OVERDUE, kind=kind, rung=5)
    assert next_rung_at(alert, now=utc(28, 3), policy=POLICY) == utc(28, 3) + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("rung", "people"),
    [(0, ("Bea",)), (1, ("Bea", "Cal")), (2, ("Bea", "Cal", "Eve")), (7, ("Bea", "Cal", "Eve"))],
)
def test_each_rung_tells_one_more(rung: int, people: tuple[str, ...]) -> None:
    assert people_for(replace(OVERDUE, rung=rung), owner="Bea", second="Eve", policy=POLICY) == people


def test_the_lead_who_owns_it_is_told_once() -> None:
    assert people_for(replace(OVERDUE, rung=2), owner="Cal", second=None, policy=POLICY) == ("Cal",)


@pytest.mark.parametrize("rung", [0, 1, 5])
def test_only_its_owner_is_asked_whether_it_is_a_promise(rung: int) -> None:
    asked = replace(OVERDUE, kind=AlertKind.CONFIRM, rung=rung)
    assert people_for(asked, owner="Bea", second="Eve", policy=POLICY) == ("Bea",)


def test_danger_goes_to_the_safety_person_and_then_to_the_second() -> None:
    alert = replace(OVERDUE, kind=AlertKind.SAFETY)
    assert people_for(alert, owner="Bea", second=None, policy=POLICY) == ("Sam",)
    assert people_for(replace(alert, rung=1), owner="Bea", second=None, policy=POLICY) == ("Sam", "Cal")


def test_somebody_is_always_told_even_where_nobody_is_named() -> None:
    bare = AlertPolicy(calendar=CALENDAR)
    for kind in AlertKind:
        assert people_for(replace(OVERDUE, kind=kind), owner="Bea", second=None, policy=bare) == ("Bea",)


def test_an_acknowledgement_keeps_the_rung_so_that_it_rises_from_there() -> None:
    taken = acknowledge(replace(OVERDUE, rung=2), by="Bea", at=utc(26, 10), next_look=utc(27, 9))
    assert (taken.state, taken.acknowledged_by, taken.next_at, taken.rung) == (
        AlertState.ACKNOWLEDGED,
        "Bea",
        utc(27, 9),
        2,
    )


def test_an_alert_that_ended_is_told_no_more() -> None:
    over = end(replace(OVERDUE, next_at=utc(27, 9)), at=utc(26, 10))
    assert (over.state, over.next_at, over.ended_at) == (AlertState.ENDED, None, utc(26, 10))
