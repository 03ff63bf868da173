"""Compares the mail that came with the replies that were seen: evidence of replies filed where nobody looks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.domain.post import Author
from worker.ports import Rooms

ENOUGH = 20  # mails from people, below which the comparison says nothing
LOOKED_BACK = timedelta(days=30)
FEW = 0.05  # replies per mail from a person


@dataclass(frozen=True, slots=True, kw_only=True)
class RepliesSeen:
    """Mails from people and letters of ours in the same days."""

    mails: int
    replies: int

    @property
    def evidently_elsewhere(self) -> bool:
        """Enough people have written, and hardly a reply of ours was seen in any watched folder."""
        return self.mails >= ENOUGH and self.replies < self.mails * FEW


def replies_seen(rooms: Rooms, mailbox: str, *, now: datetime) -> RepliesSeen:
    since = now - LOOKED_BACK
    recent = [read for read in rooms.mails.where(mailbox=mailbox, copy_of=None) if read.written_at >= since]
    people = sum(read.author is Author.CUSTOMER for read in recent)
    return RepliesSeen(mails=people, replies=sum(read.author is Author.OURS for read in recent))
