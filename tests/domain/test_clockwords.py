from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from worker.domain.clockwords import ago_words, clock_words, look_again_words

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=-17, minutes=-42), "17 h 42 min late"),
        (timedelta(days=-2, hours=-17, minutes=-5), "2 days 17 h late"),
        (timedelta(days=-1), "1 day late"),
        (timedelta(minutes=-5), "5 min late"),
        (timedelta(hours=-1), "1 h late"),
        (timedelta(seconds=-10), "0 min late"),
        (timedelta(0), "in 0 min"),
        (timedelta(hours=1, minutes=18), "in 1 h 18 min"),
        (timedelta(hours=23, minutes=59), "in 23 h 59 min"),
    ],
)
def test_within_a_day_and_when_late_the_length_is_said(left: timedelta, words: str) -> None:
    assert clock_words(NOW + left, NOW, LONDON) == words


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        (datetime(2026, 11, 27, 17, tzinfo=LONDON), "Fri 27 Nov, 17:00"),
        (datetime(2026, 12, 8, 17, tzinfo=LONDON), "Tue 8 Dec, 17:00"),
        (datetime(2027, 1, 5, 9, tzinfo=LONDON), "Tue 5 Jan 2027, 09:00"),
    ],
)
def test_a_later_due_time_is_said_as_day_and_hour(due_at: datetime, words: str) -> None:
    assert clock_words(due_at, NOW, LONDON) == words


def test_the_hour_is_the_readers_own() -> None:
    due_at = datetime(2026, 11, 27, 17, tzinfo=LONDON)
    assert clock_words(due_at, NOW, ZoneInfo("Europe/Madrid")) == "Fri 27 Nov, 18:00"


def test_time_left_is_real_time_when_the_clocks_go_back() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=LONDON)
    after = datetime(2026, 10, 25, 3, 30, tzinfo=LONDON)
    assert clock_words(after, before, LONDON) == "in 4 h"


def test_a_promise_without_a_date_is_looked_at_again_on_a_day() -> None:
    assert look_again_words(datetime(2026, 11, 26, 17, tzinfo=LONDON), NOW, LONDON) == "look again Thu 26 Nov"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(minutes=6), "6 min ago"),
        (timedelta(minutes=52), "52 min ago"),
        (timedelta(hours=16, minutes=50), "Mon 16:52"),
        (timedelta(days=15), "Mon 9 Nov, 09:42"),
        (timedelta(seconds=-3), "0 min ago"),
    ],
)
def test_the_past_is_said_shorter_the_nearer_it_is(passed: timedelta, words: str) -> None:
    assert ago_words(NOW - passed, NOW, LONDON) == words
