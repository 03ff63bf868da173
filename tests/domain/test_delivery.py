"""The ladder of a letter that cannot leave, and what a dead worker's claim leaves behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from worker.domain.delivery import (
    CLAIM_LASTS,
    LADDER,
    Delivery,
    DeliveryState,
    Phase,
    after_crash,
    after_failure,
    nobody_knows,
    settle_state,
)

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
CLAIMED = Delivery(
    id=1,
    case_id=1,
    draft_id=1,
    approval_id=1,
    state=DeliveryState.SENDING,
    phase=Phase.CONNECT,
    envelope_from="support@example.test",
    recipients=("ada@example.org",),
    message_id="<a@example.test>",
    reference="AM-1-AAAAAAAAAA.x",
    raw=b"",
    planned_at=NOW,
    attempts=1,
    claimed_by="a worker",
    claim_expires_at=NOW + CLAIM_LASTS,
    next_try_at=NOW,
)


def test_each_failure_waits_longer_and_the_fifth_goes_to_a_person() -> None:
    after = [after_failure(replace(CLAIMED, attempts=n), why="no route", now=NOW) for n in range(1, 6)]
    assert [one.next_try_at for one in after] == [*(NOW + wait for wait in LADDER), None]
    assert [one.state for one in after] == [DeliveryState.APPROVED] * 4 + [DeliveryState.REFUSED]
    assert after[-1].answer == "given up after 5 tries: no route"


def test_the_ladder_is_half_a_minute_two_ten_and_an_hour() -> None:
    assert (
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=10),
        timedelta(hours=1),
    ) == LADDER


def test_leaving_the_claim_leaves_nothing_of_it() -> None:
    after = settle_state(CLAIMED, DeliveryState.SENT, why="250 taken")
    assert (after.phase, after.claimed_by, after.claim_expires_at, after.next_try_at) == (None,) * 4


def test_a_claim_that_ran_out_before_data_is_tried_again() -> None:
    after = after_crash(CLAIMED, now=NOW + CLAIM_LASTS)
    assert (after.state, after.next_try_at) == (DeliveryState.APPROVED, NOW + CLAIM_LASTS + LADDER[0])


def test_a_claim_that_ran_out_in_data_is_unknown_since_the_hand_over() -> None:
    after = after_crash(replace(CLAIMED, phase=Phase.DATA), now=NOW + timedelta(days=1))
    assert (after.state, after.next_try_at, after.sent_at) == (DeliveryState.UNKNOWN, None, NOW)


def test_a_claim_outlasts_the_servers_answer_to_the_last_dot() -> None:
    assert timedelta(minutes=10) < CLAIM_LASTS  # RFC 5321, 4.5.3.2.6


def test_unknown_says_when_it_would_have_left() -> None:
    assert nobody_knows(CLAIMED, why="silence").sent_at == NOW
