"""What is asked of a mailbox: its folders, its mails byte for byte, and to wait until something comes.

Folders are opened read-only (EXAMINE) and mails fetched with PEEK: looking changes nothing. Only `flag`,
`move` and `append` change something, and each of them only because a team's settings ask for it.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from worker.adapters.connections import one_line
from worker.adapters.imap.values import (
    LARGEST_HEADERS,
    LARGEST_MAIL,
    FetchedMail,
    Folder,
    FolderMissing,
    FolderState,
    ImapAccount,
    ServerDescription,
)
from worker.adapters.imap.wire import SLOWEST, Raw, Wire
from worker.errors import Refused, Transient

BATCH_MAILS = 100
BATCH_BYTES = 8 * 1024 * 1024
_UIDS_A_COMMAND = 500  # keeps a command under the 8 KB that every server takes
_MAILS_A_SEARCH = 50_000  # keeps an answer under the 1 MB that imaplib takes in one line
_LONGEST_IDLE = 9 * 60.0  # seconds; servers may hang up after 30 minutes, NATs forget sooner
_SLICE = 1.0  # seconds between two looks at `stop`

_SPECIAL = frozenset({"\\Sent", "\\Drafts", "\\Trash", "\\Junk", "\\Archive", "\\All", "\\Flagged"})
_USUAL_SENT = (
    "Sent", "Sent Items", "Sent Mail", "Sent Messages", "[Gmail]/Sent Mail", "[Google Mail]/Sent Mail",
    "Gesendet", "Gesendete Elemente", "Gesendete Objekte", "Envoyés", "Éléments envoyés", "Messages envoyés",
    "Enviados", "Elementos enviados", "Itens enviados", "Posta inviata", "Inviati", "Verzonden",
    "Verzonden items",
)  # fmt: skip


class ImapMailbox:
    """One mailbox over one connection, made on demand and made anew after any error."""

    def __init__(self, account: ImapAccount) -> None:
        self.account = account
        self._wire = Wire(account)
        self._opened: FolderState | None = None
        self._top: int | None = None  # highest UID the last list showed

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def connect(self) -> None:
        """Connect and sign in. Raises SignInRefused or Transient, each a sentence."""
        self._opened, self._top = None, None
        self._wire.connect()

    def close(self) -> None:
        self._opened, self._top = None, None
        self._wire.close()

    # Folders

    def folders(self) -> list[Folder]:
        """Every folder that can be selected."""
        rows = self._wire.ask("list the folders", "list_folders")
        return [
            Folder(name=name, special_use=_special_use(flags))
            for flags, _, name in rows
            if not {b"\\noselect", b"\\nonexistent"} & {bytes(flag).lower() for flag in flags}
        ]

    def find_sent(self, name: str | None = None) -> str | None:
        """The folder with our own letters: the one named, else by special use, else by its usual names.

        None where there is none. Raises FolderMissing when the one named is not there.
        """
        folders = self.folders()
        prefixes = self._prefixes()
        if name is not None:
            return self._named(name, folders, prefixes)
        for folder in folders:
            if folder.special_use == "\\Sent":
                return folder.name
        there = {folder.name.casefold(): folder.name for folder in folders}
        usual = (prefix + usual for usual in _USUAL_SENT for prefix in prefixes)
        return next((there[one.casefold()] for one in usual if one.casefold() in there), None)

    def _named(self, name: str, folders: list[Folder], prefixes: list[str]) -> str:
        there = {folder.name for folder in folders}
        for prefix in prefixes:
            if prefix + name in there:
                return prefix + name
        names = ", ".join(sorted(there)[:30])
        raise FolderMissing(f"{self.account.place} has no folder {name}. It has: {one_line(names, 600)}.")

    def _prefixes(self) -> list[str]:
        if not self._wire.can("NAMESPACE"):
            return ["", "INBOX.", "INBOX/"]
        personal = self._wire.ask("ask for the namespace", "namespace").personal or ()
        return ["", *(prefix for prefix, _ in personal if prefix)]

    def select(self, folder: str) -> FolderState:
        """Open a folder read-only. Raises FolderMissing, Transient."""
        return self._select(folder, readonly=True)

    def _select(self, folder: str, *, readonly: bool) -> FolderState:
        self._opened, self._top = None, None
        try:
            answer = self._wire.ask(f"open the folder {folder}", "select_folder", folder, readonly)
        except Transient as error:
            if self._is_missing(folder, error):
                raise FolderMissing(f"{error} Is it renamed or deleted?") from error
            raise
        self._opened = FolderState(
            name=folder,
            uidvalidity=int(answer.get(b"UIDVALIDITY", 0)),
            uidnext=int(answer.get(b"UIDNEXT", 0)),
            exists=int(answer.get(b"EXISTS", 0)),
        )
        return self._opened

    def _is_missing(self, folder: str, error: Transient) -> bool:
        if "[NONEXISTENT]" in str(error):
            return True
        if "select failed" not in str(error):
            return False
        return folder not in {one.name for one in self.folders()}

    # Mails

    def list_uids(self, since_uid: int = 1) -> list[int]:
        """UIDs in the opened folder from `since_uid` on, ascending."""
        opened = self._must_be_open()
        uids: set[int] = set()
        starts = range(1, max(opened.exists, 1) + 1, _MAILS_A_SEARCH)
        for start in starts:
            end = "*" if start == starts[-1] else str(start + _MAILS_A_SEARCH - 1)
            criteria = f"{start}:{end} UID {since_uid}:*" if len(starts) > 1 else f"UID {since_uid}:*"
            uids.update(self._wire.ask("list the mails", "search", criteria))
        # "n:*" always names the last mail, even one before n (RFC 3501, 6.4.8).
        found = sorted(uid for uid in uids if uid >= since_uid)
        self._top = max([*uids, self._top or 0])
        return found

    def fetch_sizes(self, uids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
        """By UID: (bytes, when the server got it, aware UTC). A mail gone meanwhile is left out."""
        self._must_be_open()
        sizes: dict[int, tuple[int, datetime]] = {}
        for start in range(0, len(uids), _UIDS_A_COMMAND):
            part = list(uids[start : start + _UIDS_A_COMMAND])
            rows = self._wire.ask("ask for the sizes", "fetch", part, ["RFC822.SIZE", "INTERNALDATE"])
            for uid, row in rows.items():
                if b"RFC822.SIZE" in row:
                    sizes[uid] = (int(row[b"RFC822.SIZE"]), _utc(row.get(b"INTERNALDATE")))
        return sizes

    def fetch_raw(self, uids: Sequence[int]) -> Iterator[FetchedMail]:
        """The mails, in batches of 100 or 8 MB. A mail gone meanwhile is left out; none is marked as read."""
        for start in range(0, len(uids), _UIDS_A_COMMAND):
            sizes = self.fetch_sizes(uids[start : start + _UIDS_A_COMMAND])
            for batch in _batches(sizes):
                if sizes[batch[0]][0] > LARGEST_MAIL:
                    yield from self._fetch_headers(batch[0], *sizes[batch[0]])
                else:
                    yield from self._fetch_batch(batch, sizes)

    def _fetch_batch(self, batch: list[int], sizes: dict[int, tuple[int, datetime]]) -> Iterator[FetchedMail]:
        opened = self._must_be_open()
        seconds = self._time_for(sum(sizes[uid][0] for uid in batch))
        try:
            rows = self._wire.ask("fetch mails", "fetch", batch, ["BODY.PEEK[]"], seconds=seconds)
        except Transient as error:
            if "fetch failed" not in str(error):
                raise
            yield from self._fetch_singly(opened, batch, sizes, error)
            return
        for uid in batch:
            if uid in rows and b"BODY[]" in rows[uid]:
                size, date = sizes[uid]
                raw = rows[uid][b"BODY[]"]
                error_ = None if raw else "The server shows this mail and gives no contents."
                yield FetchedMail(uid=uid, raw=raw or b"", internal_date=date, size=size, error=error_)

    def _fetch_singly(
        self, opened: FolderState, batch: list[int], sizes: dict[int, tuple[int, datetime]], error: Transient
    ) -> Iterator[FetchedMail]:
        """The server said no to the batch: one mail it cannot give must not keep back the others."""
        self._open_again(opened)
        if len(batch) == 1:
            size, date = sizes[batch[0]]
            yield FetchedMail(uid=batch[0], raw=b"", internal_date=date, size=size, error=str(error))
            return
        middle = len(batch) // 2
        yield from self._fetch_batch(batch[:middle], sizes)
        yield from self._fetch_batch(batch[middle:], sizes)

    def _fetch_headers(self, uid: int, size: int, date: datetime) -> Iterator[FetchedMail]:
        self._must_be_open()
        item = f"BODY.PEEK[HEADER]<0.{LARGEST_HEADERS}>"
        rows = self._wire.ask("fetch the headers of a very large mail", "fetch", [uid], [item])
        row = rows.get(uid, {})
        raw = next((value for key, value in row.items() if key.startswith(b"BODY[HEADER]")), None)
        if raw is not None:
            yield FetchedMail(uid=uid, raw=raw, internal_date=date, size=size, oversize=True)

    def _open_again(self, opened: FolderState) -> None:
        if self._select(opened.name, readonly=True).uidvalidity != opened.uidvalidity:
            raise Transient(
                f"The folder {opened.name} at {self.account.place} was rebuilt. Listing it again."
            )

    # Waiting

    def wait(self, seconds: float, *, stop: threading.Event | None = None) -> bool:
        """Until something came (True) or so many seconds have passed; at most nine minutes.

        Look for mail after every return: IDLE alone is never trusted. `stop` ends the wait within a second.
        """
        stop = stop or threading.Event()
        until = time.monotonic() + min(seconds, _LONGEST_IDLE)
        self._must_be_open()
        if self._something_new():
            return True
        if not self._wire.can("IDLE"):
            return self._poll(until, stop)
        self._wire.ask("wait for mail", "idle")
        came = self._idle(until, stop)
        _, rest = self._wire.ask("end the wait for mail", "idle_done")
        return came or any(_is_news(one) for one in rest)

    def _idle(self, until: float, stop: threading.Event) -> bool:
        empty = 0
        while not stop.is_set() and (left := until - time.monotonic()) > 0:
            asked = time.monotonic()
            slice_ = min(_SLICE, left)
            answers = self._wire.overhear(slice_)
            if any(_is_news(one) for one in answers):
                return True
            # On a dead peer idle_check returns [] at once, for ever: that is no waiting.
            empty = empty + 1 if not answers and time.monotonic() - asked < slice_ / 2 else 0
            if empty >= 3:
                with self._wire.errors("wait for mail"):
                    raise ConnectionError
        return False

    def _poll(self, until: float, stop: threading.Event) -> bool:
        while not stop.wait(max(0.0, min(60.0, until - time.monotonic()))):
            if self._something_new():
                return True
            if time.monotonic() >= until:
                break
        return False

    def _something_new(self) -> bool:
        self._wire.ask("say hello", "noop")
        if self._top is None:
            return False
        found = self._wire.ask("look for new mail", "search", f"UID {self._top + 1}:*")
        return any(uid > self._top for uid in found)

    # What changes something

    def flag(self, uids: Sequence[int], flag: str) -> None:
        """Set a flag on mails of the opened folder, which is opened for writing just for this."""
        with_uids = self._for_writing()
        for part in _parts(uids):
            self._wire.ask("set a flag", "add_flags", part, [flag], True)
        self._open_again(with_uids)

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails of the opened folder. Raises Refused where the server cannot do so without risk to others."""
        by_move = self._wire.can("MOVE")
        if not by_move and not self._wire.can("UIDPLUS"):
            raise Refused(
                f"{self.account.place} can neither move mails nor delete single ones (no MOVE, no UIDPLUS). "
                "Use a flag instead of a move."
            )
        opened = self._for_writing()
        for part in _parts(uids):
            if by_move:
                self._wire.ask("move mails", "move", part, folder)
            else:
                self._wire.ask("copy mails", "copy", part, folder)
                self._wire.ask("mark mails as moved", "add_flags", part, ["\\Deleted"], True)
                self._wire.ask("take moved mails away", "uid_expunge", part)
        self._open_again(opened)

    def _for_writing(self) -> FolderState:
        opened = self._must_be_open()
        if self._select(opened.name, readonly=False).uidvalidity != opened.uidvalidity:
            self._wire.drop()
            raise Transient(
                f"The folder {opened.name} at {self.account.place} was rebuilt; nothing was changed."
            )
        return opened

    def append(self, folder: str, raw: bytes, flags: Sequence[str], at: datetime) -> None:
        """File a copy of a letter in a folder, with the server date `at` (aware)."""
        seconds = self._time_for(len(raw))
        self._wire.ask("file a letter", "append", folder, Raw(raw), list(flags), at, seconds=seconds)

    def search_header(self, folder: str, name: str, value: str) -> list[int]:
        """UIDs of the mails in a folder whose header `name` contains `value`; the opened folder stays opened.

        Part of a value matches too, and absence proves nothing (RFC 3501, 6.4.4, leaves much to the server).
        """
        before, top = self._opened, self._top
        self.select(folder)
        # Bytes outside ASCII travel as a literal; quotes and backslashes are escaped by imapclient.
        found = self._wire.ask(
            "search for our own letter", "search", ["HEADER", name, value], _charset(value)
        )
        if before is not None and before.name != folder:
            self._open_again(before)
        self._top = top if before is not None else None
        return sorted(int(uid) for uid in found)

    # For the doctor

    def describe(self) -> ServerDescription:
        """Who answers, what it can do, which folders there are, and which of them is Sent."""
        capabilities = self._wire.ask("ask what the server can do", "capabilities")
        identity = self._wire.ask("ask who answers", "id_") if self._wire.can("ID") else ()
        return ServerDescription(
            server=_server_name(identity) or self._wire.greeting(),
            capabilities=tuple(sorted(one.decode("ascii", "replace") for one in capabilities)),
            folders=tuple(self.folders()),
            sent=self.find_sent(),
        )

    def _must_be_open(self) -> FolderState:
        if self._opened is None or not self._wire.connected:
            raise Transient(
                f"No folder is open at {self.account.place}; the connection has to be made again."
            )
        return self._opened

    def _time_for(self, size: int) -> float:
        return self.account.operation_timeout + size / SLOWEST


def _special_use(flags: Sequence[bytes]) -> str | None:
    lower = {one.lower(): one for one in _SPECIAL}
    names = (bytes(flag).decode("ascii", "replace").lower() for flag in flags)
    return next((lower[name] for name in names if name in lower), None)


def _batches(sizes: dict[int, tuple[int, datetime]]) -> Iterator[list[int]]:
    """UIDs ascending, at most 100 and 8 MB together; an oversize mail stands alone."""
    batch: list[int] = []
    total = 0
    for uid in sorted(sizes):
        size = sizes[uid][0]
        if batch and (len(batch) == BATCH_MAILS or total + size > BATCH_BYTES or size > LARGEST_MAIL):
            yield batch
            batch, total = [], 0
        if size > LARGEST_MAIL:
            yield [uid]
            continue
        batch.append(uid)
        total += size
    if batch:
        yield batch


def _parts(uids: Sequence[int]) -> Iterator[list[int]]:
    return (list(uids[start : start + _UIDS_A_COMMAND]) for start in range(0, len(uids), _UIDS_A_COMMAND))


def _utc(date: datetime | None) -> datetime:
    if date is None:  # a date no one can read: as good as just arrived, so that it is not taken for history
        return datetime.now(UTC)
    return date.astimezone(UTC)


def _is_news(answer: Any) -> bool:  # noqa: ANN401 - imapclient has no types
    return isinstance(answer, tuple) and len(answer) > 1 and answer[1] in {b"EXISTS", b"RECENT"}


def _charset(value: str) -> str | None:
    return None if value.isascii() else "UTF-8"


def _server_name(identity: Any) -> str:  # noqa: ANN401 - imapclient has no types
    if not isinstance(identity, tuple):
        return ""
    words = [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in identity]
    pairs = dict(zip(words[::2], words[1::2], strict=False))
    return one_line(" ".join(pairs[key] for key in ("name", "version") if key in pairs))
