"""An agent reads a draft, edits it, and approves one exact revision; what stands in the way is told as a list."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

from worker.domain.case import Case, CaseKind, CaseState
from worker.domain.commitment import FoundPromise, Strength
from worker.domain.delivery import Delivery, DeliveryState, Phase
from worker.domain.draft import (
    Approval,
    Draft,
    DraftState,
    Obstacle,
    Override,
    PromiseAnswer,
    PromiseDecision,
)
from worker.domain.letter import open_blanks
from worker.domain.outgoing import OutgoingLetter
from worker.domain.post import Author, ReadMail
from worker.domain.token import make_message_id, make_reference
from worker.domain.wording import Finding, Level, ReplyTo, check_wording
from worker.errors import Refused
from worker.ports import Rooms
from worker.services import cancelling, drafting, promising
from worker.services.house import House
from worker.services.letterhead import letter_date, sender_of

GONE = frozenset({DeliveryState.SENT, DeliveryState.UNKNOWN})

# One plain address: no name, no list, no control character.
_ADDRESS = re.compile(r"""[^\s<>()\[\],;:\\"@\x00-\x1f\x7f]{1,64}@[^\s<>()\[\],;:\\"@\x00-\x1f\x7f]{1,253}""")


class NotYet(Refused):
    """Something stands between the draft and its approval; `obstacles` names all of it."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = tuple(obstacles)
        super().__init__("\n".join(obstacle.say for obstacle in obstacles))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an agent had before them when they began to change a draft."""

    revision: str | None = None  # of the draft; None: whichever stands now
    mail_id: int | None = None  # the customer's newest mail; None: none newer than the one the draft answers


NOTHING_SEEN = Seen()


def read_draft(rooms: Rooms, house: House, draft_id: int, *, now: datetime) -> Reading:
    """The draft, its wording findings, and the promises in its text read as of `now`."""
    draft = get_draft(rooms, draft_id)
    case = rooms.cases.get(draft.case_id)
    if case is None:
        raise Refused(f"Draft {draft_id} belongs to no case.")
    reply_to = ReplyTo.ENQUIRY if case.kind is CaseKind.OTHER else ReplyTo.COMPLAINT
    findings = check_wording(
        draft.text, rules=house.wording, reply_to=reply_to, language=draft.language, template=False
    )
    blanks = open_blanks(draft.text)
    kept = [
        one
        for one in findings
        if not any(blank.start < one.end and one.start < blank.end for blank in blanks)
    ]
    return Reading(
        draft=draft,
        case=case,
        findings=tuple(kept),
        promises=house.promises_in(draft.text, sent_at=now, language=draft.language),
        standing=tuple(promise.id for promise in rooms.promises.watched(case.id)),
    )


def edit(  # noqa: PLR0913 - each is one thing that an agent may change
    rooms: Rooms,
    draft_id: int,
    *,
    by: str,
    now: datetime,
    text: str | None = None,
    subject: str | None = None,
    to: tuple[str, ...] | None = None,
    cc: tuple[str, ...] | None = None,
    seen: Seen = NOTHING_SEEN,
) -> Draft:
    """A new revision. The draft answers the newest mail its writer has seen, not one that came while they wrote.

    Raises Refused when somebody else has changed the draft since it was read: neither's words overwrite the other's.
    """
    draft = changeable(rooms, draft_id)
    if seen.revision not in {None, draft.revision}:
        raise Refused(
            f"Draft {draft_id} was changed by somebody else meanwhile: it is revision {draft.revision} now. "
            f"Nothing was overwritten. Read it: amends drafts show {draft_id}"
        )
    _refuse_bad_addresses((*(to or ()), *(cc or ())))
    answers = draft.mail_id if seen.mail_id is None else _seen(rooms, draft, seen.mail_id)
    cancelling.void_approvals(rooms, draft.case_id, reason=f"draft {draft_id} was changed", now=now)
    changed = replace(
        draft,
        text=draft.text if text is None else text.replace("\r\n", "\n"),
        subject=draft.subject if subject is None else " ".join(subject.split()),
        to=draft.to if to is None else to,
        cc=draft.cc if cc is None else cc,
        mail_id=answers,
        state=DraftState.OPEN,
        state_reason="",
        updated_at=now,
    )
    rooms.drafts.save(changed)
    drafting.log_draft(rooms, changed, who=by, what="draft_edited", now=now)
    return changed


def reject(rooms: Rooms, draft_id: int, *, by: str, reason: str, now: datetime) -> Draft:
    """This letter will not be sent."""
    draft = changeable(rooms, draft_id)
    cancelling.void_approvals(rooms, draft.case_id, reason=f"rejected by {by}", now=now)
    rejected = replace(draft, state=DraftState.REJECTED, state_reason=reason, updated_at=now)
    rooms.drafts.save(rejected)
    drafting.log_draft(rooms, draft, who=by, what="draft_rejected", now=now, detail=reason)
    return rejected


def ask_changes(rooms: Rooms, draft_id: int, *, by: str, wish: str, now: datetime) -> Draft:
    """Somebody has read it and wants it otherwise; an approval it had is void."""
    draft = changeable(rooms, draft_id)
    cancelling.void_approvals(rooms, draft.case_id, reason=f"{by} asked for changes", now=now)
    asked = replace(draft, state=DraftState.CHANGES_ASKED, state_reason=wish, updated_at=now)
    rooms.drafts.save(asked)
    drafting.log_draft(rooms, draft, who=by, what="draft_changes_asked", now=now, detail=wish)
    return asked


def approve(rooms: Rooms, house: House, draft_id: int, said: Decisions, *, now: datetime) -> Delivery:
    """Approve one exact revision: its bytes are frozen, its promises begin, it may leave.

    Raises NotYet with everything that stands in the way; nothing is changed then.
    """
    leaves = said.leave_at or now
    reading = read_draft(rooms, house, draft_id, now=leaves)
    obstacles = find_obstacles(rooms, reading, said, now=now)
    if obstacles:
        raise NotYet(obstacles)
    _refuse_bad_addresses((*reading.draft.to, *reading.draft.cc))
    draft, case = reading.draft, reading.case
    decisions = tuple(_decided(found, said.promises.get(n)) for n, found in enumerate(reading.promises, 1))
    settles = said.settles or ()
    approval = Approval(
        draft_id=draft.id,
        revision=draft.revision,
        by=said.by,
        at=now,
        promises=decisions,
        settles=settles,
        leaves=tuple(number for number in reading.standing if number not in settles)
        if said.settles is not None
        else (),
        overrides=tuple(Override(finding=key, reason=why) for key, why in said.overrides.items()),
    )
    approval = rooms.approvals.add(approval)
    delivery = rooms.deliveries.add(_frozen(rooms, house, case, draft, approval, leaves=leaves, now=now))
    promising.from_letter(rooms, house, delivery, decisions, owner=case.owner)
    rooms.drafts.save(replace(draft, state=DraftState.APPROVED, updated_at=now))
    confirmed = f", to {', '.join(said.to_confirmed)}" if said.to_confirmed else ""
    drafting.log_draft(
        rooms,
        draft,
        who=said.by,
        what="draft_approved",
        now=now,
        detail=f"revision {draft.revision}{confirmed}",
    )
    return delivery


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


def letter_text(draft: Draft) -> str:
    """The text as it goes out, the footer under its mark."""
    return f"{draft.text.rstrip()}\n\n-- \n{draft.footer}\n"


def get_draft(rooms: Rooms, draft_id: int) -> Draft:
    draft = rooms.drafts.get(draft_id)
    if draft is None:
        raise Refused(f"There is no draft {draft_id}. See: amends drafts list")
    return draft


def changeable(rooms: Rooms, draft_id: int) -> Draft:
    """A draft that can still be changed: live, and its letter has not left and cannot be leaving."""
    draft = get_draft(rooms, draft_id)
    if not draft.is_live:
        why = f" ({draft.state_reason})" if draft.state_reason else ""
        raise Refused(
            f"Draft {draft_id} is {draft.state}{why}. Make a new one: amends drafts new {draft.case_id}"
        )
    for delivery in rooms.deliveries.where(draft_id=draft_id):
        if delivery.state in GONE or delivery.phase is Phase.DATA:
            raise Refused(
                f"Draft {draft_id} has left as letter {delivery.id} ({delivery.state}); it cannot be changed. "
                f"Make a new one: amends drafts new {draft.case_id}"
            )
    return draft


def _seen(rooms: Rooms, draft: Draft, mail_id: int) -> int:
    """The mail a draft answers once this one has been read; an older one than it answers changes nothing."""
    read, answered = rooms.mails.get(mail_id), answered_mail(rooms, draft)
    if read is None or read.case_id != draft.case_id or read.author is not Author.CUSTOMER:
        raise Refused(
            f"Case {draft.case_id} holds no mail {mail_id} of the customer. "
            f"Its mails: amends cases show {draft.case_id}"
        )
    return mail_id if answered is None or read.written_at >= answered.written_at else answered.id


def unseen_mail(rooms: Rooms, draft: Draft) -> ReadMail | None:
    """The customer's newest mail, where it is newer than the one the draft answers."""
    newest, answered = drafting.newest_mail(rooms, draft.case_id), answered_mail(rooms, draft)
    if newest is None or answered is None:
        return newest
    is_newer = newest.id != answered.id and newest.written_at >= answered.written_at
    return newest if is_newer else None


def other_reply_to(house: House, read: ReadMail) -> tuple[str, ...]:
    """Where a mail asks for answers, other than its From. Only the agent may follow it: anybody can write a Reply-To."""
    if read.forwarded_by is not None:  # it was the colleague's own
        return ()
    named = dict.fromkeys(one.address for one in read.reply_to if _ADDRESS.fullmatch(one.address))
    return tuple(address for address in named if address != read.sender and not house.is_ours(address))


def _refuse_bad_addresses(addresses: Sequence[str]) -> None:
    for address in addresses:
        if not _ADDRESS.fullmatch(address):
            raise Refused(f"“{address}” is no address a letter can go to; write it like name@example.org")


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


def _decided(found: FoundPromise, answer: datetime | PromiseAnswer | None) -> PromiseDecision:
    due_at = answer if isinstance(answer, datetime) else found.due_at
    reading = (
        f"set by the agent: {due_at.isoformat()}"
        if isinstance(answer, datetime) and due_at
        else found.reading
    )
    return PromiseDecision(
        words=promising.one_line(found.text),
        strength=str(found.strength),
        due_at=due_at,
        reading=reading,
        is_promise=answer is not PromiseAnswer.NOT_A_PROMISE,
    )


def _frozen(
    rooms: Rooms,
    house: House,
    case: Case,
    draft: Draft,
    approval: Approval,
    *,
    leaves: datetime,
    now: datetime,
) -> Delivery:
    """The letter with every byte it will have, and its own Message-ID and reference."""
    sender = sender_of(house, case)
    nonce = uuid4().hex[:12]
    reference = f"{make_reference(house.key, case.id)}.{nonce}"
    message_id = make_message_id(make_reference(house.key, case.id), nonce, sender.domain)
    answered = answered_mail(rooms, draft)
    letter = OutgoingLetter(
        from_name=sender.name,
        from_address=sender.address,
        to=draft.to,
        cc=draft.cc,
        subject=draft.subject,
        text=letter_text(draft),
        message_id=message_id,
        reference=reference,
        in_reply_to=answered.message_id if answered else None,
        references=_thread(rooms, case.id, answered),
        date=letter_date(leaves, house.settings.zone),
    )
    return Delivery(
        case_id=case.id,
        draft_id=draft.id,
        approval_id=approval.id,
        state=DeliveryState.SCHEDULED if leaves > now else DeliveryState.APPROVED,
        envelope_from=sender.address,
        recipients=(*draft.to, *draft.cc),
        message_id=message_id,
        reference=reference,
        raw=house.compose(letter),
        planned_at=leaves,
        next_try_at=leaves,
    )


def _thread(rooms: Rooms, case_id: int, answered: ReadMail | None) -> tuple[str, ...]:
    """The Message-IDs of the conversation so far, the answered mail last, for References."""
    before = [
        mail.message_id for mail in rooms.mails.of_case(case_id) if mail.message_id and mail.copy_of is None
    ]
    last = answered.message_id if answered else None
    ids = [*(one for one in dict.fromkeys(before) if one != last), *([last] if last else [])]
    return tuple(ids[-20:])
