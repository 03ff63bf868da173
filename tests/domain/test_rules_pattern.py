"""What a pattern finds, what it leaves alone, and what it says when it cannot be read."""

import time

import pytest

from worker.domain.rules.pattern import BadPatterns, compile_patterns, tokenize


def found(pattern: str, text: str, language: str = "en") -> list[str]:
    tokens = tokenize(text, language)
    hits = compile_patterns({"rule": [pattern]}, language).find(tokens)
    return [text[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("still not <arrive>", "It still hasn’t\narrived.", []),
        ("still {has not|not} <arrive>", "It still hasn’t\narrived.", ["still hasn’t\narrived"]),
        ("still has not <arrive>", "still has not arrived", ["still has not arrived"]),
        ("I am", "Im here", ["Im"]),
        ("<tell> me", "I was told me", ["told me"]),
        ("<send>", "You sent it", ["sent"]),
        ("it is late", "it's late", ["it's late"]),
        ("tba", "Football at tba@example.org, see https://example.org/tba or xtba_y", []),
        ("where (on earth) is my {order|big parcel}", "Where on earth is my BIG parcel?", ["Where on earth is my BIG parcel"]),
        ("promised ... call", "I was promised by your man a call", ["promised by your man a call"]),
        ("promised [1] call", "promised me a call", []),
        ("promised ... call", "That was promised. I call you.", []),
        ("refund NEAR never", "Never got a refund", ["Never got a refund"]),
        ("refund NEAR2 never", "never ever got any refund", []),
        ("refund*", "the refunding of it", ["refunding"]),
        ("# times", "I rang three times and 12 times", ["three times", "12 times"]),
        ("#money", "£40.50, 30 euros", ["£40.50", "30 euros"]),
        ("by #day", "by Tuesday", ["by Tuesday"]),
        ("START great", "Great, again. Not great.", ["Great"]),
        ("thanks END", "thanks a lot. Thanks!", ["Thanks"]),
        ("how [0-10] ?", "how do I pay it? How I pay.", ["how do I pay it"]),
        ("double charged", "double-charged", ["double-charged"]),
        ("email", "by E-Mail", ["E-Mail"]),
    ],
)  # fmt: skip
def test_a_pattern_finds_these_words(pattern: str, text: str, words: list[str]) -> None:
    assert found(pattern, text) == words


@pytest.mark.parametrize(
    ("language", "pattern", "text"),
    [
        ("es", "no ha <llegar> el médico", "No ha llegado el medico"),
        ("fr", "je ne ai pas <recevoir>", "je n’ai pas reçu"),
        ("fr", "je ai <attendre>", "J'ai attendu"),
        ("de", "nicht <liefern>", "nicht geliefert"),
        ("de", "für mich", "fuer mich"),
        ("nl", "niet <leveren>", "niet geleverd"),
        ("it", "non ho <ricevere>", "non ho ricevuto"),
        ("pt", "não <chegar>", "nao chegou"),
    ],
)
def test_inflection_and_accents_in_every_language(language: str, pattern: str, text: str) -> None:
    assert found(pattern, text, language) == [text]


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("", "empty"),
        ("(a)", "must not be optional"),
        ("... a", "between two words"),
        ("{a", "never closed"),
        ("a}", "too many"),
        ("a|b", "belongs inside"),
        ("{a|}", "nothing between"),
        ("<a b>", "one single word"),
        ("a [30] b", "20 words at the most"),
        ("a [3-1] b", "smaller number first"),
        ("xy*", "3 letters"),
        ("NEAR a", "both sides"),
        ("a\x07b", "control character (number 7)"),
        ("a ^ b", "means nothing here"),
        ("((((((((a))))))))", "deeper"),
    ],
)
def test_a_bad_pattern_is_named_with_its_reason(pattern: str, says: str) -> None:
    with pytest.raises(BadPatterns) as caught:
        compile_patterns({"good": ["fine"], "bad": [pattern]}, "en")
    assert says in str(caught.value)
    assert [fault.key for fault in caught.value.faults] == ["bad"]


def test_every_bad_pattern_is_named_not_the_first_only() -> None:
    with pytest.raises(BadPatterns) as caught:
        compile_patterns({"one": ["{a", "fine"], "two": ["b}"]}, "en")
    assert [fault.source for fault in caught.value.faults] == ["{a", "b}"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It broke. I want help. now", 3),
        ("About 3.5 kg, approx. 4 days, Dr. No", 1),
        ("well... it came", 1),
        ("One\ntwo", 1),
        ("One\n\ntwo", 2),
        ("Dear Bea,\nit came", 2),
        ("- one\n- two", 2),
        ("What?! No.", 2),
    ],
)
def test_where_sentences_end(text: str, sentences: int) -> None:
    assert len(tokenize(text, "en").sentences) == sentences


@pytest.mark.parametrize(
    "piece", ["still ", "\n", ">", "On ", "((", "a.", "@", "a@", ". ", "'", "e-", "\n ", "1.", "\u00ad"]
)
def test_a_megabyte_of_anything_is_read_in_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    patterns = compile_patterns(
        {"rule": ["still ... still [0-10] still", "still NEAR on", "on [20] a"]}, "en"
    )
    began = time.perf_counter()
    patterns.find(tokenize(text, "en"))
    assert time.perf_counter() - began < 3
