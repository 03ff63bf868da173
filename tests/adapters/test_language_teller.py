"""The model is asked only where function words leave it open."""

import subprocess
import sys

import pytest

from worker.adapters.language import LanguageTeller


@pytest.fixture(scope="module")
def teller() -> LanguageTeller:
    return LanguageTeller(default="de")


def test_function_words_decide_without_the_model(teller: LanguageTeller) -> None:
    assert teller.tell("Where is my order? It has not come.") == "en"


@pytest.mark.parametrize("text", ["", "Hi Ada", "1234567890123456789012345", "kaputt"])
def test_a_text_too_short_to_tell_is_in_the_mailboxs_language(teller: LanguageTeller, text: str) -> None:
    assert teller.tell(text) == "de"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Mercancía dañada, embalaje roto, atención telefónica pésima"),
        ("fr", "Colis perdu, remboursement refusé, service client injoignable"),
        ("en", "Kettle broken, refund required immediately"),
    ],
)
def test_the_model_tells_what_has_no_function_words(teller: LanguageTeller, language: str, text: str) -> None:
    assert teller.tell(text) == language


def test_a_language_outside_the_covered_ones_is_named_and_not_bent_into_one(teller: LanguageTeller) -> None:
    assert teller.tell("Jag har inte fått mitt paket och ingen svarar på mina frågor.") == "sv"


def test_the_model_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys; from worker.adapters.language import LanguageTeller as T; T().tell('Where is my order?'); sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
