"""Whether an English subject and its verb make a promise: "you will receive", "the fee will be off your account"."""

import re
from enum import Enum, auto

from worker.domain.commitment.english.tokens import Token
from worker.domain.commitment.english.words import (
    ADVERBS,
    ARRIVE,
    BUSY_OR_KEPT,
    GETTING_BY_THEN,
    NOT_AFTER_OURS,
    NOT_COMING,
    NOT_GETTING,
    PERFECT,
    RESULT_PARTICIPLES,
    RESULT_STATES,
    SHUTS,
)


class Fit(Enum):
    """Whether a subject and its verb make a promise."""

    NOT = auto()
    PLAIN = auto()
    WITH_TIME = auto()  # "the fee will be off your account" promises only when a time is named


def fit_of(kind: str, verb: int, tokens: list[Token], folded: str) -> Fit:
    word = tokens[verb].word
    tail = folded[tokens[verb].start : tokens[verb].start + 120]
    after = tokens[verb + 1].word if verb + 1 < len(tokens) else ""
    after = tokens[verb + 2].word if after in ADVERBS and verb + 2 < len(tokens) else after
    if kind in ("ours", "staff"):
        shut = kind == "staff" and SHUTS.match(tail)
        if _we_do(word, after, tail) and not shut:
            return Fit.PLAIN
        there = kind == "staff" and word == "be" and not NOT_COMING.match(tail)
        return (
            Fit.WITH_TIME
            if there and not re.match(r"be (?:in|on|back|at (?:my|our|the|work|home))\b", tail)
            else Fit.NOT
        )
    if kind == "you":
        return _you_get(word, after, tail)
    return _it_comes(word, after, tail)


def _we_do(word: str, after: str, tail: str) -> bool:
    if word in NOT_AFTER_OURS:
        return tail.startswith(
            ("see to ", "see that ", "see it through", "see what ", "stop by", "stop in", "stop round")
        )
    if word == "be":
        if re.match(r"be (?:looking forward|working (?:hard|to)|in (?:the|our) (?:office|shop|store))", tail):
            return False
        return (after.endswith("ing") and after not in NOT_AFTER_OURS) or (
            after in ("in", "at", "back", "able", "with", "round", "over", "there")
            and not re.match(
                r"be (?:in (?:the|a|our|my|on)|at (?:my|our|the|work|home|your (?:disposal|service))|back (?:in(?! touch)|at|from)|there (?:for|if|to help)|able to (?:help|assist))",
                tail,
            )
        )
    return word.isalpha() or "-" in word


def _you_get(word: str, after: str, tail: str) -> Fit:
    if NOT_GETTING.match(tail) or PERFECT.match(tail):
        return Fit.NOT
    if word in ("receive", "have", "get", "hear") or _you_gain(word, after, tail):
        return Fit.PLAIN
    return Fit.WITH_TIME if GETTING_BY_THEN.match(tail) else Fit.NOT


def _you_gain(word: str, after: str, tail: str) -> bool:
    if word == "see":
        return bool(
            re.match(
                r"see (?:the|your|a|it) (?:money|refund|credit|amount|payment|£|\$|€|it|\w+ (?:in|on) your)",
                tail,
            )
        )
    if word == "be":
        if re.match(r"be hearing from (?!the |your |them|him|her|dhl)", tail):
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


def _it_comes(word: str, after: str, tail: str) -> Fit:
    if NOT_COMING.match(tail):
        return Fit.NOT
    if word == "be":
        known = after in RESULT_PARTICIPLES or after in RESULT_STATES
        return Fit.PLAIN if known and not BUSY_OR_KEPT.match(tail) else Fit.WITH_TIME
    known = word in ARRIVE and not re.match(
        r"(?:get|go|come|show|follow) (?:better|worse|down|to|wrong|well|back to normal|up|as|the)", tail
    )
    return Fit.PLAIN if known else Fit.NOT if word in ARRIVE else Fit.WITH_TIME
