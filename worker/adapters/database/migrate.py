"""Brings a database to the shape this version needs, one migration after the other."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from worker.adapters.database.engine import WRITES
from worker.errors import Refused, Transient

HEAD = "0001"  # the newest revision in migrations/versions
KNOWN = ("0001",)
_FOLDER = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Create or upgrade the tables; only then is anything written.

    Raises Refused for a database that a newer Amends has written, or a file that is none; Transient when it
    cannot be opened now.
    """
    try:
        with engine.connect() as connection, connection.begin():
            at = revision(connection)
        if at != HEAD:
            with engine.connect() as connection:
                connection.execution_options(**{WRITES: True})
                with connection.begin():
                    _bring_up(connection)
    except OperationalError as fault:
        raise Transient(
            f"The database cannot be opened: {_said(fault)}. Check database.url and its folder's rights."
        ) from fault
    except DatabaseError as fault:
        raise Refused(
            f"The database cannot be used: {_said(fault)}. Check database.url; nothing was changed."
        ) from fault


def _bring_up(connection: Connection) -> None:
    at = revision(connection)
    if at == HEAD:
        return  # another process was first
    if at is not None and at not in KNOWN:
        raise Refused(
            f"The database was written by a newer Amends (revision {at}). Install that version again."
        )
    from alembic import command  # noqa: PLC0415 - slow to import, and needed once in a database's life
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """The revision the database is at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found is not None else None


def _said(fault: DatabaseError) -> str:
    return str(fault.orig).partition("\n")[0]
