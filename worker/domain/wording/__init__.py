"""The fake-apology check: which words of a letter to a customer make things worse, why, and what to write instead."""

from worker.domain.wording.check import check_wording
from worker.domain.wording.finding import Finding, Kind, Level, ReplyTo
from worker.domain.wording.rules import WordingRules

__all__ = ["Finding", "Kind", "Level", "ReplyTo", "WordingRules", "check_wording"]
