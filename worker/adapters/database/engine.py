"""How a connection to the database is made, and what every one of them is told first."""

from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from worker.errors import BadSettings

BUSY_TIMEOUT = 10_000  # milliseconds to wait for another process's transaction
WRITES = "amends_writes"  # execution option of a connection that will write


def make_engine(url: str, *, beside: Path | None = None) -> Engine:
    """An engine for `url`; a relative SQLite path is taken from the folder `beside`."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True
        )
    if parsed.get_backend_name() != "sqlite":
        raise BadSettings(
            (f'database.url: "{parsed.get_backend_name()}" is not supported; use sqlite or postgresql',)
        )
    path = sqlite_file(url, beside)
    if path is None:
        engine = create_engine(
            "sqlite://", hide_parameters=True, poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
    else:
        engine = create_engine(parsed.set(database=str(path)), hide_parameters=True)
    _prepare_sqlite(engine)
    return engine


def sqlite_file(url: str, beside: Path | None = None) -> Path | None:
    """The file of an SQLite database; None for one in memory and for other databases."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    return (beside or Path()) / str(parsed.database)


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as fault:
        raise BadSettings(('database.url: cannot be read; write it like "sqlite:///amends.db"',)) from fault


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
