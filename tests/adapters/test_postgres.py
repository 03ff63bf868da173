"""The same program on PostgreSQL: tables, rows, transactions, and a whole sample mailbox taken in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import StatementError

from tests.people import team
from tests.servers.postgres import Postgres
from worker.adapters.database.engine import make_engine
from worker.adapters.database.migrate import migrate, revision
from worker.adapters.database.unit import SqlDatabase
from worker.adapters.imap import FetchedMail
from worker.adapters.samples import sample_mails
from worker.app import make_house
from worker.domain.case import Customer
from worker.domain.post import Author
from worker.ports import Database, Rooms
from worker.services import intake
from worker.services.accounts import account_for
from worker.services.intake import Shelf
from worker.services.looking import what_was_found

pytestmark = pytest.mark.servers
NOW = datetime(2026, 11, 19, 11, 0, tzinfo=UTC)


@pytest.fixture
def engine(postgres: Postgres) -> Iterator[Engine]:
    engine = make_engine(postgres.new_database())
    yield engine
    engine.dispose()


@pytest.fixture
def database(engine: Engine) -> SqlDatabase:
    migrate(engine)
    return SqlDatabase(engine)


def test_migrating_twice_is_migrating_once(engine: Engine) -> None:
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert revision(connection) == "0001"


def test_a_value_comes_back_as_it_was_kept(database: SqlDatabase) -> None:
    ada = Customer(name="Ada", tags=("vip",), created_at=NOW)
    with database.writing() as rooms:
        kept = rooms.customers.add(ada)
    with database.reading() as rooms:
        assert rooms.customers.get(kept.id) == replace(ada, id=kept.id)


def test_a_transaction_that_raises_leaves_nothing(database: SqlDatabase) -> None:
    with pytest.raises(StatementError, match="zone"), database.writing() as rooms:
        _add_two(rooms)
    with database.reading() as rooms:
        assert rooms.customers.count() == 0


def test_a_sample_mailbox_comes_to_the_same_as_on_sqlite(database: SqlDatabase) -> None:
    sqlite = make_engine("sqlite://")
    migrate(sqlite)
    here, there = taken_in(database), taken_in(SqlDatabase(sqlite))
    assert here == there
    sqlite.dispose()


def _add_two(rooms: Rooms) -> None:
    rooms.customers.add(Customer(name="Ada", created_at=NOW))
    rooms.customers.add(Customer(name="Dan", created_at=NOW.replace(tzinfo=None)))  # refused: no zone


def taken_in(database: Database) -> tuple[object, ...]:
    """What a whole mailbox comes to: the accounts, and what was promised and never answered."""
    house = make_house(team(), b"one key for both")
    for folder in ("INBOX", "Sent"):
        mails = [
            mail for mail in sample_mails(NOW, own_address="support@example.test") if mail.folder == folder
        ]
        fetched = [
            FetchedMail(uid=n, raw=mail.raw, internal_date=mail.arrived_at, size=len(mail.raw))
            for n, mail in enumerate(mails, 1)
        ]
        intake.keep(database, Shelf(mailbox="support", folder=folder, uidvalidity=1), fetched, now=NOW)
    while intake.take_in_waiting(database, house, now=NOW).any:
        pass
    with database.reading() as rooms:
        assert rooms.mails.count(author=Author.CUSTOMER) > 40
        return account_for(rooms), what_was_found(rooms, now=NOW)
