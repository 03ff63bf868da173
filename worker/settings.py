"""What a team has set in amends.toml: read once, checked whole, never changed afterwards.

1. The file is parsed as TOML; what cannot be parsed is one fault with its line.
2. Every value is checked alone (pydantic), then the values against each other.
3. All faults are raised together as BadSettings: the key, what is wrong, what to do.

Secrets never stand in the file: it names an environment variable, a file or a command. Paths in the file
are relative to the folder the file is in.
"""

import difflib
import os
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from holidays import list_supported_countries
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    ValidationInfo,
)

from worker.errors import BadInput, BadSettings

DEFAULT_FILE: Final = "amends.toml"
FILE_VARIABLE: Final = "AMENDS_SETTINGS"
"""Names the settings file where none is given on the command line."""

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
IMAP_PORTS: Final = {"tls": 993, "starttls": 143, "plain": 143}
SMTP_PORTS: Final = {"tls": 465, "starttls": 587, "plain": 25}

_KEYWORD: Final = re.compile(r"[!#$&'+,\-./0-9:;<=>?@A-Z^_`a-z|~]+")
"""An IMAP keyword: printable ASCII without the specials of RFC 9051, section 9 (`flag-keyword`)."""


class Security(StrEnum):
    """How a connection is protected."""

    TLS = "tls"  # encrypted from the first byte
    STARTTLS = "starttls"  # encrypted before signing in
    PLAIN = "plain"  # not at all: only for a server on the same machine


class Role(StrEnum):
    """What a person does here."""

    AGENT = "agent"  # answers customers
    LEAD = "lead"  # answers for the team: alerts rise to them


class SettledBy(StrEnum):
    """What ends a promise besides an explicit word."""

    EVIDENCE = "evidence"  # a contact that reports it done, or comes when it was due
    ANY_CONTACT = "any_contact"  # any contact with the customer after it was made


def _zone(name: str) -> str:
    if _is_zone(name):
        return name
    close = difflib.get_close_matches(name, available_timezones(), n=1)
    hint = f"did you mean {close[0]!r}?" if close else "give an IANA name such as 'Europe/London'."
    raise ValueError(f"{name!r} is no time zone; {hint}")


def _is_zone(name: object) -> bool:
    try:
        return bool(isinstance(name, str) and ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _country(code: str) -> str:
    upper = code.upper()
    if upper == "UK":
        raise ValueError("'UK' is no ISO country code; write 'GB'.")
    if upper not in list_supported_countries(include_aliases=False):
        raise ValueError(
            f"no public holidays are known for {code!r}; give a two-letter ISO code such as 'GB'."
        )
    return upper


def _address(text: str) -> str:
    name, at, domain = text.strip().casefold().rpartition("@")
    if not (name and at and domain) or any(c.isspace() or c in "<>,;\"'" for c in name + domain):
        raise ValueError(f"{text!r} is no mail address; write it like help@example.org.")
    return f"{name}@{domain}"


def _address_or_domain(text: str) -> str:
    plain = text.strip().casefold()
    if plain.startswith("@") and plain.count("@") == 1 and len(plain) > 1 and " " not in plain:
        return plain
    return _address(text)


def _wall_time(value: object) -> object:
    """TOML wants seconds in a time of its own; people write "09:00"."""
    if isinstance(value, str):
        try:
            value = time.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f'{value!r} is no time of day; write it like "09:00".') from error
    if isinstance(value, time) and value.tzinfo is None:
        return value
    raise ValueError('a time of day in the team\'s own zone is wanted; write it like "09:00".')


def _near(path: Path, info: ValidationInfo) -> Path:
    """Resolve against the settings file's folder; variables and ~ are filled in."""
    filled = Path(os.path.expandvars(path)).expanduser()
    folder: Path = (info.context or {}).get("folder", Path())
    return folder / filled


def _command(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return tuple(shlex.split(value))
    except ValueError as error:
        raise ValueError(f"the command cannot be split into words ({error}); close its quotes.") from error


def _one_line(text: str) -> str:
    if any(ord(c) < 0x20 or ord(c) == 0x7F for c in text):
        raise ValueError("control characters are not allowed here; retype the value on one line.")
    return text


def _after_intake(text: str) -> str:
    kind, _, name = text.partition(":")
    if text == "none" or (kind == "move" and name) or (kind == "flag" and _KEYWORD.fullmatch(name)):
        return _one_line(text)
    raise ValueError(f'{text!r} is not known; write "none", "flag:AmendsSeen" or "move:Handled".')


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{text!r} is no web address; write it like https://desk.example.org.")
    return text.rstrip("/")


def _database_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.password:
        raise ValueError(
            "it holds a password; put the whole URL in a variable and name that in database.url_env."
        )
    if parts.scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        raise ValueError(
            f"{parts.scheme!r} is not served; use sqlite:///amends.db or postgresql+psycopg://..."
        )
    return text


def _weekday(value: object) -> object:
    short = value.strip().casefold()[:3] if isinstance(value, str) else ""
    if short not in WEEKDAYS:
        raise ValueError(f"{value!r} is no weekday; write mon, tue, wed, thu, fri, sat or sun.")
    return short


Line = Annotated[str, Field(min_length=1), AfterValidator(_one_line)]
Zone = Annotated[str, AfterValidator(_zone)]
Country = Annotated[str, AfterValidator(_country)]
MailAddress = Annotated[str, AfterValidator(_address)]
NearPath = Annotated[Path, AfterValidator(_near)]
WallTime = Annotated[time, BeforeValidator(_wall_time)]
Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Framework = Literal["mama", "learn", "latte", "heart", "aware"]


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
    addresses: tuple[Annotated[str, AfterValidator(_address_or_domain)], ...] = Field(
        default=(), description="Further addresses that write for us; a whole domain as `@example.org`."
    )


class Hours(Part):
    """When the team is at work. Alerts and due times keep to it."""

    opens: WallTime = Field(default=time(9), description="Business hours begin, local time.")
    closes: WallTime = Field(
        default=time(17), description="Business hours end; a day without a time is due then."
    )
    workdays: tuple[Annotated[str, BeforeValidator(_weekday)], ...] | None = Field(
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
    token_command: Annotated[tuple[str, ...], BeforeValidator(_command)] | None = Field(
        default=None,
        description="Command whose output is an OAuth 2 access token (XOAUTH2). Run without a shell.",
    )
    ca_file: NearPath | None = Field(default=None, description="Certificates to trust besides the system's.")

    def password(self) -> str | None:
        """The password, read now from where the settings say; None with a token or without sign-in.

        Raises BadSettings when the variable is not set or the file cannot be read.
        """
        if self.password_env:
            return _variable(self.password_env, key="password_env")
        return _first_line(self.password_file) if self.password_file else None


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
    sent: Annotated[str, AfterValidator(_one_line)] | None = Field(
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
    after_intake: Annotated[str, AfterValidator(_after_intake)] = Field(
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
    from_name: Annotated[str, AfterValidator(_one_line)] = Field(
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

    url: Annotated[str, AfterValidator(_database_url)] = Field(
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
    safety_second_after_minutes: Annotated[int, Field(ge=1)] = Field(
        default=10, description="Minutes until a safety alert passes to the second person, day or night."
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
        default=4, description="Business hours after which an unanswered alert repeats and rises."
    )
    heartbeat_file: NearPath | None = Field(
        default=None, description="File touched while all is well, for an outside monitor."
    )
    heartbeat_url: Annotated[str, AfterValidator(_web_address)] | None = Field(
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


class Desk(Part):
    """The agents' web pages."""

    public_url: Annotated[str, AfterValidator(_web_address)] | None = Field(
        default=None, description="Where the desk is reached, for links in alerts."
    )


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
    desk: Desk = Desk()

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

    @property
    def own_addresses(self) -> frozenset[str]:
        """Every address (and `@domain`) that writes for us, in lower case."""
        boxes = (box.address for box in self.mailboxes)
        people = (person.email for person in self.people)
        return frozenset((*self.firm.addresses, *boxes, *people))

    def is_ours(self, address: str) -> bool:
        plain = address.strip().casefold()
        return plain in self.own_addresses or "@" + plain.rpartition("@")[2] in self.own_addresses

    def person(self, name: str) -> Person:
        """The person of that name, whatever the case of its letters. Raises BadInput naming the known ones."""
        found = [p for p in self.people if p.name.casefold() == name.strip().casefold()]
        if found:
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


def _first_line(path: Path) -> str:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise BadSettings(
            (f"password_file: cannot read {path}: {reason}. Check the path and who may read it.",)
        ) from None
    if not lines or not lines[0]:
        raise BadSettings((f"password_file: {path} is empty. Put the password on its first line.",))
    return lines[0]


def _channels(urls: tuple[SecretStr, ...], variable: str | None, *, key: str) -> tuple[str, ...]:
    from_variable = _variable(variable, key=key).split() if variable else []
    return (*(url.get_secret_value() for url in urls), *from_variable)


# --- reading ---------------------------------------------------------------------------------------------


def settings_path(path: Path | None = None) -> Path:
    """The settings file: as given, else as $AMENDS_SETTINGS says, else ./amends.toml."""
    return path or Path(os.environ.get(FILE_VARIABLE) or DEFAULT_FILE)


def load_settings(path: Path | None = None) -> Settings:
    """The settings in that file (`settings_path`). Raises BadSettings with every fault at once."""
    file = settings_path(path)
    return read_settings(_parse(file), folder=file.absolute().parent, source=str(file))


def _parse(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        fault = f"There are no settings at {file}. Run `amends init` to write them, or name the file with --settings."
    except UnicodeDecodeError:
        fault = f"{file}: it is not UTF-8 text. Save it as UTF-8."
    except tomllib.TOMLDecodeError as error:
        fault = f"{file}: it is not TOML: {error}. Mend that line; strings stand in double quotes."
    except OSError as error:
        fault = f"{file}: it cannot be read: {error.strerror}. Check the path and who may read it."
    raise BadSettings((fault,))


def read_settings(table: Mapping[str, Any], *, folder: Path = Path(), source: str = "settings") -> Settings:
    """The settings in a parsed table; relative paths start at `folder`. Raises BadSettings with every fault."""
    filled = _filled(table)
    faults = list(_cross_faults(filled))
    try:
        settings = Settings.model_validate(filled, context={"folder": folder})
    except ValidationError as error:
        faults = [_told(fault, filled) for fault in error.errors(include_url=False)] + faults
        raise BadSettings(tuple(f"{source}: {fault}" for fault in faults)) from None
    if faults:
        raise BadSettings(tuple(f"{source}: {fault}" for fault in faults))
    return settings


def _filled(table: Mapping[str, Any]) -> dict[str, Any]:
    """Each mailbox with what it takes from other tables: the letters' framework, the firm's zone for `since`."""
    framework = _table(table, "letters").get("framework")
    zone = _table(table, "firm").get("zone")
    boxes = table.get("mailboxes")
    if not isinstance(boxes, list):
        return dict(table)
    return {**table, "mailboxes": [_filled_box(box, framework, zone) for box in boxes]}


def _filled_box(box: object, framework: object, zone: object) -> object:
    if not isinstance(box, dict):
        return box
    filled = dict(box)
    if framework is not None:
        filled.setdefault("framework", framework)
    if "since" in filled:
        known = _is_zone(zone)
        filled["since"] = _in_zone(filled["since"], ZoneInfo(str(zone) if known else "UTC"))
    return filled


def _in_zone(since: object, zone: ZoneInfo) -> object:
    """A date or a time without offset is meant in the firm's own zone; a date is its first instant."""
    if isinstance(since, str):
        try:
            since = datetime.fromisoformat(since)
        except ValueError:
            return since
    if isinstance(since, date) and not isinstance(since, datetime):
        since = datetime.combine(since, time())
    if isinstance(since, datetime) and since.tzinfo is None:
        return since.replace(tzinfo=zone)
    return since


# --- values against each other -----------------------------------------------------------------------------
# These look at the raw tables, so that they are found together with the faults of single values.


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def _tables(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = table.get(key)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _cross_faults(table: Mapping[str, Any]) -> Iterator[str]:
    yield from _name_faults(table, "people")
    yield from _name_faults(table, "mailboxes")
    yield from _unknown_people(table)
    if table.get("people") == []:
        yield "people: nobody is named. Add [[people]] with a name and an email."
    for number, box in enumerate(_tables(table, "mailboxes")):
        yield from _sign_in_faults(box, f"mailboxes[{_label(box, number)}]", needed=True)
    yield from _sending_faults(_table(table, "sending"))
    hours = Hours.model_fields
    opens, closes = (_as_time(_table(table, "hours").get(k, hours[k].default)) for k in ("opens", "closes"))
    if opens and closes and opens >= closes:
        yield "hours.closes: it is not after hours.opens. Give the closing time of the same day."


def _as_time(value: object) -> time | None:
    try:
        return cast("time", _wall_time(value))
    except ValueError:
        return None


def _label(row: Mapping[str, Any], number: int) -> str:
    name = row.get("name")
    return name if isinstance(name, str) and name else str(number + 1)


def _name_faults(table: Mapping[str, Any], key: str) -> Iterator[str]:
    seen = set()
    for row in _tables(table, key):
        name = str(row.get("name", "")).casefold()
        if name and name in seen:
            yield f"{key}[{row['name']}]: the name is given twice. Give each its own."
        seen.add(name)


def _unknown_people(table: Mapping[str, Any]) -> Iterator[str]:
    names = [str(person.get("name")) for person in _tables(table, "people")]
    known = {name.casefold() for name in names}
    for key, name in _named_people(table):
        if isinstance(name, str) and name.casefold() not in known:
            yield f"{key}: nobody under [[people]] is called {name!r}.{_did_you_mean(name, names)}"


def _named_people(table: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for number, person in enumerate(_tables(table, "people")):
        yield f"people[{_label(person, number)}].second", person.get("second")
    for number, box in enumerate(_tables(table, "mailboxes")):
        yield f"mailboxes[{_label(box, number)}].owner", box.get("owner")
    for key in ("lead", "safety", "safety_second"):
        yield f"alerts.{key}", _table(table, "alerts").get(key)


_WAYS: Final = ("password_env", "password_file", "token_command")


def _sign_in_faults(row: Mapping[str, Any], key: str, *, needed: bool) -> Iterator[str]:
    given = [way for way in _WAYS if row.get(way)]
    if len(given) > 1:
        yield f"{key}: {' and '.join(given)} are both set. Keep exactly one."
    if given and not row.get("username"):
        yield f"{key}.username: it is missing. Name the account that {given[0]} is for."
    if not given and (needed or row.get("username")):
        yield f"{key}: it has no way to sign in. Set one of {', '.join(_WAYS)}."
    if row.get("auth") == "xoauth2" and "token_command" not in given:
        yield f"{key}.auth: xoauth2 needs a token_command."


def _sending_faults(sending: Mapping[str, Any]) -> Iterator[str]:
    kind = sending.get("kind")
    if kind == "smtp":
        if not sending.get("host"):
            yield 'sending.host: it is missing. Name the SMTP server, or use kind = "maildir" for a trial.'
        yield from _sign_in_faults(sending, "sending", needed=False)
    if kind == "maildir" and not sending.get("path"):
        yield 'sending.path: it is missing. Name the folder for the letters, such as "outbox".'


# --- faults in words -----------------------------------------------------------------------------------------


def _told(fault: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    """One fault of a single value as `key: what is wrong. What to do.`"""
    location = tuple(fault["loc"])
    key = _dotted(location, table)
    if fault["type"] == "extra_forbidden":
        return f"{key}: {_unknown_key(location)}"
    if fault["type"] == "missing":
        return f"{key}: it is missing. {_wanted(location)}"
    if fault["type"] == "value_error":
        return f"{key}: {fault['ctx']['error']}"
    return f"{key}: {_plain(fault['msg'])}. {_wanted(location)}"


def _plain(message: str) -> str:
    plain = message.replace("Input should", "it should").replace("String should", "it should")
    return plain.replace("a valid tuple", 'a list, such as ["one", "two"]').rstrip(".")


def _dotted(location: tuple[int | str, ...], table: Mapping[str, Any]) -> str:
    """The key as a person would say it: rows by their name, not their number."""
    words: list[str] = []
    value: Any = table
    for part in location:
        value = _inside(value, part)
        if isinstance(part, int):
            label = _label(value, part) if isinstance(value, dict) else str(part + 1)
            words[-1:] = [f"{words[-1]}[{label}]"]
        else:
            words.append(part)
    return ".".join(words)


def _inside(value: Any, part: int | str) -> Any:  # noqa: ANN401 - a parsed TOML value of any kind
    try:
        return value[part]
    except (KeyError, IndexError, TypeError):
        return None


def _part_at(location: tuple[int | str, ...]) -> type[Part] | None:
    """The table that a key at `location` stands in; None inside a plain value."""
    part: type[Part] | None = Settings
    for word in location[:-1]:
        if isinstance(word, int):
            continue
        part = TABLES.get(word) if part is Settings else None
    return part


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
    "desk": Desk,
}
"""Every table of the file and what it may hold."""

ROWS: Final = frozenset({"people", "mailboxes"})
"""The tables that are written once for each, as [[people]]."""


def _unknown_key(location: tuple[int | str, ...]) -> str:
    word = str(location[-1])
    if word in {"password", "token"}:
        return "secrets do not stand in this file. Use password_env, password_file or token_command."
    homes = [f"[{name}]" for name, table in TABLES.items() if word in table.model_fields]
    if homes:
        return f"no such setting here. It belongs in {' or '.join(homes)}."
    part = _part_at(location)
    close = _did_you_mean(word, list(part.model_fields) if part else [])
    return f"no such setting.{close or ' Remove it; docs/configuration.md lists them all.'}"


def _did_you_mean(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _wanted(location: tuple[int | str, ...]) -> str:
    """What the setting at `location` is for: the remedy for a value that is missing or of the wrong kind."""
    words = [word for word in location if isinstance(word, str)]
    if len(words) == 1 and words[0] in TABLES:
        title = f"[[{words[0]}]]" if words[0] in ROWS else f"[{words[0]}]"
        return f"Add {title}: {(TABLES[words[0]].__doc__ or '').splitlines()[0]}"
    part = TABLES.get(words[0]) if words else None
    field = part.model_fields.get(words[1]) if part and len(words) > 1 else None
    return f"Wanted: {field.description}" if field and field.description else "See docs/configuration.md."
