"""What falls due is raised as an alert and told, again and higher, until somebody has answered for it.

`sweep` looks only at rows whose time has come; `deliver_notices` carries what it wrote to people. The
alert's row is the truth: a channel that is down delays the telling, never the alert.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from worker.domain import alert as alerts
from worker.domain.alert import Alert, AlertKind, AlertState, Notice, NoticeState
from worker.domain.case import Case, NextKind
from worker.domain.post import Absence
from worker.domain.promise import Promise, PromiseState, next_due
from worker.errors import Transient
from worker.log import get_logger
from worker.ports import Channel, Database, Rooms
from worker.services import dates
from worker.services.house import House
from worker.services.wording_of_alerts import WARNINGS, Message, message_for, message_for_group

RETRY_NOTICE = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
ENDED_KINDS = frozenset(
    {AlertKind.ACKNOWLEDGE, AlertKind.ACKNOWLEDGE_SOON, AlertKind.LOOK, AlertKind.LETTER, AlertKind.VIP}
)
VALUED = "vip"  # the tag of a customer whose complaints the lead hears of at once

log = get_logger(__name__)


def sweep(database: Database, house: House, *, now: datetime) -> int:
    """Raise what has fallen due and tell again what nobody has answered; the number of rows moved."""
    with database.writing() as rooms:
        raised = [_raise_for_promise(rooms, house, promise, now=now) for promise in rooms.promises.due(now)]
        raised += [_raise_for_case(rooms, house, case, now=now) for case in rooms.cases.due(now)]
        _tell_in_groups(
            rooms, house, [alert for alert in raised if alert and alert.kind in WARNINGS], now=now
        )
        climbed = [_climb(rooms, house, alert, now=now) for alert in rooms.alerts.due(now)]
        _tell_in_groups(rooms, house, [alert for alert in climbed if alert], now=now)
    return sum(alert is not None for alert in [*raised, *climbed])


def raise_alert(rooms: Rooms, house: House, alert: Alert) -> Alert:
    """Write the alert and tell its people at once; the same thing is never alerted twice over."""
    same = _standing(rooms, alert)
    if same is not None:
        return same
    kept = _keep(rooms, house, alert)
    _tell(rooms, house, kept, kept.told, now=kept.raised_at)
    return kept


def tell_once(rooms: Rooms, house: House, alert: Alert, *, now: datetime) -> None:
    """Good news, or news that wants no answer: told, and no alert stands for it."""
    _tell(rooms, house, alert, alert.told, now=now)


def tell_safety(rooms: Rooms, house: House, case: Case, *, now: datetime) -> None:
    """A named person is told at once, at any hour."""
    person = house.policy.safety or case.owner
    subject = f"Case {case.id} speaks of danger. Read it now: amends cases show {case.id}"
    raise_alert(
        rooms,
        house,
        Alert(kind=AlertKind.SAFETY, case_id=case.id, subject=subject, told=(person,), raised_at=now),
    )


def tell_of_valued_customer(rooms: Rooms, house: House, case: Case, *, now: datetime) -> None:
    """The lead hears of every complaint of a customer tagged `vip`, until somebody has reached them."""
    customer = rooms.customers.get(case.customer_id)
    if customer is None or VALUED not in customer.tags:
        return
    alert = Alert(
        kind=AlertKind.VIP,
        case_id=case.id,
        subject=f"Case {case.id} is a valued customer's complaint",
        told=(house.policy.lead or case.owner,),
        raised_at=now,
    )
    raise_alert(rooms, house, alert)


def acknowledge(
    rooms: Rooms, alert_id: int, *, by: str, next_look: datetime | None, house: House, now: datetime
) -> Alert | None:
    """`by` answers for it until the next look; None when there is no such alert standing."""
    alert = rooms.alerts.get(alert_id)
    if alert is None or alert.state is AlertState.ENDED:
        return None
    look = next_look or house.calendar.start_of_business(
        house.calendar.next_business_day(house.calendar.local_date(now))
    )
    taken = alerts.acknowledge(alert, by=by, at=now, next_look=look)
    rooms.alerts.save(taken)
    return taken


def end_promise_alerts(
    rooms: Rooms, promise_id: int, *, now: datetime, kinds: Collection[AlertKind] | None = None
) -> None:
    for alert in rooms.alerts.standing(promise_id=promise_id):
        if kinds is None or alert.kind in kinds:
            rooms.alerts.save(alerts.end(alert, at=now))


def end_case_alerts(
    rooms: Rooms, case_id: int, *, now: datetime, kinds: Collection[AlertKind] = ENDED_KINDS
) -> None:
    for alert in rooms.alerts.standing(case_id=case_id, kind=tuple(kinds), promise_id=None):
        rooms.alerts.save(alerts.end(alert, at=now))


def keep_case_dated(rooms: Rooms, house: House, case_id: int, *, now: datetime) -> None:
    """An open case whose last promise has ended gets a next contact as its date."""
    case = rooms.cases.get(case_id)
    if case is None or not case.is_open or case.next_at is not None or case.is_history:
        return
    if next_due(rooms.promises.watched(case_id)) is None:
        at = dates.look_again_at(house, now)
        rooms.cases.save(dates.with_next_date(house, case, NextKind.CONTACT, at, set_at=now))


def stand_in(rooms: Rooms, person: str, *, now: datetime) -> str:
    """Who is told in this person's place while they are away."""
    seen = {person}
    while (away := _absence(rooms, person, now)) and away.stand_in not in seen:
        person = away.stand_in
        seen.add(person)
    return person


def deliver_notices(
    database: Database, channels_for: Callable[[str], Sequence[Channel]], *, now: datetime
) -> int:
    """Carry waiting notices to their people; what cannot be told now is tried again for as long as it takes."""
    with database.reading() as rooms:
        waiting = rooms.notices.due(now)
    for alike, channels in _alike(waiting, channels_for):
        trouble = _carry(alike, channels)
        with database.writing() as rooms:
            for notice in alike:
                rooms.notices.save(_after(notice, trouble, now=now))
        if trouble:
            first = alike[0]
            log.warning("notice_not_delivered", notice=first.id, attempts=first.attempts + 1)
    return len(waiting)


def _raise_for_promise(rooms: Rooms, house: House, promise: Promise, *, now: datetime) -> Alert | None:
    watch_at = promise.watch_at
    if watch_at is None:
        return None
    if now < watch_at:
        kind, next_at = AlertKind.DUE_SOON, watch_at
    else:
        kind, next_at = (AlertKind.OVERDUE if promise.due_at else AlertKind.LOOK), None
        end_promise_alerts(rooms, promise.id, now=now, kinds={AlertKind.DUE_SOON})
    moved = replace(promise, next_alert_at=next_at)
    if not rooms.promises.swap(moved, seen={"next_alert_at": promise.next_alert_at}):
        return None  # another worker got there first
    subject = f"Promise {promise.id}: “{promise.words}”"
    alert = Alert(
        kind=kind,
        case_id=promise.case_id,
        promise_id=promise.id,
        subject=subject,
        told=(promise.owner,),
        due_at=watch_at,
        raised_at=now,
    )
    return _raise_due(rooms, house, alert)


def _raise_for_case(rooms: Rooms, house: House, case: Case, *, now: datetime) -> Alert | None:
    if case.next_at is None:
        return None
    if now < case.next_at:
        kind, next_at = AlertKind.ACKNOWLEDGE_SOON, case.next_at
    else:
        kind = AlertKind.ACKNOWLEDGE if case.next_kind is NextKind.ACKNOWLEDGE else AlertKind.LOOK
        next_at = None
        end_case_alerts(rooms, case.id, now=now, kinds={AlertKind.ACKNOWLEDGE_SOON})
    if not rooms.cases.swap(replace(case, next_alert_at=next_at), seen={"next_alert_at": case.next_alert_at}):
        return None
    waits_for = {
        NextKind.ACKNOWLEDGE: "waits for its first answer",
        NextKind.CONTACT: "waits for the next contact",
        NextKind.LOOK: "waits for somebody to look at it",
    }[case.next_kind or NextKind.LOOK]
    alert = Alert(
        kind=kind,
        case_id=case.id,
        subject=f"Case {case.id} {waits_for}",
        told=(case.owner,),
        due_at=case.next_at,
        raised_at=now,
    )
    return _raise_due(rooms, house, alert)


def _raise_due(rooms: Rooms, house: House, alert: Alert) -> Alert | None:
    """What has fallen due is told at once, and singly; a warning is left to be told with the others."""
    if alert.kind not in WARNINGS:
        return raise_alert(rooms, house, alert)
    return None if _standing(rooms, alert) else _keep(rooms, house, alert)


def _standing(rooms: Rooms, alert: Alert) -> Alert | None:
    """The same alert, where it stands already."""
    same = rooms.alerts.standing(
        kind=alert.kind,
        case_id=alert.case_id,
        promise_id=alert.promise_id,
        mail_id=alert.mail_id,
        subject=alert.subject,
    )
    return same[0] if same else None


def _keep(rooms: Rooms, house: House, alert: Alert) -> Alert:
    """The alert's row, for whoever stands in where somebody is away."""
    people = tuple(dict.fromkeys(stand_in(rooms, person, now=alert.raised_at) for person in alert.told))
    repeats = alert.kind not in {*WARNINGS, AlertKind.SET_ASIDE}
    next_at = alerts.next_rung_at(alert, now=alert.raised_at, policy=house.policy) if repeats else None
    return rooms.alerts.add(replace(alert, told=people, next_at=next_at))


def _climb(rooms: Rooms, house: House, alert: Alert, *, now: datetime) -> Alert | None:
    """One rung higher, unless what it is about has ended meanwhile."""
    if not _still_open(rooms, alert):
        rooms.alerts.save(alerts.end(alert, at=now))
        return None
    higher = replace(alert, state=AlertState.OPEN, rung=alert.rung + 1)
    owner, second = _owner_of(rooms, house, alert)
    people = alerts.people_for(higher, owner=owner, second=second, policy=house.policy)
    if _unconfirmed(rooms, alert):
        people = (owner,)
    people = tuple(dict.fromkeys(stand_in(rooms, person, now=now) for person in people))
    told = tuple(dict.fromkeys((*alert.told, *people)))
    higher = replace(higher, told=told, next_at=alerts.next_rung_at(higher, now=now, policy=house.policy))
    if not rooms.alerts.swap(higher, seen={"next_at": alert.next_at}):
        return None
    if higher.kind in alerts.URGENT or higher.kind is AlertKind.LETTER:
        _tell(rooms, house, higher, people, now=now)
        return None
    return replace(higher, told=people)


def _tell_in_groups(rooms: Rooms, house: House, group: Sequence[Alert], *, now: datetime) -> None:
    """Warnings, or repeats, to one person in one message, the earliest due first."""
    people = dict.fromkeys(person for alert in group for person in alert.told)
    for person in people:
        theirs = sorted(
            (alert for alert in group if person in alert.told), key=lambda alert: alert.due_at or now
        )
        _write_notice(rooms, person, theirs, message_for_group(rooms, house, theirs, now=now), now=now)


def _tell(rooms: Rooms, house: House, alert: Alert, people: Sequence[str], *, now: datetime) -> None:
    message = message_for(rooms, house, alert, now=now)
    for person in people:
        _write_notice(rooms, person, [alert], message, now=now)


def _write_notice(
    rooms: Rooms, person: str, about: Sequence[Alert], message: Message, *, now: datetime
) -> None:
    notice = Notice(
        stable_id=f"amends-{uuid4().hex}",
        person=person,
        title=message.title,
        body=message.body,
        colour="warning" if all(alert.kind in alerts.MILD for alert in about) else "failure",
        alert_ids=tuple(alert.id for alert in about),
        next_try_at=now,
        made_at=now,
    )
    rooms.notices.add(notice)


def _alike(
    waiting: Sequence[Notice], channels_for: Callable[[str], Sequence[Channel]]
) -> list[tuple[list[Notice], Sequence[Channel]]]:
    """Notices that say the same on the same channels go together: a team's own room hears a thing once."""
    found: dict[tuple[object, ...], tuple[list[Notice], Sequence[Channel]]] = {}
    for notice in waiting:
        channels = channels_for(notice.person)
        key = (notice.title, notice.body, *map(id, channels))
        found.setdefault(key, ([], channels))[0].append(notice)
    return list(found.values())


def _carry(alike: Sequence[Notice], channels: Sequence[Channel]) -> str:
    """Try each channel in turn; '' when one took it, else what was in the way. The first line says whom it is for."""
    notice = alike[0]
    people = list(dict.fromkeys(one.person for one in alike))
    body = f"For {' and '.join(people)}:\n{notice.body}"
    troubles = []
    for channel in channels:
        try:
            channel.notify(notice.title, body, notice.colour, notice.stable_id)
        except Transient as fault:
            troubles.append(str(fault))
        else:
            return ""
    return "; ".join(troubles) or "no channel is set for this person"


def _after(notice: Notice, trouble: str, *, now: datetime) -> Notice:
    tried = replace(notice, attempts=notice.attempts + 1, trouble=trouble)
    if not trouble:
        return replace(tried, state=NoticeState.SENT, sent_at=now)
    wait = RETRY_NOTICE[min(notice.attempts, len(RETRY_NOTICE) - 1)]
    return replace(tried, next_try_at=now + wait)


def _still_open(rooms: Rooms, alert: Alert) -> bool:
    if alert.promise_id is not None:
        promise = rooms.promises.get(alert.promise_id)
        if alert.kind is AlertKind.CONFIRM:
            return promise is not None and promise.state is PromiseState.UNCONFIRMED
        return promise is not None and promise.is_watched
    if alert.case_id is not None:
        case = rooms.cases.get(alert.case_id)
        return case is not None and case.is_open
    return True


def _owner_of(rooms: Rooms, house: House, alert: Alert) -> tuple[str, str | None]:
    owner = alert.told[0]
    if alert.promise_id is not None and (promise := rooms.promises.get(alert.promise_id)):
        owner = promise.owner
    elif (
        alert.case_id is not None
        and alert.kind is not AlertKind.SAFETY
        and (case := rooms.cases.get(alert.case_id))
    ):
        owner = case.owner
    return owner, house.second_for(owner)


def _unconfirmed(rooms: Rooms, alert: Alert) -> bool:
    promise = rooms.promises.get(alert.promise_id) if alert.promise_id else None
    return promise is not None and promise.state is PromiseState.UNCONFIRMED


def _absence(rooms: Rooms, person: str, now: datetime) -> Absence | None:
    away = [
        absence for absence in rooms.absences.where(person=person, newest_first=True) if absence.until > now
    ]
    return away[0] if away else None
