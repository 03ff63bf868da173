"""What the worker does for ever: its steps, its signals, its mailboxes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import repeat as repeated
from pathlib import Path

import pytest

from tests import doings
from tests.conftest import OwnMailbox
from tests.fakes import FakeMailbox, FakeSender
from tests.people import MONDAY, Office, SetClock, mail, team, team_table
from worker import loop
from worker.adapters.database.engine import make_engine
from worker.adapters.database.migrate import migrate
from worker.adapters.database.unit import SqlDatabase
from worker.adapters.imap import FolderState, SignInRefused
from worker.app import App, mail_server, make_house, opened, signing_key
from worker.domain.alert import AlertKind
from worker.domain.post import KeptState
from worker.errors import BadSettings, Refused, Transient
from worker.loop import Stop, Troubles, heartbeat, repeat, round_of_steps, run, run_once, watch_mailbox
from worker.ports import Database, FailedBefore, Rooms
from worker.services.house import House
from worker.settings import Settings, read_settings


@dataclass
class Place:
    """The program on a database file, with mailboxes in memory by name."""

    app: App
    clock: SetClock
    boxes: dict[str, FakeMailbox] = field(default_factory=dict)

    def alerts(self, kind: AlertKind) -> int:
        with self.app.database.reading() as rooms:
            return rooms.alerts.count(kind=kind)

    def taken_in(self) -> int:
        with self.app.database.reading() as rooms:
            return rooms.kept.count(state=KeptState.TAKEN_IN)


@pytest.fixture(scope="module")
def shared_house() -> House:
    """The team with every shipped rule and letter, read once."""
    return make_house(team(), b"a key for tests")


@pytest.fixture
def make_place(shared_house: House, tmp_path: Path) -> Iterator[Callable[[Settings], Place]]:
    """A place on a database file of its own, for these settings."""
    engines = []

    def make(settings: Settings) -> Place:
        engine = make_engine("sqlite:///amends.db", beside=tmp_path)
        engines.append(engine)
        migrate(engine)
        house = replace(shared_house, settings=settings)
        clock = SetClock()
        app = App(
            settings=settings, database=SqlDatabase(engine), house=house, clock=clock, sender=FakeSender()
        )
        boxes = {box.name: FakeMailbox() for box in settings.mailboxes}
        app.mail_server = lambda box: boxes[box.name]
        return Place(app=app, clock=clock, boxes=boxes)

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def place(make_place: Callable[[Settings], Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(loop, "PAUSE", 0.05)
    monkeypatch.setattr(loop, "reconnect_delays", lambda: repeated(0.02))
    return make_place(team(tmp_path))


def two_mailboxes(folder: Path) -> Settings:
    table = team_table(folder)
    other = table["mailboxes"][0] | {"name": "orders", "address": "orders@example.test"}
    return read_settings(table | {"mailboxes": [*table["mailboxes"], other]}, folder=folder)


def soon(look: Callable[[], object], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if look():
            return True
        time.sleep(0.01)
    return False


@dataclass
class Running:
    stop: Stop
    thread: threading.Thread

    def end(self) -> float:
        """Seconds until it had ended."""
        began = time.monotonic()
        self.stop.ask()
        self.thread.join(15)
        assert not self.thread.is_alive()
        return time.monotonic() - began


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    begun: list[Running] = []

    def begin(work: Callable[..., None], app: App, *more: object) -> Running:
        stop = Stop()
        running = Running(stop, threading.Thread(target=work, args=(app, *more, stop)))
        running.thread.start()
        begun.append(running)
        return running

    yield begin
    for running in begun:
        running.end()


# Steps


def test_a_failing_step_does_not_stop_the_others(place: Place) -> None:
    done = []

    def fails(_app: App, _stop: Stop) -> bool:
        raise ZeroDivisionError

    def works(_app: App, _stop: Stop) -> bool:
        done.append(1)
        return True

    troubles = Troubles()
    assert round_of_steps(place.app, Stop(), (fails, works), troubles=troubles)
    assert (done, list(troubles.sentences)) == ([1], ["fails: ZeroDivisionError"])


def test_no_step_begins_after_the_wish_to_stop(place: Place) -> None:
    stop = Stop()
    stop.ask()
    assert not round_of_steps(place.app, stop, (lambda *_: True,))


def test_news_ends_the_pause_at_once(
    place: Place, start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "PAUSE", 60)
    rounds = []

    def finds_nothing(_app: App, _stop: Stop) -> bool:
        rounds.append(1)
        return False

    running = start(lambda app, stop: repeat(app, stop, (finds_nothing,)), place.app)
    assert soon(lambda: len(rounds) == 1)
    running.stop.tell_news()
    assert soon(lambda: len(rounds) == 2)


def test_an_idle_round_writes_nothing_and_asks_little(place: Place) -> None:
    round_of_steps(place.app, Stop())
    begun: list[str] = []
    app = replace(place.app, database=Counting(place.app.database, begun))
    round_of_steps(app, Stop())
    assert "writing" not in begun
    assert len(begun) <= 6


@dataclass
class Counting:
    database: Database
    begun: list[str]

    def writing(self) -> AbstractContextManager[Rooms]:
        self.begun.append("writing")
        return self.database.writing()

    def reading(self) -> AbstractContextManager[Rooms]:
        self.begun.append("reading")
        return self.database.reading()


@pytest.fixture
def beating(make_place: Callable[[Settings], Place], tmp_path: Path) -> tuple[Place, Path]:
    beat = tmp_path / "beat"
    return make_place(team(tmp_path, alerts={"heartbeat_file": str(beat)})), beat


def test_the_heartbeat_is_given_every_ten_seconds_and_no_more(beating: tuple[Place, Path]) -> None:
    place, beat = beating
    stop, given = Stop(), []
    for _ in range(30):
        heartbeat(place.app, stop)
        given.append(beat.read_text())
        place.clock.forward(seconds=1)
    assert len(set(given)) == 3
    assert given[0].startswith("2026-11-23T10:00:00")


def test_a_clock_set_back_does_not_silence_the_heartbeat(beating: tuple[Place, Path]) -> None:
    place, beat = beating
    stop = Stop()
    heartbeat(place.app, stop)
    place.clock.forward(hours=-3)
    heartbeat(place.app, stop)
    assert beat.read_text().startswith("2026-11-23T07:00:00")


# The long run


def test_mail_that_comes_while_it_runs_is_taken_in(place: Place, start: Callable[..., Running]) -> None:
    start(run, place.app)
    place.boxes["support"].deliver(mail(), internal_date=MONDAY + timedelta(minutes=1))
    assert soon(lambda: place.taken_in() == 1)


def test_it_ends_within_seconds_although_a_mail_server_keeps_a_letter_waiting(
    place: Place, start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    never, entered = threading.Event(), threading.Event()

    def waits(_app: App, _stop: Stop) -> bool:
        entered.set()
        return never.wait(60)

    monkeypatch.setattr(loop, "OUTWARD", (waits,))
    monkeypatch.setattr(loop, "LET_GO", 0.5)
    running = start(run, place.app)
    assert entered.wait(10)
    place.boxes["support"].deliver(mail(), internal_date=MONDAY + timedelta(minutes=1))
    assert soon(lambda: place.taken_in() == 1)
    assert running.end() < 5
    never.set()


def test_a_cut_mailbox_is_read_again(place: Place, start: Callable[..., Running]) -> None:
    box = place.boxes["support"]
    start(watch_mailbox, place.app, place.app.settings.mailboxes[0])
    box.fail(Transient("cut"), ConnectionResetError(), Transient("cut again"))
    box.deliver(mail())

    def kept() -> int:
        with place.app.database.reading() as rooms:
            return rooms.kept.count()

    assert soon(lambda: kept() == 1)


def test_a_mailbox_is_told_silent_after_a_quarter_of_an_hour_and_well_again(
    place: Place, start: Callable[..., Running]
) -> None:
    box = place.boxes["support"]
    start(watch_mailbox, place.app, place.app.settings.mailboxes[0])
    assert soon(lambda: box.connected)
    place.clock.forward(minutes=16)
    box.fail(Transient("cut"))
    assert soon(lambda: place.alerts(AlertKind.SILENT) == 1)
    with place.app.database.reading() as rooms:
        assert "since 2026-11-23 10:00 UTC: cut" in rooms.alerts.where()[0].subject

    def told_well() -> bool:
        with place.app.database.reading() as rooms:
            return any("All is well" in notice.title for notice in rooms.notices.where())

    assert soon(told_well)


def test_a_refused_sign_in_is_told_at_once(place: Place, start: Callable[..., Running]) -> None:
    place.boxes["support"].fail(*[SignInRefused("no such secret")] * 5)
    start(watch_mailbox, place.app, place.app.settings.mailboxes[0])
    assert soon(lambda: place.alerts(AlertKind.SIGN_IN) == 1)


def test_a_mailbox_whose_server_cannot_even_be_made_is_tried_for_ever(
    place: Place, start: Callable[..., Running]
) -> None:
    tried: list[int] = []

    def make(_box: object) -> FakeMailbox:
        tried.append(1)
        raise RuntimeError

    place.app.mail_server = make
    start(watch_mailbox, place.app, place.app.settings.mailboxes[0])
    assert soon(lambda: len(tried) > 3)


@pytest.mark.servers
def test_a_cut_by_a_real_server_is_survived_and_new_mail_seen_within_seconds(
    make_place: Callable[[Settings], Place],
    tmp_path: Path,
    dovecot: OwnMailbox,
    start: Callable[..., Running],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SUPPORT_PASSWORD", dovecot.user.password)
    table = team_table(tmp_path)
    table["mailboxes"][0] |= {
        "host": "127.0.0.1",
        "port": dovecot.server.tls_port,
        "ca_file": str(dovecot.server.certificate),
        "username": dovecot.user.address,
    }
    place = make_place(read_settings(table, folder=tmp_path))
    place.app.mail_server = mail_server
    start(run, place.app)
    for number in (1, 2):
        assert soon(lambda: dovecot.server.cut_sessions() > 0)
        dovecot.server.deliver(dovecot.user, mail())
        assert soon(lambda: place.taken_in() >= number, seconds=20)  # noqa: B023 - asked at once


class Late(FakeMailbox):
    """A mail comes into the INBOX while Sent is being read."""

    def select(self, folder: str) -> FolderState:
        if folder == "Sent" and not self.held["INBOX"].mails:
            self.deliver(mail())
        return super().select(folder)


def test_mail_that_came_while_other_folders_were_read_is_not_waited_for(place: Place) -> None:
    """The last list before the wait is of the folder that is waited on."""
    place.boxes["support"] = Late()
    run_once(place.app)
    assert place.taken_in() == 1


# Once


@pytest.mark.parametrize("fault", [Transient("It failed."), Refused("It failed.")])
def test_once_reads_the_living_mailbox_and_tells_of_the_dead_one(
    make_place: Callable[[Settings], Place], tmp_path: Path, fault: Exception
) -> None:
    place = make_place(two_mailboxes(tmp_path))
    place.boxes["support"].fail(fault)
    place.boxes["orders"].deliver(mail(to="orders@example.test"))
    assert run_once(place.app) == ["support: It failed."]
    with place.app.database.reading() as rooms:
        assert [kept.mailbox for kept in rooms.kept.where(state=KeptState.TAKEN_IN)] == ["orders"]


def test_once_does_all_there_is_and_then_says_that_the_settings_are_wrong(
    make_place: Callable[[Settings], Place], tmp_path: Path
) -> None:
    place = make_place(two_mailboxes(tmp_path))
    place.boxes["support"].fail(BadSettings(("SUPPORT_PASSWORD is not set.",)))
    place.boxes["orders"].deliver(mail(to="orders@example.test"))
    with pytest.raises(BadSettings, match="support: SUPPORT_PASSWORD is not set"):
        run_once(place.app)
    assert place.taken_in() == 1


def test_once_files_what_it_has_just_sent(make_place: Callable[[Settings], Place], tmp_path: Path) -> None:
    smtp = {"kind": "smtp", "host": "smtp.example.test", "security": "starttls"}
    place = make_place(team(tmp_path, sending=smtp))
    place.app.house = replace(place.app.house, key=signing_key(place.app.database))
    office = Office(app=place.app, clock=place.clock)
    doings.approve(office, doings.write(office, doings.complain(office, mail())))
    run_once(place.app)
    assert len(place.boxes["support"].held["Sent"].mails) == 1
    run_once(place.app)
    assert len(place.boxes["support"].held["Sent"].mails) == 1


def test_once_tells_of_a_step_that_failed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def watch(_app: App, _stop: Stop) -> bool:
        raise Transient("The database is locked.")

    monkeypatch.setattr(loop, "STEPS", (watch,))
    assert run_once(place.app) == ["watch: The database is locked."]


@pytest.fixture
def with_letter(place: Place, shared_house: House) -> Place:
    """A letter is approved and waits to leave."""
    house = replace(shared_house, key=signing_key(place.app.database))
    place.app.house = house
    office = Office(app=place.app, clock=place.clock)
    doings.approve(office, doings.write(office, doings.complain(office, mail())))
    return place


def test_once_tells_of_a_letter_that_no_server_took(with_letter: Place) -> None:
    sender = with_letter.app.sender
    assert isinstance(sender, FakeSender)
    sender.next_outcomes = [FailedBefore(reason="Could not connect to the mail server.")]
    assert run_once(with_letter.app) == ["letter 1: Could not connect to the mail server."]
    assert len(run_once(with_letter.app)) == 1  # not due yet, and still not sent
    with_letter.clock.forward(minutes=1)
    assert run_once(with_letter.app) == []
    assert len(sender.letters) == 1


def test_once_tells_of_an_alert_that_no_channel_took(
    make_place: Callable[[Settings], Place], tmp_path: Path
) -> None:
    place = make_place(team(tmp_path, alerts={"channels": ["json://127.0.0.1:1"]}))
    place.boxes["support"].fail(SignInRefused("no such secret"))
    (sign_in, alert) = run_once(place.app)
    assert sign_in == "support: no such secret"
    assert alert.startswith("alert to Cal Reyes: ")


def test_once_again_keeps_nothing_twice(place: Place) -> None:
    place.boxes["support"].deliver(mail())
    assert (run_once(place.app), run_once(place.app)) == ([], [])
    assert place.taken_in() == 1


def test_once_raises_the_alert_of_a_refused_sign_in_and_ends_it(place: Place) -> None:
    place.boxes["support"].fail(SignInRefused("no such secret"))
    run_once(place.app)
    assert place.alerts(AlertKind.SIGN_IN) == 1
    run_once(place.app)
    with place.app.database.reading() as rooms:
        assert rooms.alerts.standing() == []


# SIGHUP


@pytest.fixture
def with_rules(tmp_path: Path) -> Iterator[tuple[App, Path]]:
    rules = tmp_path / "rules"
    rules.mkdir()
    with opened(team(tmp_path, rules={"folder": str(rules)})) as app:
        yield app, rules


RULE = """
id = "wobbly-lid"
title = "The lid wobbles"
status = "live"
added = 2026-11-21
lang = "en"
topic = "quality"
weight = 3
where = ["subject", "text"]
any = ["wobbly lid"]
why = "Known since autumn."

[[hit]]
text = "My kettle has a wobbly lid."
[[miss]]
text = "The lid fits."
because = "nothing wobbles"
"""


def test_a_new_rule_is_in_force_after_a_reload(with_rules: tuple[App, Path]) -> None:
    app, folder = with_rules
    stop, before = Stop(), app.house.rules.version
    (folder / "wobbly-lid.toml").write_text(RULE)
    stop.ask_reload()
    round_of_steps(app, stop, (loop.reload,))
    assert app.house.rules.version != before


def test_a_broken_rule_leaves_the_last_good_set_in_force(with_rules: tuple[App, Path]) -> None:
    app, folder = with_rules
    (folder / "broken.toml").write_text(RULE.replace("weight = 3", "weight = 'heavy'"))
    stop, before = Stop(), app.house
    stop.ask_reload()
    troubles = Troubles()
    round_of_steps(app, stop, (loop.reload,), troubles=troubles)
    assert app.house is before
    assert "broken.toml" in next(iter(troubles.sentences))
    assert not stop.reload.is_set()
