"""The words every judgement is told in: verdict, severity, route, and the evidence behind them."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Verdict(StrEnum):
    COMPLAINT = "complaint"
    NOT_COMPLAINT = "not_complaint"
    UNCLASSIFIED = "unclassified"  # no rule covers its language: never "no"


class Severity(StrEnum):
    LOW = "low"  # small, single, first contact
    MEDIUM = "medium"  # money or time lost, repeated contact, a broken promise
    HIGH = "high"  # harm, threat, discrimination, regulator, court, press, a large loss


class Route(StrEnum):
    """Where a mail goes. The first that fits, in this order."""

    NONE = "none"  # machine mail, or a person's mail that is no complaint
    SAFETY = "safety"  # a named person at once, no draft
    PERSON = "person"  # unclassified, held, capped, no text
    DRAFT = "draft"  # a complaint that may have a draft


class MachineKind(StrEnum):
    """Mail that no person wrote."""

    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST = "list"
    NOTIFICATION = "notification"
    FEEDBACK_REPORT = "feedback_report"
    RECEIPT = "receipt"
    OWN = "own"  # sent by ourselves and come back


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The words that made a rule speak: [start, end) in `field` of the mail judged."""

    rule: str  # the rule's id
    field: str  # "subject" or "text"
    start: int
    end: int
    text: str
    weight: float
    weakened: bool = False  # negated or excused: shown, counted for nothing or little


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the rules make of one mail, with everything a person needs to see why."""

    verdict: Verdict
    score: float
    severity: Severity | None  # None unless a complaint
    topics: tuple[str, ...]
    route: Route
    evidence: tuple[Evidence, ...]
    language: str | None  # ISO 639-1, None when it could not be told
    machine: MachineKind | None
    text: str  # the new words judged
    rules_version: str  # of the rule set, kept with every verdict it gave

    def for_a_person(self) -> "Judgement":
        """The same judgement of a mail that a person must place or answer: no draft, danger first all the same."""
        drafted = self.route is Route.DRAFT or (self.route is Route.NONE and self.machine is None)
        return replace(self, route=Route.PERSON) if drafted else self
