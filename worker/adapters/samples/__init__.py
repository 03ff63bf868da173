"""The sample mailbox of the demo: a fortnight and more of mail at an invented shop, dated to end at `now`.

Every mail is a template in mails/: a card of `key: value` lines, a blank line, then the mail as it would lie in a
mailbox. The card gives `folder`, `expect` (what a person would say), `at` (when it arrived) and perhaps `encoding`, the
bytes it was written in. In the mail, `{{own}}` is our address and `{{FORM WHEN}}` a date, so that the story holds on
any day it is told:

- WHEN counts from `now`: `-9bd 10:12` is nine business days before today; `tue 17:00` the last Tuesday whose five
  o'clock has passed and `tue-1bd 16:20` the business day before it; `-40min` is forty minutes ago. Without a clock,
  noon. `{{date}}` alone is the mail's own time.
- FORM is `date` (as headers have it), `quoted` (as attribution lines do), `weekday`, `ordinal` (3rd), `numeric`, `long`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import format_datetime
from importlib.resources import files

from worker.domain.calendar import BusinessCalendar

SHOP_HOURS = BusinessCalendar(zone="Europe/London", country="GB", subdivision="ENG")
TUESDAY = 1
PROMISED_HOUR = time(17)  # of the call that nobody made


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMail:
    """One mail of the sample mailbox. `arrived_at` is aware and before the `now` it was made for."""

    folder: str  # INBOX or Sent
    name: str
    raw: bytes  # CRLF line ends
    arrived_at: datetime
    expect: str  # complaint, not_complaint, machine, safety, unclassified, unreadable or ours


def sample_mails(now: datetime, *, own_address: str = "support@kettlewell.example") -> tuple[SampleMail, ...]:
    """The sample mailbox as it stands at `now`, oldest mail first."""
    folder = files(__name__) / "mails"
    templates = {entry.name.removesuffix(".eml"): entry.read_text("utf-8") for entry in folder.iterdir()}
    mails = (_fill(name, template, now, own_address) for name, template in sorted(templates.items()))
    return tuple(sorted(mails, key=lambda mail: mail.arrived_at))


def _fill(name: str, template: str, now: datetime, own_address: str) -> SampleMail:
    head, _, mail = template.partition("\n\n")
    card = dict(line.split(": ", 1) for line in head.splitlines())
    arrived_at = _when(card["at"], now)

    def value(blank: re.Match[str]) -> str:
        form, when = blank[1], blank[2]
        if form == "own":
            return own_address
        return _FORMS[form](_when(when, now) if when else arrived_at)

    filled = _BLANK.sub(value, mail).replace("\n", "\r\n")
    return SampleMail(
        folder=card["folder"],
        name=name,
        raw=filled.encode(card.get("encoding", "utf-8")),
        arrived_at=arrived_at,
        expect=card["expect"],
    )


_BLANK = re.compile(r"\{\{(\w+)(?: ([^{}]+))?\}\}")
_MINUTES_AGO = re.compile(r"-(\d+)min")
_WHEN = re.compile(r"(tue)?(?:([+-]\d+)bd)?(?: (\d\d:\d\d))?")


def _when(words: str, now: datetime) -> datetime:
    if minutes := _MINUTES_AGO.fullmatch(words):
        return (now - timedelta(minutes=int(minutes[1]))).astimezone(SHOP_HOURS.tz)
    found = _WHEN.fullmatch(words)
    if not found:
        msg = f"{words!r} is no time of a sample mail."
        raise ValueError(msg)
    day = _last_tuesday(now) if found[1] else SHOP_HOURS.local_date(now)
    day = SHOP_HOURS.add_business_days(day, int(found[2] or 0))
    return SHOP_HOURS.instant(day, time.fromisoformat(found[3] or "12:00"))


def _last_tuesday(now: datetime) -> date:
    """The last Tuesday on which the promised hour has passed."""
    today = SHOP_HOURS.local_date(now)
    day = today - timedelta(days=(today.weekday() - TUESDAY) % 7)
    return day if SHOP_HOURS.instant(day, PROMISED_HOUR) < now else day - timedelta(days=7)


def _ordinal(at: datetime) -> str:
    ending = "th" if at.day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(at.day % 10, "th")
    return f"{at.day}{ending}"


_FORMS: Mapping[str, Callable[[datetime], str]] = {
    "date": format_datetime,
    "quoted": lambda at: f"{at:%a}, {at.day} {at:%b %Y} at {at:%H:%M}",
    "weekday": lambda at: f"{at:%A}",
    "ordinal": _ordinal,
    "numeric": lambda at: f"{at:%d/%m/%Y}",
    "long": lambda at: f"{at.day} {at:%B %Y}",
}
