"""The questions each service asks of its rows, one store per kind of value."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from worker.adapters.database import tables
from worker.adapters.database.rows import TableRows
from worker.domain.alert import Alert, AlertState, Notice, NoticeState
from worker.domain.case import Case, CaseState, Customer, CustomerAddress, Participant
from worker.domain.delivery import SENDABLE, Delivery, DeliveryState
from worker.domain.draft import Approval, Draft
from worker.domain.post import Absence, Contact, Event, FolderPlace, KeptMail, KeptState, Mark, ReadMail
from worker.domain.promise import WATCHED, Promise
from worker.ports import SortedMails

MANY = 500  # values asked for in one IN list


class KeptMailRows(TableRows[KeptMail]):
    table, value = tables.kept_mail, KeptMail

    def held_uids(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        c = self.table.c
        here = and_(c.mailbox == mailbox, c.folder == folder, c.uidvalidity == uidvalidity)
        return set(self.connection.execute(select(c.uid).where(here)).scalars())

    def add_with_raw(self, mails: Sequence[tuple[KeptMail, bytes]]) -> list[KeptMail]:
        if not mails:
            return []
        raw = [{"sha256": kept.sha256, "bytes": data, "size": len(data)} for kept, data in mails]
        self.connection.execute(_insert_new(self.connection, tables.raw_mail), raw)
        return [added for kept, _ in mails if (added := self._add_new(kept))]

    def _add_new(self, kept: KeptMail) -> KeptMail | None:
        key = (kept.mailbox, kept.folder, kept.uidvalidity, kept.uid)
        if self.count(**dict(zip(("mailbox", "folder", "uidvalidity", "uid"), key, strict=True))):
            return None
        return self.add(kept)

    def raw(self, sha256: str) -> bytes:
        raw = tables.raw_mail.c
        query = self.once("raw", lambda: select(raw.bytes).where(raw.sha256 == bindparam("wanted")))
        return bytes(self.connection.execute(query, {"wanted": sha256}).scalar_one())

    def forget_bytes(self) -> None:
        c = self.table.c
        waiting = select(c.sha256).where(c.state == KeptState.KEPT)
        self.connection.execute(delete(tables.raw_mail).where(tables.raw_mail.c.sha256.not_in(waiting)))

    def waiting(self, limit: int) -> list[KeptMail]:
        c = self.table.c
        query = select(self.table).where(c.state == KeptState.KEPT).order_by(c.arrived_at, c.id)
        return self.ask(query.limit(limit))

    def count_attempt(self, row_ids: Sequence[int]) -> None:
        c = self.table.c
        if row_ids:
            self.connection.execute(
                update(self.table).where(c.id.in_(row_ids)).values(attempts=c.attempts + 1)
            )

    def still_waiting(self, row_ids: Sequence[int]) -> set[int]:
        c = self.table.c
        query = select(c.id).where(c.id.in_(row_ids), c.state == KeptState.KEPT)
        return set(self.connection.execute(query).scalars())

    def finish(self, row_ids: Sequence[int]) -> None:
        done = update(self.table).where(self.table.c.id.in_(row_ids))
        self.connection.execute(done.values(state=KeptState.TAKEN_IN, reason=""))

    def tally(self) -> list[tuple[str, str, str, int]]:
        c = self.table.c
        query = select(c.mailbox, c.folder, c.state, func.count()).group_by(c.mailbox, c.folder, c.state)
        return [tuple(row) for row in self.connection.execute(query.order_by(c.mailbox, c.folder))]


class ReadMailRows(TableRows[ReadMail]):
    table, value = tables.mail, ReadMail

    def by_message_ids(self, message_ids: Sequence[str]) -> list[ReadMail]:
        if not message_ids:
            return []
        return self.where(message_id=list(message_ids)[-MANY:])

    def by_fingerprint(self, fingerprint: str) -> ReadMail | None:
        found = self.where(fingerprint=fingerprint, copy_of=None, limit=1)
        return found[0] if found else None

    def of_case(self, case_id: int) -> list[ReadMail]:
        return sorted(self.where(case_id=case_id), key=lambda read: (read.written_at, read.id))

    def drafts_today(self, *, sender: str, since: datetime) -> int:
        mails, drafts = self.table.c, tables.draft.c
        query = select(func.count()).select_from(self.table.join(tables.draft, drafts.mail_id == mails.id))
        return self.connection.execute(
            query.where(mails.sender == sender, drafts.created_at >= since)
        ).scalar_one()

    def tally(self) -> list[tuple[str, str | None, int]]:
        c = self.table.c
        query = (
            select(c.author, c.route, func.count()).where(c.kept_id.is_not(None)).group_by(c.author, c.route)
        )
        return [tuple(row) for row in self.connection.execute(query)]

    def sorted_out(self) -> list[SortedMails]:
        c = self.table.c
        alike = (c.author, c.verdict, c.route, c.copy_of.is_not(None), c.is_history)
        query = select(*alike, func.count()).where(c.kept_id.is_not(None)).group_by(*alike)
        names = ("author", "verdict", "route", "is_copy", "is_history", "count")
        rows = self.connection.execute(query)
        return [SortedMails(**dict(zip(names, row, strict=True))) for row in rows]


class CaseRows(TableRows[Case]):
    table, value = tables.case, Case

    def with_participant(self, address: str, *, open_only: bool = True) -> list[Case]:
        statement = self.once(
            ("with_participant", open_only), lambda: self._with_participant(open_only=open_only)
        )
        return self.ask(statement, {"wanted_address": address})

    def _with_participant(self, *, open_only: bool) -> Select[Any]:
        c, people = self.table.c, tables.participant.c
        query = select(self.table).join(tables.participant, people.case_id == c.id)
        query = query.where(people.address == bindparam("wanted_address"))
        if open_only:
            query = query.where(c.state != CaseState.CLOSED, c.merged_into.is_(None))
        return query.order_by(c.id.desc()).limit(50)

    def due(self, now: datetime, limit: int = 200) -> list[Case]:
        c = self.table.c
        query = select(self.table).where(c.next_alert_at <= now, c.state != CaseState.CLOSED)
        return self.ask(query.order_by(c.next_alert_at).limit(limit))


class CustomerRows(TableRows[Customer]):
    table, value = tables.customer, Customer

    def by_address(self, address: str) -> Customer | None:
        found = self.ask(self.once("by_address", self._by_address), {"wanted_address": address})
        return found[0] if found else None

    def _by_address(self) -> Select[Any]:
        addresses = tables.customer_address.c
        query = select(self.table).join(tables.customer_address, addresses.customer_id == self.table.c.id)
        return query.where(addresses.address == bindparam("wanted_address"))

    def addresses(self, customer_id: int) -> list[CustomerAddress]:
        return _Addresses(self.connection).where(customer_id=customer_id)

    def add_address(self, customer_id: int, address: str) -> None:
        _Addresses(self.connection).add(CustomerAddress(customer_id=customer_id, address=address))

    def move_addresses(self, *, from_id: int, to_id: int) -> None:
        addresses = tables.customer_address
        self.connection.execute(
            update(addresses).where(addresses.c.customer_id == from_id).values(customer_id=to_id)
        )


class _Addresses(TableRows[CustomerAddress]):
    table, value = tables.customer_address, CustomerAddress


class ParticipantRows(TableRows[Participant]):
    table, value = tables.participant, Participant

    def of_case(self, case_id: int) -> set[str]:
        return {one.address for one in self.where(case_id=case_id)}


class PromiseRows(TableRows[Promise]):
    table, value = tables.promise, Promise

    def watched(self, case_id: int) -> list[Promise]:
        return self.where(case_id=case_id, state=tuple(WATCHED))

    def due(self, now: datetime, limit: int = 200) -> list[Promise]:
        c = self.table.c
        query = select(self.table).where(c.next_alert_at <= now, c.state.in_(list(WATCHED)))
        return self.ask(query.order_by(c.next_alert_at).limit(limit))

    def asked_about(self) -> list[Promise]:
        c = self.table.c
        return self.ask(select(self.table).where(c.question_contact_id.is_not(None)).order_by(c.id))

    def open_now(self, *, owner: str | None = None) -> list[Promise]:
        c = self.table.c
        query = select(self.table).where(c.state.in_(list(WATCHED)))
        if owner is not None:
            query = query.where(c.owner == owner)
        return self.ask(query.order_by(func.coalesce(c.due_at, c.look_again_at), c.id))


class DeliveryRows(TableRows[Delivery]):
    table, value = tables.delivery, Delivery

    def sendable(self, now: datetime, limit: int = 20) -> list[Delivery]:
        c = self.table.c
        query = select(self.table).where(c.state.in_(list(SENDABLE)), c.next_try_at <= now)
        return self.ask(query.order_by(c.next_try_at, c.id).limit(limit))

    def sent_since(self, at: datetime) -> int:
        query = select(func.count()).select_from(self.table).where(self.table.c.sent_at > at)
        return self.connection.execute(query).scalar_one()

    def stalled(self, now: datetime) -> list[Delivery]:
        c = self.table.c
        return self.ask(select(self.table).where(c.state == DeliveryState.SENDING, c.claim_expires_at <= now))

    def by_message_ids(self, message_ids: Sequence[str]) -> list[Delivery]:
        if not message_ids:
            return []
        return self.where(message_id=list(message_ids)[-MANY:])

    def by_reference(self, reference: str) -> Delivery | None:
        found = self.where(reference=reference, limit=1)
        return found[0] if found else None


class AlertRows(TableRows[Alert]):
    table, value = tables.alert, Alert

    def standing(self, **equals: Any) -> list[Alert]:
        return self.where(state=(AlertState.OPEN, AlertState.ACKNOWLEDGED), **equals)

    def due(self, now: datetime, limit: int = 200) -> list[Alert]:
        c = self.table.c
        query = select(self.table).where(c.next_at <= now, c.state != AlertState.ENDED)
        return self.ask(query.order_by(c.next_at, c.id).limit(limit))


class NoticeRows(TableRows[Notice]):
    table, value = tables.notice, Notice

    def due(self, now: datetime, limit: int = 50) -> list[Notice]:
        c = self.table.c
        query = select(self.table).where(c.state == NoticeState.PENDING, c.next_try_at <= now)
        return self.ask(query.order_by(c.next_try_at, c.id).limit(limit))


class DraftRows(TableRows[Draft]):
    table, value = tables.draft, Draft


class ApprovalRows(TableRows[Approval]):
    table, value = tables.approval, Approval


class ContactRows(TableRows[Contact]):
    table, value = tables.contact, Contact


class EventRows(TableRows[Event]):
    table, value = tables.event, Event


class MarkRows(TableRows[Mark]):
    table, value = tables.mark, Mark


class AbsenceRows(TableRows[Absence]):
    table, value = tables.absence, Absence


class FolderRows(TableRows[FolderPlace]):
    table, value = tables.folder_place, FolderPlace


class FactRows:
    """Small things remembered by name."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, name: str) -> str | None:
        return self.connection.execute(select(tables.fact.c.value).where(tables.fact.c.name == name)).scalar()

    def put(self, name: str, value: str) -> None:
        new = _insert_new(self.connection, tables.fact).values(name=name, value=value)
        self.connection.execute(new)
        self.connection.execute(update(tables.fact).where(tables.fact.c.name == name).values(value=value))


def _insert_new(connection: Connection, table: Any) -> Any:
    """INSERT that leaves a row already there alone."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table).on_conflict_do_nothing()
