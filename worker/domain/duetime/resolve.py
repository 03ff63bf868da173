"""Makes one instant of the pieces of a due time, or says what the choice is, or that it is unsure."""

from dataclasses import replace
from datetime import UTC, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from worker.domain.duetime.atoms import DAY_KINDS, Kind, Piece
from worker.domain.duetime.days import one_day
from worker.domain.duetime.moment import A_DAY, ONE_DAY, Local, Moment, Unreadable, day_words
from worker.domain.duetime.values import DueReading, Reading

MORNING_ENDS = 12 * 3600
UNSURE = DueReading(due_at=None, reading="unsure: please give the date and time", unsure=True)
NOT_NAMED = DueReading(due_at=None, reading="no time named", named=False)
VAGUE = DueReading(due_at=None, reading="no definite time", vague=True)


def resolve(pieces: tuple[Piece, ...], moment: Moment) -> DueReading:
    """The one instant these pieces mean; unsure with the choices when they mean two."""
    if not [piece for piece in pieces if piece.kind is not Kind.IGNORED]:
        return NOT_NAMED
    try:
        return _resolve(pieces, moment)
    except Unreadable as unreadable:
        return _choice(unreadable.choices)
    except (OverflowError, ValueError):  # a date beyond the calendar's end, or none at all
        return UNSURE


def _choice(choices: tuple[Reading, ...]) -> DueReading:
    distinct = {choice.due_at: choice for choice in choices}
    if len(distinct) < 2:
        return UNSURE
    readings = tuple(distinct.values())
    words = " or ".join(reading.reading for reading in readings)
    return DueReading(due_at=None, reading=f"unsure: {words}", unsure=True, readings=readings)


def _resolve(pieces: tuple[Piece, ...], moment: Moment) -> DueReading:
    of = _by_kind(pieces)
    lengths = of(Kind.ELAPSED, Kind.BUSINESS_MINUTES)
    days, clocks, parts = of(*DAY_KINDS), of(Kind.CLOCK), of(Kind.PART)
    if of(Kind.UNSURE):
        raise Unreadable
    if lengths:
        if days or clocks or parts or len(lengths) > 1:
            raise Unreadable
        return _after_elapsed(lengths[0], moment)
    if not (days or clocks or parts or of(Kind.CLOSE)):
        if of(Kind.VAGUE):
            return VAGUE
        raise Unreadable
    if of(Kind.FIRST_THING) and not (clocks or parts):
        raise Unreadable
    zone = _zone(of(Kind.ZONE))
    clock = _clock(clocks, parts, closes=bool(of(Kind.CLOSE)))
    if zone is not None and clock is None:
        raise Unreadable
    local = Local(moment, zone)
    if not days:
        return _without_a_day(local, clock, parts)
    if clock is not None:
        days = tuple(replace(piece, before=False) for piece in days)  # before five on Thursday
    day, words = one_day(days, local)
    return _answer(local.at(day, clock, words))


def _by_kind(pieces: tuple[Piece, ...]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    def of(*kinds: Kind) -> tuple[Piece, ...]:
        return tuple(piece for piece in pieces if piece.kind in kinds)

    return of


def _answer(reading: Reading) -> DueReading:
    return DueReading(due_at=reading.due_at, reading=reading.reading)


def _after_elapsed(piece: Piece, moment: Moment) -> DueReading:
    minutes, calendar = piece.values[0], moment.calendar
    if piece.kind is Kind.BUSINESS_MINUTES:
        due, kind = calendar.add_business_hours(moment.sent_at, minutes / 60), "of business time"
    else:
        due = (moment.sent_at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(calendar.tz)
        kind = "after sending"
    words = f"{minutes // 60} hours" if minutes % 60 == 0 else f"{minutes} minutes"
    words = "1 hour" if minutes == 60 else words
    return _answer(Reading(due_at=due, reading=f"{due:%H:%M} on {day_words(due.date())} ({words} {kind})"))


def _clock(clocks: tuple[Piece, ...], parts: tuple[Piece, ...], *, closes: bool) -> int | None:
    """Seconds of the day, or None for end of business."""
    part = _one({piece.values[0] * 60 for piece in parts}) if parts else None
    if not clocks:
        if closes and part is not None:
            raise Unreadable
        return part
    if len(clocks) > 1 and all(piece.joined for piece in clocks[1:]):
        clocks = clocks[-1:]
    return _one({_unbared(piece, part) for piece in clocks})


def _one(values: set[int]) -> int:
    if len(values) != 1:
        raise Unreadable
    return values.pop()


def _unbared(piece: Piece, part: int | None) -> int:
    """A bare hour is 7-11 am, noon or 1-6 pm, unless the part of the day says otherwise."""
    minutes, bare, *more = piece.values
    seconds = minutes * 60 + sum(more)
    if not bare:
        return seconds
    seconds %= A_DAY // 2
    if part is not None:
        return seconds if part <= MORNING_ENDS and seconds >= 3600 else seconds + A_DAY // 2
    return seconds if seconds >= 7 * 3600 else seconds + A_DAY // 2


def _zone(zones: tuple[Piece, ...]) -> ZoneInfo | None:
    names = {piece.name for piece in zones} - {"local"}
    if not names:
        return None
    if len(names) > 1:
        raise Unreadable
    return _zone_called(names.pop())


@cache
def _spellings() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _zone_called(name: str) -> ZoneInfo:
    if name.startswith("UTC") and len(name) > 3:
        return _fixed_zone(name)
    spelled = _spellings().get(name.lower())
    if spelled is None:
        raise Unreadable
    return ZoneInfo(spelled)


def _fixed_zone(name: str) -> ZoneInfo:
    """UTC+01:00 as the zone Etc/GMT-1; offsets that are no whole hours have none."""
    sign, hours, minutes = name[3], int(name[4:6]), name[7:9]
    if minutes != "00":
        raise Unreadable
    return ZoneInfo("UTC" if hours == 0 else f"Etc/GMT{'-' if sign == '+' else '+'}{hours}")


def _without_a_day(local: Local, clock: int | None, parts: tuple[Piece, ...]) -> DueReading:
    """What "by noon", "in the morning", "by close of business" mean: today if that is still to come."""
    today = local.at(local.today, clock)
    tomorrow = local.at(local.today + ONE_DAY, clock)
    ahead = today.due_at > local.moment.sent_at
    if clock is None or (ahead and not _in_the_morning(clock, parts)):
        return _answer(today)
    if not ahead and _in_the_morning(clock, parts):
        return _answer(tomorrow)
    raise Unreadable(today, tomorrow)


def _in_the_morning(clock: int, parts: tuple[Piece, ...]) -> bool:
    return bool(parts) and clock <= MORNING_ENDS
