"""A call an agent logs: contact when it reached the customer, a line in the history when it did not."""

from dataclasses import dataclass
from datetime import datetime

from worker.domain.post import Contact, ContactHow
from worker.domain.promise import Promise
from worker.errors import Refused
from worker.ports import Rooms
from worker.services import casework
from worker.services.contact import Reached, record_contact
from worker.services.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What an agent says of a call."""

    by: str
    said: str
    at: datetime
    settles: tuple[int, ...] | None = None  # promise ids; () settles none, None says nothing


def log_call(
    rooms: Rooms, house: House, case_id: int, call: Called, *, now: datetime
) -> tuple[Contact, list[Promise]]:
    """The contact, and the promises that were open before it."""
    case = casework.standing_case(rooms, case_id)
    _refuse_odd_time(case.opened_at, call, now=now)
    before = rooms.promises.watched(case.id)
    wrong = [number for number in call.settles or () if number not in {promise.id for promise in before}]
    if wrong:
        raise Refused(f"Promise {wrong[0]} is not open in case {case.id}; nothing was changed.")
    late = [one for one in before if one.id in (call.settles or ()) and one.made_at >= call.at]
    if late:
        raise Refused(f"Promise {late[0].id} was made after that call; nothing was changed.")
    settles = call.settles or ()
    leaves = () if call.settles is None else tuple(one.id for one in before if one.id not in settles)
    met = record_contact(
        rooms,
        house,
        Contact(case_id=case.id, at=call.at, by=call.by, how=ContactHow.CALL, note=call.said),
        Reached(settles=settles, leaves=leaves),
    )
    casework.note_event(rooms, case, who=call.by, what="call_logged", now=now, detail=f"contact {met.id}")
    return met, before


def log_voicemail(rooms: Rooms, case_id: int, call: Called, *, now: datetime) -> None:
    """Nobody was reached, so nothing changes but the history."""
    case = casework.standing_case(rooms, case_id)
    _refuse_odd_time(case.opened_at, call, now=now)
    if call.settles:
        raise Refused("A voicemail settles nothing; nothing was changed.")
    casework.note_event(rooms, case, who=call.by, what="voicemail_left", now=call.at, detail=call.said)


def _refuse_odd_time(opened_at: datetime, call: Called, *, now: datetime) -> None:
    if call.at > now:
        raise Refused("That time has not come yet; nothing was changed.")
    if call.at < opened_at:
        raise Refused(
            f"The case was opened on {opened_at:%Y-%m-%d %H:%M} UTC, after that call; nothing was changed."
        )
