"""When the team is told about a promise or a next date, who is told, and how loudly.

One alert stands per thing and kind; it is told again and again, each time a rung higher, until the
thing itself is no longer open. An acknowledgement only buys time: it names a person and a next look.
The first overdue notice goes at once, day or night; warnings and repeats keep to business time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from worker.domain.calendar import BusinessCalendar


class AlertKind(StrEnum):
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    CONFIRM = "confirm"  # a promise was read in a letter; is it one?
    ACKNOWLEDGE_SOON = "acknowledge_soon"
    ACKNOWLEDGE = "acknowledge"  # a complaint waits for its first answer
    LOOK = "look"  # a case, or a promise without a time, must be looked at
    SAFETY = "safety"
    SIGN_IN = "sign_in"  # a mailbox cannot be read
    SILENT = "silent"  # a mailbox has not been read for too long
    SET_ASIDE = "set_aside"
    LETTER = "letter"  # a letter was refused, or nobody knows whether it left
    VIP = "vip"
    WELL = "well"  # a mailbox that could not be read can be read again


MILD = frozenset({AlertKind.DUE_SOON, AlertKind.ACKNOWLEDGE_SOON, AlertKind.CONFIRM, AlertKind.LOOK})
URGENT = frozenset({AlertKind.SAFETY, AlertKind.SIGN_IN, AlertKind.SILENT})


class AlertState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something a person must answer for. It ends only when its thing is no longer open."""

    id: int = 0
    kind: AlertKind
    state: AlertState = AlertState.OPEN
    case_id: int | None = None
    promise_id: int | None = None
    mail_id: int | None = None
    subject: str  # what it is about, one line, no address
    told: tuple[str, ...]  # the people it has gone to so far
    due_at: datetime | None = None
    raised_at: datetime
    rung: int = 0  # how often it has been told since it was raised or last acknowledged
    next_at: datetime | None = None  # when it is told again
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    ended_at: datetime | None = None


class NoticeState(StrEnum):
    PENDING = "pending"
    SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to one person about one or more alerts: at least once, with a stable id."""

    id: int = 0
    stable_id: str  # the same on every attempt, so that a receiver can drop a double
    person: str
    title: str
    body: str
    colour: str = "failure"  # info, warning, failure or success, for channels that show one
    alert_ids: tuple[int, ...] = ()
    state: NoticeState = NoticeState.PENDING
    attempts: int = 0
    next_try_at: datetime
    made_at: datetime
    sent_at: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """How a team wants to be told; the defaults are those of contracts.md."""

    calendar: BusinessCalendar
    due_soon_hours: int = 4  # business hours
    repeat_hours: int = 2  # business hours between repeats on the first day
    urgent_repeats: timedelta = timedelta(minutes=10)  # unanswered this long, a second person is told
    lead: str | None = None
    safety: str | None = None
    safety_second: str | None = None


def first_alert_at(due_at: datetime, *, made_at: datetime, policy: AlertPolicy) -> datetime:
    """The due-soon warning, or the due time itself when the promise was made inside the warning."""
    warn_at = policy.calendar.subtract_business_hours(due_at, policy.due_soon_hours)
    return warn_at if warn_at > made_at else due_at


def next_rung_at(alert: Alert, *, now: datetime, policy: AlertPolicy) -> datetime:
    """When an unanswered alert is told again: after hours at first, then every business day."""
    if alert.kind in URGENT:
        return now + policy.urgent_repeats
    calendar = policy.calendar
    if alert.rung < 2:
        return calendar.add_business_hours(now, policy.repeat_hours)
    opens = calendar.next_open(now)
    return calendar.add_business_hours(opens, _hours_a_day(calendar))


def people_for(alert: Alert, *, owner: str, second: str | None, policy: AlertPolicy) -> tuple[str, ...]:
    """Who is told at this rung: the owner, then the lead as well, then whoever stands behind them."""
    if alert.kind is AlertKind.CONFIRM:
        return (owner,)
    if alert.kind in URGENT:
        first = policy.safety if alert.kind is AlertKind.SAFETY else policy.lead
        ladder = [first or owner, policy.safety_second or policy.lead, second]
    else:
        ladder = [owner, policy.lead, second]
    climbed = [person for person in ladder[: alert.rung + 1] if person]
    return tuple(dict.fromkeys(climbed or [owner]))


def acknowledge(alert: Alert, *, by: str, at: datetime, next_look: datetime) -> Alert:
    """A person answers for it until `next_look`; then it repeats and rises."""
    return replace(
        alert, state=AlertState.ACKNOWLEDGED, acknowledged_by=by, acknowledged_at=at, next_at=next_look
    )


def end(alert: Alert, *, at: datetime) -> Alert:
    return replace(alert, state=AlertState.ENDED, ended_at=at, next_at=None)


def _hours_a_day(calendar: BusinessCalendar) -> float:
    opens, closes = calendar.opens, calendar.closes
    return (closes.hour * 60 + closes.minute - opens.hour * 60 - opens.minute) / 60
