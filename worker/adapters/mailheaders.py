"""Reads the values of mail headers: one line each, decoded, without control or direction characters.

A decoded header can carry CR LF, with which a customer could run commands on the mail server; here is where that ends.
Addresses and message ids are read before encoded words are decoded, so that a decoded comma or bracket is only a letter.
"""

import re
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from worker.adapters.charsets import INVISIBLE, decode_bytes
from worker.domain.mail import Address

FIELD_CAP = 1_000  # header fields
ADDRESS_CAP = 1_000
REFERENCE_CAP = 200


_FOLD = re.compile(r"[\r\n]+[ \t]*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_ID = re.compile(r"<([^<>]{1,2000})>")
_VERBATIM = frozenset(("message-id", "references", "in-reply-to", "received", "dkim-signature", "date"))


def one_line(value: str) -> str:
    """A header's value on one line, raw 8-bit bytes decoded, without control or direction characters."""
    if value.isascii():
        if value.isprintable():
            return value.strip()
    else:
        value = INVISIBLE.sub("", decode_bytes(value.encode("utf-8", "surrogateescape"), None))
    return _CONTROL.sub(" ", _FOLD.sub(" ", value)).strip()


def decode_words(value: str) -> str:
    """`value`, already one line, with its encoded words decoded and made one line again."""
    if "=?" not in value:
        return value
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    out: list[str] = []
    pending, charset, at = b"", "", 0
    for word in _ENCODED_WORD.finditer(joined):
        here, name = _word_bytes(word[2], word[3]), word[1].partition("*")[0].lower()
        if pending and (word.start() != at or name != charset):
            out.append(decode_bytes(pending, charset))
            pending = b""
        out.append(joined[at : word.start()])
        pending, charset, at = pending + here, name, word.end()
    out.extend((decode_bytes(pending, charset), joined[at:]))
    return one_line(INVISIBLE.sub("", "".join(out)))


def _word_bytes(encoding: str, text: str) -> bytes:
    payload = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return a2b_qp(payload, header=True)
    return lenient_base64(payload)


def lenient_base64(payload: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", payload)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return a2b_base64(letters + b"=" * (-len(letters) % 4))


def raw_headers(message: Message) -> Iterator[tuple[str, str]]:
    """Lower-case names and one-line values, encoded words not yet decoded, in their order, at most FIELD_CAP."""
    for count, (name, value) in enumerate(message.raw_items()):
        if count >= FIELD_CAP:
            return
        yield name.lower(), one_line(str(value))


def decoded_headers(lines: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The same by name, decoded where words are meant: never in ids, trace and signature fields."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in lines:
        line = decode_words(value) if "=?" in value and name not in _VERBATIM else value
        found[name] = (*found[name], line) if name in found else (line,)
    return found


def message_ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """The message ids of these header lines, oldest first, once each, with their angle brackets."""
    line = " ".join(values)
    found = ["<" + "".join(name.split()) + ">" for name in _ID.findall(line)]
    if not found:
        found = [f"<{word.strip('<>')}>" for word in line.split() if "@" in word]
    once = tuple(dict.fromkeys(word for word in found if len(word) > 2))
    return once if len(once) <= REFERENCE_CAP else (once[0], *once[-REFERENCE_CAP + 1 :])


def message_id(values: tuple[str, ...]) -> str | None:
    if not values or not values[0]:
        return None
    found = message_ids(values[:1])
    if found:
        return found[0]
    word = values[0].split()[0].strip("<>")
    return f"<{word}>" if word else None


# --- addresses -------------------------------------------------------------------------------------------------

_SIMPLE = re.compile(
    r'(?:"([^"\\]{0,200})"|([^"<>@,;:()\\]{0,200}))<([^<>@\s,;:"()]{1,200}@[^<>@\s,;:"()]{1,200})>\Z'
)
_BARE = re.compile(r"[^<>@\s,;:\"()]{1,200}@[^<>@\s,;:\"()]{1,200}\Z")
_ESCAPED = re.compile(r"\\(.)")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?|<([^<>]*)>?|([(),;:])|((?:[^"<(),;:\\]|\\.)+)|(.)')


def read_addresses(lines: tuple[str, ...]) -> tuple[Address, ...]:
    """The mailboxes of these header lines, each one line and not yet decoded."""
    found: list[Address] = []
    for line in lines:
        simple = _SIMPLE.match(line)
        if simple:
            found.append(_address(simple[3], simple[1] or simple[2] or ""))
        elif line and _BARE.match(line):
            found.append(_address(line, ""))
        elif line:
            found.extend(_address_list(line))
        if len(found) >= ADDRESS_CAP:
            break
    return tuple(found[:ADDRESS_CAP])


def _address(address: str, name: str) -> Address:
    return Address(address=address.strip().lower(), name=decode_words(" ".join(name.split())).strip("\"' "))


@dataclass(slots=True)
class _Entry:
    """One entry of an address list while it is read."""

    words: list[str] = field(default_factory=list)
    angle: str | None = None
    comment: list[str] = field(default_factory=list)

    def take(self, *, quoted: str | None, angle: str | None, words: str | None) -> None:
        if angle is not None:
            self.angle = angle if self.angle is None else self.angle
        elif quoted is not None:
            self.words.append(_ESCAPED.sub(r"\1", quoted))
        elif words:
            self.words.append(words)

    def address(self) -> Address | None:
        words = "".join(self.words).strip()
        comment = "".join(self.comment).strip()
        if self.angle is not None:
            spec = self.angle.rsplit(":", 1)[-1].strip()
            return _address("".join(spec.split()), words or comment) if spec else None
        if not words:
            return None
        if "@" not in words and " " in words:  # a name without an address: the address is not ours to invent
            last = words.split()[-1]
            return (
                Address(address="", name=decode_words(words)) if "@" not in last else _address(last, comment)
            )
        return _address(words.split()[-1], comment or " ".join(words.split()[:-1]))


def _address_list(line: str) -> list[Address]:
    found: list[Address] = []
    entry, depth = _Entry(), 0
    for token in _TOKEN.finditer(line):
        mark = token[3]
        if depth or mark in ("(", ")"):
            depth = max(depth + (mark == "(") - (mark == ")"), 0)
            entry.comment.append(token[0] if mark not in ("(", ")") else "")
        elif mark in (",", ";"):
            _finish(found, entry)
            entry = _Entry()
        elif mark == ":":  # what stood before it names a group
            entry = _Entry()
        else:
            entry.take(quoted=token[1], angle=token[2], words=token[4])
        if len(found) >= ADDRESS_CAP:
            break
    _finish(found, entry)
    return found


def _finish(found: list[Address], entry: _Entry) -> None:
    address = entry.address()
    if address is not None and (address.address or address.name):
        found.append(address)
