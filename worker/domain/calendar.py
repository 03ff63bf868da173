"""A team's business calendar: which days and hours count, and the arithmetic on both.

Day arithmetic happens on local dates, hour arithmetic in UTC, so neither bends at a clock change.
A local time that a clock change skips means the later instant; one that comes twice means the second.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holidays import country_holidays

from worker.errors import BadInput

ONE_DAY = timedelta(days=1)
MONDAY_TO_FRIDAY = frozenset(range(5))
FARTHEST_SEARCH = 3_660  # days: ten years without a business day is a mistake in the settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _CountryYear:
    holidays: frozenset[date]
    working_days: frozenset[date]  # by the country's own week, with its made-up working Saturdays


@lru_cache(maxsize=512)
def _country_year(country: str, subdivision: str | None, year: int) -> _CountryYear:
    known = country_holidays(country, subdiv=subdivision, years=year)
    days = [date(year, 1, 1) + ONE_DAY * n for n in range(366)]
    return _CountryYear(
        holidays=frozenset(day for day in known if day.year == year),
        working_days=frozenset(day for day in days if day.year == year and known.is_working_day(day)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessCalendar:
    """When a team works. Raises BadInput, naming the value, for a zone, country or hours that cannot be.

    `workdays` counts Monday as 0; None means the country's own week, Monday to Friday without a country.
    """

    zone: str = "Europe/London"
    country: str | None = None  # ISO 3166 alpha-2
    subdivision: str | None = None  # as the `holidays` package names it: ENG, BY, CA
    opens: time = time(9)
    closes: time = time(17)
    workdays: frozenset[int] | None = None
    closures: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        _refuse_unknown_zone(self.zone)
        _refuse_unknown_country(self.country, self.subdivision)
        if self.opens >= self.closes:
            msg = (
                f"Business hours must open before they close, not {self.opens:%H:%M} to {self.closes:%H:%M}."
            )
            raise BadInput(msg)
        if self.workdays is not None and not self.workdays & frozenset(range(7)):
            raise BadInput("Workdays must name at least one day, Monday = 0 to Sunday = 6.")

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def instant(self, day: date, clock: time) -> datetime:
        """Local date and time as an aware instant in our zone; skipped times go later, doubled ones second."""
        return local_instant(day, clock, self.tz)

    def local_date(self, instant: datetime) -> date:
        return instant.astimezone(self.tz).date()

    def is_business_day(self, day: date) -> bool:
        if day in self.closures or not self._in_our_week(day):
            return False
        return self.instant(day, time(12)).date() == day  # a day the zone skipped altogether is none

    def is_open(self, instant: datetime) -> bool:
        """Within business hours of a business day; the closing instant itself is closed."""
        day = self.local_date(instant)
        return self.is_business_day(day) and self.start_of_business(day) <= instant < self.end_of_business(
            day
        )

    def start_of_business(self, day: date) -> datetime:
        return self.instant(day, self.opens)

    def end_of_business(self, day: date) -> datetime:
        return self.instant(day, self.closes)

    def add_business_days(self, day: date, n: int) -> date:
        """The n-th business day after `day` (before it, when n is negative); `day` itself for 0."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        for _ in range(abs(n)):
            day = self._step_to_business_day(day, step)
        return day

    def next_business_day(self, day: date) -> date:
        """The first business day strictly after `day`."""
        return self.add_business_days(day, 1)

    def previous_business_day(self, day: date) -> date:
        """The last business day strictly before `day`."""
        return self.add_business_days(day, -1)

    def next_open(self, instant: datetime) -> datetime:
        """The first instant from this one on at which we are open: the instant itself if we are."""
        if self.is_open(instant):
            return instant.astimezone(self.tz)
        day = self.local_date(instant)
        if self.is_business_day(day) and instant < self.start_of_business(day):
            return self.start_of_business(day)
        return self.start_of_business(self.next_business_day(day))

    def last_open(self, instant: datetime) -> datetime:
        """The last instant up to this one with business time before it: the instant itself, or a closing time."""
        day = self.local_date(instant)
        if self.is_business_day(day) and instant > self.start_of_business(day):
            return min(instant.astimezone(self.tz), self.end_of_business(day))
        return self.end_of_business(self.previous_business_day(day))

    def add_business_hours(self, instant: datetime, hours: float) -> datetime:
        """`hours` of business time later; time outside business hours does not count."""
        left, at = timedelta(hours=hours), self.next_open(instant)
        while (room := _elapsed(at, self.end_of_business(self.local_date(at)))) < left:
            left -= room
            at = self.start_of_business(self.next_business_day(self.local_date(at)))
        return self._later(at, left)

    def subtract_business_hours(self, instant: datetime, hours: float) -> datetime:
        """`hours` of business time earlier; what falls on a closed day counts back from the closing before it."""
        left, at = timedelta(hours=hours), self.last_open(instant)
        while (room := _elapsed(self.start_of_business(self.local_date(at)), at)) < left:
            left -= room
            at = self.end_of_business(self.previous_business_day(self.local_date(at)))
        return self._later(at, -left)

    def _later(self, instant: datetime, by: timedelta) -> datetime:
        return (instant.astimezone(UTC) + by).astimezone(self.tz)

    def _in_our_week(self, day: date) -> bool:
        if self.country is None:
            return day.weekday() in (MONDAY_TO_FRIDAY if self.workdays is None else self.workdays)
        year = _country_year(self.country, self.subdivision, day.year)
        if self.workdays is None:
            return day in year.working_days
        return day.weekday() in self.workdays and day not in year.holidays

    def _step_to_business_day(self, day: date, step: timedelta) -> date:
        for _ in range(FARTHEST_SEARCH):
            day += step
            if self.is_business_day(day):
                return day
        raise BadInput("The calendar has no business day within ten years: look at workdays and closures.")


def local_instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A wall time as an aware instant in `zone`: the later one where a clock change leaves two meanings."""
    wall = datetime.combine(day, clock.replace(fold=0), tzinfo=zone)
    first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    return max(first, second).astimezone(zone)


def _elapsed(start: datetime, end: datetime) -> timedelta:
    return end.astimezone(UTC) - start.astimezone(UTC)


@lru_cache(maxsize=64)
def _refuse_unknown_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(f"No time zone is called {zone!r}; use an IANA name such as Europe/London.") from error


@lru_cache(maxsize=64)
def _refuse_unknown_country(country: str | None, subdivision: str | None) -> None:
    if country is None:
        if subdivision is not None:
            raise BadInput(f"A subdivision ({subdivision!r}) needs its country beside it.")
        return
    try:
        country_holidays(country, subdiv=subdivision)
    except NotImplementedError as error:
        place = country if subdivision is None else f"{country}/{subdivision}"
        raise BadInput(
            f"No public holidays are known for {place!r}; use codes such as GB and ENG."
        ) from error
