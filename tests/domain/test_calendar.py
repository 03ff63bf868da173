from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.calendar import BusinessCalendar, local_instant
from worker.errors import BadInput

LONDON = BusinessCalendar(country="GB", subdivision="ENG")
ZONES = [
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Apia",  # skipped 30 December 2011
    "America/Sao_Paulo",  # changed its clocks at midnight
    "Asia/Riyadh",
]
zones = st.sampled_from(ZONES)
instants = st.datetimes(datetime(2008, 1, 1), datetime(2030, 1, 1)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)
hours = st.integers(0, 120).map(lambda quarters: quarters / 4)


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo("Europe/London"))


def test_public_holidays_and_weekends_are_no_business_days() -> None:
    assert LONDON.is_business_day(date(2026, 12, 24))
    assert not LONDON.is_business_day(date(2026, 12, 25))
    assert not LONDON.is_business_day(date(2026, 12, 28))  # Boxing Day, observed
    assert not LONDON.is_business_day(date(2026, 11, 22))


def test_a_subdivision_has_its_own_holidays() -> None:
    scotland = BusinessCalendar(country="GB", subdivision="SCT")
    assert not scotland.is_business_day(date(2026, 11, 30))
    assert LONDON.is_business_day(date(2026, 11, 30))


def test_the_country_brings_its_own_week() -> None:
    riyadh = BusinessCalendar(zone="Asia/Riyadh", country="SA")
    assert riyadh.is_business_day(date(2026, 11, 22))  # Sunday
    assert not riyadh.is_business_day(date(2026, 11, 20))  # Friday


def test_a_team_may_work_other_days_and_close_on_its_own() -> None:
    shop = BusinessCalendar(workdays=frozenset({1, 2, 3, 4, 5}), closures=frozenset({date(2026, 11, 24)}))
    assert shop.is_business_day(date(2026, 11, 21))
    assert not shop.is_business_day(date(2026, 11, 23))
    assert not shop.is_business_day(date(2026, 11, 24))


def test_business_days_are_counted_over_christmas() -> None:
    assert LONDON.add_business_days(date(2026, 12, 23), 3) == date(2026, 12, 30)
    assert LONDON.next_business_day(date(2026, 12, 24)) == date(2026, 12, 29)
    assert LONDON.previous_business_day(date(2026, 12, 29)) == date(2026, 12, 24)


def test_a_warning_for_a_closed_day_falls_on_the_business_day_before() -> None:
    sunday = at("2026-11-22", "17:00")
    assert LONDON.subtract_business_hours(sunday, 4) == at("2026-11-20", "13:00")


def test_a_warning_reaches_back_over_the_night() -> None:
    assert LONDON.subtract_business_hours(at("2026-11-24", "10:00"), 4) == at("2026-11-23", "14:00")


def test_business_hours_run_on_after_the_weekend() -> None:
    assert LONDON.add_business_hours(at("2026-11-20", "16:00"), 3) == at("2026-11-23", "11:00")


def test_a_whole_day_of_hours_ends_at_closing_time() -> None:
    assert LONDON.add_business_hours(at("2026-11-20", "09:00"), 8) == at("2026-11-20", "17:00")


def test_we_are_open_from_opening_to_just_before_closing() -> None:
    assert LONDON.is_open(at("2026-11-20", "09:00"))
    assert not LONDON.is_open(at("2026-11-20", "17:00"))
    assert LONDON.next_open(at("2026-11-20", "17:00")) == at("2026-11-23", "09:00")
    assert LONDON.next_open(at("2026-11-20", "05:00")) == at("2026-11-20", "09:00")


def test_a_skipped_time_is_the_later_one_and_a_doubled_time_the_second() -> None:
    london = ZoneInfo("Europe/London")
    assert local_instant(date(2026, 3, 29), time(1, 30), london).astimezone(UTC).hour == 1
    assert local_instant(date(2026, 3, 29), time(1, 30), london).hour == 2
    assert local_instant(date(2026, 10, 25), time(1, 30), london).astimezone(UTC).hour == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Europe/Nowhere"},
        {"zone": "../etc/passwd"},
        {"zone": ""},
        {"country": "XX"},
        {"country": "GB", "subdivision": "XX"},
        {"subdivision": "ENG"},
        {"opens": time(17), "closes": time(9)},
        {"workdays": frozenset()},
    ],
)
def test_a_calendar_that_cannot_be_is_refused_with_the_reason(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        BusinessCalendar(**wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_a_team_that_never_works_is_told_so() -> None:
    always_closed = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(4000))
    with pytest.raises(BadInput, match="no business day"):
        BusinessCalendar(closures=always_closed).next_business_day(date(2026, 1, 1))


@given(zones, instants)
def test_next_open_is_open_and_not_earlier(zone: str, instant: datetime) -> None:
    calendar = BusinessCalendar(zone=zone)
    opening = calendar.next_open(instant)
    assert opening >= instant
    assert calendar.is_open(opening)


@given(zones, instants, hours)
def test_business_hours_added_and_taken_away_meet_again(zone: str, instant: datetime, span: float) -> None:
    calendar = BusinessCalendar(zone=zone)
    start = calendar.next_open(instant)
    there = calendar.add_business_hours(start, span)
    assert there - start >= timedelta(hours=span)
    assert calendar.add_business_hours(calendar.subtract_business_hours(there, span), span) == there


@given(zones, instants, st.integers(1, 15))
def test_n_business_days_on_has_n_business_days_between(zone: str, instant: datetime, n: int) -> None:
    calendar = BusinessCalendar(zone=zone)
    day = calendar.local_date(instant)
    end = calendar.add_business_days(day, n)
    between = (day + timedelta(days=k) for k in range(1, (end - day).days + 1))
    assert sum(calendar.is_business_day(each) for each in between) == n


@given(zones, instants)
def test_every_wall_time_has_an_instant_on_or_after_it(zone: str, instant: datetime) -> None:
    wall = instant.replace(tzinfo=None)
    found = local_instant(wall.date(), wall.time(), ZoneInfo(zone))
    assert found.replace(tzinfo=None, fold=0) >= wall
