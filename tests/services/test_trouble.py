"""A mailbox that is lost is told once, and told again when it is well."""

from datetime import timedelta

import pytest

from tests.people import MONDAY, Office
from worker.domain.alert import Alert, AlertKind
from worker.services import watching
from worker.services.trouble import mailbox_lost, mailbox_well


def lose(
    office: Office, mailbox: str = "support", kind: AlertKind = AlertKind.SILENT, said: str = "It was cut."
) -> None:
    since = office.now - timedelta(minutes=20)
    mailbox_lost(office.app.database, office.app.house, mailbox, kind, said, since=since, now=office.now)


def recover(office: Office, mailbox: str = "support") -> None:
    mailbox_well(office.app.database, office.app.house, mailbox, now=office.now)


def standing(office: Office) -> list[Alert]:
    with office.app.database.reading() as rooms:
        return rooms.alerts.standing()


def titles(office: Office) -> list[tuple[str, str]]:
    with office.app.database.reading() as rooms:
        return [(notice.person, notice.title.partition(":")[0]) for notice in rooms.notices.where()]


def test_the_lead_is_told_since_when_and_why(office: Office) -> None:
    lose(office)
    (alert,) = standing(office)
    assert alert.told == ("Cal Reyes",)
    assert alert.subject == "Mailbox support has not been read since 2026-11-23 09:40 UTC: It was cut."


def test_the_same_trouble_is_alerted_once(office: Office) -> None:
    lose(office)
    office.clock.forward(minutes=5)
    lose(office, said="It was cut again.")
    assert len(standing(office)) == 1
    assert len(titles(office)) == 1


def test_unanswered_it_is_told_again_at_any_hour(office: Office) -> None:
    office.clock.at = MONDAY + timedelta(hours=14)  # midnight
    lose(office)
    office.clock.forward(minutes=11)
    watching.sweep(office.app.database, office.app.house, now=office.now)
    assert len(titles(office)) >= 2


def test_it_is_told_again_when_it_is_well(office: Office) -> None:
    lose(office)
    recover(office)
    assert standing(office) == []
    assert titles(office)[-1] == ("Cal Reyes", "All is well again")
    recover(office)
    assert len(titles(office)) == 2


def test_well_without_a_loss_tells_nobody(office: Office) -> None:
    recover(office)
    assert titles(office) == []


@pytest.mark.parametrize(("first", "second"), [("support", "support two"), ("support two", "support")])
def test_a_mailbox_whose_name_begins_alike_is_another(office: Office, first: str, second: str) -> None:
    lose(office, first)
    lose(office, second)
    assert len(standing(office)) == 2
    recover(office, first)
    (left,) = standing(office)
    assert left.subject.startswith(f"Mailbox {second} has")


def test_a_refused_sign_in_is_told_though_the_silence_was(office: Office) -> None:
    lose(office)
    lose(office, kind=AlertKind.SIGN_IN)
    assert {alert.kind for alert in standing(office)} == {AlertKind.SILENT, AlertKind.SIGN_IN}
    recover(office)
    assert standing(office) == []
    assert len([title for title in titles(office) if title[1] == "All is well again"]) == 1


def test_a_refused_sign_in_explains_the_silence(office: Office) -> None:
    lose(office, kind=AlertKind.SIGN_IN)
    lose(office)
    assert [alert.kind for alert in standing(office)] == [AlertKind.SIGN_IN]


def test_lost_again_after_it_was_well_is_told_again(office: Office) -> None:
    lose(office)
    recover(office)
    lose(office)
    assert len(standing(office)) == 1
