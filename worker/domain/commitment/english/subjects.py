"""Who acts in an English sentence: we, a colleague, the customer who receives, or the thing that comes."""

from worker.domain.commitment.english.tokens import Token
from worker.domain.commitment.english.words import (
    ADVERBS,
    BE,
    BREAKS,
    CARRIER,
    CARRIER_WORDS,
    EVERYBODYS,
    GENERIC_STARTS,
    GOES_BEFORE,
    LONGEST_ASIDE,
    NAME_STOPS,
    NO_ASIDE,
    NOT_BEFORE_A_SUBJECT,
    OPENERS,
    OURS,
    STAFF,
    THIRD,
    set_of,
)


def subject_before(  # noqa: PLR0911 - one line for each kind of subject
    n: int, tokens: list[Token], original: str, *, vow: bool = False
) -> tuple[str, int] | None:
    """Who acts before token `n`: (ours | staff | you | result, where the words begin), None when nobody of ours."""
    at = n - 1
    while (
        at >= 0
        and (
            tokens[at].word in ADVERBS
            or (vow and tokens[at].word in ("can", "do", "hereby"))
            or tokens[at].word == "'d"
        )
        and tokens[at].word != "first"
    ):
        at -= 1
    if at >= 2 and tokens[at].word in (",", ")") and (named := _appositive(at, tokens, original)) is not None:
        return named
    if at < 0 or tokens[at].word in (",", "and", "but", "then", "or", "-", "–", "—", ":", ";", "(", ")"):
        return _inherited(at, n, tokens, original)
    word = tokens[at].word
    if word in OURS:
        return "ours", tokens[at].start
    if word in ("you", "you'd"):
        return None if _relative_noun(at, tokens) else ("you", tokens[at].start)
    if word in ("it", "this", "both", "that", "which"):
        return "result", tokens[at].start
    if word == "who":
        return "staff", tokens[at].start
    return _noun_phrase(at, tokens, original)


def _relative_noun(at: int, tokens: list[Token]) -> bool:
    return (
        at >= 2
        and tokens[at - 1].word in ("form", "link", "email", "message")
        and tokens[at - 2].word in ("the", "a")
    )


def _inherited(  # noqa: PLR0911 - one line for each kind of subject
    at: int, n: int, tokens: list[Token], original: str
) -> tuple[str, int] | None:
    """No subject beside the verb: "Will ring you tomorrow", or "... and will ring you"."""
    if at < 0:
        return ("ours", tokens[n].start) if tokens[n].word in ("will", "shall") else None
    start = tokens[at + 1].start
    for earlier in range(at - 1, -1, -1):
        word = tokens[earlier].word
        if word in (";", ":"):
            return None
        if word in ("i", "we"):
            return "ours", start
        if word in BE or word in GOES_BEFORE:
            subject = _noun_phrase(earlier - 1, tokens, original) if earlier else None
            if subject is not None:
                return subject[0], start
            if earlier and (tokens[earlier - 1].word in THIRD or tokens[earlier - 1].word == "you"):
                return ("you", start) if tokens[earlier - 1].word == "you" else None
            if earlier and tokens[earlier - 1].word in ("it", "this"):
                return "result", start
    return None


def _noun_phrase(at: int, tokens: list[Token], original: str) -> tuple[str, int] | None:
    first = at
    while first > 0 and at - first < 9 and tokens[first - 1].word not in BREAKS:
        first -= 1
    if at < 0 or tokens[at].word in BREAKS:
        return _appositive(at, tokens, original)
    words = [token.word for token in tokens[first : at + 1]]
    opener = _opener(words)
    if opener is not None:
        named = (
            opener > 1
            and words[opener - 1] in ("from", "in", "at", "of")
            and original[tokens[first].start].isupper()
        )
        return _described(words[opener:], tokens[first if named else first + opener].start)
    if set(words) & THIRD or words[-1] in CARRIER_WORDS or CARRIER.search(words[-1]):
        return None
    if words[-1] in ("someone", "somebody") or words[:1] in (["someone"], ["somebody"]) or words[-1] == "us":
        return "staff", tokens[first].start
    return _named_person(first, at, tokens, original)


def _noun(words: list[str]) -> str:
    """What "the migration of your shop" is about: the word before its first "of"."""
    return next(
        (words[k - 1] for k, word in enumerate(words) if k > 1 and word in NOT_BEFORE_A_SUBJECT), words[-1]
    )


def _opener(words: list[str]) -> int | None:
    """Where the subject's own article stands: after "within a day" in "within a day your site"."""
    found = [k for k, word in enumerate(words) if word in OPENERS]
    while len(found) > 1 and words[found[-1] - 1] not in NOT_BEFORE_A_SUBJECT and found[-2] != found[-1] - 1:
        del found[:-1]
    return found[0] if found else None


def _appositive(at: int, tokens: list[Token], original: str) -> tuple[str, int] | None:
    """As in "My colleague, Bea, will": the words before the comma pair."""
    if at < 2 or tokens[at].word not in (",", ")"):
        return None
    opens = next(
        (k for k in range(at - 2, max(0, at - LONGEST_ASIDE), -1) if tokens[k].word in (",", "(")), 0
    )
    if not opens or tokens[opens + 1].word in NO_ASIDE:
        return None
    if tokens[opens - 1].word in OURS:
        return "ours", tokens[opens - 1].start
    return _noun_phrase(opens - 1, tokens, original) if tokens[opens - 1].word not in BREAKS else None


def _described(words: list[str], start: int) -> tuple[str, int] | None:
    ours = words[0] in ("our", "my")
    names = set(words)
    acting = set(words[: words.index("of")]) if "of" in words else names  # not "the repair of your van"
    if (
        words[0] in ("no", "any", "every", "each", "their", "his", "her", "some")
        or _noun(words) in EVERYBODYS
    ):
        return None
    if acting & {"courier", "couriers", "van"} and words[0] in ("the", "your", "his", "their"):
        return None
    if names & THIRD and not (
        ours
        and not names
        & set_of(
            "bank supplier suppliers manufacturer insurer landlord insurance provider carrier wholesaler"
        )
    ):
        return None
    if (acting & STAFF or words[:2] == ["one", "of"]) and not (
        words[0] == "your" and not names & set_of("engineer driver technician fitter adviser advisor")
    ):
        return "staff", start
    if ours and names & set_of(
        "hours prices terms policy website site app newsletter sale opening new range collection catalogue line phone phones shops stores offices branches lines"
    ):
        return None
    return "result", start


def _named_person(first: int, at: int, tokens: list[Token], original: str) -> tuple[str, int] | None:
    """A capitalised name that is no known carrier or bank is taken for a colleague."""
    at_name = at
    while (
        at_name >= first
        and original[tokens[at_name].start].isupper()
        and tokens[at_name].word not in NAME_STOPS
    ):
        at_name -= 1
    if at_name == at:
        while at_name >= first and not original[tokens[at_name].start].isupper():
            at_name -= 1
        if (
            at_name < first
            or tokens[at_name].word in NAME_STOPS
            or tokens[at_name + 1].word not in ("from", "in", "at", "or")
        ):
            return None
        return "staff", tokens[at_name].start
    name = tokens[at_name + 1]
    if name.start == 0 and name.word.endswith("s") and len(name.word) > 5:
        return None  # "Refunds will", "Orders will": everybody's, not a name
    if (
        name.start == 0
        and name.word in ("delivery", "collection", "installation", "refund")
        and at > at_name + 1
    ):
        return "result", name.start
    if name.start == 0 and at == at_name + 1 and name.word in GENERIC_STARTS:
        return (
            ("result", name.start) if name.word in ("refund", "replacement", "delivery", "payment") else None
        )
    return "staff", name.start
