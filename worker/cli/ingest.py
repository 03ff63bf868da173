"""`amends ingest`: take in mail from files, through the same intake as a mailbox that is watched.

1. Every mail found in the files is kept, unless this mailbox's folder holds the same bytes already.
2. What was kept is then taken in oldest first, so that an answer meets what it answers.

A mail from a file is keyed as one from a server is; its uidvalidity is 0, which no server gives, and its uid the next
free number of the folder.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import click

from worker.adapters.envelope import read_envelope
from worker.adapters.mailfiles import LARGEST_MAIL, FoundMail, count_mails, walk_mails
from worker.app import App, opened
from worker.cli.console import (
    heading,
    json_option,
    note,
    print_json_line,
    sentence,
    settings_option,
    track,
)
from worker.log import start_logging
from worker.services import intake, telling
from worker.services.accounts import Accounts, account_for
from worker.services.intake import Shelf
from worker.settings import load_settings

UNUSABLE = 2  # the exit code when some input could not be read
BATCH = 50  # mails kept at once, and
BATCH_BYTES = 16 * 1024 * 1024  # no more than these
FROM_FILES = 0  # the uidvalidity of what came from files


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledMail:
    """A mail of a file in the shape that a server's has."""

    uid: int
    raw: bytes
    internal_date: datetime
    size: int
    oversize: bool
    error: str | None = None


@dataclass(slots=True, kw_only=True)
class Ingested:
    """What became of the mails of some files."""

    found: int = 0
    kept: int = 0  # of them new to us
    unreadable: list[FoundMail] = field(default_factory=list)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--mailbox",
    default="files",
    show_default=True,
    metavar="NAME",
    help="The mailbox to put the mail down to.",
)
@click.option(
    "--since",
    type=click.DateTime(("%Y-%m-%d",)),
    metavar="DATE",
    help="Older mail is history: no draft, no promise, no alert. Without it nothing is.",
)
@settings_option
@json_option
def ingest(
    paths: tuple[Path, ...],
    mailbox: str,
    since: datetime | None,
    settings_path: Path | None,
    *,
    as_json: bool,
) -> int:
    """Take in mail from files: mbox, Maildir, folders of .eml, single mails.

    Running it again takes nothing in twice. A mail counts from its topmost Received line, else from its Date. The files
    themselves are only read.

    Exit code 2: something could not be read (it is named, the rest is taken in).
    """
    start_logging(level="error")  # what was set aside is told at the end
    settings = load_settings(settings_path)
    begins = since.replace(tzinfo=settings.zone) if since else None
    with opened(settings) as app:
        shelf = Shelf(mailbox=mailbox, folder="", uidvalidity=FROM_FILES, since=begins)
        done = keep_mails(
            app, shelf, track(walk_mails(paths), total=count_mails(paths), label="Keeping", quiet=as_json)
        )
        for _ in track(take_in_all(app), total=done.kept, label="Taking in", quiet=as_json):
            pass
        _tell(app, done, as_json=as_json)
    return UNUSABLE if done.unreadable else 0


def keep_mails(app: App, shelf: Shelf, mails: Iterator[FoundMail]) -> Ingested:
    """Keep the bytes of every mail that is not held; `shelf.folder` is taken from each mail."""
    done = Ingested()
    for batch in _batches(mails, done):
        for folder, found in groupby(batch, key=lambda mail: mail.folder):
            here = Shelf(
                mailbox=shelf.mailbox, folder=folder, uidvalidity=shelf.uidvalidity, since=shelf.since
            )
            done.kept += _keep_new(app, here, list(found))
    return done


def take_in_all(app: App, *, batch: int = intake.ROUND) -> Iterator[None]:
    """Take in everything that waits, with one item for each mail."""
    while (tally := intake.take_in_waiting(app.database, app.house, now=app.clock.now(), limit=batch)).any:
        yield from [None] * (tally.taken_in + tally.set_aside)


def arrived_at(raw: bytes, *, now: datetime) -> datetime:
    """When a mail of a file came, as its headers tell; never later than now, and now where they do not tell."""
    at = read_envelope(raw).arrived_at
    return min(at.astimezone(UTC), now) if at else now


def _batches(mails: Iterator[FoundMail], done: Ingested) -> Iterator[list[FoundMail]]:
    """The mails that have bytes, some at a time; the others are noted in `done`."""
    batch: list[FoundMail] = []
    size = 0
    for found in mails:
        mail = _delivered(found)
        if mail.raw is None:
            done.unreadable.append(mail)
            continue
        done.found += 1
        batch.append(mail)
        size += len(mail.raw)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _delivered(found: FoundMail) -> FoundMail:
    """What a server has put into a Maildir came by mail, whatever it looks like: its bytes are kept."""
    path = Path(found.path)
    if found.raw is not None or not found.folder or path.parent.name not in {"cur", "new"}:
        return found
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_MAIL)
    except OSError:
        return found
    return FoundMail(path=found.path, raw=raw, error=None, folder=found.folder, key=sha256(raw).hexdigest())


def _keep_new(app: App, shelf: Shelf, found: Sequence[FoundMail]) -> int:
    """How many of these were new.

    Numbers that another run has taken in the meantime are refused; what they were for is numbered again.
    """
    now, kept = app.clock.now(), 0
    by_key = {mail.key: mail for mail in found}
    while new := _not_held(app, shelf, by_key):
        last = _last_uid(app, shelf)
        filed = [_filed(mail, last + place, now=now) for place, mail in enumerate(new, 1)]
        kept += len(intake.keep(app.database, shelf, filed, now=now))
    return kept


def _not_held(app: App, shelf: Shelf, by_key: dict[str, FoundMail]) -> list[FoundMail]:
    with app.database.reading() as rooms:
        rows = rooms.kept.where(mailbox=shelf.mailbox, folder=shelf.folder, sha256=tuple(by_key))
    held = {row.sha256 for row in rows}
    return [mail for key, mail in by_key.items() if key not in held]


def _last_uid(app: App, shelf: Shelf) -> int:
    with app.database.reading() as rooms:
        newest = rooms.kept.where(
            mailbox=shelf.mailbox,
            folder=shelf.folder,
            uidvalidity=shelf.uidvalidity,
            newest_first=True,
            limit=1,
        )
    return newest[0].uid if newest else 0


def _filed(mail: FoundMail, uid: int, *, now: datetime) -> FiledMail:
    raw = mail.raw or b""
    return FiledMail(
        uid=uid, raw=raw, internal_date=arrived_at(raw, now=now), size=len(raw), oversize=mail.oversize
    )


def _tell(app: App, done: Ingested, *, as_json: bool) -> None:
    with app.database.reading() as rooms:
        accounts = account_for(rooms)
        lines = telling.where_mail_went(accounts)
        owed = telling.overdue(rooms, app.house, now=app.clock.now())
    for mail in done.unreadable:
        if as_json:
            print_json_line({"path": mail.path, "error": mail.error})
        else:
            note(mail.error or f"{mail.path} cannot be read.")
    if as_json:
        print_json_line(_counts(done, accounts))
        return
    sentence(_what_was_found(done))
    heading("All mail so far, and where it went")
    for line in lines:
        sentence(line)
    if owed:
        heading("Overdue")
    for line in owed:
        sentence(line)


def _counts(done: Ingested, accounts: Accounts) -> dict[str, object]:
    return {
        "found": done.found,
        "taken_in": done.kept,
        "held_already": done.found - done.kept,
        "unreadable": len(done.unreadable),
        "came": accounts.came,
        "places": {place.value: count for place, count in accounts.places},
    }


def _what_was_found(done: Ingested) -> str:
    found = "1 mail was found" if done.found == 1 else f"{done.found} mails were found"
    held = done.found - done.kept
    if not held:
        return f"{found}, all new." if done.found != 1 else f"{found}, and it is new."
    if not done.kept:
        return f"{found}, none of them new: nothing was taken in twice."
    return f"{found}: {done.kept} new, {held} held already."
