"""Transactions: everything in one, or nothing; and the rooms a service finds inside."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from worker import ports
from worker.adapters.database import stores
from worker.adapters.database.engine import WRITES
from worker.domain.draft import Approval, Draft
from worker.domain.post import Absence, Contact, Event, FolderPlace, Mark
from worker.errors import Transient


class SqlRooms:
    """Every store on one connection, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.kept: ports.KeptMails = stores.KeptMailRows(connection)
        self.mails: ports.ReadMails = stores.ReadMailRows(connection)
        self.cases: ports.Cases = stores.CaseRows(connection)
        self.customers: ports.Customers = stores.CustomerRows(connection)
        self.participants: ports.Participants = stores.ParticipantRows(connection)
        self.drafts: ports.Rows[Draft] = stores.DraftRows(connection)
        self.approvals: ports.Rows[Approval] = stores.ApprovalRows(connection)
        self.promises: ports.Promises = stores.PromiseRows(connection)
        self.deliveries: ports.Deliveries = stores.DeliveryRows(connection)
        self.contacts: ports.Rows[Contact] = stores.ContactRows(connection)
        self.alerts: ports.Alerts = stores.AlertRows(connection)
        self.notices: ports.Notices = stores.NoticeRows(connection)
        self.events: ports.Rows[Event] = stores.EventRows(connection)
        self.marks: ports.Rows[Mark] = stores.MarkRows(connection)
        self.absences: ports.Rows[Absence] = stores.AbsenceRows(connection)
        self.folders: ports.Rows[FolderPlace] = stores.FolderRows(connection)
        self.facts: ports.Facts = stores.FactRows(connection)

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        with self.connection.begin_nested():
            yield


class SqlDatabase:
    """The one database that remembers."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def writing(self) -> Iterator[ports.Rooms]:
        with self._connected(writes=True) as connection, connection.begin():
            yield SqlRooms(connection)

    @contextmanager
    def reading(self) -> Iterator[ports.Rooms]:
        with self._connected(writes=False) as connection, connection.begin():
            yield SqlRooms(connection)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _connected(self, *, writes: bool) -> Iterator[Connection]:
        try:
            with self.engine.connect() as connection:
                yield connection.execution_options(**{WRITES: writes})
        except OperationalError as fault:
            raise Transient(
                f"The database could not be used: {_first_line(fault)} Nothing was changed."
            ) from fault


def _first_line(fault: OperationalError) -> str:
    return str(fault.orig).strip().partition("\n")[0].rstrip(".") + "."
