"""One daily digest to each owner: everything owed, the longest delay first."""

from datetime import datetime
from uuid import uuid4

from worker.domain.alert import Notice
from worker.domain.clockwords import clock_words
from worker.domain.promise import Promise
from worker.ports import Database, Rooms
from worker.services import watching
from worker.services.house import House
from worker.services.wording_of_alerts import customer_name

LAST = "last_digest"


def write_if_due(database: Database, house: House, *, now: datetime) -> bool:
    """Write today's digest when its hour has come on a business day; True when it was written."""
    local = now.astimezone(house.settings.zone)
    at = house.settings.alerts.digest_at
    if at is None or local.time() < at or not house.calendar.is_business_day(local.date()):
        return False
    today = local.date().isoformat()
    with database.reading() as rooms:
        if (rooms.facts.get(LAST) or "") >= today:
            return False
    with database.writing() as rooms:
        if (rooms.facts.get(LAST) or "") >= today:
            return False
        rooms.facts.put(LAST, today)
        _write(rooms, house, now=now)
    return True


def _write(rooms: Rooms, house: House, *, now: datetime) -> None:
    by_owner: dict[str, list[Promise]] = {}
    for promise in rooms.promises.open_now():
        by_owner.setdefault(watching.stand_in(rooms, promise.owner, now=now), []).append(promise)
    asked: dict[str, list[Promise]] = {}
    for promise in rooms.promises.asked_about():
        asked.setdefault(watching.stand_in(rooms, promise.owner, now=now), []).append(promise)
    for owner in dict.fromkeys([*by_owner, *asked]):
        owed = by_owner.get(owner, [])
        late = sum(promise.is_overdue(now) for promise in owed)
        title = f"Owed today: {len(owed)}, overdue {late}"
        lines = [_line(rooms, house, promise, now=now) for promise in owed]
        lines += [_question(rooms, promise) for promise in asked.get(owner, [])]
        rooms.notices.add(
            Notice(
                stable_id=f"amends-digest-{uuid4().hex}",
                person=owner,
                title=title,
                body="\n".join(lines),
                colour="info",
                next_try_at=now,
                made_at=now,
            )
        )


def _question(rooms: Rooms, promise: Promise) -> str:
    who = customer_name(rooms, promise.case_id)
    answer = f"amends promises settle {promise.id} --as YOU (or --no)"
    return f"Did our letter settle it? {who}: “{promise.words}”: {answer}"


def _line(rooms: Rooms, house: House, promise: Promise, *, now: datetime) -> str:
    at = promise.watch_at
    clock = clock_words(at, now, house.settings.zone) if at else "no time given"
    who = customer_name(rooms, promise.case_id)
    return f"{clock}: {who}: “{promise.words}” (promise {promise.id}, case {promise.case_id})"
