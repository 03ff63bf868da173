"""Makes one instant of the pieces of a due time, or says what the choice is, or that it is unsure."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from worker.domain.calendar import BusinessCalendar, local_instant
from worker.domain.duetime.atoms import DAY_KINDS, Kind, Piece, WeekdayMode
from worker.domain.duetime.rendering import MONTHS, WEEKDAYS
from worker.domain.duetime.values import DueReading, Reading

ONE_DAY = timedelta(days=1)
A_DAY = 24 * 3600
MORNING_ENDS = 12 * 3600
UNSURE = DueReading(due_at=None, reading="unsure: please give the date and time", unsure=True)
NOT_NAMED = DueReading(due_at=None, reading="no time named", named=False)
VAGUE = DueReading(due_at=None, reading="no definite time", vague=True)


_WEEKDAYS = WEEKDAYS["en"].split()
_MONTHS = MONTHS["en"].split()


class _Unreadable(Exception):  # noqa: N818 - control flow inside this module: the words fit no shape
    def __init__(self, *choices: Reading) -> None:
        self.choices = choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When and where a letter was sent, which its due times count from."""

    sent_at: datetime
    calendar: BusinessCalendar
    month_first: bool = False
    named: date | None = None  # the date named before, for "that day"

    @property
    def today(self) -> date:
        return self.calendar.local_date(self.sent_at)


def resolve(pieces: tuple[Piece, ...], moment: Moment) -> DueReading:
    """The one instant these pieces mean; unsure with the choices when they mean two."""
    if not [piece for piece in pieces if piece.kind is not Kind.IGNORED]:
        return NOT_NAMED
    try:
        return _resolve(pieces, moment)
    except _Unreadable as unreadable:
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
    if of(Kind.UNSURE) and not (days and _only_lower_bounds(of(Kind.UNSURE))):
        raise _Unreadable
    if lengths:
        if days or clocks or parts or len(lengths) > 1:
            raise _Unreadable
        return _after_elapsed(lengths[0], moment)
    if not (days or clocks or parts or of(Kind.CLOSE)):
        if of(Kind.VAGUE):
            return VAGUE
        raise _Unreadable
    if of(Kind.FIRST_THING) and not (clocks or parts):
        raise _Unreadable
    zone = _zone(of(Kind.ZONE))
    clock = _clock(clocks, parts, closes=bool(of(Kind.CLOSE)))
    if zone is not None and clock is None:
        raise _Unreadable
    local = _Local(moment, zone)
    if not days:
        return _without_a_day(local, clock, parts)
    if clock is not None:
        days = tuple(replace(piece, before=False) for piece in days)  # before five on Thursday
    day, words = _one_day(days, local)
    return _answer(local.at(day, clock, words))


def _only_lower_bounds(unsure: tuple[Piece, ...]) -> bool:
    del unsure
    return False


def _by_kind(pieces: tuple[Piece, ...]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    def of(*kinds: Kind) -> tuple[Piece, ...]:
        return tuple(piece for piece in pieces if piece.kind in kinds)

    return of


def _answer(reading: Reading) -> DueReading:
    return DueReading(due_at=reading.due_at, reading=reading.reading)


def day_words(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


class _Local:
    """Local dates and clocks at the letter's moment, in the zone the words state or the calendar's."""

    def __init__(self, moment: Moment, zone: ZoneInfo | None) -> None:
        self.moment, self.calendar = moment, moment.calendar
        self.zone = zone or moment.calendar.tz
        self.stated = zone is not None
        self.today = moment.sent_at.astimezone(self.zone).date()

    def at(self, day: date, clock: int | None, words: str = "") -> Reading:
        """That day at that minute, or at its end of business."""
        tail = f" ({words})" if words else ""
        if clock is None:
            return self._end_of_business(day, tail)
        when = local_instant(day + ONE_DAY * (clock // A_DAY), _time(clock), self.zone)
        shown = "midnight at the end of" if clock == A_DAY else f"{_time(clock):%H:%M} on"
        place = f", {_zone_words(self.zone)} time" if self.stated else ""
        return Reading(
            due_at=when.astimezone(self.calendar.tz), reading=f"{shown} {day_words(day)}{place}{tail}"
        )

    def _end_of_business(self, day: date, tail: str) -> Reading:
        end = self.calendar.end_of_business(day)
        if day == self.today and self.moment.sent_at >= end:
            return Reading(
                due_at=self.calendar.instant(day, time(23, 59)), reading=f"23:59 on {day_words(day)}{tail}"
            )
        return Reading(due_at=end, reading=f"end of business on {day_words(day)}{tail}")


def _time(seconds: int) -> time:
    minutes, second = divmod(seconds % A_DAY, 60)
    return time(minutes // 60, minutes % 60, second)


def _zone_words(zone: ZoneInfo) -> str:
    return zone.key.replace("_", " ")


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
            raise _Unreadable
        return part
    if len(clocks) > 1 and all(piece.joined for piece in clocks[1:]):
        clocks = clocks[-1:]
    return _one({_unbared(piece, part) for piece in clocks})


def _one(values: set[int]) -> int:
    if len(values) != 1:
        raise _Unreadable
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
        raise _Unreadable
    return _zone_called(names.pop())


@cache
def _spellings() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _zone_called(name: str) -> ZoneInfo:
    if name.startswith("UTC") and len(name) > 3:
        return _fixed_zone(name)
    spelled = _spellings().get(name.lower())
    if spelled is None:
        raise _Unreadable
    return ZoneInfo(spelled)


def _fixed_zone(name: str) -> ZoneInfo:
    """UTC+01:00 as the zone Etc/GMT-1; offsets that are no whole hours have none."""
    sign, hours, minutes = name[3], int(name[4:6]), name[7:9]
    if minutes != "00":
        raise _Unreadable
    return ZoneInfo("UTC" if hours == 0 else f"Etc/GMT{'-' if sign == '+' else '+'}{hours}")


def _without_a_day(local: _Local, clock: int | None, parts: tuple[Piece, ...]) -> DueReading:
    """What "by noon", "in the morning", "by close of business" mean: today if that is still to come."""
    today = local.at(local.today, clock)
    tomorrow = local.at(local.today + ONE_DAY, clock)
    ahead = today.due_at > local.moment.sent_at
    if clock is None or (ahead and not _in_the_morning(clock, parts)):
        return _answer(today)
    if not ahead and _in_the_morning(clock, parts):
        return _answer(tomorrow)
    raise _Unreadable(today, tomorrow)


def _in_the_morning(clock: int, parts: tuple[Piece, ...]) -> bool:
    return bool(parts) and clock <= MORNING_ENDS


def _one_day(days: tuple[Piece, ...], local: _Local) -> tuple[date, str]:
    """The one day that all day pieces mean: appositions agree, a range takes its end."""
    resolved: list[tuple[Piece, date, str]] = []
    for piece in days:
        day, words = _day(piece, local, resolved[-1][1] if resolved else local.moment.named)
        if piece.joined and resolved and resolved.pop()[1] > day:
            raise _Unreadable
        resolved.append((piece, day, words))
    found = {day for piece, day, _ in resolved if not _bends(piece, resolved)}
    if not found:
        found = {resolved[0][1]}
    if len(found) > 1 or any(_bends(p, resolved) and not _agrees(p, found) for p, _, _ in resolved):
        raise _Unreadable(*(local.at(day, None) for _, day, _ in resolved))
    day = found.pop()
    return day, next((words for _, _, words in resolved if words), "")


def _bends(piece: Piece, resolved: list[tuple[Piece, date, str]]) -> bool:
    """A plain weekday's name beside a date is a description of it."""
    plain = piece.kind is Kind.WEEKDAY and piece.values[1:] == (WeekdayMode.COMING, 0) and not piece.before
    return plain and not piece.joined and any(other.kind is not Kind.WEEKDAY for other, _, _ in resolved)


def _agrees(piece: Piece, found: set[date]) -> bool:
    return all(day.weekday() == piece.values[0] for day in found)


def _day(piece: Piece, local: _Local, named: date | None) -> tuple[date, str]:
    day, words = _DAYS[piece.kind](piece, local, named)
    if not piece.before or (piece.kind in (Kind.WEEK, Kind.MONTH) and piece.values[1]):
        return day, words
    if piece.kind in (Kind.WEEK, Kind.MONTH):
        return _DAYS[piece.kind](Piece(piece.kind, (piece.values[0] - 1, 1)), local, named)
    before = local.calendar.previous_business_day(day)
    if before < local.today:
        raise _Unreadable
    return before, f"the business day before {day_words(day)}"


def _date(piece: Piece, local: _Local, _named: date | None) -> tuple[date, str]:
    year, month, day = piece.values
    if piece.name == "numeric" and not local.moment.month_first:
        month, day = day, month
    if year:
        return date(year, month, day), ""
    if month:
        return _next_date(local.today, month, day), ""
    return _next_day_of_month(local.today, day), ""


def _next_date(today: date, month: int, day: int) -> date:
    for year in range(today.year, today.year + 9):
        if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
            found = date(year, month, day)
            if found >= today:
                return found
    raise _Unreadable


def _next_day_of_month(today: date, day: int) -> date:
    for months in range(3):
        first = _add_months(today.replace(day=1), months)
        if 1 <= day <= monthrange(first.year, first.month)[1] and first.replace(day=day) >= today:
            return first.replace(day=day)
    raise _Unreadable


def _weekday(piece: Piece, local: _Local, _named: date | None) -> tuple[date, str]:
    weekday, mode, weeks = piece.values
    today = local.today
    monday = today - ONE_DAY * today.weekday()
    coming = today + ONE_DAY * ((weekday - today.weekday() - 1) % 7 + 1 + 7 * weeks)
    next_week = monday + ONE_DAY * (7 + weekday)
    if mode == WeekdayMode.NEXT_WEEK:
        return next_week, ""
    if mode == WeekdayMode.THIS_WEEK:
        this_week = monday + ONE_DAY * weekday
        if this_week < today:
            raise _Unreadable
        return this_week, ""
    if (mode == WeekdayMode.EITHER and coming != next_week) or (
        mode == WeekdayMode.THIS and coming == today + ONE_DAY * 7
    ):
        other = next_week if mode == WeekdayMode.EITHER else today
        raise _Unreadable(local.at(min(coming, other), None), local.at(max(coming, other), None))
    return coming, ""


def _offset(piece: Piece, local: _Local, _named: date | None) -> tuple[date, str]:
    return local.today + ONE_DAY * piece.values[0], ""


def _business_days(piece: Piece, local: _Local, _named: date | None) -> tuple[date, str]:
    n = piece.values[0]
    words = "the next business day" if n == 1 else f"{n} business days"
    return local.calendar.add_business_days(local.today, n), words


def _plain_days(piece: Piece, local: _Local, _named: date | None) -> tuple[date, str]:
    n = piece.values[0]
    return local.today + ONE_DAY * n, "1 day" if n == 1 else f"{n} days"


def _months(piece: Piece, local: _Local, _named: date | None) -> tuple[date, str]:
    return _add_months(local.today, piece.values[0]), ""


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _week(piece: Piece, local: _Local, _named: date | None) -> tuple[date, str]:
    weeks, end = piece.values
    monday = local.today - ONE_DAY * local.today.weekday() + ONE_DAY * 7 * weeks
    last = _last_business_day(local, monday, monday + ONE_DAY * 6)
    if piece.by and not end and not piece.before:
        raise _Unreadable(local.at(max(local.today, monday), None), local.at(last, None))
    if last < local.today:
        raise _Unreadable
    return last, ("last business day of that week")


def _month(piece: Piece, local: _Local, _named: date | None) -> tuple[date, str]:
    months, end = piece.values
    first = _add_months(local.today.replace(day=1), months)
    last = _last_business_day(local, first, _add_months(first, 1) - ONE_DAY)
    if piece.by and not end and not piece.before:
        raise _Unreadable(local.at(max(local.today, first), None), local.at(last, None))
    if last < local.today:
        raise _Unreadable
    return last, "last business day of that month"


def _named_month(piece: Piece, local: _Local, _named: date | None) -> tuple[date, str]:
    month, year = piece.values
    first = date(year, month, 1) if year else date(local.today.year, month, 1)
    if not year and _add_months(first, 1) <= local.today:
        first = _add_months(first, 12)
    return _last_business_day(
        local, first, _add_months(first, 1) - ONE_DAY
    ), "last business day of that month"


def _last_business_day(local: _Local, first: date, last: date) -> date:
    found = local.calendar.previous_business_day(last + ONE_DAY)
    if found < first:
        raise _Unreadable
    return found


def _that_day(piece: Piece, _local: _Local, named: date | None) -> tuple[date, str]:
    if named is None:
        raise _Unreadable
    return named + ONE_DAY * piece.values[0], ""


_DAYS = {
    Kind.DATE: _date,
    Kind.WEEKDAY: _weekday,
    Kind.OFFSET: _offset,
    Kind.BUSINESS_DAYS: _business_days,
    Kind.DAYS: _plain_days,
    Kind.MONTHS: _months,
    Kind.WEEK: _week,
    Kind.MONTH: _month,
    Kind.NAMED_MONTH: _named_month,
    Kind.THAT_DAY: _that_day,
}


def last_day_named(pieces: tuple[Piece, ...], moment: Moment) -> date | None:
    """The last date that these words name, for "that day" after them."""
    named: date | None = None
    local = _Local(moment, None)
    for piece in pieces:
        if piece.kind in DAY_KINDS:
            try:
                named = _day(piece, local, named)[0]
            except (_Unreadable, OverflowError, ValueError):
                named = None
    return named
