"""Stand-ins for the world in tests of what works with it; each passes the contract tests of the real one."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from typing import Self

from worker.adapters.imap import FetchedMail, Folder, FolderMissing, FolderState, ServerDescription
from worker.adapters.imap.wire import refuse_control_characters
from worker.adapters.smtp import check_letter
from worker.errors import Transient
from worker.ports import Accepted, FailedBefore, SendOutcome, Unknown


@dataclass
class _FakeFolder:
    uidvalidity: int = 1
    uidnext: int = 1
    mails: dict[int, FetchedMail] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)


class FakeMailbox:
    """ImapMailbox in memory. `deliver`, `rebuild` and `fail` are the test's levers."""

    def __init__(self) -> None:
        self.held: dict[str, _FakeFolder] = {"INBOX": _FakeFolder(), "Sent": _FakeFolder()}
        self.connected = False
        self._opened: str | None = None
        self._listed_top = 0
        self._errors: list[Exception] = []

    # Levers

    def deliver(self, raw: bytes, folder: str = "INBOX", internal_date: datetime | None = None) -> int:
        """A mail arrives; returns its UID."""
        place = self.held.setdefault(folder, _FakeFolder())
        uid = place.uidnext
        place.mails[uid] = FetchedMail(
            uid=uid, raw=raw, internal_date=internal_date or datetime.now(UTC), size=len(raw)
        )
        place.uidnext += 1
        return uid

    def rebuild(self, folder: str = "INBOX") -> None:
        """The server gives new UIDs under a new UIDVALIDITY."""
        place = self.held[folder]
        mails = list(place.mails.values())
        self.held[folder] = _FakeFolder(uidvalidity=place.uidvalidity + 1)
        for mail in mails:
            self.deliver(mail.raw, folder, mail.internal_date)

    def fail(self, *errors: Exception) -> None:
        """The next calls end in these, and the connection is gone each time."""
        self._errors.extend(errors)

    # What ImapMailbox has

    def __enter__(self) -> Self:
        self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def connect(self) -> None:
        self._opened = None
        self._perhaps_fail()
        self.connected = True

    def close(self) -> None:
        self.connected, self._opened = False, None

    def folders(self) -> list[Folder]:
        self._perhaps_fail()
        return [Folder(name=name, special_use="\\Sent" if name == "Sent" else None) for name in self.held]

    def find_sent(self, name: str | None = None) -> str | None:
        wanted = name or "Sent"
        if wanted in {folder.name for folder in self.folders()}:
            return wanted
        if name is not None:
            raise FolderMissing(f"There is no folder {name}.")
        return None

    def select(self, folder: str) -> FolderState:
        refuse_control_characters(folder)
        self._perhaps_fail()
        if folder not in self.held:
            self.close()
            raise FolderMissing(f"There is no folder {folder}.")
        self.connected, self._opened, self._listed_top = True, folder, 0
        place = self.held[folder]
        return FolderState(
            name=folder, uidvalidity=place.uidvalidity, uidnext=place.uidnext, exists=len(place.mails)
        )

    def list_uids(self, since_uid: int = 1) -> list[int]:
        place = self._place()
        self._listed_top = place.uidnext - 1
        return sorted(uid for uid in place.mails if uid >= since_uid)

    def fetch_sizes(self, uids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
        mails = self._place().mails
        return {uid: (mails[uid].size, mails[uid].internal_date) for uid in uids if uid in mails}

    def fetch_raw(self, uids: Sequence[int]) -> Iterator[FetchedMail]:
        for uid in sorted(uids):
            mail = self._place().mails.get(uid)
            if mail is not None:
                yield mail

    def wait(self, seconds: float, *, stop: threading.Event | None = None) -> bool:
        place = self._place()
        if place.uidnext - 1 > self._listed_top:
            return True
        (stop or threading.Event()).wait(min(seconds, 0.01))
        return place.uidnext - 1 > self._listed_top

    def flag(self, uids: Sequence[int], flag: str) -> None:
        refuse_control_characters(flag)
        place = self._place()
        for uid in uids:
            place.flags.setdefault(uid, set()).add(flag)

    def move(self, uids: Sequence[int], folder: str) -> None:
        refuse_control_characters(folder)
        place = self._place()
        for uid in uids:
            mail = place.mails.pop(uid, None)
            if mail is not None:
                self.deliver(mail.raw, folder, mail.internal_date)

    def append(self, folder: str, raw: bytes, flags: Sequence[str], at: datetime) -> None:
        refuse_control_characters([folder, *flags])
        self._perhaps_fail()
        if folder not in self.held:
            self.close()
            raise Transient(f"Could not file a letter: there is no folder {folder}.")
        uid = self.deliver(raw, folder, at)
        self.held[folder].flags[uid] = set(flags)

    def search_header(self, folder: str, name: str, value: str) -> list[int]:
        refuse_control_characters([folder, name, value])
        before = self._opened
        self.select(folder)
        found = [
            uid
            for uid, mail in self.held[folder].mails.items()
            if any(value.lower() in str(one).lower() for one in _headers(mail.raw, name))
        ]
        self._opened = before or folder
        return sorted(found)

    def describe(self) -> ServerDescription:
        return ServerDescription(
            server="a fake", capabilities=("IMAP4REV1",), folders=tuple(self.folders()), sent=self.find_sent()
        )

    def _place(self) -> _FakeFolder:
        self._perhaps_fail()
        if self._opened is None:
            raise Transient("No folder is open; the connection has to be made again.")
        return self.held[self._opened]

    def _perhaps_fail(self) -> None:
        if self._errors:
            self.close()
            raise self._errors.pop(0)


def _headers(raw: bytes, name: str) -> list[object]:
    return list(BytesHeaderParser().parsebytes(raw).get_all(name, []))


@dataclass(frozen=True, kw_only=True)
class SentLetter:
    envelope_from: str
    recipients: tuple[str, ...]
    raw: bytes


class FakeSender:
    """SmtpSender in memory: `letters` holds what it took; `next_outcomes` are given before Accepted."""

    def __init__(self) -> None:
        self.letters: list[SentLetter] = []
        self.next_outcomes: list[SendOutcome] = []
        self.keeps_unknown = False  # does the server hold a letter whose outcome is given as unknown?

    def send(
        self, envelope_from: str, recipients: Sequence[str], raw: bytes, before_data: Callable[[], None]
    ) -> SendOutcome:
        check_letter(envelope_from, recipients, raw)
        outcome = self.next_outcomes.pop(0) if self.next_outcomes else Accepted(response="250 taken")
        if isinstance(outcome, FailedBefore):
            return outcome
        before_data()
        if isinstance(outcome, Accepted) or (isinstance(outcome, Unknown) and self.keeps_unknown):
            self.letters.append(
                SentLetter(envelope_from=envelope_from, recipients=tuple(recipients), raw=raw)
            )
        return outcome


@dataclass(frozen=True, kw_only=True)
class ToldAlert:
    title: str
    body: str
    kind: str
    stable_id: str


class FakeChannel:
    """AppriseChannel in memory: `told` holds what it took; while `down`, nothing gets through."""

    def __init__(self, name: str = "ops") -> None:
        self.name = name
        self.told: list[ToldAlert] = []
        self.down = False

    def notify(self, title: str, body: str, kind: str, stable_id: str) -> None:
        if self.down:
            raise Transient(f"The channel {self.name} ({self.describe()}) did not take the alert: it is down")
        self.told.append(ToldAlert(title=title, body=body, kind=kind, stable_id=stable_id))

    def describe(self) -> str:
        return "fake://***"
