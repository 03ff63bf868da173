"""Sending one letter: what is known of the outcome, for every way it can go wrong."""

from pathlib import Path
from typing import Any

import pytest

from tests.servers.scripted import Scripted, Talk
from tests.servers.smtp_sink import SmtpSink
from tests.servers.tls import make_certificate
from worker.adapters.signin import TokenCommand
from worker.adapters.smtp import (
    SmtpDescription,
    SmtpSender,
    SmtpServer,
)
from worker.errors import Refused, Transient
from worker.ports import Accepted, FailedBefore, RefusedByServer, Unknown

pytestmark = [pytest.mark.servers, pytest.mark.timeout(20)]

BEA, ADA = "bea@example.test", "ada@example.org"
LETTER = b"From: bea@example.test\r\nSubject: Your kettle\r\n\r\nDear Ada,\r\n.\r\n..two dots\r\nBea\r\n"


def sender(sink: SmtpSink, **settings: object) -> SmtpSender:
    given = {"security": "plain", "connect_timeout": 2, "read_timeout": 2, "dot_timeout": 1, **settings}
    return SmtpSender(SmtpServer(host=sink.host, port=sink.port, helo="desk.example.test", **given))


def nothing() -> None:
    pass


def test_a_letter_arrives_byte_for_byte_with_its_envelope(smtp_sink: SmtpSink) -> None:
    outcome = sender(smtp_sink).send(BEA, [ADA, "bob@example.org"], LETTER, nothing)
    assert isinstance(outcome, Accepted)
    assert "queued as 1" in outcome.response
    (mail,) = smtp_sink.mails
    assert (mail.sender, mail.recipients, mail.raw) == (BEA, (ADA, "bob@example.org"), LETTER)
    assert mail.helo == "desk.example.test"


def test_before_data_is_called_once_and_right_before_data(smtp_sink: SmtpSink) -> None:
    seen: list[str] = []
    sender(smtp_sink).send(BEA, [ADA], LETTER, lambda: seen.extend(smtp_sink.verbs))
    assert [verb.split()[0] for verb in seen] == ["EHLO", "MAIL", "RCPT"]


def test_what_before_data_raises_is_raised_and_nothing_is_sent(smtp_sink: SmtpSink) -> None:
    def stop() -> None:
        raise Refused("Ada wrote again.")

    with pytest.raises(Refused, match="wrote again"):
        sender(smtp_sink).send(BEA, [ADA], LETTER, stop)
    assert smtp_sink.mails == []
    assert "RSET" in smtp_sink.verbs
    assert "DATA" not in smtp_sink.verbs


def test_one_refused_recipient_stops_the_letter_for_all(smtp_sink: SmtpSink) -> None:
    smtp_sink.recipient_answers["gone@example.org"] = "550 5.1.1 no such person"
    called: list[str] = []
    outcome = sender(smtp_sink).send(BEA, [ADA, "gone@example.org"], LETTER, lambda: called.append("x"))
    assert outcome == RefusedByServer(code=550, reason="RCPT: 550 5.1.1 no such person", permanent=True)
    assert (smtp_sink.mails, called) == ([], [])
    assert "RSET" in smtp_sink.verbs


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize(("answer", "permanent"), [("451 4.3.2 later", False), ("554 5.7.1 no", True)])
def test_a_refusal_at_any_verb_means_the_server_does_not_have_the_letter(
    smtp_sink: SmtpSink, verb: str, answer: str, *, permanent: bool
) -> None:
    smtp_sink.answer[verb] = answer
    outcome = sender(smtp_sink).send(BEA, [ADA], LETTER, nothing)
    assert isinstance(outcome, RefusedByServer)
    assert (outcome.code, outcome.permanent) == (int(answer[:3]), permanent)
    assert smtp_sink.mails == []


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_cut_before_the_letter_is_safe_to_try_again(smtp_sink: SmtpSink, verb: str) -> None:
    smtp_sink.cut_at = verb
    assert isinstance(sender(smtp_sink).send(BEA, [ADA], LETTER, nothing), FailedBefore)
    assert smtp_sink.mails == []


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
def test_a_server_that_leaves_before_data_is_tried_again(smtp_sink: SmtpSink, verb: str) -> None:
    smtp_sink.answer[verb] = "421 4.3.2 shutting down"
    assert isinstance(sender(smtp_sink).send(BEA, [ADA], LETTER, nothing), FailedBefore)


@pytest.mark.parametrize(("cut_at", "kept"), [("BODY", 0), ("DOT", 1)])
def test_no_answer_to_the_letter_is_unknown_whether_the_server_has_it_or_not(
    smtp_sink: SmtpSink, cut_at: str, kept: int
) -> None:
    smtp_sink.cut_at = cut_at
    assert isinstance(sender(smtp_sink).send(BEA, [ADA], LETTER, nothing), Unknown)
    assert len(smtp_sink.mails) == kept


def test_a_stalled_answer_and_a_421_to_the_letter_are_unknown(smtp_sink: SmtpSink) -> None:
    smtp_sink.delays["DOT"] = 2
    assert isinstance(sender(smtp_sink).send(BEA, [ADA], LETTER, nothing), Unknown)
    smtp_sink.heal()
    smtp_sink.answer["DOT"] = "421 4.3.2 shutting down"
    assert isinstance(sender(smtp_sink).send(BEA, [ADA], LETTER, nothing), Unknown)


@pytest.mark.parametrize("fault", [{"cut_at": "QUIT"}, {"answer": {"QUIT": "500 what"}}])
def test_what_happens_at_quit_does_not_unsend_the_letter(
    smtp_sink: SmtpSink, fault: dict[str, object]
) -> None:
    for name, value in fault.items():
        setattr(smtp_sink, name, value)
    assert isinstance(sender(smtp_sink).send(BEA, [ADA], LETTER, nothing), Accepted)


def test_a_long_pause_between_the_commit_and_data_sends_nothing(smtp_sink: SmtpSink) -> None:
    times = iter([100.0, 105.5])
    slow = SmtpSender(sender(smtp_sink).server, clock=lambda: next(times))
    outcome = slow.send(BEA, [ADA], LETTER, nothing)
    assert isinstance(outcome, FailedBefore)
    assert "nothing was sent" in outcome.reason
    assert smtp_sink.mails == []
    assert "DATA" not in smtp_sink.verbs


def test_nobody_listening_is_a_sentence(smtp_sink: SmtpSink) -> None:
    smtp_sink.stop()
    outcome = sender(smtp_sink).send(BEA, [ADA], LETTER, nothing)
    assert isinstance(outcome, FailedBefore)
    assert f"127.0.0.1:{smtp_sink.port}: nothing listens there" in outcome.reason


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@", "@example.org", "ada@example.org, eve@example.org", "ada@example.org\r\nRCPT TO:<eve@x>",
     "<ada@example.org>", "a da@example.org", "ada@example.org\x00", '"a b"@example.org', "ada@[127.0.0.1]"],
)  # fmt: skip
def test_an_address_that_is_not_plainly_one_never_reaches_the_server(
    smtp_sink: SmtpSink, address: str
) -> None:
    with pytest.raises(Refused):
        sender(smtp_sink).send(BEA, [address], LETTER, nothing)
    assert smtp_sink.verbs == []


@pytest.mark.parametrize(
    "raw", [b"From: x\n\nhi\r\n", b"From: x\r\n\r\nhi\rthere\r\n", b"a\x00\r\n", b"x" * 999]
)
def test_damaged_lines_are_refused(smtp_sink: SmtpSink, raw: bytes) -> None:
    with pytest.raises(Refused):
        sender(smtp_sink).send(BEA, [ADA], raw, nothing)
    assert smtp_sink.verbs == []


def test_eight_bit_letters_say_so_and_are_refused_where_not_offered() -> None:
    raw = "From: bea@example.test\r\n\r\nSchöne Grüße\r\n".encode()
    with running(SmtpSink()) as sink:
        assert isinstance(sender(sink).send(BEA, [ADA], raw, nothing), Accepted)
        assert "BODY=8BITMIME" in sink.mails[0].options
    with running(SmtpSink(eightbit=False)) as sink:
        outcome = sender(sink).send(BEA, [ADA], raw, nothing)
        assert isinstance(outcome, RefusedByServer)
        assert (outcome.code, outcome.permanent) == (0, True)


def test_an_address_outside_ascii_needs_a_server_that_takes_it() -> None:
    with running(SmtpSink()) as sink:
        assert isinstance(sender(sink).send(BEA, ["jürgen@example.org"], LETTER, nothing), Accepted)
        assert sink.mails[0].recipients == ("jürgen@example.org",)
    with running(SmtpSink(smtputf8=False)) as sink:
        assert isinstance(sender(sink).send(BEA, ["jürgen@example.org"], LETTER, nothing), RefusedByServer)


def test_a_refused_password_is_told_apart_and_never_repeated() -> None:
    with running(SmtpSink(users={"bea": "right-secret"})) as sink:
        good = sender(sink, username="bea", secret=lambda: "right-secret")
        assert isinstance(good.send(BEA, [ADA], LETTER, nothing), Accepted)
        bad = sender(sink, username="bea", secret=lambda: "wrong-secret")
        outcome = bad.send(BEA, [ADA], LETTER, nothing)
        assert isinstance(outcome, FailedBefore)
        assert outcome.sign_in_refused
        assert "wrong-secret" not in outcome.reason


def test_a_token_that_ran_out_is_replaced_once(tmp_path: Path) -> None:
    script = tmp_path / "token"
    script.write_text("#!/bin/sh\ncat tokens | head -1\n")
    with running(SmtpSink(tokens={"bea": "fresh"})) as sink:
        tokens = iter(["stale", "fresh"])
        command = TokenCommand(["unused"])
        command._run = lambda: next(tokens)
        assert command() == "stale"
        outcome = sender(sink, username="bea", secret=command, auth="xoauth2").send(
            BEA, [ADA], LETTER, nothing
        )
        assert isinstance(outcome, Accepted)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_verified(tmp_path: Path, security: str) -> None:
    tls = make_certificate(tmp_path)
    with running(SmtpSink(tls=tls, security=security)) as sink:
        trusting = sender(sink, security=security, ca_file=tls[0])
        assert isinstance(trusting.send(BEA, [ADA], LETTER, nothing), Accepted)
        outcome = sender(sink, security=security).send(BEA, [ADA], LETTER, nothing)
        assert isinstance(outcome, FailedBefore)
        assert "certificate is not trusted" in outcome.reason


def test_starttls_is_never_given_up_for_plain(smtp_sink: SmtpSink) -> None:
    outcome = sender(smtp_sink, security="starttls", username="bea", secret=lambda: "s3cret").send(
        BEA, [ADA], LETTER, nothing
    )
    assert isinstance(outcome, FailedBefore)
    assert not any("AUTH" in verb for verb in smtp_sink.verbs)


def test_the_doctor_hears_what_the_server_offers(smtp_sink: SmtpSink) -> None:
    said = sender(smtp_sink).describe()
    assert isinstance(said, SmtpDescription)
    assert "8bitmime" in said.extensions
    smtp_sink.stop()
    assert isinstance(sender(smtp_sink).describe(), FailedBefore)


class running:  # noqa: N801 - reads as a statement
    def __init__(self, sink: SmtpSink) -> None:
        self.sink = sink

    def __enter__(self) -> SmtpSink:
        return self.sink.start()

    def __exit__(self, *args: object) -> None:
        self.sink.stop()


def script(*, greeting_drips: bool = False, dot_answer: bytes = b"250 taken\r\n", drips: bool = False) -> Any:
    """A server of few words that may drip its greeting or its answer to the letter."""

    def talk_smtp(talk: Talk) -> None:
        if greeting_drips:
            talk.drip(b"220 " + b"x" * 500 + b"\r\n", 0.05)
        talk.say(b"220 hello\r\n")
        for answer in (b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
            talk.hear()
            talk.say(answer)
        while talk.hear() != b".\r\n":
            pass
        if drips:
            talk.drip(b"250-" + b"x" * 500 + b"\r\n", 0.05)
        talk.say(dot_answer)
        talk.hear()

    return talk_smtp


def scripted_sender(server: Scripted) -> SmtpSender:
    given = SmtpServer(
        host=server.host, port=server.port, security="plain", helo="desk.example.test",
        connect_timeout=0.5, read_timeout=0.5, dot_timeout=0.5,
    )  # fmt: skip
    return SmtpSender(given)


def test_a_dripping_greeting_is_cut_off_before_anything_is_sent() -> None:
    with Scripted(script(greeting_drips=True)) as server:
        outcome = scripted_sender(server).send(BEA, [ADA], LETTER, nothing)
    assert isinstance(outcome, FailedBefore)
    assert "took too long" in outcome.reason


def test_a_dripping_answer_to_the_letter_is_unknown() -> None:
    with Scripted(script(drips=True)) as server:
        outcome = scripted_sender(server).send(BEA, [ADA], LETTER, nothing)
    assert isinstance(outcome, Unknown)
    assert "took too long" in outcome.reason


@pytest.mark.parametrize("answer", [b"", b"garbage\r\n", b"354 more\r\n", b"999 what\r\n"])
def test_an_answer_that_is_none_is_unknown(answer: bytes) -> None:
    with Scripted(script(dot_answer=answer)) as server:
        assert isinstance(scripted_sender(server).send(BEA, [ADA], LETTER, nothing), Unknown)


def test_a_token_command_that_fails_is_a_failure_before_the_letter(smtp_sink: SmtpSink) -> None:
    def no_token() -> str:
        raise Transient("token_command get-token ended with 3. Run it by hand to see why.")

    outcome = sender(smtp_sink, username="bea", secret=no_token, auth="xoauth2").send(
        BEA, [ADA], LETTER, nothing
    )
    assert outcome == FailedBefore(reason="token_command get-token ended with 3. Run it by hand to see why.")
