"""Which case a mail belongs to: joined, claimed for a person to accept, or new.

Looked for in this order: the thread (References, In-Reply-To), then our signed reference, then an open case
of the same customer with the same subject. A stranger to the case found never joins it by what a mail says
of itself; their mail becomes a case of its own that claims the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from worker.domain.case import Case, plain_subject


class Place(StrEnum):
    JOINS = "joins"
    CLAIMS = "claims"
    OPENS = "opens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Where a mail goes; `case` is the one it joins or claims."""

    place: Place
    case: Case | None = None


def place_mail(
    *,
    by_thread: Sequence[Case],
    by_token: Case | None,
    of_customer: Sequence[Case],
    joined: frozenset[int],
    subject: str,
) -> Placing:
    """Decide; `joined` are the ids of the cases the sender takes part in, `of_customer` their open ones, newest first."""
    named = [*by_thread, *([by_token] if by_token else [])]
    for case in named:
        if case.id in joined:
            return Placing(place=Place.JOINS, case=case)
    if named:
        return Placing(place=Place.CLAIMS, case=named[0])
    wanted = plain_subject(subject)
    for case in of_customer:
        if wanted and plain_subject(case.subject) == wanted:
            return Placing(place=Place.JOINS, case=case)
    return Placing(place=Place.OPENS)
