"""Chooses the customer's own clause that tells what went wrong, fit to be quoted back to them between quotation marks."""

import re
from collections.abc import Sequence
from itertools import islice

from worker.domain.particulars.found import Particular
from worker.domain.particulars.sentences import Sentence, failures_in, words_of
from worker.domain.particulars.words import FALLBACK, LEAD_INS, UNQUOTABLE, word_set
from worker.domain.verdict import Evidence

_LONGEST = 150  # characters of a quotation
_SHORTEST = 9
_FEWEST_WORDS = 2
_CLAUSE = re.compile(r"[;:,]\s+|\s[-–—]+\s+|\s(?:but|pero|mais|aber)\s")
# A comma ends a clause only before one of these.
_NEXT_CLAUSE = word_set(
    """but and so which yet i we my our it the you they he she pero y así mi mis nos mais et donc je
    nous mon ma mes aber und doch ich wir mein meine es der die das el la los las le les un une una"""
)
_MOST_SENTENCES = 40  # told-of failures weighed in one mail
_THINGS = word_set(
    """my our the your this that it mi mis nuestra nuestro el la los las su mon ma mes notre le les
    votre mein meine meinen unser unsere der die das ihr ihre"""
)
_TELLERS = frozenset({"i", "we", "ich", "wir", "je", "nous", "nobody", "no"})
_UNSAFE = re.compile(r"[\[\]{}<>|\\@\t]|  |\b0\d{2,} \d{3}|://|www\.|\d{9,}|\d{4} \d{4}")
_RE = re.compile(r"\s*(?:re|fwd?|aw|wg|tr|rv|antw)\s*:", re.IGNORECASE)
_EDGE = frozenset(" \t\n,;:-–—\"'“”‘’«»*_>")
_TAIL = _EDGE | frozenset(".!…")


def find_what(
    sentences: Sequence[Sentence], heading: Sentence, evidence: Sequence[Evidence]
) -> Particular | None:
    """The clause that tells the failure most plainly, or None when no clause does so in words that bear quoting."""
    marked = [(found.start, found.end) for found in evidence if found.field == "text" and not found.weakened]
    best: tuple[float, int, int, Sentence] | None = None
    telling = (
        sentence for sentence in sentences if sentence.tells_failure and not sentence.text.endswith("?")
    )
    for n, sentence in enumerate(islice(telling, _MOST_SENTENCES)):
        for start, end in _clauses(sentence):
            score = _score(sentence, start, end, marked) - n * 0.05
            if score > 1 and (best is None or score > best[0]):
                best = (score, start, end, sentence)
    if best is None and heading.tells_failure and not _RE.match(heading.text):
        start, end = _trimmed(heading.text, 0, len(heading.text))
        if _score(heading, start, end, ()) > 1.5:
            best = (0, start, end, heading)
    if best is None:
        return None
    _, start, end, sentence = best
    return Particular(
        text=sentence.text[start:end],
        field=sentence.field,
        start=sentence.start + start,
        end=sentence.start + end,
    )


def _clauses(sentence: Sentence) -> list[tuple[int, int]]:
    """The whole sentence where it bears quoting, else its clauses; each without its lead-in."""
    text = sentence.text
    if len(text) <= _LONGEST and sentence.known.isdisjoint(_unquotable(sentence)):
        return [_trimmed(text, 0, len(text))]
    pieces: list[tuple[int, int]] = []
    start = 0
    for cut in _CLAUSE.finditer(text):
        if text[cut.start()] == "," and not _begins_clause(text, cut.end()):
            continue
        pieces.append((start, cut.start()))
        start = cut.end()
    pieces.append((start, len(text)))
    return [_trimmed(text, low, high) for low, high in pieces if high - low >= _SHORTEST]


def _begins_clause(text: str, at: int) -> bool:
    first = text[at : at + 12].split(None, 1)
    return bool(first) and first[0].casefold().split("'", 1)[0].split("’", 1)[0] in _NEXT_CLAUSE


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end:
        if text[start] in _EDGE:
            start += 1
            continue
        word = text[start : start + 14].split(None, 1)[0].rstrip(",;:")
        if word.casefold() not in LEAD_INS:
            break
        start += len(word)
    while end > start and text[end - 1] in _TAIL:
        end -= 1
    return start, end


def _unquotable(sentence: Sentence) -> frozenset[str]:
    return UNQUOTABLE.get(sentence.language, UNQUOTABLE[FALLBACK])


def _score(sentence: Sentence, start: int, end: int, marked: Sequence[tuple[int, int]]) -> float:
    """How well a clause tells the failure; 0 for one that must not be quoted."""
    piece = sentence.text[start:end]
    if not _SHORTEST <= len(piece) <= _LONGEST or "?" in piece or piece.isupper() or _UNSAFE.search(piece):
        return 0
    words = words_of(piece)
    known = frozenset(words)
    failures = failures_in(known, sentence.language)
    if len(words) < _FEWEST_WORDS or not failures or not known.isdisjoint(_unquotable(sentence)):
        return 0
    score = 1.0 + min(failures, 3) * 0.6
    score += 0.8 if words[0] in _THINGS or words[0] in _TELLERS else 0
    score += 0.4 if not known.isdisjoint(_THINGS) else 0
    score -= 0.6 if len(words) > 22 else 0.5 if len(words) < 5 else 0
    if any(low < sentence.start + end and sentence.start + start < high for low, high in marked):
        score += 1
    return score
