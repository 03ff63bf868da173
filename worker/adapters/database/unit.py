"""Transactions: everything in one, or nothing; and the rooms a service finds inside."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from worker.adapters.database import stores
from worker.adapters.database.engine import WRITES
from worker.errors import Transient


class SqlRooms:
    """Every store on one connection, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.kept = stores.KeptMailRows(connection)
        self.mails = stores.ReadMailRows(connection)
        self.cases = stores.CaseRows(connection)
        self.customers = stores.CustomerRows(connection)
        self.participants = stores.ParticipantRows(connection)
        self.drafts = stores.DraftRows(connection)
        self.approvals = stores.ApprovalRows(connection)
        self.promises = stores.PromiseRows(connection)
        self.deliveries = stores.DeliveryRows(connection)
        self.contacts = stores.ContactRows(connection)
        self.alerts = stores.AlertRows(connection)
        self.notices = stores.NoticeRows(connection)
        self.events = stores.EventRows(connection)
        self.marks = stores.MarkRows(connection)
        self.absences = stores.AbsenceRows(connection)
        self.folders = stores.FolderRows(connection)
        self.facts = stores.FactRows(connection)

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        with self.connection.begin_nested():
            yield


class SqlDatabase:
    """The one database that remembers."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def writing(self) -> Iterator[SqlRooms]:
        with self._connected(writes=True) as connection, connection.begin():
            yield SqlRooms(connection)

    @contextmanager
    def reading(self) -> Iterator[SqlRooms]:
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
