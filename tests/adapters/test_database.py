"""The one database: what goes in comes out, transactions are whole, and migrations lead to the tables of today."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, inspect, text
from sqlalchemy.exc import IntegrityError, StatementError

from tests.people import MONDAY
from worker.adapters.database import engine as engines
from worker.adapters.database import migrate as migrations
from worker.adapters.database.columns import table_of
from worker.adapters.database.engine import make_engine, sqlite_file
from worker.adapters.database.lock import at_work
from worker.adapters.database.migrate import migrate, revision
from worker.adapters.database.rows import TableRows
from worker.adapters.database.tables import metadata
from worker.adapters.database.unit import SqlDatabase
from worker.domain.mail import Address
from worker.domain.post import Event, KeptMail, KeptState
from worker.errors import BadSettings, Refused, Transient
from worker.ports import Rooms


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine("sqlite:///amends.db", beside=tmp_path)
    yield made
    made.dispose()


@pytest.fixture
def database(engine: Engine) -> SqlDatabase:
    migrate(engine)
    return SqlDatabase(engine)


# Columns


class Mood(StrEnum):
    CALM = "calm"
    CROSS = "cross"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    id: int = 0
    at: datetime
    seen_at: datetime | None = None
    mood: Mood = Mood.CALM
    was: Mood | None = None
    to: tuple[Address, ...] = ()
    words: tuple[str, ...] = ()
    raw: bytes = b""
    count: int = 0
    urgent: bool = False


OWN = MetaData()


class LetterRows(TableRows[Letter]):
    table: Table = table_of("letter", OWN, Letter)
    value = Letter


@pytest.fixture
def letters() -> Iterator[LetterRows]:
    made = make_engine("sqlite://")
    with made.connect() as connection, connection.begin():
        OWN.create_all(connection)
        yield LetterRows(connection)
    made.dispose()


FULL = Letter(
    at=MONDAY,
    seen_at=datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC),
    mood=Mood.CROSS,
    was=Mood.CALM,
    to=(Address(name="Ada Lovell", address="ada@example.org"), Address(address="dan@example.org")),
    words=("naïve\n", "“[]”", ""),
    raw=b"\x00\xff\r\n",
    count=-3,
    urgent=True,
)


@pytest.mark.parametrize("letter", [FULL, Letter(at=MONDAY)], ids=["everything set", "nothing set"])
def test_what_goes_in_comes_out(letters: LetterRows, letter: Letter) -> None:
    added = letters.add(letter)
    assert added == replace(letter, id=added.id)
    assert letters.get(added.id) == added


def test_an_instant_comes_back_as_utc(letters: LetterRows) -> None:
    local = datetime(2026, 11, 23, 18, 0, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    found = letters.get(letters.add(Letter(at=local)).id)
    assert found is not None
    assert (found.at, found.at.tzinfo) == (local, UTC)


NAIVE = datetime(2026, 11, 23)


@pytest.mark.parametrize("naive", [replace(FULL, at=NAIVE), replace(FULL, seen_at=NAIVE)])
def test_a_datetime_without_a_zone_is_refused(letters: LetterRows, naive: Letter) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        letters.add(naive)


def test_a_value_that_is_missing_is_null_and_one_that_may_not_be_is_refused(letters: LetterRows) -> None:
    assert letters.count(seen_at=None) == 0
    letters.add(Letter(at=MONDAY))
    assert letters.count(seen_at=None) == 1
    nothing: Any = None
    with pytest.raises(IntegrityError):
        letters.add(Letter(at=nothing))


def test_an_enum_is_stored_as_its_word(letters: LetterRows) -> None:
    letters.add(FULL)
    assert letters.connection.execute(text("SELECT mood, was FROM letter")).one() == ("cross", "calm")


def test_exceptions_carry_no_values(letters: LetterRows) -> None:
    nothing: Any = None
    with pytest.raises(IntegrityError) as caught:
        letters.add(replace(FULL, at=nothing, words=("a customer's words",)))
    assert "customer" not in str(caught.value)


# Rows


def test_save_writes_the_whole_value_back(letters: LetterRows) -> None:
    added = letters.add(FULL)
    letters.save(changed := replace(added, mood=Mood.CALM, seen_at=None, count=9))
    assert letters.get(added.id) == changed


def test_swap_saves_only_while_the_row_is_as_it_was_seen(letters: LetterRows) -> None:
    added = letters.add(FULL)
    first = replace(added, mood=Mood.CALM)
    assert letters.swap(first, seen={"mood": Mood.CROSS})
    assert not letters.swap(replace(added, count=1), seen={"mood": Mood.CROSS})
    assert letters.get(added.id) == first


def test_swap_can_have_seen_nothing(letters: LetterRows) -> None:
    added = letters.add(Letter(at=MONDAY))
    assert letters.swap(replace(added, seen_at=MONDAY), seen={"seen_at": None})
    assert not letters.swap(added, seen={"seen_at": None})


def test_where_takes_a_value_any_of_several_or_none(letters: LetterRows) -> None:
    calm, cross = letters.add(Letter(at=MONDAY)), letters.add(FULL)
    assert letters.where(mood=Mood.CROSS) == [cross]
    assert letters.where(mood=(Mood.CALM, Mood.CROSS)) == [calm, cross]
    assert letters.where(mood=()) == []
    assert letters.where(was=None, urgent=False) == [calm]
    assert letters.where(newest_first=True, limit=1) == [cross]
    assert (letters.count(), letters.count(mood={Mood.CALM})) == (2, 1)


def test_a_row_that_is_not_there_is_none(letters: LetterRows) -> None:
    assert letters.get(99) is None


# Kept mail


def a_mail(uid: int, raw: bytes = b"raw", **changes: Any) -> tuple[KeptMail, bytes]:
    kept = KeptMail(
        mailbox="support", folder="INBOX", uidvalidity=1, uid=uid, sha256=raw.hex(), size=len(raw),
        arrived_at=MONDAY, kept_at=MONDAY,
    )  # fmt: skip
    return replace(kept, **changes), raw


def test_a_key_is_kept_once(database: SqlDatabase) -> None:
    with database.writing() as rooms:
        assert len(rooms.kept.add_with_raw([a_mail(1), a_mail(1, b"other"), a_mail(2)])) == 2
        assert rooms.kept.add_with_raw([a_mail(1), a_mail(2)]) == []
        assert rooms.kept.held_uids("support", "INBOX", 1) == {1, 2}
        assert rooms.kept.held_uids("support", "INBOX", 2) == set()


def test_the_database_itself_refuses_a_key_twice(database: SqlDatabase) -> None:
    with database.writing() as rooms:
        rooms.kept.add(a_mail(1)[0])
    with pytest.raises(IntegrityError), database.writing() as rooms:
        rooms.kept.add(a_mail(1)[0])


def test_the_same_uid_elsewhere_is_another_mail(database: SqlDatabase) -> None:
    others = [a_mail(1, folder="Sent"), a_mail(1, uidvalidity=2), a_mail(1, mailbox="orders")]
    with database.writing() as rooms:
        assert len(rooms.kept.add_with_raw([a_mail(1), *others])) == 4


def test_equal_bytes_are_stored_once(database: SqlDatabase, engine: Engine) -> None:
    with database.writing() as rooms:
        rooms.kept.add_with_raw([a_mail(1), a_mail(2)])
        rooms.kept.add_with_raw([a_mail(3)])
        assert rooms.kept.raw(b"raw".hex()) == b"raw"
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM raw_mail")).scalar() == 1


def test_forgetting_bytes_leaves_those_still_waiting(database: SqlDatabase, engine: Engine) -> None:
    with database.writing() as rooms:
        done, waits = rooms.kept.add_with_raw([a_mail(1, b"done"), a_mail(2, b"waits")])
        shared = rooms.kept.add_with_raw([a_mail(3, b"both"), a_mail(4, b"both")])
        rooms.kept.finish([done.id, shared[0].id])
        rooms.kept.forget_bytes()
        assert rooms.kept.raw(waits.sha256) == b"waits"
        assert rooms.kept.raw(shared[1].sha256) == b"both"
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM raw_mail")).scalar() == 2


def test_the_oldest_arrival_waits_first(database: SqlDatabase) -> None:
    with database.writing() as rooms:
        rooms.kept.add_with_raw([a_mail(1), a_mail(2, arrived_at=MONDAY - timedelta(days=1)), a_mail(3)])
        assert [kept.uid for kept in rooms.kept.waiting(2)] == [2, 1]
        rooms.kept.count_attempt([kept.id for kept in rooms.kept.waiting(1)])
        assert [kept.attempts for kept in rooms.kept.waiting(3)] == [1, 0, 0]
        rooms.kept.finish([kept.id for kept in rooms.kept.waiting(2)])
        assert [kept.uid for kept in rooms.kept.waiting(3)] == [3]
        assert rooms.kept.tally() == [
            ("support", "INBOX", KeptState.KEPT, 1),
            ("support", "INBOX", KeptState.TAKEN_IN, 2),
        ]


def test_a_fact_is_put_and_put_again(database: SqlDatabase) -> None:
    with database.writing() as rooms:
        assert rooms.facts.get("since:support") is None
        rooms.facts.put("since:support", "one")
        rooms.facts.put("since:support", "two")
    with database.reading() as rooms:
        assert rooms.facts.get("since:support") == "two"


# Transactions


EVENT = Event(at=MONDAY, who="amends", what="worker_started")


def _add_and_fail(rooms: Rooms) -> None:
    rooms.events.add(EVENT)
    raise ZeroDivisionError


def test_what_raises_leaves_nothing_behind(database: SqlDatabase) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as rooms:
        _add_and_fail(rooms)
    with database.reading() as rooms:
        assert rooms.events.count() == 0


def test_a_savepoint_undoes_its_own_part_alone(database: SqlDatabase) -> None:
    with database.writing() as rooms:
        rooms.events.add(EVENT)
        with pytest.raises(ZeroDivisionError), rooms.undone_on_error():
            _add_and_fail(rooms)
    with database.reading() as rooms:
        assert rooms.events.count() == 1


def test_a_reference_to_nothing_is_refused(database: SqlDatabase) -> None:
    with pytest.raises(IntegrityError), database.writing() as rooms:
        rooms.events.add(replace(EVENT, case_id=99))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SqlDatabase]:
    monkeypatch.setattr(engines, "BUSY_TIMEOUT", 50)
    made = make_engine("sqlite:///amends.db", beside=tmp_path)
    migrate(made)
    yield SqlDatabase(made)
    made.dispose()


def test_a_locked_database_is_transient_and_says_that_nothing_was_changed(impatient: SqlDatabase) -> None:
    another_process = SqlDatabase(impatient.engine)
    with impatient.writing() as rooms:
        rooms.events.add(EVENT)
        with (
            pytest.raises(Transient, match=r"database is locked\. Nothing was changed"),
            another_process.writing(),
        ):
            pass
        with impatient.reading() as meanwhile:  # reading goes on
            assert meanwhile.events.count() == 0
            migrate(impatient.engine)  # and so does every command's start


def test_writers_wait_for_one_another(database: SqlDatabase) -> None:
    def add() -> None:
        for _ in range(10):
            with database.writing() as rooms:
                rooms.facts.put("sum", str(int(rooms.facts.get("sum") or 0) + 1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as rooms:
        assert rooms.facts.get("sum") == "40"


def test_the_embedded_database_is_made_to_last(database: SqlDatabase, engine: Engine) -> None:
    with engine.connect() as connection:
        said = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


# Migrations


def test_from_empty_to_the_tables_of_today(engine: Engine) -> None:
    migrate(engine)
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        assert revision(connection) == migrations.HEAD
        found = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), metadata
        )
    assert found == []


def test_the_newest_migration_is_the_one_the_code_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == migrations.HEAD
    assert {script.revision for script in scripts.walk_revisions()} == set(migrations.KNOWN)


def test_again_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert revision(connection) == migrations.HEAD


def test_a_newer_database_is_refused_with_a_sentence(engine: Engine) -> None:
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match=r"newer Amends \(revision 9999\)"):
        migrate(engine)


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "amends.db").write_text("Dear diary, " * 100)
    with pytest.raises(Refused, match=r"not a database.*Check database\.url"):
        migrate(engine)
    assert (tmp_path / "amends.db").read_text().startswith("Dear diary")


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    made = make_engine("sqlite:///nowhere/amends.db", beside=tmp_path)
    with pytest.raises(Transient, match=r"Check database\.url"):
        migrate(made)
    made.dispose()


@pytest.mark.parametrize("url", ["nonsense", "mysql://localhost/amends"])
def test_a_url_of_another_kind_names_its_setting(url: str) -> None:
    with pytest.raises(BadSettings, match=r"database\.url"):
        make_engine(url)


# The lock


def test_one_worker_at_a_time(tmp_path: Path) -> None:
    with (
        at_work("sqlite:///amends.db", beside=tmp_path),
        pytest.raises(Transient, match="Another amends run is at work here"),
        at_work("sqlite:///amends.db", beside=tmp_path),
    ):
        pass
    with at_work("sqlite:///amends.db", beside=tmp_path):
        pass


def test_another_workspace_is_not_kept_waiting(tmp_path: Path) -> None:
    with at_work("sqlite:///one.db", beside=tmp_path), at_work("sqlite:///two.db", beside=tmp_path):
        pass


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(Transient, match="cannot be made"), at_work("sqlite:///no/a.db", beside=tmp_path):
        pass


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg://localhost/amends"])
def test_where_there_is_no_file_nothing_is_locked(url: str, tmp_path: Path) -> None:
    assert sqlite_file(url, tmp_path) is None
    with at_work(url, beside=tmp_path), at_work(url, beside=tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
