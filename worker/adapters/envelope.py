"""What a mail's header block alone tells, cheaply: when it came, who wrote, to whom. For mail from files."""

from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser

from worker.adapters.maildates import read_date
from worker.adapters.mailheaders import one_line, read_addresses

HEADERS_READ = 131_072  # bytes
LONGEST_LIST = 10_000  # characters of one list of addresses


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
    at = read_date(one_line(received)) or read_date(one_line(str(message.get("date", ""))))
    return Envelope(
        arrived_at=at if at is None or at.tzinfo is not None else None,
        sender=next(iter(_addresses([str(message.get("from", ""))])), ""),
        recipients=_addresses(
            [str(value) for name in ("to", "cc", "delivered-to") for value in message.get_all(name, [])]
        ),
    )


def _addresses(values: list[str]) -> tuple[str, ...]:
    found = read_addresses(tuple(one_line(value[:LONGEST_LIST]) for value in values))
    return tuple(one.address for one in found if "@" in one.address)
