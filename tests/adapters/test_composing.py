"""A letter's bytes: one line a header, 7-bit, CRLF, threaded, whatever came with the customer's mail."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from worker.adapters.composing import compose
from worker.adapters.smtp import check_letter
from worker.domain.outgoing import OutgoingLetter

LETTER = OutgoingLetter(
    from_name="Example Kettles",
    from_address="support@example.test",
    to=("ada@example.org",),
    cc=(),
    subject="Re: My kettle",
    text="Dear Ada,\n\nI will call you by Friday, 5 pm.\n\nBea Holt\n",
    message_id="<amends.abc.def@example.test>",
    reference="abc.def",
    in_reply_to="<mail-1@example.org>",
    references=("<mail-0@example.org>", "<mail-1@example.org>"),
    date="Mon, 23 Nov 2026 10:00:00 +0000",
)


def read(letter: OutgoingLetter) -> EmailMessage:
    return message_from_bytes(compose(letter), policy=default)


def text_of(mail: EmailMessage) -> str:
    text: str = mail.get_content()
    return text.replace("\r\n", "\n")


def field_names(raw: bytes) -> list[str]:
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    return [line.partition(":")[0] for line in head.split("\r\n") if line[0] not in " \t"]


def test_the_headers_say_who_whom_what_and_in_answer_to_which() -> None:
    mail = read(LETTER)
    assert {name: str(mail[name]) for name in mail} == {
        "From": "Example Kettles <support@example.test>",
        "To": "ada@example.org",
        "Subject": "Re: My kettle",
        "Date": "Mon, 23 Nov 2026 10:00:00 +0000",
        "Message-ID": "<amends.abc.def@example.test>",
        "X-Amends-Letter": "abc.def",
        "In-Reply-To": "<mail-1@example.org>",
        "References": "<mail-0@example.org> <mail-1@example.org>",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
    }
    assert text_of(mail) == LETTER.text


def test_a_first_letter_is_in_answer_to_nothing() -> None:
    mail = read(replace(LETTER, in_reply_to=None, references=()))
    assert "In-Reply-To" not in mail
    assert "References" not in mail


def test_copies_are_named() -> None:
    mail = read(replace(LETTER, to=("ada@example.org", "ann@example.org"), cc=("dan@example.org",)))
    assert (str(mail["To"]), str(mail["Cc"])) == ("ada@example.org, ann@example.org", "dan@example.org")


HOSTILE = [
    "Hi\r\nBcc: dan@example.org",
    "Hi\nX-Evil: 1\n\nA body of their own",
    "Hi\r\n\r\n<script>",
    "Hi\x00\x1b[31m\x7f\x85\u2028Bcc: dan@example.org",
    "=?utf-8?q?Hi=0D=0ABcc=3A_dan=40example=2Eorg?=",
    "\u202emoc.elpmaxe\u202c \u2066x\u2069",
    "x" * 5000,
    "é" * 5000,
    "a b " * 2000,
    "half a pair \ud83d",
]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_subject_adds_no_header_and_no_long_line(words: str) -> None:
    raw = compose(replace(LETTER, subject=words))
    assert field_names(raw) == field_names(compose(LETTER))
    assert_fit_to_send(raw)
    subject = str(message_from_bytes(raw, policy=default)["Subject"])
    assert not any(ord(sign) < 32 or sign in "\x7f\x85\u2028\u202e\u2066" for sign in subject)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_references_add_no_header_and_no_long_line(words: str) -> None:
    raw = compose(replace(LETTER, in_reply_to=f"<{words}@example.org>", references=(f"<{words}>", "<b@c>")))
    assert set(field_names(raw)) <= set(field_names(compose(LETTER)))
    assert_fit_to_send(raw)


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_stays_a_text(words: str) -> None:
    raw = compose(replace(LETTER, text=words + "\n.\r\nQUIT\n"))
    assert field_names(raw) == field_names(compose(LETTER))
    assert_fit_to_send(raw)


def test_a_long_conversation_is_threaded_within_the_longest_line() -> None:
    ids = tuple(f"<{'long' * 15}-{number}@mail.example.org>" for number in range(200))
    raw = compose(replace(LETTER, references=ids))
    assert_fit_to_send(raw)
    assert message_from_bytes(raw, policy=default)["References"].split() == list(ids)


def test_names_and_words_of_all_languages_arrive_as_written() -> None:
    words = "Ihr Wasserkocher „Größe 2“, naïve café, 日本語, 🫖 und weiter " * 4
    mail = read(replace(LETTER, from_name="Käthe & Söhne, Köln", subject=words.strip(), text=words + "\n"))
    assert mail["From"].addresses[0].display_name == "Käthe & Söhne, Köln"
    assert mail["From"].addresses[0].addr_spec == "support@example.test"
    assert str(mail["Subject"]) == words.strip()
    assert text_of(mail) == words + "\n"


@pytest.mark.parametrize(
    "name",
    [
        'The "Kettle" Shop',
        "Kettles; Pots",
        "Kettles <evil@example.org>",
        "A\r\nBcc: dan@example.org",
        "",
        "Kettles " * 300,
    ],
)
def test_the_name_in_from_never_becomes_an_address(name: str) -> None:
    raw = compose(replace(LETTER, from_name=name))
    assert field_names(raw) == field_names(compose(LETTER))
    assert_fit_to_send(raw)
    (sender,) = message_from_bytes(raw, policy=default)["From"].addresses
    assert sender.addr_spec == "support@example.test"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_line_ends_in_crlf(ends: str) -> None:
    raw = compose(replace(LETTER, text=ends.join(["one", "", "two", ""])))
    assert_fit_to_send(raw)
    assert raw.endswith(b"one\r\n\r\ntwo\r\n")


def test_trailing_blanks_and_dots_survive_the_wire() -> None:
    text = "A line that ends in a blank \n.\n..\nFrom here on\n\tindented\n" + "a long line " * 200 + "\n"
    assert text_of(read(replace(LETTER, text=text))) == text


def test_a_subject_that_looks_encoded_arrives_as_it_was_written() -> None:
    """Decoded by us it would be another subject, and once a header of the customer's own."""
    written = "=?utf-8?q?Hi=0D=0ABcc=3A_dan=40example=2Eorg?="
    assert b"\r\nSubject: =?utf-8?b?" in compose(replace(LETTER, subject=written))
    assert str(read(replace(LETTER, subject=written))["Subject"]) == written


def test_a_long_subject_is_folded_between_words() -> None:
    subject = "Re: " + "the kettle that whistles too early " * 8
    raw = compose(replace(LETTER, subject=subject))
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78
    assert str(read(replace(LETTER, subject=subject))["Subject"]) == subject.strip()


def test_an_id_that_fits_no_header_is_left_out_and_the_others_stay() -> None:
    mail = read(replace(LETTER, in_reply_to="<a b@c>", references=("<a b@c>", "<é@c>", "<ok@c>", "loose")))
    assert "In-Reply-To" not in mail
    assert str(mail["References"]) == "<ok@c>"


def test_an_address_outside_ascii_is_written_as_it_is() -> None:
    raw = compose(replace(LETTER, to=("zoë@müller.example",)))
    assert "\r\nTo: zoë@müller.example\r\n".encode() in raw


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert compose(LETTER) == compose(LETTER)


def assert_fit_to_send(raw: bytes) -> None:
    """7-bit, CRLF alone, no line over 998, and our own sender takes it."""
    assert raw.isascii()
    assert b"\0" not in raw
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    check_letter("support@example.test", ["ada@example.org"], raw)
