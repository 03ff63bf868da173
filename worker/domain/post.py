"""What is remembered of a mail: the place its bytes were taken from, and what was read in it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.domain.mail import Address
from worker.domain.verdict import Judgement, MachineKind, Route, Severity, Verdict

TRIES = 3  # a mail that cannot be read is set aside after this many


class KeptState(StrEnum):
    """Where one kept mail stands; every one of them counts in the accounting."""

    KEPT = "kept"  # the bytes are safe, nothing else has been done
    TAKEN_IN = "taken_in"
    SET_ASIDE = "set_aside"  # could not be read; a person has been told
    DISCARDED = "discarded"  # a person decided not to read it; bytes and place stay


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMail:
    """One mail's place: (mailbox, folder, uidvalidity, uid) is its key, never its Message-ID."""

    id: int = 0
    mailbox: str
    folder: str
    uidvalidity: int
    uid: int
    sha256: str  # of the raw bytes
    size: int  # bytes on the server; more than was kept when `oversize`
    oversize: bool = False  # only the headers were kept
    arrived_at: datetime  # the server's INTERNALDATE
    kept_at: datetime
    state: KeptState = KeptState.KEPT
    attempts: int = 0
    reason: str = ""  # why it was set aside or discarded
    is_history: bool = False


class Author(StrEnum):
    """Who wrote a mail, as far as we are concerned."""

    CUSTOMER = "customer"
    MACHINE = "machine"
    OURS = "ours"  # a letter of ours, to a customer
    INTERNAL = "internal"  # ours, to ourselves


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMail:
    """One mail as read and judged, with the case it belongs to."""

    id: int = 0
    kept_id: int | None  # None for a letter we sent and have not seen come back
    copy_of: int | None = None  # the same mail, taken in before by another way
    case_id: int | None
    author: Author
    mailbox: str
    message_id: str | None
    sender: str  # address, lower case; '' when there is none
    sender_name: str
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str
    written_at: datetime  # the moment it counts from: arrival for theirs, the Date header for ours
    new_words: str
    fingerprint: str  # the same for copies of one mail that came by different ways
    language: str | None = None
    machine: MachineKind | None = None
    verdict: Verdict | None = None
    severity: Severity | None = None
    route: Route | None = None
    judgement: Judgement | None = None
    marked_by: str | None = None  # a person's verdict outranks the rules
    is_history: bool = False
    forwarded_by: str | None = None  # our own person who passed it on


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPlace:
    """One watched folder as the server numbers it."""

    id: int = 0
    mailbox: str
    folder: str
    uidvalidity: int
    highest_uid: int = 0
    looked_at: datetime | None = None


class ContactHow(StrEnum):
    SENT = "sent"  # a letter approved here and accepted by the mail server
    FOUND = "found"  # a letter of ours seen in a watched folder
    CALL = "call"  # a call that reached the customer, logged by an agent
    BOUNCED = "bounced"  # was thought to be contact, and came back
    SAID = "said"  # an agent says that a letter or talk elsewhere reached the customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A message or call of ours that actually reached out to this case's customer."""

    id: int = 0
    case_id: int
    at: datetime
    by: str
    how: ContactHow
    mail_id: int | None = None
    delivery_id: int | None = None
    note: str = ""
    reports_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a case's history: what happened, in the past tense, and who did it."""

    id: int = 0
    at: datetime
    case_id: int | None = None
    who: str  # a person's name, or "amends"
    what: str  # an event name such as draft_approved
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A person's verdict on a mail, kept beside the rules' own."""

    id: int = 0
    case_id: int
    mail_id: int
    verdict: str  # complaint | not-complaint | safety | machine
    by: str
    at: datetime
    rules_said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A colleague is away until an instant, and who stands in."""

    id: int = 0
    person: str
    until: datetime
    stand_in: str
