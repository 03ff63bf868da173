"""Reads the time that opens a clause: "By Friday we will ...", "... you today, and on Monday Bea will ...", "Friday."."""

import re

from worker.domain.commitment.clause import Clause, Tongue
from worker.domain.duetime.atoms import Grammar, Kind, Piece, cut

LONGEST_LEAD = 80  # characters
SHORTEST_LEAD = 4
_LONGEST_PREFIX = 60
_MARK = re.compile(r"[;—(]|:(?= )")
_LINK = re.compile(r",? (?:and|but|so|then|y|pero|et|mais|und|aber|puis|that|que|dass) |, | [–-] ")
_TIME_GIVEN = re.compile(
    r"(?:and |so |but |please |just )?(?:please |just )?(?:give|allow|bear with) (?:me|us|him|her|[a-z]{2,15}) (?P<until>until |till |to )?"
)
_NOTHING_ELSE = re.compile(
    r"(?:\W|\b(?:by|on|at|before|the|latest|then|in|within|and|no|later|than|for|you|certain|sure|it|is|say|make|that|this|probably|hopefully|from|until|in fact|indeed|that is"
    r"|le|el|la|las|am|bis|zum|um|a|à|au|plus|tard|más|tardar|para|avant|d'ici|pour|spätestens|vor|antes|del?|lo|es|c'est)\b)*"
)
_IN_HAND = re.compile(
    r"\b(?:in hand|(?:i am|i'm|we are|we're|now|still) on (?:it|to it)|onto it|leave (?:it|this|that) (?:with|to) (?:me|us)|consider it done|will do|taken care of"
    r"|cuente con ello|déjelo en mis manos|estamos en ello|estoy en ello|je m'en (?:charge|occupe)|nous nous en (?:chargeons|occupons)|comptez sur (?:moi|nous)"
    r"|ich kümmere mich|wir kümmern uns|wird erledigt|ist in arbeit)\b[^,;]{0,12}$"
)


def lead_of(
    clause: Clause, folded: str, since: int, tongue: Tongue, grammar: Grammar
) -> tuple[int, tuple[Piece, ...]]:
    """Where the clause's opening time begins, and its pieces; the clause's own start and none when it has no such time.

    `since` is where the clause before it has its verb, or 0: the opening time stands after that.
    """
    first = _after_marks(folded, since, clause.start)
    words = folded[first : clause.start]
    if not len(words.strip()) >= SHORTEST_LEAD:
        return clause.start, ()
    given = _TIME_GIVEN.match(words)
    if given is not None and len(words) <= LONGEST_LEAD:
        return _given(given, words, first, clause.start, grammar)
    whole = len(words) <= LONGEST_LEAD and (not since or _MARK.search(folded, since, first) is not None)
    starts = _starts(folded, first, clause.start, whole=whole)
    for start in starts:
        if clause.start - start < SHORTEST_LEAD or not _opens(folded, start, clause.start, tongue, grammar):
            continue
        own = tuple(p for p in cut(folded[start : clause.start], grammar) if p.kind is not Kind.IGNORED)
        alone = own and _NOTHING_ELSE.fullmatch(folded[start + own[-1].end : clause.start])
        if own and (alone or (start == first and whole)):
            return start, own
    return clause.start, ()


def _opens(folded: str, start: int, end: int, tongue: Tongue, grammar: Grammar) -> bool:
    """Whether a time stands at `start` but for "by", "on the" and the like: cheaper than cutting all of it."""
    hit = grammar.somewhere.search(folded, start, min(end, start + _LONGEST_PREFIX))
    return hit is not None and bool(tongue.LEADS.match(folded[start : hit.start()]))


def _after_marks(folded: str, since: int, end: int) -> int:
    start = max([since, *(found.end() for found in _MARK.finditer(folded, since, end))])
    while start < end and folded[start] == " ":
        start += 1
    return start


def _starts(folded: str, first: int, end: int, *, whole: bool) -> list[int]:
    since = max(first, end - LONGEST_LEAD)
    links = [found.end() for found in _LINK.finditer(folded, since, end)]
    return [first, *links] if whole else links


def _given(
    given: re.Match[str], words: str, first: int, end: int, grammar: Grammar
) -> tuple[int, tuple[Piece, ...]]:
    """As in "Give me until Friday and I will ...", "Give me two days, and ..."."""
    asked = ("by " if given.group("until") else "within ") + words[given.end() :]
    due = tuple(piece for piece in cut(asked, grammar) if piece.kind is not Kind.IGNORED)
    return (first, due) if due else (end, ())


def only_a_time(folded: str, grammar: Grammar) -> tuple[Piece, ...]:
    """The pieces of a sentence that is nothing but a time: "Friday, noon at the latest."; none for any other."""
    if len(folded) > LONGEST_LEAD:
        return ()
    due = tuple(piece for piece in cut(folded, grammar) if piece.kind is not Kind.IGNORED)
    rest = folded
    for piece in due:
        rest = rest[: piece.start] + " " * (piece.end - piece.start) + rest[piece.end :]
    return due if due and _NOTHING_ELSE.fullmatch(rest) else ()


def is_in_hand(folded: str) -> bool:
    """Whether a sentence says we are at it: a promise once a time follows it."""
    return bool(_IN_HAND.search(folded.rstrip(" .!")))
