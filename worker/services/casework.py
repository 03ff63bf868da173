"""What a person decides about a case: heard, marked, handed over, closed, reopened, lifted, opened by telephone.

A person's verdict outranks the rules. What follows from it (kind, severity, drafts, alerts, next date) is
worked out anew from the case's mails and contacts by `recounted` and `redated`, and nowhere else.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from worker.domain.alert import AlertKind
from worker.domain.case import Case, CaseKind, CaseState, Customer, NextKind, Participant, state_for
from worker.domain.delivery import SENDABLE, DeliveryState
from worker.domain.draft import Draft, DraftState
from worker.domain.mail import Address
from worker.domain.post import Author, Contact, ContactHow, Event, Mark, ReadMail
from worker.domain.promise import next_due
from worker.domain.triage import judge
from worker.domain.verdict import MachineKind, Route, Severity, Verdict
from worker.errors import Refused
from worker.ports import Rooms
from worker.services import cancelling, contact, dates, drafting, opening, watching
from worker.services.house import House

ON_ITS_WAY = (*SENDABLE, DeliveryState.SENDING, DeliveryState.UNKNOWN)
BY_PHONE = "by telephone"


class Marked(StrEnum):
    """What a person says a mail is."""

    COMPLAINT = "complaint"
    NOT_COMPLAINT = "not-complaint"
    SAFETY = "safety"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """What a mark has changed."""

    case: Case
    mail: ReadMail | None
    draft: Draft | None  # made because of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an agent wrote down of a customer's call."""

    by: str
    subject: str
    note: str
    address: str = ""
    name: str = ""
    mailbox: str | None = None
    acknowledged: bool = False  # the agent acknowledged it there and then, which is contact


def get_case(rooms: Rooms, case_id: int) -> Case:
    case = rooms.cases.get(case_id)
    if case is None:
        raise Refused(f"There is no case {case_id}. See: amends cases list")
    return case


def standing_case(rooms: Rooms, case_id: int) -> Case:
    """The case, unless it has gone into another."""
    case = get_case(rooms, case_id)
    if case.merged_into is not None:
        raise Refused(f"Case {case_id} was merged into case {case.merged_into}; use that one.")
    return case


def note_event(rooms: Rooms, case: Case, *, who: str, what: str, now: datetime, detail: str = "") -> None:
    rooms.events.add(Event(at=now, case_id=case.id, who=who, what=what, detail=detail))


def hear(rooms: Rooms, case_id: int, *, by: str, now: datetime) -> Case:
    """Somebody of ours has read it; reading it again counts when the customer has written since."""
    case = get_case(rooms, case_id)
    if case.heard_at is not None and (
        case.last_customer_at is None or case.heard_at >= case.last_customer_at
    ):
        return case
    heard = replace(case, heard_at=now, heard_by=by)
    if case.state is CaseState.NEW:
        heard = replace(heard, state=state_for(heard))
    rooms.cases.save(heard)
    note_event(rooms, heard, who=by, what="case_heard", now=now)
    return heard


def mark(
    rooms: Rooms,
    house: House,
    case_id: int,
    said: Marked,
    *,
    by: str,
    now: datetime,
    mail_id: int | None = None,
) -> Marking:
    """A person says what a mail of this case is (the newest of the customer's, unless one is named)."""
    case = standing_case(rooms, case_id)
    read = _mail_to_mark(rooms, case, mail_id)
    if said is Marked.MACHINE and case.state is CaseState.SAFETY:
        raise Refused(
            f"Case {case.id} is a safety case; lift it first: amends cases lift {case.id} --as {by!r}"
        )
    rooms.marks.add(
        Mark(
            case_id=case.id,
            mail_id=read.id,
            verdict=said.value,
            by=by,
            at=now,
            rules_said=_rules_said(read),
        )
    )
    marked = _as_marked(case, read, said, by=by)
    rooms.mails.save(marked)
    note_event(rooms, case, who=by, what="mail_marked", now=now, detail=f"mail {read.id}: {said}")
    case = _after_mark(rooms, house, recounted(rooms, case), marked, said, now=now)
    draft = draft_if_waiting(rooms, house, case, marked, now=now) if said is Marked.COMPLAINT else None
    return Marking(case=case, mail=marked, draft=draft)


def assign(rooms: Rooms, case_id: int, *, to: str, by: str, now: datetime) -> int:
    """Hand the case over with its open promises; how many went along."""
    case = standing_case(rooms, case_id)
    rooms.cases.save(replace(case, owner=to))
    owed = rooms.promises.watched(case.id)
    for promise in owed:
        rooms.promises.save(replace(promise, owner=to))
    note_event(rooms, case, who=by, what="case_assigned", now=now, detail=f"{case.owner} to {to}")
    return len(owed)


def close(rooms: Rooms, case_id: int, *, by: str, now: datetime, reason: str = "") -> Case:
    """Nothing is owed any more. Refused while a promise is open or a letter is on its way."""
    case = standing_case(rooms, case_id)
    _refuse_to_close(rooms, case)
    cancelling.retire_live(rooms, case.id, reason=f"the case was closed by {by}", now=now)
    closed = replace(
        dates.without_next_date(case), state=CaseState.CLOSED, closed_at=now, close_reason=reason or None
    )
    rooms.cases.save(closed)
    watching.end_case_alerts(rooms, case.id, now=now, kinds=frozenset(AlertKind))
    note_event(rooms, case, who=by, what="case_closed", now=now, detail=reason)
    return closed


def reopen(rooms: Rooms, house: House, case_id: int, *, by: str, now: datetime) -> Case:
    """Back to us, with a next date."""
    case = standing_case(rooms, case_id)
    if case.is_open:
        raise Refused(f"Case {case_id} is open already.")
    opened = replace(case, state=CaseState.AWAITING_US, closed_at=None, close_reason=None, is_history=False)
    opened = dates.with_next_date(
        house,
        dates.without_next_date(opened),
        NextKind.CONTACT,
        dates.look_again_at(house, now),
        set_at=now,
    )
    rooms.cases.save(opened)
    note_event(rooms, opened, who=by, what="case_reopened", now=now)
    return opened


def lift(rooms: Rooms, house: House, case_id: int, *, by: str, now: datetime) -> Marking:
    """A person has looked after the danger: from here it is a case like any other."""
    case = standing_case(rooms, case_id)
    if case.state is not CaseState.SAFETY:
        raise Refused(f"Case {case_id} is not a safety case; nothing was changed.")
    for read in _theirs(rooms, case):
        if read.route is Route.SAFETY:
            route = Route.DRAFT if read.verdict is Verdict.COMPLAINT else Route.NONE
            rooms.mails.save(replace(read, route=route))
    case = replace(case, heard_at=case.heard_at or now, heard_by=case.heard_by or by)
    case = replace(case, state=state_for(replace(case, state=CaseState.NEW)))
    case = redated(rooms, house, case, now=now)
    if case.next_at is None and next_due(rooms.promises.watched(case.id)) is None:
        case = dates.with_next_date(house, case, NextKind.LOOK, dates.look_again_at(house, now), set_at=now)
    rooms.cases.save(case)
    watching.end_case_alerts(rooms, case.id, now=now, kinds={AlertKind.SAFETY, AlertKind.LOOK})
    note_event(rooms, case, who=by, what="safety_lifted", now=now)
    newest = drafting.newest_mail(rooms, case.id)
    draft = draft_if_waiting(rooms, house, case, newest, now=now) if newest else None
    return Marking(case=case, mail=newest, draft=draft)


def open_by_phone(rooms: Rooms, house: House, call: Call, *, now: datetime) -> Marking:
    """A complaint by telephone: its note is judged like a mail; who took it says that it is a complaint."""
    customer = _caller(rooms, call, now=now)
    box = call.mailbox or next((box.name for box in house.settings.mailboxes), BY_PHONE)
    read = _as_call(house, call, customer, box, now=now)
    case = rooms.cases.add(
        Case(
            mailbox=box,
            kind=CaseKind.COMPLAINT,
            subject=call.subject,
            customer_id=customer.id,
            language=read.language,
            framework=house.framework_for(box),
            owner=call.by,
            opened_at=now,
            opened_by=call.by,
            heard_at=now,
            heard_by=call.by,
        )
    )
    for address in {call.address, *(known.address for known in rooms.customers.addresses(customer.id))} - {
        ""
    }:
        rooms.participants.add(Participant(case_id=case.id, address=address))
    read = rooms.mails.add(replace(read, case_id=case.id))
    note_event(rooms, case, who=call.by, what="case_opened_by_phone", now=now)
    case = recounted(rooms, case)
    case = redated(rooms, house, replace(case, state=state_for(case, route=read.route)), now=now)
    rooms.cases.save(case)
    if case.state is CaseState.SAFETY:
        watching.tell_safety(rooms, house, case, now=now)
    watching.tell_of_valued_customer(rooms, house, case, now=now)
    draft = None if call.acknowledged else draft_if_waiting(rooms, house, case, read, now=now)
    if call.acknowledged:
        met = Contact(
            case_id=case.id, at=now, by=call.by, how=ContactHow.CALL, note="acknowledged on the call"
        )
        contact.record_contact(rooms, house, met)
    return Marking(case=get_case(rooms, case.id), mail=read, draft=draft)


def recounted(rooms: Rooms, case: Case) -> Case:
    """The case's kind, severity, topics and latest times as its mails and contacts say now; not yet saved."""
    theirs = _theirs(rooms, case)
    complaints = [read for read in theirs if read.verdict is Verdict.COMPLAINT]
    topics = [topic for read in complaints if read.judgement for topic in read.judgement.topics]
    severities = (read.severity for read in complaints)
    return replace(
        case,
        kind=_kind(theirs) if theirs else case.kind,
        severity=max(severities, key=lambda severity: opening.RANK[severity], default=None),
        topics=tuple(dict.fromkeys(topics)),
        last_customer_at=max((read.written_at for read in theirs), default=case.last_customer_at),
        last_contact_at=max((met.at for met in contact.counted_contacts(rooms, case.id)), default=None),
    )


def redated(rooms: Rooms, house: House, case: Case, *, now: datetime) -> Case:
    """The case with the next date that its kind and whose turn it is call for; not yet saved."""
    bare = dates.without_next_date(case)
    if not case.is_open or case.is_history:
        return bare
    wrote, reached = case.last_customer_at, case.last_contact_at
    if case.state is CaseState.SAFETY:
        return dates.with_next_date(house, bare, NextKind.LOOK, dates.acknowledge_by(house, now), set_at=now)
    if case.kind is CaseKind.OTHER:
        return bare
    if wrote is not None and (reached is None or wrote > reached):
        kind = NextKind.ACKNOWLEDGE if reached is None else NextKind.CONTACT
        kind = NextKind.LOOK if case.kind is CaseKind.UNCLASSIFIED else kind
        at = dates.acknowledge_by(house, wrote)
        return dates.with_next_date(house, bare, kind, at, set_at=min(now, wrote))
    if next_due(rooms.promises.watched(case.id)) is not None:
        return bare
    at = dates.look_again_at(house, reached or now)
    return dates.with_next_date(house, bare, NextKind.CONTACT, at, set_at=reached or now)


def unanswered(case: Case, read: ReadMail) -> bool:
    """Whether nobody of ours has reached the customer since this mail."""
    return case.last_contact_at is None or case.last_contact_at < read.written_at


def draft_if_waiting(
    rooms: Rooms, house: House, case: Case, read: ReadMail, *, now: datetime
) -> Draft | None:
    """A draft for a complaint that waits for an answer, may have one, and can be written to."""
    waits = case.is_open and case.state is not CaseState.SAFETY and unanswered(case, read)
    if not waits or read.verdict is not Verdict.COMPLAINT or not read.sender or read.judgement is None:
        return None
    judgement = replace(read.judgement, verdict=Verdict.COMPLAINT, severity=read.severity)
    return drafting.draft_acknowledgement(rooms, house, case, replace(read, judgement=judgement), now=now)


def _theirs(rooms: Rooms, case: Case) -> list[ReadMail]:
    return [
        read
        for read in rooms.mails.of_case(case.id)
        if read.author is Author.CUSTOMER and read.copy_of is None
    ]


def _kind(theirs: list[ReadMail]) -> CaseKind:
    verdicts = {read.verdict for read in theirs}
    if Verdict.COMPLAINT in verdicts:
        return CaseKind.COMPLAINT
    return CaseKind.UNCLASSIFIED if Verdict.UNCLASSIFIED in verdicts else CaseKind.OTHER


def _mail_to_mark(rooms: Rooms, case: Case, mail_id: int | None) -> ReadMail:
    read = rooms.mails.get(mail_id) if mail_id else drafting.newest_mail(rooms, case.id)
    if read is None and mail_id is None:
        machines = [mail for mail in rooms.mails.of_case(case.id) if mail.author is Author.MACHINE]
        read = machines[-1] if machines else None
    if read is not None and read.copy_of is not None:
        read = rooms.mails.get(read.copy_of)
    if read is None or read.case_id != case.id:
        which = f"no mail {mail_id}" if mail_id else "no mail of the customer"
        raise Refused(f"Case {case.id} holds {which}. Its mails: amends cases show {case.id}")
    if read.author in {Author.OURS, Author.INTERNAL}:
        raise Refused(f"Mail {read.id} is our own; only a customer's mail is marked.")
    return read


def _rules_said(read: ReadMail) -> str:
    said = read.judgement
    return f"{said.verdict}, {said.route}" if said else ""


def _as_marked(case: Case, read: ReadMail, said: Marked, *, by: str) -> ReadMail:
    """The mail as this person sees it; the rules' own judgement stays beside it."""
    read = replace(read, marked_by=by)
    if said is Marked.MACHINE:
        machine = read.machine or MachineKind.NOTIFICATION
        return replace(
            read,
            author=Author.MACHINE,
            machine=machine,
            verdict=Verdict.NOT_COMPLAINT,
            severity=None,
            route=Route.NONE,
        )
    read = replace(read, author=Author.CUSTOMER, machine=None)
    if said is Marked.SAFETY:
        return replace(read, route=Route.SAFETY)
    safety = case.state is CaseState.SAFETY and read.route is Route.SAFETY
    if said is Marked.COMPLAINT:
        said_by_rules = read.judgement.severity if read.judgement else None
        severity = read.severity or said_by_rules or Severity.LOW
        return replace(
            read,
            verdict=Verdict.COMPLAINT,
            severity=severity,
            route=Route.SAFETY if safety else Route.DRAFT,
        )
    return replace(
        read,
        verdict=Verdict.NOT_COMPLAINT,
        severity=None,
        route=Route.SAFETY if safety else Route.NONE,
    )


def _after_mark(
    rooms: Rooms, house: House, case: Case, read: ReadMail, said: Marked, *, now: datetime
) -> Case:
    """State, drafts, alerts and next date after a mark."""
    reason = f"mail {read.id} was marked {said} by {read.marked_by}"
    if said is Marked.SAFETY:
        case = replace(case, state=CaseState.SAFETY, closed_at=None, close_reason=None, is_history=False)
    if said in {Marked.SAFETY, Marked.MACHINE}:
        cancelling.retire_live(rooms, case.id, reason=reason, now=now)
    if case.kind is not CaseKind.COMPLAINT:
        _retire_proposals(rooms, case, reason=reason, now=now)
    if said is not Marked.SAFETY and case.is_open:
        watching.end_case_alerts(rooms, case.id, now=now)
    case = redated(rooms, house, case, now=now)
    if said is Marked.MACHINE and not _theirs(rooms, case) and not rooms.promises.watched(case.id):
        case = replace(case, state=CaseState.CLOSED, closed_at=now, close_reason="written by a machine")
        case = dates.without_next_date(case)
    rooms.cases.save(case)
    if said is Marked.SAFETY:
        watching.tell_safety(rooms, house, case, now=now)
    if said is Marked.COMPLAINT and unanswered(case, read):
        watching.tell_of_valued_customer(rooms, house, case, now=now)
    return case


def _retire_proposals(rooms: Rooms, case: Case, *, reason: str, now: datetime) -> None:
    """Drafts nobody has approved; an approved letter is somebody's word and stays."""
    for draft in rooms.drafts.where(case_id=case.id, state=(DraftState.OPEN, DraftState.CHANGES_ASKED)):
        rooms.drafts.save(replace(draft, state=DraftState.RETIRED, state_reason=reason, updated_at=now))


def _refuse_to_close(rooms: Rooms, case: Case) -> None:
    if not case.is_open:
        raise Refused(f"Case {case.id} is closed already.")
    if case.state is CaseState.SAFETY:
        raise Refused(
            f"Case {case.id} is a safety case; a person lifts it first: amends cases lift {case.id} --as YOU"
        )
    owed = rooms.promises.watched(case.id)
    if owed:
        told = "\n".join(f"  promise {promise.id} ({promise.state}): “{promise.words}”" for promise in owed)
        raise Refused(
            f"Case {case.id} cannot be closed while something is promised:\n{told}\n"
            f'Settle it first: amends promises settle {owed[0].id} --call "WHAT WAS SAID" --as YOU, '
            f"or withdraw it: amends promises withdraw {owed[0].id} --misread --as YOU"
        )
    if rooms.deliveries.count(case_id=case.id, state=ON_ITS_WAY):
        raise Refused(f"Case {case.id} has a letter on its way. See what became of it: amends outbox list")


def _caller(rooms: Rooms, call: Call, *, now: datetime) -> Customer:
    known = rooms.customers.by_address(call.address) if call.address else None
    return known or opening.new_customer(rooms, call.address, call.name, now=now)


def _as_call(house: House, call: Call, customer: Customer, box: str, *, now: datetime) -> ReadMail:
    """The note of the call, judged by the rules for its severity, its topics and any danger in it."""
    language = house.tell_language(call.note) or house.settings.firm.language
    said = judge(subject=call.subject, text=call.note, language=language, machine=None, rules=house.rules)
    safety = said.route is Route.SAFETY
    return ReadMail(
        kept_id=None,
        case_id=None,
        author=Author.CUSTOMER,
        mailbox=box,
        message_id=None,
        sender=call.address,
        sender_name=call.name or customer.name,
        to=(Address(address=BY_PHONE, name=call.by),),
        subject=call.subject,
        written_at=now,
        new_words=call.note,
        fingerprint=f"call-{uuid4().hex}",
        language=language,
        verdict=Verdict.COMPLAINT,
        severity=said.severity or Severity.LOW,
        route=Route.SAFETY if safety else (Route.DRAFT if call.address else Route.PERSON),
        judgement=replace(said, text=""),
        marked_by=call.by,
    )
