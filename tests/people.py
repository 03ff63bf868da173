"""The cast of the tests: agent Bea, lead Cal, customer Ada, outsider Dan; their firm, their mail, their clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import count
from pathlib import Path
from typing import Any

from worker.app import App
from worker.domain.post import ReadMail
from worker.services import intake
from worker.services.intake import Shelf
from worker.settings import Settings, read_settings

ADA = "ada@example.org"  # the customer
BEA = "bea@example.test"  # the agent; owns new cases
CAL = "cal@example.test"  # the lead
DAN = "dan@example.org"  # an outsider
SUPPORT = "support@example.test"
NAMES = {
    ADA: "Ada Lovell",
    BEA: "Bea Holt",
    CAL: "Cal Reyes",
    DAN: "Dan Ocker",
    SUPPORT: "Example Kettles",
}

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a business day, an hour after opening in London
BROKEN_PROMISE = (
    "My kettle was promised for last Tuesday and it still has not arrived.\n"
    "This is the second time I have had to write about order 48213. I am very disappointed."
)
QUESTION = "Could you tell me which filters fit the small kettle? Many thanks."
THREAT = "I have had enough. I am going to kill the driver who did this."

_numbers = count(1)
_uids = count(1)  # of every office in this process: a second one on the same database goes on counting


def team(folder: Path = Path(), **changes: Any) -> Settings:
    """The firm's settings; `changes` replace whole tables."""
    return read_settings(team_table(folder) | changes, folder=folder)


def team_table(folder: Path = Path()) -> dict[str, Any]:
    return {
        "firm": {"name": "Example Kettles", "zone": "Europe/London", "country": "GB", "subdivision": "ENG"},
        "people": [
            {"name": "Bea Holt", "email": BEA},
            {"name": "Cal Reyes", "email": CAL, "role": "lead"},
        ],
        "mailboxes": [
            {
                "name": "support",
                "address": SUPPORT,
                "host": "imap.example.test",
                "username": "support",
                "password_env": "SUPPORT_PASSWORD",
                "owner": "Bea Holt",
            }
        ],
        "sending": {"kind": "maildir", "path": str(folder / "outbox")},
    }


SETTINGS_FILE = f"""
[firm]
name = "Example Kettles"
zone = "Europe/London"
country = "GB"
subdivision = "ENG"

[[people]]
name = "Bea Holt"
email = "{BEA}"

[[people]]
name = "Cal Reyes"
email = "{CAL}"
role = "lead"

[[mailboxes]]
name = "support"
address = "{SUPPORT}"
host = "imap.example.test"
username = "support"
password_env = "SUPPORT_PASSWORD"
owner = "Bea Holt"

[sending]
kind = "maildir"
path = "outbox"
"""
"""The same team as a file, for tests of commands."""


def mail(
    text: str = BROKEN_PROMISE,
    *,
    sender: str = ADA,
    to: str = SUPPORT,
    subject: str = "My kettle",
    at: datetime = MONDAY,
    answers: str | None = None,
    message_id: str | None = None,
    **headers: str,
) -> bytes:
    """A mail as bytes; `answers` is the Message-ID it replies to, further headers as Auto_Submitted="yes"."""
    letter = EmailMessage()
    letter["From"] = f"{NAMES.get(sender, '')} <{sender}>"
    letter["To"] = to
    letter["Subject"] = subject
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = message_id or f"<mail-{next(_numbers)}@{sender.partition('@')[2]}>"
    if answers:
        letter["In-Reply-To"] = letter["References"] = answers
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter.as_bytes()


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """One mail as a server would give it."""

    uid: int
    raw: bytes
    internal_date: datetime
    size: int = 0
    oversize: bool = False
    error: str | None = None


@dataclass
class SetClock:
    """A clock that stands still until a test moves it."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


@dataclass
class Office:
    """The program at work in a test: mail arrives, time passes."""

    app: App
    clock: SetClock

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def keep(
        self,
        raw: bytes,
        *,
        at: datetime | None = None,
        mailbox: str = "support",
        folder: str = "INBOX",
        since: datetime | None = None,
    ) -> None:
        """The bytes are kept, and nothing else is done yet."""
        shelf = Shelf(mailbox=mailbox, folder=folder, uidvalidity=1, since=since)
        arrived = Arrived(uid=next(_uids), raw=raw, internal_date=at or self.now, size=len(raw))
        intake.keep(self.app.database, shelf, [arrived], now=self.now)

    def arrive(self, raw: bytes, **place: Any) -> ReadMail:
        """The mail is kept and taken in; what was read of it."""
        self.keep(raw, **place)
        self.work()
        with self.app.database.reading() as rooms:
            return rooms.mails.where(newest_first=True, limit=1)[0]

    def work(self) -> None:
        """Take in whatever waits."""
        while intake.take_in_waiting(self.app.database, self.app.house, now=self.now).any:
            pass
