"""Reads the Date header, also as no standard knows it: one-digit hours, names of months in seven languages, no zone."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_MONTHS = {
    month: number
    for number, months in enumerate(
        (
            "jan ene gen",
            "feb fév fev",
            "mar mär mrz mrt",
            "apr avr abr",
            "may mai mag mei",
            "jun jui giu",
            "jul lug",
            "aug ago aoû",
            "sep set",
            "oct okt ott out",
            "nov",
            "dec dez dic déc",
        ),
        start=1,
    )
    for month in months.split()
}
_DATE = re.compile(
    r"(?:[^\W\d]{2,12}\.?,?\s{0,5})?(\d{1,2})[\s.-]{1,5}([^\W\d]{3})[^\W\d]{0,8}[\s.-]{1,5}(\d{4}|\d{2})"
    r"[\s,]{1,5}(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:[.,]\d{1,9})?\s{0,5}(?:(?:GMT|UTC)?([+-]\d{2}):?(\d{2})|([A-Za-z]{1,5}))?",
)
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2, "BST": 1, "MET": 1, "MEST": 2, "EET": 2, "EEST": 3, "JST": 9}  # fmt: skip


def read_date(value: str) -> datetime | None:
    """The Date header as an aware time in the offset written; a missing zone is UTC, nonsense is None."""
    value = value[:200].strip()
    if not value:
        return None
    try:
        when = _common_date(value) or _odd_date(value)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return when if when is not None and 1970 <= when.year <= 2200 else None


def _common_date(value: str) -> datetime | None:
    found = _DATE.match(value)
    if not found:
        return None
    day, month, year, hour, minute, second, zone_hours, zone_minutes, zone_name = found.groups()
    number = _MONTHS.get(month.lower())
    if number is None or (month.lower() == "jui" and "juil" in value.lower()):
        number = 7 if number else None
    if number is None:
        return None
    century = 0 if len(year) == 4 else 2000 if int(year) < 50 else 1900
    zone: timezone = UTC
    if zone_hours:
        minutes = abs(int(zone_hours)) * 60 + int(zone_minutes)
        zone = timezone(timedelta(minutes=-minutes if zone_hours[0] == "-" else minutes))
    elif zone_name:
        zone = timezone(timedelta(hours=_ZONES.get(zone_name.upper(), 0)))
    return datetime(
        int(year) + century, number, int(day), int(hour), int(minute), min(int(second or 0), 59), tzinfo=zone,
    )  # fmt: skip


def _odd_date(value: str) -> datetime | None:
    if value[:4].isdigit():
        when = datetime.fromisoformat(value)
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    parsed = parsedate_tz(value)
    if parsed is None:
        return None
    return datetime(*parsed[:5], min(parsed[5], 59), tzinfo=timezone(timedelta(seconds=parsed[9] or 0)))
