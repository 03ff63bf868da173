"""An office for every test: the real services on an empty database in memory, with a clock that stands still."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.fakes import FakeSender
from tests.people import Office, SetClock, team
from worker.adapters.database.engine import make_engine
from worker.adapters.database.migrate import migrate
from worker.adapters.database.unit import SqlDatabase
from worker.app import App, make_house, signing_key
from worker.ports import Rooms
from worker.services.house import House


@pytest.fixture(scope="session")
def shared_house() -> House:
    """The team with every shipped rule and letter, read once."""
    return make_house(team(), b"a key for tests")


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def empty() -> Iterator[sqlite3.Connection]:
    """An empty database, brought up to date once; every test gets a copy."""
    engine = make_engine("sqlite://")
    migrate(engine)
    connection = engine.raw_connection()
    assert isinstance(connection.driver_connection, sqlite3.Connection)
    yield connection.driver_connection
    connection.close()
    engine.dispose()


@pytest.fixture
def app(shared_house: House, clock: SetClock, empty: sqlite3.Connection) -> Iterator[App]:
    engine = make_engine("sqlite://")
    copy = engine.raw_connection()
    assert isinstance(copy.driver_connection, sqlite3.Connection)
    empty.backup(copy.driver_connection)
    copy.close()
    database = SqlDatabase(engine)
    house = replace(shared_house, key=signing_key(database))
    yield App(settings=house.settings, database=database, house=house, clock=clock, sender=FakeSender())
    engine.dispose()


@pytest.fixture
def office(app: App, clock: SetClock) -> Office:
    return Office(app=app, clock=clock)


@pytest.fixture
def house(app: App) -> House:
    return app.house


@pytest.fixture
def rooms(app: App) -> Iterator[Rooms]:
    """One transaction for a test that needs no more."""
    with app.database.writing() as open_rooms:
        yield open_rooms
