"""One case on one page: the customer's newest words first with the evidence in them, then everything that happened.

`read_page` gathers, `show_page` prints, `page_line` is the same for scripts. Words that made a rule speak stand between
› and ‹ in the text; the rule behind each follows beneath it. Quoted history is folded to a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from worker.cli import draftpage
from worker.cli.caselist import Listed, list_case
from worker.cli.console import ago, clock, heading, safe, sentence
from worker.domain.case import Case, CaseState
from worker.domain.draft import Draft
from worker.domain.mail import InboundMail, SpanKind
from worker.domain.post import Author, Contact, ContactHow, Event, Mark, ReadMail
from worker.domain.promise import Promise
from worker.domain.verdict import Evidence, Route, Verdict
from worker.errors import Broken
from worker.ports import Rooms
from worker.services import casework, drafting, review
from worker.services.house import House

_VERDICTS = {
    Verdict.COMPLAINT: "a complaint",
    Verdict.NOT_COMPLAINT: "no complaint",
    Verdict.UNCLASSIFIED: "not classified: no rule covers its language",
}
_AUTHORS = {Author.OURS: "we wrote", Author.INTERNAL: "among ourselves", Author.MACHINE: "a machine wrote"}
_HOW = {
    ContactHow.SENT: "letter sent",
    ContactHow.FOUND: "our letter found in the mailbox",
    ContactHow.CALL: "call",
    ContactHow.BOUNCED: "came back, so no contact",
    ContactHow.SAID: "reached elsewhere",
}
_FOLDED = (
    (SpanKind.QUOTED, "quoted"),
    (SpanKind.FORWARDED, "forwarded"),
    (SpanKind.SIGNATURE, "signature"),
    (SpanKind.DISCLAIMER, "disclaimer"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail of the conversation, with what its raw form tells beside the new words."""

    read: ReadMail
    folded: str  # what is not shown: "14 quoted lines"
    attachments: tuple[str, ...]
    reply_to: tuple[str, ...]  # where it asks for answers, other than its From


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A case with everything around it."""

    listed: Listed
    addresses: tuple[str, ...]
    newest: ReadMail | None
    letters: tuple[Letter, ...]
    promises: tuple[Promise, ...]
    drafts: tuple[Draft, ...]
    contacts: tuple[Contact, ...]
    events: tuple[Event, ...]
    marks: tuple[Mark, ...]
    others: tuple[Case, ...]
    rules: dict[str, str]  # id -> title

    @property
    def case(self) -> Case:
        return self.listed.case


def read_page(rooms: Rooms, house: House, case_id: int) -> Page:
    case = casework.get_case(rooms, case_id)
    owed = rooms.promises.watched(case.id)
    first = min(
        (one for one in owed if one.watch_at), key=lambda one: one.watch_at or one.made_at, default=None
    )
    reads = [read for read in rooms.mails.of_case(case.id) if read.copy_of is None]
    others = [
        one for one in rooms.cases.where(customer_id=case.customer_id, newest_first=True) if one.id != case.id
    ]
    contacts = sorted(rooms.contacts.where(case_id=case.id), key=lambda met: met.at)
    return Page(
        listed=list_case(rooms, case, first),
        addresses=tuple(sorted(rooms.participants.of_case(case.id))),
        newest=drafting.newest_mail(rooms, case.id) or _newest_of_a_machine(reads),
        letters=tuple(_letter(rooms, house, read) for read in reads),
        promises=tuple(rooms.promises.where(case_id=case.id)),
        drafts=tuple(rooms.drafts.where(case_id=case.id)),
        contacts=tuple(contacts),
        events=tuple(rooms.events.where(case_id=case.id)),
        marks=tuple(rooms.marks.where(case_id=case.id)),
        others=tuple(others),
        rules={rule.id: rule.title for rule in house.rules.rules},
    )


def page_line(page: Page) -> dict[str, object]:
    """The page for scripts."""
    return page.listed.line() | {
        "addresses": page.addresses,
        "heard_at": page.case.heard_at,
        "heard_by": page.case.heard_by,
        "closed_at": page.case.closed_at,
        "close_reason": page.case.close_reason,
        "mails": [_mail_line(letter) for letter in page.letters],
        "promises": [_promise_line(promise) for promise in page.promises],
        "drafts": [
            {"id": draft.id, "state": draft.state, "stage": draft.stage, "revision": draft.revision}
            for draft in page.drafts
        ],
        "contacts": [contact_line(met) for met in page.contacts],
        "marks": page.marks,
        "events": page.events,
        "other_cases": [one.id for one in page.others],
    }


def contact_line(met: Contact) -> dict[str, object]:
    return {
        "id": met.id,
        "case": met.case_id,
        "at": met.at,
        "by": met.by,
        "how": met.how,
        "mail": met.mail_id,
        "delivery": met.delivery_id,
        "note": met.note,
    }


def show_page(page: Page, *, now: datetime, zone: tzinfo) -> None:
    """Print the page, the customer's words first."""
    _show_words(page, now=now, zone=zone)
    _show_standing(page, now=now, zone=zone)
    _show_conversation(page, now=now, zone=zone)
    _show_promises(page.promises, now=now, zone=zone)
    _show_work(page, now=now, zone=zone)


def marked_text(text: str, evidence: Sequence[Evidence]) -> str:
    """The text with every stretch that a rule spoke about between › and ‹; stretches that touch are one."""
    stretches: list[tuple[int, int]] = []
    for start, end in sorted((one.start, one.end) for one in evidence):
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    for start, end in reversed(stretches):
        text = f"{text[:start]}›{text[start:end]}‹{text[end:]}"
    return text


def _newest_of_a_machine(reads: Sequence[ReadMail]) -> ReadMail | None:
    """In a case that no person wrote to: a bounce or a notice that must be looked at."""
    return next((read for read in reversed(reads) if read.author is Author.MACHINE), None)


def _letter(rooms: Rooms, house: House, read: ReadMail) -> Letter:
    folded, attachments = _beside_the_words(rooms, house, read)
    reply_to = review.other_reply_to(house, read) if read.author is Author.CUSTOMER else ()
    return Letter(read=read, folded=folded, attachments=attachments, reply_to=reply_to)


def _beside_the_words(rooms: Rooms, house: House, read: ReadMail) -> tuple[str, tuple[str, ...]]:
    """What is not shown of a mail, and its attachments."""
    kept = rooms.kept.get(read.kept_id) if read.kept_id else None
    if kept is None:
        return "", ()
    if kept.oversize:
        return "too large to be read: only its headers were kept", ()
    try:
        mail = house.read(rooms.kept.raw(kept.sha256))
    except Broken:
        return "", ()
    names = tuple(f"{part.filename or part.media_type} ({part.size // 1024} kB)" for part in mail.attachments)
    return _folded(mail, read), names


def _folded(mail: InboundMail, read: ReadMail) -> str:
    told = []
    for kind, word in _FOLDED:
        if kind is SpanKind.FORWARDED and read.forwarded_by:
            continue
        texts = [mail.text[span.start : span.end] for span in mail.spans if span.kind is kind]
        lines = sum(1 for text in texts for line in text.splitlines() if line.strip())
        if lines:
            told.append(f"{lines} {word} line{'' if lines == 1 else 's'}")
    return ", ".join(told)


def _show_words(page: Page, *, now: datetime, zone: tzinfo) -> None:
    case, read = page.case, page.newest
    who = page.listed.customer.name if page.listed.customer else "a customer"
    sentence(f"Case {case.id}: {case.subject}", style="bold")
    if read is None:
        sentence(f"{who} has written nothing in this case yet.")
        return
    name = read.sender_name or who
    sentence(f"{name} {_did(read)} {ago(read.written_at, now, zone)} (mail {read.id}):")
    _show_judged(page, read)


def _show_judged(page: Page, read: ReadMail) -> None:
    """A mail's new words in full, the evidence marked, and the rules beneath."""
    evidence = read.judgement.evidence if read.judgement else ()
    sentence()
    _quote(marked_text(read.new_words, [one for one in evidence if one.field == "text"]) or "(no text)")
    sentence()
    for one in sorted(evidence, key=lambda one: (one.field != "subject", one.start, one.rule)):
        where = " in the subject" if one.field == "subject" else ""
        weak = ", weakened by what stands around it" if one.weakened else ""
        sentence(
            f"  ›{' '.join(one.text.split())}‹{where}: {page.rules.get(one.rule, 'a rule no longer in use')} "
            f"({one.rule}, {one.weight:+g}{weak})"
        )
    sentence(f"  {_verdict(read)}")


def _did(read: ReadMail) -> str:
    by_phone = read.kept_id is None and read.message_id is None
    return "said on the telephone" if by_phone else "wrote"


def _verdict(read: ReadMail) -> str:
    if read.verdict is None:
        return "Not judged."
    grave = f", {read.severity}" if read.severity else ""
    by = f"{read.marked_by} says" if read.marked_by else "The rules say"
    danger = " It speaks of danger." if read.route is Route.SAFETY else ""
    kind = f"written by a machine ({read.machine})" if read.machine else _VERDICTS[read.verdict]
    return f"{by}: {kind}{grave}.{danger}"


def _show_standing(page: Page, *, now: datetime, zone: tzinfo) -> None:
    case, listed = page.case, page.listed
    who = listed.customer.name if listed.customer else "a customer"
    heading("Where it stands")
    sentence(
        f"{who} (customer {case.customer_id}; {', '.join(page.addresses) or 'no address'}). Owner: {case.owner}."
    )
    about = f", about {', '.join(case.topics)}" if case.topics else ""
    sentence(f"{str(case.kind).capitalize()}, {str(case.state).replace('_', ' ')}{about}.")
    if case.merged_into:
        sentence(f"It was merged into case {case.merged_into}: amends cases show {case.merged_into}")
    elif case.state is CaseState.SAFETY:
        sentence(f"No draft is made until a person lifts it: amends cases lift {case.id} --as YOU")
    if case.claims_case_id and case.is_open:
        sentence(
            f"A stranger to case {case.claims_case_id} says that this belongs to it. "
            f"If you believe them: amends cases accept-claim {case.id} --as YOU"
        )
    if listed.next_at is not None and case.is_open:
        sentence(f"Next: {listed.waits_for}, {clock(listed.next_at, now, zone)}.")
    elif case.is_open:
        sentence("Nothing is owed.")
    heard = (
        f"Heard by {case.heard_by} {ago(case.heard_at, now, zone)}."
        if case.heard_at
        else "Nobody has been noted as having read it (--as YOU)."
    )
    sentence(heard)


def _show_conversation(page: Page, *, now: datetime, zone: tzinfo) -> None:
    heading("Conversation")
    for letter in page.letters:
        read = letter.read
        name = read.sender_name or read.sender
        ours = _AUTHORS.get(read.author)
        said = f"{ours} ({name})" if ours else f"{name} {_did(read)}"
        passed_on = f", passed on by {read.forwarded_by}" if read.forwarded_by else ""
        sentence(f"{ago(read.written_at, now, zone)}: {said}{passed_on}, mail {read.id}: {read.subject}")
        if page.newest is not None and read.id == page.newest.id:
            _quote("(above)")
        elif read.author is Author.CUSTOMER:
            _show_judged(page, read)
        else:
            _quote(read.new_words)
        for part in (letter.folded, *letter.attachments):
            if part:
                sentence(f"  · {part}")
        if letter.reply_to:
            sentence(f"  {_asks_for_answers(page, letter)}")


def _asks_for_answers(page: Page, letter: Letter) -> str:
    """With the command that follows it, where a draft answers this mail and does not go there yet."""
    answers = [draft for draft in page.drafts if draft.is_live and draft.mail_id == letter.read.id]
    elsewhere = next((draft for draft in answers if not set(letter.reply_to) <= set(draft.to)), None)
    return draftpage.asks_for_answers(letter.reply_to, elsewhere)


def _show_promises(promises: Sequence[Promise], *, now: datetime, zone: tzinfo) -> None:
    if not promises:
        return
    heading("Promised")
    for promise in promises:
        sentence(f"{promise.id}  “{promise.words}”  {_promise_state(promise, now, zone)}")


def _promise_state(promise: Promise, now: datetime, zone: tzinfo) -> str:
    if promise.is_watched:
        at = promise.watch_at
        given = "" if promise.due_at else "no time given, look again "
        asked = ", not confirmed yet" if str(promise.state) == "unconfirmed" else ""
        return f"{given}{clock(at, now, zone)}{asked}, owner {promise.owner}"
    ending = f", {promise.ending}" if promise.ending else ""
    return f"{promise.state}{ending} {ago(promise.ended_at, now, zone)}"


def _show_work(page: Page, *, now: datetime, zone: tzinfo) -> None:
    """Drafts, contacts, history, and the customer's other cases."""
    if page.drafts:
        heading("Drafts")
    for draft in page.drafts:
        why = f" ({draft.state_reason})" if draft.state_reason else ""
        sentence(f"{draft.id}  {draft.state}{why}: {draft.subject}  amends drafts show {draft.id}")
    if page.contacts:
        heading("Contacts")
    for met in page.contacts:
        about = f": {met.note}" if met.note else ""
        sentence(f"{met.id}  {ago(met.at, now, zone)}, {_HOW[met.how]}, {met.by}{about}")
    if page.events:
        heading("What happened")
    for event in page.events:
        about = f" ({event.detail})" if event.detail else ""
        sentence(f"{ago(event.at, now, zone)}: {event.what.replace('_', ' ')}, {event.who}{about}")
    if page.others:
        heading("Other cases of this customer")
    for one in page.others:
        sentence(f"{one.id}  {str(one.state).replace('_', ' ')}: {one.subject}")


def _quote(text: str) -> None:
    for line in safe(text).split("\n"):
        sentence(f"  {line}".rstrip())


def _mail_line(letter: Letter) -> dict[str, object]:
    read = letter.read
    return {
        "id": read.id,
        "author": read.author,
        "from": read.sender,
        "from_name": read.sender_name,
        "subject": read.subject,
        "written_at": read.written_at,
        "text": read.new_words,
        "verdict": read.verdict,
        "severity": read.severity,
        "route": read.route,
        "marked_by": read.marked_by,
        "evidence": [_evidence_line(one) for one in read.judgement.evidence] if read.judgement else [],
        "not_shown": letter.folded or None,
        "attachments": letter.attachments,
        "reply_to": letter.reply_to,
    }


def _evidence_line(one: Evidence) -> dict[str, object]:
    return {
        "rule": one.rule,
        "field": one.field,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "weight": one.weight,
        "weakened": one.weakened,
    }


def _promise_line(promise: Promise) -> dict[str, object]:
    return {
        "id": promise.id,
        "words": promise.words,
        "state": promise.state,
        "ending": promise.ending,
        "due_at": promise.due_at,
        "look_again_at": promise.look_again_at,
        "owner": promise.owner,
    }
