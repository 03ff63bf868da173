"""What a letter reports as done, and which promises are about the same thing."""

import time
from datetime import UTC, datetime

import pytest

from worker.domain.calendar import BusinessCalendar
from worker.domain.commitment import find_done, find_promises, same_thing

SENT = datetime(2026, 11, 19, 10, 30, tzinfo=UTC)
LONDON = BusinessCalendar(country="GB", subdivision="ENG")

DONE = [
    "I have refunded the £20.",
    "We've sent you a new lid today.",
    "It left us this morning.",
    "Your parcel was dispatched yesterday.",
    "The refund has been processed.",
    "Bea has now corrected your account.",
    "I refunded you this morning.",
    "Your new kettle is on its way.",
    "Our engineer repaired the boiler on Monday.",
    "I have spoken to the workshop, and the part has been ordered.",
    "Le hemos reembolsado los 20 euros.",
    "El paquete ya ha sido enviado.",
    "Nous vous avons remboursé hier.",
    "Votre colis a été expédié ce matin.",
    "Wir haben Ihnen den Betrag gestern erstattet.",
    "Ihr Paket wurde heute versandt.",
]
NOT_DONE = [
    "I will refund the £20.",
    "We have not refunded you yet.",
    "Once we have sent it we will ring you.",
    "Have you returned the form?",
    "We should have sent it on Monday.",
    "> I have refunded you.",
    "As you have paid already, nothing is owed.",
    "No hemos enviado el paquete.",
    "Nous n'avons pas remboursé la commande.",
    "Wir haben das Paket noch nicht versandt.",
    "The kettle is lovely.",
]


@pytest.mark.parametrize("text", DONE)
def test_work_reported_as_done_is_read(text: str) -> None:
    (report, *_) = find_done(text)
    assert text[report.start : report.end] == report.text


@pytest.mark.parametrize("text", NOT_DONE)
def test_work_not_done_is_not_reported(text: str) -> None:
    assert find_done(text) == ()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("I will ring you by Tuesday", "I will phone you on Friday"),
        ("Your refund will be with you by Friday", "we will refund you on Monday"),
        ("We will send the new lid tomorrow", "The lid will be dispatched on Monday"),
        ("Our engineer will visit on Monday", "the engineer will now come on Thursday to repair the boiler"),
        ("Le llamaré el martes", "Le llamaremos el viernes"),
        ("Je vous rappellerai mardi", "Nous vous rappellerons vendredi"),
        ("Ich rufe Sie am Dienstag an", "Ich melde mich am Freitag"),
    ],
)
def test_a_new_date_for_the_same_thing_is_recognised(earlier: str, later: str) -> None:
    assert same_thing(earlier, later)
    assert same_thing(later, earlier)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I will ring you by Tuesday", "We will refund you on Friday"),
        ("We will send the new lid tomorrow", "We will send the invoice on Monday"),
        ("Our engineer will visit on Monday", "I will write to you on Friday"),
        ("Le llamaré el martes", "Le reembolsaremos el viernes"),
    ],
)
def test_different_things_stay_different(one: str, other: str) -> None:
    assert not same_thing(one, other)


def test_offsets_count_in_the_whole_text_given() -> None:
    text = "> old\n\nDear Ada,\n\nThanks. We will ring\nyou on Monday. Bye"
    (promise,) = find_promises(text, sent_at=SENT, calendar=LONDON)
    assert text[promise.start : promise.end] == promise.text == "We will ring\nyou on Monday"


def test_an_attribution_and_all_below_it_count_for_nothing() -> None:
    text = "Thanks.\n\nOn 18 Nov 2026 at 9:00, Bea wrote:\n\nWe will ring you on Monday.\n"
    assert find_promises(text, sent_at=SENT, calendar=LONDON) == ()


def test_answers_between_quoted_lines_count() -> None:
    text = "On 18 Nov 2026, Ada wrote:\n> Will you ring me?\nWe will ring you on Monday.\n> And the refund?\nI will pay it today.\n"
    assert len(find_promises(text, sent_at=SENT, calendar=LONDON)) == 2


def test_a_language_without_a_grammar_gives_nothing() -> None:
    assert find_promises("Wij bellen u morgen.", sent_at=SENT, calendar=LONDON, language="nl") == ()


def test_a_choice_of_two_readings_comes_with_the_promise() -> None:
    (promise,) = find_promises("I will ring you by next week.", sent_at=SENT, calendar=LONDON)
    assert promise.unsure
    assert promise.due_at is None
    assert len(promise.readings) == 2


HOSTILE = [
    "still ",
    "\n",
    ">",
    "On ",
    "(",
    "will ",
    "I will call you by Friday. ",
    "by 3-",
    '"',
    ", and",
    "once the ",
    "si le llamaré ",
    "ich werde ",
    "end of ",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_a_hostile_letter_costs_no_more_than_its_length(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    started = time.perf_counter()
    find_promises(text, sent_at=SENT, calendar=LONDON)
    find_done(text)
    assert time.perf_counter() - started < 5
