"""A proposed reply, the exact revision an agent approves, and everything that stands in the way."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DraftState(StrEnum):
    OPEN = "open"
    CHANGES_ASKED = "changes_asked"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETIRED = "retired"  # our side answered by other means, or the case moved on


LIVE = frozenset({DraftState.OPEN, DraftState.CHANGES_ASKED, DraftState.APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter that nobody has sent. Blanks still open stand in `text` as [[what is missing]]."""

    id: int = 0  # 0 until it is kept
    case_id: int
    mail_id: int | None  # the customer's mail it answers
    state: DraftState = DraftState.OPEN
    stage: str = "acknowledged"
    letter_id: str  # which letter it was made from
    language: str
    subject: str
    text: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    footer: str = ""
    attachments: tuple[str, ...] = ()  # sha256 of each
    apology: str = "none"  # none | regret | full
    apology_reason: str = ""
    moves_promise_id: int | None = None  # made by `promises move`: this promise gets the new date
    created_at: datetime
    updated_at: datetime
    state_reason: str = ""

    @property
    def revision(self) -> str:
        """Sixteen hex digits over everything an approval covers: any change makes another revision."""
        covered = [self.text, self.subject, self.to, self.cc, self.attachments, self.footer]
        return hashlib.sha256(json.dumps(covered).encode()).hexdigest()[:16]

    @property
    def is_live(self) -> bool:
        return self.state in LIVE


class PromiseAnswer(StrEnum):
    """What the agent says about a promise found in the text."""

    OK = "ok"
    NOT_A_PROMISE = "not-a-promise"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseDecision:
    """One promise of the text, as the agent confirmed it."""

    words: str
    strength: str
    due_at: datetime | None  # None: confirmed as a promise without a time
    reading: str
    is_promise: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A finding the agent lets stand, and why."""

    finding: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A named person's yes to one exact revision."""

    id: int = 0
    draft_id: int
    revision: str
    by: str
    at: datetime
    promises: tuple[PromiseDecision, ...] = ()
    settles: tuple[int, ...] = ()  # promise ids this letter ends
    leaves: tuple[int, ...] = ()  # promise ids it was said not to end
    overrides: tuple[Override, ...] = ()
    void_at: datetime | None = None
    void_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that stands between a draft and its approval; `kind` is for scripts, `say` for people."""

    kind: str
    say: str
    number: int | None = None  # of the promise, where it is about one
    start: int | None = None
    end: int | None = None
    text: str = ""
    finding: str = ""
    due_at: datetime | None = None  # as read, for the agent to confirm or correct
    reading: str = ""
    can_override: bool = False
