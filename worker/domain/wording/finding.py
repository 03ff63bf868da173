"""What the check says about a letter: which words, which kind of fake apology, how grave, why, and what instead."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The fourteen kinds of fake apology; advice that is none of them begins with `letter-`."""

    CONDITIONAL = "conditional"  # the regret hangs on an if
    FEELINGS = "feelings-focused"  # sorry for the feeling, not the deed
    PASSIVE = "passive"  # a wrong that nobody did
    MINIMISING = "minimising"  # shrinks the harm
    BLAME = "blame-shifting"  # onto the customer, the courier, the weather
    POLICY = "policy-shield"  # a rule in place of a remedy
    INCONVENIENCE = "inconvenience-cliche"  # the stock line
    EXCUSE = "excuse-but"  # an apology undone by what follows "but"
    WRONG = "customer-is-wrong"  # a flat contradiction
    SARCASTIC = "sarcastic"  # mocking or grudging
    AUTOMATED = "over-automated"  # a machine's voice, an unfilled placeholder
    QUESTION_FIRST = "question-before-acknowledgement"
    EXPLANATION_FIRST = "explanation-first"
    GENERIC = "over-generic"  # names nothing
    VAGUE_PROMISE = "letter-vague-promise"  # advice: give a date


class Level(StrEnum):
    """What a finding does to the letter."""

    BLOCK = "block"  # cannot be approved without a recorded reason
    WARN = "warn"  # advice


class ReplyTo(StrEnum):
    """What the letter answers; some kinds hurt only in answer to a complaint."""

    COMPLAINT = "complaint"
    ENQUIRY = "enquiry"
    PRAISE = "praise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One stretch of the letter that hurts. Offsets count code points of the text checked, end exclusive."""

    id: str  # of the rule
    kind: Kind
    level: Level
    start: int
    end: int
    text: str  # the words themselves: text[start:end]
    message: str  # why it hurts
    suggestion: str  # a better wording; `[[...]]` marks what only the agent can fill in
