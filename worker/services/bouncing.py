"""A letter of ours came back: its promises are void when that is final, and its case returns to the top."""

from dataclasses import replace
from datetime import datetime

from worker.domain.alert import Alert, AlertKind
from worker.domain.case import Case, CaseState, NextKind
from worker.domain.delivery import Delivery, DeliveryState, settle_state
from worker.domain.machine import Bounce, read_bounce
from worker.domain.mail import InboundMail
from worker.domain.post import Event
from worker.domain.token import referenced_case
from worker.ports import Rooms
from worker.services import contact, dates, promising, watching
from worker.services.house import House


def take_in_bounce(rooms: Rooms, house: House, mail: InboundMail, *, now: datetime) -> Case | None:
    """Tie a bounce to our letter; a delayed one voids nothing. Returns the case it concerns."""
    bounce = read_bounce(mail)
    delivery = _letter(rooms, house, bounce, mail) if bounce else None
    if bounce is None or delivery is None or not bounce.final:
        return None
    case = rooms.cases.get(delivery.case_id)
    if case is None:
        return None
    rooms.deliveries.save(settle_state(delivery, DeliveryState.REFUSED, why=f"came back: {bounce.reason}"))
    promising.void_promises_of(rooms, delivery, now=now)
    for promise in promising.undo_contact(rooms, house, delivery, now=now):
        contact.catch_up(rooms, house, promise)
    state = case.state if case.state is CaseState.SAFETY else CaseState.AWAITING_US
    reached = [met.at for met in contact.counted_contacts(rooms, case.id)]
    back = replace(case, state=state, closed_at=None, last_contact_at=max(reached, default=None))
    due = dates.acknowledge_by(house, now)
    rooms.cases.save(
        dates.with_next_date(house, dates.without_next_date(back), NextKind.LOOK, due, set_at=now)
    )
    rooms.events.add(
        Event(at=now, case_id=case.id, who="amends", what="letter_bounced", detail=bounce.reason)
    )
    subject = f"Our letter in case {case.id} came back: {bounce.reason}"
    alert = Alert(kind=AlertKind.LETTER, case_id=case.id, subject=subject, told=(case.owner,), raised_at=now)
    watching.raise_alert(rooms, house, alert)
    return case


def _letter(rooms: Rooms, house: House, bounce: Bounce, mail: InboundMail) -> Delivery | None:
    """The letter that came back, by its Message-ID or else the newest of the case its reference names."""
    ids = [name for name in (bounce.original_message_id, *bounce.original_references) if name]
    found = rooms.deliveries.by_message_ids(ids)
    if found:
        return found[-1]
    number = referenced_case(house.key, " ".join((*ids, mail.text[-20_000:])))
    if number is None:
        return None
    sent = rooms.deliveries.where(
        case_id=number, state=(DeliveryState.SENT, DeliveryState.UNKNOWN), newest_first=True
    )
    return sent[0] if sent else None
