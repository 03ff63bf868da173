"""A mail's header block alone: when it came, who wrote, to whom."""

from datetime import UTC, datetime

import pytest

from worker.adapters.envelope import Envelope, read_envelope

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PLAIN = (
    b"From: Ada <Ada@Example.org>\nTo: support@example.test, Dan <dan@example.org>\nCc: bea@example.test\n"
)
DATE = b"Date: Mon, 23 Nov 2026 13:00:00 +0100\n"


def test_the_date_and_the_addresses_in_lower_case() -> None:
    assert read_envelope(PLAIN + DATE + b"\nhello") == Envelope(
        arrived_at=NOON,
        sender="ada@example.org",
        recipients=("support@example.test", "dan@example.org", "bea@example.test"),
    )


def test_the_topmost_received_outranks_the_senders_clock() -> None:
    received = (
        b"Received: from a by b with ESMTP id 7;\n\tMon, 23 Nov 2026 12:00:00 +0000 (UTC)\n"
        b"Received: from c by a; Mon, 23 Nov 2026 09:00:00 +0000\n"
    )
    assert read_envelope(received + b"Date: Thu, 1 Jan 1998 00:00:00 +0000\n\n").arrived_at == NOON


@pytest.mark.parametrize("received", [b"Received: by b\n", b"Received: by b; yesterday\n", b"Received: ;\n"])
def test_a_received_without_a_date_leaves_the_word_to_the_date(received: bytes) -> None:
    assert read_envelope(received + DATE + b"\n").arrived_at == NOON


@pytest.mark.parametrize("raw", [b"", b"\n", b"no header at all", b"Date: soon\n\n", b"Date: \xff\xfe\n\n"])
def test_what_says_nothing_gives_nothing(raw: bytes) -> None:
    assert read_envelope(raw) == Envelope(arrived_at=None, sender="", recipients=())


def test_a_date_without_a_zone_is_utc() -> None:
    assert read_envelope(b"Date: Mon, 23 Nov 2026 12:00:00\n\n").arrived_at == NOON


def test_only_the_headers_are_read() -> None:
    assert read_envelope(b"Subject: x\n\n" + PLAIN + DATE).sender == ""


def test_delivered_to_counts_as_a_recipient() -> None:
    assert read_envelope(b"Delivered-To: support@example.test\n\n").recipients == ("support@example.test",)


@pytest.mark.parametrize(
    "value",
    [
        b"(" * 50_000,
        b"<" * 50_000,
        b'"' * 50_001,
        b"a@b, " * 50_000,
        b"\xe4\xf6@\xfc, ok@example.org",
        b"(" * 400,
    ],
    ids=["brackets", "angles", "quotes", "many", "bytes", "few brackets"],
)
@pytest.mark.parametrize("name", [b"From", b"To", b"Received", b"Date"])
def test_a_hostile_header_is_only_a_poor_one(name: bytes, value: bytes) -> None:
    read_envelope(name + b": " + value + b"\nSubject: x\n\n")
