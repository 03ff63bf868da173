"""A mailbox that cannot be read is told to a person, and told again when it is well."""

from dataclasses import replace
from datetime import datetime

from worker.domain import alert as alerts
from worker.domain.alert import Alert, AlertKind
from worker.ports import Database
from worker.services import watching
from worker.services.house import House

LOST = (AlertKind.SIGN_IN, AlertKind.SILENT)


def mailbox_lost(
    database: Database, house: House, mailbox: str, kind: AlertKind, said: str, *, now: datetime
) -> None:
    """Raise the alert once; it repeats by itself until the mailbox is well."""
    with database.writing() as rooms:
        if _standing(rooms.alerts.standing(kind=LOST), mailbox):
            return
        subject = f"Mailbox {mailbox} has not been read since {now:%Y-%m-%d %H:%M} UTC: {said}"
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
            well = replace(
                alert, id=0, kind=AlertKind.WELL, subject=f"Mailbox {mailbox} is read again.", raised_at=now
            )
            watching.tell_once(rooms, house, well, now=now)


def _standing(found: list[Alert], mailbox: str) -> list[Alert]:
    return [alert for alert in found if alert.subject.startswith(f"Mailbox {mailbox} ")]
