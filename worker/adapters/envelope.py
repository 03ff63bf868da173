"""What a mail's header block alone tells, cheaply: when it came, who wrote, to whom. For mail from files."""

from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from worker.adapters.maildates import read_date

HEADERS_READ = 131_072  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`arrived_at` is aware or None; addresses are lower case."""

    arrived_at: datetime | None
    sender: str
    recipients: tuple[str, ...]


def read_envelope(raw: bytes) -> Envelope:
    """Of the topmost Received and the Date the one that can be read, Received first: it is the server's clock."""
    message = BytesHeaderParser().parsebytes(raw[:HEADERS_READ])
    received = str(message.get("received", "")).rpartition(";")[2]
    at = read_date(_one_line(received)) or read_date(_one_line(str(message.get("date", ""))))
    return Envelope(
        arrived_at=at if at is None or at.tzinfo is not None else None,
        sender=next(iter(_addresses([str(message.get("from", ""))])), ""),
        recipients=_addresses(
            [str(value) for name in ("to", "cc", "delivered-to") for value in message.get_all(name, [])]
        ),
    )


def _addresses(values: list[str]) -> tuple[str, ...]:
    found = getaddresses([value[:10_000] for value in values])
    return tuple(address.casefold() for _, address in found if "@" in address)


def _one_line(value: str) -> str:
    return " ".join(value.split())
