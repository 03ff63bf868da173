"""What a contact does to a promise, case by case in the order of judgement: said, new date, done, due, interim."""

from dataclasses import replace
from datetime import timedelta

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
from tests.people import ADA, SUPPORT, Office, mail
from worker.domain.alert import AlertKind
from worker.domain.case import Case, CaseState
from worker.domain.post import Contact, ContactHow
from worker.domain.promise import Ending, Promise, PromiseState, SettledBy
from worker.errors import Refused
from worker.services import promising, watching
from worker.services.contact import Reached


@pytest.fixture
def case(office: Office) -> Case:
    """Ada's complaint."""
    return case_of(office, complain(office, mail()))


@pytest.fixture
def owed(office: Office, case: Case) -> Promise:
    """A call by Friday, promised an hour ago."""
    made = promise(office, case)
    office.clock.forward(hours=1)
    return made


def found(office: Office, text: str) -> None:
    """Bea answers from her own mail program, and the letter is found in Sent."""
    raw = mail(text, sender=SUPPORT, to=ADA, subject="Re: My kettle", at=office.now)
    office.arrive(raw, folder="Sent")


def test_the_agent_says_that_a_letter_settles_it(office: Office, case: Case, owed: Promise) -> None:
    reach(office, case, Reached(settles=(owed.id,)), how=ContactHow.SENT)
    after = look_up(office, owed)
    assert (after.state, after.ending) == (PromiseState.SETTLED, Ending.KEPT)


def test_the_agent_says_that_a_late_letter_does_not_settle_it(
    office: Office, case: Case, owed: Promise
) -> None:
    office.clock.at = FRIDAY_FIVE + timedelta(hours=1)
    reach(office, case, Reached(leaves=(owed.id,)), how=ContactHow.SENT)
    assert look_up(office, owed).state is PromiseState.OPEN


def test_the_agents_word_comes_before_a_report_of_done(office: Office, case: Case, owed: Promise) -> None:
    reach(office, case, Reached(leaves=(owed.id,), reports_done=True), how=ContactHow.SENT)
    assert look_up(office, owed).state is PromiseState.OPEN


def test_a_new_date_supersedes_and_both_dates_are_kept(office: Office, case: Case, owed: Promise) -> None:
    later = promise(
        office, case, due_at=FRIDAY_FIVE + timedelta(days=3), words="I will call you by Monday, 5 pm."
    )
    reach(office, case, Reached(redates={owed.id: later.id}, made=(later.id,)), how=ContactHow.SENT)
    old, new = look_up(office, owed), look_up(office, later)
    assert (old.state, old.superseded_by, old.due_at) == (PromiseState.SUPERSEDED, later.id, FRIDAY_FIVE)
    assert (new.state, new.due_at) == (PromiseState.OPEN, FRIDAY_FIVE + timedelta(days=3))


def test_a_new_date_after_the_due_time_still_supersedes_and_counts_as_broken(
    office: Office, case: Case, owed: Promise
) -> None:
    office.clock.at = FRIDAY_FIVE + timedelta(hours=1)
    later = promise(
        office, case, due_at=FRIDAY_FIVE + timedelta(days=3), words="I will call you by Monday, 5 pm."
    )
    reach(office, case, Reached(redates={owed.id: later.id}, made=(later.id,)), how=ContactHow.SENT)
    assert look_up(office, owed).outcome(office.now) == "broken"


def test_doing_the_work_does_not_close_a_promise(office: Office, owed: Promise) -> None:
    with office.app.database.writing() as rooms:
        promising.mark_done(rooms, owed.id, by="Bea Holt", now=office.now)
    after = look_up(office, owed)
    assert after.state is PromiseState.OPEN
    assert after.is_overdue(FRIDAY_FIVE + timedelta(minutes=1))


def test_a_contact_after_the_work_was_marked_done_settles(office: Office, case: Case, owed: Promise) -> None:
    with office.app.database.writing() as rooms:
        promising.mark_done(rooms, owed.id, by="Bea Holt", now=office.now)
    reach(office, case)
    assert look_up(office, owed).state is PromiseState.SETTLED


def test_a_letter_that_reports_it_done_settles(office: Office, case: Case, owed: Promise) -> None:
    reach(office, case, Reached(reports_done=True))
    assert look_up(office, owed).ending is Ending.KEPT


@pytest.mark.parametrize(
    ("after_due", "ending"), [(timedelta(0), Ending.KEPT), (timedelta(seconds=1), Ending.LATE)]
)
def test_a_contact_at_or_after_the_due_time_settles_kept_or_late(
    office: Office, case: Case, owed: Promise, after_due: timedelta, ending: Ending
) -> None:
    office.clock.at = FRIDAY_FIVE + after_due
    reach(office, case)
    assert look_up(office, owed).ending is ending


def test_an_earlier_contact_is_interim_and_asks_whether_it_settled(
    office: Office, case: Case, owed: Promise
) -> None:
    met = reach(office, case)
    after = look_up(office, owed)
    assert (after.state, after.interim_at, after.question_contact_id) == (
        PromiseState.OPEN,
        office.now,
        met.id,
    )


def test_an_interim_letter_the_agent_has_spoken_about_asks_nothing(
    office: Office, case: Case, owed: Promise
) -> None:
    reach(office, case, Reached(leaves=(owed.id,)), how=ContactHow.SENT)
    after = look_up(office, owed)
    assert (after.interim_at, after.question_contact_id) == (office.now, None)


def test_a_team_may_let_any_contact_settle(office: Office, case: Case, owed: Promise) -> None:
    settings = office.app.settings
    any_contact = settings.promises.model_copy(update={"settled_by": SettledBy.ANY_CONTACT})
    office.app.house = replace(
        office.app.house, settings=settings.model_copy(update={"promises": any_contact})
    )
    reach(office, case)
    assert look_up(office, owed).state is PromiseState.SETTLED


def test_a_vague_promise_is_not_settled_by_news_alone(office: Office, case: Case) -> None:
    vague = promise(office, case, due_at=None, words="We will be in touch shortly.")
    office.clock.forward(days=5)
    reach(office, case)
    assert look_up(office, vague).state is PromiseState.OPEN


def test_a_contact_before_the_promise_does_nothing_to_it(office: Office, case: Case, owed: Promise) -> None:
    reach(office, case, Reached(reports_done=True), at=owed.made_at - timedelta(minutes=1))
    assert look_up(office, owed) == owed


def test_contact_in_another_case_does_nothing(office: Office, owed: Promise) -> None:
    other = case_of(office, complain(office, mail(subject="My toaster")))
    office.clock.at = FRIDAY_FIVE + timedelta(hours=1)
    reach(office, other, Reached(reports_done=True))
    assert look_up(office, owed).state is PromiseState.OPEN


def test_the_customers_thanks_ends_nothing(office: Office, owed: Promise) -> None:
    office.clock.at = FRIDAY_FIVE + timedelta(hours=1)
    office.arrive(mail("Thanks, OK.", subject="Re: My kettle", at=office.now))
    assert look_up(office, owed).state is PromiseState.OPEN


def test_a_found_letter_after_the_due_time_settles_and_leaves_the_question(
    office: Office, owed: Promise
) -> None:
    office.clock.at = FRIDAY_FIVE + timedelta(hours=2)
    found(office, "Dear Ada,\n\nyour kettle is on its way, and I am sorry for the wait.\n\nBea")
    after = look_up(office, owed)
    assert (after.state, after.ending) == (PromiseState.SETTLED, Ending.LATE)
    assert after.question_contact_id is not None


def test_no_to_the_question_opens_the_promise_again(office: Office, owed: Promise) -> None:
    office.clock.at = FRIDAY_FIVE + timedelta(hours=2)
    found(office, "Dear Ada,\n\nyour kettle is on its way, and I am sorry for the wait.\n\nBea")
    with office.app.database.writing() as rooms:
        promising.answer_question(
            rooms, office.app.house, owed.id, settles=False, by="Bea Holt", now=office.now
        )
    after = look_up(office, owed)
    assert (after.state, after.question_contact_id, after.next_alert_at) == (
        PromiseState.OPEN,
        None,
        office.now,
    )


def test_no_to_the_question_leaves_an_unconfirmed_promise_unconfirmed(office: Office, case: Case) -> None:
    read = promise(office, case, state=PromiseState.UNCONFIRMED)
    office.clock.forward(hours=1)
    reach(office, case)
    with office.app.database.writing() as rooms:
        promising.answer_question(
            rooms, office.app.house, read.id, settles=False, by="Bea Holt", now=office.now
        )
    assert look_up(office, read).state is PromiseState.UNCONFIRMED


def test_a_found_letter_with_a_new_date_supersedes(office: Office, owed: Promise) -> None:
    found(office, "Dear Ada,\n\nI will call you by Monday 30 November, 5 pm.\n\nBea")
    assert look_up(office, owed).state is PromiseState.SUPERSEDED


def test_an_approved_letter_goes_the_same_way_when_it_has_left(office: Office) -> None:
    approve(office, write(office, complain(office, mail())))
    send(office)
    with office.app.database.reading() as rooms:
        (made,) = rooms.promises.where()
        case = rooms.cases.get(made.case_id)
    assert (made.state, made.due_at, made.interim_at) == (PromiseState.OPEN, FRIDAY_FIVE, None)
    assert case is not None
    assert (case.state, case.next_at) == (CaseState.AWAITING_CUSTOMER, None)


def test_contact_counts_from_when_the_letter_left_not_from_its_date(
    office: Office, case: Case, owed: Promise
) -> None:
    with office.app.database.reading() as rooms:
        (draft,) = rooms.drafts.where(case_id=case.id)
    office.clock.at = FRIDAY_FIVE - timedelta(minutes=5)
    approve(office, write(office, draft, NEWS_ONLY), settles=(owed.id,))
    office.clock.forward(minutes=30)
    send(office)
    assert look_up(office, owed).ending is Ending.LATE


def test_a_letter_to_somebody_else_is_no_contact(office: Office, case: Case, owed: Promise) -> None:
    with office.app.database.reading() as rooms:
        (draft,) = rooms.drafts.where(case_id=case.id)
    written = write(office, draft, NEWS_ONLY, to=("depot@example.org",))
    approve(office, written, settles=(owed.id,))
    send(office)
    with office.app.database.reading() as rooms:
        assert rooms.contacts.where() == []
    assert look_up(office, owed).state is PromiseState.OPEN


def test_a_contact_older_than_the_customers_newest_mail_does_not_silence_its_alert(
    office: Office, case: Case
) -> None:
    office.clock.forward(days=3)
    watching.sweep(office.app.database, office.app.house, now=office.now)
    reach(office, case, at=case.opened_at - timedelta(hours=1))
    with office.app.database.reading() as rooms:
        assert rooms.alerts.standing(case_id=case.id, kind=AlertKind.ACKNOWLEDGE)


def test_settling_needs_a_contact_later_than_the_promise(office: Office, case: Case) -> None:
    met = reach(office, case)
    made = promise(office, case)
    with office.app.database.writing() as rooms, pytest.raises(Refused, match="not later"):
        promising.settle(rooms, office.app.house, made.id, contact=met, by="Bea Holt", now=office.now)


def test_a_contact_that_came_back_settles_nothing(office: Office, case: Case, owed: Promise) -> None:
    with office.app.database.writing() as rooms:
        met = rooms.contacts.add(
            Contact(case_id=case.id, at=office.now, by="Bea Holt", how=ContactHow.BOUNCED)
        )
        with pytest.raises(Refused, match="came back"):
            promising.settle(rooms, office.app.house, owed.id, contact=met, by="Bea Holt", now=office.now)


def bounce_of(office: Office) -> bytes:
    """The mail server's word that our newest letter could not be delivered."""
    letter = newest_letter(office)
    original = letter.raw.decode().replace("\r\n", "\n").split("\n\n")[0]
    return (
        "From: Mail Delivery System <MAILER-DAEMON@example.test>\n"
        f"To: {SUPPORT}\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n'
        "Message-ID: <bounce@example.test>\nDate: Mon, 23 Nov 2026 10:05:00 +0000\n\n"
        "--b\nContent-Type: text/plain\n\nThe address does not exist.\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; {ADA}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{original}\n\n(text)\n--b--\n"
    ).encode()


def test_a_bounce_voids_the_promises_of_its_letter_and_undoes_its_contact(
    office: Office, case: Case, owed: Promise
) -> None:
    with office.app.database.reading() as rooms:
        (draft,) = rooms.drafts.where(case_id=case.id)
    text = CALL_BY_FRIDAY.replace("call you by Friday 27", "send you a new kettle by Thursday 26")
    approve(office, write(office, draft, text), settles=(owed.id,))
    send(office)
    assert look_up(office, owed).state is PromiseState.SETTLED
    office.arrive(bounce_of(office))
    with office.app.database.reading() as rooms:
        made = rooms.promises.where(newest_first=True, limit=1)[0]
        back = rooms.cases.get(case.id)
    assert made.state is PromiseState.VOID
    assert look_up(office, owed).state is PromiseState.OPEN
    assert back is not None
    assert back.last_contact_at is None
    assert back.next_at is not None


def test_a_later_call_still_counts_when_the_letter_before_it_came_back(
    office: Office, case: Case, owed: Promise
) -> None:
    with office.app.database.reading() as rooms:
        (draft,) = rooms.drafts.where(case_id=case.id)
    approve(office, write(office, draft, NEWS_ONLY), settles=(owed.id,))
    send(office)
    office.clock.at = FRIDAY_FIVE + timedelta(minutes=10)
    reach(office, case)
    office.arrive(bounce_of(office))
    assert (look_up(office, owed).state, look_up(office, owed).ending) == (PromiseState.SETTLED, Ending.LATE)
