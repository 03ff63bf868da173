"""Reads the bytes of one mail into an InboundMail, whatever the bytes are.

1. The header block is capped, so that nobody can buy minutes of work with one header.
2. mail-parser parses; this is its one home. Mails that are big or look built to hurt are parsed in a child with limits.
3. We walk mail-parser's `.message` ourselves, because its own views merge attached messages into the text, miss named
   text parts, drop raw 8-bit headers and senders without a domain (docs/reading-mail.md has the list).
4. The plain text is preferred; HTML stands in where there is no usable plain part.
5. domain/text marks which words are new.

Whatever cannot be read ends in `Broken` with a reason for a person; the bytes are kept by the caller.
"""

import json
import logging
import os
import re
import resource
import subprocess
import sys
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import mailparser

from worker.adapters.mailjson import mail_from_json, mail_to_json
from worker.adapters.mailparts import PART_CAP, mail_of_message
from worker.domain.mail import InboundMail, Span, SpanKind
from worker.errors import Broken

MAIL_CAP = 35_000_000  # bytes; above it only headers are read (placeholder_mail)
HEADER_CAP = 128 * 1024  # bytes of the header block
IN_PROCESS_CAP = 5_000_000  # bytes; above it a child parses
ENCODED_WORDS_TRUSTED = 2_000
CHILD_MEMORY = 512 * 1024 * 1024  # bytes of address space
CHILD_CPU = 10  # seconds
CHILD_WALL = 20  # seconds

# mail-parser logs header text, which is the customer's business.
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)


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
        mail = mail_of_message(_parse(raw))
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


class _Tree(mailparser.MailParser):  # type: ignore[misc]  # mail-parser has no types
    """mail-parser's guarded reading of the bytes, without the texts it would make of them: mailparts makes ours."""

    def parse(self) -> "_Tree":
        return self


def _parse(raw: bytes) -> Message:
    try:
        message = _Tree.from_bytes(raw).message
    except RecursionError:
        raise
    except Exception as fault:  # noqa: BLE001 - mail-parser fails on some real bounces that the standard library reads
        if "Recursion" in type(fault).__name__:
            raise RecursionError from None
        message = None
    return message if message is not None else message_from_bytes(raw)


_KNOWN_FIELDS = frozenset(
    (
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "message-id",
        "received",
        "return-path",
        "mime-version",
        "sender",
        "reply-to",
        "delivered-to",
        "x-mailer",
        "in-reply-to",
        "references",
        "content-type",
    ),
)
_HEADER_END = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")


def _with_capped_headers(raw: bytes) -> bytes:
    raw = raw.lstrip(b"\r\n\t \xef\xbb\xbf") if raw[:1] in b"\r\n\t \xef" else raw
    if not raw:
        raise Broken("This is no mail: it is empty.")
    if (
        len(raw) <= HEADER_CAP
        or raw.find(b"\n\n", 0, HEADER_CAP) >= 0
        or raw.find(b"\n\r\n", 0, HEADER_CAP) >= 0
    ):
        return raw
    end = _HEADER_END.search(raw, HEADER_CAP)
    head = raw[:HEADER_CAP]
    return head[: head.rfind(b"\n") + 1] + b"\r\n" + (raw[end.end() :] if end else b"")


def _wants_limits(raw: bytes) -> bool:
    """Big, or with more boundaries or encoded words than any honest mail, each of which costs the parser dear."""
    if len(raw) > IN_PROCESS_CAP:
        return True
    if raw.count(b"?") > 2 * ENCODED_WORDS_TRUSTED and raw.count(b"=?") > ENCODED_WORDS_TRUSTED:
        return True
    return raw.count(b"-") > 4 * PART_CAP and raw.count(b"\n--") > 2 * PART_CAP


def _read_in_child(raw: bytes) -> InboundMail:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "worker.adapters.mime"],
            input=raw,
            capture_output=True,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
            },  # the same code as ours
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
    return mail_from_json(answer["mail"])


def child_main() -> None:
    """Read a mail from standard input under limits; write it, or why it cannot be read, as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_CPU, CHILD_CPU + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: dict[str, object]
    try:
        answer = {"mail": mail_to_json(_read(sys.stdin.buffer.read()))}
    except Broken as fault:
        answer = {"broken": str(fault)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    child_main()
