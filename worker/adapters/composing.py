"""Writes the frozen bytes of a letter: plain text, UTF-8, CRLF, threaded, marked as ours."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from worker.domain.outgoing import OutgoingLetter


def compose(letter: OutgoingLetter) -> bytes:
    """The letter as it goes over the wire, 7-bit so that every server takes it (RFC 5322, RFC 2045)."""
    message = EmailMessage(policy=SMTP)
    name, _, domain = letter.from_address.rpartition("@")
    message["From"] = Address(display_name=letter.from_name, username=name, domain=domain)
    message["To"] = ", ".join(letter.to)
    if letter.cc:
        message["Cc"] = ", ".join(letter.cc)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = letter.date
    message["Message-ID"] = letter.message_id
    message["X-Amends-Letter"] = letter.reference
    if letter.in_reply_to:
        message["In-Reply-To"] = _one_line(letter.in_reply_to)
    if letter.references:
        message["References"] = _one_line(" ".join(letter.references))
    message.set_content(letter.text, cte="quoted-printable")
    return bytes(message)


def _one_line(value: str) -> str:
    """A header is one line, whatever a customer's mail brought into it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
