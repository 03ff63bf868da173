"""A letter of ours came back: whoever it was sent by, what it told the customer was not told.

1. The letter is one sent here, or a reply of ours found in Sent.
2. Where nobody of the customer's side has it: it was no contact, its promises are void, what it settled is open
   again, and the case returns to the top.
3. Where only another recipient's copy came back, or nobody can tell whose, everything stands and a person is told.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from worker.domain.alert import Alert, AlertKind
from worker.domain.case import Case, CaseState, NextKind
from worker.domain.delivery import Delivery, DeliveryState, settle_state
from worker.domain.machine import Bounce, read_bounce
from worker.domain.mail import InboundMail
from worker.domain.post import Author, Contact, Event, ReadMail
from worker.domain.promise import Promise
from worker.domain.token import referenced_case
from worker.ports import Rooms
from worker.services import contact, dates, promising, sending, watching
from worker.services.house import House

ONE_FAILED = "recipient_failed"  # the event that remembers whose copy came back


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A letter of ours that left, with what hangs on it."""

    name: str  # "letter 3" when it was sent here, else "mail 12"
    case_id: int
    recipients: tuple[str, ...]  # lower case
    delivery: Delivery | None  # None for a reply found in Sent
    made: Sequence[Promise]
    met: Sequence[Contact]


def take_in_bounce(
    rooms: Rooms, house: House, mail: InboundMail, *, kept_id: int | None, now: datetime
) -> Case | None:
    """Tie a bounce to our letter; a delayed one voids nothing. Returns the case it concerns.

    One whose letter is not known is remembered by its `kept_id`: a reply is often bounced before Sent is read.
    """
    bounce = read_bounce(mail)
    letter = _letter(rooms, house, bounce, mail) if bounce and bounce.final else None
    case = rooms.cases.get(letter.case_id) if letter else None
    if bounce is None or letter is None or case is None:
        if bounce and bounce.final and bounce.original_message_id and kept_id is not None:
            rooms.facts.put(_fact(bounce.original_message_id), str(kept_id))
        return None
    failed = _failed(letter, bounce)
    for address in failed:
        event = Event(
            at=now, case_id=case.id, who="amends", what=ONE_FAILED, detail=_remembered(letter, address)
        )
        rooms.events.add(event)
    if _nobody_has_it(rooms, letter, {*failed, *_failed_before(rooms, letter)}):
        _take_back(rooms, house, case, letter, bounce.reason, now=now)
        subject = f"Our letter in case {case.id} came back: {bounce.reason}"
    else:
        _stands(rooms, house, letter, failed, now=now)
        whom = ", ".join(failed) or "everybody it was sent to, and nobody can tell whom"
        subject = f"Our letter in case {case.id} did not reach {whom}: {bounce.reason}"
    alert = Alert(kind=AlertKind.LETTER, case_id=case.id, subject=subject, told=(case.owner,), raised_at=now)
    watching.raise_alert(rooms, house, alert)
    return case


def catch_up(rooms: Rooms, house: House, read: ReadMail, *, now: datetime) -> None:
    """A reply of ours whose bounce was there before it."""
    known = rooms.facts.get(_fact(read.message_id)) if read.message_id else None
    kept = rooms.kept.get(int(known)) if known else None
    raw = rooms.kept.raw(kept.sha256) if kept else b""
    if raw:
        take_in_bounce(rooms, house, house.read(raw), kept_id=None, now=now)


def _fact(message_id: str) -> str:
    """The name under which a bounce is remembered until its letter is seen; as long for every Message-ID."""
    return f"bounce_of:{hashlib.sha256(message_id.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _take_back(
    rooms: Rooms, house: House, case: Case, letter: _Letter, reason: str, *, now: datetime
) -> None:
    """Nothing in it was told: promises void, contact undone, the case at the top with a next date."""
    if letter.delivery is not None:
        why = f"came back: {reason}"
        rooms.deliveries.save(settle_state(letter.delivery, DeliveryState.REFUSED, why=why))
    promising.void_all(rooms, letter.made, now=now)
    for met in letter.met:
        for promise in promising.undo_contact(rooms, house, met, letter.made, now=now):
            contact.catch_up(rooms, house, promise)
        contact.bring_back_drafts(rooms, met, now=now)
    state = case.state if case.state is CaseState.SAFETY else CaseState.AWAITING_US
    reached = [met.at for met in contact.counted_contacts(rooms, case.id)]
    back = replace(case, state=state, closed_at=None, last_contact_at=max(reached, default=None))
    back = dates.without_next_date(back)
    due = dates.acknowledge_by(house, now)
    rooms.cases.save(dates.with_next_date(house, back, NextKind.LOOK, due, set_at=now))
    rooms.events.add(Event(at=now, case_id=case.id, who="amends", what="letter_bounced", detail=reason))


def _stands(rooms: Rooms, house: House, letter: _Letter, failed: Collection[str], *, now: datetime) -> None:
    """Somebody's copy came back, so the letter did leave."""
    if letter.delivery is not None and letter.delivery.state is DeliveryState.UNKNOWN and failed:
        sending.resolve_as_sent(rooms, house, letter.delivery, why="one copy of it came back", now=now)


def _failed(letter: _Letter, bounce: Bounce) -> tuple[str, ...]:
    """Those of the letter's recipients whom the bounce names; the only one there is; else nobody."""
    named = tuple(address for address in letter.recipients if address in bounce.recipients)
    return named or (letter.recipients if len(letter.recipients) == 1 else ())


def _failed_before(rooms: Rooms, letter: _Letter) -> set[str]:
    """Recipients whose copies had come back already, each in a bounce of its own."""
    details = {_remembered(letter, address): address for address in letter.recipients}
    return {details[event.detail] for event in rooms.events.where(what=ONE_FAILED, detail=tuple(details))}


def _remembered(letter: _Letter, address: str) -> str:
    return f"{letter.name}: {address}"


def _nobody_has_it(rooms: Rooms, letter: _Letter, failed: Collection[str]) -> bool:
    """Whether the copies of the customer's side, or all of them, came back."""
    left = [address for address in letter.recipients if address not in failed]
    if not left:
        return True
    was_theirs = contact.reaches(rooms, letter.case_id, failed)
    return was_theirs and not contact.reaches(rooms, letter.case_id, left)


def _letter(rooms: Rooms, house: House, bounce: Bounce, mail: InboundMail) -> _Letter | None:
    """The letter that came back: by its Message-ID, by our own mark in it, else the newest its reference fits."""
    name = bounce.original_message_id
    found = rooms.deliveries.by_message_ids([name]) if name else []
    marks = [mark for inner in mail.enclosed if (mark := inner.header("x-amends-letter"))]
    sent = found[0] if found else next(filter(None, map(rooms.deliveries.by_reference, marks)), None)
    if sent is not None:
        return _sent_here(rooms, sent)
    if name and (reply := _reply_in_sent(rooms, house, name)):
        return reply
    return None if mail.enclosed else _by_reference(rooms, house, bounce, mail)


def _by_reference(rooms: Rooms, house: House, bounce: Bounce, mail: InboundMail) -> _Letter | None:
    """For a bounce that does not bring the letter along: the newest letter of the case that it speaks of."""
    ids = [name for name in (bounce.original_message_id, *bounce.original_references) if name]
    number = referenced_case(house.key, " ".join((*ids, mail.text[-20_000:])))
    if number is None:
        return None
    left = (DeliveryState.SENT, DeliveryState.UNKNOWN)
    sent = rooms.deliveries.where(case_id=number, state=left, newest_first=True, limit=1)
    return _sent_here(rooms, sent[0]) if sent else None


def _sent_here(rooms: Rooms, sent: Delivery) -> _Letter:
    return _Letter(
        name=f"letter {sent.id}",
        case_id=sent.case_id,
        recipients=tuple(address.casefold() for address in sent.recipients),
        delivery=sent,
        made=rooms.promises.where(delivery_id=sent.id),
        met=rooms.contacts.where(delivery_id=sent.id),
    )


def _reply_in_sent(rooms: Rooms, house: House, message_id: str) -> _Letter | None:
    """A reply of ours that was contact; one that told the customer nothing is nobody's loss when it comes back."""
    for mail in rooms.mails.by_message_ids([message_id]):
        met = rooms.contacts.where(mail_id=mail.id) if mail.author is Author.OURS else []
        if met and mail.case_id is not None:
            to = [to.address for to in (*mail.to, *mail.cc) if not house.is_ours(to.address)]
            made = rooms.promises.where(mail_id=mail.id)
            return _Letter(
                name=f"mail {mail.id}",
                case_id=mail.case_id,
                recipients=tuple(dict.fromkeys(address.casefold() for address in to)),
                delivery=None,
                made=made,
                met=met,
            )
    return None
