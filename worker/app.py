"""Puts the program together: the only place that knows every adapter and hands each service what it needs."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from worker.adapters.alerting import AppriseChannel
from worker.adapters.composing import compose
from worker.adapters.database.engine import make_engine
from worker.adapters.database.migrate import migrate
from worker.adapters.database.unit import SqlDatabase
from worker.adapters.imap import ImapAccount, ImapMailbox
from worker.adapters.letters import LetterShelf
from worker.adapters.mime import read_mail
from worker.adapters.outbox import OutboxMaildir
from worker.adapters.reading import ReadAhead, Reader, ReaderSettings
from worker.adapters.rulefiles import load_rules
from worker.adapters.shipped import shipped_folder
from worker.adapters.signin import secret_from
from worker.adapters.smtp import SmtpSender, SmtpServer
from worker.adapters.wordingfiles import load_wording
from worker.domain.alert import AlertPolicy
from worker.domain.calendar import BusinessCalendar
from worker.ports import Channel, Clock, Database, MailServer, Sender
from worker.services.house import House
from worker.settings import Mailbox, Settings, SignIn

SIGNING_KEY = "signing_key"


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class App:
    """Everything a command or the loop works with."""

    settings: Settings
    database: Database
    house: House
    clock: Clock = field(default_factory=SystemClock)
    sender: Sender | None = None  # made when first asked for
    mail_server: Callable[[Mailbox], MailServer] = field(default_factory=lambda: mail_server)

    def channels_for(self, person: str) -> Sequence[Channel]:
        """The person's own channels, then the team's."""
        known = next((one for one in self.settings.people if one.name == person), None)
        own = known.channels() if known else ()
        return [_channel(f"{person}'s channel {n}", url) for n, url in enumerate(own, 1)] + [
            _channel(f"team channel {n}", url)
            for n, url in enumerate(self.settings.alerts.team_channels(), 1)
        ]

    def the_sender(self) -> Sender:
        if self.sender is None:
            self.sender = make_sender(self.settings)
        return self.sender

    def reload(self, *, thorough: bool = True) -> None:
        """Read rules, letters and wording again. Raises BadInput with every fault; the last good set stays."""
        self.house = make_house(self.settings, self.house.key, thorough=thorough)


@contextmanager
def opened(settings: Settings, *, clock: Clock | None = None, thorough: bool = False) -> Iterator[App]:
    """The program on its own database, brought up to date; `thorough` also tries every rule and letter."""
    engine = make_engine(settings.database_url, beside=settings.folder)
    try:
        migrate(engine)
        database = SqlDatabase(engine)
        house = make_house(settings, signing_key(database), thorough=thorough)
        yield App(settings=settings, database=database, house=house, clock=clock or SystemClock())
    finally:
        engine.dispose()


@contextmanager
def in_memory(settings: Settings, *, clock: Clock | None = None) -> Iterator[App]:
    """The same program on a database that is gone afterwards, for a look at mail that writes nothing."""
    engine = make_engine("sqlite://")
    try:
        migrate(engine)
        database = SqlDatabase(engine)
        house = make_house(settings, signing_key(database))
        yield App(settings=settings, database=database, house=house, clock=clock or SystemClock())
    finally:
        engine.dispose()


def make_house(settings: Settings, key: bytes, *, thorough: bool = False) -> House:
    """The team's settings and what reads and writes for it. Raises BadInput with every fault of its files."""
    reader = Reader(
        ReaderSettings(
            rules_folder=settings.rules.folder,
            language=settings.firm.language,
            own_addresses=settings.own_addresses,
        )
    )
    ahead = ReadAhead(reader)
    calendar = make_calendar(settings)
    house = House(
        settings=settings,
        calendar=calendar,
        policy=_policy(settings, calendar),
        key=key,
        load_rules=lambda: reader.rules,
        load_wording=cache(lambda: load_wording(_wording_folders(settings))),
        read=read_mail,
        read_one=reader.read,
        read_all=ahead.read_all,
        expect_backlog=ahead.expect_backlog,
        judge=reader.judge,
        tell_language=reader.teller.tell,
        shelf=cache(lambda framework: LetterShelf.load(framework, settings.letters.folder)),
        compose=compose,
    )
    if thorough:
        _try_everything(house)
        reader.get_ready()
    return house


def _try_everything(house: House) -> None:
    """Read every rule with its samples, every letter and the wording now, so that a fault shows at once."""
    load_rules(house.settings.rules.folder, samples=True)
    frameworks = {house.settings.letters.framework, *(box.framework for box in house.settings.mailboxes)}
    for framework in frameworks:
        house.shelf(str(framework))
    _ = (house.rules, house.wording)


def _wording_folders(settings: Settings) -> list[Path]:
    """The shipped wording rules, and a team's own over them."""
    own = settings.rules.folder / "wording" if settings.rules.folder is not None else None
    return [shipped_folder("rules") / "wording", *([own] if own is not None and own.is_dir() else [])]


def make_calendar(settings: Settings) -> BusinessCalendar:
    firm, hours = settings.firm, settings.hours
    return BusinessCalendar(
        zone=firm.zone,
        country=firm.country,
        subdivision=firm.subdivision,
        opens=hours.opens,
        closes=hours.closes,
        workdays=hours.workday_numbers,
        closures=frozenset(hours.closures),
    )


def make_sender(settings: Settings) -> Sender:
    """The way letters leave: a mail server, or a folder for trials."""
    sending = settings.sending
    if sending.kind == "maildir":
        return OutboxMaildir(sending.path or Path("outbox"))
    server = SmtpServer(
        host=str(sending.host),
        port=sending.server_port,
        security=str(sending.security),
        username=sending.username,
        secret=_secret(sending),
        auth="xoauth2" if sending.token_command else "password",
        dot_timeout=sending.data_answer_timeout,
        ca_file=sending.ca_file,
    )
    return SmtpSender(server)


def mail_server(box: Mailbox) -> MailServer:
    """A connection to a mailbox, not yet opened."""
    secret = _secret(box)
    auth = {"auto": "xoauth2" if box.token_command else "password", "login": "password"}.get(
        box.auth, box.auth
    )
    account = ImapAccount(
        host=box.host,
        port=box.server_port,
        username=box.username or box.address,
        secret=secret or (lambda: ""),
        security=str(box.security),
        auth=auth,
        ca_file=box.ca_file,
    )
    return ImapMailbox(account)


def signing_key(database: Database) -> bytes:
    """The workspace's own key for references, made once."""
    with database.reading() as rooms:
        known = rooms.facts.get(SIGNING_KEY)
    if known is None:
        with database.writing() as rooms:
            known = rooms.facts.get(SIGNING_KEY) or secrets.token_hex(32)
            rooms.facts.put(SIGNING_KEY, known)
    return bytes.fromhex(known)


def _policy(settings: Settings, calendar: BusinessCalendar) -> AlertPolicy:
    second = settings.safety_second
    return AlertPolicy(
        calendar=calendar,
        due_soon_hours=settings.alerts.due_soon_hours,
        repeat_hours=settings.alerts.repeat_hours,
        lead=settings.lead.name,
        safety=settings.safety_person.name,
        safety_second=second.name if second else None,
    )


def _secret(sign_in: SignIn) -> Callable[[], str] | None:
    if (
        sign_in.username is None
        and not sign_in.token_command
        and not sign_in.password_env
        and not sign_in.password_file
    ):
        return None
    return secret_from(
        password_env=sign_in.password_env,
        password_file=sign_in.password_file,
        token_command=sign_in.token_command,
    )


@cache
def _channel(name: str, url: str) -> AppriseChannel:
    return AppriseChannel(name, url)
