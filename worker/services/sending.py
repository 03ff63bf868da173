"""An approved letter leaves: claimed, checked once more, given to the server at most once, and its outcome kept.

1. claim        `connect` is committed by compare-and-set; another worker that was first has it
2. check        a newer mail of the customer, or our own answer, takes the letter back
3. data         committed just before the letter is given over; from here on it is never sent again
4. outcome      sent, refused, deferred, or unknown; a failure before data climbs the ladder
"""

from dataclasses import replace
from datetime import datetime, timedelta

from worker.domain.alert import Alert, AlertKind
from worker.domain.delivery import (
    CLAIM_LASTS,
    Delivery,
    DeliveryState,
    Phase,
    after_crash,
    after_failure,
    nobody_knows,
    settle_state,
)
from worker.domain.draft import DraftState
from worker.domain.mail import Address
from worker.domain.post import Author, Contact, ContactHow, Event, ReadMail
from worker.domain.promise import Promise, PromiseSource, PromiseState
from worker.errors import Refused
from worker.log import get_logger
from worker.ports import Accepted, Clock, Database, FailedBefore, RefusedByServer, Rooms, Sender, SendOutcome
from worker.services import cancelling, contact, drafting, promising, watching
from worker.services.house import House

MINUTE = timedelta(minutes=1)

log = get_logger(__name__)


class _TakenBack(Refused):
    """At the last moment this letter must not leave any more, or not by us."""


def send_next(database: Database, house: House, sender: Sender, *, worker: str, clock: Clock) -> bool:
    """Send one letter that is due; True when there was one, so that the caller asks again."""
    with database.writing() as rooms:
        _recover(rooms, house, now=clock.now())
        claimed = (
            None
            if _too_many(rooms, house, now=clock.now())
            else _claim_next(rooms, worker=worker, now=clock.now())
        )
    if claimed is None:
        return False
    outcome = _give_over(database, sender, claimed, clock)
    with database.writing() as rooms:
        record_outcome(rooms, house, claimed, outcome, now=clock.now())
    return True


def anything_due(rooms: Rooms, *, now: datetime) -> bool:
    """Whether a letter waits to leave, or a claim has run out."""
    return bool(rooms.deliveries.sendable(now, 1) or rooms.deliveries.stalled(now))


def record_outcome(
    rooms: Rooms, house: House, claimed: Delivery, outcome: SendOutcome | None, *, now: datetime
) -> None:
    """Write down what became of a claimed letter. None: it was taken back at the last moment."""
    delivery = rooms.deliveries.get(claimed.id)
    if delivery is None or outcome is None or delivery.attempts != claimed.attempts:
        return
    if delivery.state is DeliveryState.UNKNOWN and isinstance(outcome, Accepted):
        resolve_as_sent(rooms, house, delivery, why=outcome.response, now=now)  # its claim ran out meanwhile
    if delivery.state is not DeliveryState.SENDING:
        return
    match outcome:
        case Accepted(response=answer):
            resolve_as_sent(rooms, house, delivery, why=answer, now=now)
        case RefusedByServer(reason=answer, permanent=True):
            _refused(rooms, house, settle_state(delivery, DeliveryState.REFUSED, why=answer), now=now)
        case RefusedByServer(reason=answer):
            _back_on_ladder(
                rooms,
                house,
                after_failure(delivery, why=answer, now=now, state=DeliveryState.DEFERRED),
                now=now,
            )
        case FailedBefore(reason=why, sign_in_refused=refused):
            if refused:
                _ask_person(rooms, house, delivery, f"The mail server refused our sign-in: {why}", now=now)
            _back_on_ladder(rooms, house, after_failure(delivery, why=why, now=now), now=now)
        case _:
            _unknown(rooms, house, nobody_knows(delivery, why=outcome.reason), now=now)


def resolve_as_sent(rooms: Rooms, house: House, delivery: Delivery, *, why: str, now: datetime) -> None:
    """It left: that is contact where it went to the customer's side, and its promises stand."""
    left_at = delivery.sent_at or now
    sent = replace(settle_state(delivery, DeliveryState.SENT, why=why), sent_at=left_at)
    rooms.deliveries.save(sent)
    approval = rooms.approvals.get(sent.approval_id)
    draft = rooms.drafts.get(sent.draft_id)
    if approval is None or draft is None:
        return
    made = [_stands(rooms, house, promise, now=now) for promise in rooms.promises.where(delivery_id=sent.id)]
    mail = _kept_before(rooms, sent) or rooms.mails.add(_as_mail(house, sent, draft.subject, draft.text))
    rooms.events.add(
        Event(at=now, case_id=sent.case_id, who=approval.by, what="letter_sent", detail=f"letter {sent.id}")
    )
    log.info("letter_sent", letter=sent.id, case=sent.case_id)
    if not contact.reaches(rooms, sent.case_id, sent.recipients):
        return
    reached = contact.Reached(
        reports_done=bool(house.done_in(draft.text, draft.language)),
        settles=approval.settles,
        leaves=approval.leaves,
        redates=promising.redated(rooms, made, language=draft.language, moves=draft.moves_promise_id),
        made=tuple(promise.id for promise in made),
        draft_id=draft.id,
    )
    met = Contact(
        case_id=sent.case_id,
        at=left_at,
        by=approval.by,
        how=ContactHow.SENT,
        delivery_id=sent.id,
        mail_id=mail.id,
    )
    contact.record_contact(rooms, house, met, reached)


def _too_many(rooms: Rooms, house: House, *, now: datetime) -> bool:
    """Whether the last minute has had as many letters as mail servers put up with (`sending.per_minute`)."""
    return rooms.deliveries.sent_since(now - MINUTE) >= house.settings.sending.per_minute


def _claim_next(rooms: Rooms, *, worker: str, now: datetime) -> Delivery | None:
    for delivery in rooms.deliveries.sendable(now):
        if _taken_back(rooms, delivery, now=now):
            continue
        claimed = replace(
            delivery,
            state=DeliveryState.SENDING,
            phase=Phase.CONNECT,
            attempts=delivery.attempts + 1,
            claimed_by=worker,
            claim_expires_at=now + CLAIM_LASTS,
        )
        if rooms.deliveries.swap(claimed, seen={"state": delivery.state, "attempts": delivery.attempts}):
            return claimed
    return None


def _give_over(database: Database, sender: Sender, claimed: Delivery, clock: Clock) -> SendOutcome | None:
    def before_data() -> None:
        """The last look, and the commit after which the letter may have left."""
        with database.writing() as rooms:
            now = clock.now()
            if _stale(rooms, claimed) is not None:
                raise _TakenBack("the conversation has overtaken it")
            begun = replace(claimed, phase=Phase.DATA, claim_expires_at=now + CLAIM_LASTS)
            if not rooms.deliveries.swap(begun, seen={"attempts": claimed.attempts, "phase": Phase.CONNECT}):
                raise _TakenBack("another worker has it")

    try:
        return sender.send(
            envelope_from=claimed.envelope_from,
            recipients=claimed.recipients,
            raw=claimed.raw,
            before_data=before_data,
        )
    except _TakenBack:
        with database.writing() as rooms:
            _release(rooms, claimed, now=clock.now())
        return None
    except Refused as fault:  # the letter itself is not fit to be sent: trying again would not mend it
        return RefusedByServer(code=0, reason=str(fault), permanent=True)


def _release(rooms: Rooms, claimed: Delivery, *, now: datetime) -> None:
    """Nothing was sent and nothing will be: the claim is let go and the letter taken back."""
    delivery = rooms.deliveries.get(claimed.id)
    if delivery is None or delivery.attempts != claimed.attempts:
        return
    if delivery.state is not DeliveryState.SENDING or delivery.phase is not Phase.CONNECT:
        return
    waiting = replace(settle_state(delivery, DeliveryState.APPROVED, why=""), next_try_at=now)
    rooms.deliveries.save(waiting)
    _taken_back(rooms, waiting, now=now)


def _taken_back(rooms: Rooms, delivery: Delivery, *, now: datetime) -> bool:
    """Cancel a letter that the conversation has overtaken."""
    reason = _stale(rooms, delivery)
    return reason is not None and cancelling.cancel_delivery(rooms, delivery, reason=reason, now=now)


def _stale(rooms: Rooms, delivery: Delivery) -> str | None:
    """Why this letter must not leave any more, or None."""
    approval, draft = rooms.approvals.get(delivery.approval_id), rooms.drafts.get(delivery.draft_id)
    if (
        approval is None
        or draft is None
        or approval.void_at is not None
        or draft.state is not DraftState.APPROVED
        or approval.revision != draft.revision
    ):
        return "its approval no longer holds"
    newest = drafting.newest_mail(rooms, delivery.case_id)
    answered = rooms.mails.get(draft.mail_id) if draft.mail_id else None
    if newest and answered and newest.id != answered.id and newest.written_at >= answered.written_at:
        return f"the customer wrote again (mail {newest.id})"
    return None


def _recover(rooms: Rooms, house: House, *, now: datetime) -> None:
    """Claims that ran out: tried again when nothing had been given over, unknown when it may have been."""
    for stalled in rooms.deliveries.stalled(now):
        after = after_crash(stalled, now=now)
        if after.state is DeliveryState.UNKNOWN and after.filed_in_sent:
            resolve_as_sent(rooms, house, after, why="found in the Sent folder", now=now)
        elif after.state is DeliveryState.UNKNOWN:
            _unknown(rooms, house, after, now=now)
        else:
            _back_on_ladder(rooms, house, after, now=now)


def _back_on_ladder(rooms: Rooms, house: House, delivery: Delivery, *, now: datetime) -> None:
    if delivery.state is DeliveryState.REFUSED:
        _refused(rooms, house, delivery, now=now)
    else:
        rooms.deliveries.save(delivery)
        log.info("letter_put_off", letter=delivery.id, attempts=delivery.attempts)


def _refused(rooms: Rooms, house: House, delivery: Delivery, *, now: datetime) -> None:
    """The letter did not leave and will not: its promises are void and a person must look."""
    rooms.deliveries.save(delivery)
    promising.void_promises_of(rooms, delivery, now=now)
    _ask_person(
        rooms,
        house,
        delivery,
        f"Our letter in case {delivery.case_id} was not sent: {delivery.answer}",
        now=now,
    )


def _unknown(rooms: Rooms, house: House, delivery: Delivery, *, now: datetime) -> None:
    """Nobody knows whether it left: its promises stay open and flagged, a person decides."""
    rooms.deliveries.save(delivery)
    for promise in rooms.promises.where(delivery_id=delivery.id, source=PromiseSource.LETTER):
        rooms.promises.save(replace(promise, uncertain=True))
    subject = (
        f"Nobody knows whether our letter {delivery.id} in case {delivery.case_id} left: {delivery.answer}"
    )
    _ask_person(rooms, house, delivery, subject, now=now)


def _ask_person(rooms: Rooms, house: House, delivery: Delivery, subject: str, *, now: datetime) -> None:
    case = rooms.cases.get(delivery.case_id)
    owner = case.owner if case else house.settings.lead.name
    alert = Alert(
        kind=AlertKind.LETTER, case_id=delivery.case_id, subject=subject, told=(owner,), raised_at=now
    )
    watching.raise_alert(rooms, house, alert)
    rooms.events.add(
        Event(
            at=now,
            case_id=delivery.case_id,
            who="amends",
            what=f"letter_{delivery.state}",
            detail=delivery.answer,
        )
    )


def _stands(rooms: Rooms, house: House, promise: Promise, *, now: datetime) -> Promise:
    """A promise of a letter that left after all; contacts made while it was void count for it too."""
    was_void = promise.state is PromiseState.VOID
    stands = promising.stand_after_all(rooms, house, promise, now=now)
    return contact.catch_up(rooms, house, stands) if was_void else stands


def _kept_before(rooms: Rooms, sent: Delivery) -> ReadMail | None:
    """The letter in the conversation already: it was thought to have left, then to have come back."""
    return next(
        (mail for mail in rooms.mails.by_message_ids([sent.message_id]) if mail.kept_id is None), None
    )


def _as_mail(house: House, sent: Delivery, subject: str, text: str) -> ReadMail:
    return ReadMail(
        kept_id=None,
        case_id=sent.case_id,
        author=Author.OURS,
        mailbox="",
        message_id=sent.message_id,
        sender=sent.envelope_from,
        sender_name=house.settings.firm.name,
        to=tuple(Address(address=to) for to in sent.recipients),
        subject=subject,
        written_at=sent.planned_at,
        new_words=text,
        fingerprint=sent.message_id,
    )
