"""Which day a piece of a due time means: a weekday's name, a date, three working days, the end of a month."""

from calendar import monthrange
from datetime import date

from worker.domain.duetime.atoms import DAY_KINDS, Kind, Piece, WeekdayMode
from worker.domain.duetime.moment import ONE_DAY, Local, Moment, Unreadable, day_words


def one_day(days: tuple[Piece, ...], local: Local) -> tuple[date, str]:
    """The one day that all day pieces mean: appositions agree, a range takes its end."""
    resolved: list[tuple[Piece, date, str]] = []
    for piece in days:
        day, words = _day(piece, local, resolved[-1][1] if resolved else local.moment.named)
        if piece.joined and resolved and resolved.pop()[1] > day:
            raise Unreadable
        resolved.append((piece, day, words))
    found = {day for piece, day, _ in resolved if not _bends(piece, resolved)}
    if not found:
        found = {resolved[0][1]}
    if len(found) > 1 or any(_bends(p, resolved) and not _agrees(p, found) for p, _, _ in resolved):
        raise Unreadable(*(local.at(day, None) for _, day, _ in resolved))
    day = found.pop()
    return day, next((words for _, _, words in resolved if words), "")


def _bends(piece: Piece, resolved: list[tuple[Piece, date, str]]) -> bool:
    """A plain weekday's name beside a date is a description of it."""
    plain = piece.kind is Kind.WEEKDAY and piece.values[1:] == (WeekdayMode.COMING, 0) and not piece.before
    return plain and not piece.joined and any(other.kind is not Kind.WEEKDAY for other, _, _ in resolved)


def _agrees(piece: Piece, found: set[date]) -> bool:
    return all(day.weekday() == piece.values[0] for day in found)


def _day(piece: Piece, local: Local, named: date | None) -> tuple[date, str]:
    day, words = _DAYS[piece.kind](piece, local, named)
    if not piece.before or (piece.kind in (Kind.WEEK, Kind.MONTH) and piece.values[1]):
        return day, words
    if piece.kind in (Kind.WEEK, Kind.MONTH):
        return _DAYS[piece.kind](Piece(piece.kind, (piece.values[0] - 1, 1)), local, named)
    before = local.calendar.previous_business_day(day)
    if before < local.today:
        raise Unreadable
    return before, f"the business day before {day_words(day)}"


def _date(piece: Piece, local: Local, _named: date | None) -> tuple[date, str]:
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
    raise Unreadable


def _next_day_of_month(today: date, day: int) -> date:
    for months in range(3):
        first = _add_months(today.replace(day=1), months)
        if 1 <= day <= monthrange(first.year, first.month)[1] and first.replace(day=day) >= today:
            return first.replace(day=day)
    raise Unreadable


def _weekday(piece: Piece, local: Local, _named: date | None) -> tuple[date, str]:
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
            raise Unreadable
        return this_week, ""
    if (mode == WeekdayMode.EITHER and coming != next_week) or (
        mode == WeekdayMode.THIS and coming == today + ONE_DAY * 7
    ):
        other = next_week if mode == WeekdayMode.EITHER else today
        raise Unreadable(local.at(min(coming, other), None), local.at(max(coming, other), None))
    return coming, ""


def _offset(piece: Piece, local: Local, _named: date | None) -> tuple[date, str]:
    return local.today + ONE_DAY * piece.values[0], ""


def _business_days(piece: Piece, local: Local, _named: date | None) -> tuple[date, str]:
    n = piece.values[0]
    words = "the next business day" if n == 1 else f"{n} business days"
    return local.calendar.add_business_days(local.today, n), words


def _plain_days(piece: Piece, local: Local, _named: date | None) -> tuple[date, str]:
    n = piece.values[0]
    return local.today + ONE_DAY * n, "1 day" if n == 1 else f"{n} days"


def _months(piece: Piece, local: Local, _named: date | None) -> tuple[date, str]:
    return _add_months(local.today, piece.values[0]), ""


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _week(piece: Piece, local: Local, _named: date | None) -> tuple[date, str]:
    weeks, end = piece.values
    monday = local.today - ONE_DAY * local.today.weekday() + ONE_DAY * 7 * weeks
    last = _last_business_day(local, monday, monday + ONE_DAY * 6)
    if piece.by and not end and not piece.before:
        raise Unreadable(local.at(max(local.today, monday), None), local.at(last, None))
    if last < local.today:
        raise Unreadable
    return last, ("last business day of that week")


def _month(piece: Piece, local: Local, _named: date | None) -> tuple[date, str]:
    months, end = piece.values
    first = _add_months(local.today.replace(day=1), months)
    last = _last_business_day(local, first, _add_months(first, 1) - ONE_DAY)
    if piece.by and not end and not piece.before:
        raise Unreadable(local.at(max(local.today, first), None), local.at(last, None))
    if last < local.today:
        raise Unreadable
    return last, "last business day of that month"


def _named_month(piece: Piece, local: Local, _named: date | None) -> tuple[date, str]:
    month, year = piece.values
    first = date(year, month, 1) if year else date(local.today.year, month, 1)
    if not year and _add_months(first, 1) <= local.today:
        first = _add_months(first, 12)
    return _last_business_day(
        local, first, _add_months(first, 1) - ONE_DAY
    ), "last business day of that month"


def _last_business_day(local: Local, first: date, last: date) -> date:
    found = local.calendar.previous_business_day(last + ONE_DAY)
    if found < first:
        raise Unreadable
    return found


def _that_day(piece: Piece, _local: Local, named: date | None) -> tuple[date, str]:
    if named is None:
        raise Unreadable
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
    local = Local(moment, None)
    for piece in pieces:
        if piece.kind in DAY_KINDS:
            try:
                named = _day(piece, local, named)[0]
            except (Unreadable, OverflowError, ValueError):
                named = None
    return named
