"""Who is away, until when, and who stands in: alerts and the digest go to the stand-in meanwhile."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from worker.domain.post import Absence, Event
from worker.errors import Refused
from worker.ports import Rooms


def away_now(rooms: Rooms, person: str, *, now: datetime) -> Absence | None:
    """The absence that holds now; the one said last counts."""
    standing = [one for one in rooms.absences.where(person=person, newest_first=True) if one.until > now]
    return standing[0] if standing else None


def go_away(rooms: Rooms, person: str, *, until: datetime, stand_in: str, now: datetime) -> Absence:
    """`person` is away until this instant; it replaces what was said before."""
    if until <= now:
        raise Refused("That day has passed already; nothing was changed.")
    if stand_in == person:
        raise Refused(f"{person} cannot stand in for themselves; nothing was changed.")
    _end(rooms, rooms.absences.where(person=person), now=now)
    absence = rooms.absences.add(Absence(person=person, until=until, stand_in=stand_in))
    rooms.events.add(Event(at=now, who=person, what="person_away", detail=f"{stand_in} stands in"))
    return absence


def come_back(rooms: Rooms, person: str, *, now: datetime) -> None:
    """`person` is told themselves again from now on."""
    if away_now(rooms, person, now=now) is None:
        raise Refused(f"{person} is not away; nothing was changed.")
    _end(rooms, rooms.absences.where(person=person), now=now)
    rooms.events.add(Event(at=now, who=person, what="person_back"))


def _end(rooms: Rooms, absences: Sequence[Absence], *, now: datetime) -> None:
    for absence in absences:
        if absence.until > now:
            rooms.absences.save(replace(absence, until=now))
