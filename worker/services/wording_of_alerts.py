"""What an alert says: what was promised, to whom, the sentence, how late, and the command that answers it.

No customer's address and no sentence goes into a title; a channel may be a chat room or a lock screen.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.domain.alert import Alert, AlertKind
from worker.domain.case import NextKind
from worker.domain.clockwords import clock_words
from worker.domain.promise import Promise
from worker.ports import Rooms
from worker.services.house import House

TITLES = {
    AlertKind.DUE_SOON: "Due soon",
    AlertKind.OVERDUE: "Overdue",
    AlertKind.CONFIRM: "Is this a promise?",
    AlertKind.ACKNOWLEDGE_SOON: "Due soon",
    AlertKind.ACKNOWLEDGE: "First answer overdue",
    AlertKind.LOOK: "Look again",
    AlertKind.SAFETY: "SAFETY",
    AlertKind.SIGN_IN: "A mailbox cannot be read",
    AlertKind.SILENT: "A mailbox has gone silent",
    AlertKind.SET_ASIDE: "A mail was set aside",
    AlertKind.LETTER: "A letter needs you",
    AlertKind.VIP: "A valued customer has complained",
    AlertKind.WELL: "All is well again",
}
SOON: Mapping[NextKind | None, str] = {
    NextKind.ACKNOWLEDGE: "First answer due soon",
    NextKind.CONTACT: "Next contact due soon",
    NextKind.LOOK: "Somebody must look soon",
}
WARNINGS = frozenset({AlertKind.DUE_SOON, AlertKind.ACKNOWLEDGE_SOON})
ADDRESS = re.compile(r"<?[^\s<>@,;:()]{1,64}@[^\s<>@,;:()]{1,255}>?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    title: str
    body: str


def message_for(rooms: Rooms, house: House, alert: Alert, *, now: datetime) -> Message:
    """One alert in full."""
    about = (
        customer_name(rooms, alert.case_id) if alert.promise_id else ADDRESS.sub("an address", alert.subject)
    )
    return Message(
        title=f"{_title(rooms, alert)}: {about}", body="\n".join(_lines(rooms, house, alert, now=now))
    )


def message_for_group(rooms: Rooms, house: House, group: Sequence[Alert], *, now: datetime) -> Message:
    """Several alerts to one person, in the order given."""
    if len(group) == 1:
        return message_for(rooms, house, group[0], now=now)
    parts = ["\n".join(_lines(rooms, house, alert, now=now)) for alert in group]
    begin = "Due soon" if all(alert.kind in WARNINGS for alert in group) else "Still waiting for you"
    return Message(title=f"{begin}: {len(group)} things", body="\n\n".join(parts))


def _title(rooms: Rooms, alert: Alert) -> str:
    """What kind of news it is; a case's warning says what the case waits for."""
    case = (
        rooms.cases.get(alert.case_id) if alert.case_id and alert.kind is AlertKind.ACKNOWLEDGE_SOON else None
    )
    return SOON.get(case.next_kind, TITLES[alert.kind]) if case else TITLES[alert.kind]


def customer_name(rooms: Rooms, case_id: int | None) -> str:
    case = rooms.cases.get(case_id) if case_id else None
    customer = rooms.customers.get(case.customer_id) if case else None
    return customer.name if customer else "a customer"


def _lines(rooms: Rooms, house: House, alert: Alert, *, now: datetime) -> list[str]:
    promise = rooms.promises.get(alert.promise_id) if alert.promise_id else None
    if promise is None:
        return _about_case(rooms, house, alert, now=now)
    who = customer_name(rooms, promise.case_id)
    return [
        f"{who} was promised: “{promise.words}”",
        f"{_clock(house, promise, now)} · owner {promise.owner} · case {promise.case_id}",
        *_interim(house, promise),
        f"Answer: {_answer(alert, promise)}",
        f"Or: amends alerts ack {alert.id} --as YOU",
    ]


def _about_case(rooms: Rooms, house: House, alert: Alert, *, now: datetime) -> list[str]:
    if alert.case_id is None:
        return [alert.subject, f"Answer: {_answer_without_case(alert)}"]
    due = f" ({clock_words(alert.due_at, now, house.settings.zone)})" if alert.due_at else ""
    who = customer_name(rooms, alert.case_id)
    return [
        f"{alert.subject}{due}",
        f"Customer: {who}",
        f"Answer: amends cases show {alert.case_id}",
        f"Or: amends alerts ack {alert.id} --as YOU",
    ]


def _answer_without_case(alert: Alert) -> str:
    return "amends aside list" if alert.kind is AlertKind.SET_ASIDE else "amends doctor"


def _clock(house: House, promise: Promise, now: datetime) -> str:
    if promise.due_at is None:
        at = promise.look_again_at
        return (
            f"no time given, look again {clock_words(at, now, house.settings.zone)}"
            if at
            else "no time given"
        )
    local = promise.due_at.astimezone(house.settings.zone)
    return f"due {local:%a %d %b %Y %H:%M} ({clock_words(promise.due_at, now, house.settings.zone)})"


def _interim(house: House, promise: Promise) -> list[str]:
    if promise.interim_at is None:
        return []
    local = promise.interim_at.astimezone(house.settings.zone)
    asks = f" Did that settle it? amends promises settle {promise.id} --as YOU (or --no)"
    return [f"They were reached on {local:%a %d %b %H:%M}.{asks if promise.question_contact_id else ''}"]


def _answer(alert: Alert, promise: Promise) -> str:
    if alert.kind is AlertKind.CONFIRM:
        return (
            f"amends promises confirm {promise.id} --as YOU, "
            f"or: amends promises withdraw {promise.id} --misread --as YOU"
        )
    if promise.work_done_at is not None:
        return f"tell the customer: amends drafts new {promise.case_id} --stage done"
    return f"tell the customer, or give a new date: amends promises move {promise.id} --to DATE --as YOU"
