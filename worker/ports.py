"""What the services need from outside, and nothing more: rows, mailboxes, senders, channels, clocks.

`Rows` is the same for every kind of value; a store adds the few questions that its services ask. Values
are frozen: `save` writes the whole value back by its id, `swap` does so only while a column still holds
what the caller saw (compare-and-set: another worker got there first, return False).
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from worker.domain.alert import Alert, Notice
from worker.domain.case import Case, Customer, CustomerAddress, Participant
from worker.domain.delivery import Delivery
from worker.domain.draft import Approval, Draft
from worker.domain.post import Absence, Author, Contact, Event, FolderPlace, KeptMail, Mark, ReadMail
from worker.domain.promise import Promise
from worker.domain.verdict import Route, Verdict

T = TypeVar("T")


class Clock(Protocol):
    """The one source of `now`."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


class Fetched(Protocol):
    """One mail as a server or a file gave it."""

    @property
    def uid(self) -> int: ...

    @property
    def raw(self) -> bytes:
        """Every byte, or only the headers when `oversize`."""
        ...

    @property
    def internal_date(self) -> datetime: ...

    @property
    def size(self) -> int: ...

    @property
    def oversize(self) -> bool: ...

    @property
    def error(self) -> str | None:
        """Why the server would not give it; `raw` is empty then."""
        ...


class Rows(Protocol[T]):
    """The rows of one kind of value."""

    def add(self, value: T) -> T:
        """Keep a new value; the one returned carries its id."""
        ...

    def get(self, row_id: int) -> T | None: ...

    def save(self, value: T) -> None:
        """Write the whole value back by its id."""
        ...

    def swap(self, value: T, *, seen: Mapping[str, Any]) -> bool:
        """Save only while the row still holds what `seen` says; False when somebody was first."""
        ...

    def where(self, *, newest_first: bool = False, limit: int | None = None, **equals: Any) -> list[T]:
        """Rows whose columns equal these values (a tuple, list or set means any of them), by id."""
        ...

    def count(self, **equals: Any) -> int: ...


class KeptMails(Rows[KeptMail], Protocol):
    def held_uids(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]: ...

    def add_with_raw(self, mails: Sequence[tuple[KeptMail, bytes]]) -> list[KeptMail]:
        """Keep bytes and place together; a key already held is left alone and not returned."""
        ...

    def raw(self, sha256: str) -> bytes: ...

    def forget_bytes(self) -> None:
        """Drop the raw bytes of what has been taken in. Only for a look, which keeps nothing."""
        ...

    def waiting(self, limit: int) -> list[KeptMail]:
        """Kept and not yet taken in, oldest arrival first."""
        ...

    def count_attempt(self, row_ids: Sequence[int]) -> None:
        """One more try for each, committed before the try is made."""
        ...

    def still_waiting(self, row_ids: Sequence[int]) -> set[int]:
        """Which of these nobody else has taken in meanwhile."""
        ...

    def finish(self, row_ids: Sequence[int]) -> None:
        """Mark these taken in, in the transaction that took them in."""
        ...

    def tally(self) -> list[tuple[str, str, str, int]]:
        """(mailbox, folder, state, count), for the accounting."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedMails:
    """How many of the mails taken in were sorted alike."""

    author: Author
    verdict: Verdict | None
    route: Route | None
    is_copy: bool
    is_history: bool
    count: int


class ReadMails(Rows[ReadMail], Protocol):
    def by_message_ids(self, message_ids: Sequence[str]) -> list[ReadMail]: ...

    def by_fingerprint(self, fingerprint: str) -> ReadMail | None:
        """The first mail taken in with these contents."""
        ...

    def of_case(self, case_id: int) -> list[ReadMail]:
        """The conversation, in the order it was written."""
        ...

    def drafts_today(self, *, sender: str, since: datetime) -> int:
        """How many drafts this sender has caused since an instant (for the daily cap)."""
        ...

    def tally(self) -> list[tuple[str, str | None, int]]:
        """(author, route, count), for the accounting."""
        ...

    def sorted_out(self) -> list[SortedMails]:
        """Every mail taken in, counted by where it went."""
        ...


class Cases(Rows[Case], Protocol):
    def with_participant(self, address: str, *, open_only: bool = True) -> list[Case]:
        """Cases this address takes part in, newest first."""
        ...

    def due(self, now: datetime, limit: int = 200) -> list[Case]:
        """Open cases whose own next alert has come."""
        ...


class Customers(Rows[Customer], Protocol):
    def by_address(self, address: str) -> Customer | None: ...

    def addresses(self, customer_id: int) -> list[CustomerAddress]: ...

    def add_address(self, customer_id: int, address: str) -> None: ...

    def move_addresses(self, *, from_id: int, to_id: int) -> None: ...


class Participants(Rows[Participant], Protocol):
    def of_case(self, case_id: int) -> set[str]: ...


class Promises(Rows[Promise], Protocol):
    def watched(self, case_id: int) -> list[Promise]: ...

    def due(self, now: datetime, limit: int = 200) -> list[Promise]:
        """Watched promises whose next alert has come, longest waiting first."""
        ...

    def asked_about(self) -> list[Promise]:
        """Those with a question open: did that letter settle it?"""
        ...

    def open_now(self, *, owner: str | None = None) -> list[Promise]:
        """Every watched promise, the longest overdue first."""
        ...


class Deliveries(Rows[Delivery], Protocol):
    def sendable(self, now: datetime, limit: int = 20) -> list[Delivery]: ...

    def sent_since(self, at: datetime) -> int: ...

    def stalled(self, now: datetime) -> list[Delivery]:
        """Claims that ran out."""
        ...

    def by_message_ids(self, message_ids: Sequence[str]) -> list[Delivery]: ...

    def by_reference(self, reference: str) -> Delivery | None: ...


class Alerts(Rows[Alert], Protocol):
    def standing(self, **equals: Any) -> list[Alert]:
        """Alerts not ended."""
        ...

    def due(self, now: datetime, limit: int = 200) -> list[Alert]: ...


class Notices(Rows[Notice], Protocol):
    def due(self, now: datetime, limit: int = 50) -> list[Notice]: ...


class Facts(Protocol):
    """Small things remembered by name: our signing key, each mailbox's `since`, the last digest."""

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, value: str) -> None: ...


class Rooms(Protocol):
    """Everything inside one transaction."""

    kept: KeptMails
    mails: ReadMails
    cases: Cases
    customers: Customers
    participants: Participants
    drafts: Rows[Draft]
    approvals: Rows[Approval]
    promises: Promises
    deliveries: Deliveries
    contacts: Rows[Contact]
    alerts: Alerts
    notices: Notices
    events: Rows[Event]
    marks: Rows[Mark]
    absences: Rows[Absence]
    folders: Rows[FolderPlace]
    facts: Facts

    def undone_on_error(self) -> AbstractContextManager[None]:
        """A savepoint: what happens inside is undone when it raises, and the rest stays."""
        ...


class Database(Protocol):
    """Transactions on the one database."""

    def writing(self) -> AbstractContextManager[Rooms]:
        """A unit of work: committed at its end, rolled back when it raises."""
        ...

    def reading(self) -> AbstractContextManager[Rooms]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The server has taken the letter."""

    response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedByServer:
    """The server has said no, so it does not have the letter.

    `permanent`: 5yz, no use in trying again as it is; else 4yz, later. `code` 0: the server does not offer
    what this letter needs (SMTPUTF8, 8BITMIME), and nothing was sent.
    """

    code: int
    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedBefore:
    """It failed before any of the letter had left us: safe to try again."""

    reason: str
    sign_in_refused: bool = False  # a person must look at name and secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The letter may have left, or not. Only evidence or a person can say."""

    reason: str


SendOutcome = Accepted | RefusedByServer | FailedBefore | Unknown


class Sender(Protocol):
    """Gives a letter to a mail server, once, without trying again."""

    def send(
        self, *, envelope_from: str, recipients: Sequence[str], raw: bytes, before_data: Callable[[], None]
    ) -> SendOutcome:
        """`before_data` is called at the last moment before the letter is given over; if it raises Refused
        nothing is sent and the error is passed on.
        """
        ...


class Channel(Protocol):
    """One way to reach a colleague."""

    name: str

    def notify(self, title: str, body: str, kind: str, stable_id: str) -> None:
        """Tell them (`kind`: info, warning, failure, success), or raise Transient without any secret in it."""
        ...


class FolderState(Protocol):
    """A folder as the server shows it."""

    @property
    def uidvalidity(self) -> int: ...


class MailServer(Protocol):
    """One connection to one mailbox; every error throws it away and is Transient."""

    def connect(self) -> None: ...

    def close(self) -> None: ...

    def find_sent(self, name: str | None = None) -> str | None: ...

    def select(self, folder: str) -> FolderState: ...

    def list_uids(self, since_uid: int = 1) -> list[int]: ...

    def fetch_sizes(self, uids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
        """Each mail's size in bytes and the server's INTERNALDATE."""
        ...

    def fetch_raw(self, uids: Sequence[int]) -> Iterator[Fetched]: ...

    def wait(self, seconds: float, *, stop: threading.Event | None = None) -> bool: ...

    def flag(self, uids: Sequence[int], flag: str) -> None: ...

    def move(self, uids: Sequence[int], folder: str) -> None: ...

    def append(self, folder: str, raw: bytes, flags: Sequence[str], at: datetime) -> None: ...

    def search_header(self, folder: str, name: str, value: str) -> list[int]: ...
