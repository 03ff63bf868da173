"""Which clauses of a sentence commit us, told by patterns: the common shapes of Spanish, French and German."""

import re
from dataclasses import dataclass, replace

from worker.domain.commitment.clause import Clause, bounded

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """One language. A head is where we commit; the other patterns take it back."""

    heads: re.Pattern[str]  # plain
    hedges: re.Pattern[str]
    present: re.Pattern[str]  # promises only with a time
    states: re.Pattern[str]  # what `present` may have hit and is no deed: we are, we have, we thank
    asked: re.Pattern[str]  # an "if" that is no condition: to see if
    aside: re.Pattern[
        str
    ]  # where words begin that deny nothing of the clause: ", what I have found", "and if ..."
    denials: re.Pattern[str]  # in the clause: not a promise
    general: re.Pattern[str]
    strangers: re.Pattern[str]  # before the head: somebody outside the firm
    conditions: re.Pattern[str]  # on the customer, or on what may not happen
    hedge_words: re.Pattern[str]
    EVENT: re.Pattern[str]
    CUT: re.Pattern[str]
    LEADS: re.Pattern[str]
    SPLIT: re.Pattern[str] = _NEVER

    def clauses(self, folded: str, _original: str, _before: str) -> list[Clause]:
        if folded.rstrip("\"' )»”").endswith("?") or "¿" in folded:
            return []
        return [clause for clause in bounded(self._heads(folded), folded) if self._stands(clause, folded)]

    def hedged_by_words(self, inside: str) -> bool:
        return bool(self.hedge_words.search(inside))

    def _heads(self, folded: str) -> list[Clause]:
        hits = [
            *((found, True, False) for found in self.hedges.finditer(folded)),
            *((found, False, False) for found in self.heads.finditer(folded)),
            *(
                (found, False, True)
                for found in self.present.finditer(folded)
                if not self.states.search(folded[_start(found) : found.end()])
            ),
        ]
        clauses: list[Clause] = []
        end = -1
        for found, hedged, needs_time in sorted(hits, key=lambda hit: _start(hit[0])):
            start = _start(found)
            if start >= end:
                clauses.append(Clause(start=start, head=start, hedged=hedged, needs_time=needs_time))
                end = found.end()
            elif not needs_time and not hedged and clauses:
                clauses[-1] = replace(clauses[-1], needs_time=False)
            elif hedged and clauses:
                clauses[-1] = clauses[-1].hedging(needs_time=False)
        return clauses

    def _stands(self, clause: Clause, folded: str) -> bool:
        inside = self._main(folded[clause.start : clause.end])
        left = folded[max(0, clause.start - 40) : clause.start]
        return not (
            self.denials.search(inside)
            or self.general.search(folded)
            or self.strangers.search(left)
            or self.strangers.match(inside)
            or self._conditional(folded[_segment(folded, clause.start) : clause.start] + inside)
        )

    def _main(self, inside: str) -> str:
        aside = self.aside.search(inside)
        return inside[: aside.start()] if aside else inside

    def _conditional(self, words: str) -> bool:
        return bool(self.conditions.search(self.asked.sub(" ", words)))


def _segment(folded: str, start: int) -> int:
    return max(folded.rfind(mark, 0, start) + 1 for mark in (";", ": ", "—", "("))


def _start(found: re.Match[str]) -> int:
    """Where the words of ours begin: at the group `v` where a pattern looks at the words before them."""
    named = found.groupdict()
    return found.start("v") if named.get("v") else found.start()
