"""The due-time rules where the day of sending, the locale or the words before them decide."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.calendar import BusinessCalendar
from worker.domain.duetime import DueReading, read_due

LONDON = BusinessCalendar(country="GB", subdivision="ENG")


def due(phrase: str, sent: str, locale: str = "en-GB", before: str = "") -> DueReading:
    sent_at = datetime.fromisoformat(sent).replace(tzinfo=UTC)
    return read_due(phrase, sent_at=sent_at, calendar=LONDON, locale=locale, before=before)


def on(phrase: str, sent: str, locale: str = "en-GB", before: str = "") -> str:
    due_at = due(phrase, sent, locale, before).due_at
    return f"{due_at:%Y-%m-%d %H:%M}" if due_at else "-"


@pytest.mark.parametrize(
    ("phrase", "sent", "expected"),
    [
        ("today", "2026-11-20T18:05", "2026-11-20 23:59"),  # after the end of business
        ("by close of business", "2026-11-20T18:05", "2026-11-20 23:59"),
        ("by Friday", "2026-11-20T10:00", "2026-11-27 17:00"),  # strictly after
        ("by Saturday", "2026-11-20T10:00", "2026-11-21 17:00"),  # a named day stays put
        ("on 25 December", "2026-11-20T10:00", "2026-12-25 17:00"),
        ("within 2 working days", "2026-11-20T23:00", "2026-11-24 17:00"),  # whatever the hour
        ("within 3 working days", "2026-12-23T10:00", "2026-12-30 17:00"),  # over Christmas
        ("the next working day", "2026-11-21T10:00", "2026-11-23 17:00"),
        ("within 2 days", "2026-11-20T10:00", "2026-11-22 17:00"),  # no rolling
        ("within a month", "2027-01-31T10:00", "2027-02-28 17:00"),  # clamped
        ("within 24 hours", "2026-10-24T12:00", "2026-10-25 12:00"),  # the clocks go back
        (
            "next Monday",
            "2026-11-22T10:00",
            "2026-11-23 17:00",
        ),  # from a Sunday, the next ISO week is tomorrow
        ("next Friday", "2026-11-17T10:00", "2026-11-27 17:00"),
        ("by the end of the week", "2026-12-21T10:00", "2026-12-24 17:00"),  # Friday is Christmas
        ("by the end of the month", "2027-01-05T10:00", "2027-01-29 17:00"),
        ("before Monday", "2026-11-20T10:00", "2026-11-20 17:00"),
        ("before Monday", "2026-11-21T10:00", "-"),  # the business day before is over
        ("on 3 March", "2026-11-20T10:00", "2027-03-03 17:00"),
        ("at noon", "2026-11-20T13:00", "-"),  # today's is over: which is meant?
        ("in the morning", "2026-11-20T15:00", "2026-11-21 12:00"),
        ("by the end of the week", "2026-11-21T10:00", "-"),  # its last business day is over
    ],
)
def test_the_day_of_sending_decides(phrase: str, sent: str, expected: str) -> None:
    assert on(phrase, sent) == expected


def test_numbers_are_read_as_the_locale_writes_them() -> None:
    assert on("by 3/12/2026", "2026-11-20T10:00") == "2026-12-03 17:00"
    assert on("by 12/3/2026", "2026-11-20T10:00", "en-US") == "2026-12-03 17:00"
    assert on("bis 3.12.2026", "2026-11-20T10:00", "de-DE") == "2026-12-03 17:00"


def test_that_day_counts_from_the_date_named_before() -> None:
    before = "I am meeting the supplier on Tuesday. "
    assert on("that day", "2026-11-20T10:00", before=before) == "2026-11-24 17:00"
    assert on("the day after", "2026-11-20T10:00", before=before) == "2026-11-25 17:00"
    assert due("the day after", "2026-11-20T10:00").unsure


def test_two_possible_readings_are_a_choice() -> None:
    choice = due("mardi prochain", "2026-11-16T10:00", "fr-FR")
    assert choice.unsure
    assert choice.due_at is None
    assert [f"{reading.due_at:%d}" for reading in choice.readings] == ["17", "24"]


def test_a_reading_explains_itself_in_short() -> None:
    assert due("by Tuesday", "2026-11-20T10:00").reading == "end of business on Tuesday 24 November 2026"
    assert due("by Friday at 4 pm", "2026-11-20T10:00").reading == "16:00 on Friday 27 November 2026"


def test_a_language_without_shapes_is_unsure() -> None:
    assert due("mañana", "2026-11-20T10:00", "pl-PL").unsure


@given(st.text(alphabet="abdefhinortuwxy 0123456789:-/.,()ä'é\n", max_size=60))
def test_any_words_at_all_give_an_answer_and_no_error(words: str) -> None:
    for locale in ("en-GB", "es-ES", "fr-FR", "de-DE"):
        found = due(words, "2026-11-20T10:00", locale)
        assert found.due_at is None or not found.unsure


@given(
    st.lists(
        st.sampled_from(
            [
                "by",
                "before",
                "on",
                "at",
                "within",
                "the",
                "next",
                "3",
                "31",
                "99",
                "2026",
                "12",
                "5",
                "pm",
                "am",
                "Friday",
                "May",
                "24",
                "November",
                "end",
                "of",
                "week",
                "month",
                "day",
                "working",
                "days",
                "hours",
                "tomorrow",
                "midnight",
                "noon",
                "UTC+14",
                "Europe/Madrid",
                "24:00",
                "29",
                "February",
                "-",
            ]
        ),
        max_size=9,
    )
)
def test_jumbled_time_words_give_an_answer_and_no_error(words: list[str]) -> None:
    found = due(" ".join(words), "2026-11-20T10:00")
    assert found.due_at is None or found.due_at.tzinfo is not None
