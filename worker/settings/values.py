"""The kinds of values in amends.toml: how each is checked, and the sentence that says what would be right."""

import difflib
import os
import re
import shlex
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from holidays import list_supported_countries
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

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
    if is_zone(name):
        return name
    close = difflib.get_close_matches(name, available_timezones(), n=1)
    hint = f"did you mean {close[0]!r}?" if close else "give an IANA name such as 'Europe/London'."
    raise ValueError(f"{name!r} is no time zone; {hint}")


def is_zone(name: object) -> bool:
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


def wall_time(value: object) -> object:
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
WallTime = Annotated[time, BeforeValidator(wall_time)]
Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Framework = Literal["mama", "learn", "latte", "heart", "aware"]
Weekday = Annotated[str, BeforeValidator(_weekday)]
AddressOrDomain = Annotated[str, AfterValidator(_address_or_domain)]
OneLine = Annotated[str, AfterValidator(_one_line)]
AfterIntake = Annotated[str, AfterValidator(_after_intake)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
Command = Annotated[tuple[str, ...], BeforeValidator(_command)]
