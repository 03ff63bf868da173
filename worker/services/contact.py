"""The customer has been reached: promises are settled or kept open, drafts retire, the case moves on.

The order in which one contact acts on one promise is decided in domain/promise; here it is written down.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from worker.domain import promise as promises
from worker.domain.alert import AlertKind
from worker.domain.case import Case, CaseKind, NextKind, state_for
from worker.domain.delivery import DeliveryState
from worker.domain.draft import LIVE, Draft, DraftState
from worker.domain.post import Contact, ContactHow, Event
from worker.domain.promise import ContactFacts, Effect, Promise, SettledBy
from worker.ports import Rooms
from worker.services import dates, watching
from worker.services.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What is known about a contact besides when it was."""

    reports_done: bool = False
    settles: tuple[int, ...] = ()  # the agent said so
    leaves: tuple[int, ...] = ()  # the agent said it does not
    redates: dict[int, int] = field(default_factory=dict)  # old promise -> the new promise of the same thing
    made: tuple[int, ...] = ()  # the promises this very letter makes
    draft_id: int | None = None  # the draft that was sent, which must not retire itself


def record_contact(rooms: Rooms, house: House, contact: Contact, reached: Reached | None = None) -> Contact:
    """Keep the contact and carry out everything that follows from it."""
    reached = reached or Reached()
    contact = rooms.contacts.add(replace(contact, reports_done=reached.reports_done))
    for promise in rooms.promises.watched(contact.case_id):
        apply_contact(rooms, house, promise, contact, reached)
    _retire_drafts(rooms, contact, keep=reached.draft_id)
    case = rooms.cases.get(contact.case_id)
    if case is not None:
        rooms.cases.save(_moved_on(rooms, house, case, contact))
        if not _wrote_since(case, contact):
            watching.end_case_alerts(rooms, case.id, now=contact.at, kinds=_answered_kinds(rooms, case))
    return contact


def apply_contact(
    rooms: Rooms, house: House, promise: Promise, contact: Contact, reached: Reached
) -> Promise:
    """What this contact does to this promise, written down with its reason."""
    facts = ContactFacts(
        at=contact.at,
        reports_done=reached.reports_done,
        said_settles=frozenset(reached.settles),
        said_not=frozenset(reached.leaves),
        redates=frozenset(reached.redates),
        made_here=frozenset(reached.made),
    )
    effect = promises.effect_of(promise, facts, SettledBy(house.settings.promises.settled_by))
    if effect is Effect.NONE:
        return promise
    after = _after(promise, contact, effect, reached)
    rooms.promises.save(after)
    _tell(rooms, after, contact, effect)
    if not after.is_watched:
        watching.end_promise_alerts(rooms, after.id, now=contact.at)
    return after


def reaches(rooms: Rooms, case_id: int, recipients: Collection[str]) -> bool:
    """Whether a letter to these addresses goes to the customer's side of the case."""
    case = rooms.cases.get(case_id)
    side = rooms.participants.of_case(case_id)
    if case is not None:
        side |= {address.address for address in rooms.customers.addresses(case.customer_id)}
    return any(recipient.casefold() in side for recipient in recipients)


def counted_contacts(rooms: Rooms, case_id: int) -> list[Contact]:
    """The contacts of a case that reached the customer, in order."""
    met = [
        contact for contact in rooms.contacts.where(case_id=case_id) if contact.how is not ContactHow.BOUNCED
    ]
    return sorted(met, key=lambda contact: contact.at)


def bring_back_drafts(rooms: Rooms, contact: Contact, *, now: datetime) -> None:
    """The contact was none: a draft that was retired for its sake waits for somebody again."""
    drafts = rooms.drafts.where(case_id=contact.case_id)
    if any(draft.state in LIVE for draft in drafts):
        return
    for draft in drafts:
        if draft.state is DraftState.RETIRED and draft.updated_at == contact.at:
            reason = "the letter that had answered came back"
            rooms.drafts.save(replace(draft, state=DraftState.OPEN, state_reason=reason, updated_at=now))


def catch_up(rooms: Rooms, house: House, promise: Promise) -> Promise:
    """Apply the contacts that were already known when this promise was found."""
    later = [met for met in counted_contacts(rooms, promise.case_id) if met.at > promise.made_at]
    for contact in later:
        if promise.is_watched:
            promise = apply_contact(
                rooms, house, promise, contact, Reached(reports_done=contact.reports_done)
            )
    return promise


def _after(promise: Promise, contact: Contact, effect: Effect, reached: Reached) -> Promise:
    if effect is Effect.SUPERSEDES:
        return promises.supersede(promise, by=reached.redates[promise.id], at=contact.at)
    found = contact.how is ContactHow.FOUND
    if effect is Effect.INTERIM:
        ask = promise.id not in reached.leaves  # the agent has answered already
        return promises.note_interim(promise, contact_id=contact.id, at=contact.at, ask=ask)
    settled = promises.settle(promise, contact_id=contact.id, at=contact.at)
    return promises.ask_whether_settled(settled, contact_id=contact.id) if found else settled


def _tell(rooms: Rooms, promise: Promise, contact: Contact, effect: Effect) -> None:
    what = {
        Effect.SETTLES: "promise_settled",
        Effect.SUPERSEDES: "promise_superseded",
        Effect.INTERIM: "promise_told_interim",
    }[effect]
    detail = f"promise {promise.id}, contact {contact.id}" + (f", {promise.ending}" if promise.ending else "")
    rooms.events.add(Event(at=contact.at, case_id=promise.case_id, who=contact.by, what=what, detail=detail))


def _answered_kinds(rooms: Rooms, case: Case) -> frozenset[AlertKind]:
    """What this contact answers; a letter nobody knows about stays a question until it is resolved."""
    unknown = rooms.deliveries.count(case_id=case.id, state=DeliveryState.UNKNOWN)
    return watching.ENDED_KINDS - {AlertKind.LETTER} if unknown else watching.ENDED_KINDS


def _retire_drafts(rooms: Rooms, contact: Contact, *, keep: int | None) -> None:
    """Our side has answered: a draft for anything the customer wrote before that is of no use now."""
    live = rooms.drafts.where(case_id=contact.case_id, state=(DraftState.OPEN, DraftState.CHANGES_ASKED))
    for draft in live:
        if draft.id != keep and _answers_earlier(rooms, draft, contact.at):
            reason = f"our side answered on {contact.at:%Y-%m-%d %H:%M} UTC"
            rooms.drafts.save(
                replace(draft, state=DraftState.RETIRED, state_reason=reason, updated_at=contact.at)
            )


def _answers_earlier(rooms: Rooms, draft: Draft, at: datetime) -> bool:
    mail = rooms.mails.get(draft.mail_id) if draft.mail_id else None
    return mail is None or mail.written_at <= at


def _wrote_since(case: Case, contact: Contact) -> bool:
    """The customer's newest mail is not answered by this contact."""
    return case.last_customer_at is not None and case.last_customer_at > contact.at


def _moved_on(rooms: Rooms, house: House, case: Case, contact: Contact) -> Case:
    """Whose turn it is now; a complaint without an open promise gets its next contact as next date."""
    case = replace(case, last_contact_at=max(contact.at, case.last_contact_at or contact.at))
    if not case.is_open:
        return case
    case = replace(case, state=state_for(case))
    if _wrote_since(case, contact):
        return case
    case = dates.without_next_date(case)
    if case.kind is CaseKind.OTHER or promises.next_due(rooms.promises.watched(case.id)) is not None:
        return case
    return dates.with_next_date(
        house, case, NextKind.CONTACT, dates.look_again_at(house, contact.at), set_at=contact.at
    )
