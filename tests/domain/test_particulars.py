import time
from datetime import UTC, datetime

import pytest

from worker.domain.particulars import NO_PARTICULARS, find_particulars
from worker.domain.verdict import Evidence

SENT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def numbers(text, subject="", language="en"):
    return [one.text for one in find_particulars(subject, text, language).references]


def test_an_empty_mail_has_no_particulars():
    assert find_particulars("", "", None) == NO_PARTICULARS


def test_all_numbers_are_listed_subject_first():
    assert numbers("Invoice 8812 for order 4711 is wrong.", "Order 4711") == ["4711", "8812", "4711"]


def test_several_orders_complained_of_in_one_breath_are_all_named():
    found = find_particulars("", "Orders 4711, 4712 and 4713 never came.", "en")
    assert [one.text for one in found.about] == ["4711", "4712", "4713"]


def test_an_order_that_was_fine_is_not_named():
    found = find_particulars("", "My previous order 4710 was fine, but order 4711 came broken.", "en")
    assert [one.text for one in found.about] == ["4711"]


def test_offsets_count_in_the_field_they_belong_to():
    subject, text = "Order 55123", "It is broken."
    found = find_particulars(subject, text, "en")
    assert found.reference is not None
    assert found.reference.field == "subject"
    assert subject[found.reference.start : found.reference.end] == "55123"


def test_a_year_after_the_mail_was_sent_is_no_since():
    text = "It has not worked since 3 November 2027."
    assert find_particulars("", text, "en", SENT).since is None


def test_the_sentence_the_rules_marked_is_the_likelier_quote():
    text = "My lamp is broken. My kettle never arrived here."
    marked = Evidence(rule="late-delivery", field="text", start=29, end=42, text="never arrived", weight=3)
    found = find_particulars("", text, "en", evidence=[marked])
    assert found.what is not None
    assert found.what.text == "My kettle never arrived here"


def test_an_unknown_language_is_read_for_numbers():
    assert numbers("Objednávka 4711, order no. 4711", language="cs") == ["4711"]
    assert numbers("order no. 4711", language=None) == ["4711"]


@pytest.mark.parametrize(
    "piece",
    [
        "order ",
        "1 ",
        "1-",
        "order 4711, ",
        "a",
        "since ",
        "for ",
        ", but ",
        "\n\n",
        ". A",
        "#",
        "(",
        "+44 ",
        "AB12-",
        "[",
        "9",
    ],
)
def test_hostile_text_takes_time_in_proportion(piece):
    started = time.process_time()
    find_particulars(piece * 200, piece * (1_000_000 // len(piece)), "en")
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("subject", "reference"),
    [
        ("crêpe pan, KD-48208", "KD-48208"),
        ("KD-48208", "KD-48208"),
        ("Wobbly table (TX-500)", None),
        ("iPhone-14", None),
    ],
)
def test_a_code_that_stands_apart_in_the_subject_is_a_reference(subject: str, reference: str | None) -> None:
    found = find_particulars(subject, "It is bent, and nobody has called back.", "en").reference
    assert (found.text if found else None) == reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My order 777 arrived broken.", ["777"]),
        ("Order 777 may be lost.", ["777"]),
        ("order 777 was 3 days late", ["777"]),
        ("My order 12 never came.", ["12"]),
        ("I want to complain about order 45.", ["45"]),
        ("S.O. 4711 came with half the parts missing.", ["4711"]),
        ("S.O. 777 came broken.", ["777"]),
        ("Orders 771 and 772 never came.", ["771", "772"]),
        ("Orders 71, 72 and 73 never came.", ["71", "72", "73"]),
        ("order ref Z-1 never came", ["Z-1"]),
        ("order no A7 never came", ["A7"]),
        ("Bestellung 777 ist nicht angekommen.", ["777"]),
        ("Mi pedido 77 no ha llegado.", ["77"]),
        ("Ma commande 123 n'est pas arrivée.", ["123"]),
    ],
)
def test_a_short_number_directly_after_order_is_its_number(text, expected):
    assert [one.text for one in find_particulars("", text, "en").about] == expected


@pytest.mark.parametrize(
    "text",
    [
        "I want to order 2 more, and nobody answers.",
        "Please order 100.",
        "We order 100 a month and half come broken.",
        "Can you order 12 more of them?",
        "order 100 pieces",
        "I placed an order 3 days ago and it has not come.",
        "I placed an order 15 working days ago and it has not come.",
        "My order 10-14 days late.",
        "My order 12 chairs came broken.",
        "Bestellung 12. November kam nie an.",
        "Mi pedido 12 de noviembre no ha llegado.",
        "The minimum order 50 is silly.",
        "In order 20 people could eat, the oven broke.",
        "My order 4711 and 20 others",
    ],
)
def test_a_count_or_a_time_after_order_is_no_number(text):
    assert [one.text for one in find_particulars("", text, "en").about] in ([], ["4711"])
