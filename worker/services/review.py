"""An agent reads a draft, edits it, and approves one exact revision; what stands in the way is told as a list."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from worker.domain.case import Case, CaseKind
from worker.domain.commitment import FoundPromise
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
from worker.domain.wording import ReplyTo, check_wording
from worker.errors import Refused
from worker.ports import Rooms
from worker.services import cancelling, drafting, promising
from worker.services.house import House
from worker.services.letterhead import letter_date, sender_of
from worker.services.obstacles import Decisions, Reading, answered_mail, find_obstacles

GONE = frozenset({DeliveryState.SENT, DeliveryState.UNKNOWN})

# One plain address: no name, no list, no control character.
_ADDRESS = re.compile(r"""[^\s<>()\[\],;:\\"@\x00-\x1f\x7f]{1,64}@[^\s<>()\[\],;:\\"@\x00-\x1f\x7f]{1,253}""")


class NotYet(Refused):
    """Something stands between the draft and its approval; `obstacles` names all of it."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = tuple(obstacles)
        super().__init__("\n".join(obstacle.say for obstacle in obstacles))


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
