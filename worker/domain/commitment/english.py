"""Which clauses of an English sentence commit us: who, to what, how firmly. Due times are read elsewhere."""

import re
from collections.abc import Callable
from typing import NamedTuple

from worker.domain.commitment.clause import Clause, Tongue

_TOKEN = re.compile(
    r"[£$€]?\d+(?:[.,:]\d+)*[^\W_]*|'(?:ll|re|m|ve|d|s)\b|[^\W_]+(?:-[^\W_]+)*(?:'t\b)?|[^\w\s]"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


OURS = _set("i we")
BE = _set("am are is 'm 're 's be")
ADVERBS = _set(
    "also then personally now certainly definitely gladly still first naturally both all obviously next immediately "
    "therefore instead again just simply either directly too today tomorrow tonight hopefully probably "
    "likely surely shortly soon absolutely happily myself ourselves however separately automatically further additionally already"
)
STAFF = _set(
    "colleague colleagues manager managers engineer engineers driver drivers technician technicians team department supervisor "
    "director accountant accounts warehouse workshop office shop branch someone somebody fitter fitters plumber electrician "
    "agent agents adviser advisor specialist specialists crew staff mechanic mechanics installer installers surveyor assistant "
    "representative courier couriers carpenter gardener cleaner chef owner boss finance logistics dispatch despatch store "
    "depot lawyer developer developers support us nurse doctor inspector people van"
)
THIRD = _set(
    "bank banks mail dhl ups fedex hermes evri dpd gls tnt post paypal visa mastercard amex klarna stripe manufacturer manufacturers supplier "
    "suppliers insurer insurers insurance landlord council police customs carrier airline government court they he she "
    "provider issuer regulator ombudsman everyone everybody nobody anyone customers people others company companies "
    "authorities hmrc bt openreach amazon apple google microsoft parliament weather forecast museum wholesaler vendor"
)
ARRIVE = _set("arrive reach come land leave ship get appear show go follow")
RESULT_PARTICIPLES = _set(
    "refunded sent dispatched despatched shipped posted mailed credited repaired replaced fixed mended collected fitted installed "
    "paid returned processed issued delivered restored cancelled canceled corrected completed finished resolved sorted settled removed "
    "contacted called rung phoned emailed reimbursed transferred updated upgraded reinstated reconnected connected waived adjusted "
    "reversed reviewed investigated answered looked dealt done made back ready working raised checked picked exchanged compensated "
    "cleaned painted redone rebooked rescheduled unlocked reopened activated deleted amended forwarded escalated released informed notified kept"
)
RESULT_STATES = _set(
    "with back ready working in there on up at yours available able finished done complete your fixed online"
)
NOT_AFTER_OURS = _set(
    "happy glad pleased delighted here available open closed unable sorry away out honest fair frank grateful thankful around "
    "reachable using operating offering trading changing moving launching introducing proud thinking looking welcoming celebrating celebrate remain need require have-to "
    "understand see know notice agree appreciate recall remember assume hope admit say confess never miss learn welcome "
    "always continue value treasure strive consider depend want wish like love only not improve owe do-better cease stop "
    "assist stay"
)
NEGATIVE = _set(
    "not never won't shan't can't cannot shouldn't don't doesn't no nor neither hardly unable didn't wouldn't isn't aren't"
)
GENERAL = re.compile(
    r"\b(?:usually|normally|typically|generally|as a rule|in general|in most cases|on average|always|every time|each time|most (?:orders|refunds|customers|cases|people)"
    r"|all (?:orders|refunds|customers|enquiries|complaints|emails|requests|calls|queries|messages|deliveries)|any (?:complaint|customer|order|request|enquiry|refund|changes?)"
    r"|our (?:standard|usual|normal|general|terms|policy|opening)|(?:can|could|may|might) take|in (?:the )?future|from now on|going forward|customers (?:will|should)|policy is|whenever|every customer)\b"
)
CONDITION = re.compile(
    r"\b(?P<word>if|once|when|whenever|as soon as|after|provided|providing|assuming|unless|subject to|on receipt|upon|in case|should you|following|until|on receiving)\b"
)
_NO_CONDITION = re.compile(
    r"\b(?:see|check|ask|asked|know|find out|tell you|sure|wonder|say|even|as|confirm|establish|determine|decide|clear|look at) if\b|\bif not (?:sooner|before|earlier)\b"
)
_OUR_EVENT = re.compile(
    r"\byour (?:refund|replacement|order|case|account|claim|complaint|repair|new|parcel (?:has )?(?:leaves|left|is back))\b"
)
_CUSTOMER = re.compile(r"\b(?:you|your|yours|you're|you've)\b")
_POSSIBLE = re.compile(r"\bif (?:at all )?(?:possible|we can|i can)\b")
_DOUBT = re.compile(
    r"\b(?:can(?:no|')t|not|don't|doesn't|never|unable to|no|nobody|hard to|impossible to|difficult to|too early to)\b[^,;.]{0,40}?\b(?:promise|guarantee|say|confirm|know|think|believe|expect|sure|certain|whether|predict|tell)\b[^,;.]{0,25}$"
    r"|\b(?:whether|how|what|why|where|who|when|doubt|wonder|depends on|might|perhaps|maybe|wish|wished|hoped|feared|thought|told(?: you)?(?: that)?|said|promised|claimed|would|understood)(?: that| us| you)? *$"
)
_REQUEST = re.compile(
    r"\s*(?:please|kindly|just|simply|could you|can you|would you|send|reply|let (?:me|us) know|tell|call|give|fill|return|post|sign|click|confirm|bring|drop|ring|email|provide|attach|forward)\b"
)
_LET_ME = re.compile(
    r"\blet (?:me|us) (?!know|have|apologi[sz]e|explain|say|assure|start|begin|be|tell|add|thank|reassure|hear|see you)(?P<verb>[a-z]+)"
)
_BY_OTHERS = re.compile(
    r"\bby (?:royal mail|dhl|ups|fedex|hermes|evri|dpd|gls|the (?:manufacturer|supplier|bank|council|insurer)|your (?:bank|insurer|landlord))\b"
)
_ARRANGED = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:\w{2,12} )?(?:arranged for|asked|instructed|arranged|booked|scheduled) (?!you\b|them\b|royal|the (?:bank|manufacturer|supplier|courier|council)|your (?:bank|insurer))"
    r"(?:[\w'-]{1,15} ){1,4}?(?:to (?!know|see if)[a-z]+|for (?=(?:next |this |the )?(?:mon|tues|wednes|thurs|fri|satur|sun|tomorrow|today|\d))|on (?=(?:the )?(?:mon|tues|wednes|thurs|fri|satur|sun|\d)))"
)
_NO_AGAIN = re.compile(
    r"\b(?:(?:not|never|won't|doesn't|n't) (?:\w{1,12} ){0,3}?(?:happen|occur|recur|repeated)|(?:prevent|avoid|stop) (?:\w{1,12} ){0,4}(?:happening|recurring|again)|do better|take (?:\w{1,12} ){0,3}(?:on board|seriously)|bear (?:\w{1,10} ){0,2}in mind|keep (?:this|it|that) in mind|do (?:everything|all|whatever)|learn from|make sure (?:\w{1,12} ){0,3}(?:doesn't|does not|never|isn't|won't)|ensure (?:\w{1,12} ){0,6}(?:again|not|never)|rather than|leave (?:it|this|that|the \w{2,12}) (?:with|to) you|confidential|hear from you|see you|look forward|be in the office|be at my desk|be at your (?:disposal|service)|need (?:you|your|to|a|the)|have to|ask you|ask that you|require)\b"
)
_PERFECT = re.compile(
    r"(?:have|'ve) (?:already |just |now |all )*(?:been|had|done|gone|sent|told|got|gotten|made|given|seen|heard|received|noticed|read|left|found|taken|come|known|kept|said|rung|called|caught|\w{2,15}ed)\b"
)
_HEDGE_VERBS = re.compile(
    r"(?:(?:do|doing) (?:my|our) (?:very )?(?:best|utmost)|try|tries|trying|aim|aims|aiming|hope|hopes|hoping|plan|plans|planning|intend|intends|intending|expect|expects|expecting|endeavour|endeavor|attempt|trying hard|strive|seek|(?:be|am|are|is|'m|'re) (?:hoping|planning|aiming|trying|expecting|intending)) (?:very hard |hard )?(?:to|and) "
)
_HEDGE_WORDS = re.compile(
    r"\b(?:hopefully|with (?:any |a bit of |a little )?luck|all being well|all going well|probably|most likely|likely|fingers crossed|in all likelihood|if (?:at all )?possible|do (?:my|our) (?:very )?best)\b"
)
_FUTURE_PRESENT = re.compile(
    r"\b(?:comes|arrives|leaves|ships|goes out|starts on|is (?:booked|scheduled|due|set|coming|arriving|leaving|going out|shipping)|are (?:booked|scheduled|due|set|coming|arriving)|'s (?:booked|coming|due))\b"
)
_VERBS = (
    "refund|reimburse|ring|call|phone|email|e-mail|mail|write|text|message|send|post|dispatch|despatch|ship|deliver|collect|pick|replace|repair|"
    "fix|mend|credit|pay|transfer|cancel|check|look|investigate|speak|talk|ask|chase|find|let|update|tell|inform|confirm|get|come|give|keep|"
    "arrange|book|order|issue|waive|deduct|remove|add|correct|change|install|fit|visit|report|return|reply|answer|respond|raise|escalate|"
    "forward|pass|share|offer|make|have|bring|contact|prepare|put|drop|organise|organize|review|sort|resolve|reset|restore|test|follow|back"
)
_SPLIT = re.compile(
    rf"(?:,? and|,|,? then)(?: then| also| will| shall| to| afterwards| finally| of course| personally| we will| i will){{0,2}} (?={_VERBS}\b)(?!(?:check|order|repair|call|change|report|review|return|mail|post|offer|visit)s? (?:is|was|of|for|has|will|number)\b)"
)
_CUT = re.compile(
    r"(?:,| -| –)? \b(?:because|since (?:we|you|the|i)\b|although|though|whereas|while (?:we|you|i|the)|as (?:we|i|the|our|you|your|it|this) |so please|but please|but you|but the|but it|but this"
    r"|and please|and you can|and you may|and in the meantime|in the meantime|meanwhile|please|where |when you|that you (?:sent|bought|ordered|paid)|which (?:we|you|was|is|has|i|arrived|came)|who (?:was|is|has)"
    r"|about (?:the|your) (?:\w{1,15} ){1,3}(?:of|from|on)|for the (?:delay|wait|trouble)|instead of|rather than|and not|not )"
)
_NAME_STOPS = _set(
    "the a an this that these those it i we you your our my and but so if when once as by on at in for to from with then there here they he she both all any no yes dear hi hello thanks please thank sorry regards mr mrs ms dr hopefully"
)


_MAY_COMMIT = re.compile(
    r"\b(?:will|shall|should|let|expects?|expecting|aims?|aiming|hopes?|hoping|plans?|planning|planned|try|trying|intend(?:ing)?|promise|undertake|commit|guarantee"
    r"|endeavour|follow|comes|arrives|leaves|ships|goes|arranged|asked|instructed|booked|scheduled|due)\b|'ll\b|(?:\b(?:am|are|is)|'m|'re|'s) (?:\w{1,15} ){0,2}\w{2,15}ing\b"
)


class _Token(NamedTuple):
    word: str
    start: int
    end: int


def clauses(folded: str, original: str, before: str) -> list[Clause]:
    """The committing clauses of one sentence; `folded` and `original` have the same offsets, `before` is the sentence before."""
    if not _MAY_COMMIT.search(folded):
        return []
    tokens = [_Token(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(folded)]
    if not tokens or _asks(folded) or len(tokens) > 400:
        return []
    found: list[Clause] = []
    for n, token in enumerate(tokens):
        read = _HEADS.get(token.word)
        clause = read(n, tokens, folded, original) if read else None
        if clause is not None and not (found and clause.start < found[-1].head):
            found.append(clause)
    return [clause for clause in _bounded(found, folded) if _stands(clause, folded, before)]


def _asks(folded: str) -> bool:
    return folded.rstrip("\"' )”").endswith("?")


def _bounded(found: list[Clause], folded: str) -> list[Clause]:
    """Each clause reaches to the next one, or to its semicolon, or to the end of the sentence."""
    bounded = []
    for clause, following in zip(found, [*found[1:], None], strict=False):
        end = following.start if following else len(folded)
        semicolon = folded.find(";", clause.head, end)
        bounded.append(clause.reaching(semicolon if semicolon >= 0 else end))
    return bounded


def _going_to(n: int, tokens: list[_Token], folded: str, original: str) -> Clause | None:
    if n and n + 1 < len(tokens) and tokens[n + 1].word == "to" and tokens[n - 1].word in BE:
        return _with_subject(n - 1, n + 2, tokens, folded, original)
    return None


def _to_follow(n: int, tokens: list[_Token], _folded: str, _original: str) -> Clause | None:
    return (
        Clause(start=0, head=tokens[n - 1].start, needs_time=True)
        if n and tokens[n - 1].word == "to"
        else None
    )


def _can_expect(n: int, tokens: list[_Token], folded: str, _original: str) -> Clause | None:
    if n and tokens[n - 1].word == "you" and folded.startswith("can expect ", tokens[n].start):
        return _expect(n + 1, tokens, folded, start=tokens[n - 1].start)
    return None


def _expecting(n: int, tokens: list[_Token], folded: str, original: str) -> Clause | None:
    return (
        _expect(n, tokens, folded)
        if _sentence_start(n, tokens)
        else _hedge_or_vow(n, tokens, folded, original)
    )


def _sentence_start(n: int, tokens: list[_Token]) -> bool:
    return (
        n == 0
        or tokens[n - 1].word in (",", ":", ";", "-", "–", "—", "so")
        or (n == 1 and tokens[0].word in ("please", "and"))
    )


def _expect(n: int, tokens: list[_Token], folded: str, start: int | None = None) -> Clause | None:
    tail = folded[tokens[n].end :]
    if re.match(
        r" (?:to (?:hear|receive|have|get|see)|a (?:call|reply|refund|mail|message|letter|delivery|answer|replacement|visit|phone call)|an (?:answer|email|e-mail|update|engineer)|it|your|the|delivery|our|my)\b",
        tail,
    ):
        return Clause(
            start=tokens[n].start if start is None else start, head=tokens[n].start, needs_time=True
        )
    return None


def _arranged(n: int, tokens: list[_Token], folded: str, _original: str) -> Clause | None:
    """As in "I have asked Cal to ring you tomorrow", "we've booked a collection for Friday": done, and yet a promise."""
    first = next((k for k in range(n, max(-1, n - 5), -1) if tokens[k].word in OURS), None)
    if first is None or not _ARRANGED.match(folded, tokens[first].start):
        return None
    return Clause(start=tokens[first].start, head=tokens[n].start, needs_time=True)


def _let_me(n: int, tokens: list[_Token], folded: str, _original: str) -> Clause | None:
    found = _LET_ME.match(folded, tokens[n].start)
    return Clause(start=tokens[n].start, head=tokens[n].start) if found else None


def _hedge_or_vow(n: int, tokens: list[_Token], folded: str, original: str) -> Clause | None:
    if not n or n + 1 >= len(tokens):
        return None
    word, after = tokens[n].word, tokens[n + 1].word
    vow = word in ("promise", "undertake", "commit", "guarantee")
    following = folded[tokens[n].end : tokens[n].end + 60]
    if vow and re.match(
        r" (?:you )?(?:a|an) (?:\w{1,12} )?(?:call|reply|refund|answer|replacement|response|update|decision)\b",
        following,
    ):
        subject = _subject(n, tokens, original, vow=True)
        return Clause(start=subject[1], head=tokens[n].start) if subject and subject[0] == "ours" else None
    noun = (
        word in ("expect", "expects")
        and after in ("your", "it")
        and bool(re.search(r"\b(?:by|on|within|to)\b", following))
    )
    if after != "to" and not noun:
        return None
    subject = _subject(n, tokens, original, vow=vow)
    if subject is None or subject[0] not in ("ours", "staff"):
        return None
    if re.match(
        r" to (?:hear from you|see you|welcome|serve|be of|hearing|keep you as|make it up)", following
    ):
        return None
    return Clause(start=subject[1], head=tokens[n].start, hedged=not vow, needs_time=noun)


def _modal(n: int, tokens: list[_Token], folded: str, original: str) -> Clause | None:
    verb = _verb_after(n, tokens)
    if verb is None:
        return None
    clause = _with_subject(n, verb, tokens, folded, original)
    if clause is not None and tokens[n].word == "should":
        return _should(clause, verb, tokens, folded)
    return clause


def _should(clause: Clause, verb: int, tokens: list[_Token], folded: str) -> Clause | None:
    tail = folded[tokens[verb].start : tokens[verb].start + 60]
    if _PERFECT.match(tail) or tail.startswith("be more"):
        return None
    return clause.hedging(
        needs_time=clause.subject == "ours"
        and not re.match(r"be (?:able|in touch|back)|have|hear|know|get|receive", tail)
    )


def _verb_after(n: int, tokens: list[_Token]) -> int | None:
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


def _with_subject(n: int, verb: int, tokens: list[_Token], folded: str, original: str) -> Clause | None:
    if verb >= len(tokens):
        return None
    subject = _subject(n, tokens, original)
    if subject is None:
        return None
    kind, start = subject
    if not _fits(kind, verb, tokens, folded):
        return None
    tail = folded[tokens[verb].start :]
    done_by_then = bool(_PERFECT.match(tail))
    return Clause(
        start=start,
        head=tokens[n].start,
        hedged=bool(_HEDGE_VERBS.match(tail)),
        needs_time=done_by_then,
        subject=kind,
    )


def _fits(kind: str, verb: int, tokens: list[_Token], folded: str) -> bool:
    word = tokens[verb].word
    tail = folded[tokens[verb].start : tokens[verb].start + 120]
    after = tokens[verb + 1].word if verb + 1 < len(tokens) else ""
    after = tokens[verb + 2].word if after in ADVERBS and verb + 2 < len(tokens) else after
    if kind in ("ours", "staff"):
        return _we_do(word, after, tail)
    if kind == "you":
        return _you_get(word, after, tail)
    return _it_comes(word, after, tail)


def _we_do(word: str, after: str, tail: str) -> bool:
    if word in NOT_AFTER_OURS:
        return tail.startswith(("see to ", "see that "))
    if word == "be":
        if re.match(r"be (?:looking forward|working (?:hard|to)|in (?:the|our) (?:office|shop|store))", tail):
            return False
        return (after.endswith("ing") and after not in NOT_AFTER_OURS) or (
            after in ("in", "at", "back", "able", "with", "round", "over", "there")
            and not re.match(
                r"be (?:in (?:the|a|our|my|on)|at (?:my|our|the|work|home|your (?:disposal|service))|back (?:in|at|from)|there (?:for|if|to help)|able to (?:help|assist))",
                tail,
            )
        )
    return word.isalpha() or "-" in word


def _you_get(word: str, after: str, tail: str) -> bool:
    if re.match(
        r"(?:receive|have|get|hear) (?:to|a chance|the (?:chance|option|right|opportunity)|from (?:the|your|dhl|them|him|her)\b|any)",
        tail,
    ) or _PERFECT.match(tail):
        return False
    if word in ("receive", "have", "get", "hear"):
        return True
    if word == "see":
        return bool(
            re.match(
                r"see (?:the|your|a|it) (?:money|refund|credit|amount|payment|£|\$|€|it|\w+ (?:in|on) your)",
                tail,
            )
        )
    if word == "be":
        if re.match(r"be hearing from (?:us|me)\b", tail):
            return True
        return after in RESULT_PARTICIPLES - {
            "made",
            "kept",
            "informed",
            "notified",
            "done",
            "back",
        } or tail.startswith(("be able to use", "be back online", "be kept", "be informed", "be notified"))
    return False


def _it_comes(word: str, after: str, tail: str) -> bool:
    if word == "be":
        return (after in RESULT_PARTICIPLES or after in RESULT_STATES) and not re.match(
            r"be (?:available|open|closed|able to (?!use)|on (?:sale|display|offer)|in (?:touch if|charge|line)|at (?:least|the)|with you (?:in spirit)|made (?:aware|public)|working (?:hard|on)|kept (?:on|safe|confidential)|there to)",
            tail,
        )
    return word in ARRIVE and not re.match(
        r"(?:get|go|come|show|follow) (?:better|worse|down|to|wrong|well|back to normal|up|as|the)", tail
    )


def _present(n: int, tokens: list[_Token], folded: str, original: str) -> Clause | None:
    """Present tense with a time: "our engineer is coming on Thursday", "I am sending it today"."""
    word = tokens[n].word
    verb = n + 1 if word in BE else n
    while verb < len(tokens) and tokens[verb].word in ADVERBS:
        verb += 1
    if verb >= len(tokens):
        return None
    doing = tokens[verb].word
    planned = (
        doing in ("booked", "scheduled", "planned", "due", "coming", "arriving", "leaving", "shipping")
        or word not in BE
    )
    ongoing = doing.endswith("ing") and len(doing) > 4 and doing not in _NOT_PLANS
    if not planned and not ongoing:
        return None
    subject = _subject(n, tokens, original)
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


_NOT_PLANS = _set(
    "going writing working waiting looking having being doing awaiting getting thinking missing during nothing something anything morning evening open opening closing moving launching regarding including according relocating running celebrating struggling seeing"
)


def _subject(  # noqa: PLR0911 - one line for each kind of subject
    n: int, tokens: list[_Token], original: str, *, vow: bool = False
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


def _relative_noun(at: int, tokens: list[_Token]) -> bool:
    return (
        at >= 2
        and tokens[at - 1].word in ("form", "link", "email", "message")
        and tokens[at - 2].word in ("the", "a")
    )


def _inherited(  # noqa: PLR0911 - one line for each kind of subject
    at: int, n: int, tokens: list[_Token], original: str
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
        if word in BE or word in ("has", "have", "will", "'ll", "was", "were"):
            subject = _noun_phrase(earlier - 1, tokens, original) if earlier else None
            if subject is not None:
                return subject[0], start
            if earlier and (tokens[earlier - 1].word in THIRD or tokens[earlier - 1].word == "you"):
                return ("you", start) if tokens[earlier - 1].word == "you" else None
            if earlier and tokens[earlier - 1].word in ("it", "this"):
                return "result", start
    return None


_BREAKS = _set(
    ". , ; : ( ) - – — and but so that because as if when once while which is are was were has have will 'll ! ? \" “ ” though although"
)
_OPENERS = _set(
    "the a an your our my this these both all another one every each his her their its no any some"
)


def _noun_phrase(at: int, tokens: list[_Token], original: str) -> tuple[str, int] | None:
    first = at
    while first > 0 and at - first < 9 and tokens[first - 1].word not in _BREAKS:
        first -= 1
    if at < 0 or tokens[at].word in _BREAKS:
        return _appositive(at, tokens, original)
    words = [token.word for token in tokens[first : at + 1]]
    opener = next((k for k, word in enumerate(words) if word in _OPENERS), None)
    if opener is not None:
        named = (
            opener > 1
            and words[opener - 1] in ("from", "in", "at", "of")
            and original[tokens[first].start].isupper()
        )
        return _described(words[opener:], tokens[first if named else first + opener].start)
    if set(words) & THIRD:
        return None
    if words[-1] in ("someone", "somebody") or words[:1] in (["someone"], ["somebody"]) or words[-1] == "us":
        return "staff", tokens[first].start
    return _named_person(first, at, tokens, original)


def _appositive(at: int, tokens: list[_Token], original: str) -> tuple[str, int] | None:
    """As in "My colleague, Bea, will": the words before the comma pair."""
    if at < 2 or tokens[at].word not in (",", ")") or tokens[at - 2].word not in (",", "("):
        return None
    if tokens[at - 3].word in OURS and at >= 3:
        return "ours", tokens[at - 3].start
    return _noun_phrase(at - 3, tokens, original) if at >= 3 else None


def _described(words: list[str], start: int) -> tuple[str, int] | None:
    ours = words[0] in ("our", "my")
    names = set(words)
    if words[0] in ("no", "any", "every", "each", "their", "his", "her", "some"):
        return None
    if names & {"courier", "couriers", "van"} and words[0] in ("the", "your", "his", "their"):
        return None
    if names & THIRD and not (
        ours
        and not names
        & _set("bank supplier suppliers manufacturer insurer landlord insurance provider carrier wholesaler")
    ):
        return None
    if (names & STAFF or words[:2] == ["one", "of"]) and not (
        words[0] == "your" and not names & _set("engineer driver technician fitter adviser advisor")
    ):
        return "staff", start
    if ours and names & _set(
        "hours prices terms policy website site app newsletter sale opening new range collection catalogue line phone phones shops stores offices branches lines"
    ):
        return None
    return "result", start


def _named_person(first: int, at: int, tokens: list[_Token], original: str) -> tuple[str, int] | None:
    """A capitalised name that is no known carrier or bank is taken for a colleague."""
    at_name = at
    while (
        at_name >= first
        and original[tokens[at_name].start].isupper()
        and tokens[at_name].word not in _NAME_STOPS
    ):
        at_name -= 1
    if at_name == at:
        while at_name >= first and not original[tokens[at_name].start].isupper():
            at_name -= 1
        if (
            at_name < first
            or tokens[at_name].word in _NAME_STOPS
            or tokens[at_name + 1].word not in ("from", "in", "at", "or")
        ):
            return None
        return "staff", tokens[at_name].start
    name = tokens[at_name + 1]
    if name.start == 0 and name.word.endswith("s") and len(name.word) > 5:
        return None  # "Refunds will", "Orders will": everybody's, not a name
    if name.start == 0 and at == at_name + 1 and name.word in _GENERIC_STARTS:
        return (
            ("result", name.start) if name.word in ("refund", "replacement", "delivery", "payment") else None
        )
    return "staff", name.start


_GENERIC_STARTS = _set(
    "refund replacement delivery payment parking entry admission shipping sale everything nothing something doing time work production"
)


def _stands(clause: Clause, folded: str, before: str) -> bool:
    """Nothing around the clause takes the promise back: a condition, a policy, a doubt, a denial."""
    inside = folded[clause.start : clause.end]
    left = folded[_segment_start(folded, clause.start) : clause.start]
    if (
        GENERAL.search(inside)
        or GENERAL.search(left.rpartition(" but ")[2])
        or _NO_AGAIN.search(inside)
        or _BY_OTHERS.search(inside)
    ):
        return False
    if _DOUBT.search(left) or (_REQUEST.match(left) and re.search(r"\b(?:and|then|so)\b *$|, *$", left)):
        return False
    if _conditional(left, leading=True) or _conditional(
        _until_break(folded[clause.head : clause.end]), leading=False
    ):
        return False
    return not (_follows_on(left, inside) and _asked(before))


def _segment_start(folded: str, start: int) -> int:
    return max(folded.rfind(mark, 0, start) + 1 for mark in ";:—(")


def _until_break(tail: str) -> str:
    return re.split(r"[;—(]| – | - |, (?:but|and) (?=if|when|should)", tail, maxsplit=1)[0]


def _conditional(words: str, *, leading: bool) -> bool:
    """A condition on the customer, or on what may not happen. An event of our own only makes the promise vague."""
    plain = _POSSIBLE.sub(" ", _NO_CONDITION.sub(" ", words))
    for found in CONDITION.finditer(plain):
        word, rest = found.group("word"), plain[found.end() :]
        if (
            leading
            and word in ("when", "after", "once", "following", "until", "upon")
            and not _CUSTOMER.search(rest)
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
        event = _OUR_EVENT.sub(" ", rest[:80])
        if _CUSTOMER.search(event) and word in (
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


def _follows_on(left: str, inside: str) -> bool:
    return bool(
        re.search(
            r"\bthen\b|\bafter (?:that|this)\b|\bonce (?:done|that)\b|\bupon\b|\bthat way\b",
            left + inside[:40],
        )
    )


def _asked(before: str) -> bool:
    return bool(
        _REQUEST.match(before)
        or before.rstrip().endswith("?")
        or re.search(r"\bif you\b|\bplease\b|\byou (?:need|will need|have|can|could)\b", before)
    )


def hedged_by_words(inside: str) -> bool:
    return bool(_HEDGE_WORDS.search(inside) or _HEDGE_VERBS.search(inside))


_EVENT = re.compile(
    r"\b(?:once|when|as soon as|after|until) (?!now\b|then\b|today\b|tomorrow\b|noon\b|lunch\b|\d|the weekend)(?:the|we|i|it|our|that|this|he|she|they|your|stock|everything|a|an|my|work|repairs|parts)\b|\bbefore (?:you|we|i|he|she|they|it) "
)

_LEADS = re.compile(
    r"(?:(?:and|but|so|then|also|now|in any case|either way|as promised|as agreed|i can confirm that|rest assured)[, ]+)?"
    r"(?:(?:by|on|before|within|in|at|later|no later than|from|over|during|the|not later than|some time|around)[ ,]*){0,3}$"
)

_Head = Callable[[int, list[_Token], str, str], Clause | None]
_HEADS: dict[str, _Head] = {
    **dict.fromkeys(("will", "'ll", "shall", "should"), _modal),
    "going": _going_to,
    **dict.fromkeys(("arranged", "asked", "instructed", "booked", "scheduled"), _arranged),
    "let": _let_me,
    **dict.fromkeys((*(BE - {"be"}), "comes", "arrives", "leaves", "ships", "goes"), _present),
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


class _English:
    SPLIT, CUT, LEADS, EVENT = _SPLIT, _CUT, _LEADS, _EVENT

    def clauses(self, folded: str, original: str, before: str) -> list[Clause]:
        return clauses(folded, original, before)

    def hedged_by_words(self, inside: str) -> bool:
        return hedged_by_words(inside)


ENGLISH: Tongue = _English()
