"""A letter that came back was no contact; a copy of it that came back is only told."""

import pytest

from tests.doings import (
    CALL_BY_FRIDAY,
    FRIDAY_FIVE,
    NEWS_ONLY,
    approve,
    case_of,
    complain,
    look_up,
    newest_letter,
    promise,
    reach,
    send,
    write,
)
from tests.people import ADA, DAN, SUPPORT, Office, mail
from worker.domain.alert import AlertKind
from worker.domain.case import Case, CaseState
from worker.domain.delivery import DeliveryState
from worker.domain.draft import Draft, DraftState
from worker.domain.post import ContactHow
from worker.domain.promise import Promise, PromiseState
from worker.ports import Unknown


def bounce(original: bytes, *recipients: str) -> bytes:
    """The mail server's word that these recipients did not get this letter; none where it does not say."""
    headers = original.decode().replace("\r\n", "\n").split("\n\n")[0]
    blocks = "".join(
        f"Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 no such user\n\n"
        for to in recipients
    )
    return (
        "From: Mail Delivery System <MAILER-DAEMON@example.test>\n"
        f"To: {SUPPORT}\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n'
        f"Message-ID: <bounce-{'-'.join(recipients)}>\nDate: Mon, 23 Nov 2026 10:05:00 +0000\n\n"
        "--b\nContent-Type: text/plain\n\nThe address does not exist.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"{blocks}--b\nContent-Type: message/rfc822\n\n{headers}\n\n(text)\n--b--\n"
    ).encode()


@pytest.fixture
def draft(office: Office) -> Draft:
    return complain(office, mail())


@pytest.fixture
def case(office: Office, draft: Draft) -> Case:
    return case_of(office, draft)


def sent(office: Office, draft: Draft, *to: str) -> bytes:
    """A letter with a promise goes to these; its bytes."""
    approve(office, write(office, draft, CALL_BY_FRIDAY, to=to))
    send(office)
    return newest_letter(office).raw


def promised(office: Office) -> PromiseState:
    with office.app.database.reading() as rooms:
        return rooms.promises.where(newest_first=True, limit=1)[0].state


def told(office: Office) -> list[str]:
    with office.app.database.reading() as rooms:
        return [alert.subject for alert in rooms.alerts.standing(kind=AlertKind.LETTER)]


def counted(office: Office) -> list[ContactHow]:
    with office.app.database.reading() as rooms:
        return [met.how for met in rooms.contacts.where()]


# A letter of several recipients


def test_a_copy_for_somebody_else_that_came_back_voids_nothing(office: Office, draft: Draft) -> None:
    office.arrive(bounce(sent(office, draft, ADA, DAN), DAN))
    assert (promised(office), counted(office)) == (PromiseState.OPEN, [ContactHow.SENT])
    assert newest_letter(office).state is DeliveryState.SENT
    assert case_of(office, draft).state is CaseState.AWAITING_CUSTOMER
    (subject,) = told(office)
    assert f"did not reach {DAN}: " in subject


def test_the_address_that_failed_stands_in_no_title(office: Office, draft: Draft) -> None:
    office.arrive(bounce(sent(office, draft, ADA, DAN), DAN))
    with office.app.database.reading() as rooms:
        notice = rooms.notices.where(newest_first=True, limit=1)[0]
    assert DAN in notice.body
    assert "@" not in notice.title


def test_the_customers_own_copy_that_came_back_voids_its_promises(office: Office, draft: Draft) -> None:
    office.arrive(bounce(sent(office, draft, ADA, DAN), ADA))
    assert (promised(office), counted(office)) == (PromiseState.VOID, [ContactHow.BOUNCED])


def test_copies_that_come_back_one_by_one_are_added_up(office: Office, draft: Draft) -> None:
    letter = sent(office, draft, ADA, DAN)
    office.arrive(bounce(letter, DAN))
    office.arrive(bounce(letter, ADA))
    assert promised(office) is PromiseState.VOID


def test_a_bounce_that_names_nobody_asks_a_person_and_voids_nothing(office: Office, draft: Draft) -> None:
    office.arrive(bounce(sent(office, draft, ADA, DAN), "somebody.else@example.org"))
    assert promised(office) is PromiseState.OPEN
    assert len(told(office)) == 1


def test_a_bounce_for_a_forwarding_address_is_one_of_the_only_recipient(office: Office, draft: Draft) -> None:
    office.arrive(bounce(sent(office, draft, ADA), "ada.new.home@example.org"))
    assert promised(office) is PromiseState.VOID


def test_a_copy_that_came_back_shows_that_an_unknown_letter_left(office: Office, draft: Draft) -> None:
    approve(office, write(office, draft, CALL_BY_FRIDAY, to=(ADA, DAN)))
    letter = send(office, Unknown(reason="no answer to the last dot"))
    office.arrive(bounce(letter.raw, DAN))
    assert newest_letter(office).state is DeliveryState.SENT
    assert promised(office) is PromiseState.OPEN


# A reply of ours found in Sent


def reply(office: Office, text: str = CALL_BY_FRIDAY) -> bytes:
    """Bea answers from her own mail program."""
    office.clock.forward(minutes=10)
    raw = mail(text, sender=SUPPORT, to=ADA, subject="Re: My kettle", at=office.now)
    office.arrive(raw, folder="Sent")
    office.clock.forward(minutes=1)
    return raw


def test_a_reply_found_in_sent_that_came_back_was_no_contact(office: Office, draft: Draft) -> None:
    raw = reply(office)
    assert (promised(office), case_of(office, draft).state) == (
        PromiseState.UNCONFIRMED,
        CaseState.AWAITING_CUSTOMER,
    )
    office.arrive(bounce(raw, ADA))
    back = case_of(office, draft)
    assert (promised(office), counted(office)) == (PromiseState.VOID, [ContactHow.BOUNCED])
    assert (back.state, back.last_contact_at) == (CaseState.AWAITING_US, None)
    assert back.next_at is not None
    assert len(told(office)) == 1


def test_the_draft_that_such_a_reply_retired_waits_again(office: Office, draft: Draft) -> None:
    raw = reply(office)
    office.arrive(bounce(raw, ADA))
    with office.app.database.reading() as rooms:
        again = rooms.drafts.get(draft.id)
    assert again is not None
    assert again.state is DraftState.OPEN


def test_what_such_a_reply_settled_is_open_again(office: Office, case: Case) -> None:
    owed = promise(office, case)
    office.clock.at = FRIDAY_FIVE
    raw = reply(office, NEWS_ONLY)
    assert look_up(office, owed).state is PromiseState.SETTLED
    office.arrive(bounce(raw, ADA))
    assert look_up(office, owed).state is PromiseState.OPEN


def test_what_such_a_reply_gave_a_new_date_has_its_old_one_again(office: Office, case: Case) -> None:
    owed: Promise = promise(office, case)
    raw = reply(office, "Dear Ada,\n\nI will call you by Monday 30 November, 5 pm.\n\nBea")
    assert look_up(office, owed).state is PromiseState.SUPERSEDED
    office.arrive(bounce(raw, ADA))
    after = look_up(office, owed)
    assert (after.state, after.due_at) == (PromiseState.OPEN, FRIDAY_FIVE)


def test_a_reply_that_came_back_takes_no_earlier_letter_of_the_thread_with_it(
    office: Office, draft: Draft
) -> None:
    sent(office, draft, ADA)
    earlier = newest_letter(office).message_id
    office.clock.forward(hours=1)
    raw = mail(NEWS_ONLY, sender=SUPPORT, to=ADA, subject="Re: My kettle", at=office.now, answers=earlier)
    office.arrive(raw, folder="Sent")
    office.arrive(bounce(raw, ADA))
    assert newest_letter(office).state is DeliveryState.SENT
    assert counted(office) == [ContactHow.SENT, ContactHow.BOUNCED]


def test_a_call_keeps_counting_when_the_reply_came_back(office: Office, case: Case) -> None:
    raw = reply(office)
    reach(office, case)
    office.arrive(bounce(raw, ADA))
    assert counted(office) == [ContactHow.BOUNCED, ContactHow.CALL]


def test_a_bounce_that_is_read_before_its_reply_is_not_forgotten(office: Office, draft: Draft) -> None:
    office.clock.forward(minutes=10)
    raw = mail(CALL_BY_FRIDAY, sender=SUPPORT, to=ADA, subject="Re: My kettle", at=office.now)
    office.arrive(bounce(raw, ADA))
    office.arrive(raw, folder="Sent")
    assert (promised(office), counted(office)) == (PromiseState.VOID, [ContactHow.BOUNCED])
    assert case_of(office, draft).state is CaseState.AWAITING_US
