"""What a mailbox is asked with and what it answers: accounts, folders, fetched mails."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from worker.errors import Transient

LARGEST_MAIL = 35 * 1024 * 1024  # bytes; above it only the headers are fetched
LARGEST_HEADERS = 128 * 1024  # bytes of an oversize mail's headers that are fetched


class SignInRefused(Transient):
    """The server refused the name or the secret: a person must look, and trying goes on meanwhile."""


class FolderMissing(Transient):
    """The folder is not there (renamed? deleted?): a person must look. Never the same as an empty folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapAccount:
    """Where a mailbox is and how to get in. Times in seconds."""

    host: str
    port: int
    username: str
    secret: Callable[[], str] = field(repr=False)
    security: str = "tls"  # tls | starttls | plain
    auth: str = "password"  # password (LOGIN) | plain (SASL PLAIN) | xoauth2
    connect_timeout: float = 15
    read_timeout: float = 60
    operation_timeout: float = 60  # for an operation as a whole, besides the time its bytes take
    ca_file: Path | None = None

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder that can be selected. `special_use` is its RFC 6154 attribute (Sent, with its backslash), or None."""

    name: str
    special_use: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderState:
    """What the server says of a folder as it is opened. UIDs mean something within one `uidvalidity` only."""

    name: str
    uidvalidity: int
    uidnext: int  # 0 where the server does not say
    exists: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMail:
    """One mail as the server holds it, byte for byte.

    `oversize`: above 35 MB; `raw` is then its headers alone. `error`: the server shows this mail and will
    not give it; `raw` is then empty, and the mail still has to be accounted for.
    """

    uid: int
    raw: bytes
    internal_date: datetime  # aware, UTC; when the server got it (now, where the server does not say)
    size: int  # bytes, as the server counts them
    oversize: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerDescription:
    """For `amends doctor`: who answers, what it can do, what folders there are."""

    server: str
    capabilities: tuple[str, ...]
    folders: tuple[Folder, ...]
    sent: str | None
