"""What came and what is accounted for are always the same number."""

from datetime import timedelta

from tests.people import DAN, MONDAY, QUESTION, SUPPORT, THREAT, Office, mail
from worker.services import telling
from worker.services.accounts import Accounts, Place, account_for


def accounts(office: Office) -> Accounts:
    with office.app.database.reading() as rooms:
        return account_for(rooms)


def test_nothing_has_come_to_an_empty_workspace(office: Office) -> None:
    assert accounts(office) == Accounts(came=0, places=())


def test_every_kind_of_mail_has_its_place_and_the_counts_add_up(office: Office) -> None:
    office.keep(mail())
    office.keep(mail(QUESTION, subject="Filters"))
    office.keep(mail(THREAT, sender=DAN, subject="Last warning"))
    office.keep(mail("Thank you for your mail.", sender=DAN, Auto_Submitted="auto-replied"))
    office.keep(mail("Dear Ada, we will call you tomorrow.", sender=SUPPORT, to="ada@example.org"))
    office.keep(b"no mail at all")
    office.work()
    found = accounts(office)
    assert found.missing == 0
    assert dict(found.places) == {
        Place.COMPLAINT: 1,
        Place.SAFETY: 1,
        Place.NO_COMPLAINT: 1,
        Place.MACHINE: 1,
        Place.OURS: 1,
        Place.SET_ASIDE: 1,
    }


def test_a_mail_that_waits_is_accounted_for_before_it_is_read(office: Office) -> None:
    office.keep(mail())
    assert accounts(office).places == ((Place.WAITING, 1),)


def test_a_copy_and_an_old_mail_are_counted_once_each(office: Office) -> None:
    same = mail()
    office.arrive(same)
    office.arrive(same, mailbox="sales")
    office.arrive(mail(QUESTION, at=MONDAY - timedelta(days=400)), since=MONDAY + timedelta(days=1))
    found = accounts(office)
    assert (found.count(Place.COMPLAINT), found.count(Place.COPY), found.count(Place.HISTORY)) == (1, 1, 1)
    assert (found.came, found.missing) == (3, 0)


def test_the_lines_end_with_their_sum(office: Office) -> None:
    office.arrive(mail())
    lines = telling.where_mail_went(accounts(office))
    assert [int(line.split()[0]) for line in lines] == [1, 1]
    assert lines[-1].endswith("in all")


def test_a_mail_that_stands_nowhere_is_said_aloud() -> None:
    lost = Accounts(came=3, places=((Place.COMPLAINT, 2),))
    assert any("unaccounted for" in line for line in telling.where_mail_went(lost))


def test_a_promised_call_that_nobody_made_is_told_with_the_thanks_that_came_for_it(office: Office) -> None:
    asked = mail(message_id="<asked@example.org>")
    office.arrive(asked)
    answer = mail(
        "Dear Ada,\n\nI will call you by Tuesday 5 pm.\n\nBea",
        sender=SUPPORT,
        to="ada@example.org",
        subject="Re: My kettle",
        at=MONDAY + timedelta(hours=1),
        answers="<asked@example.org>",
        message_id="<answer@example.test>",
    )
    office.clock.forward(hours=2)
    office.arrive(answer)
    thanks = mail("Thanks, that is kind.", subject="Re: My kettle", answers="<answer@example.test>")
    office.arrive(thanks)
    office.clock.forward(days=3)
    with office.app.database.reading() as rooms:
        told = telling.overdue(rooms, office.app.house, now=office.now)
    (sentence,) = told
    assert sentence.startswith(
        "You promised Ada Lovell a call by Tuesday 5 pm; Ada wrote thanks; nobody called."
    )
    assert sentence.endswith("1 day 19 h late (case 1).")


def test_a_fake_apology_that_went_out_is_found_with_better_words(office: Office) -> None:
    office.arrive(mail(message_id="<asked@example.org>"))
    office.clock.forward(hours=2)
    fake = mail(
        "Dear Ada,\n\nWe are sorry if you feel let down.\n\nCal",
        sender=SUPPORT,
        to="ada@example.org",
        subject="Re: My kettle",
        at=MONDAY + timedelta(hours=1),
        answers="<asked@example.org>",
    )
    office.arrive(fake)
    with office.app.database.reading() as rooms:
        (found,) = telling.fake_apologies(rooms, office.app.house)
    assert "sorry if you feel" in found.finding.text
    assert found.finding.suggestion
