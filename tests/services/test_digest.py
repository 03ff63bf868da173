"""One message a business day to each owner: what is owed, the longest delay first."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.doings import FRIDAY_FIVE, case_of, complain, promise
from tests.people import Office, mail
from worker.domain.alert import Notice
from worker.domain.case import Case
from worker.domain.post import Absence
from worker.services import digest

THURSDAY_MORNING = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)


@pytest.fixture
def case(office: Office) -> Case:
    return case_of(office, complain(office, mail()))


def digests(office: Office, at: datetime) -> list[Notice]:
    digest.write_if_due(office.app.database, office.app.house, now=at)
    with office.app.database.reading() as rooms:
        return [notice for notice in rooms.notices.where() if notice.stable_id.startswith("amends-digest")]


def test_the_longest_delay_stands_first_and_what_has_no_date_has_its_place(
    office: Office, case: Case
) -> None:
    promise(office, case, words="later", due_at=FRIDAY_FIVE)
    promise(office, case, words="long overdue", due_at=office.now + timedelta(hours=1))
    promise(office, case, words="no date given", due_at=None)  # looked at again on Wednesday
    promise(office, case, words="overdue", due_at=office.now + timedelta(days=1))
    (written,) = digests(office, THURSDAY_MORNING)
    told = [line.partition("“")[2].partition("”")[0] for line in written.body.splitlines()]
    assert told == ["long overdue", "overdue", "no date given", "later"]
    assert written.title == "Owed today: 4, overdue 2"


def test_it_comes_once_a_day_and_not_before_its_hour(office: Office, case: Case) -> None:
    promise(office, case)
    assert digests(office, THURSDAY_MORNING - timedelta(minutes=1)) == []
    assert len(digests(office, THURSDAY_MORNING)) == 1
    assert len(digests(office, THURSDAY_MORNING + timedelta(hours=3))) == 1
    assert len(digests(office, THURSDAY_MORNING + timedelta(days=1))) == 2


def test_it_does_not_come_on_a_closed_day(office: Office, case: Case) -> None:
    promise(office, case)
    assert digests(office, datetime(2026, 11, 28, 9, 0, tzinfo=UTC)) == []
    assert digests(office, datetime(2026, 12, 25, 9, 0, tzinfo=UTC)) == []


def test_every_owner_gets_their_own_and_a_stand_in_that_of_who_is_away(office: Office, case: Case) -> None:
    promise(office, case)
    promise(office, case, owner="Cal Reyes")
    assert {one.person for one in digests(office, THURSDAY_MORNING)} == {"Bea Holt", "Cal Reyes"}
    with office.app.database.writing() as rooms:
        rooms.absences.add(
            Absence(person="Bea Holt", until=THURSDAY_MORNING + timedelta(days=9), stand_in="Cal Reyes")
        )
    (second,) = digests(office, THURSDAY_MORNING + timedelta(days=1))[2:]
    assert (second.person, second.title) == ("Cal Reyes", "Owed today: 2, overdue 0")


def test_nobody_who_owes_nothing_is_written_to(office: Office) -> None:
    assert digests(office, THURSDAY_MORNING) == []
