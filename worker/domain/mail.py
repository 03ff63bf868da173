"""What one mail says, as plain values: who wrote to whom, when, what, and which words are new.

adapters/mime makes these from bytes; everything after it works on them and never sees MIME again.
Every string here is one line where a header is one line: control characters are gone at the edge.
Offsets count Unicode code points, end exclusive, in the value they belong to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from worker.domain.case import plain_subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mailbox as a header names it. `address` is lower-cased; `name` may be empty."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part that is not the letter itself. `filename` is the sender's claim, canonicalised, never a path."""

    filename: str
    media_type: str
    size: int  # bytes, decoded


class SpanKind(StrEnum):
    """What a stretch of a mail's body is."""

    OWN = "own"  # the sender's new words
    QUOTED = "quoted"  # an earlier mail, with its attribution line
    FORWARDED = "forwarded"  # somebody else's mail passed on, with its header block
    SIGNATURE = "signature"  # what follows a signature mark, and mobile signatures
    DISCLAIMER = "disclaimer"  # confidentiality and environment notices


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a text: [start, end) in code points."""

    kind: SpanKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMail:
    """One mail, read. Nothing is deleted from `text`; `spans` tile it and say what each stretch is."""

    message_id: str | None  # with its angle brackets; a hint, never a key
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # oldest first, unfolded
    sender: Address | None  # From
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None  # aware, in the offset the sender wrote
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # lower-case name -> one-line values
    text: str = ""  # the whole body, LF line ends, quotes kept
    spans: tuple[Span, ...] = ()
    from_html: bool = False  # `text` was made from HTML because no usable plain part came with it
    attachments: tuple[Attachment, ...] = ()
    enclosed: tuple["InboundMail", ...] = ()  # attached messages (message/rfc822), read the same way
    report: Mapping[str, str] = field(
        default_factory=dict
    )  # message/delivery-status or feedback-report fields
    report_blocks: tuple[
        Mapping[str, str], ...
    ] = ()  # the same fields, block by block: about the mail, then each recipient
    report_type: str | None = None  # multipart/report's report-type, or None
    truncated: bool = False  # text beyond the cap was left out of `text` (the raw bytes keep it)

    @property
    def new_words(self) -> str:
        """The sender's own new words: the OWN spans, without the blank lines round them, joined by one LF."""
        own = (self.text[span.start : span.end].strip() for span in self.spans if span.kind is SpanKind.OWN)
        return "\n".join(part for part in own if part)

    @property
    def new_subject(self) -> str:
        """The subject when the sender wrote it; '' in an answer, whose subject is another mail's."""
        answers = bool(self.in_reply_to or self.references)
        return (
            "" if answers and plain_subject(self.subject) != self.subject.casefold().strip() else self.subject
        )

    def header(self, name: str) -> str:
        """The first value of a header, or '' when it is not there."""
        values = self.headers.get(name.lower(), ())
        return values[0] if values else ""
