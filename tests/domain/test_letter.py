import time

import pytest

from worker.domain.apology import ApologyLevel
from worker.domain.letter import (
    BadLetter,
    LetterStage,
    choose_letter,
    fill,
    name_to_greet,
    open_blanks,
    parse_letter,
    safe_words,
)
from worker.domain.verdict import Severity
from worker.errors import Refused

GOOD = """id: ack-delivery
title: Late delivery
framework: mama
stage: acknowledged
language: en
topics: delivery, post
severity: low, medium
subject: Re: {{ subject }}

Hello,

I will write to you again {{ due }}.
"""


def letter(**changes):
    lines = {
        "id": "one",
        "framework": "mama",
        "stage": "acknowledged",
        "language": "en",
        "subject": "Hello",
    } | changes
    return parse_letter(
        "\n".join(f"{key}: {value}" for key, value in lines.items()) + "\n\nText.\n", "one.txt"
    )


def faults(source):
    with pytest.raises(BadLetter) as caught:
        parse_letter(source, "x.txt")
    return [str(fault) for fault in caught.value.faults]


def test_a_letter_file_is_read():
    read = parse_letter(GOOD, "x.txt")
    assert read.topics == ("delivery", "post")
    assert read.severity == (Severity.LOW, Severity.MEDIUM)
    assert read.apology == tuple(ApologyLevel)
    assert read.text.startswith("Hello,\n")
    assert read.text_line == 10


def test_windows_line_ends_are_read_as_well():
    assert parse_letter(GOOD.replace("\n", "\r\n"), "x.txt").text == parse_letter(GOOD, "x.txt").text


def test_every_fault_is_named_with_its_line():
    broken = GOOD.replace("id: ack-delivery", "id: Ack Delivery").replace(
        "stage: acknowledged", "stage: soon"
    )
    broken = broken.replace("title:", "titel:").replace("again", "again [[ when")
    told = faults(broken)
    assert [fault.split(":")[1] for fault in told] == ["1", "2", "4", "12"]
    assert "`titel`" in told[1]


def test_what_is_missing_is_named():
    told = faults("id: x\n\n")
    assert sum("is missing" in fault for fault in told) == 4
    assert any("no text" in fault for fault in told)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\u200b"])
def test_a_character_that_cannot_be_seen_is_a_fault(character):
    assert "U+" in faults(GOOD.replace("Hello", "Hel" + character + "lo"))[0]


def test_a_letter_too_long_is_refused():
    assert "longer than" in faults(GOOD + "x" * 70_000)[0]


def choose(letters, topics=(), severity=None, language="en", stage=LetterStage.ACKNOWLEDGED):
    return choose_letter(letters, stage=stage, language=language, topics=topics, severity=severity).id


SHELF = [
    letter(id="plain"),
    letter(id="plain-high", severity="high"),
    letter(id="delivery", topics="delivery"),
    letter(id="delivery-high", topics="delivery", severity="high"),
    letter(id="refund", topics="refund"),
    letter(id="plain-es", language="es"),
    letter(id="missed", stage="missed"),
]


@pytest.mark.parametrize(
    ("topics", "severity", "language", "expected"),
    [
        (("delivery",), Severity.LOW, "en", "delivery"),
        (("delivery",), Severity.HIGH, "en", "delivery-high"),
        (("delivery", "refund"), None, "en", "delivery"),
        (("refund", "delivery"), None, "en", "refund"),
        (("refund",), Severity.HIGH, "en", "refund"),
        (("weather",), Severity.LOW, "en", "plain"),
        (("weather",), Severity.HIGH, "en", "plain-high"),
        ((), None, "en", "plain"),
        (("delivery",), Severity.LOW, "es", "plain-es"),
        (("delivery",), Severity.LOW, "pt", "delivery"),
        (("delivery",), None, None, "delivery"),
    ],
)
def test_the_letter_that_fits_best_is_chosen(topics, severity, language, expected):
    assert choose(SHELF, topics, severity, language) == expected
    assert choose(reversed(SHELF), topics, severity, language) == expected


def test_a_stage_without_a_letter_is_refused():
    with pytest.raises(Refused, match="no moved letter"):
        choose(SHELF, stage=LetterStage.MOVED)


def test_open_blanks_are_found_with_their_places():
    text = "About [[order number]]: [[what]]."
    assert [(text[b.start : b.end], b.hint) for b in open_blanks(text)] == [
        ("[[order number]]", "order number"),
        ("[[what]]", "what"),
    ]


def test_filling_one_blank_leaves_the_others():
    text = "About [[order number]]: [[what]]."
    assert fill(text, open_blanks(text)[0], "4711") == "About 4711: [[what]]."


def test_what_fills_a_blank_can_open_no_new_one():
    text = "About [[what]]."
    assert open_blanks(fill(text, open_blanks(text)[0], "[[x]] {{ y }}")) == ()


@pytest.mark.parametrize(
    ("words", "safe"),
    [
        ("one\r\ntwo\x00\x1b[31m", "one two(31m"),
        ("[[x]] {{ y }} {% z %}", "((x)) (( y )) (% z %)"),
        ("a\u202eb\u200bc", "abc"),
        ("  spaced   out ", "spaced out"),
        ("été à Łódź", "été à Łódź"),
    ],
)
def test_a_customers_words_are_made_safe(words, safe):
    assert safe_words(words) == safe


def test_long_words_are_cut_and_show_it():
    assert safe_words("word " * 100, 20) == "word word word…"


@pytest.mark.parametrize(
    ("display", "greeted"),
    [
        ("Ada Byron", "Ada Byron"),
        ("BYRON, Ada", "Ada Byron"),
        ("ada byron", "Ada Byron"),
        ("Ada", "Ada"),
        ("José Luis García", "José Luis García"),
        ("Jean-Pierre O'Neil", "Jean-Pierre O'Neil"),
        ("Anna van der Berg", "Anna van der Berg"),
        ("J. R. Hartley", "J. R. Hartley"),
        ("Анна Иванова", "Анна Иванова"),
        ("ada@example.test", ""),
        ("The Tea Room Ltd", ""),
        ("Customer Service", ""),
        ("xX_ada_Xx", ""),
        ("ada77", ""),
        ("ADA", ""),
        ("", ""),
        ("Ada [[x]]", ""),
        ("{{ name }}", ""),
        ("Ada http://example.test/win", ""),
        ("Аda Byron", ""),  # the first letter is Cyrillic
        ("A" * 80, ""),
        ("You have won a prize today", ""),
    ],
)
def test_only_a_plain_persons_name_is_greeted(display, greeted):
    assert name_to_greet(display) == greeted


@pytest.mark.parametrize("piece", ["[[", "[[a", "[[a]", "]]", "["])
def test_looking_for_blanks_is_linear(piece):
    started = time.process_time()
    open_blanks(piece * 300_000)
    assert time.process_time() - started < 1


def test_a_website_that_fails_is_not_answered_as_faulty_goods():
    shelf = [
        parse_letter(SHAPE.format(id=f"ack-{topic}", topics=topic), "x.txt")
        for topic in ("product", "website")
    ]
    chosen = choose_letter(
        shelf,
        stage=LetterStage.ACKNOWLEDGED,
        language="en",
        topics=("product", "website"),
        severity=Severity.MEDIUM,
    )
    assert chosen.id == "ack-website"


SHAPE = """id: {id}
framework: mama
stage: acknowledged
language: en
topics: {topics}
subject: Your message

Thank you.
"""
