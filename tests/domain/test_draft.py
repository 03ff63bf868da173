"""A revision covers everything that an approval covers."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from worker.domain.draft import LIVE, Draft, DraftState

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DRAFT = Draft(
    id=1,
    case_id=1,
    mail_id=1,
    letter_id="ack-delivery",
    language="en",
    subject="Re: My kettle",
    text="Dear Ada,",
    to=("ada@example.org",),
    footer="Reference: AM-1-AAAAAAAAAA",
    created_at=NOW,
    updated_at=NOW,
)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Dear Ada, "},
        {"subject": "Re: My kettle!"},
        {"to": ("ada@example.org", "dan@example.org")},
        {"cc": ("dan@example.org",)},
        {"attachments": ("0" * 64,)},
        {"footer": ""},
    ],
)
def test_any_change_to_what_would_be_sent_is_another_revision(change: dict[str, object]) -> None:
    assert replace(DRAFT, **change).revision != DRAFT.revision  # type: ignore[arg-type]  # Draft's own fields


def test_an_address_moved_from_to_to_cc_is_another_revision() -> None:
    assert replace(DRAFT, to=(), cc=DRAFT.to).revision != DRAFT.revision


def test_what_is_not_sent_leaves_the_revision_alone() -> None:
    other = replace(DRAFT, id=9, state=DraftState.CHANGES_ASKED, state_reason="x", apology="full")
    assert other.revision == DRAFT.revision


def test_a_revision_is_short_enough_to_type() -> None:
    assert len(DRAFT.revision) == 16


@pytest.mark.parametrize("state", DraftState)
def test_what_was_rejected_or_retired_is_over(state: DraftState) -> None:
    over = {DraftState.REJECTED, DraftState.RETIRED}
    assert replace(DRAFT, state=state).is_live == (state not in over)
    assert frozenset(DraftState) - over == LIVE
