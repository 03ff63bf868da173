"""Walks the parts of a parsed mail: which are its text, which are attached, which messages and reports it carries.

Of the versions of one text (multipart/alternative) the plain one is read, unless it only says that the letter is HTML.
Inline text parts make up the text together, named ones among them; what is attached, and what an attached message says,
never does.
"""

import re
from binascii import a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message

from worker.adapters.charsets import clean_text, decode_bytes
from worker.adapters.html import read_html
from worker.adapters.maildates import read_date
from worker.adapters.mailheaders import (
    decode_words,
    decoded_headers,
    lenient_base64,
    message_id,
    message_ids,
    one_line,
    raw_headers,
    read_addresses,
)
from worker.domain.mail import Attachment, InboundMail, Span
from worker.domain.text import mark_spans
from worker.errors import Broken

PART_CAP = 1_000
LEVEL_CAP = 100
TEXT_CAP = 1024 * 1024  # code points of text
ENCLOSED_CAP = 20  # attached messages read
ENCLOSED_LEVELS = 5  # messages in messages
REPORT_CAP = 128 * 1024  # bytes of a report that came unparsed


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
        return self.disposition[:10].lower() == "attachment"

    @property
    def named(self) -> bool:
        return "name" in self.content_type.lower() or "name" in self.disposition.lower()


@dataclass(frozen=True, slots=True)
class _Body:
    """One text of the mail, with the stretches that HTML gave away."""

    text: str
    spans: tuple[Span, ...] = ()
    from_html: bool = False


@dataclass(slots=True)
class _Harvest:
    """What the walk over the parts has found so far."""

    level: int
    texts: list[_Body] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    enclosed: list[InboundMail] = field(default_factory=list)
    blocks: list[dict[str, str]] = field(default_factory=list)
    parts: int = 0


def _part(message: Message) -> _Part:
    content_type = disposition = encoding = ""
    for name, value in message.raw_items():
        lower = name.lower()
        if lower == "content-type":
            content_type = content_type or one_line(str(value))[:4000]
        elif lower == "content-disposition":
            disposition = disposition or one_line(str(value))[:4000]
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


def mail_of_message(message: Message, level: int = 0) -> InboundMail:
    """The mail that a parsed message is; `level` counts the messages it lies in. Raises Broken beyond the caps."""
    lines = list(raw_headers(message))
    headers = decoded_headers(lines)
    addressed = {name: tuple(value for key, value in lines if key == name) for name in _ADDRESSED}
    harvest, root = _Harvest(level=level), _part(message)
    _walk(root, harvest, depth=0, root=True)
    subject = headers.get("subject", ("",))[0]
    text, spans, truncated = _joined(harvest.texts, subject)
    senders = read_addresses(addressed["from"][:1])
    return InboundMail(
        message_id=message_id(headers.get("message-id", ())),
        in_reply_to=message_ids(headers.get("in-reply-to", ())),
        references=message_ids(headers.get("references", ())),
        sender=senders[0] if senders else None,
        reply_to=read_addresses(addressed["reply-to"]),
        to=read_addresses(addressed["to"]),
        cc=read_addresses(addressed["cc"]),
        subject=subject,
        sent_at=read_date(headers.get("date", ("",))[0]),
        headers=headers,
        text=text,
        spans=spans,
        from_html=bool(harvest.texts) and all(body.from_html for body in harvest.texts),
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
    text = "\n".join(body.text for body in harvest.texts)
    words = text[:2000].strip()
    return bool(words) and not (len(words) < 400 and _STUB.search(words))


def _payload(part: _Part) -> bytes:
    """The part's decoded bytes; what is no base64 is left out rather than raised about."""
    if part.encoding == "base64":
        payload = part.message.get_payload()
        octets = payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""
        try:
            return a2b_base64(octets)
        except ValueError:
            return lenient_base64(octets)
    decoded = part.message.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _take_text(part: _Part, harvest: _Harvest) -> None:
    found = _CHARSET.search(part.content_type)
    text = decode_bytes(_payload(part)[: 8 * TEXT_CAP], found[1].lower() if found else None)
    if part.named and part.disposition:
        harvest.attachments.append(_attachment(part))
    if part.media_type == "text/html":
        read = read_html(clean_text(text))
        harvest.texts.append(_Body(read.text, read.spans, from_html=True))
        return
    text = clean_text(text)
    if _FLOWED.search(part.content_type):
        text = _unflowed(text, joins=bool(_DELSP.search(part.content_type)))
    harvest.texts.append(_Body(text))


def _unflowed(text: str, *, joins: bool) -> str:
    """RFC 3676: stuffed spaces taken out. Soft line ends stay line ends; with DelSp a word cut at one is made whole."""
    lines: list[str] = []
    for line in text.split("\n"):
        body = line.removeprefix(" ")
        if joins and lines and lines[-1].endswith(" ") and lines[-1] != "-- " and not body.startswith(">"):
            cut = lines[-1][:-1]
            if cut and not cut.endswith(" "):
                lines[-1] = cut + body
                continue
        lines.append(body)
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in lines)


def _joined(bodies: list[_Body], subject: str) -> tuple[str, tuple[Span, ...], bool]:
    """The whole text, its spans, and whether it was cut at the cap."""
    kept = _without_twins([body for body in bodies if body.text.strip()])
    marks: list[Span] = []
    at = 0
    for body in kept:
        marks.extend(Span(kind=span.kind, start=span.start + at, end=span.end + at) for span in body.spans)
        at += len(body.text) + 1
    whole = "\n".join(body.text for body in kept)
    truncated = len(whole) > TEXT_CAP
    if truncated:
        whole = whole[:TEXT_CAP]
        marks = [replace(span, end=min(span.end, TEXT_CAP)) for span in marks if span.start < TEXT_CAP]
    return whole, mark_spans(whole, marks, subject=subject), truncated


def _without_twins(bodies: list[_Body]) -> list[_Body]:
    """Some senders put the plain and the HTML version side by side: the HTML one goes when it says the same words."""
    if len(bodies) < 2:
        return bodies
    plain = {" ".join(body.text.split())[:2000] for body in bodies if not body.from_html}
    return [body for body in bodies if not (body.from_html and " ".join(body.text.split())[:2000] in plain)]


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


_RAW_NAME = re.compile(r"""name\s?=\s?(?:"([^"]*)"|([^\s;]+))""", re.IGNORECASE)


def _filename(part: _Part) -> str:
    """What the sender calls it: one line, no path, no leading dot, at most 200 characters; never to be used on a disk."""
    if not part.named:
        return ""
    line = decode_words(one_line(_claimed_name(part)))
    base = line.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return base.strip(" .\t")[:200].strip()


def _claimed_name(part: _Part) -> str:
    try:
        name = str(part.message.get_filename("") or "")
    except (LookupError, ValueError, TypeError, AttributeError):  # nonsense in RFC 2231 parameters
        name = ""
    if "\ufffd" in name:  # raw 8-bit letters, which the standard library loses
        found = _RAW_NAME.search(part.disposition) or _RAW_NAME.search(part.content_type)
        name = found[1] or found[2] or "" if found else name
    return name


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
        message = message_from_bytes(lenient_base64(octets))
    subject = decode_words(one_line(str(message.get("subject", ""))))
    harvest.attachments.append(
        Attachment(filename=_filename(part) or subject[:200], media_type=part.media_type, size=0)
    )
    if len(harvest.enclosed) < ENCLOSED_CAP and harvest.level < ENCLOSED_LEVELS:
        harvest.enclosed.append(mail_of_message(message, harvest.level + 1))


def _take_bare_headers(part: _Part, harvest: _Harvest) -> None:
    """A bounce often carries only the headers of the letter that came back."""
    inner = _children(part)
    message = (
        inner[0].message if inner else message_from_bytes(_payload(part)[:REPORT_CAP].rstrip() + b"\r\n\r\n")
    )
    if len(harvest.enclosed) < ENCLOSED_CAP and harvest.level < ENCLOSED_LEVELS:
        harvest.enclosed.append(mail_of_message(message, harvest.level + 1))


def _report_blocks(part: _Part) -> Iterator[dict[str, str]]:
    messages = [child.message for child in _children(part)][:PART_CAP]
    if not messages:
        messages = [
            message_from_bytes(block + b"\n\n") for block in _payload(part)[:REPORT_CAP].split(b"\n\n")[:50]
        ]
    for message in messages:
        block = {name: decode_words(value) for name, value in reversed(list(raw_headers(message)))}
        if block:
            yield block
