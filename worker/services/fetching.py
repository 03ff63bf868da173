"""What a watched folder holds and we do not is fetched and kept; nothing on the server is touched before that."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from worker.domain.post import FolderPlace
from worker.ports import Clock, Database, Fetched, MailServer
from worker.services import intake
from worker.services.intake import Shelf
from worker.settings import Mailbox

BATCH = 100  # mails kept in one transaction
BATCH_BYTES = 8 * 1024 * 1024  # or fewer, when they are large


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """One mailbox being read."""

    box: Mailbox
    server: MailServer
    since: datetime | None


def watched_folders(fetching: Fetching) -> list[str]:
    """The folders customers' mail arrives in, and the one our letters are filed in."""
    sent = None if fetching.box.sent == "" else fetching.server.find_sent(fetching.box.sent)
    return list(dict.fromkeys([*fetching.box.folders, *([sent] if sent else [])]))


def fetch_folder(database: Database, fetching: Fetching, folder: str, *, clock: Clock) -> int:
    """Fetch and keep every mail of a folder that is not held; how many there were."""
    state = fetching.server.select(folder)
    shelf = Shelf(
        mailbox=fetching.box.name, folder=folder, uidvalidity=state.uidvalidity, since=fetching.since
    )
    missing = _missing(database, shelf, fetching.server.list_uids())
    kept = 0
    for batch in _batches(fetching.server.fetch_raw(missing)):
        kept += len(intake.keep(database, shelf, batch, now=clock.now()))
        _after_keeping(fetching, folder, [mail.uid for mail in batch if mail.error is None])
    _note_look(database, shelf, max(missing, default=0), now=clock.now())
    return kept


def since_for(database: Database, box: Mailbox, *, now: datetime) -> datetime:
    """Mail before this instant is history: as the settings say, else the moment of the first start."""
    if box.since is not None:
        return box.since
    name = f"since:{box.name}"
    with database.reading() as rooms:
        known = rooms.facts.get(name)
    if known is None:
        with database.writing() as rooms:
            rooms.facts.put(name, now.isoformat())
        return now
    return datetime.fromisoformat(known)


def _missing(database: Database, shelf: Shelf, on_server: Sequence[int]) -> list[int]:
    with database.reading() as rooms:
        held = rooms.kept.held_uids(shelf.mailbox, shelf.folder, shelf.uidvalidity)
    return sorted(set(on_server) - held)


def _batches(mails: Iterable[Fetched]) -> Iterator[list[Fetched]]:
    """The mails as they come, never more of them at once than memory should hold."""
    batch: list[Fetched] = []
    size = 0
    for mail in mails:
        batch.append(mail)
        size += len(mail.raw)
        if len(batch) == BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _after_keeping(fetching: Fetching, folder: str, uids: Sequence[int]) -> None:
    """The flag or move that the team asked for, now that the bytes are safe."""
    if not uids or folder not in fetching.box.folders:
        return
    if flag := fetching.box.flag_after_intake:
        fetching.server.flag(uids, flag)
    if target := fetching.box.folder_after_intake:
        fetching.server.move(uids, target)


def _note_look(database: Database, shelf: Shelf, highest: int, *, now: datetime) -> None:
    with database.writing() as rooms:
        known = rooms.folders.where(mailbox=shelf.mailbox, folder=shelf.folder, uidvalidity=shelf.uidvalidity)
        if known:
            place = known[0]
            rooms.folders.save(replace(place, highest_uid=max(highest, place.highest_uid), looked_at=now))
            return
        place = FolderPlace(mailbox=shelf.mailbox, folder=shelf.folder, uidvalidity=shelf.uidvalidity)
        rooms.folders.add(replace(place, highest_uid=highest, looked_at=now))
