"""The letter's moment: when and where it was sent, and what a day or a clock there is as an instant."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from worker.domain.calendar import BusinessCalendar, local_instant
from worker.domain.duetime.rendering import MONTHS, WEEKDAYS
from worker.domain.duetime.values import Reading

ONE_DAY = timedelta(days=1)
A_DAY = 24 * 3600  # seconds
_WEEKDAYS = WEEKDAYS["en"].split()
_MONTHS = MONTHS["en"].split()


class Unreadable(Exception):  # noqa: N818 - control flow inside this module: the words fit no shape
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


def day_words(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


class Local:
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
