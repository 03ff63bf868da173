"""A promise is made, found, confirmed, moved, settled or withdrawn; it is never lost."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from worker.domain import promise as promises
from worker.domain.alert import Alert, AlertKind, first_alert_at
from worker.domain.case import CaseState, NextKind
from worker.domain.commitment import FoundPromise, same_thing
from worker.domain.delivery import Delivery
from worker.domain.draft import PromiseDecision
from worker.domain.post import Contact, ContactHow, Event
from worker.domain.promise import Ending, Promise, PromiseSource, PromiseState
from worker.errors import Refused
from worker.ports import Rooms
from worker.services import dates, watching
from worker.services.house import House


def one_line(words: str) -> str:
    """The sentence as a reader sees it, whatever lines the mail program wrapped it into."""
    return " ".join(words.split())


def watch(house: House, promise: Promise) -> Promise:
    """The promise with its first alert; one without a time gets a time to look again."""
    if promise.due_at is None and promise.look_again_at is None:
        promise = replace(promise, look_again_at=dates.look_again_at(house, promise.made_at))
    at = promise.watch_at
    assert at is not None  # noqa: S101 - set in the line above where there was none
    return replace(promise, next_alert_at=first_alert_at(at, made_at=promise.made_at, policy=house.policy))


def make(rooms: Rooms, house: House, promise: Promise) -> Promise:
    """Keep a new promise and begin to watch it; the case's own next date gives way to it."""
    made = rooms.promises.add(watch(house, promise))
    _case_gives_way(rooms, made)
    _log(rooms, made, who=promise.owner, what="promise_made", at=promise.made_at)
    return made


def from_letter(
    rooms: Rooms, house: House, delivery: Delivery, decisions: Sequence[PromiseDecision], owner: str
) -> list[Promise]:
    """The promises an approved letter makes, as the agent confirmed them."""
    return [
        make(
            rooms,
            house,
            Promise(
                case_id=delivery.case_id,
                words=decision.words,
                strength=decision.strength,
                made_at=delivery.planned_at,
                due_at=decision.due_at,
                zone=house.settings.firm.zone,
                reading=decision.reading,
                owner=owner,
                source=PromiseSource.LETTER,
                delivery_id=delivery.id,
            ),
        )
        for decision in decisions
        if decision.is_promise
    ]


def from_found_letter(
    rooms: Rooms,
    house: House,
    found: Sequence[FoundPromise],
    *,
    case_id: int,
    mail_id: int,
    at: datetime,
    owner: str,
) -> list[Promise]:
    """The promises read in a letter of ours that was not approved here: watched, for their owner to confirm."""
    made = []
    for read in found:
        promise = Promise(
            case_id=case_id,
            words=one_line(read.text),
            strength=str(read.strength),
            made_at=at,
            due_at=read.due_at,
            zone=house.settings.firm.zone,
            reading=read.reading,
            owner=owner,
            source=PromiseSource.FOUND,
            state=PromiseState.UNCONFIRMED,
            mail_id=mail_id,
        )
        kept = make(rooms, house, promise)
        made.append(kept)
        _ask_owner(rooms, house, kept)
    return made


def redated(
    rooms: Rooms, made: Sequence[Promise], *, language: str | None, moves: int | None = None
) -> dict[int, int]:
    """Which older open promises of the case these give a new date: {old id: new id}.

    `moves` is the promise that the letter was written to move: where no new one is plainly of the same
    thing, the first with a date takes its place.
    """
    if not made:
        return {}
    new_ids = {promise.id for promise in made}
    older = [promise for promise in rooms.promises.watched(made[0].case_id) if promise.id not in new_ids]
    found = {
        old.id: new.id
        for old in older
        for new in made
        if new.due_at is not None and old.made_at < new.made_at and same_thing(old.words, new.words, language)
    }
    dated = [promise.id for promise in made if promise.due_at is not None]
    if moves is not None and dated:
        found.setdefault(moves, dated[0])
    return found


def confirm(
    rooms: Rooms, house: House, promise_id: int, *, by: str, due_at: datetime | None, now: datetime
) -> Promise:
    """Its owner says: yes, promised, and due then."""
    promise = watched_promise(rooms, promise_id)
    if promise.state is PromiseState.OPEN and promise.due_at is not None:
        raise Refused(
            f"Promise {promise_id} is confirmed already. To tell the customer another date: "
            f"amends promises move {promise_id} --to DATE --as YOU"
        )
    confirmed = watch(house, promises.confirm(promise, due_at=due_at))
    if (
        confirmed.next_alert_at is not None
        and confirmed.next_alert_at < now
        and confirmed.due_at
        and confirmed.due_at > now
    ):
        confirmed = replace(confirmed, next_alert_at=now)
    rooms.promises.save(confirmed)
    answered = (
        {AlertKind.CONFIRM} if confirmed.due_at == promise.due_at else None
    )  # all: a new time, new alerts
    watching.end_promise_alerts(rooms, promise_id, now=now, kinds=answered)
    _log(rooms, confirmed, who=by, what="promise_confirmed", at=now)
    return confirmed


def mark_done(rooms: Rooms, promise_id: int, *, by: str, now: datetime) -> Promise:
    """The work is done. The promise stays open until the customer has been told."""
    done = replace(watched_promise(rooms, promise_id), work_done_at=now)
    rooms.promises.save(done)
    _log(rooms, done, who=by, what="work_done", at=now)
    return done


def settle(
    rooms: Rooms, house: House, promise_id: int, *, contact: Contact, by: str, now: datetime
) -> Promise:
    """End a promise by a contact that is on record."""
    promise = rooms.promises.get(promise_id)
    if promise is None:
        raise Refused(f"There is no promise {promise_id}. See: amends promises list")
    if contact.case_id != promise.case_id:
        raise Refused(
            f"Contact {contact.id} belongs to case {contact.case_id}; promise {promise.id} to case {promise.case_id}."
        )
    if not promise.is_watched and promise.question_contact_id is None:
        raise Refused(f"Promise {promise_id} is {promise.state} already; nothing was changed.")
    if contact.how is ContactHow.BOUNCED:
        raise Refused(f"Contact {contact.id} came back, so it reached nobody; nothing was changed.")
    made_with = contact.delivery_id is not None and contact.delivery_id == promise.delivery_id
    if made_with or contact.at <= promise.made_at:
        raise Refused(f"Contact {contact.id} is not later than promise {promise.id}; it cannot settle it.")
    settled = promises.settle(promise, contact_id=contact.id, at=contact.at)
    rooms.promises.save(settled)
    watching.end_promise_alerts(rooms, promise_id, now=now)
    _log(rooms, settled, who=by, what="promise_settled", at=now, more=f", {settled.ending}")
    watching.keep_case_dated(rooms, house, promise.case_id, now=now)
    return settled


def answer_question(
    rooms: Rooms, house: House, promise_id: int, *, settles: bool, by: str, now: datetime
) -> Promise:
    """The owner answers "does this settle it?" about a letter that was found."""
    promise = rooms.promises.get(promise_id)
    if promise is None or promise.question_contact_id is None:
        raise Refused(f"No question is open about promise {promise_id}.")
    contact = rooms.contacts.get(promise.question_contact_id)
    if contact is not None and settles:
        return _question_answered(rooms, settle(rooms, house, promise_id, contact=contact, by=by, now=now))
    if promise.is_watched:
        return _question_answered(rooms, promise)
    return reopen(rooms, house, promise, now=now)


def _question_answered(rooms: Rooms, promise: Promise) -> Promise:
    answered = replace(promise, question_contact_id=None)
    rooms.promises.save(answered)
    return answered


def withdraw(rooms: Rooms, house: House, promise_id: int, *, why: Ending, by: str, now: datetime) -> Promise:
    """It was misread, or the customer let us off."""
    gone = promises.withdraw(watched_promise(rooms, promise_id), why=why, at=now)
    rooms.promises.save(gone)
    watching.end_promise_alerts(rooms, promise_id, now=now)
    _log(rooms, gone, who=by, what="promise_withdrawn", at=now, more=f", {why}")
    watching.keep_case_dated(rooms, house, gone.case_id, now=now)
    return gone


def void_promises_of(rooms: Rooms, delivery: Delivery, *, now: datetime) -> list[Promise]:
    """The letter that made them did not reach anybody; the promises as they were."""
    return void_all(rooms, rooms.promises.where(delivery_id=delivery.id), now=now)


def void_all(rooms: Rooms, made: Iterable[Promise], *, now: datetime) -> list[Promise]:
    """The promises of one letter that did not reach anybody; those that were watched, as they were."""
    voided = [promise for promise in made if promise.is_watched]
    for promise in voided:
        gone = promises.void(promise, at=now)
        rooms.promises.save(gone)
        watching.end_promise_alerts(rooms, promise.id, now=now)
        _log(rooms, gone, who="amends", what="promise_voided", at=now)
    if voided:
        _hand_date_to_case(rooms, voided[0], now=now)
    return voided


def stand_after_all(rooms: Rooms, house: House, promise: Promise, *, now: datetime) -> Promise:
    """Its letter did leave: what was void for its sake is open again, and no longer in doubt."""
    if promise.state is PromiseState.VOID:
        promise = reopen(rooms, house, promise, now=now)
    certain = replace(promise, uncertain=False)
    rooms.promises.save(certain)
    return certain


def _case_gives_way(rooms: Rooms, made: Promise) -> None:
    """Nobody waits for a next contact where a promise says when it comes; a customer who waits for us still does."""
    case = rooms.cases.get(made.case_id)
    if (
        case is None
        or case.state is not CaseState.AWAITING_CUSTOMER
        or case.next_kind is not NextKind.CONTACT
    ):
        return
    rooms.cases.save(dates.without_next_date(case))
    watching.end_case_alerts(
        rooms, case.id, now=made.made_at, kinds={AlertKind.LOOK, AlertKind.ACKNOWLEDGE_SOON}
    )


def _hand_date_to_case(rooms: Rooms, gone: Promise, *, now: datetime) -> None:
    """A case that lived by the date of a promise now void must not be left without one."""
    case = rooms.cases.get(gone.case_id)
    dateless = case is not None and case.is_open and case.next_at is None and not case.is_history
    if case is None or not dateless or promises.next_due(rooms.promises.watched(gone.case_id)) is not None:
        return
    at = gone.watch_at or now
    alert_at = gone.next_alert_at or now
    rooms.cases.save(
        replace(case, next_at=at, next_kind=NextKind.CONTACT, next_alert_at=alert_at, alerts_sent=0)
    )


def undo_contact(
    rooms: Rooms, house: House, met: Contact, made: Iterable[Promise], *, now: datetime
) -> list[Promise]:
    """A letter that came back was no contact: what it settled or put off is open again, and returned.

    `made` are the promises of that letter, void by now: what they gave a new date is open again too.
    """
    rooms.contacts.save(replace(met, how=ContactHow.BOUNCED))
    for promise in rooms.promises.watched(met.case_id):
        if promise.question_contact_id == met.id:
            rooms.promises.save(replace(promise, question_contact_id=None, interim_at=None))
    voided = {promise.id for promise in made}
    ended = rooms.promises.where(case_id=met.case_id, state=(PromiseState.SETTLED, PromiseState.SUPERSEDED))
    return [
        reopen(rooms, house, promise, now=now)
        for promise in ended
        if promise.contact_id == met.id or promise.superseded_by in voided
    ]


def reopen(rooms: Rooms, house: House, promise: Promise, *, now: datetime) -> Promise:
    """Open again, and alerted at once where its time has passed."""
    opened = watch(house, promises.reopen(promise))
    if opened.next_alert_at is not None and opened.next_alert_at < now:
        opened = replace(opened, next_alert_at=now)
    rooms.promises.save(opened)
    _log(rooms, opened, who="amends", what="promise_reopened", at=now)
    return opened


def watched_promise(rooms: Rooms, promise_id: int) -> Promise:
    promise = rooms.promises.get(promise_id)
    if promise is None:
        raise Refused(f"There is no promise {promise_id}. See: amends promises list")
    if not promise.is_watched:
        raise Refused(f"Promise {promise_id} is {promise.state} already; nothing was changed.")
    return promise


def call_contact(case_id: int, *, by: str, note: str, at: datetime) -> Contact:
    return Contact(case_id=case_id, at=at, by=by, how=ContactHow.CALL, note=note)


def _ask_owner(rooms: Rooms, house: House, promise: Promise) -> None:
    alert = Alert(
        kind=AlertKind.CONFIRM,
        case_id=promise.case_id,
        promise_id=promise.id,
        subject=f"Is this a promise? “{promise.words}”",
        told=(promise.owner,),
        due_at=promise.due_at,
        raised_at=promise.made_at,
    )
    watching.raise_alert(rooms, house, alert)


def _log(rooms: Rooms, promise: Promise, *, who: str, what: str, at: datetime, more: str = "") -> None:
    detail = f"promise {promise.id}{more}"
    rooms.events.add(Event(at=at, case_id=promise.case_id, who=who, what=what, detail=detail))
