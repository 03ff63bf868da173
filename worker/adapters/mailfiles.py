"""Finds the mails in files: single .eml files, folders of them, mbox files and Maildirs.

What a file is is told by its contents, not by its name. A path that is wrong, empty or no mail gives an
entry with its reason, and the rest goes on. Memory holds one mail at a time, however big an mbox is.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LARGEST_MAIL = 35 * 1024 * 1024  # bytes; of a larger one only the headers are kept
LARGEST_HEADERS = 128 * 1024  # bytes
_LONGEST_PIECE = 64 * 1024  # a line longer than this is read in pieces

_KNOWN_FIELDS = frozenset(
    (
        b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"received", b"return-path", b"sender",
        b"reply-to", b"mime-version", b"content-type", b"delivered-to", b"in-reply-to", b"references",
    )
)  # fmt: skip
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
# The line between two mails of an mbox ends in a date; a sentence that starts with "From" hardly does.
_CLOCK = re.compile(rb"\d\d?:\d\d")
_YEAR = re.compile(rb"\b(?:19|20)\d\d\b")
_QUOTED_FROM = re.compile(rb">+From ")
_MAIL_NAMES = frozenset({".eml", ".mbox", ".mbx", ".mail", ".mboxrd"})
_NUMBERED = re.compile(r"\d+|.*:2,[A-Za-z]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMail:
    """One mail, or one path that gives none.

    `path` is for people ("box.mbox#12"); `folder` is the mailbox folder it stands for ("INBOX", "Sent", an
    mbox's or a directory's name). `key` is the sha256 of the bytes: the same mail found again, in whatever
    file, has the same key; the same mail twice in one mbox therefore counts as one. Exactly one of `raw`
    and `error` is None. `oversize`: above 35 MB, `raw` is its headers alone (and `key` is theirs).
    """

    path: str
    raw: bytes | None
    error: str | None
    folder: str
    key: str
    oversize: bool = False


def walk_mails(paths: Sequence[Path]) -> Iterator[FoundMail]:
    """Every mail under these paths, in a stable order; entries with `error` for what gives none."""
    for path in paths:
        found = False
        for mail in _walk(path):
            found = True
            yield mail
        if not found:
            yield _no_mail(path, "holds no mail: no .eml files, no mbox, no Maildir")


def count_mails(paths: Sequence[Path]) -> int:
    """How many mails `walk_mails` will give, for a progress bar; reads mboxes through, opens nothing else."""
    return sum(_count(place) for path in paths for place in _places(path))


def _count(place: "_Place") -> int:
    if place.error is not None:
        return 0
    try:
        if not place.may_be_mbox or not _is_mbox(place.path):
            return 1
        with place.path.open("rb") as file:
            return sum(1 for _, starts in _lines(file) if starts)
    except OSError:
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A file with mail in it, or a path with the reason why not."""

    path: Path
    folder: str = ""
    may_be_mbox: bool = True
    error: str | None = None


def _walk(path: Path) -> Iterator[FoundMail]:
    for place in _places(path):
        if place.error is not None:
            yield _no_mail(place.path, place.error)
            continue
        try:
            if place.may_be_mbox and _is_mbox(place.path):
                yield from _mbox(place)
            else:
                yield _single(place)
        except OSError as error:
            yield _no_mail(place.path, f"cannot be read: {error.strerror}")


def _places(path: Path) -> Iterator[_Place]:
    if path.is_dir():
        yield from _directory(path, path)
    elif path.is_file():
        yield _Place(path=path, folder=path.name)
    elif path.exists():
        yield _Place(path=path, error="is neither a file nor a folder")
    else:
        yield _Place(path=path, error="is not there; check the path")


def _directory(path: Path, root: Path) -> Iterator[_Place]:
    try:
        children = sorted(path.iterdir(), key=lambda child: child.name)
    except OSError as error:
        yield _Place(path=path, error=f"cannot be read: {error.strerror}")
        return
    maildir = (path / "cur").is_dir() or (path / "new").is_dir()
    if maildir:
        yield from _maildir(path, _folder_name(path, root, maildir=True))
    for child in children:
        if child.is_symlink() and child.is_dir():  # a link may lead round in a circle
            continue
        if child.is_dir():
            if not (maildir and child.name in {"cur", "new", "tmp"}):
                yield from _directory(child, root)
        elif not maildir and _may_be_mail(child):
            yield _Place(path=child, folder=_file_folder(child, path, root))


def _maildir(path: Path, folder: str) -> Iterator[_Place]:
    for part in ("cur", "new"):
        directory = path / part
        if directory.is_dir():
            for file in sorted(directory.iterdir(), key=lambda file: file.name):
                if not file.name.startswith(".") and file.is_file():
                    yield _Place(path=file, folder=folder, may_be_mbox=False)


def _folder_name(path: Path, root: Path, *, maildir: bool) -> str:
    """INBOX for a Maildir itself, Sent for its .Sent; the path below the root for plain folders."""
    inner = path.relative_to(root).as_posix()
    if inner == ".":
        return "INBOX" if maildir else root.resolve().name
    return inner.lstrip(".") if maildir else f"{root.resolve().name}/{inner}"


def _file_folder(file: Path, parent: Path, root: Path) -> str:
    return (
        file.name if file.suffix.lower() in {".mbox", ".mbx"} else _folder_name(parent, root, maildir=False)
    )


def _may_be_mail(file: Path) -> bool:
    """In a folder: what its name calls a mail, and nameless files as Maildir and MH have them."""
    if file.name.startswith(".") or not file.is_file():
        return False
    return (
        file.suffix.lower() in _MAIL_NAMES
        or _NUMBERED.fullmatch(file.name) is not None
        or _is_mbox_quietly(file)
    )


def _is_mbox_quietly(file: Path) -> bool:
    try:
        return file.suffix == "" and _is_mbox(file)
    except OSError:
        return False


def _single(place: _Place) -> FoundMail:
    with place.path.open("rb") as file:
        raw = file.read(LARGEST_MAIL + 1)
    return _found(str(place.path), raw, place.folder)


def _found(path: str, raw: bytes, folder: str, *, oversize: bool = False) -> FoundMail:
    oversize = oversize or len(raw) > LARGEST_MAIL
    error = _why_no_mail(raw)
    if error is not None:
        return _no_mail(Path(path), error, folder=folder)
    if oversize:
        raw = _headers(raw)
    key = hashlib.sha256(raw).hexdigest()
    return FoundMail(path=path, raw=raw, error=None, folder=folder, key=key, oversize=oversize)


def _no_mail(path: Path, reason: str, *, folder: str = "") -> FoundMail:
    return FoundMail(path=str(path), raw=None, error=f"{path} {reason}.", folder=folder, key="")


def _why_no_mail(raw: bytes) -> str | None:
    """None for what looks like a mail: a header block with at least one field that mails have."""
    if not raw.strip():
        return "is empty"
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return "is an Outlook .msg file; save the mail as .eml"
    known = False
    for line in raw[:LARGEST_HEADERS].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").splitlines():
        field = _FIELD.match(line)
        if field is not None:
            known = known or field[1].lower() in _KNOWN_FIELDS
        elif not line.startswith((b" ", b"\t", b">From ", b"From ")):
            break
    return None if known else "is no mail: it does not start with the header lines of one"


def _headers(raw: bytes) -> bytes:
    ends = [at + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (at := raw.find(mark)) >= 0]
    return raw[: min([*ends, LARGEST_HEADERS])]


# mbox


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        first = file.readline(_LONGEST_PIECE)
        while first in {b"\n", b"\r\n"}:
            first = file.readline(_LONGEST_PIECE)
        return first.startswith(b"From ")


def _mbox(place: _Place) -> Iterator[FoundMail]:
    number, collected = 0, _Collected()
    with place.path.open("rb") as file:
        for piece, starts in _lines(file):
            if starts:
                if number:
                    yield collected.mail(f"{place.path}#{number}", place.folder)
                number, collected = number + 1, _Collected()
            elif number:
                collected.add(piece)
    if number:
        yield collected.mail(f"{place.path}#{number}", place.folder)


class _Collected:
    """The lines of one mail of an mbox, unquoted, up to the cap."""

    def __init__(self) -> None:
        self._raw = bytearray()
        self._oversize = False

    def add(self, piece: bytes) -> None:
        if len(self._raw) > LARGEST_MAIL:
            self._oversize = True
            return
        self._raw += piece[1:] if piece.startswith(b">") and _QUOTED_FROM.match(piece) else piece

    def mail(self, path: str, folder: str) -> FoundMail:
        raw = bytes(self._raw)
        # The blank line before the next mail belongs to the mbox.
        for blank, end in ((b"\r\n\r\n", b"\r\n"), (b"\n\n", b"\n")):
            if raw.endswith(blank):
                raw = raw.removesuffix(end)
                break
        return _found(path, raw, folder, oversize=self._oversize)


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """(line with its end, does it start a mail?); a very long line comes in pieces."""
    blank, line_start = True, True
    first = True
    while piece := file.readline(_LONGEST_PIECE):
        starts = line_start and blank and piece.startswith(b"From ") and (first or _is_separator(piece))
        first = first and not starts
        yield piece, starts
        blank = line_start and piece in {b"\n", b"\r\n"}
        line_start = piece.endswith(b"\n")


def _is_separator(line: bytes) -> bool:
    return len(line) < 1000 and _CLOCK.search(line) is not None and _YEAR.search(line) is not None
