"""Chooses the customer's own clause that tells what went wrong, fit to be quoted back to them between quotation marks."""

import re
from collections.abc import Sequence

from worker.domain.particulars.found import Particular
from worker.domain.particulars.sentences import Sentence
from worker.domain.particulars.words import FAILURE, FALLBACK, LEAD_INS, UNQUOTABLE
from worker.domain.verdict import Evidence

_LONGEST = 150  # characters of a quotation
_FEWEST_WORDS = 3
_CLAUSE = re.compile(
    r"[;:]\s+|,?\s+[-–—]+\s+|,\s+(?=(?:but|and|so|which|yet|pero|mais|et|y|aber|und|doch)\s)|(?<=[^\s,]),\s+(?=(?:I|we|my|our|it|the|you|they|he|she)\s)"
)
_THINGS = frozenset(
    """my our the your this that it mi mis nuestra nuestro el la los las su mon ma mes notre le les votre mein meine meinen unser
    unsere der die das ihr ihre""".split()
)
_UNSAFE = re.compile(r"[\[\]{}<>|\\@]|://|www\.|\d{9,}|\d{4} \d{4}")
_RE = re.compile(r"\s*(?:re|fwd?|aw|wg|tr|rv|antw)\s*:", re.IGNORECASE)
_EDGE = " \t\n,;:-–—\"'“”‘’«»*_>"


def find_what(
    sentences: Sequence[Sentence], heading: Sentence, evidence: Sequence[Evidence]
) -> Particular | None:
    """The clause that tells the failure most plainly, or None when no clause does so in words that bear quoting."""
    marked = [(found.start, found.end) for found in evidence if found.field == "text" and not found.weakened]
    best: tuple[float, int, int, Sentence] | None = None
    for n, sentence in enumerate(sentences):
        if not sentence.tells_failure or sentence.text.endswith("?"):
            continue
        for start, end in _clauses(sentence.text):
            score = _score(sentence, start, end, marked) - n * 0.05
            if score > 1 and (best is None or score > best[0]):
                best = (score, start, end, sentence)
    if best is None and not _RE.match(heading.text) and heading.tells_failure:
        start, end = _trimmed(heading.text, 0, len(heading.text))
        score = _score(heading, start, end, ()) - 0.5
        if score > 1:
            best = (score, start, end, heading)
    if best is None:
        return None
    _, start, end, sentence = best
    return Particular(
        text=sentence.text[start:end],
        field=sentence.field,
        start=sentence.start + start,
        end=sentence.start + end,
    )


def _clauses(text: str) -> list[tuple[int, int]]:
    """The whole sentence when it is short enough, and its clauses, each without its lead-in."""
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(text)), len(text)]
    ends = [*(m.start() for m in _CLAUSE.finditer(text)), len(text)]
    pieces = [_trimmed(text, start, end) for start, end in zip(cuts, ends, strict=False)]
    if len(text) <= _LONGEST and len(pieces) > 1:
        pieces.insert(0, _trimmed(text, 0, len(text)))
    return pieces


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end:
        if text[start] in _EDGE:
            start += 1
            continue
        word = re.match(r"[^\W\d_]+", text[start:end])
        if word is None or word.group().casefold() not in LEAD_INS:
            break
        start += word.end()
    while end > start and text[end - 1] in _EDGE + ".!…":
        end -= 1
    return start, end


def _score(sentence: Sentence, start: int, end: int, marked: Sequence[tuple[int, int]]) -> float:
    piece = sentence.text[start:end]
    if not _FEWEST_WORDS * 3 <= len(piece) <= _LONGEST or _UNSAFE.search(piece) or "?" in piece:
        return 0
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", piece.casefold().replace("’", "'"))
    known = set(words)
    if len(words) < _FEWEST_WORDS or known & UNQUOTABLE.get(sentence.language, UNQUOTABLE[FALLBACK]):
        return 0
    failures = len(known & FAILURE.get(sentence.language, FAILURE[FALLBACK]))
    if not failures or _shouted(piece):
        return 0
    score = 1.0 + min(failures, 3) * 0.6
    if words[0] in _THINGS or words[0] in {"i", "we", "ich", "wir", "je", "nous", "nobody", "no"}:
        score += 0.8
    if known & _THINGS:
        score += 0.4
    if any(low < sentence.start + end and sentence.start + start < high for low, high in marked):
        score += 1
    if len(words) > 22:
        score -= 0.6
    if len(words) < 5:
        score -= 0.5
    return score


def _shouted(piece: str) -> bool:
    return sum(c.isupper() for c in piece) * 2 > sum(c.isalpha() for c in piece)
