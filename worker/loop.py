"""What the worker does for ever: take mail in, deliver what was approved, watch what was promised.

Three kinds of threads, so that nothing waits for the slowest of the world:

1. one per mailbox fetches and keeps (`watch_mailbox`);
2. the main one takes in, watches and shows that it lives (`INWARD`): it waits for nobody outside;
3. one for letters and one for alerts, which may be kept waiting by a server for minutes (`OUTWARD`).

A step returns True for "found work, call me again". A step that fails is logged and tried again later; no
failure of one stops the others. SIGTERM ends the loop after the steps at hand; a letter whose server has not
answered by then is found again at the next start.
"""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import FrameType

from worker.adapters.heartbeat import beat
from worker.adapters.imap import SignInRefused
from worker.adapters.retrying import reconnect_delays
from worker.app import App
from worker.domain.alert import AlertKind, NoticeState
from worker.domain.delivery import SENDABLE
from worker.errors import AmendsError, BadSettings
from worker.log import get_logger
from worker.services import digest, fetching, filing, intake, sending, trouble, watching
from worker.services.fetching import Fetching
from worker.settings import Mailbox

PAUSE = 2.0  # seconds between rounds in which nothing was found; news ends it at once
LONGEST_WAIT = timedelta(minutes=9)  # IDLE is renewed at the latest after this
LET_GO = 8.0  # seconds all threads together have to end
SILENT_AFTER = timedelta(minutes=15)  # a mailbox not read for this long is told
FILE_BEATS = timedelta(seconds=10)
URL_BEATS = timedelta(minutes=1)  # calling it may take seconds, and monitors count in minutes

log = get_logger(__name__)


@dataclass(slots=True)
class Stop:
    """The wish to end or to reload, and a bell per thread that says there is something to do."""

    wanted: threading.Event = field(default_factory=threading.Event)
    reload: threading.Event = field(default_factory=threading.Event)
    bells: list[threading.Event] = field(default_factory=list)
    beaten_at: dict[str, datetime] = field(default_factory=dict)  # by heartbeat

    def ask(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self.wanted.set()
        self.tell_news()

    def ask_reload(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self.reload.set()
        self.tell_news()

    def new_bell(self) -> threading.Event:
        bell = threading.Event()
        self.bells.append(bell)
        return bell

    def tell_news(self) -> None:
        for bell in self.bells:
            bell.set()


@dataclass(slots=True)
class Troubles:
    """What one run met, a sentence each and each once."""

    sentences: dict[str, None] = field(default_factory=dict)
    in_settings: bool = False  # trying again later would not mend it

    def note(self, where: str, fault: Exception) -> None:
        self.sentences[f"{where}: {_said(fault)}"] = None
        self.in_settings |= isinstance(fault, BadSettings)


Step = Callable[[App, Stop], bool]


def run(app: App, stop: Stop) -> None:
    """Run until asked to stop."""
    app.house.expect_backlog()
    threads = [
        *(threading.Thread(target=watch_mailbox, args=(app, box, stop)) for box in app.settings.mailboxes),
        *(threading.Thread(target=repeat, args=(app, stop, (step,))) for step in OUTWARD),
    ]
    for thread in threads:
        thread.daemon = True  # one that a server keeps waiting does not keep the worker from ending
        thread.start()
    log.info("worker_started", mailboxes=len(app.settings.mailboxes))
    repeat(app, stop, INWARD)
    until = time.monotonic() + LET_GO
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    log.info("worker_stopped")


def repeat(app: App, stop: Stop, steps: Sequence[Step]) -> None:
    """These steps again and again until asked to stop; without work, wait for news or the next look."""
    bell = stop.new_bell()
    while not stop.wanted.is_set():
        bell.clear()
        if round_of_steps(app, stop, steps):
            stop.tell_news()  # what one thread has done may be work for another
        else:
            bell.wait(PAUSE)


def run_once(app: App) -> list[str]:
    """Read every mailbox once, do all there is to do, and file what was sent; the troubles met, a sentence each.

    Raises BadSettings with all of them where the settings are at fault.
    """
    stop, troubles = Stop(), Troubles()
    for box in app.settings.mailboxes:
        _once(app, box, lambda reading: _read(app, reading, stop), troubles)
    while round_of_steps(app, stop, troubles=troubles):
        pass
    for box in app.settings.mailboxes:
        if filing.anything_unfiled(app.database, app.house, box):
            _once(app, box, lambda reading: _file(app, reading), troubles)
    told = [*troubles.sentences, *_put_off(app)]
    if troubles.in_settings:
        raise BadSettings(tuple(told))
    return told


def round_of_steps(
    app: App, stop: Stop, steps: Sequence[Step] | None = None, *, troubles: Troubles | None = None
) -> bool:
    """Every step once; True when any of them found work. What failed is logged, and added to `troubles`."""
    found = [_stepped(step, app, stop, troubles) for step in steps or STEPS]
    return any(found)


def take_in(app: App, _stop: Stop) -> bool:
    with app.database.reading() as rooms:
        if not rooms.kept.waiting(1):
            return False
    return intake.take_in_waiting(app.database, app.house, now=app.clock.now()).any


def deliver(app: App, _stop: Stop) -> bool:
    with app.database.reading() as rooms:
        if not sending.anything_due(rooms, now=app.clock.now()):
            return False
    return sending.send_next(app.database, app.house, app.the_sender(), worker=_name(), clock=app.clock)


def watch(app: App, _stop: Stop) -> bool:
    now = app.clock.now()
    with app.database.reading() as rooms:
        if not (rooms.promises.due(now, 1) or rooms.cases.due(now, 1) or rooms.alerts.due(now, 1)):
            return False
    return watching.sweep(app.database, app.house, now=now) > 0


def tell(app: App, _stop: Stop) -> bool:
    return watching.deliver_notices(app.database, app.channels_for, now=app.clock.now()) > 0


def daily_digest(app: App, _stop: Stop) -> bool:
    return digest.write_if_due(app.database, app.house, now=app.clock.now())


def heartbeat(app: App, stop: Stop) -> bool:
    """Say that the loop goes round, for a monitor outside."""
    alerts, now = app.settings.alerts, app.clock.now()
    for target, every in ((alerts.heartbeat_file, FILE_BEATS), (alerts.heartbeat_url, URL_BEATS)):
        last = stop.beaten_at.get(str(target))
        if target is None or (last is not None and last <= now < last + every):
            continue
        stop.beaten_at[str(target)] = now
        if reason := beat(target, now):
            log.warning("heartbeat_failed", said=reason)
    return False


def reload(app: App, stop: Stop) -> bool:
    """On SIGHUP: rules and letters anew; with any fault in them the last good set stays."""
    if stop.reload.is_set():
        stop.reload.clear()
        app.reload()
        log.info("rules_reloaded", version=app.house.rules.version)
    return False


INWARD: tuple[Step, ...] = (reload, take_in, watch, daily_digest, heartbeat)
OUTWARD: tuple[Step, ...] = (deliver, tell)
STEPS = INWARD + OUTWARD


def watch_mailbox(app: App, box: Mailbox, stop: Stop) -> None:
    """Read one mailbox until asked to stop; whatever happens to its connection, make it anew with back-off."""
    delays = reconnect_delays()
    well_at = app.clock.now()
    while not stop.wanted.is_set():
        try:
            with _reading(app, box) as reading:
                while not stop.wanted.is_set():
                    _read(app, reading, stop)
                    delays, well_at = reconnect_delays(), app.clock.now()
                    reading.server.wait(_seconds(box), stop=stop.wanted)
        except Exception as fault:  # noqa: BLE001 - the edge of one mailbox: it must come back whatever happened
            log.warning("mailbox_lost", mailbox=box.name, error=type(fault).__name__, said=_said(fault))
            _tell_if_lost(app, box, fault, well_at)
            stop.tell_news()
            stop.wanted.wait(next(delays))


def handle_signals(stop: Stop) -> None:
    """SIGTERM and SIGINT end the loop cleanly; SIGHUP reads rules and letters again."""
    signal.signal(signal.SIGTERM, stop.ask)
    signal.signal(signal.SIGINT, stop.ask)
    signal.signal(signal.SIGHUP, stop.ask_reload)


@contextmanager
def _reading(app: App, box: Mailbox) -> Iterator[Fetching]:
    """The mailbox, connected; the connection is gone afterwards."""
    server = app.mail_server(box)
    try:
        server.connect()
        since = fetching.since_for(app.database, box, now=app.clock.now())
        yield Fetching(box=box, server=server, since=since)
    finally:
        server.close()


def _read(app: App, reading: Fetching, stop: Stop) -> None:
    """Everything new in the watched folders is kept; the folder that is waited on comes first and last."""
    for folder in fetching.watched_folders(reading):
        if fetching.fetch_folder(app.database, reading, folder, clock=app.clock):
            stop.tell_news()
    _file(app, reading)
    while fetching.fetch_folder(app.database, reading, reading.box.folders[0], clock=app.clock):
        stop.tell_news()  # it came while the other folders were read, and no server would tell of it again
    trouble.mailbox_well(app.database, app.house, reading.box.name, now=app.clock.now())


def _file(app: App, reading: Fetching) -> None:
    filing.file_sent_letters(app.database, app.house, reading)


def _once(app: App, box: Mailbox, work: Callable[[Fetching], None], troubles: Troubles) -> None:
    """Connect, do this one thing with the mailbox, and let it go; what failed is noted."""
    try:
        with _reading(app, box) as reading:
            work(reading)
    except AmendsError as fault:
        if isinstance(fault, SignInRefused):
            _tell_if_lost(app, box, fault, app.clock.now())
        troubles.note(box.name, fault)


def _put_off(app: App) -> list[str]:
    """Letters and alerts that no server has taken so far, with the reason of each."""
    with app.database.reading() as rooms:
        letters = rooms.deliveries.where(state=tuple(SENDABLE))
        notices = rooms.notices.where(state=NoticeState.PENDING)
    return [f"letter {letter.id}: {letter.answer}" for letter in letters if letter.attempts] + [
        f"alert to {notice.person}: {notice.trouble}"
        for notice in notices
        if notice.attempts and app.channels_for(notice.person)
    ]


def _stepped(step: Step, app: App, stop: Stop, troubles: Troubles | None) -> bool:
    """One step; a failure is told and leaves the other steps alone."""
    if stop.wanted.is_set():
        return False
    try:
        return step(app, stop)
    except Exception as fault:
        log.exception("step_failed", step=step.__name__, said=_said(fault))
        if troubles is not None:
            troubles.note(step.__name__.replace("_", " "), fault)
        return False


def _tell_if_lost(app: App, box: Mailbox, fault: Exception, well_at: datetime) -> None:
    """A refused sign-in is told at once, anything else when the mailbox has been silent for too long."""
    now = app.clock.now()
    kind = AlertKind.SIGN_IN if isinstance(fault, SignInRefused) else AlertKind.SILENT
    if kind is AlertKind.SILENT and now - well_at <= SILENT_AFTER:
        return
    try:
        trouble.mailbox_lost(app.database, app.house, box.name, kind, _said(fault), since=well_at, now=now)
    except Exception as second:  # noqa: BLE001 - as in watch_mailbox: the next failure tells again
        log.warning("trouble_not_kept", mailbox=box.name, error=type(second).__name__, said=_said(second))


def _seconds(box: Mailbox) -> float:
    return min(LONGEST_WAIT.total_seconds(), box.poll_minutes * 60)


def _said(fault: Exception) -> str:
    return str(fault) if isinstance(fault, AmendsError) else type(fault).__name__


def _name() -> str:
    return f"{socket.gethostname()}:{threading.get_native_id()}"
