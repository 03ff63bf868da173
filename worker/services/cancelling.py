"""What has been approved and has not left is taken back: approvals void, deliveries cancelled, drafts reopened."""

from dataclasses import replace
from datetime import datetime

from worker.domain.delivery import SENDABLE, Delivery, DeliveryState, settle_state
from worker.domain.draft import LIVE, DraftState
from worker.domain.post import Event
from worker.ports import Rooms
from worker.services import promising


def void_approvals(rooms: Rooms, case_id: int, *, reason: str, now: datetime, retire: bool = False) -> None:
    """Take back every letter of a case that is approved and still here; its promises are void with it."""
    for delivery in rooms.deliveries.where(case_id=case_id, state=tuple(SENDABLE)):
        cancel_delivery(rooms, delivery, reason=reason, now=now, retire=retire)


def void_answered(rooms: Rooms, case_id: int, *, answered_at: datetime) -> None:
    """Our side has answered by other means: a letter waiting to answer the same mail must not leave."""
    for delivery in rooms.deliveries.where(case_id=case_id, state=tuple(SENDABLE)):
        draft = rooms.drafts.get(delivery.draft_id)
        mail = rooms.mails.get(draft.mail_id) if draft and draft.mail_id else None
        if mail is None or mail.written_at <= answered_at:
            reason = "our side has answered meanwhile"
            cancel_delivery(rooms, delivery, reason=reason, now=answered_at, retire=True)


def cancel_delivery(
    rooms: Rooms, delivery: Delivery, *, reason: str, now: datetime, retire: bool = False
) -> bool:
    """Cancel one letter unless a sender has just claimed it; False when it was too late."""
    cancelled = settle_state(delivery, DeliveryState.CANCELLED, why=reason)
    if not rooms.deliveries.swap(cancelled, seen={"state": delivery.state}):
        return False
    approval = rooms.approvals.get(delivery.approval_id)
    if approval is not None:
        rooms.approvals.save(replace(approval, void_at=now, void_reason=reason))
    draft = rooms.drafts.get(delivery.draft_id)
    if draft is not None and draft.state is DraftState.APPROVED:
        state = DraftState.RETIRED if retire else DraftState.OPEN
        rooms.drafts.save(replace(draft, state=state, state_reason=reason, updated_at=now))
    promising.void_promises_of(rooms, delivery, now=now)
    rooms.events.add(
        Event(at=now, case_id=delivery.case_id, who="amends", what="approval_voided", detail=reason)
    )
    return True


def retire_live(rooms: Rooms, case_id: int, *, reason: str, now: datetime) -> None:
    """No draft of this case is of use any more."""
    void_approvals(rooms, case_id, reason=reason, now=now, retire=True)
    for draft in rooms.drafts.where(case_id=case_id, state=tuple(LIVE - {DraftState.APPROVED})):
        rooms.drafts.save(replace(draft, state=DraftState.RETIRED, state_reason=reason, updated_at=now))
