"""Where an English sentence commits us: each verb that may, and whether it does."""

import re
from collections.abc import Callable
from dataclasses import replace

from worker.domain.commitment.clause import Clause, bounded
from worker.domain.commitment.english.fits import Fit, fit_of
from worker.domain.commitment.english.standing import awaits_yes, stands
from worker.domain.commitment.english.subjects import subject_before
from worker.domain.commitment.english.tokens import TOKEN, Token
from worker.domain.commitment.english.words import (
    ADVERBS,
    ARRANGED,
    ARRANGED_FOR,
    BE,
    COMES,
    COUNT_ON,
    HAVING,
    HEDGE_VERBS,
    LET_ME,
    NEGATIVE,
    NOT_PLANS,
    NOTED,
    OURS,
    PERFECT,
    PLANNED,
    STAFF_DOES,
    THIRD,
    UNDER_WAY,
    VISIT,
    WORD,
)


def clauses(folded: str, original: str, before: str) -> list[Clause]:
    """The committing clauses of one sentence; `folded` and `original` have the same offsets, `before` is the sentence before."""
    if not _may_commit(WORD.findall(folded)):
        return []
    tokens = [Token(found[0], *found.span()) for found in TOKEN.finditer(folded)]
    if not tokens or asks(folded) or len(tokens) > 400:
        return []
    found: list[Clause] = []
    for n, token in enumerate(tokens):
        read = _HEADS.get(token.word)
        clause = read(n, tokens, folded, original) if read else None
        if clause is not None and not (found and clause.start < found[-1].head):
            found.append(clause)
    standing = [clause for clause in bounded(found, folded) if stands(clause, folded, before)]
    return [replace(clause, needs_time=True) for clause in standing] if awaits_yes(before) else standing


def _may_commit(words: list[str]) -> bool:
    """Whether any word may commit; most sentences of a letter are passed over here."""
    if not _STRONG.isdisjoint(words):
        return True
    return not _WEAK.isdisjoint(words) and (
        any(word.endswith("ing") for word in words) or not _PLANNED.isdisjoint(words)
    )


def asks(folded: str) -> bool:
    return folded.rstrip("\"' )”").endswith("?")


def _going_to(n: int, tokens: list[Token], folded: str, original: str) -> Clause | None:
    if n and n + 1 < len(tokens) and tokens[n + 1].word == "to" and tokens[n - 1].word in BE:
        return _with_subject(n - 1, n + 2, tokens, folded, original)
    return None


def _to_follow(n: int, tokens: list[Token], _folded: str, _original: str) -> Clause | None:
    return (
        Clause(start=0, head=tokens[n - 1].start, needs_time=True)
        if n and tokens[n - 1].word == "to"
        else None
    )


def _can_expect(n: int, tokens: list[Token], folded: str, _original: str) -> Clause | None:
    if n and tokens[n - 1].word == "you" and folded.startswith("can expect ", tokens[n].start):
        return _expect(n + 1, tokens, folded, start=tokens[n - 1].start)
    return None


def _expecting(n: int, tokens: list[Token], folded: str, original: str) -> Clause | None:
    return (
        _expect(n, tokens, folded)
        if _sentence_start(n, tokens)
        else _hedge_or_vow(n, tokens, folded, original)
    )


def _sentence_start(n: int, tokens: list[Token]) -> bool:
    return (
        n == 0
        or tokens[n - 1].word in (",", ":", ";", "-", "–", "—", "so")
        or (n == 1 and tokens[0].word in ("please", "and"))
    )


def _expect(n: int, tokens: list[Token], folded: str, start: int | None = None) -> Clause | None:
    tail = folded[tokens[n].end :]
    if re.match(
        r" (?:to (?:hear|receive|have|get|see)|a (?:call|reply|refund|mail|message|letter|delivery|answer|replacement|visit|phone call)|an (?:answer|email|e-mail|update|engineer)|it|your|the|delivery|our|my)\b",
        tail,
    ):
        return Clause(
            start=tokens[n].start if start is None else start, head=tokens[n].start, needs_time=True
        )
    return None


def _arranged(n: int, tokens: list[Token], folded: str, _original: str) -> Clause | None:
    """As in "I have asked Cal to ring you tomorrow", "we've booked a collection for Friday": done, and yet a promise."""
    first = next((k for k in range(n, max(-1, n - 5), -1) if tokens[k].word in OURS), None)
    if first is None or not ARRANGED.match(folded, tokens[first].start):
        return None
    return Clause(start=tokens[first].start, head=tokens[n].start, needs_time=True)


def _let_me(n: int, tokens: list[Token], folded: str, _original: str) -> Clause | None:
    found = LET_ME.match(folded, tokens[n].start)
    return Clause(start=tokens[n].start, head=tokens[n].start) if found else None


def _hedge_or_vow(n: int, tokens: list[Token], folded: str, original: str) -> Clause | None:
    if not n or n + 1 >= len(tokens):
        return None
    word, after = tokens[n].word, tokens[n + 1].word
    vow = word in ("promise", "undertake", "commit", "guarantee")
    following = folded[tokens[n].end : tokens[n].end + 60]
    if vow and re.match(
        r" (?:you )?(?:a|an) (?:\w{1,12} )?(?:call|reply|refund|answer|replacement|response|update|decision)\b",
        following,
    ):
        subject = subject_before(n, tokens, original, vow=True)
        return Clause(start=subject[1], head=tokens[n].start) if subject and subject[0] == "ours" else None
    noun = (
        word in ("expect", "expects")
        and after in ("your", "it")
        and bool(re.search(r"\b(?:by|on|within|to)\b", following))
    )
    if after != "to" and not noun:
        return None
    subject = subject_before(n, tokens, original, vow=vow)
    if subject is None or subject[0] not in ("ours", "staff"):
        return None
    if re.match(
        r" to (?:hear from you|see you|welcome|serve|be of|hearing|keep you as|make it up)", following
    ):
        return None
    return Clause(start=subject[1], head=tokens[n].start, hedged=not vow, needs_time=noun)


def _modal(n: int, tokens: list[Token], folded: str, original: str) -> Clause | None:
    verb = _verb_after(n, tokens)
    if verb is None:
        return None
    clause = _with_subject(n, verb, tokens, folded, original)
    if clause is not None and tokens[n].word == "should":
        return _should(clause, verb, tokens, folded)
    return clause


def _should(clause: Clause, verb: int, tokens: list[Token], folded: str) -> Clause | None:
    tail = folded[tokens[verb].start : tokens[verb].start + 60]
    blame = tail.startswith("have ") and not HAVING.match(tail)  # "should have told you"
    told = clause.subject == "you" and tail.startswith("know")  # "you should know that"
    if blame or told or PERFECT.match(tail) or tail.startswith("be more"):
        return None
    return clause.hedging(
        needs_time=clause.subject == "ours"
        and not re.match(r"be (?:able|in touch|back)|have|hear|know|get|receive", tail)
    )


def _ought(n: int, tokens: list[Token], folded: str, original: str) -> Clause | None:
    if n + 2 >= len(tokens) or tokens[n + 1].word != "to":
        return None
    clause = _with_subject(n, n + 2, tokens, folded, original)
    return _should(clause, n + 2, tokens, folded) if clause else None


def _wont_forget(n: int, tokens: list[Token], folded: str, original: str) -> Clause | None:
    """As in "I won't forget to ring you": two denials."""
    if n + 3 < len(tokens) and tokens[n + 1].word in ("forget", "fail") and tokens[n + 2].word == "to":
        return _with_subject(n, n + 3, tokens, folded, original)
    return None


def _on_track(n: int, tokens: list[Token], folded: str, original: str) -> Clause | None:
    """As in "we are on track to have it ready by Friday"."""
    if n < 2 or n + 1 >= len(tokens) or tokens[n - 1].word != "on" or tokens[n + 1].word != "to":
        return None
    clause = _with_subject(n - 2, n + 2, tokens, folded, original)
    return replace(clause, needs_time=True, hedged=True) if clause else None


def _count_on(n: int, tokens: list[Token], folded: str, _original: str) -> Clause | None:
    """As in "you can count on us to have it ready by Friday"."""
    found = COUNT_ON.match(folded, tokens[n].start)
    start = next((token.start for token in reversed(tokens[:n]) if token.word == "you"), tokens[n].start)
    return Clause(start=start, head=tokens[n].start, needs_time=True) if found else None


def _staff_does(n: int, tokens: list[Token], _folded: str, original: str) -> Clause | None:
    """As in "the crew returns on Monday": present tense, a time, and somebody of ours."""
    subject = subject_before(n, tokens, original)
    if subject is None or subject[0] != "staff" or tokens[n - 1].word == "who":
        return None
    return Clause(start=subject[1], head=tokens[n].start, needs_time=True, subject="staff")


def _noted(n: int, tokens: list[Token], folded: str, _original: str) -> Clause | None:
    """As in "I've put a note in my diary to ring you on Friday"."""
    first = next((k for k in range(n - 1, max(-1, n - 9), -1) if tokens[k].word in OURS), None)
    if first is None or not NOTED.match(folded, tokens[first].start):
        return None
    return Clause(start=tokens[first].start, head=tokens[n].start, needs_time=True)


def _verb_after(n: int, tokens: list[Token]) -> int | None:
    if (
        n + 2 < len(tokens)
        and tokens[n + 1].word in ("not", "never")
        and tokens[n + 2].word in ("forget", "fail")
    ):
        return n + 4 if n + 4 < len(tokens) and tokens[n + 3].word == "to" else None
    for at in range(n + 1, min(n + 7, len(tokens))):
        word = tokens[at].word
        if word in NEGATIVE or word in (".", ";", "?", "!"):
            return None
        if word == "," or (
            word in ADVERBS
            and not (word == "try" and at + 1 < len(tokens) and tokens[at + 1].word in ("to", "and"))
        ):
            continue
        if word in ("by", "on", "within", "before", "at", "in") and at == n + 1:
            continue
        return at
    return None


def _with_subject(n: int, verb: int, tokens: list[Token], folded: str, original: str) -> Clause | None:
    if verb >= len(tokens):
        return None
    subject = subject_before(n, tokens, original)
    if subject is None:
        return None
    kind, start = subject
    fit = fit_of(kind, verb, tokens, folded)
    if fit is Fit.NOT or (fit is Fit.WITH_TIME and kind == "result" and _said_by_others(start, tokens)):
        return None
    tail = folded[tokens[verb].start :]
    done_by_then = bool(PERFECT.match(tail)) or fit is Fit.WITH_TIME
    return Clause(
        start=start,
        head=tokens[n].start,
        hedged=bool(HEDGE_VERBS.match(tail)),
        needs_time=done_by_then,
        subject=kind,
    )


def _said_by_others(start: int, tokens: list[Token]) -> bool:
    """As in "the maker says that it will deliver": the pronoun is theirs."""
    before = [token.word for token in tokens if token.start < start]
    pronoun = next((token.word for token in tokens if token.start == start), "")
    return pronoun in ("it", "this", "that", "which") and not THIRD.isdisjoint(before)


def _present(n: int, tokens: list[Token], folded: str, original: str) -> Clause | None:
    """Present tense with a time: "our engineer is coming on Thursday", "I am sending it today"."""
    word = tokens[n].word
    verb = n + 1 if word in BE else n
    while verb < len(tokens) and tokens[verb].word in ADVERBS:
        verb += 1
    if verb >= len(tokens):
        return None
    doing = tokens[verb].word
    planned = (
        doing in PLANNED
        or word not in BE
        or bool(UNDER_WAY.match(folded, tokens[verb].start))
        or (doing in ARRANGED_FOR and bool(VISIT.search(folded[: tokens[n].start])))
    )
    ongoing = doing.endswith("ing") and len(doing) > 4 and doing not in NOT_PLANS
    if not planned and not ongoing:
        return None
    subject = subject_before(n, tokens, original)
    if subject is None or (subject[0] == "you") or (subject[0] == "result" and not planned):
        return None
    if re.search(r"\b(?:once|when|as soon as|after|if|until|before) $", folded[: subject[1]]):
        return None
    return Clause(
        start=subject[1],
        head=tokens[n].start,
        needs_time=True,
        hedged=doing in ("hoping", "aiming", "planning", "trying", "expecting", "intending"),
        subject=subject[0],
    )


_Head = Callable[[int, list[Token], str, str], Clause | None]
_HEADS: dict[str, _Head] = {
    **dict.fromkeys(("will", "'ll", "shall", "should"), _modal),
    "ought": _ought,
    "won't": _wont_forget,
    **dict.fromkeys(("diary", "calendar", "note", "reminder", "alarm"), _noted),
    **dict.fromkeys(("track", "course"), _on_track),
    **dict.fromkeys(("count", "rely"), _count_on),
    **dict.fromkeys(STAFF_DOES, _staff_does),
    "going": _going_to,
    **dict.fromkeys(("arranged", "asked", "instructed", "booked", "scheduled"), _arranged),
    "let": _let_me,
    **dict.fromkeys((*(BE - {"be"}), *COMES), _present),
    "follow": _to_follow,
    "expect": _expecting,
    "can": _can_expect,
    **dict.fromkeys(
        (
            "aim",
            "aims",
            "hope",
            "hopes",
            "plan",
            "plans",
            "try",
            "intend",
            "expects",
            "endeavour",
            "promise",
            "undertake",
            "commit",
            "guarantee",
        ),
        _hedge_or_vow,
    ),
}
_PLANNED = PLANNED | ARRANGED_FOR
_WEAK = frozenset(word.lstrip("'") for word in BE)
_STRONG = frozenset(word.lstrip("'").partition("'")[0] for word in _HEADS) - _WEAK | {"won"}
