"""A letter is proposed for a complaint, and given up when the case moves on without it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from worker.domain.apology import ApologyLevel, propose_apology
from worker.domain.case import Case, CaseState
from worker.domain.draft import Draft, DraftState
from worker.domain.duetime import render_due
from worker.domain.letter import Letter, LetterFacts, LetterStage, choose_letter
from worker.domain.particulars import Particulars, find_particulars
from worker.domain.post import Author, Event, ReadMail
from worker.domain.promise import Promise
from worker.domain.token import make_reference
from worker.domain.verdict import Judgement
from worker.errors import Refused
from worker.ports import Rooms
from worker.services import cancelling, dates
from worker.services.house import House

DAY = timedelta(days=1)
SURE = 3.0  # weight of evidence from which a topic's own letter is chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The instants a letter speaks of."""

    due_at: datetime
    old_due_at: datetime | None = None


def is_capped(rooms: Rooms, house: House, read: ReadMail) -> bool:
    """Whether this sender has had as many drafts as one day allows; a loop of two machines ends here."""
    box = house.box(read.mailbox)
    if read.machine or not read.sender or box is None:
        return False
    return (
        rooms.mails.drafts_today(sender=read.sender, since=read.written_at - DAY)
        >= box.drafts_per_sender_per_day
    )


def wants_draft(rooms: Rooms, house: House, case: Case, *, now: datetime) -> bool:
    """Not while somebody is working on one; and a thread has a daily cap of its own."""
    drafts = rooms.drafts.where(case_id=case.id)
    if any(draft.state in {DraftState.OPEN, DraftState.CHANGES_ASKED} for draft in drafts):
        return False
    box = house.box(case.mailbox)
    today = sum(draft.created_at > now - DAY for draft in drafts)
    return box is None or today < box.drafts_per_thread_per_day


def draft_acknowledgement(
    rooms: Rooms,
    house: House,
    case: Case,
    read: ReadMail,
    particulars: Particulars | None = None,
    *,
    now: datetime,
) -> Draft | None:
    """The first answer to a complaint: the letter that fits it best, with its own particulars and a next date.

    `particulars` are those already read from the mail; without them they are read here.
    """
    if read.judgement is None:
        return None
    return rooms.drafts.add(_acknowledgement(rooms, house, case, read, read.judgement, particulars, now=now))


def draft_for_promise(
    rooms: Rooms,
    house: House,
    case: Case,
    promise: Promise,
    stage: LetterStage,
    *,
    due_at: datetime,
    now: datetime,
) -> Draft:
    """A letter about one promise: news in between, a date missed, or a date moved."""
    _refuse_where_none_may_be(house, case)
    read = newest_mail(rooms, case.id)
    level = ApologyLevel.FULL if stage is LetterStage.MISSED else ApologyLevel.REGRET
    facts = replace(_facts(house, case, read), apology=level, promised=promise.words)
    dates_told = Dates(due_at=due_at, old_due_at=promise.due_at)
    draft = _written(rooms, house, case, stage, facts, read, dates_told, now=now)
    return rooms.drafts.add(replace(draft, moves_promise_id=promise.id))


def new_draft(rooms: Rooms, house: House, case: Case, *, stage: LetterStage, now: datetime) -> Draft:
    """A fresh draft on the customer's newest mail, for an agent who asks for one."""
    read = newest_mail(rooms, case.id)
    _refuse_where_none_may_be(house, case)
    cancelling.retire_live(rooms, case.id, reason="a new draft was asked for", now=now)
    if stage is LetterStage.ACKNOWLEDGED and read is not None and read.judgement is not None:
        return rooms.drafts.add(_acknowledgement(rooms, house, case, read, read.judgement, now=now))
    facts = _facts(house, case, read)
    return rooms.drafts.add(_written(rooms, house, case, stage, facts, read, next_news(house, now), now=now))


def customer_wrote_again(rooms: Rooms, case: Case, read: ReadMail, *, now: datetime) -> None:
    """A newer mail of the customer: what was approved and has not left is void, what nobody touched is stale."""
    if read.author is not Author.CUSTOMER:
        return
    for draft in rooms.drafts.where(case_id=case.id, state=(DraftState.OPEN, DraftState.CHANGES_ASKED)):
        if draft.updated_at == draft.created_at:
            reason = "the customer wrote again before anybody had touched it"
            rooms.drafts.save(replace(draft, state=DraftState.RETIRED, state_reason=reason, updated_at=now))
    cancelling.void_approvals(rooms, case.id, reason=f"the customer wrote again (mail {read.id})", now=now)


def newest_mail(rooms: Rooms, case_id: int) -> ReadMail | None:
    """The customer's newest mail of a case, a person's before a machine's."""
    theirs = [
        read
        for read in rooms.mails.of_case(case_id)
        if read.author is Author.CUSTOMER and read.copy_of is None
    ]
    return theirs[-1] if theirs else None


def reply_subject(subject: str) -> str:
    return subject if subject.casefold().startswith("re:") else f"Re: {subject}".strip()


def footer_for(house: House, case: Case) -> str:
    """What stands under every letter: the firm's own lines, and the reference that finds the case again."""
    reference = f"Reference: {make_reference(house.key, case.id)}"
    return f"{house.settings.sending.footer.strip()}\n{reference}".strip()


def next_news(house: House, now: datetime) -> Dates:
    """By when a letter that gives no other date says it will write again: two business days."""
    return Dates(due_at=dates.business_days_after(house, now, 2))


def _refuse_where_none_may_be(house: House, case: Case) -> None:
    if not case.is_open:
        raise Refused(f"Case {case.id} is closed. Reopen it first: amends cases reopen {case.id} --as YOU")
    if case.state is CaseState.SAFETY:
        raise Refused(
            f"Case {case.id} is with {house.policy.safety or case.owner}: no draft until a person lifts it."
        )


def _acknowledgement(
    rooms: Rooms,
    house: House,
    case: Case,
    read: ReadMail,
    judgement: Judgement,
    particulars: Particulars | None = None,
    *,
    now: datetime,
) -> Draft:
    apology = propose_apology(replace(judgement, text=read.new_words), case.framework)
    facts = replace(_facts(house, case, read, particulars), apology=apology.level)
    draft = _written(
        rooms, house, case, LetterStage.ACKNOWLEDGED, facts, read, next_news(house, now), now=now
    )
    return replace(draft, apology=str(apology.level), apology_reason=apology.reason)


def _facts(
    house: House, case: Case, read: ReadMail | None, particulars: Particulars | None = None
) -> LetterFacts:
    return LetterFacts(
        customer=read.sender_name if read else "",
        particulars=particulars or _particulars(read),
        owner=case.owner,
        firm=house.settings.firm.name,
        subject=read.subject if read else case.subject,
    )


def _particulars(read: ReadMail | None) -> Particulars:
    if read is None:
        return Particulars()
    evidence = read.judgement.evidence if read.judgement else ()
    return find_particulars(
        read.subject, read.new_words, read.language, sent_at=read.written_at, evidence=evidence
    )


def _written(
    rooms: Rooms,
    house: House,
    case: Case,
    stage: LetterStage,
    facts: LetterFacts,
    read: ReadMail | None,
    told: Dates,
    *,
    now: datetime,
) -> Draft:
    """The letter that fits, filled; its dates are said in the letter's own language."""
    letter = _letter_for(house, case, stage, read)
    shelf = house.shelf(case.framework)
    facts = replace(
        facts,
        due=_said(house, told.due_at, letter, now=now),
        old_due=_said(house, told.old_due_at, letter, now=now),
    )
    return Draft(
        case_id=case.id,
        mail_id=read.id if read else None,
        stage=str(stage),
        letter_id=letter.id,
        language=letter.language,
        subject=reply_subject(read.subject if read else case.subject),
        text=shelf.render(letter, facts).text,
        to=_recipients(rooms, case, read),
        footer=footer_for(house, case),
        created_at=now,
        updated_at=now,
    )


def _letter_for(house: House, case: Case, stage: LetterStage, read: ReadMail | None) -> Letter:
    judgement = read.judgement if read else None
    return choose_letter(
        house.shelf(case.framework).letters,
        stage=stage,
        language=(read.language if read else None) or case.language,
        topics=_sure_topics(house, judgement) if judgement else case.topics,
        severity=judgement.severity if judgement else case.severity,
        fallback_language=house.settings.firm.language,
    )


def _sure_topics(house: House, judgement: Judgement) -> tuple[str, ...]:
    """The topics that carry a complaint by themselves: a letter that says what went wrong must not guess."""
    rules = {one.rule: one.weight for one in judgement.evidence if not one.weakened}
    weights: dict[str, float] = {}
    for rule, weight in rules.items():
        topic = house.topic_of.get(rule, "")
        weights[topic] = weights.get(topic, 0) + weight
    return tuple(topic for topic in judgement.topics if weights.get(topic, 0) >= SURE)


def _said(house: House, at: datetime | None, letter: Letter, *, now: datetime) -> str:
    """A due time as a part of the letter's own sentence."""
    if at is None:
        return ""
    firm = house.settings.firm
    locale = firm.locale if firm.locale.startswith(letter.language) else letter.language
    return render_due(at, zone=firm.zone, locale=locale, at=house.calendar, sent_at=now)


def _recipients(rooms: Rooms, case: Case, read: ReadMail | None) -> tuple[str, ...]:
    """Replies go to From; a differing Reply-To is the agent's choice, never taken by itself."""
    if read is not None and read.sender:
        return (read.sender,)
    return tuple(address.address for address in rooms.customers.addresses(case.customer_id)[:1])


def log_draft(rooms: Rooms, draft: Draft, *, who: str, what: str, now: datetime, detail: str = "") -> None:
    rooms.events.add(
        Event(at=now, case_id=draft.case_id, who=who, what=what, detail=detail or f"draft {draft.id}")
    )
