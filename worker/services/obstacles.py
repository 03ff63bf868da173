"""Everything that stands between a draft and its approval, told all at once."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from worker.domain.case import Case, CaseState
from worker.domain.commitment import FoundPromise, Strength
from worker.domain.draft import (
    Draft,
    DraftState,
    Obstacle,
    PromiseAnswer,
)
from worker.domain.letter import open_blanks
from worker.domain.post import ReadMail
from worker.domain.wording import Finding, Level
from worker.ports import Rooms
from worker.services import drafting


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What the agent says with the approval."""

    revision: str
    by: str
    promises: Mapping[int, datetime | PromiseAnswer] = field(default_factory=dict)  # by number, from 1
    settles: tuple[int, ...] | None = None  # promise ids; () says none, None says nothing
    overrides: Mapping[str, str] = field(default_factory=dict)  # finding id -> reason
    to_confirmed: tuple[str, ...] = ()  # recipients that only a forward by one of us names
    leave_at: datetime | None = None  # later than now: sent then


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A draft with everything an agent needs to see before saying yes."""

    draft: Draft
    case: Case
    findings: tuple[Finding, ...]
    promises: tuple[FoundPromise, ...]
    standing: tuple[int, ...]  # ids of the case's promises that are open


def find_obstacles(rooms: Rooms, reading: Reading, said: Decisions, *, now: datetime) -> list[Obstacle]:
    """Everything in the way of this approval, at once."""
    draft = reading.draft
    if draft.state not in {DraftState.OPEN, DraftState.CHANGES_ASKED}:
        why = f" ({draft.state_reason})" if draft.state_reason else ""
        return [Obstacle(kind="state", say=f"Draft {draft.id} is {draft.state}{why}.")]
    return [
        *_revision_obstacles(draft, said),
        *_case_obstacles(rooms, reading),
        *_recipient_obstacles(draft),
        *_forwarded_obstacles(rooms, draft, said),
        *_blank_obstacles(draft),
        *_finding_obstacles(reading, said),
        *_promise_obstacles(reading, said, now=said.leave_at or now),
        *_settles_obstacles(rooms, reading, said),
    ]


def _revision_obstacles(draft: Draft, said: Decisions) -> list[Obstacle]:
    if said.revision == draft.revision:
        return []
    say = f"The text is not the one you read: it is revision {draft.revision} now. Read it: amends drafts show {draft.id}"
    return [Obstacle(kind="revision", say=say, text=draft.revision)]


def _case_obstacles(rooms: Rooms, reading: Reading) -> list[Obstacle]:
    case, draft = reading.case, reading.draft
    if case.state is CaseState.SAFETY:
        return [
            Obstacle(
                kind="safety",
                say=f"Case {case.id} is a safety case; lift it first: amends cases lift {case.id} --as YOU",
            )
        ]
    if not case.is_open:
        return [
            Obstacle(
                kind="closed",
                say=f"Case {case.id} is closed; reopen it first: amends cases reopen {case.id} --as YOU",
            )
        ]
    found = []
    newest = unseen_mail(rooms, draft)
    if newest is not None:
        say = (
            f"The customer wrote again (mail {newest.id}). Read it: amends cases show {case.id}, "
            f"then: amends drafts edit {draft.id} --seen-mail {newest.id} --as YOU"
        )
        found.append(Obstacle(kind="newer_mail", say=say, number=newest.id))
    answered = answered_mail(rooms, draft)
    since = answered.written_at if answered else draft.created_at
    if (
        case.last_contact_at is not None
        and case.last_contact_at >= since
        and case.last_contact_at > draft.updated_at
    ):
        say = f"Our side has answered since this was written. If it is still needed, look at it again: amends drafts edit {draft.id} --as YOU"
        found.append(Obstacle(kind="answered", say=say))
    return found


def answered_mail(rooms: Rooms, draft: Draft) -> ReadMail | None:
    return rooms.mails.get(draft.mail_id) if draft.mail_id else None


def _recipient_obstacles(draft: Draft) -> list[Obstacle]:
    if not draft.to:
        say = f"Nobody is named to send it to: amends drafts edit {draft.id} --to ADDRESS --as YOU"
        return [Obstacle(kind="recipient", say=say)]
    return []


def _forwarded_obstacles(rooms: Rooms, draft: Draft, said: Decisions) -> list[Obstacle]:
    """A forward names its customer only by what a colleague's mail program wrote: a person says whom we answer."""
    answered = answered_mail(rooms, draft)
    if answered is None or answered.forwarded_by is None:
        return []
    confirmed = {address.strip().casefold() for address in said.to_confirmed}
    return [
        Obstacle(
            kind="forwarded_to",
            say=f"{answered.forwarded_by} passed this mail on, and only that says whose it is. "
            f"If the answer goes to {address}: --to-confirmed {shlex.quote(address)}; "
            f"if not: amends drafts edit {draft.id} --to ADDRESS --as YOU",
            text=address,
        )
        for address in draft.to
        if address.casefold() not in confirmed
    ]


def _blank_obstacles(draft: Draft) -> list[Obstacle]:
    return [
        Obstacle(
            kind="blank",
            say=f"A blank is open: {blank.hint}. Fill it: "
            f'amends drafts edit {draft.id} --blank {number}="WORDS" --as YOU',
            start=blank.start,
            end=blank.end,
            text=blank.hint,
        )
        for number, blank in enumerate(open_blanks(draft.text), 1)
    ]


def _finding_obstacles(reading: Reading, said: Decisions) -> list[Obstacle]:
    return [
        Obstacle(
            kind="wording",
            say=f"“{one.text}” {one.message} Better: {one.suggestion} (or: --override {one.id} --reason WHY)",
            start=one.start,
            end=one.end,
            text=one.text,
            finding=one.id,
            can_override=True,
        )
        for one in reading.findings
        if one.level is Level.BLOCK and not said.overrides.get(one.id, "").strip()
    ]


def _promise_obstacles(reading: Reading, said: Decisions, *, now: datetime) -> list[Obstacle]:
    found = []
    for number, promise in enumerate(reading.promises, 1):
        answer = said.promises.get(number)
        say = _promise_trouble(promise, answer, number, now=now)
        if say:
            found.append(
                Obstacle(
                    kind="promise",
                    say=say,
                    number=number,
                    start=promise.start,
                    end=promise.end,
                    text=promise.text,
                    due_at=promise.due_at,
                    reading=promise.reading,
                )
            )
    known = len(reading.promises)
    found += [
        Obstacle(
            kind="promise", say=f"There is no promise {number} in this text; it has {known}.", number=number
        )
        for number in said.promises
        if not 1 <= number <= known
    ]
    return found


def _promise_trouble(
    promise: FoundPromise, answer: datetime | PromiseAnswer | None, number: int, *, now: datetime
) -> str:
    """What is missing or wrong about one promise; '' when the agent has said all there is to say."""
    words = f"Promise {number}: “{promise.text}”"
    if answer is None:
        reading = promise.reading if promise.due_at else "no time could be read"
        return f"{words} ({reading}). Confirm it: --promise {number}=ok, correct it: --promise {number}=2026-11-24T17:00, or --promise {number}=not-a-promise"
    if isinstance(answer, datetime):
        return f"{words}: {answer.isoformat()} has passed already." if answer <= now else ""
    if answer is PromiseAnswer.OK and promise.due_at is None and promise.strength is not Strength.VAGUE:
        return f"{words}: no time could be read. Give one: --promise {number}=DATE"
    if answer is PromiseAnswer.OK and promise.due_at is not None and promise.due_at <= now:
        return f"{words}: {promise.reading} has passed already. Change the text, or: --promise {number}=DATE"
    return ""


def _settles_obstacles(rooms: Rooms, reading: Reading, said: Decisions) -> list[Obstacle]:
    standing = [
        promise
        for promise in rooms.promises.watched(reading.case.id)
        if promise.id != reading.draft.moves_promise_id
    ]
    if said.settles is None:
        if not standing:
            return []
        told = "; ".join(f"{promise.id}: “{promise.words}”" for promise in standing)
        return [
            Obstacle(
                kind="settles",
                say=f"Does this letter settle an open promise? {told}. Say --settles ID or --settles none",
            )
        ]
    wrong = [number for number in said.settles if number not in {promise.id for promise in standing}]
    return [
        Obstacle(kind="settles", say=f"Promise {number} is not open in this case.", number=number)
        for number in wrong
    ]


def unseen_mail(rooms: Rooms, draft: Draft) -> ReadMail | None:
    """The customer's newest mail, where it is newer than the one the draft answers."""
    newest, answered = drafting.newest_mail(rooms, draft.case_id), answered_mail(rooms, draft)
    if newest is None or answered is None:
        return newest
    is_newer = newest.id != answered.id and newest.written_at >= answered.written_at
    return newest if is_newer else None
