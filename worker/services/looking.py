"""What a team's own past mail says: complaints never answered, promises kept, late, and never followed up.

Works on a workspace that is thrown away afterwards: every mail goes through the same intake as in the long run.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.domain.case import Case, CaseKind
from worker.domain.post import Author, ReadMail
from worker.domain.promise import Ending, Promise
from worker.domain.verdict import Verdict
from worker.ports import Database, Fetched, Rooms
from worker.services import intake
from worker.services.house import House
from worker.services.intake import Shelf
from worker.services.wording_of_alerts import customer_name

BATCH = 100
SENTENCE_ENDS = (". ", ".\n", "! ", "!\n", "? ", "?\n", "\n\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A complaint that nobody of ours has written back to."""

    case_id: int
    customer: str
    subject: str
    complained_at: datetime
    words: str  # the sentence that gave it away


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """A promise of ours and what became of it."""

    customer: str
    words: str
    by: str
    made_at: datetime
    due_at: datetime | None
    told_at: datetime | None  # the contact that ended it


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a look found. Promises without a readable time are in `vague` only."""

    mails: int
    from_people: int
    from_machines: int
    ours: int
    unreadable: int
    complaints: int
    unclassified: int
    safety: int
    unanswered: tuple[Unanswered, ...]
    kept: tuple[Promised, ...]
    late: tuple[Promised, ...]
    never_followed: tuple[Promised, ...]
    running: tuple[Promised, ...]  # not yet due
    vague: tuple[Promised, ...]

    @property
    def promises(self) -> int:
        return sum(map(len, (self.kept, self.late, self.never_followed, self.running, self.vague)))


def read_past(
    database: Database, house: House, mails: Iterable[tuple[str, Fetched]], *, now: datetime
) -> None:
    """Take the mails in, each with its folder, a batch at a time, and forget their bytes.

    They must come in the order they arrived: an answer read before its question answers nothing.
    """
    for batch in _batches(mails):
        for folder in dict.fromkeys(folder for folder, _ in batch):
            shelf = Shelf(mailbox="look", folder=folder, uidvalidity=1)
            here = [mail for place, mail in batch if place == folder]
            intake.keep(database, shelf, here, now=now)
        while intake.take_in_waiting(database, house, now=now).any:
            pass
        with database.writing() as rooms:
            rooms.kept.forget_bytes()


def what_was_found(rooms: Rooms, *, now: datetime) -> Past:
    """Everything a look reports, the oldest first."""
    mails = [read for read in rooms.mails.where(copy_of=None) if read.kept_id is not None]
    promises = [(promise, _told(rooms, promise)) for promise in rooms.promises.where()]
    theirs = [read for read in mails if read.author is Author.CUSTOMER]
    complaints = rooms.cases.where(kind=CaseKind.COMPLAINT)
    return Past(
        mails=rooms.kept.count(),
        from_people=len(theirs),
        from_machines=sum(read.author is Author.MACHINE for read in mails),
        ours=sum(read.author in {Author.OURS, Author.INTERNAL} for read in mails),
        unreadable=rooms.kept.count(state="set_aside"),
        complaints=len(complaints),
        unclassified=rooms.cases.count(kind=CaseKind.UNCLASSIFIED),
        safety=rooms.cases.count(state="safety"),
        unanswered=tuple(found for case in complaints if (found := _unanswered(rooms, case))),
        kept=_which(promises, lambda promise: promise.ending is Ending.KEPT),
        late=_which(promises, lambda promise: promise.ending is Ending.LATE),
        never_followed=_which(
            promises, lambda promise: promise.is_overdue(now) or promise.outcome(now) == "broken"
        ),
        running=_which(
            promises,
            lambda promise: promise.is_watched and promise.due_at is not None and promise.due_at >= now,
        ),
        vague=_which(promises, lambda promise: promise.is_watched and promise.due_at is None),
    )


def _batches(mails: Iterable[tuple[str, Fetched]]) -> Iterator[list[tuple[str, Fetched]]]:
    batch: list[tuple[str, Fetched]] = []
    for mail in mails:
        batch.append(mail)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _which(
    promises: Sequence[tuple[Promise, Promised]], wanted: Callable[[Promise], bool]
) -> tuple[Promised, ...]:
    return tuple(told for promise, told in promises if wanted(promise))


def _told(rooms: Rooms, promise: Promise) -> Promised:
    letter = rooms.mails.get(promise.mail_id) if promise.mail_id else None
    contact = rooms.contacts.get(promise.contact_id) if promise.contact_id else None
    return Promised(
        customer=customer_name(rooms, promise.case_id),
        words=promise.words,
        by=(letter.sender_name or letter.sender) if letter else promise.owner,
        made_at=promise.made_at,
        due_at=promise.due_at,
        told_at=contact.at if contact else None,
    )


def _newest_complaint(rooms: Rooms, case: Case) -> ReadMail | None:
    complaints = [read for read in rooms.mails.of_case(case.id) if read.verdict is Verdict.COMPLAINT]
    return complaints[-1] if complaints else None


def _unanswered(rooms: Rooms, case: Case) -> Unanswered | None:
    """The newest complaint of a case, when nobody has reached the customer since."""
    newest = _newest_complaint(rooms, case)
    if newest is None or (case.last_contact_at is not None and case.last_contact_at >= newest.written_at):
        return None
    return Unanswered(
        case_id=case.id,
        customer=customer_name(rooms, case.id),
        subject=newest.subject,
        complained_at=newest.written_at,
        words=_giveaway(newest),
    )


def _giveaway(read: ReadMail) -> str:
    """The sentence around the weightiest words of evidence; the subject where it alone gave it away."""
    evidence = [one for one in (read.judgement.evidence if read.judgement else ()) if not one.weakened]
    if not evidence:
        return read.subject
    strongest = max(evidence, key=lambda one: (one.field == "text", one.weight))
    if strongest.field == "subject":
        return read.subject
    before, after = read.new_words[: strongest.start], read.new_words[strongest.end :]
    start = max((before.rfind(mark) + len(mark) for mark in SENTENCE_ENDS if mark in before), default=0)
    ends = [after.find(mark) + 1 for mark in SENTENCE_ENDS if mark in after]
    return " ".join((before[start:] + strongest.text + after[: min(ends, default=len(after))]).split())
