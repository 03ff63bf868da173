"""Finds in our own letters what they commit us to, and what they report as done."""

from datetime import datetime

from worker.domain.calendar import BusinessCalendar
from worker.domain.commitment.values import DoneReport, FoundPromise, Strength

__all__ = ["DoneReport", "FoundPromise", "Strength", "find_done", "find_promises", "same_thing"]


def find_promises(
    text: str,
    *,
    sent_at: datetime,
    calendar: BusinessCalendar,
    locale: str = "en-GB",
    language: str | None = None,
) -> tuple[FoundPromise, ...]:
    """Every promise in our letter, in order."""
    del text, sent_at, calendar, locale, language
    return ()


def find_done(text: str, language: str | None = None) -> tuple[DoneReport, ...]:
    """Every stretch in which the letter reports work as done, in order."""
    del text, language
    return ()


def same_thing(a: str, b: str, language: str | None = None) -> bool:
    """Whether two promise sentences are about the same thing."""
    del language
    return a == b
