from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.domain.calendar import BusinessCalendar
from worker.domain.duetime import read_due, render_due

SENT = datetime(2026, 11, 19, 10, 30, tzinfo=UTC)
LONDON = BusinessCalendar(country="GB", subdivision="ENG")
ZONES = [
    "Europe/London",
    "America/New_York",
    "America/Argentina/Buenos_Aires",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Etc/GMT-3",
    "UTC",
]
LOCALES = ["en-GB", "en-US", "en", "es-ES", "es-MX", "fr-FR", "fr_CA", "de-DE", "de-AT"]
zones = st.sampled_from(ZONES)
instants = st.datetimes(datetime(2010, 1, 1), datetime(2060, 1, 1)).map(
    lambda naive: naive.replace(tzinfo=UTC, microsecond=0)
)
spans = st.one_of(
    st.integers(1, 48 * 60).map(lambda n: timedelta(minutes=15 * n)),
    st.integers(1, 3_000_000).map(lambda n: timedelta(seconds=n)),
    st.integers(1, 3_000).map(lambda n: timedelta(days=n)),
)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en-GB", "by Tuesday 24 November, 5 pm"),
        ("en-US", "by Tuesday, November 24, 5 pm"),
        ("es-ES", "a más tardar el martes 24 de noviembre a las 17:00"),
        ("fr-FR", "au plus tard le mardi 24 novembre à 17 h"),
        ("de-DE", "bis Dienstag, 24. November, 17:00 Uhr"),
        ("pt-PT", "até terça-feira, 24 de novembro, às 17:00"),
        ("it-IT", "entro martedì 24 novembre alle 17:00"),
        ("nl-NL", "uiterlijk dinsdag 24 november om 17:00 uur"),
    ],
)
def test_a_due_time_reads_as_people_write_it(locale: str, expected: str) -> None:
    due = datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert render_due(due, zone="Europe/London", locale=locale, at=LONDON, sent_at=SENT) == expected


def test_the_year_is_said_where_nobody_tells_when_the_letter_goes() -> None:
    due = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert (
        render_due(due, zone="Europe/London", locale="en-GB", at=LONDON)
        == "by Tuesday 24 November 2026, 12 noon"
    )


def test_the_start_of_a_day_is_midnight_of_the_day_before() -> None:
    due = datetime(2026, 11, 25, 0, tzinfo=UTC)
    words = render_due(due, zone="Europe/London", locale="en-GB", at=LONDON, sent_at=SENT)
    assert words == "by Tuesday 24 November, midnight"


def test_a_customer_elsewhere_is_told_the_zone() -> None:
    due = datetime(2026, 11, 24, 17, tzinfo=UTC)
    words = render_due(due, zone="Europe/Madrid", locale="en-GB", at=LONDON, sent_at=SENT)
    assert words == "by Tuesday 24 November, 6 pm Europe/Madrid time"


@settings(deadline=None)  # the first of each language compiles its grammar
@given(
    sent=instants, span=spans, ours=zones, theirs=zones, locale=st.sampled_from(LOCALES), told=st.booleans()
)
def test_what_we_write_reads_back_as_exactly_that_instant(
    sent: datetime, span: timedelta, ours: str, theirs: str, locale: str, *, told: bool
) -> None:
    calendar, due = BusinessCalendar(zone=ours), sent + span
    words = render_due(due, zone=theirs, locale=locale, at=calendar, sent_at=sent if told else None)
    due_at = read_due(words, sent_at=sent, calendar=calendar, locale=locale).due_at
    assert due_at is not None, words
    assert due_at.astimezone(UTC) == due, words


@settings(deadline=None)
@given(instants, st.integers(0, 7_000), zones, st.sampled_from(LOCALES))
def test_the_hours_around_a_clock_change_survive(
    sent: datetime, quarters: int, zone: str, locale: str
) -> None:
    calendar = BusinessCalendar(zone=zone)
    due = datetime(2027, 10, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters)
    words = render_due(due, zone=zone, locale=locale, at=calendar)
    due_at = read_due(words, sent_at=min(sent, due), calendar=calendar, locale=locale).due_at
    assert due_at is not None, words
    assert due_at.astimezone(UTC) == due, words
