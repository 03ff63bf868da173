"""Writes the frozen bytes of a letter: plain text, UTF-8, CRLF, threaded, marked as ours.

The header lines are written here, not by the standard library: it reads what it is given first, and a customer's
subject that holds an encoded word with a line end in it would come out as a header of the customer's own.
"""

import base64
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

from worker.domain.outgoing import OutgoingLetter

_WIDTH = 66  # of a folded line, so that it stays under 78 with the field's name before it (RFC 5322, 2.1.1)
_ENCODED_BYTES = 42  # of text in one encoded word, which may have 75 characters (RFC 2047, 2)
_FIT_ID = re.compile(r"<[!-;=?-~]{1,500}>")  # one token of printable ASCII, and short enough for a line
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")


def compose(letter: OutgoingLetter) -> bytes:
    """The letter as it goes over the wire, 7-bit so that every server takes it (RFC 5322, RFC 2045).

    Only an address outside ASCII makes it 8-bit; the sender then asks for SMTPUTF8.
    """
    head = "".join(f"{name}: {value}\r\n" for name, value in _fields(letter))
    body = EmailMessage(policy=SMTP)
    body.set_content(_decodable(letter.text), cte="quoted-printable")
    return head.encode() + bytes(body)


def _fields(letter: OutgoingLetter) -> Iterator[tuple[str, str]]:
    yield "From", f"{_name(_one_line(letter.from_name))}<{_one_line(letter.from_address)}>"
    yield "To", _list(letter.to)
    if letter.cc:
        yield "Cc", _list(letter.cc)
    yield "Subject", _words(_one_line(letter.subject))
    yield "Date", letter.date
    yield "Message-ID", letter.message_id
    yield "X-Amends-Letter", letter.reference
    if letter.in_reply_to and _FIT_ID.fullmatch(letter.in_reply_to):
        yield "In-Reply-To", letter.in_reply_to
    if references := [one for one in letter.references if _FIT_ID.fullmatch(one)]:
        yield "References", "\r\n ".join(references)


def _list(addresses: tuple[str, ...]) -> str:
    return ",\r\n ".join(map(_one_line, addresses))


def _name(name: str) -> str:
    """A display name with the blank after it: as it is, quoted, or encoded; never an address of its own."""
    if not name:
        return ""
    if not _is_plain(name) or len(name) > _WIDTH:
        return f"{_encoded(name)}\r\n "
    if _ATOMS.fullmatch(name):
        return f"{name} "
    escaped = re.sub(r'(["\\])', r"\\\1", name)
    return f'"{escaped}" '


def _words(text: str) -> str:
    """A header's free text, folded; encoded where it is not plain ASCII."""
    if not _is_plain(text):
        return _encoded(text)
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= _WIDTH:
            lines.append(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def _is_plain(text: str) -> bool:
    """ASCII that nobody takes for an encoded word, in words that fit a line."""
    return text.isascii() and "=?" not in text and max(map(len, text.split(" "))) < _WIDTH


def _encoded(text: str) -> str:
    """Encoded words (RFC 2047), each of whole characters; readers join them without the blank between."""
    pieces = [b""]
    for sign in text:
        if len(pieces[-1]) + len(sign.encode()) > _ENCODED_BYTES:
            pieces.append(b"")
        pieces[-1] += sign.encode()
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(piece).decode()}?=" for piece in pieces)


def _one_line(value: str) -> str:
    """A header is one line, whatever a customer's mail brought into it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in _decodable(value)).split())


def _decodable(text: str) -> str:
    """Half a surrogate pair, which a damaged mail may leave in a text, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
