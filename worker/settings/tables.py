"""The tables of amends.toml and what each may hold, with the questions others ask of them."""

import os
from collections.abc import Iterator
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PrivateAttr, SecretStr

from worker.errors import BadInput, BadSettings
from worker.settings.values import (
    IMAP_PORTS,
    SMTP_PORTS,
    WEEKDAYS,
    AddressOrDomain,
    AfterIntake,
    Command,
    Country,
    DatabaseUrl,
    Framework,
    Line,
    MailAddress,
    NearPath,
    OneLine,
    Port,
    Role,
    Security,
    SettledBy,
    Variable,
    WallTime,
    WebAddress,
    Weekday,
    Zone,
)


class Part(BaseModel):
    """One table of the settings file."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)


class Firm(Part):
    """Who we are, where, and in which language we write."""

    name: Line = Field(description="The firm's name as customers know it.")
    zone: Zone = Field(description="IANA time zone, such as `Europe/London`.")
    country: Country | None = Field(
        default=None,
        description="ISO code of the country whose public holidays count; none: only weekends are closed.",
    )
    subdivision: Line | None = Field(
        default=None, description="Part of the country with its own holidays, such as `ENG`."
    )
    locale: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = Field(
        default="en-GB",
        description="How numeric dates are read and times are written: `en-US` puts the month first.",
    )
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = Field(
        default="en", description="The language assumed where a mail is too short to tell."
    )
    addresses: tuple[AddressOrDomain, ...] = Field(
        default=(), description="Further addresses that write for us; a whole domain as `@example.org`."
    )


class Hours(Part):
    """When the team is at work. Alerts and due times keep to it."""

    opens: WallTime = Field(default=time(9), description="Business hours begin, local time.")
    closes: WallTime = Field(
        default=time(17), description="Business hours end; a day without a time is due then."
    )
    workdays: tuple[Weekday, ...] | None = Field(
        default=None,
        description="Working weekdays, such as `mon`; none: the country's week, else Monday to Friday.",
    )
    closures: tuple[date, ...] = Field(
        default=(), description="Days on which the team is closed besides public holidays."
    )

    @property
    def workday_numbers(self) -> frozenset[int] | None:
        """Monday is 0, as in `date.weekday`; None where the country's own week counts."""
        return None if self.workdays is None else frozenset(map(WEEKDAYS.index, self.workdays))


class Person(Part):
    """Somebody of the team."""

    name: Line = Field(description="As other settings and `--as` name them.")
    email: MailAddress = Field(description="Their own mail address; counts as ours.")
    role: Role = Field(default=Role.AGENT, description="`agent` answers customers; alerts rise to a `lead`.")
    alerts: tuple[SecretStr, ...] = Field(default=(), description="Apprise URLs that reach this person.")
    alerts_env: Variable | None = Field(
        default=None,
        description="Variable that holds their Apprise URLs, separated by blanks, instead of `alerts`.",
    )
    second: Line | None = Field(default=None, description="Who is alerted when this person does not answer.")

    def channels(self) -> tuple[str, ...]:
        """The Apprise URLs that reach this person. Raises BadSettings when their variable is not set."""
        return _channels(self.alerts, self.alerts_env, key=f"people[{self.name}].alerts_env")


class SignIn(Part):
    """How to sign in at a server. Exactly one of the three ways is set where a username is."""

    username: Line | None = Field(default=None, description="Account to sign in with; none: no sign-in.")
    password_env: Variable | None = Field(default=None, description="Variable that holds the password.")
    password_file: NearPath | None = Field(
        default=None, description="File that holds the password; `${CREDENTIALS_DIRECTORY}/name` for systemd."
    )
    token_command: Command | None = Field(
        default=None,
        description="Command whose output is an OAuth 2 access token (XOAUTH2). Run without a shell.",
    )
    ca_file: NearPath | None = Field(default=None, description="Certificates to trust besides the system's.")


class Mailbox(SignIn):
    """A mailbox that is watched. Nothing is changed on its server unless `after_intake` says so."""

    name: Line = Field(description="A short name of your choice; keep it, rows in the database refer to it.")
    address: MailAddress = Field(description="The address customers write to, and our answers come from.")
    host: Line = Field(description="The IMAP server.")
    port: Port | None = Field(default=None, description="Its port; none: 993 for tls, 143 otherwise.")
    security: Security = Field(
        default=Security.TLS, description="`tls`, `starttls`, or `plain` (unprotected, warned of)."
    )
    auth: Literal["auto", "plain", "login", "xoauth2"] = Field(
        default="auto", description="How to sign in; `auto`: XOAUTH2 with a token command, LOGIN otherwise."
    )
    folders: tuple[Line, ...] = Field(
        default=("INBOX",), min_length=1, description="Folders customers' mail arrives in."
    )
    sent: OneLine | None = Field(
        default=None,
        description='Folder with our own answers; none: found by its special use; `""`: there is none.',
    )
    since: AwareDatetime | None = Field(
        default=None,
        description="Mail that came before is history: no draft, promise or alert. None: the first start.",
    )
    framework: Framework = Field(
        default="mama", description="The framework for its letters; none: `letters.framework`."
    )
    owner: Line | None = Field(default=None, description="Who owns its new cases; none: the lead.")
    after_intake: AfterIntake = Field(
        default="none", description="`none`, `flag:KEYWORD` or `move:FOLDER` for a mail safely stored."
    )
    poll_minutes: Annotated[float, Field(gt=0, le=60)] = Field(
        default=5, description="How often to look besides waiting for the server's word."
    )
    drafts_per_sender_per_day: Annotated[int, Field(ge=0)] = Field(
        default=3,
        description="More mail than this from one sender in a day goes to a person, without a draft.",
    )
    drafts_per_thread_per_day: Annotated[int, Field(ge=0)] = Field(
        default=2, description="The same within one thread."
    )

    @property
    def server_port(self) -> int:
        return self.port or IMAP_PORTS[self.security]

    @property
    def flag_after_intake(self) -> str | None:
        kind, _, name = self.after_intake.partition(":")
        return name if kind == "flag" else None

    @property
    def folder_after_intake(self) -> str | None:
        kind, _, name = self.after_intake.partition(":")
        return name if kind == "move" else None


class Sending(SignIn):
    """How approved letters leave."""

    kind: Literal["smtp", "maildir"] = Field(
        description="`smtp` sends; `maildir` puts letters in a folder, for a trial."
    )
    path: NearPath | None = Field(default=None, description="The Maildir for kind `maildir`.")
    host: Line | None = Field(default=None, description="The SMTP server for kind `smtp`.")
    port: Port | None = Field(
        default=None, description="Its port; none: 465 for tls, 587 for starttls, 25 for plain."
    )
    security: Security = Field(
        default=Security.TLS, description="`tls`, `starttls`, or `plain` (unprotected, warned of)."
    )
    from_name: OneLine = Field(
        default="", description="The name beside the address in From; empty: the firm's name."
    )
    files_sent: bool = Field(
        default=False, description="True where the server files a copy in Sent by itself."
    )
    footer: str = Field(default="", description="Text under every letter: company details, for instance.")
    per_minute: Annotated[int, Field(ge=1)] = Field(
        default=20, description="At most this many letters a minute."
    )
    data_answer_timeout: Annotated[int, Field(ge=60)] = Field(
        default=600,
        description="Seconds to wait for the server's word after a letter's last byte (RFC 5321: ten minutes).",
    )

    @property
    def server_port(self) -> int:
        return self.port or SMTP_PORTS[self.security]


class Database(Part):
    """Where everything is remembered."""

    url: DatabaseUrl = Field(
        default="sqlite:///amends.db",
        description="SQLite file, or `postgresql+psycopg://...` without a password.",
    )
    url_env: Variable | None = Field(default=None, description="Variable that holds the whole URL instead.")


class Alerts(Part):
    """Who is told what, when and where."""

    channels: tuple[SecretStr, ...] = Field(default=(), description="Apprise URLs that reach the whole team.")
    channels_env: Variable | None = Field(
        default=None, description="Variable that holds them, separated by blanks, instead of `channels`."
    )
    lead: Line | None = Field(
        default=None, description="To whom alerts rise; none: the first person with role `lead`."
    )
    safety: Line | None = Field(
        default=None, description="Who is told of a threat or danger at once; none: the lead."
    )
    safety_second: Line | None = Field(
        default=None, description="Who is told when they do not answer; none: their `second`."
    )
    digest_at: WallTime | None = Field(
        default=time(8, 30), description="When the daily digest goes out on business days."
    )
    due_soon_hours: Annotated[int, Field(ge=0)] = Field(
        default=4, description="Business hours before its due time at which a promise is warned of."
    )
    acknowledge_within_days: Annotated[int, Field(ge=1)] = Field(
        default=1, description="Business days within which a complaint is to be acknowledged."
    )
    repeat_hours: Annotated[int, Field(ge=1)] = Field(
        default=2,
        description="Business hours between repeats of an unanswered alert on its first day; then daily.",
    )
    heartbeat_file: NearPath | None = Field(
        default=None, description="File touched while all is well, for an outside monitor."
    )
    heartbeat_url: WebAddress | None = Field(
        default=None, description="Web address called while all is well, for an outside monitor."
    )

    def team_channels(self) -> tuple[str, ...]:
        """The Apprise URLs that reach the team. Raises BadSettings when their variable is not set."""
        return _channels(self.channels, self.channels_env, key="alerts.channels_env")


class Promises(Part):
    """What ends a promise, and what becomes of one without a date."""

    settled_by: SettledBy = Field(
        default=SettledBy.EVIDENCE,
        description="`evidence`, or `any_contact`: any contact ends every promise made before.",
    )
    look_again_days: Annotated[int, Field(ge=1)] = Field(
        default=2, description="Business days until a promise without a clear date is looked at again."
    )


class Rules(Part):
    """The team's own rules."""

    folder: NearPath | None = Field(
        default=None, description="Folder with rules that add to ours or replace them by id."
    )


class Letters(Part):
    """The team's own letters."""

    folder: NearPath | None = Field(
        default=None, description="Folder with letters that add to ours or replace them by id."
    )
    framework: Framework = Field(default="mama", description="The framework for mailboxes that name none.")


class Settings(Part):
    """Everything in amends.toml, checked. Made by `load_settings` or `read_settings`."""

    firm: Firm
    hours: Hours = Hours()
    people: tuple[Person, ...]
    mailboxes: tuple[Mailbox, ...] = ()
    sending: Sending
    database: Database = Database()
    alerts: Alerts = Alerts()
    promises: Promises = Promises()
    rules: Rules = Rules()
    letters: Letters = Letters()

    _folder: Path = PrivateAttr(default=Path())

    def model_post_init(self, context: Any, /) -> None:  # noqa: ANN401 - pydantic's own signature
        self._folder = (context or {}).get("folder", Path())

    @property
    def folder(self) -> Path:
        """The folder of the settings file; relative paths start here."""
        return self._folder

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.firm.zone)

    @cached_property
    def own_addresses(self) -> frozenset[str]:
        """Every address (and `@domain`) that writes for us, in lower case."""
        boxes = (box.address for box in self.mailboxes)
        people = (person.email for person in self.people)
        return frozenset((*self.firm.addresses, *boxes, *people))

    def is_ours(self, address: str) -> bool:
        plain = address.strip().casefold()
        return plain in self.own_addresses or "@" + plain.rpartition("@")[2] in self.own_addresses

    def person(self, name: str) -> Person:
        """The person of that name, or the only one of that first name. Raises BadInput naming the known ones."""
        wanted = name.strip().casefold()
        found = [p for p in self.people if p.name.casefold() == wanted]
        found = found or [p for p in self.people if wanted and p.name.casefold().split()[0] == wanted]
        if len(found) == 1:
            return found[0]
        known = ", ".join(p.name for p in self.people)
        raise BadInput(f"Nobody here is called {name!r}. The settings name: {known}.")

    def mailbox(self, name: str) -> Mailbox:
        """The mailbox of that name. Raises BadInput naming the known ones."""
        found = [box for box in self.mailboxes if box.name == name]
        if found:
            return found[0]
        known = ", ".join(box.name for box in self.mailboxes) or "none"
        raise BadInput(f"No mailbox is called {name!r}. The settings name: {known}.")

    @property
    def lead(self) -> Person:
        """To whom alerts rise: alerts.lead, else the first lead, else the first person."""
        if self.alerts.lead:
            return self.person(self.alerts.lead)
        return next((p for p in self.people if p.role is Role.LEAD), self.people[0])

    @property
    def safety_person(self) -> Person:
        return self.person(self.alerts.safety) if self.alerts.safety else self.lead

    @property
    def safety_second(self) -> Person | None:
        """Who is told of a danger when the first does not answer: as set, their second, else the lead."""
        name = self.alerts.safety_second or self.safety_person.second
        if name:
            return self.person(name)
        return self.lead if self.lead != self.safety_person else None

    def owner_for(self, mailbox: str) -> Person:
        """Who owns a new case from that mailbox: its owner, else the lead."""
        box = next((box for box in self.mailboxes if box.name == mailbox), None)
        return self.person(box.owner) if box and box.owner else self.lead

    def second_for(self, person: Person) -> Person | None:
        """Who is alerted after this person: their second, else the lead; None after the lead."""
        if person.second:
            return self.person(person.second)
        return self.lead if person.name != self.lead.name else None

    @property
    def database_url(self) -> str:
        """For SQLAlchemy, a relative SQLite path made absolute. Raises BadSettings when its variable is not set."""
        url = self.database.url
        if self.database.url_env:
            url = _variable(self.database.url_env, key="database.url_env")
        scheme, _, path = url.partition(":///")
        if scheme != "sqlite" or not path or path == ":memory:":
            return url
        return f"sqlite:///{(self.folder / path).absolute()}"

    def warnings(self) -> tuple[str, ...]:
        """What is allowed but worth saying aloud when the worker starts."""
        return tuple(_warnings(self))


def _warnings(settings: Settings) -> Iterator[str]:
    for box in settings.mailboxes:
        if box.security is Security.PLAIN:
            yield f"mailboxes[{box.name}]: security is plain; mail and password cross the network unprotected."
    sending = settings.sending
    if sending.kind == "smtp" and sending.security is Security.PLAIN:
        yield "sending: security is plain; letters and password cross the network unprotected."
    if sending.kind == "maildir":
        yield 'sending: letters are put in a folder, they reach no customer. Use kind = "smtp" to send.'
    if not settings.alerts.channels and not settings.alerts.channels_env:
        silent = [p.name for p in settings.people if not p.alerts and not p.alerts_env]
        if silent:
            yield f"alerts: nothing reaches {', '.join(silent)}. Give them alerts, or set alerts.channels."
    yield from (f"{key}: it holds a password in clear; use {key}_env." for key in _clear_passwords(settings))


def _clear_passwords(settings: Settings) -> Iterator[str]:
    lists = [("alerts.channels", settings.alerts.channels)]
    lists += [(f"people[{p.name}].alerts", p.alerts) for p in settings.people]
    for key, urls in lists:
        if any(_has_password(url.get_secret_value()) for url in urls):
            yield key


def _has_password(url: str) -> bool:
    credentials, at, _ = url.partition("://")[2].partition("@")
    return bool(at) and ":" in credentials


def _variable(name: str, *, key: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise BadSettings((f"{key}: the variable {name} is not set. Export it where amends runs.",))
    return value


def _channels(urls: tuple[SecretStr, ...], variable: str | None, *, key: str) -> tuple[str, ...]:
    from_variable = _variable(variable, key=key).split() if variable else []
    return (*(url.get_secret_value() for url in urls), *from_variable)


TABLES: Final[dict[str, type[Part]]] = {
    "firm": Firm,
    "hours": Hours,
    "people": Person,
    "mailboxes": Mailbox,
    "sending": Sending,
    "database": Database,
    "alerts": Alerts,
    "promises": Promises,
    "rules": Rules,
    "letters": Letters,
}
"""Every table of the file and what it may hold."""

ROWS: Final = frozenset({"people", "mailboxes"})
"""The tables that are written once for each, as [[people]]."""
