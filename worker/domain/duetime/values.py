"""What reading a due time gives: one instant, a choice between readings, or an honest "unsure"."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to understand a due time: the last instant at which it is kept, and the words for it."""

    due_at: datetime  # aware, in the calendar's zone
    reading: str  # "end of business on Tuesday 24 November 2026"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReading:
    """What the words of a due time mean. `due_at` is None when unsure, vague, or when no time is named."""

    due_at: datetime | None
    reading: str  # short, English, for the agent
    unsure: bool = False
    readings: tuple[Reading, ...] = ()  # the choice, when the words can mean two things
    vague: bool = False  # shortly, in due course, when the part comes
    named: bool = True  # False: no time was named at all
