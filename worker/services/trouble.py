"""A mailbox that cannot be read is told to a person, and told again when it is well."""

from datetime import UTC, datetime

from worker.domain import alert as alerts
from worker.domain.alert import Alert, AlertKind
from worker.ports import Database
from worker.services import watching
from worker.services.house import House

LOST = (AlertKind.SIGN_IN, AlertKind.SILENT)


def mailbox_lost(
    database: Database,
    house: House,
    mailbox: str,
    kind: AlertKind,
    said: str,
    *,
    since: datetime,
    now: datetime,
) -> None:
    """Raise the alert once; it repeats by itself until the mailbox is well. `since`: when it was read last."""
    with database.writing() as rooms:
        told = {alert.kind for alert in _standing(rooms.alerts.standing(kind=LOST), mailbox)}
        if kind in told or AlertKind.SIGN_IN in told:  # a refused sign-in explains the silence
            return
        subject = f"{_beginning(mailbox)}{since.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {said}"
        lead = house.policy.lead or house.owner_for(mailbox)
        watching.raise_alert(rooms, house, Alert(kind=kind, subject=subject, told=(lead,), raised_at=now))


def mailbox_well(database: Database, house: House, mailbox: str, *, now: datetime) -> None:
    """End the alert of a mailbox that can be read again, and say so to whoever was told."""
    with database.reading() as rooms:
        standing = _standing(rooms.alerts.standing(kind=LOST), mailbox)
    if not standing:
        return
    with database.writing() as rooms:
        for alert in standing:
            rooms.alerts.save(alerts.end(alert, at=now))
        told = tuple(dict.fromkeys(person for alert in standing for person in alert.told))
        subject = f"Mailbox {mailbox} is read again."
        well = Alert(kind=AlertKind.WELL, subject=subject, told=told, raised_at=now)
        watching.tell_once(rooms, house, well, now=now)


def _standing(found: list[Alert], mailbox: str) -> list[Alert]:
    return [alert for alert in found if alert.subject.startswith(_beginning(mailbox))]


def _beginning(mailbox: str) -> str:
    """What the subject of this mailbox's alert begins with, and of no other's ("shop" and "shop two")."""
    return f"Mailbox {mailbox} has not been read since "
