"""What takes an English promise back: a condition, a policy, a doubt, a denial."""

import re

from worker.domain.commitment.clause import Clause
from worker.domain.commitment.english.words import (
    BY_OTHERS,
    CONDITION,
    CUSTOMER,
    DOUBT,
    GENERAL,
    HEDGE_VERBS,
    HEDGE_WORDS,
    NO_AGAIN,
    NO_CONDITION,
    OUR_EVENT,
    POSSIBLE,
    REQUEST,
)


def stands(clause: Clause, folded: str, before: str) -> bool:
    """Nothing around the clause takes the promise back: a condition, a policy, a doubt, a denial."""
    inside = folded[clause.start : clause.end]
    left = folded[_segment_start(folded, clause.start) : clause.start]
    if (
        GENERAL.search(inside)
        or GENERAL.search(left.rpartition(" but ")[2])
        or NO_AGAIN.search(inside)
        or BY_OTHERS.search(inside)
    ):
        return False
    if DOUBT.search(left) or (REQUEST.match(left) and re.search(r"\b(?:and|then|so)\b *$|, *$", left)):
        return False
    if _conditional(_without_asides(left), leading=True) or _conditional(
        _until_break(_without_asides(folded[clause.head : clause.end])), leading=False
    ):
        return False
    return not (_follows_on(left, inside) and _asked(before))


def _without_asides(words: str) -> str:
    """As in "I'll look at the bill and, if it is wrong, correct it": the first verb hangs on nothing."""
    return _ASIDE.sub(" ", words) if ", if " in words or ", where " in words else words


_ASIDE = re.compile(r"\b(?:and|then|or|but),? (?:if|where) [^,;]{3,60},")


def _segment_start(folded: str, start: int) -> int:
    return max(folded.rfind(mark, 0, start) + 1 for mark in (";", ": ", "—", "("))


def _until_break(tail: str) -> str:
    return re.split(r"[;—(]| – | - |, (?:but|and|so) (?=if|when|should)", tail, maxsplit=1)[0]


def _conditional(words: str, *, leading: bool) -> bool:
    """A condition on the customer, or on what may not happen. An event of our own only makes the promise vague."""
    plain = POSSIBLE.sub(" ", NO_CONDITION.sub(" ", words))
    for found in CONDITION.finditer(plain):
        word, rest = found.group("word"), plain[found.end() :]
        if (
            leading
            and word in ("when", "after", "once", "following", "until", "upon")
            and not CUSTOMER.search(rest)
            and word != "upon"
        ):
            continue
        if word in (
            "if",
            "unless",
            "provided",
            "providing",
            "assuming",
            "subject to",
            "in case",
            "should you",
            "whenever",
            "on receipt",
            "on receiving",
        ):
            return True
        event = OUR_EVENT.sub(" ", rest[:80])
        if CUSTOMER.search(event) and word in (
            "once",
            "when",
            "as soon as",
            "after",
            "upon",
            "following",
            "until",
        ):
            return not (
                word in ("after", "until", "following") and re.match(r" (?:the|this|our|lunch|noon|\d)", rest)
            )
    return False


def awaits_yes(before: str) -> bool:
    """Whether the sentence before asks for a yes: "Does Tuesday suit you?"."""
    return before.rstrip("\"' )”").endswith("?") and bool(_CONSENT.search(before))


_CONSENT = re.compile(
    r"\b(?:work|works|suit|suits|all right|alright|ok|okay|convenient|fine|good|like|want|prefer|rather|agree|happy|acceptable|do for you|shall|should (?:i|we)|could we|can we|may (?:i|we)|how about|what about)\b"
)


def _follows_on(left: str, inside: str) -> bool:
    return bool(
        re.search(
            r"\bthen\b|\bafter (?:that|this)\b|\bonce (?:done|that)\b|\bupon\b|\bthat way\b",
            left + inside[:40],
        )
    )


def _asked(before: str) -> bool:
    return bool(
        REQUEST.match(before)
        or before.rstrip().endswith("?")
        or re.search(r"\bif you\b|\bplease\b|\byou (?:need|will need|have|can|could)\b", before)
    )


def hedged_by_words(inside: str) -> bool:
    """Whether the words of a clause hedge it; "expect to hear from us" said to the customer does not."""
    told = _TOLD_TO_EXPECT.sub(" ", inside)
    return bool(HEDGE_WORDS.search(told) or HEDGE_VERBS.search(told))


_TOLD_TO_EXPECT = re.compile(r"(?:^|[.;:,] )(?:please )?(?:you can )?expect to\b")
