"""Which letter a complaint is drafted with: its own words must be true of the case."""

import pytest

from tests.doings import complain
from tests.people import Office, mail

LETTERS = [
    ("My order 4711 has not arrived. It was due last Monday.", "ack-delivery"),
    ("My parcel has not arrived and I want my money back.", "ack-delivery"),
    ("You promised my refund on 3 November for invoice INV/2026/0091 and nothing has come.", "ack-refund"),
    ("I sent the boots back in June and the money has still not arrived.", "ack-refund"),
    ("The refund you promised within 10 days has not come.", "ack-refund"),
    ("I took a subscription, cancelled it again the same day, and you still charged me.", "ack-billing"),
    ("You sent me the wrong size.", "ack-wrong-item"),
    ("I got somebody else's parcel instead of mine.", "ack-wrong-item"),
    ("My order 777 arrived broken.", "ack-faulty"),
    ("The receptionist hung up on me twice.", "ack-conduct"),
    ("The engineer did not turn up on Tuesday.", "ack-appointment"),
    ("You cancelled our appointment at the last minute.", "ack-appointment"),
    ("My internet has been down since Monday.", "ack-outage"),
    ("Your app crashed and lost my basket, very annoying.", "ack-website"),
    ("This is the third time I write about the same lamp.", "ack-repeated"),
    ("My flight was cancelled and nobody told us.", "ack-plain"),
    ("You cancelled my order without telling me.", "ack-plain"),
    ("I was promised a call by Friday and it never came.", "ack-plain"),
    ("The courier left my package in the rain and it was stolen.", "ack-plain"),
]


@pytest.mark.parametrize(("text", "letter"), LETTERS)
def test_the_letter_speaks_of_what_went_wrong(office: Office, text: str, letter: str) -> None:
    assert complain(office, mail(text, subject="A message")).letter_id == letter
