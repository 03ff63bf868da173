from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.doings import NEWS_ONLY
from tests.people import ADA, BEA, DAN, QUESTION, SUPPORT, THREAT, Arrived, Office, mail
from worker.domain.alert import AlertKind
from worker.domain.case import CaseState
from worker.domain.post import Author, KeptMail, KeptState, ReadMail
from worker.domain.reading import RawMail, Reading
from worker.domain.verdict import Route, Verdict
from worker.errors import Broken, Refused, Transient
from worker.services import aside, intake
from worker.services.house import House
from worker.services.intake import Shelf, Tally

DAY = timedelta(days=1)
POISON = "This one cannot be read."


def failing(house: House, fault: Exception) -> House:
    """The house, with a reader that fails on the poison mail."""

    def read_one(raw: RawMail) -> Reading:
        if POISON.encode() in raw.raw:
            raise fault
        return house.read_one(raw)

    def read_all(raws: Sequence[RawMail]) -> Iterator[Reading | Broken]:
        for raw in raws:
            try:
                yield read_one(raw)
            except Broken as broken:
                yield broken

    return replace(house, read_one=read_one, read_all=read_all)


@pytest.fixture
def poisoned(office: Office, house: House) -> Office:
    """An office whose reader cannot read a poison mail."""
    office.app.house = failing(house, Broken("its structure cannot be followed"))
    return office


def kept(office: Office) -> list[KeptMail]:
    with office.app.database.reading() as rooms:
        return rooms.kept.where()


def mails(office: Office) -> list[ReadMail]:
    with office.app.database.reading() as rooms:
        return rooms.mails.where()


def take_in(office: Office) -> Tally:
    return intake.take_in_waiting(office.app.database, office.app.house, now=office.now)


# Keeping


def test_bytes_are_safe_before_anything_is_read(poisoned: Office) -> None:
    raw = mail(POISON)
    poisoned.keep(raw)
    (one,) = kept(poisoned)
    with poisoned.app.database.reading() as rooms:
        assert rooms.kept.raw(one.sha256) == raw
    assert one.state is KeptState.KEPT


def test_a_place_already_held_is_left_alone(office: Office) -> None:
    shelf = Shelf(mailbox="support", folder="INBOX", uidvalidity=1)
    arrived = Arrived(uid=7, raw=mail(), internal_date=office.now)
    assert len(intake.keep(office.app.database, shelf, [arrived], now=office.now)) == 1
    assert intake.keep(office.app.database, shelf, [arrived], now=office.now) == []


def test_a_new_uidvalidity_is_another_place_of_the_same_mail(office: Office) -> None:
    raw = mail()
    for number in (1, 2):
        shelf = Shelf(mailbox="support", folder="INBOX", uidvalidity=number)
        intake.keep(
            office.app.database, shelf, [Arrived(uid=7, raw=raw, internal_date=office.now)], now=office.now
        )
    office.work()
    first, second = mails(office)
    assert (second.copy_of, second.case_id) == (first.id, first.case_id)
    with office.app.database.reading() as rooms:
        assert rooms.drafts.count() == 1


def test_nothing_waiting_is_an_empty_tally(office: Office) -> None:
    assert not take_in(office).any


# Three tries


def test_a_poison_mail_is_set_aside_and_the_next_one_goes_on(poisoned: Office) -> None:
    poisoned.keep(mail(POISON))
    poisoned.keep(mail())
    tally = take_in(poisoned)
    assert (tally.taken_in, tally.set_aside) == (1, 1)
    bad, good = kept(poisoned)
    assert (bad.state, bad.attempts) == (KeptState.SET_ASIDE, 3)
    assert "structure" in bad.reason
    assert good.state is KeptState.TAKEN_IN


def test_a_person_is_told_of_a_mail_set_aside(poisoned: Office) -> None:
    poisoned.keep(mail(POISON))
    take_in(poisoned)
    with poisoned.app.database.reading() as rooms:
        (alert,) = rooms.alerts.standing(kind=AlertKind.SET_ASIDE)
        assert rooms.notices.count() == 1
    assert alert.told == ("Bea Holt",)


def test_an_error_of_ours_sets_a_mail_aside_as_well(office: Office) -> None:
    office.app.house = failing(office.app.house, ZeroDivisionError())
    office.keep(mail(POISON))
    take_in(office)
    assert "ZeroDivisionError" in kept(office)[0].reason


def test_a_batch_that_fails_leaves_no_half_of_itself(poisoned: Office) -> None:
    poisoned.keep(mail())
    poisoned.keep(mail(POISON))
    poisoned.keep(mail(QUESTION, subject="Filters", sender=DAN))
    take_in(poisoned)
    assert [read.kept_id for read in mails(poisoned)] == [1, 3]
    with poisoned.app.database.reading() as rooms:
        assert (rooms.cases.count(), rooms.drafts.count()) == (2, 1)


def test_a_worker_that_stopped_three_times_on_a_mail_gives_it_up(office: Office) -> None:
    office.keep(mail())
    with office.app.database.writing() as rooms:
        for _ in range(3):
            rooms.kept.count_attempt([1])
    take_in(office)
    assert kept(office)[0].state is KeptState.SET_ASIDE


def test_a_worker_that_stopped_once_reads_the_mail_again(office: Office) -> None:
    office.keep(mail())
    with office.app.database.writing() as rooms:
        rooms.kept.count_attempt([1])
    assert take_in(office).taken_in == 1


def test_a_database_that_is_busy_sets_nothing_aside(office: Office) -> None:
    readable = office.app.house
    office.app.house = failing(readable, Transient("the database is locked"))
    office.keep(mail(POISON))
    for _ in range(5):
        with pytest.raises(Transient):
            take_in(office)
    assert kept(office)[0].state is KeptState.KEPT
    office.app.house = readable
    assert take_in(office).taken_in == 1


def test_a_mail_the_server_would_not_give_is_set_aside_and_told(office: Office) -> None:
    shelf = Shelf(mailbox="support", folder="INBOX", uidvalidity=1)
    withheld = Arrived(uid=1, raw=b"", internal_date=office.now, error="the server gave no contents")
    intake.keep(office.app.database, shelf, [withheld], now=office.now)
    office.work()
    assert kept(office)[0].state is KeptState.SET_ASIDE
    with office.app.database.writing() as rooms:
        assert len(rooms.alerts.standing(kind=AlertKind.SET_ASIDE)) == 1
        with pytest.raises(Refused, match="no bytes"):
            aside.retry(rooms, 1, now=office.now)


# Set aside


def test_a_mail_tried_again_after_a_repair_is_taken_in(poisoned: Office, house: House) -> None:
    poisoned.keep(mail(POISON))
    take_in(poisoned)
    poisoned.app.house = house
    with poisoned.app.database.writing() as rooms:
        aside.retry(rooms, 1, now=poisoned.now)
        assert rooms.alerts.standing(kind=AlertKind.SET_ASIDE) == []
    assert take_in(poisoned).taken_in == 1


def test_a_discarded_mail_keeps_its_bytes_and_its_place(poisoned: Office) -> None:
    raw = mail(POISON)
    poisoned.keep(raw)
    take_in(poisoned)
    with poisoned.app.database.writing() as rooms:
        gone = aside.discard(rooms, 1, reason="a broken newsletter", by="Bea Holt", now=poisoned.now)
        assert rooms.kept.raw(gone.sha256) == raw
        assert rooms.kept.tally() == [("support", "INBOX", KeptState.DISCARDED, 1)]


def test_only_a_mail_set_aside_is_discarded(office: Office) -> None:
    office.arrive(mail())
    with office.app.database.writing() as rooms, pytest.raises(Refused, match="taken in"):
        aside.discard(rooms, 1, reason="x", by="Bea Holt", now=office.now)


# What a mail sets off


def test_a_complaint_is_drafted_for_in_the_same_transaction(office: Office) -> None:
    read = office.arrive(mail())
    with office.app.database.reading() as rooms:
        (draft,) = rooms.drafts.where(case_id=read.case_id)
    assert (read.verdict, draft.mail_id) == (Verdict.COMPLAINT, read.id)
    assert draft.to == (read.sender,)


def test_danger_is_told_at_once_and_never_drafted_for(office: Office) -> None:
    read = office.arrive(mail(THREAT))
    with office.app.database.reading() as rooms:
        case = rooms.cases.get(read.case_id or 0)
        alerts = rooms.alerts.standing(kind=AlertKind.SAFETY)
        assert rooms.drafts.count() == 0
    assert case is not None
    assert case.state is CaseState.SAFETY
    assert [alert.told for alert in alerts] == [("Cal Reyes",)]


def test_a_machines_mail_is_kept_and_opens_nothing(office: Office) -> None:
    read = office.arrive(mail("I am away until Monday.", Auto_Submitted="auto-replied"))
    assert (read.author, read.route, read.case_id) == (Author.MACHINE, Route.NONE, None)


def test_our_own_address_gets_no_draft_however_it_complains(office: Office) -> None:
    read = office.arrive(mail(sender=BEA, to=SUPPORT))
    assert read.author is Author.INTERNAL
    with office.app.database.reading() as rooms:
        assert (rooms.cases.count(), rooms.drafts.count()) == (0, 0)


def test_more_mail_than_a_day_allows_goes_to_a_person(office: Office) -> None:
    routes = [office.arrive(mail(subject=f"Kettle {number}")).route for number in range(5)]
    assert routes == [Route.DRAFT] * 3 + [Route.PERSON] * 2


def test_the_accounting_balances(poisoned: Office) -> None:
    for raw in (
        mail(),
        mail(QUESTION, sender=DAN),
        mail(POISON),
        mail("Away.", Auto_Submitted="auto-replied"),
    ):
        poisoned.keep(raw)
    poisoned.work()
    with poisoned.app.database.reading() as rooms:
        states = {state: number for _, _, state, number in rooms.kept.tally()}
        read = sum(number for *_, number in rooms.mails.tally())
    assert states == {KeptState.TAKEN_IN: 3, KeptState.SET_ASIDE: 1}
    assert read == 3


# Copies


def test_a_copy_wakes_a_mail_that_was_history_in_another_mailbox(office: Office) -> None:
    raw = mail()
    history = office.arrive(raw, mailbox="archive", since=office.now + DAY)
    with office.app.database.reading() as rooms:
        assert (rooms.drafts.count(), history.is_history) == (0, True)
    office.arrive(raw)
    office.arrive(raw, mailbox="orders")
    with office.app.database.reading() as rooms:
        (case,) = rooms.cases.where()
        (draft,) = rooms.drafts.where(case_id=case.id)
        assert [read.id for read in rooms.mails.where(copy_of=None)] == [draft.mail_id]
        assert len(rooms.mails.where(case_id=case.id)) == 3
    assert (case.state, case.is_history) == (CaseState.AWAITING_US, False)
    assert case.next_at is not None


def test_a_copy_that_is_history_leaves_the_first_one_as_it_is(office: Office) -> None:
    raw = mail()
    office.arrive(raw)
    copy = office.arrive(raw, mailbox="archive", since=office.now + DAY)
    assert copy.copy_of is not None
    with office.app.database.reading() as rooms:
        assert (rooms.cases.count(), rooms.drafts.count()) == (1, 1)


def test_our_letter_that_was_history_is_contact_once_its_copy_wakes_it(office: Office) -> None:
    asked, told = mail(at=office.now), mail(NEWS_ONLY, sender=SUPPORT, to=ADA, subject="Re: My kettle")
    for raw in (asked, told):
        office.arrive(raw, mailbox="archive", folder="Sent", since=office.now + DAY)
    for raw in (asked, told):
        office.clock.forward(minutes=1)
        office.arrive(raw, folder="Sent")
    with office.app.database.reading() as rooms:
        (case,) = rooms.cases.where()
        assert rooms.contacts.count(case_id=case.id) == 1
