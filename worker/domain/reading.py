"""What one mail says and what the rules make of it, before anything is known of its case."""

from dataclasses import dataclass
from datetime import datetime

from worker.domain.mail import InboundMail
from worker.domain.particulars import Particulars
from worker.domain.verdict import Judgement, MachineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMail:
    """Bytes as they were kept: the whole mail, or only its headers when it was too large."""

    raw: bytes
    size: int  # bytes on the server
    arrived_at: datetime | None = None
    oversize: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One mail, read and judged by its own words alone."""

    mail: InboundMail
    machine: MachineKind | None
    judgement: Judgement
    particulars: Particulars | None = None  # read where a draft will want them
