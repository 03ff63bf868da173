"""Reads and writes due times: docs/due-times.md tells the grammar."""

from datetime import datetime

from worker.domain.calendar import BusinessCalendar
from worker.domain.duetime.values import DueReading, Reading

__all__ = ["DueReading", "Reading", "read_due", "render_due"]


def read_due(
    phrase: str,
    *,
    sent_at: datetime,
    calendar: BusinessCalendar,
    locale: str = "en-GB",
    language: str | None = None,
    before: str = "",
) -> DueReading:
    """The last instant at which a promise with these words is kept."""
    del phrase, sent_at, calendar, locale, language, before
    return DueReading(due_at=None, reading="no time named", named=False)


def render_due(
    due_at: datetime,
    *,
    zone: str,
    locale: str,
    at: BusinessCalendar,
    sent_at: datetime | None = None,
) -> str:
    """The sentence part "by Tuesday 24 November, 5 pm"; with `sent_at` the year is left out where that is clear."""
    del zone, locale, at, sent_at
    return f"by {due_at.isoformat()}"
