"""One committing clause of a sentence, before its due time is read."""

import re
from dataclasses import dataclass, replace
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """[start, end) in the sentence; `head` is where the verb that commits begins."""

    start: int
    head: int
    end: int = 0
    hedged: bool = False
    needs_time: bool = False  # present tense: a promise only with a time
    subject: str = "ours"  # ours | staff | you | result

    def reaching(self, end: int) -> "Clause":
        return Clause(
            start=self.start,
            head=self.head,
            end=end,
            hedged=self.hedged,
            needs_time=self.needs_time,
            subject=self.subject,
        )

    def hedging(self, *, needs_time: bool) -> "Clause":
        return replace(self, hedged=True, needs_time=self.needs_time or needs_time)


def bounded(found: list[Clause], folded: str) -> list[Clause]:
    """Each clause reaches to the next one, or to its semicolon, or to the end of the sentence."""
    bounded = []
    for clause, following in zip(found, [*found[1:], None], strict=False):
        end = following.start if following else len(folded)
        semicolon = folded.find(";", clause.head, end)
        bounded.append(clause.reaching(semicolon if semicolon >= 0 else end))
    return bounded


class Tongue(Protocol):
    """What a language must tell for its promises to be found. All patterns read folded text."""

    @property
    def SPLIT(self) -> re.Pattern[str]:  # noqa: N802 - a constant of the language
        """Where "and" stands before another of our verbs."""

    @property
    def CUT(self) -> re.Pattern[str]:  # noqa: N802
        """Where an aside begins whose times are not ours."""

    @property
    def LEADS(self) -> re.Pattern[str]:  # noqa: N802
        """The words before a time that opens a sentence."""

    @property
    def EVENT(self) -> re.Pattern[str]:  # noqa: N802
        """An event in place of a time."""

    def clauses(self, folded: str, original: str, before: str) -> list[Clause]:
        """The committing clauses of one sentence; `before` is the folded sentence before it."""

    def hedged_by_words(self, inside: str) -> bool:
        """Whether the words of a clause hedge it: hopefully, all being well."""
