"""How an instant is said on the screen: how late, how long yet, which day.

The words are the desk's: "17 h 42 min late", "in 1 h 18 min", "Fri 27 Nov, 17:00", "6 min ago".
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY: Final = timedelta(days=1)


def clock_words(due_at: datetime, now: datetime, zone: tzinfo) -> str:
    """When something is due, as seen from `now` by a reader in `zone`. Both instants are aware."""
    left = _elapsed(now, due_at)
    if left < timedelta(0):
        return f"{_length(-left)} late"
    if left < _DAY:
        return f"in {_length(left)}"
    return f"{_day(due_at, now, zone)}, {due_at.astimezone(zone):%H:%M}"


def look_again_words(at: datetime, now: datetime, zone: tzinfo) -> str:
    """For a promise without a date: the day on which somebody looks at it again."""
    return f"look again {_day(at, now, zone)}"


def ago_words(at: datetime, now: datetime, zone: tzinfo) -> str:
    """When something happened, as seen from `now` by a reader in `zone`."""
    passed = _elapsed(at, now)
    if passed < timedelta(hours=1):
        return f"{max(passed // timedelta(minutes=1), 0)} min ago"
    local = at.astimezone(zone)
    if passed < 6 * _DAY:
        return f"{_DAYS[local.weekday()]} {local:%H:%M}"
    return f"{_day(at, now, zone)}, {local:%H:%M}"


def _elapsed(start: datetime, end: datetime) -> timedelta:
    """Real time between two instants: in one zone Python would subtract what the clocks showed."""
    return end.astimezone(UTC) - start.astimezone(UTC)


def _length(span: timedelta) -> str:
    """Two units at most; seconds are dropped."""
    hours, rest = divmod(span, timedelta(hours=1))
    if span >= _DAY:
        days, hours = divmod(hours, 24)
        return " ".join(
            filter(None, ("1 day" if days == 1 else f"{days} days", f"{hours} h" if hours else ""))
        )
    minutes = rest // timedelta(minutes=1)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _day(at: datetime, now: datetime, zone: tzinfo) -> str:
    """The day as `Fri 27 Nov`, with the year when it is not this one."""
    local = at.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{year}"
