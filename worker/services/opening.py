"""Finds the case a mail belongs to, joins it or opens a new one, and keeps strangers' claims for a person."""

from dataclasses import dataclass, replace
from datetime import datetime

from worker.domain.case import Case, CaseKind, CaseState, Customer, NextKind, Participant, kind_for, state_for
from worker.domain.mail import InboundMail
from worker.domain.placing import Place, Placing, place_mail
from worker.domain.post import ReadMail
from worker.domain.token import referenced_case
from worker.domain.verdict import Route, Severity, Verdict
from worker.ports import Rooms
from worker.services import dates
from worker.services.house import House

NOBODY = "unknown sender"
RANK = {None: 0, Severity.LOW: 1, Severity.MEDIUM: 2, Severity.HIGH: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The case a mail joins or claims, and the customer who wrote it when we know them."""

    placing: Placing
    customer: Customer | None

    @property
    def is_new(self) -> bool:
        return self.placing.place is not Place.JOINS

    @property
    def is_claim(self) -> bool:
        return self.placing.place is Place.CLAIMS


def find_place(rooms: Rooms, house: House, read: ReadMail, mail: InboundMail) -> Found:
    """Look the mail up by thread, by our reference, by customer and subject; one that was history knows its case."""
    customer = rooms.customers.by_address(read.sender) if read.sender else None
    known = rooms.cases.get(read.case_id) if read.case_id else None
    if known is not None:
        return Found(placing=Placing(place=Place.JOINS, case=followed(rooms, known)), customer=customer)
    of_customer = rooms.cases.with_participant(read.sender) if customer else []
    threads = cases_of_thread(rooms, mail)
    token = _by_token(rooms, house, mail)
    joined = {case.id for case in of_customer}
    joined |= {
        case.id
        for case in [*threads, *([token] if token else [])]
        if _takes_part(rooms, case, read, customer)
    }
    placing = place_mail(
        by_thread=threads,
        by_token=token,
        of_customer=of_customer,
        joined=frozenset(joined),
        subject=read.subject,
    )
    return Found(placing=placing, customer=customer)


def open_or_join(rooms: Rooms, house: House, read: ReadMail, found: Found, *, now: datetime) -> Case:
    """The case this mail is in from now on, with its state, severity and next date brought up to date."""
    if found.placing.place is Place.JOINS and found.placing.case is not None:
        case = found.placing.case
        if read.sender and read.sender not in rooms.participants.of_case(case.id):
            rooms.participants.add(Participant(case_id=case.id, address=read.sender))
        joined = _moved_on(house, case, read, now=now)
        rooms.cases.save(joined)
        return joined
    customer = found.customer or new_customer(rooms, read.sender, read.sender_name, now=now)
    claims = found.placing.case.id if found.is_claim and found.placing.case else None
    case = rooms.cases.add(_moved_on(house, _new_case(house, read, customer, claims), read, now=now))
    if read.sender:
        rooms.participants.add(Participant(case_id=case.id, address=read.sender))
    return case


def new_customer(rooms: Rooms, address: str, name: str, *, now: datetime) -> Customer:
    customer = rooms.customers.add(Customer(name=name or address or NOBODY, created_at=now))
    if address:
        rooms.customers.add_address(customer.id, address)
    return customer


def cases_of_thread(rooms: Rooms, mail: InboundMail) -> list[Case]:
    """The cases of the mails this one answers, nearest first."""
    wanted = tuple(dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))))
    if not wanted:
        return []
    known = {read.message_id: read.case_id for read in rooms.mails.by_message_ids(wanted) if read.case_id}
    for sent in rooms.deliveries.by_message_ids([name for name in wanted if name not in known]):
        known[sent.message_id] = sent.case_id
    ids = dict.fromkeys(known[name] for name in wanted if name in known)
    return [followed(rooms, case) for number in ids if number and (case := rooms.cases.get(number))]


def followed(rooms: Rooms, case: Case) -> Case:
    """The case itself, or the one it was merged into."""
    while case.merged_into is not None and (into := rooms.cases.get(case.merged_into)):
        case = into
    return case


def _by_token(rooms: Rooms, house: House, mail: InboundMail) -> Case | None:
    spoken = " ".join((*mail.in_reply_to, *mail.references, mail.subject, mail.text[-20_000:]))
    number = referenced_case(house.key, spoken)
    case = rooms.cases.get(number) if number else None
    return followed(rooms, case) if case else None


def _takes_part(rooms: Rooms, case: Case, read: ReadMail, customer: Customer | None) -> bool:
    if customer is not None and case.customer_id == customer.id:
        return True
    return bool(read.sender) and read.sender in rooms.participants.of_case(case.id)


def _new_case(house: House, read: ReadMail, customer: Customer, claims: int | None) -> Case:
    return Case(
        mailbox=read.mailbox,
        kind=kind_for(read.verdict or Verdict.UNCLASSIFIED),
        subject=read.subject,
        customer_id=customer.id,
        language=read.language,
        framework=house.framework_for(read.mailbox),
        owner=house.owner_for(read.mailbox),
        opened_at=read.written_at,
        is_history=read.is_history,
        claims_case_id=claims,
    )


def _moved_on(house: House, case: Case, read: ReadMail, *, now: datetime) -> Case:
    """The case after this mail of the customer: whose turn, how grave, about what, and by when."""
    latest = max(read.written_at, case.last_customer_at or read.written_at)
    case = replace(case, last_customer_at=latest, language=case.language or read.language)
    if read.judgement and read.verdict is Verdict.COMPLAINT:
        topics = tuple(dict.fromkeys((*case.topics, *read.judgement.topics)))
        worse = max(case.severity, read.severity, key=lambda severity: RANK[severity])
        case = replace(case, kind=CaseKind.COMPLAINT, topics=topics, severity=worse)
    if read.is_history:
        return _as_history(case, read) if case.is_history else case
    reopened = not case.is_open
    if reopened:
        state = CaseState.SAFETY if read.route is Route.SAFETY else CaseState.AWAITING_US
        case = replace(case, state=state, closed_at=None, close_reason=None, is_history=False)
    else:
        case = replace(case, state=state_for(case, route=read.route))
    asks_nothing = read.route is Route.NONE and not (reopened and case.kind is CaseKind.COMPLAINT)
    return case if asks_nothing else _with_date(house, case, read, now=now)


def _as_history(case: Case, read: ReadMail) -> Case:
    """From before we began: in the profile, and nothing is owed."""
    return replace(
        case, state=CaseState.CLOSED, closed_at=read.written_at, close_reason="from before we began"
    )


def _with_date(house: House, case: Case, read: ReadMail, *, now: datetime) -> Case:
    if read.route in {Route.PERSON, Route.SAFETY}:
        kind, at = NextKind.LOOK, dates.acknowledge_by(house, read.written_at)
    else:
        kind = NextKind.ACKNOWLEDGE if case.last_contact_at is None else NextKind.CONTACT
        at = dates.acknowledge_by(house, read.written_at)
    return dates.with_next_date(house, case, kind, at, set_at=min(now, read.written_at))
