"""Everything that goes into the frozen bytes of a letter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingLetter:
    """A letter as it will be written; every field is one line but `text`."""

    from_name: str
    from_address: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    message_id: str
    reference: str
    in_reply_to: str | None
    references: tuple[str, ...]
    date: str  # RFC 5322
