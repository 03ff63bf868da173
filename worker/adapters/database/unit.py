"""Transactions: everything in one, or nothing; and the rooms a service finds inside."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from worker import ports
from worker.adapters.database import stores
from worker.adapters.database.engine import BUSY_TIMEOUT, WRITES
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
        # SQLite has one writer at a time and lets the others sleep and look again; our own threads wait in a
        # line instead, so that fetching and taking in take turns. PostgreSQL needs no such line.
        self._turn = Lock() if engine.dialect.name == "sqlite" else None

    @contextmanager
    def writing(self) -> Iterator[ports.Rooms]:
        with self._in_turn(), self._connected(writes=True) as connection, connection.begin():
            yield SqlRooms(connection)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_TIMEOUT / 1000):
            raise Transient("The database is busy: another thread is writing. Nothing was changed.")
        try:
            yield
        finally:
            self._turn.release()

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
