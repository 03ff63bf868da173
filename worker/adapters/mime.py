"""Reads the bytes of one mail into an InboundMail, whatever the bytes are.

1. The header block is capped, so that nobody can buy minutes of work with one header.
2. mail-parser parses; this is its one home. Mails that are big or look built to hurt are parsed in a child with limits.
3. We walk mail-parser's `.message` ourselves, because its own views merge attached messages into the text, miss named
   text parts, drop raw 8-bit headers and senders without a domain (docs/reading-mail.md has the list).
4. The plain text is preferred; HTML stands in where there is no usable plain part.
5. domain/text marks which words are new.

Whatever cannot be read ends in `Broken` with a reason for a person; the bytes are kept by the caller.
"""

import codecs
import json
import logging
import re
import resource
import subprocess
import sys
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_tz
from typing import Any

import mailparser

from worker.adapters.html import read_html
from worker.domain.mail import Address, Attachment, InboundMail, Span, SpanKind
from worker.domain.text import mark_spans
from worker.errors import Broken

MAIL_CAP = 35_000_000  # bytes; above it only headers are read (placeholder_mail)
HEADER_CAP = 128 * 1024  # bytes of one header block
FIELD_CAP = 1_000  # header fields
PART_CAP = 1_000
LEVEL_CAP = 100
TEXT_CAP = 1024 * 1024  # code points of text
ADDRESS_CAP = 1_000
REFERENCE_CAP = 200
ENCLOSED_CAP = 20  # attached messages read
IN_PROCESS_CAP = 5_000_000  # bytes; above it a child parses
CHILD_MEMORY = 512 * 1024 * 1024  # bytes of address space
CHILD_CPU = 10  # seconds
CHILD_WALL = 20  # seconds

# mail-parser logs header text, which is the customer's business.
logging.getLogger("mailparser").disabled = True
for _name in ("core", "utils", "received", "dates", "addresses"):
    logging.getLogger(f"mailparser.{_name}").disabled = True


def read_mail(raw: bytes) -> InboundMail:
    """The mail in these bytes. Raises Broken, and nothing else, when they are no mail or cannot be read."""
    if len(raw) > MAIL_CAP:
        raise Broken(f"The mail has {len(raw)} bytes; the most that is read is {MAIL_CAP}.")
    capped = _with_capped_headers(raw)
    if _wants_limits(capped):
        return _read_in_child(capped)
    return _read(capped)


def placeholder_mail(headers: bytes, size: int) -> InboundMail:
    """What stands in for a mail too big to fetch: its headers, and one sentence in place of its text.

    `headers` is the header block as the server gave it, `size` the bytes of the whole mail.
    """
    block = re.sub(rb"(?im)^content-(?:type|transfer-encoding):", b"X-Was-Content:", headers[:HEADER_CAP])
    mail = _read(block.rstrip(b"\r\n") + b"\r\n\r\n")
    text = f"[This mail has {size:,} bytes, more than is fetched. Read it in the mailbox itself.]"
    note = Span(kind=SpanKind.DISCLAIMER, start=0, end=len(text))
    return replace(mail, text=text, spans=(note,), truncated=True)


def _read(raw: bytes) -> InboundMail:
    try:
        mail = _from_message(_parse(raw), level=0)
    except Broken:
        raise
    except RecursionError:
        raise Broken("The mail's parts are nested too deep to read.") from None
    except MemoryError:
        raise Broken("Reading the mail took more memory than one mail may have.") from None
    except Exception as fault:  # noqa: BLE001 - the edge: any bytes at all end in a mail or in Broken
        raise Broken(f"The mail cannot be read ({type(fault).__name__}).") from None
    if not _KNOWN_FIELDS.intersection(mail.headers):
        raise Broken("This is no mail: it begins with none of the headers that every mail has.")
    return mail


def _parse(raw: bytes) -> Message:
    try:
        message = mailparser.parse_from_bytes(raw).message
    except RecursionError:
        raise
    except Exception as fault:  # noqa: BLE001 - mail-parser fails on some real bounces that the standard library reads
        if "Recursion" in type(fault).__name__:
            raise RecursionError from None
        message = None
    return message if message is not None else message_from_bytes(raw)


_KNOWN_FIELDS = frozenset(
    "from to cc subject date message-id received return-path mime-version sender reply-to delivered-to x-mailer "
    "in-reply-to references content-type".split(),
)
_HEADER_END = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")


def _with_capped_headers(raw: bytes) -> bytes:
    raw = raw.lstrip(b"\r\n\t \xef\xbb\xbf") if raw[:1] in b"\r\n\t \xef" else raw
    if not raw:
        raise Broken("This is no mail: it is empty.")
    end = _HEADER_END.search(raw, 0, HEADER_CAP)
    if end or len(raw) <= HEADER_CAP:
        return raw
    end = _HEADER_END.search(raw, HEADER_CAP)
    head = raw[:HEADER_CAP]
    return head[: head.rfind(b"\n") + 1] + b"\r\n" + (raw[end.end() :] if end else b"")


def _wants_limits(raw: bytes) -> bool:
    """Big, or with more boundaries or encoded words than any honest mail, each of which costs the parser dear."""
    return len(raw) > IN_PROCESS_CAP or raw.count(b"\n--") > 2 * PART_CAP or raw.count(b"=?") > 2_000


# --- headers ---------------------------------------------------------------------------------------------------

_FOLD = re.compile(r"[\r\n]+[ \t]*")
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_ID = re.compile(r"<([^<>]{1,2000})>")
_VERBATIM = frozenset(("message-id", "references", "in-reply-to", "received", "dkim-signature", "date"))


def _one_line(value: str) -> str:
    """A header's value on one line, raw 8-bit bytes decoded, without control or direction characters."""
    if value.isascii():
        if value.isprintable():
            return value.strip()
    else:
        value = _INVISIBLE.sub("", decode_bytes(value.encode("utf-8", "surrogateescape"), None))
    return _CONTROL.sub(" ", _FOLD.sub(" ", value)).strip()


def _decoded(value: str) -> str:
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
    return _one_line(_INVISIBLE.sub("", "".join(out)))


def _word_bytes(encoding: str, text: str) -> bytes:
    payload = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return a2b_qp(payload, header=True)
    return _lenient_base64(payload)


def _lenient_base64(payload: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", payload)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return a2b_base64(letters + b"=" * (-len(letters) % 4))


def _raw_headers(message: Message) -> Iterator[tuple[str, str]]:
    for count, (name, value) in enumerate(message.raw_items()):
        if count >= FIELD_CAP:
            return
        yield name.lower(), str(value)


def _headers(message: Message) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in _raw_headers(message):
        line = _one_line(value)
        if name not in _VERBATIM:
            line = _decoded(line)
        found[name] = (*found[name], line) if name in found else (line,)
    return found


def _ids(values: tuple[str, ...]) -> tuple[str, ...]:
    """The message ids of these header lines, oldest first, once each, with their angle brackets."""
    line = " ".join(values)
    found = ["<" + "".join(name.split()) + ">" for name in _ID.findall(line)]
    if not found:
        found = [f"<{word.strip('<>')}>" for word in line.split() if "@" in word]
    once = tuple(dict.fromkeys(word for word in found if len(word) > 2))
    return once if len(once) <= REFERENCE_CAP else (once[0], *once[-REFERENCE_CAP + 1 :])


def _message_id(values: tuple[str, ...]) -> str | None:
    if not values or not values[0]:
        return None
    found = _ids(values[:1])
    if found:
        return found[0]
    word = values[0].split()[0].strip("<>")
    return f"<{word}>" if word else None


# --- addresses -------------------------------------------------------------------------------------------------

_SIMPLE = re.compile(
    r'(?:"([^"\\]{0,200})"|([^"<>@,;:()\\]{0,200}))<([^<>@\s,;:"()]{1,200}@[^<>@\s,;:"()]{1,200})>\Z'
)
_BARE = re.compile(r"[^<>@\s,;:\"()]{1,200}@[^<>@\s,;:\"()]{1,200}\Z")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?|<([^<>]*)>?|([(),;:])|((?:[^"<(),;:\\]|\\.)+)|(.)')


def _addresses(values: tuple[str, ...], headers_raw: tuple[str, ...]) -> tuple[Address, ...]:
    """The mailboxes of these header lines. Names are decoded after the structure is read, so that a decoded comma is no comma."""
    del values
    found: list[Address] = []
    for line in headers_raw:
        simple = _SIMPLE.match(line)
        if simple:
            found.append(_address(simple[3], simple[1] or simple[2] or ""))
        elif _BARE.match(line):
            found.append(_address(line, ""))
        else:
            found.extend(_address_list(line))
        if len(found) >= ADDRESS_CAP:
            break
    return tuple(found[:ADDRESS_CAP])


def _address(address: str, name: str) -> Address:
    return Address(address=address.strip().lower(), name=_decoded(" ".join(name.split())).strip("\"' "))


@dataclass(slots=True)
class _Entry:
    """One entry of an address list while it is read."""

    words: list[str] = field(default_factory=list)
    quoted: bool = False
    angle: str | None = None
    comment: list[str] = field(default_factory=list)

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
            return Address(address="", name=_decoded(words)) if "@" not in last else _address(last, comment)
        return _address(words.split()[-1], comment or " ".join(words.split()[:-1]))


def _address_list(line: str) -> list[Address]:
    found: list[Address] = []
    entry, depth = _Entry(), 0
    for token in _TOKEN.finditer(line):
        quoted, angle, mark, words, _ = token.groups()
        if mark == "(":
            depth += 1
        elif mark == ")" and depth:
            depth -= 1
        elif depth:
            entry.comment.append(token[0])
        elif mark in (",", ";"):
            _finish(found, entry)
            entry = _Entry()
        elif mark == ":":  # a group's name, or nonsense
            entry = _Entry()
        elif angle is not None:
            entry.angle = angle if entry.angle is None else entry.angle
        elif quoted is not None:
            entry.words.append(re.sub(r"\\(.)", r"\1", quoted))
        elif words:
            entry.words.append(words)
        if len(found) >= ADDRESS_CAP:
            break
    _finish(found, entry)
    return found


def _finish(found: list[Address], entry: _Entry) -> None:
    address = entry.address()
    if address is not None and (address.address or address.name):
        found.append(address)


# --- date ------------------------------------------------------------------------------------------------------

_MONTHS = {
    month: number
    for number, months in enumerate(
        "jan ene gen|feb fév fev|mar mär mrz mrt|apr avr abr|may mai mag mei|jun jui giu|jul lug|"
        "aug ago aoû|sep set|oct okt ott out|nov|dec dez dic déc".split("|"),
        start=1,
    )
    for month in months.split()
}
_DATE = re.compile(
    r"(?:[^\W\d]{2,12}\.?,?\s{0,5})?(\d{1,2})[\s.-]{1,5}([^\W\d]{3})[^\W\d]{0,8}[\s.-]{1,5}(\d{4}|\d{2})"
    r"[\s,]{1,5}(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:[.,]\d{1,9})?\s{0,5}(?:(?:GMT|UTC)?([+-]\d{2}):?(\d{2})|([A-Za-z]{1,5}))?",
)
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2, "BST": 1, "MET": 1, "MEST": 2, "EET": 2, "EEST": 3, "JST": 9}  # fmt: skip


def _sent_at(value: str) -> datetime | None:
    """The Date header as an aware time in the offset written; a missing zone is UTC, nonsense is None."""
    value = value[:200].strip()
    if not value:
        return None
    try:
        when = _common_date(value) or _odd_date(value)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return when if when is not None and 1970 <= when.year <= 2200 else None


def _common_date(value: str) -> datetime | None:
    found = _DATE.match(value)
    if not found:
        return None
    day, month, year, hour, minute, second, zone_hours, zone_minutes, zone_name = found.groups()
    number = _MONTHS.get(month.lower())
    if number is None or (month.lower() == "jui" and "juil" in value.lower()):
        number = 7 if number else None
    if number is None:
        return None
    century = 0 if len(year) == 4 else 2000 if int(year) < 50 else 1900
    zone: timezone = UTC
    if zone_hours:
        minutes = abs(int(zone_hours)) * 60 + int(zone_minutes)
        zone = timezone(timedelta(minutes=-minutes if zone_hours[0] == "-" else minutes))
    elif zone_name:
        zone = timezone(timedelta(hours=_ZONES.get(zone_name.upper(), 0)))
    return datetime(
        int(year) + century, number, int(day), int(hour), int(minute), min(int(second or 0), 59), tzinfo=zone,
    )  # fmt: skip


def _odd_date(value: str) -> datetime | None:
    if value[:4].isdigit():
        when = datetime.fromisoformat(value)
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    parsed = parsedate_tz(value)
    if parsed is None:
        return None
    return datetime(*parsed[:5], min(parsed[5], 59), tzinfo=timezone(timedelta(seconds=parsed[9] or 0)))


# --- bytes to text ---------------------------------------------------------------------------------------------

_ALIASES = {
    "us-ascii": "utf-8", "ascii": "utf-8", "ansi_x3.4-1968": "utf-8", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "windows-1252": "cp1252",
    "x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "windows-31j": "cp932",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-9": "cp1254",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-2022-jp": "iso2022_jp_ext", "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6", "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "tis-620": "cp874", "windows-874": "cp874",
}  # fmt: skip
_UNCHARTED = frozenset(
    ("punycode", "idna", "undefined", "unicode_escape", "raw-unicode-escape", "palmos", "mbcs", "oem")
)
_JAPANESE = (b"\x1b$B", b"\x1b$@", b"\x1b(J")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error("amends.cp1252", _as_cp1252)


def decode_bytes(octets: bytes, charset: str | None) -> str:
    """Text of these bytes: as declared, or else UTF-8, with what is no UTF-8 read as Windows-1252."""
    if (
        octets.isascii()
        and b"\x1b" not in octets
        and (charset is None or not charset.startswith(("utf-7", "hz", "utf-16", "utf-32")))
    ):
        return octets.decode("ascii")
    if any(mark in octets for mark in _JAPANESE) and (charset in (None, "iso-2022-jp", "us-ascii", "utf-8")):
        return octets.decode("iso2022_jp_ext", "replace")
    codec = _codec(charset)
    if (
        codec is not None
        and codec != "utf-8"
        and not (codec.startswith(("utf-16", "utf-32")) and b"\0" not in octets)
    ):
        try:
            return octets.decode(codec)
        except (UnicodeError, ValueError):
            pass
        if codec == "cp1252":
            return octets.decode("latin-1") if b"\x81" in octets else octets.decode("utf-8", "amends.cp1252")
    return octets.decode("utf-8", "amends.cp1252")


def _codec(charset: str | None) -> str | None:
    if charset is None:
        return None
    known = _ALIASES.get(charset)
    if known is not None:
        return known
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError, TypeError):
        return None
    return None if name in _UNCHARTED else name


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def _clean(text: str) -> str:
    """LF line ends, no control, direction or invisible characters; otherwise the writer's text."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\f" in text or "\u2028" in text:
        text = text.replace("\f", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNSEEN.sub("", text) if _UNSEEN.search(text) else text


# --- parts -----------------------------------------------------------------------------------------------------

_CHARSET = re.compile(r"""charset\*?\s?=\s?(?:[\w-]*'[\w-]*')?["']?([^\s"';]+)""", re.IGNORECASE)
_REPORT_TYPE = re.compile(r"""report-type\s?=\s?["']?([^\s"';]+)""", re.IGNORECASE)
_FLOWED = re.compile(r"""format\s?=\s?["']?flowed""", re.IGNORECASE)
_DELSP = re.compile(r"""delsp\s?=\s?["']?yes""", re.IGNORECASE)


@dataclass(slots=True)
class _Part:
    """One leaf or container of the mail with the three headers that decide what becomes of it."""

    message: Message
    media_type: str
    content_type: str
    disposition: str
    encoding: str

    @property
    def attached(self) -> bool:
        return self.disposition.startswith("attachment")

    @property
    def named(self) -> bool:
        return "name" in self.content_type.lower() or "name" in self.disposition


@dataclass(slots=True)
class _Harvest:
    """What the walk over the parts has found so far."""

    level: int
    texts: list[tuple[str, tuple[Span, ...], bool]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    enclosed: list[InboundMail] = field(default_factory=list)
    blocks: list[dict[str, str]] = field(default_factory=list)
    parts: int = 0


def _part(message: Message) -> _Part:
    content_type = disposition = encoding = ""
    for name, value in message.raw_items():
        lower = name.lower()
        if lower == "content-type":
            content_type = content_type or _FOLD.sub(" ", str(value))[:4000]
        elif lower == "content-disposition":
            disposition = disposition or _FOLD.sub(" ", str(value))[:4000].lower().strip()
        elif lower == "content-transfer-encoding":
            encoding = encoding or str(value).strip().lower()
    if message.is_multipart():
        media_type = message.get_content_type()
    else:
        media_type = content_type.partition(";")[0].strip().lower()
        if media_type.count("/") != 1:
            media_type = (
                message.get_default_type() if not media_type or media_type == "text" else "text/plain"
            )
    return _Part(message, media_type, content_type, disposition, encoding)


def _from_message(message: Message, level: int) -> InboundMail:
    headers = _headers(message)
    raw = {
        name: tuple(_one_line(value) for key, value in _raw_headers(message) if key == name)
        for name in _ADDRESSED
    }
    harvest = _Harvest(level=level)
    root = _part(message)
    _walk(root, harvest, depth=0, root=True)
    text, spans, from_html, truncated = _joined(harvest.texts, headers.get("subject", ("",))[0])
    senders = _addresses((), raw["from"][:1])
    return InboundMail(
        message_id=_message_id(headers.get("message-id", ())),
        in_reply_to=_ids(headers.get("in-reply-to", ())),
        references=_ids(headers.get("references", ())),
        sender=senders[0] if senders else None,
        reply_to=_addresses((), raw["reply-to"]),
        to=_addresses((), raw["to"]),
        cc=_addresses((), raw["cc"]),
        subject=headers.get("subject", ("",))[0],
        sent_at=_sent_at(headers.get("date", ("",))[0]),
        headers=headers,
        text=text,
        spans=spans,
        from_html=from_html,
        attachments=tuple(harvest.attachments),
        enclosed=tuple(harvest.enclosed),
        report=_first_values(harvest.blocks),
        report_blocks=tuple(harvest.blocks),
        report_type=_report_type(root),
        truncated=truncated,
    )


_ADDRESSED = ("from", "reply-to", "to", "cc")


def _report_type(root: _Part) -> str | None:
    if root.media_type != "multipart/report":
        return None
    found = _REPORT_TYPE.search(root.content_type)
    return found[1].lower() if found else ""


def _first_values(blocks: list[dict[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for block in blocks:
        for name, value in block.items():
            merged.setdefault(name, value)
    return merged


def _walk(part: _Part, harvest: _Harvest, *, depth: int, root: bool = False) -> None:
    if depth > LEVEL_CAP:
        raise Broken(f"The mail's parts are nested more than {LEVEL_CAP} deep.")
    harvest.parts += 1
    if harvest.parts > PART_CAP:
        raise Broken(f"The mail has more than {PART_CAP} parts.")
    if part.media_type.startswith("message/"):
        _take_message(part, harvest)
    elif part.message.is_multipart():
        _take_container(part, harvest, depth)
    elif part.media_type in ("text/plain", "text/html") and (root or not part.attached):
        _take_text(part, harvest)
    elif part.media_type in ("text/rfc822-headers", "message/rfc822-headers"):
        _take_bare_headers(part, harvest)
    elif (
        part.media_type.startswith("text/")
        and not part.attached
        and not part.named
        and part.media_type not in _NO_LETTER
    ):
        _take_text(part, harvest)
    else:
        _take_attachment(part, harvest)


_NO_LETTER = frozenset(
    (
        "text/calendar",
        "text/x-amp-html",
        "text/watch-html",
        "text/css",
        "text/javascript",
        "text/vcard",
        "text/x-vcard",
    )
)


def _children(part: _Part) -> list[_Part]:
    payload = part.message.get_payload()
    return (
        [_part(child) for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []
    )


def _take_container(part: _Part, harvest: _Harvest, depth: int) -> None:
    children = _children(part)
    if part.media_type == "multipart/alternative" and len(children) > 1:
        _take_alternative(children, harvest, depth)
        return
    for child in children:
        _walk(child, harvest, depth=depth + 1)


def _take_alternative(children: list[_Part], harvest: _Harvest, depth: int) -> None:
    """Of the versions of one text, the first plain one that says something; else the first that does; attachments of all."""
    tried: list[_Harvest] = []
    before = harvest.texts
    for child in sorted(children, key=lambda child: child.media_type != "text/plain"):
        if tried and child.media_type == "text/html" and _says_something(tried[0]):
            harvest.parts += 1
            continue
        harvest.texts = []
        _walk(child, harvest, depth=depth + 1)
        tried.append(_Harvest(level=harvest.level, texts=harvest.texts))
    best = next((one for one in tried if _says_something(one)), None) or next(
        (one for one in tried if one.texts), None
    )
    harvest.texts = before + (best.texts if best else [])


_STUB = re.compile(
    r"(?i)(?:does ?n[o']t|do not|cannot|can't|unable to|nicht|pas|no|não|non|geen|niet).{0,60}html|"
    r"html.{0,40}(?:version|format|mail|e-?mail|message|view|compatible|enabled|capable)|view (?:this|it) (?:e-?mail |message )?(?:in|as|with) (?:your|a) browser",
)


def _says_something(harvest: _Harvest) -> bool:
    text = "\n".join(text for text, _, _ in harvest.texts)
    words = text[:2000].strip()
    return bool(words) and not (len(words) < 400 and _STUB.search(words))


def _payload(part: _Part) -> bytes:
    """The part's decoded bytes; what is no base64 or quoted-printable is left out rather than raised about."""
    payload = part.message.get_payload()
    if not isinstance(payload, str):
        return b""
    octets = payload.encode("utf-8", "surrogateescape")
    if part.encoding == "quoted-printable":
        return a2b_qp(octets)
    if part.encoding == "base64":
        try:
            return a2b_base64(octets)
        except ValueError:
            return _lenient_base64(octets)
    if part.encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        decoded = part.message.get_payload(decode=True)
        return decoded if isinstance(decoded, bytes) else octets
    return octets


def _take_text(part: _Part, harvest: _Harvest) -> None:
    found = _CHARSET.search(part.content_type)
    text = decode_bytes(_payload(part)[: 8 * TEXT_CAP], found[1].lower() if found else None)
    if part.named and part.disposition:
        harvest.attachments.append(_attachment(part))
    if part.media_type == "text/html":
        read = read_html(text)
        harvest.texts.append((_clean(read.text), read.spans, True))
        return
    text = _clean(text)
    if _FLOWED.search(part.content_type):
        text = _unflowed(text, joins=bool(_DELSP.search(part.content_type)))
    harvest.texts.append((text, (), False))


def _unflowed(text: str, *, joins: bool) -> str:
    """RFC 3676: stuffed spaces taken out. Soft line ends stay line ends; with DelSp a word cut at one is made whole."""
    lines: list[str] = []
    for line in text.split("\n"):
        body = line[1:] if line.startswith(" ") else line
        if joins and lines and lines[-1].endswith(" ") and lines[-1] != "-- " and not body.startswith(">"):
            cut = lines[-1][:-1]
            if cut and not cut.endswith(" "):
                lines[-1] = cut + body
                continue
        lines.append(body)
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in lines)


def _joined(
    texts: list[tuple[str, tuple[Span, ...], bool]], subject: str
) -> tuple[str, tuple[Span, ...], bool, bool]:
    kept = [one for one in texts if one[0].strip()]
    if len(kept) > 1:
        kept = _without_twins(kept)
    pieces: list[str] = []
    marks: list[Span] = []
    at = 0
    for text, spans, _ in kept:
        marks.extend(Span(kind=span.kind, start=span.start + at, end=span.end + at) for span in spans)
        pieces.append(text)
        at += len(text) + 1
    whole = "\n".join(pieces)
    truncated = len(whole) > TEXT_CAP
    if truncated:
        whole = whole[:TEXT_CAP]
        marks = [replace(span, end=min(span.end, TEXT_CAP)) for span in marks if span.start < TEXT_CAP]
    from_html = bool(kept) and all(is_html for _, _, is_html in kept)
    return whole, mark_spans(whole, tuple(marks), subject=subject), from_html, truncated


def _without_twins(
    texts: list[tuple[str, tuple[Span, ...], bool]],
) -> list[tuple[str, tuple[Span, ...], bool]]:
    """Some senders put the plain and the HTML version side by side: the HTML one goes when it says the same words."""
    plain = {" ".join(text.split())[:2000] for text, _, is_html in texts if not is_html}
    return [one for one in texts if not (one[2] and " ".join(one[0].split())[:2000] in plain)]


def _attachment(part: _Part) -> Attachment:
    return Attachment(filename=_filename(part), media_type=part.media_type[:100], size=_size(part))


def _take_attachment(part: _Part, harvest: _Harvest) -> None:
    harvest.attachments.append(_attachment(part))


def _size(part: _Part) -> int:
    payload = part.message.get_payload()
    if not isinstance(payload, str):
        return 0
    if part.encoding == "base64":
        stripped = payload.rstrip()
        letters = len(stripped) - stripped.count("\n") - stripped.count("\r")
        return max(letters * 3 // 4 - (len(stripped) - len(stripped.rstrip("="))), 0)
    return len(_payload(part)) if part.encoding == "quoted-printable" else len(payload)


_DOTS_AND_SPACES = " .\t"


def _filename(part: _Part) -> str:
    """What the sender calls it: one line, no path, no leading dot, at most 200 characters; never to be used on a disk."""
    if not part.named:
        return ""
    try:
        name = part.message.get_filename("") or ""
    except (LookupError, ValueError, TypeError, AttributeError):
        name = ""
    line = _decoded(_one_line(str(name)))
    base = line.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return base.strip(_DOTS_AND_SPACES)[:200]


# --- attached messages and reports -----------------------------------------------------------------------------


def _take_message(part: _Part, harvest: _Harvest) -> None:
    if part.media_type in ("message/rfc822", "message/global", "message/news"):
        _take_enclosed(part, harvest)
    elif part.media_type in ("message/rfc822-headers", "message/global-headers"):
        _take_bare_headers(part, harvest)
    else:
        harvest.blocks.extend(_report_blocks(part))


def _take_enclosed(part: _Part, harvest: _Harvest) -> None:
    inner = _children(part)
    message = inner[0].message if inner else message_from_bytes(_payload(part))
    if part.encoding == "base64" and inner:
        octets = str(message.get_payload()).encode("utf-8", "surrogateescape")
        message = message_from_bytes(_lenient_base64(octets))
    subject = _decoded(_one_line(str(message.get("subject", ""))))
    harvest.attachments.append(
        Attachment(filename=_filename(part) or subject[:200], media_type=part.media_type, size=0)
    )
    if len(harvest.enclosed) < ENCLOSED_CAP and harvest.level < 5:
        harvest.enclosed.append(_from_message(message, harvest.level + 1))


def _take_bare_headers(part: _Part, harvest: _Harvest) -> None:
    """A bounce often carries only the headers of the letter that came back."""
    inner = _children(part)
    message = (
        inner[0].message if inner else message_from_bytes(_payload(part)[:HEADER_CAP].rstrip() + b"\r\n\r\n")
    )
    if len(harvest.enclosed) < ENCLOSED_CAP and harvest.level < 5:
        harvest.enclosed.append(_from_message(message, harvest.level + 1))


def _report_blocks(part: _Part) -> Iterator[dict[str, str]]:
    messages = [child.message for child in _children(part)][:PART_CAP]
    if not messages:
        messages = [
            message_from_bytes(block + b"\n\n") for block in _payload(part)[:HEADER_CAP].split(b"\n\n")[:50]
        ]
    for message in messages:
        block = {name: _decoded(_one_line(value)) for name, value in reversed(list(_raw_headers(message)))}
        if block:
            yield block


# --- the child -------------------------------------------------------------------------------------------------


def _read_in_child(raw: bytes) -> InboundMail:
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own module, no shell
            [sys.executable, "-m", "worker.adapters.mime"],
            input=raw,
            capture_output=True,
            timeout=CHILD_WALL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Broken(f"Reading the mail took longer than {CHILD_WALL} seconds.") from None
    if done.returncode != 0 or not done.stdout:
        raise Broken("Reading the mail took more memory or time than one mail may have.")
    answer = json.loads(done.stdout)
    if "broken" in answer:
        raise Broken(answer["broken"])
    return _mail_of(answer["mail"])


def _json_of(mail: InboundMail) -> dict[str, Any]:
    plain = asdict(mail)
    plain["sent_at"] = mail.sent_at.isoformat() if mail.sent_at else None
    plain["enclosed"] = [_json_of(inner) for inner in mail.enclosed]
    return plain


def _mail_of(plain: dict[str, Any]) -> InboundMail:
    made = dict(plain)
    for name in ("reply_to", "to", "cc"):
        made[name] = tuple(Address(**one) for one in plain[name])
    made["sender"] = Address(**plain["sender"]) if plain["sender"] else None
    made["sent_at"] = datetime.fromisoformat(plain["sent_at"]) if plain["sent_at"] else None
    made["headers"] = {name: tuple(values) for name, values in plain["headers"].items()}
    made["spans"] = tuple(
        Span(kind=SpanKind(one["kind"]), start=one["start"], end=one["end"]) for one in plain["spans"]
    )
    made["attachments"] = tuple(Attachment(**one) for one in plain["attachments"])
    made["enclosed"] = tuple(_mail_of(inner) for inner in plain["enclosed"])
    for name in ("in_reply_to", "references", "report_blocks"):
        made[name] = tuple(plain[name])
    return InboundMail(**made)


def child_main() -> None:
    """Read a mail from standard input under limits; write it, or why it cannot be read, as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_CPU, CHILD_CPU + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: Mapping[str, object]
    try:
        answer = {"mail": _json_of(_read(sys.stdin.buffer.read()))}
    except Broken as fault:
        answer = {"broken": str(fault)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    child_main()
