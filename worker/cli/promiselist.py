"""Which promises are listed, in which order, and what is said of each: when, whom, what, who."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from worker.cli import due
from worker.cli.console import ago, clock, heading, look_again, sentence, show_table
from worker.domain.promise import Promise, PromiseState
from worker.ports import Rooms
from worker.services.house import House
from worker.services.wording_of_alerts import customer_name

FAR = datetime.max.replace(tzinfo=UTC)
COLUMNS = ("due", "to", "promised", "owner", "promise", "case")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the list is narrowed to."""

    owner: str | None = None
    overdue: bool = False
    ended_too: bool = False
    case_id: int | None = None


def find_promises(rooms: Rooms, wanted: Wanted, *, now: datetime) -> list[Promise]:
    """The longest overdue first, then what comes due next; ended ones last, the newest first."""
    filters: dict[str, Any] = {}
    if wanted.owner is not None:
        filters["owner"] = wanted.owner
    if wanted.case_id is not None:
        filters["case_id"] = wanted.case_id
    found = [
        promise
        for promise in rooms.promises.where(**filters)
        if (promise.is_watched or wanted.ended_too or promise.question_contact_id is not None)
        and (not wanted.overdue or promise.is_overdue(now))
    ]
    standing = sorted((one for one in found if one.is_watched), key=lambda one: one.watch_at or FAR)
    ended = sorted(
        (one for one in found if not one.is_watched), key=lambda one: one.ended_at or FAR, reverse=True
    )
    return [*standing, *ended]


def line(rooms: Rooms, promise: Promise, *, now: datetime) -> dict[str, object]:
    return {
        "id": promise.id,
        "case": promise.case_id,
        "customer": customer_name(rooms, promise.case_id),
        "words": promise.words,
        "strength": promise.strength,
        "made_at": promise.made_at,
        "due_at": promise.due_at,
        "zone": promise.zone,
        "reading": promise.reading,
        "look_again_at": promise.look_again_at,
        "owner": promise.owner,
        "source": promise.source,
        "state": promise.state,
        "ending": promise.ending,
        "ended_at": promise.ended_at,
        "outcome": promise.outcome(now),
        "overdue": promise.is_overdue(now),
        "work_done_at": promise.work_done_at,
        "interim_at": promise.interim_at,
        "contact": promise.contact_id,
        "question_contact": promise.question_contact_id,
        "superseded_by": promise.superseded_by,
        "uncertain": promise.uncertain,
    }


def print_list(
    rooms: Rooms, found: Sequence[Promise], wanted: Wanted, *, now: datetime, zone: tzinfo
) -> None:
    """A sentence, then a table; questions about ended promises below it."""
    standing = [one for one in found if one.is_watched]
    late = sum(one.is_overdue(now) for one in standing)
    whose = f"{wanted.owner} owes" if wanted.owner else "We owe"
    if standing:
        count = f"{len(standing)} promise{'' if len(standing) == 1 else 's'}"
        unlooked = sum(one.due_at is None and (one.watch_at or FAR) < now for one in standing)
        looks = f", {unlooked} to look at again" if unlooked else ""
        sentence(f"{whose} {count}; {late or 'none'} overdue{looks}.", style="bold")
        show_table(COLUMNS, [_row(rooms, one, now, zone) for one in standing], numbers=("promise", "case"))
    else:
        sentence("Nothing is overdue." if wanted.overdue else f"{whose} nothing.")
    _print_questions(rooms, [one for one in found if not one.is_watched and one.question_contact_id], zone)
    ended = [one for one in found if not one.is_watched] if wanted.ended_too else []
    if ended:
        heading("Ended")
        show_table(
            ("ended", "to", "promised", "owner", "promise", "case", "how"),
            [[*_ended_row(rooms, one, now, zone), one.outcome(now).replace("_", " ")] for one in ended],
            numbers=("promise", "case"),
        )


def print_one(rooms: Rooms, house: House, promise: Promise, *, now: datetime) -> None:
    zone = house.settings.zone
    state = str(promise.ending or promise.state).replace("_", " ")
    sentence(
        f"Promise {promise.id} to {customer_name(rooms, promise.case_id)}, case {promise.case_id}: {state}",
        style="bold",
    )
    sentence(f"“{promise.words}”")
    if promise.due_at is not None:
        how = f" (read as: {promise.reading})" if promise.reading else ""
        left = f", {clock(promise.due_at, now, zone)}" if promise.is_watched else ""
        sentence(f"Due {due.said_back(promise.due_at, house)}{left}{how}")
    elif promise.look_again_at is not None:
        sentence(f"No time was given: {_look_again(promise.look_again_at, now, zone)}")
    sentence(f"Made {due.said_back(promise.made_at, house)}, {_source(promise)}. Owner: {promise.owner}")
    for remark in _remarks(promise, now, zone):
        sentence(f"{remark[0].upper()}{remark[1:]}.")
    if promise.superseded_by is not None:
        sentence(f"Promise {promise.superseded_by} took its place with a new date.")
    _print_history(rooms, promise, house)
    sentence()
    sentence(_next_act(promise))


def _row(rooms: Rooms, promise: Promise, now: datetime, zone: tzinfo) -> list[object]:
    when = clock(promise.due_at, now, zone)
    if promise.due_at is None and promise.look_again_at is not None:
        when = _look_again(promise.look_again_at, now, zone)
    remarks = _remarks(promise, now, zone)
    words = promise.words + (f" ({'; '.join(remarks)})" if remarks else "")
    return [when, customer_name(rooms, promise.case_id), words, promise.owner, promise.id, promise.case_id]


def _look_again(at: datetime, now: datetime, zone: tzinfo) -> str:
    """The day to come, or how late it is when nobody has looked: as alerts and cases say it."""
    return look_again(at, now, zone) if at > now else f"look again {clock(at, now, zone)}"


def _ended_row(rooms: Rooms, promise: Promise, now: datetime, zone: tzinfo) -> list[object]:
    who = customer_name(rooms, promise.case_id)
    ended = ago(promise.ended_at, now, zone)
    return [ended, who, promise.words, promise.owner, promise.id, promise.case_id]


def _remarks(promise: Promise, now: datetime, zone: tzinfo) -> list[str]:
    """What a reader must know besides the date."""
    told = []
    if promise.state is PromiseState.UNCONFIRMED:
        told.append("read in a letter, not confirmed")
    if promise.uncertain:
        told.append("nobody knows whether its letter left")
    if promise.work_done_at is not None and promise.is_watched:
        told.append(f"done {ago(promise.work_done_at, now, zone)}, not told")
    if promise.interim_at is not None and promise.is_watched:
        asks = "; did that settle it?" if promise.question_contact_id else ""
        told.append(f"reached {ago(promise.interim_at, now, zone)}{asks}")
    return told


def _print_questions(rooms: Rooms, asked: Sequence[Promise], zone: tzinfo) -> None:
    """Settled by a letter nobody approved here: one word of its owner makes it sure."""
    if asked:
        heading("Did our letter settle these?")
    for one in asked:
        met = rooms.contacts.get(one.question_contact_id) if one.question_contact_id else None
        on = f" on {met.at.astimezone(zone):%a %d %b, %H:%M}" if met else ""
        who = customer_name(rooms, one.case_id)
        sentence(f"{one.id}. {who} was promised “{one.words}” and was written to{on}.")
        sentence(
            f"   Yes: amends promises settle {one.id} --as NAME   No: amends promises settle {one.id} --no --as NAME"
        )


def _source(promise: Promise) -> str:
    letter = f"letter {promise.delivery_id}" if promise.delivery_id else f"mail {promise.mail_id}"
    return {
        "letter": f"in {letter}",
        "found": f"read in {letter}",
        "phone": "by telephone",
        "imported": "in the old system",
    }[str(promise.source)]


def _print_history(rooms: Rooms, promise: Promise, house: House) -> None:
    events = [
        event
        for event in rooms.events.where(case_id=promise.case_id)
        if event.detail.partition(",")[0] == f"promise {promise.id}"
    ]
    if events:
        heading("What happened")
    for event in events:
        more = event.detail.partition(",")[2].strip()
        what = event.what.replace("_", " ")
        sentence(f"{due.said_back(event.at, house)}: {what}{f' ({more})' if more else ''}, {event.who}")


def _next_act(promise: Promise) -> str:
    """The command that answers it."""
    if promise.question_contact_id is not None:
        return f"Did contact {promise.question_contact_id} settle it? amends promises settle {promise.id} --as NAME (or --no)"
    if promise.state is PromiseState.UNCONFIRMED:
        return f"Is it one? amends promises confirm {promise.id} --as NAME, or: amends promises withdraw {promise.id} --misread --as NAME"
    if not promise.is_watched:
        return "Nothing is left to do."
    if promise.work_done_at is not None:
        return f"Tell the customer: amends drafts new {promise.case_id} --stage done"
    return f"Tell the customer, or give a new date: amends promises move {promise.id} --to DUE --as NAME"
