"""Decide from a mail's new words whether it complains, how badly, about what, and where it goes.

1. The rules of its language say what stands where (domain/rules).
2. What speaks for a complaint is added up, what speaks against it is taken away; a threshold decides.
3. Severity and topics come from the rules that spoke; a signal of danger needs no complaint.
4. The route is the first that fits, in the order of docs/how-it-works.md (the contract of `Route`).
"""

import re
from collections.abc import Iterable

from worker.domain.rules.rule import Kind, Scope, Status
from worker.domain.rules.ruleset import RuleHit, RuleSet
from worker.domain.verdict import Evidence, Judgement, MachineKind, Route, Severity, Verdict

THRESHOLD = 3.0  # score from which a mail is a complaint
SHORT_THRESHOLD = 2.0  # of a short one, which has no room for a second sign
SHORT = 30  # words
STRONG = 6.0  # score from which even machine mail is shown to a person
SAFETY_THRESHOLD = 3.0
_ORDER = (Severity.LOW, Severity.MEDIUM, Severity.HIGH)
_MOST = 9.0  # what the rules for a complaint can say together
_TAKEN_OVER = re.compile(r"\s*(?:re|aw|antw|sv|vs|rv|res|rif|r|fwd?|wg|tr|enc|i|doorst)\s*:", re.IGNORECASE)
_OURS = (
    "safety"  # the topic of danger that comes from us or is aimed at us: who writes of it complains as well
)
_SEVERAL = 3  # topics that make a complaint of several issues


def judge(
    *,
    subject: str,
    text: str,
    language: str | None,
    machine: MachineKind | None,
    rules: RuleSet,
    held: bool = False,
    capped: bool = False,
) -> Judgement:
    """The judgement of one mail.

    `text` is the sender's new words, `language` ISO 639-1 or None where it could not be told, `held` a claim to a
    case that we cannot trust, `capped` that this sender has had the day's drafts.
    """
    hits = rules.examine(subject=subject, text=text, language=language)
    live = [hit for hit in hits if hit.rule.status is Status.LIVE]
    speaking = [hit for hit in live if not hit.weakened]
    score = _score(speaking, subject)
    danger = _sum_of(speaking, Kind.SAFETY) >= SAFETY_THRESHOLD
    verdict = _verdict(score, threshold_of(text), covered=language in rules.languages)
    strong = score >= STRONG or danger
    if machine is not None and verdict is not Verdict.NOT_COMPLAINT:
        verdict = Verdict.NOT_COMPLAINT
    route = _route(
        verdict,
        machine=machine,
        strong=strong,
        danger=danger,
        person=held or capped or not _has_text(subject, text),
    )
    return Judgement(
        verdict=verdict,
        score=round(score, 2),
        severity=_severity(speaking) if verdict is Verdict.COMPLAINT else None,
        topics=_topics(speaking),
        route=route,
        evidence=tuple(_evidence(hit, subject, text) for hit in live),
        language=language,
        machine=machine,
        text=text,
        rules_version=rules.version,
    )


def _has_text(subject: str, text: str) -> bool:
    return any(character.isalnum() for character in text) or len(subject.split()) > _SEVERAL


def _score(speaking: Iterable[RuleHit], subject: str) -> float:
    """The weight of every rule that speaks, once each, those against taken away.

    What speaks for a complaint counts up to a limit, so that a heap of sharp words cannot outweigh a plain "it was not
    you". A subject that was taken over from another mail says nothing, and one alone says nothing against the text.
    """
    hits = list(speaking)
    against = _sum_of((hit for hit in hits if hit.rule.scope is Scope.MAIL), Kind.COUNTER)
    counted = hits
    if _TAKEN_OVER.match(subject) or (against and not _complains(hits, "text")):
        counted = [hit for hit in hits if hit.field != "subject"]
    ours = [hit for hit in counted if hit.rule.kind is Kind.SAFETY and hit.rule.topic == _OURS]
    return min(_sum_of(counted, Kind.COMPLAINT), _MOST) + _sum_of(ours, Kind.SAFETY) - against


def _complains(hits: Iterable[RuleHit], field: str) -> bool:
    return any(hit.field == field and hit.rule.kind is Kind.COMPLAINT for hit in hits)


def _sum_of(hits: Iterable[RuleHit], kind: Kind) -> float:
    return sum({hit.rule.id: hit.rule.weight for hit in hits if hit.rule.kind is kind}.values())


def threshold_of(text: str) -> float:
    """The score from which a mail with these new words is a complaint."""
    return SHORT_THRESHOLD if len(text.split()) <= SHORT else THRESHOLD


def _verdict(score: float, threshold: float, *, covered: bool) -> Verdict:
    if not covered:
        return Verdict.UNCLASSIFIED
    return Verdict.COMPLAINT if score >= threshold else Verdict.NOT_COMPLAINT


def _route(
    verdict: Verdict, *, machine: MachineKind | None, strong: bool, danger: bool, person: bool
) -> Route:
    if machine is not None:
        return Route.PERSON if strong else Route.NONE
    if danger:
        return Route.SAFETY
    if verdict is Verdict.UNCLASSIFIED or person:
        return Route.PERSON
    return Route.DRAFT if verdict is Verdict.COMPLAINT else Route.NONE


def _severity(speaking: Iterable[RuleHit]) -> Severity:
    hits = [hit for hit in speaking if hit.rule.kind in {Kind.COMPLAINT, Kind.SAFETY}]
    named = [hit.rule.severity for hit in hits if hit.rule.severity is not None]
    named += [
        Severity.HIGH for hit in hits if hit.rule.kind is Kind.SAFETY and hit.rule.weight >= SAFETY_THRESHOLD
    ]
    if len(_topics(hits)) >= _SEVERAL:
        named.append(Severity.MEDIUM)
    return max(named, key=_ORDER.index, default=Severity.LOW)


def _topics(speaking: Iterable[RuleHit]) -> tuple[str, ...]:
    """The topics of what complains, the weightiest first."""
    weights: dict[str, float] = {}
    for hit in {hit.rule.id: hit for hit in speaking if hit.rule.kind is Kind.COMPLAINT}.values():
        if hit.rule.topic:
            weights[hit.rule.topic] = weights.get(hit.rule.topic, 0) + hit.rule.weight
    return tuple(sorted(weights, key=lambda topic: (-weights[topic], topic)))


def _evidence(hit: RuleHit, subject: str, text: str) -> Evidence:
    words = subject if hit.field == "subject" else text
    sign = -1 if hit.rule.kind is Kind.COUNTER else 1
    return Evidence(
        rule=hit.rule.id,
        field=hit.field,
        start=hit.start,
        end=hit.end,
        text=words[hit.start : hit.end],
        weight=sign * hit.rule.weight,
        weakened=bool(hit.weakened),
    )
