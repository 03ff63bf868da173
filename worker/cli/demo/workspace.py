"""The demo's folder: a team's settings, its database, its mail, and the letters and alerts that leave it.

A folder is a demo workspace when it holds our mark. Nothing is ever removed from any other, and from a workspace only
what the demo has put there.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from worker.adapters.samples import SampleMail
from worker.errors import Refused

OWN_ADDRESS = "support@kettlewell.example"
AGENT = "Bea Holt"
MARK = ".amends-demo"
READY = "A workspace made by `amends demo`. `amends demo --fresh` makes it anew.\n"
BEGUN = "A demo was begun here and not finished. `amends demo --fresh` makes it anew.\n"
REPLY = "a-reply-to-check.txt"

_MADE = (
    "amends.toml",
    "amends.db",
    "amends.db-wal",
    "amends.db-shm",
    "mail",
    "outbox",
    "alerts.txt",
    REPLY,
    MARK,
)

SETTINGS = f"""# The demo's settings: an invented shop. docs/configuration.md explains every setting;
# `amends init` writes a file like this one for a mailbox of yours.

[firm]
name = "Kettlewell & Daughters"
zone = "Europe/London"
# Whose public holidays are no business days.
country = "GB"
subdivision = "ENG"
addresses = ["{OWN_ADDRESS}"]

[hours]
opens = "09:00"
closes = "17:00"

[[people]]
# She runs the desk: every new case is hers until somebody else takes it.
name = "{AGENT}"
email = "{OWN_ADDRESS}"
role = "lead"
# Who is told when she does not answer an alert.
second = "Cal Reyes"

[[people]]
name = "Cal Reyes"
email = "cal@kettlewell.example"

# No [[mailboxes]]: the demo's mail comes from the folder `mail`, through `amends ingest`.
# Yours would stand here and be watched by `amends run`:
# [[mailboxes]]
# name = "support"
# address = "support@example.org"
# host = "imap.example.org"
# username = "support@example.org"
# password_env = "AMENDS_PASSWORD"

[sending]
# Approved letters are put in this folder and reach nobody.
kind = "maildir"
path = "outbox"

[database]
# SQLite: one file, no service to start.
url = "sqlite:///amends.db"

[alerts]
# The demo writes its alerts to alerts.txt. Yours would go to mail, chat or telephone services:
# channels_env = "AMENDS_ALERTS"
# Told at once, day or night, of a threat or of somebody in danger.
safety = "Cal Reyes"
"""

FAKE_REPLY = """Dear Ms Raman,

We are sorry if you feel that the teapot did not meet your expectations. Mistakes were made
in our warehouse. We apologise for any inconvenience caused.

Kind regards
"""


class AlertsFile:
    """The demo's channel: every alert is added to a file."""

    name = "alerts.txt"

    def __init__(self, path: Path) -> None:
        self.path = path

    def notify(self, title: str, body: str, kind: str, stable_id: str) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{title}\n{body}\n({kind}, {stable_id})\n\n")


def state_of(folder: Path) -> str:
    """What the mark says; '' where nothing is in the way. Raises Refused for a folder that is not ours."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return ""
    mark = folder / MARK
    if not mark.is_file():
        raise Refused(
            f"{folder} is there already and is no demo workspace; nothing was touched. "
            "Choose another: amends demo --folder NAME"
        )
    return mark.read_text("utf-8")


def clear(folder: Path) -> None:
    """Remove what a demo has put into its workspace. Raises Refused for a folder that is not ours."""
    if not state_of(folder):
        return
    for name in _MADE:  # the mark goes last, so that a clearing that was cut short can be done again
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def begin(folder: Path) -> None:
    """Make the folder, mark it as ours, and write what a person may want to read in it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text(BEGUN, "utf-8")
    (folder / "amends.toml").write_text(SETTINGS, "utf-8")
    (folder / REPLY).write_text(FAKE_REPLY, "utf-8")


def finish(folder: Path) -> None:
    (folder / MARK).write_text(READY, "utf-8")


def deliver(folder: Path, mails: Iterable[SampleMail]) -> None:
    """Put mails into the workspace's Maildir, as a mail server would."""
    for mail in mails:
        place = folder / "mail" if mail.folder == "INBOX" else folder / "mail" / f".{mail.folder}"
        for part in ("cur", "new", "tmp"):
            (place / part).mkdir(parents=True, exist_ok=True)
        name = f"{int(mail.arrived_at.timestamp())}.{mail.name}.demo:2,S"
        (place / "cur" / name).write_bytes(mail.raw)
