"""Says in sentences what the database holds: where the mail went, who is in danger, what is owed, to whom, by when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from worker.domain.case import Case, CaseKind, CaseState
from worker.domain.clockwords import clock_words
from worker.domain.post import Author, ReadMail
from worker.domain.promise import Ending, Promise, PromiseState
from worker.domain.verdict import Evidence, Severity
from worker.domain.wording import Finding, Level, ReplyTo, check_wording
from worker.ports import Rooms
from worker.services.accounts import Accounts, Place
from worker.services.house import House
from worker.services.wording_of_alerts import customer_name

LONGEST_QUOTE = 160  # characters of somebody's words in a sentence
WEEK = timedelta(days=7)

_PLACES = {
    Place.COMPLAINT: "complaint: each has its case, and a draft unless we have answered",
    Place.SAFETY: "danger: a person was told at once, no draft was made",
    Place.UNCLASSIFIED: "language that no rule reads: for a person",
    Place.PERSON: "in doubt (a claim to another's case, hardly a word): for a person",
    Place.NO_COMPLAINT: "other mail from people: questions, thanks, news",
    Place.MACHINE: "written by a machine: kept, never answered",
    Place.OURS: "letter of our own: read for what it promises",
    Place.INTERNAL: "mail among ourselves",
    Place.HISTORY: "from before our time: kept as history",
    Place.COPY: "copy of a mail that came by another way too",
    Place.SET_ASIDE: "could not be read: set aside, see amends aside list",
    Place.DISCARDED: "could not be read, and a person has let it go",
    Place.WAITING: "kept, and still to be read",
}
_GRAVITY = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2, None: 3}
_CALL = re.compile(r"\b(?:call|ring|phone|telephone)\b", re.IGNORECASE)
_WRITE = re.compile(r"\b(?:write|e-?mail|reply|get back|come back to you|let you know)\b", re.IGNORECASE)
_THANKS = re.compile(r"\b(?:thanks|thank you|thx|cheers|many thanks|merci|gracias|danke)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n\n")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "herr", "frau", "mme", "m", "sr", "sra"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One open complaint and the words that gave it away."""

    case: Case
    customer: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeApology:
    """A letter of ours that hurts: what it says and what would be better."""

    mail: ReadMail
    customer: str
    finding: Finding


def where_mail_went(accounts: Accounts) -> list[str]:
    """One line for each place, and their sum."""
    lines = [f"{count:>6}  {_PLACES[place]}" for place, count in accounts.places]
    if accounts.missing:
        wrong = "counted twice" if accounts.missing < 0 else "unaccounted for"
        lines.append(f"{abs(accounts.missing):>6}  {wrong}: this is a fault of Amends, please report it")
    return [*lines, f"{accounts.came:>6}  in all"]


def dangers(rooms: Rooms, house: House) -> list[str]:
    """Every safety case that nobody has lifted."""
    person = house.policy.safety or house.settings.lead.name
    return [
        f"{customer_name(rooms, case.id)} writes: “{_sentence(rooms, case)}” "
        f"{person} was told at once; no draft was made (case {case.id})."
        for case in rooms.cases.where(state=CaseState.SAFETY)
    ]


def overdue(rooms: Rooms, house: House, *, now: datetime) -> list[str]:
    """Every promise whose time has passed and whose customer has not been told since, the latest due first."""
    late = [promise for promise in rooms.promises.open_now() if promise.is_overdue(now)]
    return [_owed(rooms, house, promise, now=now) for promise in reversed(late)]


def ended(rooms: Rooms) -> str:
    """How many promises have been kept and how many were late; '' where none has ended."""
    kept = rooms.promises.count(state=PromiseState.SETTLED, ending=Ending.KEPT)
    late = rooms.promises.count(state=PromiseState.SETTLED, ending=Ending.LATE)
    return f"Ended before: {kept} kept, {late} late." if kept or late else ""


def complaints(rooms: Rooms) -> list[Complaint]:
    """Open complaints, the gravest first, then the newest."""
    found = [case for case in rooms.cases.where(kind=CaseKind.COMPLAINT, newest_first=True) if case.is_open]
    return [
        Complaint(case=case, customer=customer_name(rooms, case.id), words=_giveaway(rooms, case))
        for case in sorted(found, key=lambda case: _GRAVITY[case.severity])
    ]


def fake_apologies(rooms: Rooms, house: House) -> list[FakeApology]:
    """Letters of ours to people who complain that hold a fake apology, with the first of each."""
    found = []
    for case in rooms.cases.where(kind=CaseKind.COMPLAINT):
        for mail in rooms.mails.of_case(case.id):
            finding = _first_block(house, mail) if mail.author is Author.OURS and mail.kept_id else None
            if finding is not None:
                found.append(FakeApology(mail=mail, customer=customer_name(rooms, case.id), finding=finding))
    return found


def day_words(at: datetime, zone: ZoneInfo) -> str:
    """A day as it stands in a sentence: "2 November"."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B}"


def hour_words(at: datetime, zone: ZoneInfo) -> str:
    """A time of day as it is spoken: "5 pm", "9.30 am", "noon"."""
    local = at.astimezone(zone)
    if (local.hour, local.minute) == (12, 0):
        return "noon"
    minutes = f".{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes} {'am' if local.hour < 12 else 'pm'}"


def quoted(text: str, longest: int = LONGEST_QUOTE) -> str:
    """Somebody's words on one line, cut at a word where they are long."""
    plain = " ".join(text.split())
    if len(plain) <= longest:
        return plain
    return plain[:longest].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def _owed(rooms: Rooms, house: House, promise: Promise, *, now: datetime) -> str:
    name, zone = customer_name(rooms, promise.case_id), house.settings.zone
    due_at = promise.due_at or promise.made_at
    late = clock_words(due_at, now, zone)
    meanwhile = _meanwhile(rooms, promise, name, zone)
    what, silence = _what(promise)
    if what:
        begun = f"You promised {name} {what} by {_due_words(due_at, now, zone)}"
    else:
        begun = f"You promised {name} “{quoted(promise.words)}”"
    return f"{begun}; {meanwhile}{silence}. {late[:1].upper()}{late[1:]} (case {promise.case_id})."


def _what(promise: Promise) -> tuple[str, str]:
    """What was promised, in a word or two where it is a call or a letter, and what has not happened."""
    if promise.interim_at is not None:
        return "", "we wrote in between, and that did not settle it"
    if _CALL.search(promise.words):
        return "a call", "nobody called"
    if _WRITE.search(promise.words):
        return "an answer", "nobody wrote"
    return "", "nobody has been in touch since"


def _meanwhile(rooms: Rooms, promise: Promise, name: str, zone: ZoneInfo) -> str:
    """What the customer wrote after the promise, in passing: a thank-you settles nothing."""
    after = [
        mail
        for mail in rooms.mails.of_case(promise.case_id)
        if mail.author is Author.CUSTOMER and mail.copy_of is None and mail.written_at > promise.made_at
    ]
    if not after:
        return ""
    wrote = "wrote thanks" if _THANKS.search(after[-1].new_words) else "wrote again"
    on = "" if wrote == "wrote thanks" else f" on {day_words(after[-1].written_at, zone)}"
    return f"{_first_name(name)} {wrote}{on}; "


def _first_name(name: str) -> str:
    first, *more = name.split() or [name]
    plain = first.rstrip(".")
    return first if more and len(plain) > 1 and plain.casefold() not in _TITLES else name


def _due_words(due_at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The weekday alone while it can only be the last one: "Tuesday 5 pm"."""
    local = due_at.astimezone(zone)
    day = "" if now - due_at < WEEK else f" {local.day} {local:%B}"
    return f"{local:%A}{day} {hour_words(due_at, zone)}"


def _evidence(rooms: Rooms, case: Case) -> list[tuple[ReadMail, Evidence]]:
    """What the rules found in this case's mails, the weightiest first."""
    found = [
        (mail, one)
        for mail in rooms.mails.of_case(case.id)
        if mail.judgement is not None and mail.author is Author.CUSTOMER
        for one in mail.judgement.evidence
        if not one.weakened and one.weight > 0
    ]
    return sorted(found, key=lambda pair: -pair[1].weight)


def _giveaway(rooms: Rooms, case: Case) -> str:
    """The words that the rules found, the weightiest first, each once; the subject where a person decided."""
    words = dict.fromkeys(" ".join(one.text.split()).casefold() for _, one in _evidence(rooms, case))
    shown = [word for word in words if not any(word != other and word in other for other in words)]
    return " · ".join(shown) or quoted(case.subject)


def _sentence(rooms: Rooms, case: Case) -> str:
    """The sentence round the weightiest words."""
    found = _evidence(rooms, case)
    if not found or found[0][1].field == "subject":
        subject = quoted(found[0][0].subject if found else case.subject)
        return subject if subject.endswith((".", "!", "?", "…")) else f"{subject}."
    mail, one = found[0]
    start = max((end.end() for end in _SENTENCE_END.finditer(mail.new_words, 0, one.start)), default=0)
    end = _SENTENCE_END.search(mail.new_words, one.end)
    return quoted(mail.new_words[start : end.start() + 1 if end else None])


def _first_block(house: House, mail: ReadMail) -> Finding | None:
    findings: Sequence[Finding] = check_wording(
        mail.new_words, rules=house.wording, reply_to=ReplyTo.COMPLAINT, language=mail.language
    )
    return next((one for one in findings if one.level is Level.BLOCK), None)
