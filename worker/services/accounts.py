"""Where every mail that came has gone. What came must equal what is accounted for: a mail is never lost."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from worker.domain.post import Author, KeptState
from worker.domain.verdict import Route, Verdict
from worker.ports import Rooms, SortedMails


class Place(StrEnum):
    """Where a mail went, in the order in which it is told."""

    COMPLAINT = "complaint"
    SAFETY = "safety"
    UNCLASSIFIED = "unclassified"  # no rule reads its language
    PERSON = "person"  # held, capped, without text, or a machine's mail with strong words
    NO_COMPLAINT = "no_complaint"
    MACHINE = "machine"
    OURS = "ours"
    INTERNAL = "internal"
    HISTORY = "history"
    COPY = "copy"
    SET_ASIDE = "set_aside"
    DISCARDED = "discarded"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """How many mails came, and how many went to each place."""

    came: int
    places: tuple[tuple[Place, int], ...]  # those that hold any, in the order of Place

    @property
    def missing(self) -> int:
        """Mails that came and stand nowhere; anything but 0 is a fault of ours."""
        return self.came - sum(count for _, count in self.places)

    def count(self, *wanted: Place) -> int:
        return sum(count for place, count in self.places if place in wanted)


_UNREAD = {
    KeptState.KEPT: Place.WAITING,
    KeptState.SET_ASIDE: Place.SET_ASIDE,
    KeptState.DISCARDED: Place.DISCARDED,
}
_ROUTES = {
    Route.DRAFT: Place.COMPLAINT,
    Route.SAFETY: Place.SAFETY,
    Route.PERSON: Place.PERSON,
    Route.NONE: Place.NO_COMPLAINT,
}


def account_for(rooms: Rooms) -> Accounts:
    """Count every mail whose bytes were kept, by where it went."""
    kept = rooms.kept.tally()
    found: Counter[Place] = Counter()
    for _, _, state, count in kept:
        if state in _UNREAD:
            found[_UNREAD[KeptState(state)]] += count
    for sorted_mails in rooms.mails.sorted_out():
        found[_place(sorted_mails)] += sorted_mails.count
    places = tuple((place, found[place]) for place in Place if found[place])
    return Accounts(came=sum(count for *_, count in kept), places=places)


def _place(mails: SortedMails) -> Place:
    if mails.is_copy:
        return Place.COPY
    if mails.is_history:
        return Place.HISTORY
    if mails.author in {Author.OURS, Author.INTERNAL}:
        return Place.OURS if mails.author is Author.OURS else Place.INTERNAL
    if mails.author is Author.MACHINE and mails.route is Route.NONE:
        return Place.MACHINE
    if mails.route is Route.PERSON and mails.verdict is Verdict.UNCLASSIFIED:
        return Place.UNCLASSIFIED
    return _ROUTES[mails.route or Route.NONE]
