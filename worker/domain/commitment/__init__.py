"""Finds in our own letters what they commit us to, and what they report as done."""

from worker.domain.commitment.done import find_done
from worker.domain.commitment.finding import find_promises
from worker.domain.commitment.sameness import same_thing
from worker.domain.commitment.values import DoneReport, FoundPromise, Strength

__all__ = ["DoneReport", "FoundPromise", "Strength", "find_done", "find_promises", "same_thing"]
