"""Any bytes at all become a mail or Broken, and nothing that comes out of them carries control characters."""

import re

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from worker.adapters.mime import placeholder_mail, read_mail
from worker.domain.language import tell_language
from worker.domain.machine import machine_kind, read_bounce
from worker.domain.mail import InboundMail
from worker.domain.text import forwarded_words
from worker.errors import Broken

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_FRAGMENTS = [
    b"From: ", b"To: ", b"Subject: ", b"Date: ", b"Message-ID: ", b"References: ", b"Content-Type: ", b"Content-Disposition: ", b"Content-Transfer-Encoding: ", b"Reply-To: ",
    b"\n", b"\r\n", b"\r", b"\n\n", b"\r\n\r\n", b" ", b"\t", b"--b\n", b"--b--\n", b"multipart/mixed; boundary=b", b"multipart/alternative; boundary=b", b"multipart/report; report-type=delivery-status; boundary=b",
    b"message/rfc822", b"message/delivery-status", b"message/partial", b"message/external-body", b"text/plain", b"text/html", b"text/rfc822-headers", b"; charset=", b"utf-8", b"utf-7", b"utf-16", b"hz", b"idna", b"punycode", b"undefined", b"iso-2022-jp", b"x\0y",
    b"base64", b"quoted-printable", b"x-uuencode", b"begin 666 x\n", b"attachment; filename=", b"filename*0*=utf-8''%", b"name*=x'y'z", b"format=flowed; delsp=yes", b"=?utf-8?b?", b"=?utf-8?q?", b"?=", b"=0D=0A", b"=?", b"<", b">", b"@", b"(", b")", b'"', b"\\", b",", b":", b";",
    b"\xff", b"\xc3\xa9", b"\xe2\x80\xae", b"\x00", b"\x1b$B", b"\x1b(J", b"&#", b"<div ", b"<blockquote>", b"style='display:none'", b"3 Nov 2026 9:1 +9999", b"0", b"99999999999", b"=", b"AAAA", b"> ", b"wrote:\n", b"-- \n", b"On ", b"From ",
]  # fmt: skip
_BITS = st.lists(st.one_of(st.sampled_from(_FRAGMENTS), st.binary(max_size=8)), max_size=60).map(b"".join)
_MAILISH = st.builds(lambda head, rest: b"From: a@example.org\n" + head + b"\n\n" + rest, _BITS, _BITS)
_PARTS = st.builds(
    lambda kind, parts: (
        b"From: a@example.org\nContent-Type: "
        + kind
        + b"\n\n"
        + b"".join(b"--b\n" + part + b"\n" for part in parts)
        + b"--b--\n"
    ),
    st.sampled_from([fragment for fragment in _FRAGMENTS if fragment.startswith(b"multipart")]),
    st.lists(
        st.builds(
            lambda kind, rest: b"Content-Type: " + kind + b"\n" + rest,
            st.sampled_from([f for f in _FRAGMENTS if b"/" in f]),
            _BITS,
        ),
        max_size=5,
    ),
)


def check(mail: InboundMail) -> None:
    lines = [
        mail.subject,
        mail.message_id or "",
        *mail.in_reply_to,
        *mail.references,
        *mail.report.values(),
        *(one.filename for one in mail.attachments),
    ]
    lines += [value for values in mail.headers.values() for value in values]
    for address in (mail.sender, *mail.reply_to, *mail.to, *mail.cc):
        lines += [address.address, address.name] if address else []
    assert not [line for line in lines if _CONTROL.search(line)]
    assert not _CONTROL.search(mail.text.replace("\n", "").replace("\t", ""))
    assert "".join(mail.text[span.start : span.end] for span in mail.spans) == mail.text
    assert mail.sent_at is None or mail.sent_at.tzinfo is not None
    tell_language(mail.new_words)
    machine_kind(mail)
    read_bounce(mail)
    forwarded_words(mail)
    for inner in mail.enclosed:
        check(inner)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(_MAILISH, _PARTS, _BITS, st.binary(max_size=300)))
@example(b"From: " + b"(" * 420)
@example(b"Subject: =?utf-8?q?hi=0D=0AZ9_CREATE_pwned?=\n\nx")
@example(b"From: a@x\nContent-Type: text/html\n\n&#1;&#x202e;")
@example(b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n====")
def test_any_bytes_become_a_mail_or_broken(octets: bytes) -> None:
    mail, reason = None, ""
    try:
        mail = read_mail(octets)
    except Broken as fault:
        reason = str(fault)
    assert "cannot be read (" not in reason, "an exception of ours, not a reason"
    assert mail is not None or reason
    if mail is not None:
        check(mail)


@settings(max_examples=50, deadline=None)
@given(_BITS)
def test_a_placeholder_is_made_of_any_headers(octets: bytes) -> None:
    check(placeholder_mail(b"From: a@example.org\n" + octets, 99_000_000))
