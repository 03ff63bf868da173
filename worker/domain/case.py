"""What a case is, where it stands, and which case a mail belongs to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.domain.verdict import Route, Severity, Verdict

OPENING_WORDS = frozenset(
    {
        "re",
        "aw",
        "sv",
        "vs",
        "antw",
        "ref",
        "rif",
        "r",
        "res",
        "rép",
        "fw",
        "fwd",
        "wg",
        "tr",
        "rv",
        "enc",
        "i",
        "doorst",
    }
)


class CaseKind(StrEnum):
    COMPLAINT = "complaint"
    OTHER = "other"
    UNCLASSIFIED = "unclassified"


class CaseState(StrEnum):
    NEW = "new"  # nobody has looked yet
    AWAITING_US = "awaiting_us"
    AWAITING_CUSTOMER = "awaiting_customer"
    SAFETY = "safety"  # with a named person; no draft until lifted
    CLOSED = "closed"


class NextKind(StrEnum):
    """What a case's own next date is for, while no promise supplies one."""

    ACKNOWLEDGE = "acknowledge"
    CONTACT = "contact"  # the next contact with the customer
    LOOK = "look"  # somebody must look: unclassified, held, bounced


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One customer's matter, from the first mail to the lesson learned."""

    id: int = 0  # 0 until it is kept
    mailbox: str
    kind: CaseKind
    state: CaseState = CaseState.NEW
    subject: str
    customer_id: int
    language: str | None = None
    severity: Severity | None = None
    topics: tuple[str, ...] = ()
    framework: str
    owner: str
    opened_at: datetime
    opened_by: str = "mail"  # "mail", or the agent who took a telephone call
    is_history: bool = False  # from before the mailbox's `since`
    last_customer_at: datetime | None = None
    last_contact_at: datetime | None = None
    heard_at: datetime | None = None
    heard_by: str | None = None
    claims_case_id: int | None = None  # a stranger's mail that says it belongs to this case
    merged_into: int | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None
    next_at: datetime | None = None  # its own next date; None while a promise supplies it
    next_kind: NextKind | None = None
    next_alert_at: datetime | None = None
    alerts_sent: int = 0

    @property
    def is_open(self) -> bool:
        return self.state is not CaseState.CLOSED and self.merged_into is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Somebody who writes to us. `name` is what they call themselves: a claim."""

    id: int = 0
    name: str
    tags: tuple[str, ...] = ()
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAddress:
    """One address of a customer; several customers never share one."""

    id: int = 0
    customer_id: int
    address: str  # lower case


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """An address on the customer's side of one case."""

    id: int = 0
    case_id: int
    address: str


def kind_for(verdict: Verdict) -> CaseKind:
    return {
        Verdict.COMPLAINT: CaseKind.COMPLAINT,
        Verdict.NOT_COMPLAINT: CaseKind.OTHER,
        Verdict.UNCLASSIFIED: CaseKind.UNCLASSIFIED,
    }[verdict]


def state_for(case: Case, *, route: Route | None = None) -> CaseState:
    """Whose turn it is, from who wrote last; a safety case stays one until it is lifted."""
    if route is Route.SAFETY or case.state is CaseState.SAFETY:
        return CaseState.SAFETY
    if case.last_contact_at is None:
        return CaseState.NEW if case.heard_at is None else CaseState.AWAITING_US
    if case.last_customer_at is not None and case.last_customer_at > case.last_contact_at:
        return CaseState.AWAITING_US
    return CaseState.AWAITING_CUSTOMER


def plain_subject(subject: str) -> str:
    """The subject without reply and forward marks and ticket tags, folded for comparison."""
    rest = " ".join(subject.split()).casefold()
    while True:
        head, colon, tail = rest.partition(":")
        word = head.split("[")[0].split("(")[0].strip().rstrip("0123456789^")
        if colon and word in OPENING_WORDS:
            rest = tail.strip()
        elif rest.startswith("[") and "]" in rest:
            rest = rest.partition("]")[2].strip()
        else:
            return rest
