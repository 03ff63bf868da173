"""What became of a letter that nobody knows about, or that was refused: a person says it, or the customer's answer."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from worker.domain.alert import AlertKind
from worker.domain.delivery import Delivery, DeliveryState, settle_state
from worker.domain.draft import DraftState
from worker.domain.mail import InboundMail
from worker.domain.post import Event, ReadMail
from worker.domain.token import referenced_case
from worker.errors import Refused
from worker.ports import Rooms
from worker.services import contact, promising, sending, watching
from worker.services.house import House

ASKED_ABOUT = frozenset({DeliveryState.UNKNOWN, DeliveryState.REFUSED})


class Answer(StrEnum):
    SENT = "sent"  # it reached the customer: that is contact, and its promises stand
    AGAIN = "again"  # its draft is open again, for a new approval
    CANCEL = "cancel"  # it is given up; what it promised is void


def resolve(
    rooms: Rooms, house: House, letter_id: int, answer: Answer, *, by: str, now: datetime
) -> Delivery:
    """Carry out what `by` says. Raises Refused for a letter whose outcome is known."""
    letter = rooms.deliveries.get(letter_id)
    if letter is None:
        raise Refused(f"There is no letter {letter_id}. See: amends outbox list --all")
    if letter.state not in ASKED_ABOUT:
        raise Refused(f"Letter {letter_id} is {letter.state}; there is nothing to decide.")
    said = f"{by} says: {answer}"
    if answer is Answer.SENT:
        sending.resolve_as_sent(rooms, house, letter, why=said, now=now)
    else:
        _give_up(rooms, letter, said, again=answer is Answer.AGAIN, now=now)
    rooms.events.add(Event(at=now, case_id=letter.case_id, who=by, what="letter_resolved", detail=said))
    watching.end_case_alerts(rooms, letter.case_id, now=now, kinds={AlertKind.LETTER})
    return rooms.deliveries.get(letter_id) or letter


def answered(rooms: Rooms, house: House, read: ReadMail, mail: InboundMail, *, now: datetime) -> None:
    """Whoever answers a letter has it: one that nobody knew about has left, when its own customer writes so."""
    letter = _letter_answered(rooms, house, mail)
    if letter is None or not contact.reaches(rooms, letter.case_id, [read.sender]):
        return
    sending.resolve_as_sent(rooms, house, letter, why="the customer answered it", now=now)
    if not rooms.deliveries.count(case_id=letter.case_id, state=DeliveryState.UNKNOWN):
        watching.end_case_alerts(rooms, letter.case_id, now=now, kinds={AlertKind.LETTER})


def _letter_answered(rooms: Rooms, house: House, mail: InboundMail) -> Delivery | None:
    """The unknown letter that this mail names, or the only letter of the case whose reference it carries."""
    names = (*mail.in_reply_to, *mail.references)
    named = rooms.deliveries.by_message_ids(names) if names else []
    unknown = [letter for letter in named if letter.state is DeliveryState.UNKNOWN]
    if unknown:
        return unknown[-1]
    number = referenced_case(house.key, f"{mail.subject} {mail.text[-20_000:]}")
    if number is None:
        return None
    left = rooms.deliveries.where(case_id=number, state=(DeliveryState.SENT, DeliveryState.UNKNOWN))
    return left[0] if len(left) == 1 and left[0].state is DeliveryState.UNKNOWN else None


def _give_up(rooms: Rooms, letter: Delivery, said: str, *, again: bool, now: datetime) -> None:
    """Never sent again as it is: an approval covers one letter, and sending anew wants a new one."""
    rooms.deliveries.save(settle_state(letter, DeliveryState.CANCELLED, why=said))
    promising.void_promises_of(rooms, letter, now=now)
    approval = rooms.approvals.get(letter.approval_id)
    if approval is not None and approval.void_at is None:
        rooms.approvals.save(replace(approval, void_at=now, void_reason=said))
    draft = rooms.drafts.get(letter.draft_id)
    if draft is not None and draft.state is DraftState.APPROVED:
        state = DraftState.OPEN if again else DraftState.RETIRED
        rooms.drafts.save(replace(draft, state=state, state_reason=said, updated_at=now))
