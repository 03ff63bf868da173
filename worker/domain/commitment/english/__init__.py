"""English letters: which clauses commit us. Due times are read elsewhere."""

from worker.domain.commitment.clause import Clause, Tongue
from worker.domain.commitment.english.heads import clauses
from worker.domain.commitment.english.standing import hedged_by_words
from worker.domain.commitment.english.words import CUT, EVENT, LEADS, SPLIT


class _English:
    SPLIT, CUT, LEADS, EVENT = SPLIT, CUT, LEADS, EVENT

    def clauses(self, folded: str, original: str, before: str) -> list[Clause]:
        return clauses(folded, original, before)

    def hedged_by_words(self, inside: str) -> bool:
        return hedged_by_words(inside)


ENGLISH: Tongue = _English()
