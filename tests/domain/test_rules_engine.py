"""What a set of rules says about a mail: hits, negations, excuses, conditions over the whole mail."""

from datetime import date

import pytest

from worker.domain.rules.rule import Kind, Position, Rule, Scope, Status, read_rule
from worker.domain.rules.ruleset import RuleSet, pattern_faults, sample_faults

HEAD = """id = "late"
title = "Late"
status = "live"
added = 2026-11-21
lang = "en"
why = "because"
"""


def rule(**changes: object) -> Rule:
    values: dict[str, object] = {
        "id": "sad", "title": "Sad", "status": Status.LIVE, "added": date(2026, 11, 21), "lang": "en",
        "kind": Kind.COMPLAINT, "topic": "service", "severity": None, "weight": 3.0, "where": ("subject", "text"),
        "position": Position.ANYWHERE, "scope": Scope.MAIL, "any": ("disappointed",), "all": (), "none": (),
        "at_least": 1, "unless": (), "guard": True, "max_words": 0, "why": "",
    }  # fmt: skip
    return Rule(**{**values, **changes})  # type: ignore[arg-type]  # the fields are named above


def weakened(text: str, *rules: Rule) -> list[str]:
    hits = RuleSet(rules or [rule()]).examine(subject="", text=text, language="en")
    return [hit.weakened for hit in hits if hit.rule.kind is Kind.COMPLAINT]


@pytest.mark.parametrize(
    "text",
    [
        "I am disappointed.",
        "We are not only disappointed but cold.",
        "I could not be more disappointed.",
        "I have never been so disappointed.",
        "It is not here, and I am disappointed.",
        "No wonder I am disappointed.",
    ],
)
def test_a_hit_that_nothing_denies_counts(text: str) -> None:
    assert weakened(text) == [""]


@pytest.mark.parametrize(
    "text", ["I am not disappointed.", "We weren't at all disappointed.", "I was never disappointed."]
)
def test_a_denied_hit_is_shown_as_weakened(text: str) -> None:
    assert weakened(text) == ["negated"]


def test_an_excuse_reaches_over_its_own_sentence_only() -> None:
    excused = rule(unless=("joking",))
    assert weakened("Disappointed, only joking. But truly disappointed.", excused) == [
        "excused in its own sentence",
        "",
    ]


def test_a_counter_rule_can_excuse_the_sentence_it_stands_in() -> None:
    counter = rule(id="neighbour", kind=Kind.COUNTER, scope=Scope.SENTENCE, any=("neighbour",))
    found = weakened("My neighbour is disappointed. I am disappointed.", rule(), counter)
    assert found == ["excused by neighbour", ""]
    assert weakened("My neighbour is happy, but I am disappointed.", rule(), counter) == [""]


def test_all_and_not_look_at_the_whole_mail() -> None:
    both = rule(any=(), all=("late", "broken"), none=("thanks",))
    assert weakened("It was late. It was broken.", both) == ["", ""][:1] or weakened(
        "It was late. It was broken.", both
    )
    assert weakened("It was late.", both) == []
    assert weakened("It was late and broken. Still, thanks.", both) == []


def test_at_least_counts_different_patterns() -> None:
    two = rule(any=("late", "broken", "dirty"), at_least=2)
    assert weakened("late late late", two) == []
    assert weakened("late and dirty", two) == ["", ""]


def test_position_and_length_limit_where_a_rule_speaks() -> None:
    opening = rule(position=Position.OPENING)
    assert weakened("One. Two. Three. Four. Disappointed.", opening) == []
    assert weakened("Disappointed. Two.", opening) == [""]
    assert weakened("I am very disappointed", rule(max_words=3)) == []


def test_a_retired_rule_is_silent() -> None:
    assert weakened("I am disappointed.", rule(status=Status.RETIRED)) == []


def test_every_fault_of_a_file_is_named_with_its_line() -> None:
    source = HEAD.replace('lang = "en"', 'lang = "xx"') + 'colour = "red"\nweight = "much"\n'
    _, faults = read_rule(source, "late.toml")
    assert [(fault.line, fault.message.split(";")[0]) for fault in faults] == [
        (7, "'colour' is no key of a rule"),
        (8, "'weight' must be a number from 0 to 10"),
    ]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('any = ["a"]\nstatus = "maybe"', "TOML"),
        ('any = ["a"]\nkind = "thing"', "may be complaint"),
        ("", "'any' or 'all'"),
        ('any = ["a"]\nat_least = 3', "asks for 3 of 1"),
        ('any = ["a"]\n[[miss]]\ntext = "x"', "because"),
        ('any = ["a"]\n[[hit]]\nwords = "x"', "needs 'text'"),
        ('any = ["a\\u0007"]', "control character"),
        ('any = "a"', "list of texts"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(more: str, says: str) -> None:
    found, faults = read_rule(HEAD + more + "\n", "late.toml")
    assert found is None
    assert any(says in fault.message for fault in faults)


def test_a_bad_pattern_names_its_file_and_line() -> None:
    source = HEAD + 'any = [\n  "fine",\n  "{broken",\n]\n'
    found, _ = read_rule(source, "late.toml")
    assert found is not None
    (fault,) = pattern_faults(found, source)
    assert str(fault).startswith("late.toml:9: the pattern \"{broken\": a '{' is never closed")


def test_a_sample_that_does_not_come_out_is_a_fault() -> None:
    source = HEAD + 'any = ["late"]\n[[hit]]\ntext = "early"\n[[miss]]\ntext = "too late"\nbecause = "x"\n'
    found, _ = read_rule(source, "late.toml")
    assert found is not None
    assert [fault.line for fault in sample_faults(found)] == [9, 11]
