"""Decides whether a letter should apologise, by what the customer would feel is called for, and says why."""

import re
from dataclasses import dataclass
from enum import StrEnum

from worker.domain.verdict import Judgement, Severity


class ApologyLevel(StrEnum):
    """How much a letter apologises."""

    NONE = "none"  # acknowledged, no apology
    REGRET = "regret"  # regret for the situation, named
    FULL = "full"  # an apology that owns what went wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologyProposal:
    """What the agent is proposed, and the sentence that says why. The agent can turn it."""

    level: ApologyLevel
    reason: str


# What the customer tells us, and how it reads in a reason. Words of topics, rule ids and of the mail's own text.
_OWED = (
    ("a promise was broken", {"promise", "promised", "promises", "callback"}),
    ("they had to contact us again", {"repeat", "repeated", "again"}),
    ("nobody answered them", {"reply", "unanswered"}),
    ("they describe how our staff treated them", {"staff", "rude", "rudeness"}),
    ("their privacy is concerned", {"privacy", "breach"}),
    ("they lost money or time", {"loss", "lost", "overcharged"}),
    ("somebody was harmed or put at risk", {"harm", "injury", "vulnerable"}),
    ("they were treated worse for who they are", {"discrimination"}),
    ("an occasion that comes once is concerned", {"event", "occasion", "wedding"}),
    ("an appointment was not kept", {"appointment"}),
)
_FELT = (
    ("a delivery went wrong", {"delivery", "late"}),
    (
        "what they bought is not as it should be",
        {"damaged", "faulty", "broken", "defect", "product", "wrong"},
    ),
    ("a service is down", {"outage"}),
    ("money has not come back", {"refund"}),
    ("a bill is disputed", {"billing", "invoice"}),
    ("they were kept waiting", {"waiting", "phone", "queue", "contact"}),
    ("something of ours did not work for them", {"website", "account", "login", "app"}),
    ("they tell what it did to them", {"effect"}),
)
_RULE_WORD = re.compile(r"[a-z]+")
_ASKS = re.compile(
    r"\b(?:an? (?:\w+ )?apology|apologi[sz]e|una disculpa|des excuses|eine entschuldigung)\b", re.IGNORECASE
)
_DECLINES = re.compile(
    r"\b(?:(?:no|not|n['’]t)(?: \w+){0,3} (?:apology|apologies|sorry)\b|(?:spare|save|keep) (?:me )?(?:the|your) apolog"
    r"|no (?:quiero|necesito) (?:disculpas|que se disculpe)|pas (?:besoin )?d['’]excuses|keine entschuldigung)",
    re.IGNORECASE,
)
_ALWAYS_APOLOGISE = frozenset({"aware", "learn", "heart"})  # the framework has the step, or never takes none
_TEXT_READ = 16_384  # characters


def propose_apology(judgement: Judgement, framework: str) -> ApologyProposal:
    """The level proposed for a complaint, with the signals it came from in one sentence."""
    proposal = _by_the_customer(judgement)
    if proposal.level is ApologyLevel.NONE and framework.casefold() in _ALWAYS_APOLOGISE:
        reason = f"{proposal.reason[:-1]}; {framework.upper()} still has regret for the situation."
        return ApologyProposal(level=ApologyLevel.REGRET, reason=reason)
    return proposal


def _by_the_customer(judgement: Judgement) -> ApologyProposal:
    text = judgement.text[:_TEXT_READ]
    if _DECLINES.search(text):
        return ApologyProposal(level=ApologyLevel.NONE, reason="They write that they do not want an apology.")
    words = _signal_words(judgement)
    owed = [name for name, marks in _OWED if words & marks]
    felt = [name for name, marks in _FELT if words & marks]
    if _ASKS.search(text):
        owed.insert(0, "they ask for an apology")
    if judgement.severity is Severity.HIGH:
        return _proposal(ApologyLevel.FULL, "the matter is grave", *owed)
    if owed and (judgement.severity is Severity.MEDIUM or len(owed) > 1 or owed[0].startswith("they ask")):
        return _proposal(ApologyLevel.FULL, *owed)
    if owed or felt or judgement.severity is Severity.MEDIUM:
        return _proposal(ApologyLevel.REGRET, *(owed or felt or ["money or time was lost"]))
    return ApologyProposal(
        level=ApologyLevel.NONE,
        reason="A first, small matter with no loss, no broken promise and nothing about conduct: acknowledging it is enough.",
    )


def _proposal(level: ApologyLevel, *signals: str) -> ApologyProposal:
    told = ", ".join(signals[:-1]) + " and " + signals[-1] if len(signals) > 1 else signals[0]
    calls = "an apology that owns it" if level is ApologyLevel.FULL else "regret for the situation"
    return ApologyProposal(level=level, reason=f"{told[0].upper()}{told[1:]}, which calls for {calls}.")


def _signal_words(judgement: Judgement) -> set[str]:
    names = [*judgement.topics, *(found.rule for found in judgement.evidence if not found.weakened)]
    return {word for name in names for word in _RULE_WORD.findall(name.casefold())}
