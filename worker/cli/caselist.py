"""Which cases are listed, in which order, and what a line of the list says: the worst first, each with its next date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from worker.cli.console import clock, show_table
from worker.domain.case import Case, CaseKind, CaseState, Customer, NextKind
from worker.domain.promise import Promise
from worker.domain.verdict import Severity
from worker.ports import Rooms
from worker.services.opening import RANK

FAR = datetime.max.replace(tzinfo=UTC)
_NEXT = {
    NextKind.ACKNOWLEDGE: "first answer",
    NextKind.CONTACT: "next contact",
    NextKind.LOOK: "look at it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the list is narrowed to; None: not narrowed."""

    state: CaseState | None = None
    kind: CaseKind | None = None
    owner: str | None = None
    mailbox: str | None = None
    severity: Severity | None = None
    topic: str | None = None
    closed_too: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One case with what the list needs to know of it."""

    case: Case
    customer: Customer | None
    next_at: datetime | None
    waits_for: str

    def line(self) -> dict[str, object]:
        case = self.case
        return {
            "id": case.id,
            "kind": case.kind,
            "state": case.state,
            "severity": case.severity,
            "topics": case.topics,
            "subject": case.subject,
            "customer": {"id": case.customer_id, "name": self.customer.name if self.customer else None},
            "mailbox": case.mailbox,
            "owner": case.owner,
            "opened_at": case.opened_at,
            "last_customer_at": case.last_customer_at,
            "last_contact_at": case.last_contact_at,
            "next_at": self.next_at,
            "next_for": self.waits_for or None,
            "claims_case": case.claims_case_id,
            "merged_into": case.merged_into,
            "is_history": case.is_history,
        }


def find_cases(rooms: Rooms, wanted: Wanted, *, now: datetime) -> list[Listed]:
    """The cases asked for, worst first: danger, then the next date passed, then how grave, then how old."""
    owed: dict[int, Promise] = {}
    for promise in rooms.promises.open_now():
        owed.setdefault(promise.case_id, promise)
    filters: dict[str, Any] = {
        name: value
        for name, value in (("owner", wanted.owner), ("mailbox", wanted.mailbox), ("kind", wanted.kind))
        if value is not None
    }
    if not wanted.closed_too and wanted.state is None:
        filters["state"] = tuple(state for state in CaseState if state is not CaseState.CLOSED)
    elif wanted.state is not None:
        filters["state"] = wanted.state
    cases = [case for case in rooms.cases.where(**filters) if _fits(case, wanted)]
    listed = [list_case(rooms, case, owed.get(case.id)) for case in cases]
    return sorted(listed, key=lambda one: _rank(one, now))


def list_case(rooms: Rooms, case: Case, owed: Promise | None) -> Listed:
    """One case with its next date: its own, or its first promise's when that is earlier."""
    at, waits_for = case.next_at, _NEXT.get(case.next_kind, "") if case.next_kind else ""
    if owed is not None and owed.watch_at is not None and (at is None or owed.watch_at < at):
        at, waits_for = owed.watch_at, f"promise {owed.id}"
    customer = rooms.customers.get(case.customer_id)
    return Listed(case=case, customer=customer, next_at=at, waits_for=waits_for)


def show_cases(listed: Iterable[Listed], *, now: datetime, zone: tzinfo) -> None:
    columns = ("Case", "State", "Grave", "Customer", "Subject", "Owner", "Next", "For")
    show_table(columns, [_row(one, now, zone) for one in listed], numbers=("Case",))


def _fits(case: Case, wanted: Wanted) -> bool:
    if wanted.severity is not None and case.severity is not wanted.severity:
        return False
    return wanted.topic is None or wanted.topic in case.topics


def _rank(one: Listed, now: datetime) -> tuple[bool, bool, datetime, int, datetime]:
    overdue = one.next_at is not None and one.next_at < now and one.case.is_open
    return (
        one.case.state is not CaseState.SAFETY,
        not overdue,
        (one.next_at or FAR) if overdue else FAR,
        -RANK[one.case.severity],
        one.case.opened_at,
    )


def _row(one: Listed, now: datetime, zone: tzinfo) -> tuple[object, ...]:
    case = one.case
    state = str(case.state).replace("_", " ")
    if case.claims_case_id:
        state += f", claims case {case.claims_case_id}"
    when = clock(one.next_at, now, zone) if case.is_open else ""
    grave = case.severity or ("" if case.kind is CaseKind.OTHER else case.kind)
    who = one.customer.name if one.customer else ""
    return (
        case.id,
        state,
        grave,
        who,
        case.subject,
        case.owner,
        when or ("nothing owed" if case.is_open else ""),
        one.waits_for,
    )
