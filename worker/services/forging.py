"""A mail that says it is from us and looks forged: held for a person, and nothing else happens by it.

Looked for outside Sent only, since nobody but ourselves files a letter there. The signs are those that the mail server
which took the mail in has written down: a check of the sender that failed, or an envelope from a foreign domain.
"""

import re
from dataclasses import replace
from datetime import datetime

from worker.domain.alert import Alert, AlertKind
from worker.domain.case import Case, CaseKind, CaseState, NextKind
from worker.domain.mail import InboundMail
from worker.domain.post import Author, KeptMail, ReadMail
from worker.domain.verdict import Route
from worker.ports import Rooms
from worker.services import dates, opening, ours, watching
from worker.services.house import House

NOBODY = "somebody who writes in our name"

_FAILED = re.compile(r"\b(?:spf|dkim|dmarc)\s?=\s?(?:hard)?fail\b", re.IGNORECASE)
_OURS_FOR_CERTAIN = re.compile(r"\bdmarc\s?=\s?pass\b", re.IGNORECASE)
_SENT = re.compile(r"\bsent\b|gesend|envoy|enviad|inviat|verzond|verstuurd", re.IGNORECASE)


def looks_forged(rooms: Rooms, house: House, kept: KeptMail, mail: InboundMail) -> bool:
    """Whether a mail from one of our addresses is to be held. What only we read stays talk among us, unless it is a
    forward; a letter that left from here is known by its own Message-ID.
    """
    if _is_sent_folder(house, kept) or not _has_signs(house, mail):
        return False
    if ours.only_to_us(house, mail) and ours.mail_inside(house, mail) is None:
        return False
    return ours.delivery_of(rooms, house, mail) is None


def hold(rooms: Rooms, house: House, read: ReadMail, mail: InboundMail, *, now: datetime) -> ReadMail:
    """A case of its own, which claims the one it would have answered; its owner is asked to look."""
    read = replace(read, author=Author.OURS)
    if read.is_history:
        return rooms.mails.add(replace(read, case_id=None))
    claimed = ours.case_written_in(rooms, house, read, mail)
    case = rooms.cases.add(_held_case(rooms, house, read, claimed, now=now))
    asks = f"A mail says it is from us and looks forged: case {case.id}"
    alert = Alert(kind=AlertKind.LOOK, case_id=case.id, subject=asks, told=(case.owner,), raised_at=now)
    watching.raise_alert(rooms, house, alert)
    return rooms.mails.add(replace(read, case_id=case.id, route=Route.PERSON))


def is_held(read: ReadMail) -> bool:
    return read.author is Author.OURS and read.route is Route.PERSON


def let_go(rooms: Rooms, held: ReadMail, taken: ReadMail, *, now: datetime) -> None:
    """The same mail lies in Sent, so it was ours: nobody has to look at the case it was held in."""
    case = rooms.cases.get(held.case_id) if held.case_id else None
    if case is None or not case.is_open or case.id == taken.case_id:
        return
    gone = replace(dates.without_next_date(case), state=CaseState.CLOSED, closed_at=now)
    rooms.cases.save(replace(gone, close_reason="it was ours: it lies in Sent"))
    watching.end_case_alerts(rooms, case.id, now=now)


def _held_case(rooms: Rooms, house: House, read: ReadMail, claimed: Case | None, *, now: datetime) -> Case:
    case = Case(
        mailbox=read.mailbox,
        kind=CaseKind.OTHER,
        subject=read.subject,
        customer_id=opening.new_customer(rooms, "", NOBODY, now=now).id,
        framework=house.framework_for(read.mailbox),
        owner=claimed.owner if claimed else house.owner_for(read.mailbox),
        opened_at=read.written_at,
        claims_case_id=claimed.id if claimed else None,
    )
    by = dates.acknowledge_by(house, read.written_at)
    return dates.with_next_date(house, case, NextKind.LOOK, by, set_at=min(now, read.written_at))


def _has_signs(house: House, mail: InboundMail) -> bool:
    """The checks stand in Authentication-Results (RFC 8601), the newest on top; the envelope in Return-Path."""
    results = mail.headers.get("authentication-results", ())
    if results and _OURS_FOR_CERTAIN.search(results[0]):
        return False
    return any(map(_FAILED.search, results)) or _is_foreign(house, mail.header("return-path"))


def _is_foreign(house: House, return_path: str) -> bool:
    """A mail server of ours may add a name in front of the domain; a machine's mail has an empty path."""
    domain = return_path.strip(" <>").casefold().rpartition("@")[2]
    ours_too = {address.rpartition("@")[2] for address in house.settings.own_addresses}
    return bool(domain) and not any(domain == own or domain.endswith(f".{own}") for own in ours_too)


def _is_sent_folder(house: House, kept: KeptMail) -> bool:
    """Of a mailbox that is watched, the one folder read beside those customers write to; of files, by its name."""
    box = house.box(kept.mailbox)
    if box is not None and kept.uidvalidity and kept.folder not in box.folders:
        return True
    return _SENT.search(kept.folder) is not None
