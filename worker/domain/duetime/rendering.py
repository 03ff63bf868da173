"""Writes a due time as the part of a sentence whose own reading gives back exactly that instant."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from worker.domain.calendar import BusinessCalendar, local_instant

ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
}
# the sentence part, what stands before a year, and the words for a zone
_FORMS = {
    "es": ("a más tardar el {weekday} {day} de {month}{year} a las {clock}{zone}", " de ", "hora de"),
    "de": ("bis {weekday}, {day}. {month}{year}, {clock} Uhr{zone}", " ", "Zeit in"),
    "pt": ("até {weekday}, {day} de {month}{year}, às {clock}{zone}", " de ", "hora de"),
    "it": ("entro {weekday} {day} {month}{year} alle {clock}{zone}", " ", "ora di"),
    "nl": ("uiterlijk {weekday} {day} {month}{year} om {clock} uur{zone}", " ", "tijd in"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wall:
    """What a clock on the wall shows, with the zone's words where they must be said."""

    day: date
    clock: time | None  # None: midnight at the end of `day`
    zone: str = ""


def render_due(
    due_at: datetime,
    *,
    zone: str,
    locale: str,
    at: BusinessCalendar,
    sent_at: datetime | None = None,
) -> str:
    """The sentence part "by Tuesday 24 November, 5 pm", in the language of `locale`: en, es, fr, de, pt, it, nl; else English.

    `zone` is the customer's; it is said where it is not the calendar's own. Fractions of a second are cut off.
    With `sent_at` the year is left out where a reader of that day would supply it; without, it is always said.
    """
    wall = _wall(due_at.replace(microsecond=0), ZoneInfo(zone), stated=zone != at.zone)
    year = (
        ""
        if sent_at is not None and _year_is_clear(wall.day, sent_at.astimezone(ZoneInfo(zone)).date())
        else f"{wall.day.year}"
    )
    language = locale[:2].lower()
    if language == "en":
        return _english(wall, year, american=locale.replace("_", "-").lower() == "en-us")
    if language == "fr":
        return _french(wall, year)
    return _by_form(wall, year, language) if language in _FORMS else _english(wall, year)


def _wall(due_at: datetime, zone: ZoneInfo, *, stated: bool) -> _Wall:
    local = due_at.astimezone(zone)
    if local_instant(local.date(), local.time(), zone) != due_at or (stated and "/" not in zone.key):
        return _offset_wall(due_at, local)
    return _shown(local, zone.key if stated else "")


def _offset_wall(due_at: datetime, local: datetime) -> _Wall:
    """An hour that comes twice is told by its distance from UTC."""
    offset = local.utcoffset() or timedelta()
    hours = offset // ONE_HOUR
    if offset != hours * ONE_HOUR or not -12 <= hours <= 14:
        offset, hours = timedelta(), 0
    return _shown(due_at.astimezone(timezone(offset)), f"UTC{hours:+d}" if hours else "UTC+0")


def _shown(local: datetime, zone: str) -> _Wall:
    if local.time() == time(0):
        return _Wall(day=local.date() - ONE_DAY, clock=None, zone=zone)
    return _Wall(day=local.date(), clock=local.time().replace(fold=0), zone=zone)


def _year_is_clear(day: date, today: date) -> bool:
    """The next such date on or after today is the one meant; the last days of a year ahead keep their year."""
    return today + ONE_DAY <= day <= today + ONE_DAY * 360


def _english(wall: _Wall, year: str, *, american: bool = False) -> str:
    month, weekday = _names(wall.day, "en")
    if american:
        day = f"{weekday}, {month} {wall.day.day}{f', {year}' if year else ''}"
    else:
        day = f"{weekday} {wall.day.day} {month}{f' {year}' if year else ''}"
    zone = f" {wall.zone}{' time' if '/' in wall.zone else ''}" if wall.zone else ""
    return f"by {day}, {_english_clock(wall.clock)}{zone}"


def _english_clock(clock: time | None) -> str:
    if clock is None:
        return "midnight"
    if clock == time(12):
        return "12 noon"
    hour, half = (clock.hour - 1) % 12 + 1, "pm" if clock.hour >= 12 else "am"
    if clock.second:
        return f"{hour}:{clock:%M:%S} {half}"
    return f"{hour}:{clock:%M} {half}" if clock.minute else f"{hour} {half}"


def _by_form(wall: _Wall, year: str, language: str) -> str:
    form, before_year, zone_words = _FORMS[language]
    month, weekday = _names(wall.day, language)
    zone = f" ({zone_words} {wall.zone})" if "/" in wall.zone else f" {wall.zone}".rstrip()
    return form.format(
        weekday=weekday,
        day=wall.day.day,
        month=month,
        year=f"{before_year}{year}" if year else "",
        clock=_full_clock(wall.clock),
        zone=zone,
    )


def _french(wall: _Wall, year: str) -> str:
    month, weekday = _names(wall.day, "fr")
    zone = f" (heure de {wall.zone})" if "/" in wall.zone else f" {wall.zone}".rstrip()
    first = "1er" if wall.day.day == 1 else str(wall.day.day)
    clock = _full_clock(wall.clock)
    shown = (
        clock.replace(":00", " h")
        if len(clock) == 5 and clock.endswith(":00")
        else clock.replace(":", " h ", 1)
    )
    return f"au plus tard le {weekday} {first} {month}{f' {year}' if year else ''} à {shown if len(clock) == 5 else clock}{zone}"


def _full_clock(clock: time | None) -> str:
    if clock is None:
        return "24:00"
    return f"{clock:%H:%M:%S}" if clock.second else f"{clock:%H:%M}"


def _names(day: date, language: str) -> tuple[str, str]:
    return MONTHS[language].split()[day.month - 1], WEEKDAYS[language].split()[day.weekday()]
