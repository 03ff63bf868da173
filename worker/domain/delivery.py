"""A letter on its way: sent at most once by the machine, never silently lost.

approved -> sending (connect) -> sending (data) -> sent | refused | deferred | unknown

A failure before DATA is tried again by itself, on the ladder below, then a person is asked. Once DATA
may have begun and no answer came, the outcome is unknown, and only evidence or a person resolves it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

LADDER = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
CLAIM_LASTS = timedelta(minutes=15)  # longer than the ten minutes RFC 5321 4.5.3.2.6 gives the final dot


class DeliveryState(StrEnum):
    SCHEDULED = "scheduled"  # approved, to leave later
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"  # the server said no for good: a person must look
    DEFERRED = "deferred"  # the server said not now: tried again on the ladder
    UNKNOWN = "unknown"  # it may have left; never sent again by the machine
    CANCELLED = "cancelled"
    QUARANTINED = "quarantined"  # after a restore, until a person has confirmed


class Phase(StrEnum):
    CONNECT = "connect"  # nothing of the letter has been given to the server
    DATA = "data"  # the server may have it


SENDABLE = frozenset({DeliveryState.SCHEDULED, DeliveryState.APPROVED, DeliveryState.DEFERRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One approved letter with its frozen bytes."""

    id: int = 0
    case_id: int
    draft_id: int
    approval_id: int
    state: DeliveryState = DeliveryState.APPROVED
    phase: Phase | None = None
    envelope_from: str
    recipients: tuple[str, ...]
    message_id: str
    reference: str  # our own signed reference, for servers that rewrite Message-ID
    raw: bytes  # CRLF; every attempt sends these very bytes
    planned_at: datetime  # the letter's Date
    attempts: int = 0
    claimed_by: str | None = None
    claim_expires_at: datetime | None = None
    next_try_at: datetime | None
    answer: str = ""  # the server's last word, or what went wrong
    sent_at: datetime | None = None  # when it left; while that is unknown, when it would have been
    filed_in_sent: bool = False


def after_failure(
    delivery: Delivery, *, why: str, now: datetime, state: DeliveryState = DeliveryState.APPROVED
) -> Delivery:
    """Back on the ladder after a failure before DATA, or with a person when the ladder has ended."""
    climbed = delivery.attempts - 1  # attempts counts the claim that just failed
    if climbed >= len(LADDER):
        return settle_state(
            delivery, DeliveryState.REFUSED, why=f"given up after {delivery.attempts} tries: {why}"
        )
    next_try = now + LADDER[max(climbed, 0)]
    return replace(settle_state(delivery, state, why=why), next_try_at=next_try)


def settle_state(delivery: Delivery, state: DeliveryState, *, why: str) -> Delivery:
    """Out of the claim, in `state`, with nothing planned."""
    return replace(
        delivery,
        state=state,
        phase=None,
        claimed_by=None,
        claim_expires_at=None,
        next_try_at=None,
        answer=why,
    )


def nobody_knows(delivery: Delivery, *, why: str) -> Delivery:
    """It may have left, at the moment its claim was renewed for DATA."""
    began = delivery.claim_expires_at - CLAIM_LASTS if delivery.claim_expires_at else None
    return replace(settle_state(delivery, DeliveryState.UNKNOWN, why=why), sent_at=began)


def after_crash(delivery: Delivery, *, now: datetime) -> Delivery:
    """What a claim that ran out leaves: tried again before DATA, unknown after it."""
    if delivery.phase is Phase.DATA:
        why = "The worker stopped while the mail server was taking the letter; nobody knows whether it left."
        return nobody_knows(delivery, why=why)
    return after_failure(delivery, why="the worker stopped before the letter was handed over", now=now)
