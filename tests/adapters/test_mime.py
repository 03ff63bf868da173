"""Bytes become a mail: headers, text, attachments, attached messages, reports."""

import logging
from datetime import UTC, datetime, timedelta, timezone

import pytest

from worker.adapters.mime import MAIL_CAP, placeholder_mail, read_mail
from worker.domain.machine import machine_kind, read_bounce
from worker.domain.mail import Address
from worker.domain.verdict import MachineKind
from worker.errors import Broken


def raw(
    body: str | bytes = "My kettle has not come.", *headers: str, content: str = "text/plain; charset=utf-8"
) -> bytes:
    lines = [
        "From: Ada <ada@example.org>",
        "To: support@example.test",
        "Subject: Kettle",
        *headers,
        f"Content-Type: {content}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + (body.encode() if isinstance(body, str) else body)


def from_headers(*headers: bytes) -> bytes:
    return b"\n".join((*headers, b"", b"text"))


# --- headers


@pytest.mark.parametrize(
    ("value", "address", "name"),
    [
        (b"Ada <Ada@Example.org>", "ada@example.org", "Ada"),
        (b"ada@example.org", "ada@example.org", ""),
        (b"ada@example.org (Ada Lang)", "ada@example.org", "Ada Lang"),
        (b'"Lang, Ada" <ada@example.org>', "ada@example.org", "Lang, Ada"),
        (b'"Ada \\"A\\" Lang" <ada@example.org>', "ada@example.org", 'Ada "A" Lang'),
        (b"=?utf-8?q?Lang=2C_Ada?= <ada@example.org>", "ada@example.org", "Lang, Ada"),
        ("Jürgen <ada@example.org>".encode(), "ada@example.org", "Jürgen"),
        ("Jürgen <ada@example.org>".encode("latin-1"), "ada@example.org", "Jürgen"),
        (b"dan@example.test <ada@example.org>", "ada@example.org", "dan@example.test"),
        (b"MAILER-DAEMON", "mailer-daemon", ""),
        (b"Mail Delivery System <MAILER-DAEMON>", "mailer-daemon", "Mail Delivery System"),
        (b"MAILER-DAEMON (Mail Delivery System)", "mailer-daemon", "Mail Delivery System"),
        (b"<@relay.example.test:ada@example.org>", "ada@example.org", ""),
        (b"Ada\r\n\t<ada@example.org>", "ada@example.org", "Ada"),
    ],
)
def test_a_sender_is_read(value: bytes, address: str, name: str) -> None:
    assert read_mail(from_headers(b"From: " + value, b"Subject: x")).sender == Address(
        address=address, name=name
    )


@pytest.mark.parametrize("value", [b"", b"<>", b" ", b"undisclosed-recipients:;"])
def test_an_empty_sender_is_none(value: bytes) -> None:
    assert read_mail(from_headers(b"From: " + value, b"Subject: x")).sender is None


def test_groups_and_lists_of_recipients_are_read() -> None:
    mail = read_mail(
        from_headers(
            b"From: a@example.org",
            b"To: Team: Bea <bea@example.test>, cal@example.test;, =?utf-8?b?RMOhbg==?= <dan@example.org>",
        )
    )
    assert [one.address for one in mail.to] == ["bea@example.test", "cal@example.test", "dan@example.org"]
    assert mail.to[2].name == "Dán"


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        (b"=?utf-8?q?caf=C3=A9?=", "café"),
        (b"=?utf-8?b?Y2Fmw6k=?=", "café"),
        (b"=?utf-8?b?Y2Fmw6k?=", "café"),
        (b"=?UTF-8?Q?caf=C3?= =?UTF-8?Q?=A9_bar?=", "café bar"),
        (b"=?iso-8859-1?q?caf=E9?= is closed", "café is closed"),
        (b"=?x-nonsense?q?caf=E9?=", "café"),
        (b"=?utf-8*en?q?caf=C3=A9?=", "café"),
        (b"=?utf-8?q?caf=C3=A9 bar?=", "café bar"),
        (b"=?utf-8?q?hi=0D=0AZ9_CREATE_pwned=0D=0Afoo?=", "hi Z9 CREATE pwned foo"),
        (b"=?ISO-2022-JP?B?GyRCQ21KOBsoQg==?=", "注文"),
        ("café".encode(), "café"),
        ("café".encode("latin-1"), "café"),
        (b"a\r\n b", "a b"),
        (b"a\x07b\x00c", "a b c"),
        ("pay \u202egnp.exe".encode(), "pay gnp.exe"),
        (b"=?utf-8?q?never closed", "=?utf-8?q?never closed"),
        (b"", ""),
    ],
)
def test_a_subject_is_one_clean_line(value: bytes, subject: str) -> None:
    assert read_mail(from_headers(b"From: ada@example.org", b"Subject: " + value)).subject == subject


def test_of_two_subjects_the_first_is_read() -> None:
    assert read_mail(from_headers(b"Subject: one", b"Subject: two")).subject == "one"


@pytest.mark.parametrize(
    ("value", "when"),
    [
        (
            "Tue, 3 Nov 2026 09:12:30 +0100",
            datetime(2026, 11, 3, 9, 12, 30, tzinfo=timezone(timedelta(hours=1))),
        ),
        ("3 Nov 2026 9:05:01 -0000", datetime(2026, 11, 3, 9, 5, 1, tzinfo=UTC)),
        ("Tue, 3 Nov 2026 9:5 +0100", datetime(2026, 11, 3, 9, 5, tzinfo=timezone(timedelta(hours=1)))),
        ("Tue, 3 Nov 2026 09:12:30", datetime(2026, 11, 3, 9, 12, 30, tzinfo=UTC)),
        ("Tue, 3 Nov 26 09:12:30 GMT", datetime(2026, 11, 3, 9, 12, 30, tzinfo=UTC)),
        (
            "Tue, 3 Nov 2026 09:12:30 EST",
            datetime(2026, 11, 3, 9, 12, 30, tzinfo=timezone(timedelta(hours=-5))),
        ),
        (
            "Tue, 3 Nov 2026 09:12:30 +0100 (CET)",
            datetime(2026, 11, 3, 9, 12, 30, tzinfo=timezone(timedelta(hours=1))),
        ),
        ("Tue Nov  3 09:12:30 2026", datetime(2026, 11, 3, 9, 12, 30, tzinfo=UTC)),
        ("2026-11-03T09:12:30+01:00", datetime(2026, 11, 3, 9, 12, 30, tzinfo=timezone(timedelta(hours=1)))),
        (
            "Di, 3 Mär 2026 09:12:30 +0100",
            datetime(2026, 3, 3, 9, 12, 30, tzinfo=timezone(timedelta(hours=1))),
        ),
        ("Tue, 30 Jun 2026 23:59:60 +0000", datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC)),
        ("Tue, 3 Nov 2026 09:12:30 +9999", None),
        ("Tue, 31 Feb 2026 09:12:30 +0000", None),
        ("Fri, 1 Jan 0001 00:00:00 +2300", None),
        ("yesterday", None),
        ("", None),
        ("=?utf-8?q?x?=", None),
    ],
)
def test_a_date_is_aware_or_none(value: str, when: datetime | None) -> None:
    sent_at = read_mail(from_headers(b"From: a@example.org", b"Date: " + value.encode())).sent_at
    assert sent_at == when
    assert sent_at is None or when is None or sent_at.utcoffset() == when.utcoffset()


def test_references_are_unfolded_to_clean_ids() -> None:
    mail = read_mail(
        from_headers(
            b"From: a@example.org",
            b"References: <a@x>\r\n\t<b@x>\r\n <c\r\n d@x>  <a@x>",
            b"In-Reply-To: Your mail of Tuesday <b@x>",
            b"Message-ID:\r\n <e@x>",
        )
    )
    assert mail.references == ("<a@x>", "<b@x>", "<cd@x>")
    assert mail.in_reply_to == ("<b@x>",)
    assert mail.message_id == "<e@x>"


def test_an_encoded_message_id_stays_encoded_and_on_one_line() -> None:
    mail = read_mail(from_headers(b"From: a@example.org", b"Message-ID: =?utf-8?q?=3Ca=0D=0AZ=40x=3E?="))
    assert "\n" not in (mail.message_id or "")
    assert "\r" not in (mail.message_id or "")


@pytest.mark.parametrize(
    "value",
    [b"(" * 400, b"(" * 100_000, b'"' * 9_999, b"<" * 9_999, b"a,\\" * 9_999, b"=?" * 1_000, b"," * 9_999],
)
def test_a_sender_built_to_hurt_is_survived(value: bytes) -> None:
    assert read_mail(from_headers(b"From: " + value, b"Subject: x")).subject == "x"


def test_a_header_block_beyond_the_cap_is_cut_and_the_text_kept() -> None:
    mail = read_mail(b"From: ada@example.org\nSubject: x\n" + b"X-Junk: y\n" * 50_000 + b"\nstill here")
    assert mail.text == "still here"
    assert mail.subject == "x"


# --- what is no mail


@pytest.mark.parametrize(
    "octets",
    [b"", b"\n\n", b"\x89PNG\r\n\x1a\n\0\0", b"just words", b"Name: Ada\n\nhello", bytes(range(256))],
)
def test_what_is_no_mail_is_refused_with_a_reason(octets: bytes) -> None:
    with pytest.raises(Broken, match="no mail"):
        read_mail(octets)


def test_a_mail_beyond_the_cap_is_refused() -> None:
    with pytest.raises(Broken, match="bytes"):
        read_mail(b"From: a@example.org\n\n" + bytes(MAIL_CAP))


def test_parts_without_end_are_refused() -> None:
    many = "".join("--b\n\nx\n" for _ in range(3_000))
    with pytest.raises(Broken):
        read_mail(raw(many, content="multipart/mixed; boundary=b"))


def test_nesting_without_end_is_refused() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(1_500)
    )
    with pytest.raises(Broken, match=r"deep|memory or time"):
        read_mail(b"From: a@example.org\nSubject: x\n" + nested + b"\n\nx")


def test_an_mbox_line_and_a_byte_order_mark_do_no_harm() -> None:
    assert (
        read_mail(b"From ada@example.org Tue Nov  3 09:12:30 2026\n" + raw()).text
        == "My kettle has not come."
    )
    assert read_mail(b"\xef\xbb\xbf" + raw()).subject == "Kettle"


# --- text


@pytest.mark.parametrize(
    ("octets", "charset", "text"),
    [
        ("Größe".encode(), "utf-8", "Größe"),
        ("Größe".encode("latin-1"), "iso-8859-1", "Größe"),
        ("Größe".encode("latin-1"), "utf-8", "Größe"),
        ("Größe".encode(), "us-ascii", "Größe"),
        ("Größe".encode(), "x-unknown", "Größe"),
        ("“hi” €5".encode("cp1252"), "iso-8859-1", "“hi” €5"),
        ("注文の品".encode("iso2022_jp"), "iso-2022-jp", "注文の品"),
        ("注文の品".encode("iso2022_jp"), "us-ascii", "注文の品"),
        ("注文の品".encode("shift_jis"), "shift_jis", "注文の品"),
        ("退款".encode("gb18030"), "gb2312", "退款"),
        ("посылка".encode("koi8-r"), "koi8-r", "посылка"),
        ("Größe ".encode() + b"\xe9", "utf-8", "Größe é"),
        (b"plain", "utf-16", "plain"),
        (b"plain", "unicode_escape", "plain"),
    ],
)
def test_text_is_decoded_as_declared_or_as_what_it_is(octets: bytes, charset: str, text: str) -> None:
    assert read_mail(raw(octets, content=f"text/plain; charset={charset}")).text == text


def test_line_ends_are_lf_and_control_characters_are_gone() -> None:
    assert read_mail(raw(b"one\r\ntwo\rthree\nfo\x00ur\x07\xe2\x80\xae")).text == "one\ntwo\nthree\nfour"


ALTERNATIVE = "--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n<p>My kettle has not come.</p>\n--b--\n"


def test_the_plain_text_is_preferred_to_html() -> None:
    mail = read_mail(
        raw(ALTERNATIVE.format(plain="Plain words."), content="multipart/alternative; boundary=b")
    )
    assert mail.text.strip() == "Plain words."
    assert not mail.from_html


@pytest.mark.parametrize(
    "stub",
    [
        "",
        "  ",
        "Your client does not support HTML mail.",
        "Ihr Programm kann keine HTML-Mails anzeigen, nicht einmal HTML.",
        "This is an HTML message.",
    ],
)
def test_html_stands_in_for_a_plain_part_that_says_nothing(stub: str) -> None:
    mail = read_mail(raw(ALTERNATIVE.format(plain=stub), content="multipart/alternative; boundary=b"))
    assert mail.text == "My kettle has not come."
    assert mail.from_html


def test_html_alone_is_read_and_its_quotes_marked() -> None:
    html = '<div>My kettle has not come.</div><div class="gmail_quote">Bea wrote:<blockquote>On Friday.</blockquote></div>'
    mail = read_mail(raw(html, content="text/html; charset=utf-8"))
    assert mail.new_words == "My kettle has not come."
    assert "On Friday." in mail.text


def test_inline_text_parts_make_up_the_text_and_attached_ones_do_not() -> None:
    parts = (
        "--b\nContent-Type: text/plain\n\nFirst.\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.png\n\nAAAA\n"
        "--b\nContent-Type: text/plain; name=second.txt\nContent-Disposition: inline; filename=second.txt\n\nSecond.\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nThird.\n--b--\n"
    )
    mail = read_mail(raw(parts, content="multipart/mixed; boundary=b"))
    assert mail.text.split() == ["First.", "Second."]
    assert [(one.filename, one.media_type, one.size) for one in mail.attachments] == [
        ("a.png", "image/png", 3),
        ("second.txt", "text/plain", 7),
        ("log.txt", "text/plain", 6),
    ]


def test_the_same_words_side_by_side_in_plain_and_html_are_read_once() -> None:
    mail = read_mail(
        raw(ALTERNATIVE.format(plain="My kettle has not come."), content="multipart/mixed; boundary=b")
    )
    assert mail.text.strip() == "My kettle has not come."


def test_an_attached_message_is_enclosed_and_never_part_of_the_text() -> None:
    inner = (
        "From: Dan <dan@example.org>\nSubject: Inside\nDate: Tue, 3 Nov 2026 09:12:30 +0100\n\nInner words."
    )
    mail = read_mail(
        raw(
            f"--b\n\nOuter words.\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n",
            content="multipart/mixed; boundary=b",
        )
    )
    assert mail.text.strip() == "Outer words."
    assert [(one.subject, one.text.strip()) for one in mail.enclosed] == [("Inside", "Inner words.")]


def test_flowed_text_is_unstuffed_and_keeps_its_lines() -> None:
    mail = read_mail(
        raw("One soft \nline.\n From here.\n>quoted \n>text\n-- \nAda", content="text/plain; format=flowed")
    )
    assert mail.text == "One soft\nline.\nFrom here.\n>quoted\n>text\n-- \nAda"
    assert mail.new_words == "One soft\nline.\nFrom here."


@pytest.mark.parametrize(
    ("parameter", "filename"),
    [
        ('filename="bill.pdf"', "bill.pdf"),
        ("filename*=utf-8''Rechnung%20M%C3%A4rz.pdf", "Rechnung März.pdf"),
        ('filename="=?utf-8?q?M=C3=A4rz.pdf?="', "März.pdf"),
        ('filename="../../etc/passwd"', "passwd"),
        ('filename="C:\\\\temp\\\\x.doc"', "x.doc"),
        ('filename="\u200b.htaccess"', "htaccess"),
        ("filename*=utf-8''a%0D%0ASet-Cookie%3A%20x.txt", "a Set-Cookie: x.txt"),
        ("filename*=nonsense''%E9.txt", "é.txt"),
        ('filename=""', ""),
    ],
)
def test_a_filename_is_a_name_and_never_a_path(parameter: str, filename: str) -> None:
    part = f"--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; {parameter}\n\nx\n--b--\n"
    assert read_mail(raw(part, content="multipart/mixed; boundary=b")).attachments[0].filename == filename


def test_text_beyond_the_cap_is_cut_and_said_so() -> None:
    mail = read_mail(raw("still " * 300_000))
    assert len(mail.text) == 1024 * 1024
    assert mail.truncated


# --- reports

BOUNCE = """--b

Your letter could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test

Final-Recipient: rfc822; dan@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <dan@example.org>: Recipient address
 rejected

--b
Content-Type: {returned}

Message-ID: <ours@example.test>
References: <theirs@example.org>
Subject: Your kettle
From: support@example.test
To: dan@example.org
--b--
"""


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822", "message/rfc822-headers"])
def test_a_bounce_is_tied_to_our_letter(returned: str) -> None:
    mail = read_mail(
        raw(
            BOUNCE.format(returned=returned),
            content="multipart/report; report-type=delivery-status; boundary=b",
        )
    )
    assert mail.report_type == "delivery-status"
    assert machine_kind(mail) is MachineKind.BOUNCE
    bounce = read_bounce(mail)
    assert bounce is not None
    assert (bounce.recipients, bounce.status, bounce.final) == (("dan@example.org",), "5.1.1", True)
    assert bounce.reason == "550 5.1.1 <dan@example.org>: Recipient address rejected"
    assert bounce.original_message_id == "<ours@example.test>"
    assert bounce.original_references == ("<theirs@example.org>",)


def test_a_feedback_report_and_a_receipt_are_read() -> None:
    arf = "--b\n\nComplaint.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n--b--\n"
    assert (
        machine_kind(read_mail(raw(arf, content="multipart/report; report-type=feedback-report; boundary=b")))
        is MachineKind.FEEDBACK_REPORT
    )
    mdn = "--b\n\nRead.\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; ada@example.org\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n"
    assert (
        machine_kind(
            read_mail(raw(mdn, content="multipart/report; report-type=disposition-notification; boundary=b"))
        )
        is MachineKind.RECEIPT
    )


# --- limits


def test_a_big_mail_is_read_in_a_child_and_comes_back_whole() -> None:
    part = "--b\nContent-Type: text/plain; charset=utf-8\n\nMy kettle. Größe?\n> old\n--b\nContent-Type: application/pdf; name=x.pdf\nContent-Transfer-Encoding: base64\n\n"
    mail = read_mail(
        raw(
            part + "QUFB\n" * 1_200_000 + "--b--\n",
            "Date: Tue, 3 Nov 2026 09:12:30 +0100",
            "Message-ID: <1@x>",
            content="multipart/mixed; boundary=b",
        )
    )
    assert mail.new_words == "My kettle. Größe?"
    assert mail.sent_at == datetime(2026, 11, 3, 9, 12, 30, tzinfo=timezone(timedelta(hours=1)))
    assert mail.sender == Address(address="ada@example.org", name="Ada")
    assert (mail.attachments[0].size, mail.message_id) == (3_600_000, "<1@x>")


def test_a_mail_too_big_to_fetch_leaves_a_placeholder() -> None:
    mail = placeholder_mail(
        raw("", "Message-ID: <1@x>", content="multipart/mixed; boundary=b").rstrip(), 90_000_000
    )
    assert (mail.subject, mail.message_id, mail.truncated) == ("Kettle", "<1@x>", True)
    assert "90,000,000" in mail.text
    assert mail.new_words == ""


def test_mail_parser_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        read_mail(raw())
    assert not [record for record in caplog.records if record.name.startswith("mailparser")]
