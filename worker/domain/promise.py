"""What becomes of a promise: made, watched, and ended only when the customer has been told.

A promise is what we told a customer we would do. Doing the work does not end it; telling the customer
does. What one contact does to one promise is decided here, in the order of `effect_of`:

1. what the agent said at approval;
2. a new date for the same thing: the old promise is superseded, both dates are kept;
3. the work was marked done before, or the letter itself reports it done: settled;
4. the contact comes at or after the due time: settled, late or kept as it may be;
5. anything earlier is interim: it is kept on the promise, and the promise stays open.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class PromiseState(StrEnum):
    UNCONFIRMED = "unconfirmed"  # read from a letter found in a mailbox; only its owner is told
    OPEN = "open"
    SETTLED = "settled"
    SUPERSEDED = "superseded"  # a later letter gave a new date for the same thing
    WITHDRAWN = "withdrawn"  # misread, or the customer let us off
    VOID = "void"  # its letter bounced, was refused or cancelled: nobody was promised anything


WATCHED = frozenset({PromiseState.UNCONFIRMED, PromiseState.OPEN})


class Ending(StrEnum):
    KEPT = "kept"  # contacted no later than due
    LATE = "late"  # contacted after it
    MISREAD = "misread"
    RELEASED = "released_by_customer"


class PromiseSource(StrEnum):
    LETTER = "letter"  # a letter approved here
    FOUND = "found"  # a reply of ours seen in a watched folder
    PHONE = "phone"  # added by hand
    IMPORTED = "imported"  # from an old system


class SettledBy(StrEnum):
    """What a team lets end a promise (`promises.settled_by`)."""

    EVIDENCE = "evidence"
    ANY_CONTACT = "any_contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One commitment to one customer. Instants are aware; `due_at` None means no time was given."""

    id: int = 0  # 0 until it is kept
    case_id: int
    words: str  # the sentence, as the customer read it
    strength: str = "firm"  # firm | hedged | vague
    made_at: datetime  # the letter's Date, or when the call was made
    due_at: datetime | None
    zone: str  # IANA name of the zone the due time was promised in
    reading: str = ""  # how the due time was read, in words
    look_again_at: datetime | None = None  # stands in for a due time that was not given or not sure
    owner: str
    source: PromiseSource
    state: PromiseState = PromiseState.OPEN
    ending: Ending | None = None
    ended_at: datetime | None = None
    mail_id: int | None = None  # the letter it was found in
    delivery_id: int | None = None  # the letter it went out with
    contact_id: int | None = None  # the contact that settled it
    superseded_by: int | None = None
    work_done_at: datetime | None = None
    interim_at: datetime | None = None  # the last contact that did not end it
    question_contact_id: int | None = None  # "does this settle it?" is open about this contact
    uncertain: bool = False  # nobody knows whether its letter left
    next_alert_at: datetime | None = None
    alerts_sent: int = 0  # notices since due; how high the next one goes

    @property
    def watch_at(self) -> datetime | None:
        """When somebody must look: the due time, or the look-again time where none was given."""
        return self.due_at or self.look_again_at

    @property
    def is_watched(self) -> bool:
        return self.state in WATCHED

    def is_overdue(self, now: datetime) -> bool:
        """Overdue when now is later than due, and nobody has told the customer since."""
        return self.is_watched and self.due_at is not None and now > self.due_at

    def outcome(self, now: datetime) -> str:
        """How reports count it: kept, late, broken, open, withdrawn or void."""
        if self.state is PromiseState.SETTLED and self.ending:
            return self.ending.value
        past_due = self.due_at is not None and (self.ended_at or now) > self.due_at
        if past_due and self.state in {PromiseState.SUPERSEDED, PromiseState.VOID, *WATCHED}:
            return "broken"
        return "open" if self.is_watched else self.state.value


class Effect(StrEnum):
    """What a contact does to a promise."""

    SETTLES = "settles"
    SUPERSEDES = "supersedes"
    INTERIM = "interim"
    NONE = "none"  # the promise had ended, or was made with or after this contact


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """What there is to know about one contact when its promises are looked at."""

    at: datetime
    reports_done: bool = False  # the letter itself says that the work is done
    said_settles: frozenset[int] = frozenset()  # promise ids the agent said it settles
    said_not: frozenset[int] = frozenset()  # promise ids the agent said it does not settle
    redates: frozenset[int] = frozenset()  # promise ids that a promise in this letter gives a new date
    made_here: frozenset[int] = frozenset()  # promise ids that this very letter makes


def effect_of(promise: Promise, contact: ContactFacts, settled_by: SettledBy) -> Effect:
    """Decide what `contact` does to `promise`; the numbered steps stand in the module docstring."""
    if not promise.is_watched or promise.id in contact.made_here or contact.at <= promise.made_at:
        return Effect.NONE
    if promise.id in contact.said_settles:
        return Effect.SETTLES
    if promise.id in contact.redates:
        return Effect.SUPERSEDES
    if promise.id in contact.said_not:
        return Effect.INTERIM
    done = contact.reports_done or (promise.work_done_at is not None and promise.work_done_at <= contact.at)
    came_due = promise.due_at is not None and contact.at >= promise.due_at
    if done or came_due or settled_by is SettledBy.ANY_CONTACT:
        return Effect.SETTLES
    return Effect.INTERIM


def settle(promise: Promise, *, contact_id: int | None, at: datetime) -> Promise:
    """The customer was told: kept when no later than due, late after it."""
    late = promise.due_at is not None and at > promise.due_at
    return _ended(
        promise, PromiseState.SETTLED, at, ending=Ending.LATE if late else Ending.KEPT, contact_id=contact_id
    )


def supersede(promise: Promise, *, by: int, at: datetime) -> Promise:
    """A new date took its place; this one keeps its own for the record."""
    return _ended(promise, PromiseState.SUPERSEDED, at, superseded_by=by)


def withdraw(promise: Promise, *, why: Ending, at: datetime) -> Promise:
    return _ended(promise, PromiseState.WITHDRAWN, at, ending=why)


def void(promise: Promise, *, at: datetime) -> Promise:
    """Its letter never reached the customer, so nothing was promised."""
    return _ended(promise, PromiseState.VOID, at)


def confirm(promise: Promise, *, due_at: datetime | None = None) -> Promise:
    """Its owner says it is a promise, with this due time when the reading was wrong or missing."""
    return replace(promise, state=PromiseState.OPEN, due_at=due_at or promise.due_at)


def note_interim(promise: Promise, *, contact_id: int, at: datetime, ask: bool) -> Promise:
    """A contact that did not end it; `ask` leaves the question whether it did."""
    question = contact_id if ask else promise.question_contact_id
    return replace(promise, interim_at=at, question_contact_id=question)


def ask_whether_settled(promise: Promise, *, contact_id: int) -> Promise:
    """Leave the one-key question about a letter that was found, not approved here."""
    return replace(promise, question_contact_id=contact_id)


def reopen(promise: Promise) -> Promise:
    """What ended it turned out not to be so: open again, with its own due time."""
    return replace(
        promise,
        state=PromiseState.OPEN,
        ending=None,
        ended_at=None,
        contact_id=None,
        superseded_by=None,
        question_contact_id=None,
    )


def next_due(promises: Iterable[Promise]) -> datetime | None:
    """The earliest instant any open promise must be looked at, or None."""
    return min((p.watch_at for p in promises if p.is_watched and p.watch_at), default=None)


def _ended(promise: Promise, state: PromiseState, at: datetime, **changes: object) -> Promise:
    ended = replace(promise, state=state, ended_at=at, next_alert_at=None, question_contact_id=None)
    return replace(ended, **changes)  # type: ignore[arg-type]  # the callers above name fields of Promise
