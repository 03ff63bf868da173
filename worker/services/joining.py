"""Cases become one, or two: merged, split, a stranger's claim accepted; addresses become one customer's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from worker.domain.alert import AlertKind
from worker.domain.case import Case, CaseState, Customer, Participant, state_for
from worker.domain.draft import DraftState
from worker.domain.post import ReadMail
from worker.domain.verdict import Route
from worker.errors import BadInput, Refused
from worker.ports import Rooms
from worker.services import cancelling, casework, dates, drafting, opening, watching
from worker.services.house import House


def merge(rooms: Rooms, house: House, case_id: int, into_id: int, *, by: str, now: datetime) -> Case:
    """One matter of one customer that had become two cases; everything goes over to `into_id`."""
    case, into = casework.standing_case(rooms, case_id), casework.standing_case(rooms, into_id)
    if case.id == into.id:
        raise Refused("A case cannot be merged into itself.")
    if case.customer_id != into.customer_id:
        raise Refused(
            f"Cases {case.id} and {into.id} belong to two customers. If they are one person, join their "
            f"addresses first: amends customers link ADDRESS {into.customer_id} --as {by!r}"
        )
    if not into.is_open:
        raise Refused(f"Case {into.id} is closed. Reopen it first: amends cases reopen {into.id} --as {by!r}")
    joined = _join(rooms, house, case, into, by=by, now=now)
    _draft(rooms, house, joined, now=now)
    return joined


def accept_claim(rooms: Rooms, house: House, case_id: int, *, by: str, now: datetime) -> Case:
    """A person vouches for a stranger: their case joins the one it claims, and they take part in it."""
    case = casework.standing_case(rooms, case_id)
    claimed = rooms.cases.get(case.claims_case_id) if case.claims_case_id else None
    if claimed is None:
        raise Refused(f"Case {case_id} claims no other case; nothing was changed.")
    claimed = opening.followed(rooms, claimed)
    if claimed.id == case.id:
        raise Refused(f"Case {case_id} is the one it claims by now; nothing was changed.")
    joined = _join(rooms, house, case, claimed, by=by, now=now, what="claim_accepted")
    newest = drafting.newest_mail(rooms, joined.id)
    if newest is not None:
        drafting.customer_wrote_again(rooms, joined, newest, now=now)
    _draft(rooms, house, joined, now=now)
    return joined


def split(
    rooms: Rooms, house: House, case_id: int, mail_ids: Sequence[int], *, by: str, now: datetime
) -> Case:
    """Two matters that had become one case: these mails, with what hangs on them, become a case of their own."""
    case = casework.standing_case(rooms, case_id)
    mails = _mails_to_split(rooms, case, mail_ids)
    first = mails[0]
    known = rooms.customers.by_address(first.sender) if first.sender else None
    new = rooms.cases.add(
        replace(
            case,
            id=0,
            subject=first.subject,
            customer_id=known.id if known else case.customer_id,
            opened_at=first.written_at,
            claims_case_id=None,
            closed_at=None,
            close_reason=None,
            is_history=False,
            state=CaseState.SAFETY if any(mail.route is Route.SAFETY for mail in mails) else CaseState.NEW,
        )
    )
    chosen = {mail.id for mail in mails}
    for address in {mail.sender for mail in mails} - {""}:
        _take_part(rooms, new, address)
    _move(rooms, case, new, only=chosen)
    for draft in rooms.drafts.where(case_id=case.id, state=(DraftState.OPEN, DraftState.CHANGES_ASKED)):
        if draft.mail_id in chosen:
            reason = f"its mail went to case {new.id}"
            rooms.drafts.save(replace(draft, state=DraftState.RETIRED, state_reason=reason, updated_at=now))
    casework.note_event(rooms, case, who=by, what="case_split", now=now, detail=f"into case {new.id}")
    casework.note_event(rooms, new, who=by, what="case_split", now=now, detail=f"from case {case.id}")
    _bring_up_to_date(rooms, house, case, now=now)
    new = _bring_up_to_date(rooms, house, new, now=now)
    if new.state is CaseState.SAFETY:
        watching.tell_safety(rooms, house, new, now=now)
    _draft(rooms, house, new, now=now)
    return new


def link(
    rooms: Rooms, house: House, address: str, customer_id: int, *, by: str, now: datetime
) -> tuple[Customer, int]:
    """This address is the same customer's; cases of whoever had it come along. The customer and how many cases moved."""
    address = address.strip().lower()
    if "@" not in address.strip("@"):
        raise BadInput(f"{address!r} is not a mail address.")
    if house.is_ours(address):
        raise Refused(f"{address} is one of our own addresses.")
    customer = rooms.customers.get(customer_id)
    if customer is None:
        raise Refused(f"There is no customer {customer_id}. See: amends customers show ADDRESS")
    other = rooms.customers.by_address(address)
    if other is not None and other.id == customer.id:
        raise Refused(f"{address} is an address of customer {customer.id} already.")
    moved: list[Case] = []
    if other is None:
        rooms.customers.add_address(customer.id, address)
    else:
        rooms.customers.move_addresses(from_id=other.id, to_id=customer.id)
        moved = rooms.cases.where(customer_id=other.id)
        customer = replace(customer, tags=tuple(dict.fromkeys((*customer.tags, *other.tags))))
        rooms.customers.save(customer)
    for case in moved:
        rooms.cases.save(replace(case, customer_id=customer.id))
    _take_part_everywhere(rooms, customer, by=by, now=now)
    return customer, len(moved)


def tag(rooms: Rooms, customer: Customer, tags: Sequence[str], *, remove: bool = False) -> Customer:
    """The customer with these tags, or without them."""
    kept = tuple(one for one in customer.tags if one not in tags)
    tagged = replace(customer, tags=kept if remove else tuple(dict.fromkeys((*kept, *tags))))
    rooms.customers.save(tagged)
    return tagged


def _draft(rooms: Rooms, house: House, case: Case, *, now: datetime) -> None:
    newest = drafting.newest_mail(rooms, case.id)
    if newest is not None and not newest.is_history:
        casework.draft_if_waiting(rooms, house, case, newest, now=now)


def _take_part_everywhere(rooms: Rooms, customer: Customer, *, by: str, now: datetime) -> None:
    """Every address of a customer takes part in their open cases."""
    addresses = [known.address for known in rooms.customers.addresses(customer.id)]
    for case in rooms.cases.where(customer_id=customer.id):
        if case.is_open:
            for address in addresses:
                _take_part(rooms, case, address)
            casework.note_event(rooms, case, who=by, what="customer_linked", now=now)


def _join(
    rooms: Rooms,
    house: House,
    case: Case,
    into: Case,
    *,
    by: str,
    now: datetime,
    what: str = "case_merged",
) -> Case:
    """Everything of `case` goes over to `into`, which is brought up to date."""
    cancelling.retire_live(rooms, case.id, reason=f"joined to case {into.id}", now=now)
    _move(rooms, case, into)
    _move_letters(rooms, case, into)
    for address in rooms.participants.of_case(case.id):
        _take_part(rooms, into, address)
    watching.end_case_alerts(rooms, case.id, now=now, kinds=frozenset(AlertKind) - {AlertKind.SAFETY})
    for alert in rooms.alerts.standing(case_id=case.id):
        rooms.alerts.save(replace(alert, case_id=into.id))
    for claiming in rooms.cases.where(claims_case_id=case.id):
        rooms.cases.save(replace(claiming, claims_case_id=None if claiming.id == into.id else into.id))
    gone = replace(dates.without_next_date(case), state=CaseState.CLOSED, closed_at=now, merged_into=into.id)
    rooms.cases.save(gone)
    casework.note_event(rooms, gone, who=by, what=what, now=now, detail=f"into case {into.id}")
    casework.note_event(rooms, into, who=by, what=what, now=now, detail=f"case {case.id} joined")
    safety = CaseState.SAFETY in {case.state, into.state}
    into = replace(
        into,
        state=CaseState.SAFETY if safety else CaseState.NEW,
        opened_at=min(case.opened_at, into.opened_at),
        is_history=case.is_history and into.is_history,
        closed_at=None,
        close_reason=None,
    )
    return _bring_up_to_date(rooms, house, into, now=now)


def _move(rooms: Rooms, case: Case, into: Case, *, only: set[int] | None = None) -> None:
    """Mails and what hangs on them; everything, or only what hangs on some mails."""

    def goes(mail_id: int | None) -> bool:
        return only is None or mail_id in only

    for mail in rooms.mails.where(case_id=case.id):
        if goes(mail.id) or goes(mail.copy_of):
            rooms.mails.save(replace(mail, case_id=into.id))
    for promise in rooms.promises.where(case_id=case.id):
        if goes(promise.mail_id):
            rooms.promises.save(replace(promise, case_id=into.id))
            _move_alerts(rooms, promise.id, into)
    for met in rooms.contacts.where(case_id=case.id):
        if goes(met.mail_id):
            rooms.contacts.save(replace(met, case_id=into.id))
    for mark in rooms.marks.where(case_id=case.id):
        if goes(mark.mail_id):
            rooms.marks.save(replace(mark, case_id=into.id))


def _move_letters(rooms: Rooms, case: Case, into: Case) -> None:
    for draft in rooms.drafts.where(case_id=case.id):
        rooms.drafts.save(replace(draft, case_id=into.id))
    for delivery in rooms.deliveries.where(case_id=case.id):
        rooms.deliveries.save(replace(delivery, case_id=into.id))


def _move_alerts(rooms: Rooms, promise_id: int, into: Case) -> None:
    for alert in rooms.alerts.standing(promise_id=promise_id):
        rooms.alerts.save(replace(alert, case_id=into.id))


def _bring_up_to_date(rooms: Rooms, house: House, case: Case, *, now: datetime) -> Case:
    """Kind, severity, whose turn and next date after mails have come or gone."""
    case = casework.recounted(rooms, case)
    if case.is_open:
        case = casework.redated(rooms, house, replace(case, state=state_for(case)), now=now)
    rooms.cases.save(case)
    return case


def _mails_to_split(rooms: Rooms, case: Case, mail_ids: Sequence[int]) -> list[ReadMail]:
    held = {mail.id: mail for mail in rooms.mails.of_case(case.id)}
    unknown = [number for number in mail_ids if number not in held]
    if unknown:
        raise Refused(f"Case {case.id} holds no mail {unknown[0]}. Its mails: amends cases show {case.id}")
    rest = [mail for mail in held.values() if mail.id not in mail_ids and mail.copy_of not in mail_ids]
    if not rest:
        raise Refused(f"Nothing would be left of case {case.id}; it cannot be split that way.")
    return sorted((held[number] for number in set(mail_ids)), key=lambda mail: (mail.written_at, mail.id))


def _take_part(rooms: Rooms, case: Case, address: str) -> None:
    if address not in rooms.participants.of_case(case.id):
        rooms.participants.add(Participant(case_id=case.id, address=address))
