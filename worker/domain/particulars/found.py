"""The values that reading a complaint for its particulars gives."""

from dataclasses import dataclass
from enum import StrEnum


class ReferenceKind(StrEnum):
    """What a number in a mail stands for, as the customer calls it."""

    ORDER = "order"
    BOOKING = "booking"
    INVOICE = "invoice"
    CONTRACT = "contract"
    ACCOUNT = "account"
    PARCEL = "parcel"
    CASE = "case"
    TICKET = "ticket"
    REFERENCE = "reference"  # the mail does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Particular:
    """Verbatim words of the customer: `text` is [start, end) of the mail's `field`."""

    text: str
    field: str  # "subject" or "text"
    start: int
    end: int
    kind: ReferenceKind | None = None  # of a reference only


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What one mail tells. None where it does not say so plainly."""

    what: Particular | None = None  # a clause that tells the failure, to be quoted
    reference: Particular | None = None  # the one the complaint is about
    since: Particular | None = None  # since when, or for how long
    references: tuple[Particular, ...] = ()  # all that were found, subject first
    about: tuple[Particular, ...] = ()  # those the complaint is about, `reference` first


NO_PARTICULARS = Particulars()
