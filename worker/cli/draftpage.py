"""A draft as an agent reads it: the exact text, what was found in it, and what to type next."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.cli import due
from worker.cli.console import heading, sentence
from worker.domain.case import Case
from worker.domain.commitment import FoundPromise
from worker.domain.draft import Draft, Obstacle
from worker.domain.letter import Blank, open_blanks
from worker.domain.post import ReadMail
from worker.domain.promise import Promise
from worker.domain.wording import Finding, Level
from worker.ports import Rooms
from worker.services import contact, obstacles, review
from worker.services.house import House
from worker.services.obstacles import Decisions

SAID_IN_THE_COMMAND = frozenset({"promise", "settles", "wording", "blank"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything `drafts show` tells."""

    draft: Draft
    case: Case
    text: str  # as it goes out, footer included
    blanks: tuple[Blank, ...]
    findings: tuple[Finding, ...]
    promises: tuple[FoundPromise, ...]
    standing: tuple[Promise, ...]  # open promises of the case that the letter may settle
    obstacles: tuple[Obstacle, ...]
    reaches_customer: bool
    forwarded_by: str | None  # one of us, who passed on the mail that this answers
    reply_to: tuple[str, ...]  # where the customer asks for answers, and the letter does not go
    approve: str  # the command to type


def read(rooms: Rooms, house: House, draft_id: int, *, now: datetime) -> Page:
    reading = review.read_draft(rooms, house, draft_id, now=now)
    draft, case = reading.draft, reading.case
    standing = tuple(
        promise for promise in rooms.promises.watched(case.id) if promise.id != draft.moves_promise_id
    )
    answered = obstacles.answered_mail(rooms, draft)
    nothing_said = Decisions(revision=draft.revision, by=case.owner)
    return Page(
        draft=draft,
        case=case,
        text=review.letter_text(draft),
        blanks=open_blanks(draft.text),
        findings=reading.findings,
        promises=reading.promises,
        standing=standing,
        obstacles=tuple(obstacles.find_obstacles(rooms, reading, nothing_said, now=now)),
        reaches_customer=contact.reaches(rooms, case.id, (*draft.to, *draft.cc)),
        forwarded_by=answered.forwarded_by if answered else None,
        reply_to=not_written_to(house, draft, answered) if answered else (),
        approve=_command(draft, case, reading.promises, standing, answered, now=now),
    )


def line(page: Page) -> dict[str, object]:
    """The page as one JSON object; offsets count code points of `text`."""
    draft = page.draft
    return {
        "id": draft.id,
        "case": draft.case_id,
        "state": draft.state,
        "state_reason": draft.state_reason,
        "revision": draft.revision,
        "stage": draft.stage,
        "letter_file": draft.letter_id,
        "language": draft.language,
        "answers_mail": draft.mail_id,
        "to": draft.to,
        "cc": draft.cc,
        "subject": draft.subject,
        "text": page.text,
        "apology": {"level": draft.apology, "reason": draft.apology_reason},
        "blanks": [_numbered(number, blank) for number, blank in enumerate(page.blanks, 1)],
        "findings": page.findings,
        "promises": [_promise_line(number, one) for number, one in enumerate(page.promises, 1)],
        "may_settle": [
            {"id": one.id, "words": one.words, "due_at": one.due_at, "state": one.state}
            for one in page.standing
        ],
        "moves_promise": draft.moves_promise_id,
        "reaches_customer": page.reaches_customer,
        "forwarded_by": page.forwarded_by,
        "reply_to": page.reply_to,
        "obstacles": page.obstacles,
        "approve": page.approve,
    }


def print_page(page: Page, house: House) -> None:
    draft = page.draft
    state = f"{draft.state}".replace("_", " ") + (f" ({draft.state_reason})" if draft.state_reason else "")
    sentence(f"Draft {draft.id} for case {draft.case_id}, {state}. Revision {draft.revision}", style="bold")
    sentence(f"To: {', '.join(draft.to) or 'nobody yet'}")
    if draft.cc:
        sentence(f"Cc: {', '.join(draft.cc)}")
    sentence(f"Subject: {draft.subject}")
    if page.forwarded_by:
        sentence(f"The mail it answers was passed on by {page.forwarded_by}.")
    if page.reply_to:
        sentence(asks_for_answers(page.reply_to, draft))
    sentence()
    sentence(page.text.rstrip("\n"))
    _print_why(page)
    _print_blanks(page)
    _print_findings(page)
    _print_promises(page, house)
    _print_standing(page, house)
    _print_obstacles(page)
    if draft.is_live:
        heading("To approve exactly this, type:")
        sentence(f"  {page.approve}")


def not_written_to(house: House, draft: Draft, answered: ReadMail) -> tuple[str, ...]:
    """The addresses of a differing Reply-To that the draft does not go to."""
    return tuple(one for one in review.other_reply_to(house, answered) if one not in draft.to)


def asks_for_answers(reply_to: Sequence[str], draft: Draft | None) -> str:
    """A differing Reply-To is the agent's choice, never taken by itself: what they ask, and how to follow it."""
    asks = f"They ask for answers at {', '.join(reply_to)}"
    if draft is None:
        return f"{asks}."
    to = " ".join(f"--to {shlex.quote(address)}" for address in reply_to)
    return f"{asks}: amends drafts edit {draft.id} {to} --as YOU"


def _command(
    draft: Draft,
    case: Case,
    promises: tuple[FoundPromise, ...],
    standing: tuple[Promise, ...],
    answered: ReadMail | None,
    *,
    now: datetime,
) -> str:
    """The approval with every promise as read, and DUE or PID where only the agent knows."""
    parts = [f"amends drafts approve {draft.id} --revision {draft.revision} --as {shlex.quote(case.owner)}"]
    for number, one in enumerate(promises, 1):
        settled = one.due_at is not None and one.due_at > now
        parts.append(f"--promise {number}={'ok' if settled else 'DUE'}")
    if standing:
        parts.append("--settles none")
    if answered is not None and answered.forwarded_by is not None:
        parts += [f"--to-confirmed {shlex.quote(address)}" for address in draft.to]
    return " ".join(parts)


def _numbered(number: int, blank: Blank) -> dict[str, object]:
    return {"number": number, "start": blank.start, "end": blank.end, "hint": blank.hint}


def _promise_line(number: int, one: FoundPromise) -> dict[str, object]:
    return {
        "number": number,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "strength": one.strength,
        "due_at": one.due_at,
        "reading": one.reading,
        "unsure": one.unsure,
        "readings": one.readings,
    }


def _print_why(page: Page) -> None:
    draft = page.draft
    if draft.apology_reason:
        words = {"none": "No apology", "regret": "Regret for what happened", "full": "A full, owning apology"}
        heading("Why this apology")
        sentence(f"{words.get(draft.apology, draft.apology)}: {draft.apology_reason}")


def _print_blanks(page: Page) -> None:
    if page.blanks:
        heading("Blanks to fill")
        for number, blank in enumerate(page.blanks, 1):
            sentence(f"{number}. {blank.hint}")
        sentence(f'Fill one: amends drafts edit {page.draft.id} --as NAME --blank 1="WORDS"')


def _print_findings(page: Page) -> None:
    if page.findings:
        heading("Wording")
    for one in page.findings:
        sentence(f"{'Stops it' if one.level is Level.BLOCK else 'Advice'}: “{one.text}” {one.message}")
        if one.suggestion:
            sentence(f"  Better: {one.suggestion}")
        if one.level is Level.BLOCK:
            sentence(f"  If it must stay: --override {one.id} --reason WHY")


def _print_promises(page: Page, house: House) -> None:
    heading("Promises in this letter" if page.promises else "This letter promises nothing.")
    for number, one in enumerate(page.promises, 1):
        sentence(f"{number}. “{one.text}”")
        sentence(f"   {_as_read(one, house)}")


def _as_read(one: FoundPromise, house: House) -> str:
    if one.due_at is not None:
        remark = due.closed_then(one.due_at, house)
        hedged = ", hedged" if str(one.strength) == "hedged" else ""
        return (
            f"{one.reading}: due {due.said_back(one.due_at, house)}{hedged}{f', {remark}' if remark else ''}"
        )
    if one.readings:
        return "It may mean " + " or ".join(
            f"{due.said_back(r.due_at, house)} ({r.reading})" for r in one.readings
        )
    return f"{one.reading or 'no time is given'}: say when it is due, or change the text"


def _print_standing(page: Page, house: House) -> None:
    if page.standing:
        heading("Open promises of this case: does this letter settle one?")
    for one in page.standing:
        at = due.said_back(one.due_at, house) if one.due_at else "no time given"
        sentence(f"{one.id}: “{one.words}” ({at}); if so: --settles {one.id}")


def _print_obstacles(page: Page) -> None:
    others = [one for one in page.obstacles if one.kind not in SAID_IN_THE_COMMAND]
    if others or not page.reaches_customer:
        heading("In the way")
    for one in others:
        sentence(one.say)
    if not page.reaches_customer:
        sentence(
            "None of its recipients is on the customer's side of this case, so the letter will not count as "
            "contact and settles nothing."
        )
