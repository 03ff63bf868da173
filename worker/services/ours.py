"""A mail that one of our own addresses wrote: a letter to a customer, wherever it was sent from, is contact."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from worker.domain.case import Case, CaseKind, CaseState, Participant, plain_subject
from worker.domain.commitment import FoundPromise
from worker.domain.delivery import Delivery, DeliveryState
from worker.domain.mail import InboundMail, Span, SpanKind
from worker.domain.post import Author, Contact, ContactHow, ReadMail
from worker.domain.reading import Reading
from worker.domain.text import forwarded_words
from worker.domain.token import referenced_case
from worker.domain.verdict import MachineKind
from worker.ports import Rooms
from worker.services import cancelling, contact, opening, promising, sending
from worker.services.house import House

AUTOMATIC = frozenset(
    {MachineKind.AUTO_REPLY, MachineKind.BOUNCE, MachineKind.RECEIPT, MachineKind.FEEDBACK_REPORT}
)


def mail_inside(house: House, mail: InboundMail) -> InboundMail | None:
    """The customer's mail that one of us forwarded to our own mailbox, judged as if it had come by itself."""
    inside = forwarded_words(mail) if only_to_us(house, mail) else None
    if inside is None or inside.sender is None or house.is_ours(inside.sender.address):
        return None
    return replace(
        mail,
        sender=inside.sender,
        reply_to=(),
        subject=inside.subject or mail.subject,
        text=inside.text,
        spans=(Span(kind=SpanKind.OWN, start=0, end=len(inside.text)),),
        in_reply_to=(),
        references=(),
    )


def as_forwarded(read: ReadMail, inside: InboundMail) -> ReadMail:
    sender = inside.sender
    return replace(
        read,
        forwarded_by=read.sender,
        sender=sender.address if sender else "",
        sender_name=sender.name if sender else "",
        subject=inside.subject,
        new_words=inside.new_words,
    )


def take_in_ours(
    rooms: Rooms,
    house: House,
    read: ReadMail,
    reading: Reading,
    *,
    now: datetime,
) -> ReadMail:
    """Place our own mail; where it reaches a customer of a case it is contact, and what it promises is watched."""
    mail, machine = reading.mail, reading.machine
    read = replace(read, author=Author.OURS, machine=machine, written_at=_written_at(read, mail, now))
    sent = delivery_of(rooms, house, mail)
    if sent is not None:
        return _own_letter_seen(rooms, house, sent, read, now=now)
    if only_to_us(house, mail):
        return rooms.mails.add(replace(read, author=Author.INTERNAL))
    case = case_written_in(rooms, house, read, mail)
    if machine in AUTOMATIC or (case is None and read.is_history):
        return rooms.mails.add(replace(read, case_id=case.id if case else None))
    language = house.tell_language(mail.new_words)
    found = house.promises_in(mail.new_words, sent_at=read.written_at, language=language)
    if case is None:
        case = _case_opened_by_us(rooms, house, read, now=now) if found else None
    if case is None:
        return rooms.mails.add(read)
    read = rooms.mails.add(replace(read, case_id=case.id, language=language))
    if not read.is_history and _reaches(rooms, case, mail):
        _is_contact(rooms, house, case, read, found)
    return read


def _is_contact(
    rooms: Rooms, house: House, case: Case, read: ReadMail, found: Sequence[FoundPromise]
) -> None:
    made = promising.from_found_letter(
        rooms,
        house,
        found,
        case_id=case.id,
        mail_id=read.id,
        at=read.written_at,
        owner=case.owner,
    )
    done = bool(house.done_in(read.new_words, read.language))
    by = read.sender_name or "a colleague"
    reached = contact.Reached(
        reports_done=done, redates=promising.redated(rooms, made, language=read.language)
    )
    met = Contact(case_id=case.id, at=read.written_at, by=by, how=ContactHow.FOUND, mail_id=read.id)
    contact.record_contact(rooms, house, met, reached)
    cancelling.void_answered(rooms, case.id, answered_at=read.written_at)
    for promise in made:
        contact.catch_up(rooms, house, promise)


def _own_letter_seen(
    rooms: Rooms, house: House, sent: Delivery, read: ReadMail, *, now: datetime
) -> ReadMail:
    """A letter we sent ourselves has been filed in Sent: evidence that it left."""
    rooms.deliveries.save(replace(sent, filed_in_sent=True))
    if sent.state is DeliveryState.UNKNOWN:
        sending.resolve_as_sent(
            rooms, house, replace(sent, filed_in_sent=True), why="found in the Sent folder", now=now
        )
    known = next(
        (mail for mail in rooms.mails.by_message_ids([sent.message_id]) if mail.kept_id is None), None
    )
    return rooms.mails.add(replace(read, case_id=sent.case_id, copy_of=known.id if known else None))


def delivery_of(rooms: Rooms, house: House, mail: InboundMail) -> Delivery | None:
    """Our own delivery behind this mail, by Message-ID, or by the reference header where a server rewrote the id."""
    if mail.message_id and (found := rooms.deliveries.by_message_ids([mail.message_id])):
        return found[0]
    letter = mail.header("x-amends-letter")
    return rooms.deliveries.by_reference(letter) if letter and referenced_case(house.key, letter) else None


def case_written_in(rooms: Rooms, house: House, read: ReadMail, mail: InboundMail) -> Case | None:
    """By thread, by our reference, by the customer and subject, else the customer's only open case."""
    if read.case_id and (known := rooms.cases.get(read.case_id)):
        return opening.followed(rooms, known)  # it was history until now
    threads = opening.cases_of_thread(rooms, mail)
    if threads:
        return threads[0]
    number = referenced_case(house.key, f"{mail.subject} {mail.text[-20_000:]}")
    if number and (case := rooms.cases.get(number)):
        return opening.followed(rooms, case)
    cases = [case for to in _theirs(house, mail) for case in rooms.cases.with_participant(to)]
    same = [case for case in cases if plain_subject(case.subject) == plain_subject(read.subject)]
    if same:
        return same[0]
    return cases[0] if len({case.id for case in cases}) == 1 else None


def _case_opened_by_us(rooms: Rooms, house: House, read: ReadMail, *, now: datetime) -> Case | None:
    """We promised something to somebody who had not written: that is a case too."""
    theirs = next((to for to in read.to if not house.is_ours(to.address)), None)
    if theirs is None:
        return None
    known = rooms.customers.by_address(theirs.address)
    customer = known or opening.new_customer(rooms, theirs.address, theirs.name, now=now)
    case = Case(
        mailbox=read.mailbox,
        kind=CaseKind.OTHER,
        state=CaseState.AWAITING_CUSTOMER,
        subject=read.subject,
        customer_id=customer.id,
        framework=house.framework_for(read.mailbox),
        owner=house.owner_for(read.mailbox),
        opened_at=read.written_at,
        opened_by="our letter",
    )
    case = rooms.cases.add(case)
    rooms.participants.add(Participant(case_id=case.id, address=theirs.address))
    return case


def _reaches(rooms: Rooms, case: Case, mail: InboundMail) -> bool:
    """To or Cc the customer's side of this case."""
    return contact.reaches(rooms, case.id, [to.address for to in (*mail.to, *mail.cc)])


def _theirs(house: House, mail: InboundMail) -> list[str]:
    return [to.address for to in (*mail.to, *mail.cc) if not house.is_ours(to.address)]


def only_to_us(house: House, mail: InboundMail) -> bool:
    return not _theirs(house, mail)


def _written_at(read: ReadMail, mail: InboundMail, now: datetime) -> datetime:
    """Our own clock is trusted: the Date header, unless it lies in the future."""
    return mail.sent_at if mail.sent_at is not None and mail.sent_at <= now else read.written_at
