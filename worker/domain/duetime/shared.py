"""What the shapes of every language share: numbers, clocks, dates and lengths of time as pieces."""

import re
from collections.abc import Callable, Mapping

from worker.domain.duetime.atoms import Kind, Piece

END_OF_NIGHT = 23 * 60 + 59
NOON = 12 * 60
LUNCHTIME = 13 * 60
AFTERNOON = 17 * 60
MIDNIGHT = 24 * 60
LONGEST = {"minute": 10_000, "hour": 1_000, "day": 400, "week": 60, "fortnight": 30, "month": 24}

Build = Callable[[re.Match[str]], tuple[Piece, ...]]


def fixed(*pieces: Piece) -> Build:
    """The same pieces, whatever was matched."""
    return lambda _found: pieces


def number(word: str, words: Mapping[str, int]) -> int:
    """A count in digits or words, hyphenated compounds included; 0 when it is none."""
    if word.isdigit():
        return int(word)
    return sum(words.get(part, 0) for part in re.split(r"[- ]", word))


def length(n: int, unit: str, *, business: bool, half: bool = False) -> tuple[Piece, ...]:
    """N units of time, "and a half" more for hours. Unreasonable lengths are unsure."""
    if not 0 < n <= LONGEST[unit]:
        return (Piece(Kind.UNSURE),)
    if unit in ("minute", "hour"):
        minutes = n * 60 + (30 if half else 0) if unit == "hour" else n
        return (Piece(Kind.BUSINESS_MINUTES if business else Kind.ELAPSED, (minutes,)),)
    if half or (business and unit != "day"):
        return (Piece(Kind.UNSURE),)
    if unit == "month":
        return (Piece(Kind.MONTHS, (n,)),)
    if business:
        return (Piece(Kind.BUSINESS_DAYS, (n,)),)
    return (Piece(Kind.DAYS, (n * {"day": 1, "week": 7, "fortnight": 14}[unit],)),)


def clock(
    hour: str,
    minute: str | None,
    half: str,
    words: Mapping[str, int] | None = None,
    second: str | None = None,
) -> Piece:
    """A clock time; `half` is "am", "pm", "24" (a 24-hour clock) or "" (a bare hour)."""
    h, m, s = number(hour, words or {}), int(minute or 0), int(second or 0)
    twelve = half in ("am", "pm")
    if max(m, s) > 59 or h > 24 or (h == 24 and m + s) or (twelve and not 1 <= h <= 12):
        return Piece(Kind.UNSURE)
    if twelve:
        h = h % 12 + (12 if half == "pm" else 0)
    bare = not half and 1 <= h <= 12 and not hour.startswith("0")
    return Piece(Kind.CLOCK, (h * 60 + m, int(bare), s))


def date_of(year: str | None, month: int, day: str) -> Piece:
    return Piece(Kind.DATE, (int(year or 0), month, int(re.sub(r"\D", "", day))))


def iso_date(found: re.Match[str]) -> tuple[Piece, ...]:
    year, month, day = (int(part) for part in found.group().split("-"))
    return (Piece(Kind.DATE, (year, month, day)),)


def numeric_date(found: re.Match[str]) -> tuple[Piece, ...]:
    """A date in numbers whose order the locale decides: the two numbers stay as written."""
    first, second, *rest = (int(part) for part in re.split(r"[/.\-]", found.group()) if part)
    year = rest[0] if rest else 0
    if (first, second) == (24, 7) and not rest:
        return (Piece(Kind.IGNORED),)  # "24/7"
    return (Piece(Kind.DATE, (year + 2000 if 0 < year < 100 else year, first, second), "numeric"),)


ISO_SHAPE = r"20\d\d-\d\d-\d\d"
NUMERIC_SHAPE = (
    r"\d{1,2}/\d{1,2}/(?:20)?\d\d|\d{1,2}\.\d{1,2}\.(?:20)?\d\d|\d{1,2}-\d{1,2}-20\d\d|\d{1,2}/\d{1,2}"
)


def zone_by_offset(found: re.Match[str]) -> tuple[Piece, ...]:
    """For "UTC+1" and "GMT-05:30": a zone by its distance from UTC."""
    hours, minutes = int(found.group("zh")), int(found.group("zm") or 0)
    if hours > 14 or minutes > 59:
        return (Piece(Kind.UNSURE),)
    return (Piece(Kind.ZONE, (), f"UTC{found.group('sign').replace('−', '-')}{hours:02}:{minutes:02}"),)


OFFSET_ZONE_SHAPE = r"(?:utc|gmt) ?(?P<sign>[+−-])(?P<zh>\d{1,2})(?::?(?P<zm>\d\d))?"


def zone_by_name(found: re.Match[str]) -> tuple[Piece, ...]:
    """For "Europe/Madrid time": the name in lower case; the reader finds its spelling."""
    return (Piece(Kind.ZONE, (), found.group("iana") or found.group("iana2")),)


IANA_ZONE_SHAPE = r"(?P<iana>(?:[a-z_]+/)+[a-z_0-9+-]+)(?: (?:time|zeit))?|(?:hora de|heure de|zeit in) (?P<iana2>(?:[a-z_]+/)+[a-z_0-9+-]+)"

SHARED_WORDS = {
    "iso": ISO_SHAPE,
    "numeric": NUMERIC_SHAPE,
    "offset_zone": OFFSET_ZONE_SHAPE,
    "iana_zone": IANA_ZONE_SHAPE,
}
