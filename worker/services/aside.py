"""Mails that could not be read: tried again, or discarded with their bytes and their place kept."""

from dataclasses import replace
from datetime import datetime

from worker.domain import alert as alerts
from worker.domain.alert import AlertKind
from worker.domain.post import Event, KeptMail, KeptState
from worker.errors import Refused
from worker.ports import Rooms


def mail_aside(rooms: Rooms, kept_id: int) -> KeptMail:
    kept = rooms.kept.get(kept_id)
    if kept is None:
        raise Refused(f"No mail {kept_id} was set aside. See: amends aside list")
    if kept.state is not KeptState.SET_ASIDE:
        raise Refused(f"Mail {kept_id} is not set aside: it is {_said(kept)}.")
    return kept


def retry(rooms: Rooms, kept_id: int, *, now: datetime) -> KeptMail:
    """Three new tries, at the worker's next round."""
    kept = mail_aside(rooms, kept_id)
    if not rooms.kept.raw(kept.sha256):
        raise Refused(
            f"Mail {kept_id} has no bytes to read: {kept.reason} "
            "Nothing was changed; look at it in your mail program, then: amends aside discard"
        )
    waiting = replace(kept, state=KeptState.KEPT, attempts=0, reason="")
    rooms.kept.save(waiting)
    _end_alert(rooms, kept, now=now)
    return waiting


def discard(rooms: Rooms, kept_id: int, *, reason: str, by: str, now: datetime) -> KeptMail:
    """A person decides that it need not be read; nothing is deleted."""
    kept = mail_aside(rooms, kept_id)
    gone = replace(kept, state=KeptState.DISCARDED, reason=reason)
    rooms.kept.save(gone)
    _end_alert(rooms, kept, now=now)
    detail = f"mail {kept_id}: {reason} (it was set aside because: {kept.reason})"
    rooms.events.add(Event(at=now, who=by, what="mail_discarded", detail=detail))
    return gone


def _end_alert(rooms: Rooms, kept: KeptMail, *, now: datetime) -> None:
    for alert in rooms.alerts.standing(kind=AlertKind.SET_ASIDE):
        if alert.subject.startswith(f"Mail {kept.id} in "):
            rooms.alerts.save(alerts.end(alert, at=now))


def _said(kept: KeptMail) -> str:
    return {
        KeptState.KEPT: "waiting to be read",
        KeptState.TAKEN_IN: "taken in",
        KeptState.DISCARDED: f"discarded ({kept.reason})",
    }.get(kept.state, str(kept.state))
