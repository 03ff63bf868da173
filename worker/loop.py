"""What the worker does for ever: take mail in, deliver what was approved, watch what was promised.

One thread per mailbox fetches and keeps (`watch_mailbox`); the main thread does everything else in small
steps, each of which returns True for "found work, call me again". A step that fails is told and tried again
later; no failure of one stops the others. SIGTERM ends the loop after the step at hand.
"""

import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType

from worker.adapters.heartbeat import beat
from worker.adapters.imap import SignInRefused
from worker.adapters.retrying import reconnect_delays
from worker.app import App
from worker.domain.alert import AlertKind
from worker.errors import AmendsError, Transient
from worker.log import get_logger
from worker.services import digest, fetching, filing, intake, sending, trouble, watching
from worker.services.fetching import Fetching
from worker.settings import Mailbox

PAUSE = 1.0  # seconds between rounds in which nothing was found
LONGEST_WAIT = timedelta(minutes=9)  # IDLE is renewed at the latest after this
LET_GO = 8.0  # seconds the mailbox threads have to end
SILENT_AFTER = timedelta(minutes=15)  # a mailbox not read for this long is told

log = get_logger(__name__)


@dataclass(slots=True)
class Stop:
    """The wish to end, and the news that there is something to do."""

    wanted: threading.Event = field(default_factory=threading.Event)
    news: threading.Event = field(default_factory=threading.Event)
    reload: threading.Event = field(default_factory=threading.Event)

    def ask(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self.wanted.set()
        self.news.set()

    def ask_reload(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self.reload.set()
        self.news.set()


def run(app: App, stop: Stop) -> None:
    """Run until asked to stop."""
    watchers = [
        threading.Thread(target=watch_mailbox, args=(app, box, stop), daemon=True)
        for box in app.settings.mailboxes
    ]
    for watcher in watchers:
        watcher.start()
    log.info("worker_started", mailboxes=len(watchers))
    while not stop.wanted.is_set():
        if not round_of_steps(app, stop):
            stop.news.wait(PAUSE)
            stop.news.clear()
    for watcher in watchers:
        watcher.join(LET_GO / len(watchers))
    log.info("worker_stopped")


def run_once(app: App) -> list[str]:
    """Read every mailbox once and do all there is to do; the troubles met, a sentence each."""
    troubles = []
    for box in app.settings.mailboxes:
        try:
            _read_once(app, box)
        except Transient as fault:
            troubles.append(f"{box.name}: {fault}")
    while round_of_steps(app, Stop()):
        pass
    return troubles


def round_of_steps(app: App, stop: Stop) -> bool:
    """Every step once; True when any of them found work."""
    found = [_stepped(step, app, stop) for step in STEPS]
    return any(found)


def take_in(app: App, _stop: Stop) -> bool:
    return intake.take_in_waiting(app.database, app.house, now=app.clock.now()).any


def deliver(app: App, _stop: Stop) -> bool:
    with app.database.reading() as rooms:
        if not sending.anything_due(rooms, now=app.clock.now()):
            return False
    return sending.send_next(app.database, app.house, app.the_sender(), worker=_name(), clock=app.clock)


def watch(app: App, _stop: Stop) -> bool:
    return watching.sweep(app.database, app.house, now=app.clock.now()) > 0


def tell(app: App, _stop: Stop) -> bool:
    return watching.deliver_notices(app.database, app.channels_for, now=app.clock.now()) > 0


def daily_digest(app: App, _stop: Stop) -> bool:
    return digest.write_if_due(app.database, app.house, now=app.clock.now())


def heartbeat(app: App, _stop: Stop) -> bool:
    """Say that the loop goes round, for a monitor outside."""
    alerts, now = app.settings.alerts, app.clock.now()
    for target in (alerts.heartbeat_file, alerts.heartbeat_url):
        if target is not None and (reason := beat(target, now)):
            log.warning("heartbeat_failed", said=reason)
    return False


def reload(app: App, stop: Stop) -> bool:
    """On SIGHUP: rules and letters anew; with any fault in them the last good set stays."""
    if stop.reload.is_set():
        stop.reload.clear()
        app.reload()
        log.info("rules_reloaded", version=app.house.rules.version)
    return False


STEPS: tuple[Callable[[App, Stop], bool], ...] = (
    reload,
    take_in,
    deliver,
    watch,
    tell,
    daily_digest,
    heartbeat,
)


def watch_mailbox(app: App, box: Mailbox, stop: Stop) -> None:
    """Read one mailbox until asked to stop; whatever happens to its connection, make it anew with back-off."""
    delays = reconnect_delays()
    lost_since = app.clock.now()
    while not stop.wanted.is_set():
        server = app.mail_server(box)
        try:
            server.connect()
            reading = Fetching(
                box=box, server=server, since=fetching.since_for(app.database, box, now=app.clock.now())
            )
            while not stop.wanted.is_set():
                _read(app, reading, stop)
                trouble.mailbox_well(app.database, app.house, box.name, now=app.clock.now())
                delays, lost_since = reconnect_delays(), app.clock.now()
                server.wait(_seconds(box), stop=stop.wanted)
        except SignInRefused as fault:
            _tell_trouble(app, box, AlertKind.SIGN_IN, str(fault))
        except Exception as fault:  # noqa: BLE001 - the edge of one mailbox: it must come back whatever happened
            log.warning("mailbox_lost", mailbox=box.name, error=type(fault).__name__, said=_said(fault))
            if app.clock.now() - lost_since > SILENT_AFTER:
                _tell_trouble(app, box, AlertKind.SILENT, _said(fault))
        finally:
            server.close()
        stop.wanted.wait(0 if stop.wanted.is_set() else next(delays))


def handle_signals(stop: Stop) -> None:
    """SIGTERM and SIGINT end the loop cleanly; SIGHUP reads rules and letters again."""
    signal.signal(signal.SIGTERM, stop.ask)
    signal.signal(signal.SIGINT, stop.ask)
    signal.signal(signal.SIGHUP, stop.ask_reload)


def _read(app: App, reading: Fetching, stop: Stop) -> None:
    for folder in fetching.watched_folders(reading):
        if fetching.fetch_folder(app.database, reading, folder, clock=app.clock):
            stop.news.set()
    filing.file_sent_letters(app.database, app.house, reading)
    reading.server.select(reading.box.folders[0])


def _read_once(app: App, box: Mailbox) -> None:
    server = app.mail_server(box)
    try:
        server.connect()
        reading = Fetching(
            box=box, server=server, since=fetching.since_for(app.database, box, now=app.clock.now())
        )
        _read(app, reading, Stop())
    finally:
        server.close()


def _stepped(step: Callable[[App, Stop], bool], app: App, stop: Stop) -> bool:
    """One step; a failure is told and leaves the other steps alone."""
    if stop.wanted.is_set():
        return False
    try:
        return step(app, stop)
    except Exception as fault:
        log.exception("step_failed", step=step.__name__, said=_said(fault))
        return False


def _tell_trouble(app: App, box: Mailbox, kind: AlertKind, said: str) -> None:
    try:
        trouble.mailbox_lost(app.database, app.house, box.name, kind, said, now=app.clock.now())
    except Transient as fault:
        log.warning("trouble_not_kept", mailbox=box.name, said=str(fault))


def _seconds(box: Mailbox) -> float:
    return min(LONGEST_WAIT.total_seconds(), box.poll_minutes * 60)


def _said(fault: Exception) -> str:
    return str(fault) if isinstance(fault, AmendsError) else type(fault).__name__


def _name() -> str:
    return f"{socket.gethostname()}:{threading.get_native_id()}"
