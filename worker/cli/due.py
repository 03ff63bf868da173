"""Reads the due time an agent types: an ISO time, or the words a letter would use ("Friday 3 pm"), read back."""

from datetime import datetime

from worker.domain.calendar import local_instant
from worker.domain.duetime import read_due
from worker.errors import BadInput
from worker.services.house import House


def due_from(words: str, house: House, *, now: datetime) -> datetime:
    """The instant meant, counted from `now`, in the firm's zone. Raises BadInput when there is no one reading."""
    iso = _iso(words.strip(), house)
    if iso is not None:
        return iso
    firm = house.settings.firm
    read = read_due(words, sent_at=now, calendar=house.calendar, locale=firm.locale, language=firm.language)
    if read.due_at is None and firm.language != "en":
        read = read_due(words, sent_at=now, calendar=house.calendar, locale=firm.locale, language="en")
    if read.due_at is not None:
        return read.due_at
    choice = " or ".join(f"{one.due_at:%Y-%m-%dT%H:%M} ({one.reading})" for one in read.readings)
    meant = f" It may mean {choice}." if choice else ""
    raise BadInput(
        f"“{words}” names no one time.{meant} Write it like “Friday 3 pm”, 2026-11-27 or 2026-11-27T15:00."
    )


def said_back(at: datetime, house: House) -> str:
    """An instant in full, as it is read back to whoever typed it: Fri 27 Nov 2026, 15:00 GMT."""
    return f"{at.astimezone(house.settings.zone):%a %d %b %Y, %H:%M %Z}"


def closed_then(at: datetime, house: House) -> str:
    """A remark where a due time lies outside business hours; '' where it does not."""
    day = house.calendar.local_date(at)
    if not house.calendar.is_business_day(day):
        return "not a business day"
    within = house.calendar.start_of_business(day) <= at <= house.calendar.end_of_business(day)
    return "" if within else "outside business hours"


def _iso(words: str, house: House) -> datetime | None:
    """A date alone is due at the end of business on that day."""
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return None
    if not any(mark in words for mark in " T:"):
        return house.calendar.end_of_business(at.date())
    if at.tzinfo is None:
        return local_instant(at.date(), at.time(), house.settings.zone)
    return at
