"""Promises from an old system: a CSV file is read whole, every bad row is named, and all of it is taken in or none.

A row that was taken in before, by its `id` or else by what it says, is left alone: importing again is safe.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from worker.domain.case import Case, CaseKind, CaseState, Participant
from worker.domain.post import Event
from worker.domain.promise import Promise, PromiseSource
from worker.errors import BadInput
from worker.ports import Rooms
from worker.services import opening, promising
from worker.services.house import House

REQUIRED = ("customer", "words", "due")
COLUMNS = ("customer", "name", "words", "due", "made", "owner", "case", "id")
SUBJECT = "From the old system"
LONGEST = 2_000  # characters of one promise

ReadDue = Callable[[str, datetime], datetime]  # the words of a due time, and the instant they count from


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file, understood."""

    line: int
    key: str  # the same every time this row is imported
    customer: str  # address, lower case
    name: str
    words: str
    due_at: datetime | None  # None: the cell is empty, no time was given
    made_at: datetime
    owner: str
    case_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a file."""

    made: tuple[Promise, ...]
    known: tuple[int, ...]  # lines that had been imported before


def read_rows(source: bytes, house: House, read_due: ReadDue, *, owner: str, now: datetime) -> list[Row]:
    """The rows of a CSV file. Raises BadInput naming every line that cannot be used, and why."""
    rows, faults = [], []
    for line, cells in _lines(source):
        try:
            rows.append(_row(line, cells, house, read_due, owner=owner, now=now))
        except BadInput as fault:
            faults.append(f"line {line}: {fault}")
    if faults:
        raise BadInput("\n".join([*faults, "Nothing was imported."]))
    return rows


def import_promises(rooms: Rooms, house: House, rows: Iterable[Row], *, by: str, now: datetime) -> Imported:
    """Keep every promise that is not known yet, each with its customer and case."""
    made, known, faults = [], [], []
    for row in rows:
        if rooms.facts.get(row.key) is not None:
            known.append(row.line)
            continue
        case = _case_for(rooms, house, row, now=now)
        if case is None:
            faults.append(f"line {row.line}: there is no open case {row.case_id}.")
            continue
        promise = promising.make(rooms, house, _promise(house, row, case))
        rooms.facts.put(row.key, str(promise.id))
        made.append(promise)
    if faults:
        raise BadInput("\n".join([*faults, "Nothing was imported."]))
    if made:
        rooms.events.add(Event(at=now, who=by, what="promises_imported", detail=f"{len(made)} promises"))
    return Imported(made=tuple(made), known=tuple(known))


def _lines(source: bytes) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Every row with its line in the file, its cells by lower-case header."""
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput("The file is not UTF-8. Save it as CSV UTF-8.") from fault
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        headers = [cell.strip().casefold() for cell in next(reader, [])]
        _refuse_bad_headers(headers)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(headers, (cell.strip() for cell in cells), strict=False))
    except csv.Error as fault:
        raise BadInput(f"line {reader.line_num}: not CSV ({fault}). Nothing was imported.") from fault


def _refuse_bad_headers(headers: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in headers]
    strange = [name for name in headers if name not in COLUMNS]
    if missing or strange or len(set(headers)) < len(headers):
        told = [f"missing: {', '.join(missing)}"] if missing else []
        told += [f"not known: {', '.join(strange)}"] if strange else []
        told += ["a column comes twice"] if len(set(headers)) < len(headers) else []
        raise BadInput(
            f"line 1: the header does not fit ({'; '.join(told)}). It names columns out of {', '.join(COLUMNS)}, "
            f"at least {', '.join(REQUIRED)}. Nothing was imported."
        )


def _row(
    line: int, cells: Mapping[str, str], house: House, read_due: ReadDue, *, owner: str, now: datetime
) -> Row:
    customer = cells.get("customer", "").casefold()
    if "@" not in customer.strip("@") or any(sign.isspace() for sign in customer):
        raise BadInput(f"customer {customer!r} is no mail address.")
    if house.is_ours(customer):
        raise BadInput(f"customer {customer!r} is an address of our own.")
    words = " ".join(cells.get("words", "").split())
    if not words or len(words) > LONGEST:
        raise BadInput(f"words must say what was promised, in at most {LONGEST} characters.")
    made_at = read_due(cells["made"], now) if cells.get("made") else now
    if made_at > now:
        raise BadInput("made lies in the future.")
    number = cells.get("case", "")
    if number and not number.isdecimal():
        raise BadInput(f"case {number!r} is no number.")
    due = cells.get("due", "")
    return Row(
        line=line,
        key=_key(cells),
        customer=customer,
        name=cells.get("name", ""),
        words=words,
        due_at=read_due(due, made_at) if due else None,
        made_at=made_at,
        owner=house.settings.person(cells["owner"]).name if cells.get("owner") else owner,
        case_id=int(number) if number else None,
    )


def _key(cells: Mapping[str, str]) -> str:
    """By the old system's own id where it has one, else by everything that the row says."""
    told = [cells["id"]] if cells.get("id") else ["", *(cells.get(name, "") for name in COLUMNS)]
    return "imported_promise:" + hashlib.sha256("\0".join(told).encode()).hexdigest()


def _case_for(rooms: Rooms, house: House, row: Row, *, now: datetime) -> Case | None:
    """The case named, else the customer's only open one, else a new one; None where the one named is not open."""
    if row.case_id is not None:
        case = rooms.cases.get(row.case_id)
        return case if case is not None and case.is_open else None
    theirs = rooms.cases.with_participant(row.customer)
    if len(theirs) == 1:
        return theirs[0]
    earlier = [case for case in theirs if case.subject == SUBJECT]
    return (
        earlier[0]
        if earlier
        else open_for_promise(rooms, house, row.customer, row.name, owner=row.owner, subject=SUBJECT, now=now)
    )


def open_for_promise(
    rooms: Rooms, house: House, address: str, name: str, *, owner: str, subject: str, now: datetime
) -> Case:
    """A case for somebody to whom something was promised and who has none open."""
    known = rooms.customers.by_address(address)
    customer = known or opening.new_customer(rooms, address, name, now=now)
    box = next((box.name for box in house.settings.mailboxes), "promises")
    case = rooms.cases.add(
        Case(
            mailbox=box,
            kind=CaseKind.OTHER,
            state=CaseState.AWAITING_CUSTOMER,
            subject=subject,
            customer_id=customer.id,
            framework=house.framework_for(box),
            owner=owner,
            opened_at=now,
            opened_by=owner,
        )
    )
    rooms.participants.add(Participant(case_id=case.id, address=address))
    return case


def _promise(house: House, row: Row, case: Case) -> Promise:
    return Promise(
        case_id=case.id,
        words=row.words,
        strength="firm" if row.due_at else "vague",
        made_at=row.made_at,
        due_at=row.due_at,
        zone=house.settings.firm.zone,
        reading="imported" if row.due_at else "",
        owner=row.owner,
        source=PromiseSource.IMPORTED,
    )
