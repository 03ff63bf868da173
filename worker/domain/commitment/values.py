"""What is read from our own letters: promises found, and work they report as done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.domain.duetime import Reading


class Strength(StrEnum):
    FIRM = "firm"  # plainly promised, with a time (read or unsure)
    HEDGED = "hedged"  # should, aim, hope, try, plan: counts, marked
    VAGUE = "vague"  # no time, or one that is none: shortly, in due course, when the part comes


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPromise:
    """One promise a person would count: [start, end) in the text given."""

    start: int
    end: int
    text: str
    strength: Strength
    due_at: datetime | None  # None when vague or unsure
    reading: str
    unsure: bool = False
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneReport:
    """Words in which the letter reports work as done: [start, end) in the text given."""

    start: int
    end: int
    text: str
