from datetime import timedelta

from tests.people import ADA, BROKEN_PROMISE, DAN, MONDAY, QUESTION, Office, mail
from worker.domain.case import Case, CaseKind, CaseState, NextKind
from worker.domain.draft import DraftState
from worker.domain.token import make_reference
from worker.domain.verdict import Route
from worker.services import casework, joining

THANKS = "Thanks, noted."
BEFORE = MONDAY - timedelta(days=30)


def case_of(office: Office, number: int | None) -> Case:
    with office.app.database.reading() as rooms:
        case = rooms.cases.get(number or 0)
    assert case is not None
    return case


def count_drafts(office: Office) -> int:
    with office.app.database.reading() as rooms:
        return rooms.drafts.count()


# Threads


def test_an_answer_joins_the_case_of_the_mail_it_answers(office: Office) -> None:
    first = office.arrive(mail())
    answer = office.arrive(mail(THANKS, subject="Something else", answers=first.message_id))
    assert answer.case_id == first.case_id


def test_a_reference_further_back_is_enough(office: Office) -> None:
    first = office.arrive(mail())
    raw = mail(THANKS, subject="Re: other", References=f"{first.message_id} <lost@example.org>")
    assert office.arrive(raw).case_id == first.case_id


def test_our_reference_in_the_text_finds_the_case_again(office: Office) -> None:
    first = office.arrive(mail())
    mark = make_reference(office.app.house.key, first.case_id or 0)
    answer = office.arrive(mail(f"About my kettle.\n\nReference: {mark}", subject="Kettle again"))
    assert answer.case_id == first.case_id


def test_the_same_customer_and_subject_is_the_same_case(office: Office) -> None:
    first = office.arrive(mail(subject="My kettle"))
    assert office.arrive(mail(THANKS, subject="RE: AW: my  Kettle")).case_id == first.case_id


def test_another_subject_is_another_case(office: Office) -> None:
    first = office.arrive(mail())
    assert office.arrive(mail(subject="My toaster")).case_id != first.case_id


def test_two_customers_with_one_subject_have_two_cases(office: Office) -> None:
    first = office.arrive(mail())
    assert office.arrive(mail(sender=DAN)).case_id != first.case_id


def test_a_closed_case_is_not_found_by_its_subject(office: Office) -> None:
    first = office.arrive(mail())
    with office.app.database.writing() as rooms:
        casework.close(rooms, 1, by="Bea Holt", now=office.now)
    assert office.arrive(mail(at=office.clock.forward(days=1))).case_id != first.case_id


def test_thanks_for_a_closed_complaint_opens_it_with_a_date(office: Office) -> None:
    first = office.arrive(mail())
    with office.app.database.writing() as rooms:
        casework.close(rooms, 1, by="Bea Holt", now=office.now)
    office.arrive(mail(THANKS, answers=first.message_id, at=office.clock.forward(days=1)))
    case = case_of(office, 1)
    assert case.state is CaseState.AWAITING_US
    assert case.next_at is not None


# Claims


def test_a_stranger_who_answers_a_thread_is_held_with_a_case_of_their_own(office: Office) -> None:
    first = office.arrive(mail())
    strange = office.arrive(mail(sender=DAN, answers=first.message_id))
    held = case_of(office, strange.case_id)
    assert held.id != first.case_id
    assert (held.claims_case_id, strange.route) == (first.case_id, Route.PERSON)
    assert held.next_kind is NextKind.LOOK
    assert held.next_at is not None
    assert count_drafts(office) == 1


def test_a_valid_reference_makes_no_stranger_a_participant(office: Office) -> None:
    first = office.arrive(mail())
    mark = make_reference(office.app.house.key, first.case_id or 0)
    strange = office.arrive(mail(f"Please refund me instead. {mark}", sender=DAN))
    assert case_of(office, strange.case_id).claims_case_id == first.case_id
    with office.app.database.reading() as rooms:
        assert rooms.participants.of_case(first.case_id or 0) == {ADA}


def test_a_forged_reference_claims_nothing(office: Office) -> None:
    office.arrive(mail())
    strange = office.arrive(mail("Please refund me. AM-1-AAAAAAAAAA", subject="Refund", sender=DAN))
    assert case_of(office, strange.case_id).claims_case_id is None


def test_a_copy_line_does_not_add_a_participant(office: Office) -> None:
    first = office.arrive(mail(Cc=DAN))
    strange = office.arrive(mail(THANKS, sender=DAN, answers=first.message_id))
    assert strange.case_id != first.case_id


def test_a_claim_accepted_brings_its_mail_and_its_writer_into_the_case(office: Office) -> None:
    first = office.arrive(mail())
    strange = office.arrive(mail(sender=DAN, answers=first.message_id), at=office.clock.forward(hours=1))
    with office.app.database.writing() as rooms:
        joined = joining.accept_claim(
            rooms, office.app.house, strange.case_id or 0, by="Bea Holt", now=office.now
        )
        assert rooms.participants.of_case(joined.id) == {ADA, DAN}
        assert [read.case_id for read in rooms.mails.where()] == [joined.id, joined.id]
        live = [draft for draft in rooms.drafts.where(case_id=joined.id) if draft.state is DraftState.OPEN]
    assert joined.id == first.case_id
    assert [draft.to for draft in live] == [(DAN,)]
    again = office.arrive(mail(THANKS, sender=DAN, answers=first.message_id, at=office.now))
    assert again.case_id == first.case_id


# Copies


def test_a_copy_in_another_mailbox_shares_case_and_draft(office: Office) -> None:
    raw = mail()
    first = office.arrive(raw)
    copy = office.arrive(raw, mailbox="sales")
    assert (copy.case_id, copy.copy_of) == (first.case_id, first.id)
    assert count_drafts(office) == 1


def test_two_mails_with_one_message_id_are_two_mails(office: Office) -> None:
    office.arrive(mail(message_id="<same@example.org>"))
    other = office.arrive(mail(QUESTION, subject="Filters", message_id="<same@example.org>"))
    assert other.copy_of is None


def test_the_same_bytes_under_the_same_uid_are_taken_in_once(office: Office) -> None:
    office.arrive(mail())
    office.work()
    with office.app.database.reading() as rooms:
        assert rooms.mails.count() == 1


# History


def test_mail_from_before_the_start_owes_nothing(office: Office) -> None:
    read = office.arrive(mail(at=BEFORE), at=BEFORE, since=MONDAY)
    case = case_of(office, read.case_id)
    assert (case.state, case.is_history, case.next_at) == (CaseState.CLOSED, True, None)
    assert case.kind is CaseKind.COMPLAINT
    assert count_drafts(office) == 0
    with office.app.database.reading() as rooms:
        assert rooms.alerts.count() == 0


def test_a_new_mail_in_an_old_thread_wakes_its_case(office: Office) -> None:
    old = office.arrive(mail(at=BEFORE), at=BEFORE, since=MONDAY)
    new = office.arrive(mail(BROKEN_PROMISE, answers=old.message_id), since=MONDAY)
    case = case_of(office, new.case_id)
    assert new.case_id == old.case_id
    assert (case.state, case.is_history) == (CaseState.AWAITING_US, False)
    assert count_drafts(office) == 1


def test_old_mail_imported_late_does_not_wake_a_case_of_today(office: Office) -> None:
    new = office.arrive(mail())
    with office.app.database.writing() as rooms:
        closed = casework.close(rooms, 1, by="Bea Holt", now=office.now)
    old = office.arrive(mail(QUESTION, answers=new.message_id), at=BEFORE, since=MONDAY)
    assert old.case_id == new.case_id
    assert case_of(office, 1) == closed


# Dates


def test_a_complaint_is_to_be_acknowledged_within_one_business_day(office: Office) -> None:
    office.arrive(mail())
    case = case_of(office, 1)
    assert case.next_kind is NextKind.ACKNOWLEDGE
    assert case.next_at == (MONDAY + timedelta(days=1)).replace(hour=17)


def test_an_unknown_language_is_unclassified_and_has_a_date(office: Office) -> None:
    text = "Mój czajnik nadal nie dotarł, chociaż obiecali Państwo dostawę we wtorek. Jestem bardzo niezadowolona."
    read = office.arrive(mail(text))
    case = case_of(office, read.case_id)
    assert (case.kind, read.route) == (CaseKind.UNCLASSIFIED, Route.PERSON)
    assert case.next_kind is NextKind.LOOK


def test_a_question_owes_nothing(office: Office) -> None:
    office.arrive(mail(QUESTION))
    assert case_of(office, 1).next_at is None
