from datetime import timedelta
from typing import Any

import pytest

from tests.people import ADA, DAN, QUESTION, THREAT, Office, mail
from worker.domain.alert import AlertKind
from worker.domain.case import Case, CaseKind, CaseState, NextKind
from worker.domain.draft import Draft, DraftState
from worker.domain.post import Contact, ContactHow
from worker.domain.promise import Promise, PromiseSource, PromiseState
from worker.domain.verdict import Route, Severity, Verdict
from worker.errors import BadInput, Refused
from worker.services import absences, casework, contact, contacting, joining, promising, watching
from worker.services.casework import Call, Marked
from worker.services.contacting import Called

BEA, CAL = "Bea Holt", "Cal Reyes"


def case_of(office: Office, number: int) -> Case:
    with office.app.database.reading() as rooms:
        case = rooms.cases.get(number)
    assert case is not None
    return case


def drafts_of(office: Office, number: int) -> list[Draft]:
    with office.app.database.reading() as rooms:
        return rooms.drafts.where(case_id=number)


def standing(office: Office, number: int) -> set[AlertKind]:
    with office.app.database.reading() as rooms:
        return {alert.kind for alert in rooms.alerts.standing(case_id=number)}


def mark(office: Office, number: int, said: Marked, mail_id: int | None = None) -> casework.Marking:
    with office.app.database.writing() as rooms:
        return casework.mark(rooms, office.app.house, number, said, by=BEA, mail_id=mail_id, now=office.now)


def promise(office: Office, number: int, state: PromiseState = PromiseState.OPEN) -> Promise:
    with office.app.database.writing() as rooms:
        return promising.make(
            rooms,
            office.app.house,
            Promise(
                case_id=number,
                words="I will ring you tomorrow",
                made_at=office.now,
                due_at=office.now + timedelta(days=1),
                zone="Europe/London",
                owner=BEA,
                source=PromiseSource.PHONE,
                state=state,
            ),
        )


def close(office: Office, number: int) -> Case:
    with office.app.database.writing() as rooms:
        return casework.close(rooms, number, by=BEA, now=office.now)


def call(office: Office, number: int, **said: tuple[int, ...]) -> Contact:
    with office.app.database.writing() as rooms:
        logged = Called(by=BEA, said="told her", at=office.now, **said)
        return contacting.log_call(rooms, office.app.house, number, logged, now=office.now)[0]


# Marks


def test_a_question_marked_as_a_complaint_gets_a_draft_and_a_date(office: Office) -> None:
    read = office.arrive(mail(QUESTION))
    done = mark(office, 1, Marked.COMPLAINT)
    assert read.route is Route.NONE
    assert done.draft is not None
    case = case_of(office, 1)
    assert (case.kind, case.severity, case.next_kind) == (
        CaseKind.COMPLAINT,
        Severity.LOW,
        NextKind.ACKNOWLEDGE,
    )


def test_a_mark_keeps_what_the_rules_said(office: Office) -> None:
    read = office.arrive(mail(QUESTION))
    mark(office, 1, Marked.COMPLAINT)
    with office.app.database.reading() as rooms:
        (kept,) = rooms.marks.where(case_id=1)
        after = rooms.mails.get(read.id)
    assert kept.rules_said == "not_complaint, none"
    assert after is not None
    assert after.judgement is not None
    assert (after.verdict, after.judgement.verdict) == (Verdict.COMPLAINT, Verdict.NOT_COMPLAINT)
    assert after.marked_by == BEA


def test_a_complaint_marked_as_none_loses_its_draft_and_its_date(office: Office) -> None:
    office.arrive(mail())
    mark(office, 1, Marked.NOT_COMPLAINT)
    case = case_of(office, 1)
    assert (case.kind, case.severity, case.topics, case.next_at) == (CaseKind.OTHER, None, (), None)
    assert [draft.state for draft in drafts_of(office, 1)] == [DraftState.RETIRED]


def test_a_mark_taken_back_gives_the_severity_of_the_rules_again(office: Office) -> None:
    read = office.arrive(mail())
    mark(office, 1, Marked.NOT_COMPLAINT)
    mark(office, 1, Marked.COMPLAINT)
    assert case_of(office, 1).severity is read.severity


def test_another_complaint_in_the_case_keeps_it_one(office: Office) -> None:
    first = office.arrive(mail())
    office.arrive(mail(answers=first.message_id, at=office.clock.forward(hours=1)))
    mark(office, 1, Marked.NOT_COMPLAINT, mail_id=first.id)
    assert case_of(office, 1).kind is CaseKind.COMPLAINT


def test_a_mark_of_danger_tells_the_safety_person_and_ends_every_draft(office: Office) -> None:
    office.arrive(mail())
    mark(office, 1, Marked.SAFETY)
    assert case_of(office, 1).state is CaseState.SAFETY
    assert AlertKind.SAFETY in standing(office, 1)
    assert [draft.state for draft in drafts_of(office, 1)] == [DraftState.RETIRED]


def test_a_mail_marked_as_a_machines_closes_a_case_that_holds_nothing_else(office: Office) -> None:
    office.arrive(mail())
    done = mark(office, 1, Marked.MACHINE)
    assert done.case.state is CaseState.CLOSED
    assert not [draft for draft in drafts_of(office, 1) if draft.is_live]


def test_no_complaint_does_not_lift_a_safety_case(office: Office) -> None:
    office.arrive(mail(THREAT))
    mark(office, 1, Marked.NOT_COMPLAINT)
    assert case_of(office, 1).state is CaseState.SAFETY


def test_a_mark_names_a_mail_of_another_case_in_vain(office: Office) -> None:
    office.arrive(mail())
    other = office.arrive(mail(sender=DAN))
    with pytest.raises(Refused, match=f"no mail {other.id}"):
        mark(office, 1, Marked.COMPLAINT, mail_id=other.id)


def test_a_complaint_answered_already_gets_no_new_draft(office: Office) -> None:
    office.arrive(mail(QUESTION))
    office.clock.forward(hours=1)
    call(office, 1)
    assert mark(office, 1, Marked.COMPLAINT).draft is None
    assert case_of(office, 1).next_kind is NextKind.CONTACT


# Hearing, handing over


def test_reading_a_new_case_takes_it_to_us(office: Office) -> None:
    office.arrive(mail())
    with office.app.database.writing() as rooms:
        heard = casework.hear(rooms, 1, by=BEA, now=office.now)
    assert (heard.heard_by, heard.state) == (BEA, CaseState.AWAITING_US)


def test_a_case_is_heard_once_until_the_customer_writes_again(office: Office) -> None:
    read = office.arrive(mail())
    with office.app.database.writing() as rooms:
        casework.hear(rooms, 1, by=BEA, now=office.clock.forward(minutes=5))
        assert casework.hear(rooms, 1, by=CAL, now=office.now).heard_by == BEA
    office.arrive(mail(answers=read.message_id), at=office.clock.forward(hours=1))
    with office.app.database.writing() as rooms:
        assert casework.hear(rooms, 1, by=CAL, now=office.now).heard_by == CAL


def test_open_promises_go_along_with_their_case(office: Office) -> None:
    office.arrive(mail())
    owed = promise(office, 1)
    with office.app.database.writing() as rooms:
        assert casework.assign(rooms, 1, to=CAL, by=BEA, now=office.now) == 1
        after = rooms.promises.get(owed.id)
    assert after is not None
    assert (case_of(office, 1).owner, after.owner) == (CAL, CAL)


# Closing and reopening


@pytest.mark.parametrize("state", [PromiseState.OPEN, PromiseState.UNCONFIRMED])
def test_a_case_with_a_promise_open_is_not_closed(office: Office, state: PromiseState) -> None:
    office.arrive(mail())
    owed = promise(office, 1, state)
    with pytest.raises(Refused, match=f"promise {owed.id} .*ring you tomorrow"):
        close(office, 1)
    assert case_of(office, 1).is_open


def test_doing_the_work_does_not_let_a_case_be_closed(office: Office) -> None:
    office.arrive(mail())
    owed = promise(office, 1)
    with office.app.database.writing() as rooms:
        promising.mark_done(rooms, owed.id, by=BEA, now=office.now)
    with pytest.raises(Refused):
        close(office, 1)


def test_closing_ends_drafts_dates_and_alerts(office: Office) -> None:
    office.arrive(mail())
    office.clock.forward(days=3)
    watching.sweep(office.app.database, office.app.house, now=office.now)
    assert standing(office, 1) == {AlertKind.ACKNOWLEDGE}
    case = close(office, 1)
    assert (case.state, case.next_at, case.next_alert_at) == (CaseState.CLOSED, None, None)
    assert standing(office, 1) == set()
    assert [draft.state for draft in drafts_of(office, 1)] == [DraftState.RETIRED]


def test_a_safety_case_is_lifted_before_it_is_closed(office: Office) -> None:
    office.arrive(mail(THREAT))
    with pytest.raises(Refused, match="lift"):
        close(office, 1)


def test_a_closed_case_is_not_closed_twice(office: Office) -> None:
    office.arrive(mail(QUESTION))
    close(office, 1)
    with pytest.raises(Refused, match="closed already"):
        close(office, 1)


def test_a_reopened_case_has_a_next_date(office: Office) -> None:
    office.arrive(mail())
    close(office, 1)
    with office.app.database.writing() as rooms:
        case = casework.reopen(rooms, office.app.house, 1, by=BEA, now=office.now)
    assert case.state is CaseState.AWAITING_US
    assert case.next_at is not None
    assert case.next_alert_at is not None


def test_an_answer_of_the_customer_reopens_a_closed_case(office: Office) -> None:
    read = office.arrive(mail())
    close(office, 1)
    office.arrive(mail(answers=read.message_id, at=office.clock.forward(days=1)))
    assert case_of(office, 1).state is CaseState.AWAITING_US


# Safety


def test_a_lifted_complaint_is_drafted_and_dated_like_any_other(office: Office) -> None:
    office.arrive(mail())
    mark(office, 1, Marked.SAFETY)
    with office.app.database.writing() as rooms:
        done = casework.lift(rooms, office.app.house, 1, by=CAL, now=office.now)
    assert done.case.state is CaseState.AWAITING_US
    assert done.draft is not None
    assert done.case.next_kind is NextKind.ACKNOWLEDGE
    assert AlertKind.SAFETY not in standing(office, 1)


def test_a_lifted_case_without_a_complaint_still_has_a_date(office: Office) -> None:
    office.arrive(mail(QUESTION))
    mark(office, 1, Marked.SAFETY)
    with office.app.database.writing() as rooms:
        done = casework.lift(rooms, office.app.house, 1, by=CAL, now=office.now)
    assert done.draft is None
    assert done.case.next_at is not None


def test_only_a_safety_case_is_lifted(office: Office) -> None:
    office.arrive(mail())
    with office.app.database.writing() as rooms, pytest.raises(Refused):
        casework.lift(rooms, office.app.house, 1, by=CAL, now=office.now)


# By telephone


def phone(office: Office, **changes: Any) -> casework.Marking:
    said = {"by": BEA, "subject": "Kettle", "note": "It still has not arrived.", "address": ADA} | changes
    with office.app.database.writing() as rooms:
        return casework.open_by_phone(rooms, office.app.house, Call(**said), now=office.now)


def test_a_complaint_by_telephone_is_a_case_with_a_draft_and_a_date(office: Office) -> None:
    done = phone(office)
    assert (done.case.kind, done.case.opened_by) == (CaseKind.COMPLAINT, BEA)
    assert done.draft is not None
    assert done.draft.to == (ADA,)
    assert done.case.next_kind is NextKind.ACKNOWLEDGE


def test_a_customers_call_is_not_our_contact(office: Office) -> None:
    phone(office)
    with office.app.database.reading() as rooms:
        assert rooms.contacts.count() == 0


def test_acknowledging_on_the_call_is_contact(office: Office) -> None:
    done = phone(office, acknowledged=True)
    with office.app.database.reading() as rooms:
        (met,) = rooms.contacts.where(case_id=done.case.id)
    assert (met.how, met.by) == (ContactHow.CALL, BEA)
    assert done.draft is None
    assert done.case.next_kind is NextKind.CONTACT


def test_without_an_address_nothing_is_drafted_and_the_date_stands(office: Office) -> None:
    done = phone(office, address="", name="Ada Lovell")
    assert done.draft is None
    assert done.case.next_at is not None


def test_danger_told_on_the_telephone_is_a_safety_case(office: Office) -> None:
    done = phone(office, note=THREAT)
    assert done.case.state is CaseState.SAFETY
    assert AlertKind.SAFETY in standing(office, done.case.id)


def test_a_known_address_joins_its_customer(office: Office) -> None:
    office.arrive(mail())
    assert phone(office).case.customer_id == case_of(office, 1).customer_id


# Calls of ours


def test_a_call_before_the_due_time_leaves_the_promise_open(office: Office) -> None:
    office.arrive(mail())
    owed = promise(office, 1)
    office.clock.forward(hours=1)
    call(office, 1)
    with office.app.database.reading() as rooms:
        after = rooms.promises.get(owed.id)
    assert after is not None
    assert after.state is PromiseState.OPEN
    assert after.interim_at == office.now


def test_a_call_said_to_settle_a_promise_settles_it(office: Office) -> None:
    office.arrive(mail())
    owed = promise(office, 1)
    office.clock.forward(hours=1)
    call(office, 1, settles=(owed.id,))
    with office.app.database.reading() as rooms:
        after = rooms.promises.get(owed.id)
    assert after is not None
    assert (after.state, str(after.ending)) == (PromiseState.SETTLED, "kept")


def test_a_call_settles_no_promise_of_another_case(office: Office) -> None:
    office.arrive(mail())
    office.arrive(mail(sender=DAN))
    other = promise(office, 2)
    with pytest.raises(Refused, match=f"Promise {other.id}"):
        call(office, 1, settles=(other.id,))


def test_a_voicemail_is_in_the_history_and_settles_nothing(office: Office) -> None:
    office.arrive(mail())
    left = Called(by=BEA, said="please ring us", at=office.now)
    with office.app.database.writing() as rooms:
        contacting.log_voicemail(rooms, 1, left, now=office.now)
        assert rooms.contacts.count() == 0
        assert [event.what for event in rooms.events.where(case_id=1)] == ["voicemail_left"]


def test_a_call_in_the_future_is_refused(office: Office) -> None:
    office.arrive(mail())
    later = Called(by=BEA, said="x", at=office.now + timedelta(hours=1))
    with office.app.database.writing() as rooms, pytest.raises(Refused, match="not come yet"):
        contacting.log_call(rooms, office.app.house, 1, later, now=office.now)


# Merging, splitting, customers


def merge(office: Office, number: int, into: int) -> Case:
    with office.app.database.writing() as rooms:
        return joining.merge(rooms, office.app.house, number, into, by=BEA, now=office.now)


def test_a_merged_case_brings_its_mails_and_promises(office: Office) -> None:
    office.arrive(mail(QUESTION, subject="Filters"))
    office.arrive(mail(subject="Kettle"))
    owed = promise(office, 2)
    into = merge(office, 2, 1)
    with office.app.database.reading() as rooms:
        assert len(rooms.mails.of_case(1)) == 2
        assert [kept.id for kept in rooms.promises.watched(1)] == [owed.id]
    assert into.kind is CaseKind.COMPLAINT
    assert case_of(office, 2).merged_into == 1
    assert not case_of(office, 2).is_open


def test_an_answer_in_a_merged_thread_reaches_the_case_it_went_into(office: Office) -> None:
    office.arrive(mail(QUESTION, subject="Filters"))
    second = office.arrive(mail(subject="Kettle"))
    merge(office, 2, 1)
    assert office.arrive(mail(answers=second.message_id)).case_id == 1


def test_cases_of_two_customers_are_not_merged(office: Office) -> None:
    office.arrive(mail())
    office.arrive(mail(sender=DAN))
    with pytest.raises(Refused, match="two customers"):
        merge(office, 2, 1)


def test_a_case_is_not_merged_into_itself(office: Office) -> None:
    office.arrive(mail())
    with pytest.raises(Refused):
        merge(office, 1, 1)


def test_danger_goes_along_with_a_merged_case(office: Office) -> None:
    office.arrive(mail(subject="Kettle"))
    office.arrive(mail(THREAT, subject="Last word"))
    assert merge(office, 2, 1).state is CaseState.SAFETY
    assert AlertKind.SAFETY in standing(office, 1)


def test_a_split_gives_each_case_its_own_mails_and_dates(office: Office) -> None:
    first = office.arrive(mail(QUESTION))
    second = office.arrive(mail(answers=first.message_id))
    with office.app.database.writing() as rooms:
        new = joining.split(rooms, office.app.house, 1, [second.id], by=BEA, now=office.now)
    old = case_of(office, 1)
    assert (old.kind, old.next_at) == (CaseKind.OTHER, None)
    assert (new.kind, new.next_kind) == (CaseKind.COMPLAINT, NextKind.ACKNOWLEDGE)
    assert [draft.state for draft in drafts_of(office, new.id)] == [DraftState.OPEN]


def test_a_split_leaves_something(office: Office) -> None:
    read = office.arrive(mail())
    with office.app.database.writing() as rooms, pytest.raises(Refused, match="Nothing would be left"):
        joining.split(rooms, office.app.house, 1, [read.id], by=BEA, now=office.now)


def test_a_linked_address_takes_part_in_the_customers_cases(office: Office) -> None:
    read = office.arrive(mail())
    with office.app.database.writing() as rooms:
        joining.link(rooms, office.app.house, "Ada@Work.Example.org", 1, by=BEA, now=office.now)
    answer = office.arrive(mail(sender="ada@work.example.org", answers=read.message_id))
    assert answer.case_id == 1


def test_linking_two_customers_brings_their_cases_together(office: Office) -> None:
    office.arrive(mail())
    office.arrive(mail(sender=DAN))
    with office.app.database.writing() as rooms:
        _, moved = joining.link(rooms, office.app.house, DAN, 1, by=BEA, now=office.now)
    assert moved == 1
    assert case_of(office, 2).customer_id == 1


def test_our_own_address_is_no_customers(office: Office) -> None:
    office.arrive(mail())
    with office.app.database.writing() as rooms, pytest.raises(Refused, match="our own"):
        joining.link(rooms, office.app.house, "bea@example.test", 1, by=BEA, now=office.now)


def test_a_word_is_no_address(office: Office) -> None:
    office.arrive(mail())
    with office.app.database.writing() as rooms, pytest.raises(BadInput):
        joining.link(rooms, office.app.house, "ada", 1, by=BEA, now=office.now)


def test_the_lead_hears_of_a_valued_customers_complaint_until_somebody_answers(office: Office) -> None:
    read = office.arrive(mail(QUESTION))
    with office.app.database.writing() as rooms:
        customer = rooms.customers.by_address(ADA)
        assert customer is not None
        joining.tag(rooms, customer, ["vip"])
    office.arrive(mail(answers=read.message_id), at=office.clock.forward(hours=1))
    assert AlertKind.VIP in standing(office, 1)
    with office.app.database.writing() as rooms:
        met = Contact(case_id=1, at=office.clock.forward(hours=1), by=BEA, how=ContactHow.CALL)
        contact.record_contact(rooms, office.app.house, met)
    assert AlertKind.VIP not in standing(office, 1)


def test_a_valued_customers_call_is_told_as_well(office: Office) -> None:
    office.arrive(mail(QUESTION))
    with office.app.database.writing() as rooms:
        customer = rooms.customers.by_address(ADA)
        assert customer is not None
        joining.tag(rooms, customer, ["vip"])
    assert AlertKind.VIP in standing(office, phone(office).case.id)
    mark(office, 1, Marked.COMPLAINT)
    assert AlertKind.VIP in standing(office, 1)


# Away


def test_alerts_go_to_the_stand_in_until_the_day_is_over(office: Office) -> None:
    until = office.now + timedelta(days=2)
    with office.app.database.writing() as rooms:
        absences.go_away(rooms, BEA, until=until, stand_in=CAL, now=office.now)
        assert watching.stand_in(rooms, BEA, now=office.now) == CAL
        assert watching.stand_in(rooms, BEA, now=until) == BEA


def test_whoever_is_back_is_told_again(office: Office) -> None:
    with office.app.database.writing() as rooms:
        absences.go_away(rooms, BEA, until=office.now + timedelta(days=2), stand_in=CAL, now=office.now)
        absences.come_back(rooms, BEA, now=office.now)
        assert watching.stand_in(rooms, BEA, now=office.now) == BEA
        with pytest.raises(Refused, match="not away"):
            absences.come_back(rooms, BEA, now=office.now)


def test_nobody_stands_in_for_themselves(office: Office) -> None:
    with office.app.database.writing() as rooms, pytest.raises(Refused):
        absences.go_away(rooms, BEA, until=office.now + timedelta(days=2), stand_in=BEA, now=office.now)
