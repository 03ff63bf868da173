"""The fake-apology check on labelled passages, on its own rules' samples, and on its own suggestions."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from worker.adapters.shipped import shipped_folder
from worker.adapters.wordingfiles import load_wording
from worker.domain.wording import Finding, Kind, Level, ReplyTo, WordingRules, check_wording

PASSAGES = tomllib.loads(Path(__file__).with_name("wording_passages.toml").read_text("utf-8"))
FAKE = [(language, row) for language, rows in PASSAGES.items() for row in rows["fake"]]
CLEAN = [(language, row) for language, rows in PASSAGES.items() for row in rows["clean"]]
SPAN_AGREEMENT = 0.5  # shared characters over all characters of the two stretches
LANGUAGES = ("de", "en", "es", "fr")


@cache
def rules() -> WordingRules:
    return load_wording([shipped_folder("rules/wording")])


def check(
    text: str, language: str = "en", reply_to: ReplyTo = ReplyTo.COMPLAINT, *, template: bool = False
) -> list[Finding]:
    found = check_wording(text, rules=rules(), reply_to=reply_to, language=language, template=template)
    return [finding for finding in found if not finding.kind.startswith("letter-")]


def kinds(text: str, language: str = "en", *, template: bool = False) -> set[Kind]:
    return {finding.kind for finding in check(text, language, template=template)}


def marked(row: str) -> tuple[str, str, list[tuple[int, int]]]:
    """The kind, the bare text and the marked stretches of a labelled passage."""
    kind, passage = row.split(" | ", 1)
    stretches, bare = [], ""
    for piece in re.split("([⟦⟧])", passage):
        if piece == "⟦":
            stretches.append((len(bare), 0))
        elif piece == "⟧":
            stretches[-1] = (stretches[-1][0], len(bare))
        else:
            bare += piece
    return kind, bare, stretches


def agreement(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (max(one[1], other[1]) - min(one[0], other[0]))


@pytest.mark.parametrize(("language", "row"), FAKE)
def test_a_fake_apology_is_found(language: str, row: str) -> None:
    _, text, _ = marked(row)
    assert check(text, language)


@pytest.mark.parametrize(("language", "row"), CLEAN)
def test_an_honest_reply_stays_clean(language: str, row: str) -> None:
    assert check(row, language) == []


@pytest.mark.parametrize("row", PASSAGES["en"]["enquiry_clean"])
def test_answering_an_enquiry_may_cite_rules_ask_and_explain(row: str) -> None:
    assert check(row, reply_to=ReplyTo.ENQUIRY) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_marked_words_are_those_a_person_would_mark(language: str) -> None:
    rows = [marked(row) for passage, row in FAKE if passage == language]
    right = sum(
        any(
            agreement((found.start, found.end), wanted) >= SPAN_AGREEMENT
            for found in check(text, language)
            for wanted in spans
        )
        for _, text, spans in rows
    )
    assert right / len(rows) >= 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_kind_is_the_one_a_person_would_name(language: str) -> None:
    rows = [marked(row) for passage, row in FAKE if passage == language]
    right = sum(kind in kinds(text, language) for kind, text, _ in rows)
    assert right / len(rows) >= 0.85


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_finds_its_hits_and_leaves_its_misses(language: str) -> None:
    wrong: list[tuple[object, ...]] = []
    for rule in rules().packs[language].rules.values():
        found = [
            {one.id for one in check_wording(hit.text, rules=rules(), language=language)} for hit in rule.hits
        ]
        wrong += [
            (rule.id, hit.text) for hit, ids in zip(rule.hits, found, strict=True) if rule.id not in ids
        ]
        wrong += [
            (rule.id, miss.text, check(miss.text, language))
            for miss in rule.misses
            if check(miss.text, language)
        ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_samples_and_every_kind_a_rule(language: str) -> None:
    held = rules().packs[language].rules.values()
    assert [rule.id for rule in held if not rule.hits or not rule.misses] == []
    assert {rule.kind for rule in held} == set(Kind)


@pytest.mark.parametrize(("language", "row"), FAKE)
def test_what_the_check_suggests_passes_the_check(language: str, row: str) -> None:
    _, text, _ = marked(row)
    for finding in check(text, language):
        if finding.id.endswith("-placeholder"):
            continue  # it tells the writer what to do; there is no wording for a missing name
        assert kinds(finding.suggestion, language, template=True) == set(), finding


def test_offsets_are_code_points_of_the_text() -> None:
    text = "Dear Zoë 🙂,\nWe apologise for any inconvenience caused."
    (finding,) = check(text)
    assert text[finding.start : finding.end] == finding.text == "We apologise for any inconvenience caused."


def test_a_line_wrapped_by_the_mail_program_is_read_as_one_sentence() -> None:
    assert Kind.CONDITIONAL in kinds("We apologise\nif the driver was\nrude to you.")


def test_a_blank_left_open_blocks_a_sent_letter_and_not_a_template() -> None:
    letter = "I am sorry that [[what happened]] with your kettle on 3 May."
    assert kinds(letter) == {Kind.AUTOMATED}
    assert kinds(letter, template=True) == set()


@pytest.mark.parametrize("blank", ["{{ item }}", "{item}", "[item]", "%item%"])
def test_a_template_takes_blanks_as_filled_words(blank: str) -> None:
    assert kinds(f"I am sorry that your {blank} came late.") == {Kind.AUTOMATED}
    assert kinds(f"I am sorry that your {blank} came late.", template=True) == set()


def test_words_that_quote_the_customer_are_not_judged() -> None:
    assert (
        check("“Nobody has replied since 2 November”, you write, and it is true. Your letters lay here.")
        == []
    )
    assert (
        check(
            'You write "it was only a small scratch to you people". I am sorry about the scratch on your hob.'
        )
        == []
    )
    assert kinds("“We apologise for any inconvenience caused.”") == {Kind.INCONVENIENCE}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The van left the depot at nine and came back at noon."),
        ("de", "Der Wagen fuhr um neun los und kam mittags wieder."),
        ("fr", "Le camion roulait depuis neuf heures du matin."),
        ("es", "La furgoneta salió a las nueve y volvió a mediodía."),
    ],
)
def test_a_letter_that_nowhere_hears_the_customer_is_found_for_that(language: str, text: str) -> None:
    assert [one.id for one in check(text, language)] == [f"{language}-unheard"]
    assert check(text, language, ReplyTo.ENQUIRY) == []


def test_hearing_nothing_is_told_of_no_text_whose_language_is_unknown() -> None:
    assert check_wording("Zxq brrt vlum pfft.", rules=rules()) == ()


def test_a_blank_in_a_template_may_hold_the_words_that_hear() -> None:
    assert check("The van left at nine. [[what we regret]]", template=True) == []


def test_the_last_resort_does_not_hide_advice() -> None:
    found = check_wording("The van comes in again in due course.", rules=rules(), language="en")
    assert {one.kind for one in found} == {Kind.EXPLANATION_FIRST, Kind.VAGUE_PROMISE}


@pytest.mark.parametrize(
    ("language", "text", "better"),
    [
        ("en", "We are sorry if your order was late.", "I am sorry that your order was late."),
        (
            "en",
            "If our painter spilt paint on it, we apologise.",
            "I am sorry that our painter spilt paint on it.",
        ),
        ("en", "I'm sorry you feel our driver was careless.", "I am sorry that our driver was careless."),
        (
            "de",
            "Es tut uns leid, falls der Fahrer zu spät kam.",
            "Es tut mir leid, dass der Fahrer zu spät kam.",
        ),
        ("es", "Lo lamentamos si el repartidor llegó tarde.", "[[lo que pasó: el repartidor llegó tarde]]"),
        (
            "fr",
            "Désolés si le livreur est venu en retard.",
            "[[ce qui s'est passé: le livreur est venu en retard]]",
        ),
    ],
)
def test_a_suggestion_states_as_fact_what_the_letter_hung_on_an_if(
    language: str, text: str, better: str
) -> None:
    (finding,) = check(text, language)
    assert better in finding.suggestion


def test_a_suggestion_doubts_no_feeling_into_a_fact_and_names_the_thing_of_the_letter() -> None:
    (finding,) = check("We apologise if anyone at the desk was short with you. Your bicycle is ready.")
    assert "[[what happened: your bicycle]]" in finding.suggestion


def test_saying_that_it_is_not_our_fault_is_no_ownership() -> None:
    assert Kind.BLAME in kinds("The courier lost your parcel and that is not our fault.")


def test_advice_about_a_vague_promise_warns() -> None:
    (finding,) = check_wording(
        "I will write to you shortly about the red coat.", rules=rules(), language="en"
    )
    assert (finding.kind, finding.level, finding.text) == (Kind.VAGUE_PROMISE, Level.WARN, "shortly")


def test_a_language_without_rules_is_still_checked_for_open_blanks() -> None:
    assert [
        one.kind for one in check_wording("Beste {{naam}}, het spijt ons.", rules=rules(), language="nl")
    ] == [Kind.AUTOMATED]


def test_empty_and_odd_texts_are_clean() -> None:
    for text in ("", " \n\n ", "...", "?!", "Ada"):
        assert check(text) == []


@pytest.mark.parametrize(
    "piece",
    ["sorry if ", "but ", "[", "{{", "your ", "\n", "we apologise, but ", "“a b c ", '"a b c ', "X", "A_"],
)
def test_a_hostile_text_takes_linear_time(piece: str) -> None:
    check(piece * (100_000 // len(piece)))
