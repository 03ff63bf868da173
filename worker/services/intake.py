"""One mail, from its bytes to a case with a draft. Nothing is parsed before it is safe.

1. `keep`            the bytes are stored under (mailbox, folder, uidvalidity, uid); a key held is left alone
2. `take_in_waiting` tries are counted in the database before each; a batch that fails goes mail by mail
3. `take_in`         read, told apart (ours, a machine's, a person's), judged, put with its case, drafted
4. `set_aside`       a mail that fails three times keeps its bytes; a person is told, the next one goes on
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from worker.domain.alert import Alert, AlertKind
from worker.domain.case import Case
from worker.domain.mail import InboundMail
from worker.domain.post import TRIES, Author, KeptMail, KeptState, ReadMail
from worker.domain.reading import RawMail, Reading
from worker.domain.verdict import Judgement, MachineKind, Route, Verdict
from worker.errors import AmendsError, Broken, Transient
from worker.log import get_logger
from worker.ports import Database, Fetched, Rooms
from worker.services import bouncing, drafting, forging, opening, ours, resolving, watching
from worker.services.house import House
from worker.services.opening import Found

ROUND = 200  # mails taken up at once
ROUND_BYTES = 64_000_000  # of raw mail in memory at once
BATCH = 50  # mails in one transaction

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where a batch of fetched mails comes from."""

    mailbox: str
    folder: str
    uidvalidity: int
    since: datetime | None = None  # mail that arrived before it is history


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one round did."""

    taken_in: int = 0
    set_aside: int = 0
    drafts: int = 0

    @property
    def any(self) -> bool:
        return bool(self.taken_in or self.set_aside)

    def count(self, read: ReadMail) -> None:
        self.taken_in += 1
        self.drafts += read.route is Route.DRAFT

    def add(self, other: "Tally") -> None:
        self.taken_in += other.taken_in
        self.set_aside += other.set_aside
        self.drafts += other.drafts


def keep(database: Database, shelf: Shelf, fetched: Iterable[Fetched], *, now: datetime) -> list[KeptMail]:
    """Store the bytes of these mails; the ones that were held already are not returned."""
    rows = [(_kept(shelf, mail, now), mail.raw) for mail in fetched]
    with database.writing() as rooms:
        return rooms.kept.add_with_raw(rows)


def take_in_waiting(database: Database, house: House, *, now: datetime, limit: int = ROUND) -> Tally:
    """Take in the oldest mails that wait; an empty tally says that none did.

    Mails never tried go fifty to a transaction. One that was tried before (its batch failed, or the worker
    stopped in the middle) goes alone, so that it cannot take the others with it.
    """
    with database.writing() as rooms:
        waiting = rooms.kept.waiting(limit)
        tried = [kept for kept in waiting if kept.attempts]
        fresh = [] if tried else _that_fit(waiting)
        rooms.kept.count_attempt([kept.id for kept in fresh])
    if tried:
        return _take_in_one_by_one(database, house, tried, now=now)
    return _take_in_fresh(database, house, fresh, now=now)


def take_in(rooms: Rooms, house: House, kept: KeptMail, reading: Reading, *, now: datetime) -> ReadMail:
    """Carry one mail that has been read as far as it goes without a person."""
    read = _as_read(kept, reading.mail)
    first = rooms.mails.by_fingerprint(read.fingerprint)
    if first is None:
        return _take_in_new(rooms, house, kept, read, reading, now=now)
    held = forging.is_held(first) and not forging.looks_forged(rooms, house, kept, reading.mail)
    woken = first.is_history and not read.is_history  # history in one place, and new in another
    if not (held or woken):
        return rooms.mails.add(_as_copy(read, first))
    read = replace(read, case_id=first.case_id if woken else None)
    taken = _take_in_new(rooms, house, kept, read, reading, now=now)
    rooms.mails.save(_as_copy(first, taken))
    if held:
        forging.let_go(rooms, first, taken, now=now)
    return taken


def set_aside(rooms: Rooms, house: House, kept: KeptMail, reason: str, *, now: datetime) -> None:
    """Keep the mail's place and bytes, say why it could not be read, and tell a person."""
    rooms.kept.save(replace(kept, state=KeptState.SET_ASIDE, reason=reason))
    owner = house.owner_for(kept.mailbox)
    subject = f"Mail {kept.id} in {kept.mailbox}/{kept.folder} could not be read: {reason}"
    watching.raise_alert(
        rooms, house, Alert(kind=AlertKind.SET_ASIDE, subject=subject, told=(owner,), raised_at=now)
    )
    log.warning("mail_set_aside", mail=kept.id, mailbox=kept.mailbox)


def _that_fit(waiting: Sequence[KeptMail]) -> list[KeptMail]:
    """As many as may be in memory together, and at least one."""
    total, fitting = 0, list[KeptMail]()
    for kept in waiting:
        total += kept.size
        if fitting and total > ROUND_BYTES:
            break
        fitting.append(kept)
    return fitting


def _take_in_fresh(database: Database, house: House, fresh: Sequence[KeptMail], *, now: datetime) -> Tally:
    """Read ahead, and write a batch while the next is being read; what cannot be read goes alone."""
    tally = Tally()
    with database.reading() as rooms:
        raws = [_raw(rooms, kept) for kept in fresh]
    readings = house.read_all(raws)
    for start in range(0, len(fresh), BATCH):
        batch = [replace(kept, attempts=1) for kept in fresh[start : start + BATCH]]
        try:
            outcomes = [(kept, next(readings)) for kept in batch]
            _take_in_together(database, house, outcomes, tally, now=now)
            batch = [kept for kept, outcome in outcomes if isinstance(outcome, Broken)]
        except Transient:
            raise
        except Exception as fault:  # noqa: BLE001 - the edge of one unit of work: whatever it was, each mail gets its own
            log.info("batch_split", mails=len(batch), error=type(fault).__name__)
        tally.add(_take_in_one_by_one(database, house, batch, now=now))
    return tally


def _take_in_together(
    database: Database,
    house: House,
    outcomes: Sequence[tuple[KeptMail, Reading | Broken]],
    tally: Tally,
    *,
    now: datetime,
) -> None:
    together = Tally()
    with database.writing() as rooms:
        ours_to_do = rooms.kept.still_waiting([kept.id for kept, _ in outcomes])
        read = [
            (kept, told) for kept, told in outcomes if isinstance(told, Reading) and kept.id in ours_to_do
        ]
        for kept, reading in read:
            together.count(take_in(rooms, house, kept, reading, now=now))
        rooms.kept.finish([kept.id for kept, _ in read])
    tally.add(together)


def _take_in_one_by_one(
    database: Database, house: House, tried: Sequence[KeptMail], *, now: datetime
) -> Tally:
    tally = Tally()
    for kept in tried:
        reason = kept.reason or "the worker stopped every time it was read"
        for attempt in range(kept.attempts + 1, TRIES + 1):
            with database.writing() as rooms:
                rooms.kept.count_attempt([kept.id])
            failed = _try_one(database, house, replace(kept, attempts=attempt), tally, now=now)
            if failed is None:
                break
            reason = kept.reason or failed  # a server that would not give the mail has said why
        else:
            with database.writing() as rooms:
                set_aside(rooms, house, replace(kept, attempts=TRIES), reason, now=now)
            tally.set_aside += 1
    return tally


def _try_one(database: Database, house: House, kept: KeptMail, tally: Tally, *, now: datetime) -> str | None:
    """Take in one mail in a transaction of its own; what went wrong, or None."""
    try:
        with database.reading() as rooms:
            raw = _raw(rooms, kept)
        reading = house.read_one(raw)
        with database.writing() as rooms:
            if not rooms.kept.still_waiting([kept.id]):
                return None  # another process took it in meanwhile
            read = take_in(rooms, house, kept, reading, now=now)
            rooms.kept.finish([kept.id])
    except Transient:
        _give_try_back(database, kept)
        raise
    except AmendsError as fault:
        return str(fault)
    except Exception as fault:
        log.exception("mail_failed", mail=kept.id)
        return f"an error of ours ({type(fault).__name__})"
    tally.count(read)
    return None


def _give_try_back(database: Database, kept: KeptMail) -> None:
    """The world was not ready, which is no fault of this mail."""
    with suppress(Transient), database.writing() as rooms:
        standing = rooms.kept.get(kept.id)
        if standing is not None:
            rooms.kept.save(replace(standing, attempts=kept.attempts - 1))


def _raw(rooms: Rooms, kept: KeptMail) -> RawMail:
    raw = rooms.kept.raw(kept.sha256)
    return RawMail(raw=raw, size=kept.size, oversize=kept.oversize, arrived_at=kept.arrived_at)


def _take_in_new(
    rooms: Rooms, house: House, kept: KeptMail, read: ReadMail, reading: Reading, *, now: datetime
) -> ReadMail:
    if not (read.sender and house.is_ours(read.sender)):
        return _take_in_theirs(rooms, house, read, reading, now=now)
    if forging.looks_forged(rooms, house, kept, reading.mail):
        return forging.hold(rooms, house, read, reading.mail, now=now)
    taken = _take_in_ours(rooms, house, read, reading, now=now)
    bouncing.catch_up(rooms, house, taken, now=now)
    return taken


def _take_in_ours(rooms: Rooms, house: House, read: ReadMail, reading: Reading, *, now: datetime) -> ReadMail:
    """A mail from one of our addresses: a letter to a customer, a forward to ourselves, or talk among us."""
    inside = ours.mail_inside(house, reading.mail) if reading.machine is None else None
    if inside is None:
        return ours.take_in_ours(rooms, house, read, reading, now=now)
    judged = Reading(mail=inside, machine=None, judgement=house.judge(inside, None))
    return _take_in_theirs(rooms, house, ours.as_forwarded(read, inside), judged, now=now)


def _take_in_theirs(
    rooms: Rooms, house: House, read: ReadMail, reading: Reading, *, now: datetime
) -> ReadMail:
    """A mail from somebody else: put with its case when a person wrote it, and drafted for."""
    machine = reading.machine
    read = replace(read, author=Author.MACHINE if machine else Author.CUSTOMER, machine=machine)
    if machine is MachineKind.BOUNCE:
        bouncing.take_in_bounce(rooms, house, reading.mail, kept_id=read.kept_id, now=now)
    elif machine is None:
        resolving.answered(rooms, house, read, reading.mail, now=now)
    place = opening.find_place(rooms, house, read, reading.mail)
    read = _with_verdict(read, reading.judgement, for_person=_is_for_person(rooms, house, read, place))
    if machine and read.route is Route.NONE:
        return rooms.mails.add(read)
    case = opening.open_or_join(rooms, house, read, place, now=now)
    read = rooms.mails.add(replace(read, case_id=case.id))
    if not read.is_history:
        _answer(rooms, house, case, read, reading, place, now=now)
    return read


def _answer(
    rooms: Rooms, house: House, case: Case, read: ReadMail, reading: Reading, place: Found, *, now: datetime
) -> None:
    """What a customer's new mail sets off: approvals void, safety told at once, a draft proposed."""
    if not place.is_new:
        drafting.customer_wrote_again(rooms, case, read, now=now)
    if read.route is Route.SAFETY:
        watching.tell_safety(rooms, house, case, now=now)
    if read.verdict is Verdict.COMPLAINT and place.customer is not None:
        watching.tell_of_valued_customer(rooms, house, case, now=now)
    if read.route is Route.DRAFT and (place.is_new or drafting.wants_draft(rooms, house, case, now=now)):
        drafting.draft_acknowledgement(rooms, house, case, read, reading.particulars, now=now)


def _is_for_person(rooms: Rooms, house: House, read: ReadMail, place: Found) -> bool:
    """A claim we cannot trust, or a sender who has had the day's drafts (who has never written has had none)."""
    return place.is_claim or (place.customer is not None and drafting.is_capped(rooms, house, read))


def _with_verdict(read: ReadMail, judgement: Judgement, *, for_person: bool) -> ReadMail:
    told = judgement.for_a_person() if for_person else judgement
    return replace(
        read,
        language=told.language,
        verdict=told.verdict,
        severity=told.severity,
        route=told.route,
        judgement=replace(told, text=""),  # the words stand in `new_words`
    )


def _kept(shelf: Shelf, mail: Fetched, now: datetime) -> KeptMail:
    return KeptMail(
        mailbox=shelf.mailbox,
        folder=shelf.folder,
        uidvalidity=shelf.uidvalidity,
        uid=mail.uid,
        sha256=hashlib.sha256(mail.raw).hexdigest(),
        size=mail.size,
        oversize=mail.oversize,
        arrived_at=mail.internal_date,
        kept_at=now,
        reason=mail.error or "",
        is_history=shelf.since is not None and mail.internal_date < shelf.since,
    )


def _as_read(kept: KeptMail, mail: InboundMail) -> ReadMail:
    sender = mail.sender
    return ReadMail(
        kept_id=kept.id,
        case_id=None,
        author=Author.CUSTOMER,
        mailbox=kept.mailbox,
        message_id=mail.message_id,
        sender=sender.address if sender else "",
        sender_name=sender.name if sender else "",
        to=mail.to,
        cc=mail.cc,
        reply_to=mail.reply_to,
        subject=mail.subject,
        written_at=kept.arrived_at,
        new_words=mail.new_words,
        fingerprint=_fingerprint(mail),
        is_history=kept.is_history,
    )


def _fingerprint(mail: InboundMail) -> str:
    """The same for one mail that came by several ways, another for two mails that share a Message-ID."""
    parts = (
        mail.message_id or "",
        mail.sender.address if mail.sender else "",
        mail.header("date"),
        mail.subject,
        mail.text,
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _as_copy(read: ReadMail, first: ReadMail) -> ReadMail:
    """Another copy of a mail: it shares the case, and sets nothing off."""
    return replace(
        first,
        id=read.id,
        kept_id=read.kept_id,
        copy_of=first.id,
        mailbox=read.mailbox,
        route=None,
        judgement=None,
    )
