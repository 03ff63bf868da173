import pytest

from tests.cli.conftest import Workspace
from tests.people import ADA, BROKEN_PROMISE, DAN, Arrived, mail
from worker.services import intake
from worker.services.intake import Shelf

BEA = ("--as", "Bea Holt")


def set_one_aside(workspace: Workspace) -> None:
    with workspace.office() as office:
        shelf = Shelf(mailbox="support", folder="INBOX", uidvalidity=1)
        torn = Arrived(uid=4, raw=b"\x00\x01 this is no mail", internal_date=office.now, size=18)
        intake.keep(office.app.database, shelf, [torn], now=office.now)
        office.work()


# People


def test_everybody_is_listed_with_what_is_theirs(workspace: Workspace) -> None:
    with workspace.office() as office:
        office.arrive(mail())
    bea, cal = workspace.lines("people", "list")
    assert (bea["name"], bea["open_cases"], bea["open_promises"]) == ("Bea Holt", 1, 0)
    assert (cal["role"], cal["open_cases"]) == ("lead", 0)


def test_somebody_away_has_a_stand_in_until_they_are_back(workspace: Workspace) -> None:
    told = workspace.said("people", "away", "bea holt", "--until", "2099-01-02", "--to", "Cal Reyes")
    assert told == "Bea Holt is away until the end of Fri 02 Jan 2099; Cal Reyes is told instead.\n"
    assert workspace.lines("people", "list")[0]["stand_in"] == "Cal Reyes"
    assert workspace.said("people", "back", "Bea Holt") == "Bea Holt is back.\n"
    assert workspace.lines("people", "list")[0]["stand_in"] is None


@pytest.mark.parametrize(
    ("until", "code"), [("2001-01-01", 1), ("soon", 2), ("2099-01-02T12:00", 0), ("2099-01-02", 0)]
)
def test_the_day_of_return_is_checked(workspace: Workspace, until: str, code: int) -> None:
    assert workspace.run("people", "away", "Bea Holt", "--until", until, "--to", "Cal Reyes")[0] == code


# Customers


def test_a_customer_is_shown_by_number_and_by_address(workspace: Workspace) -> None:
    with workspace.office() as office:
        office.arrive(mail())
    assert workspace.line("customers", "show", ADA) == workspace.line("customers", "show", 1)
    assert "My kettle" in workspace.said("customers", "show", 1)


def test_two_addresses_become_one_customer(workspace: Workspace) -> None:
    with workspace.office() as office:
        office.arrive(mail())
        office.arrive(mail(sender=DAN))
    assert "Its case came along." in workspace.said("customers", "link", DAN, ADA, *BEA)
    line = workspace.line("customers", "show", ADA)
    assert line["addresses"] == [ADA, DAN]
    assert [case["id"] for case in line["cases"]] == [2, 1]


def test_a_vip_is_tagged_and_untagged(workspace: Workspace) -> None:
    with workspace.office() as office:
        office.arrive(mail())
    assert "Cal Reyes is told at once" in workspace.said("customers", "tag", ADA, "VIP")
    assert workspace.line("customers", "show", 1)["tags"] == ["vip"]
    workspace.said("customers", "tag", ADA, "vip", "--remove")
    assert workspace.line("customers", "show", 1)["tags"] == []


def test_an_unknown_customer_is_refused(workspace: Workspace) -> None:
    assert workspace.run("customers", "show", "nobody@example.org")[0] == 1


# Mails set aside


def test_a_mail_set_aside_is_listed_shown_and_tried_again(workspace: Workspace) -> None:
    set_one_aside(workspace)
    line = workspace.line("aside", "list")
    assert (line["uid"], line["state"], line["attempts"]) == (4, "set_aside", 3)
    told = workspace.said("aside", "show", line["id"])
    assert "this is no mail" in told
    assert "\x00" not in told
    workspace.said("aside", "retry", line["id"])
    assert workspace.said("aside", "list") == "No mail is set aside.\n"


def test_a_discarded_mail_stays_in_the_accounting(workspace: Workspace) -> None:
    set_one_aside(workspace)
    workspace.said("aside", "discard", 1, *BEA, "--reason", "a torn newsletter")
    line = workspace.line("aside", "list", "--discarded")
    assert (line["state"], line["reason"]) == ("discarded", "a torn newsletter")
    assert workspace.run("aside", "retry", 1)[0] == 1


def test_discarding_wants_a_reason(workspace: Workspace) -> None:
    set_one_aside(workspace)
    assert workspace.run("aside", "discard", 1, *BEA)[0] == 2


# Contact


def test_a_call_is_contact_and_a_voicemail_is_not(workspace: Workspace) -> None:
    with workspace.office() as office:
        office.arrive(mail(BROKEN_PROMISE))
    assert "not contact" in workspace.said("contact", "log", 1, "--call", "please ring", "--voicemail", *BEA)
    assert workspace.lines("contact", "list", 1) == []
    workspace.said("contact", "log", 1, "--call", "told her it left today", *BEA)
    line = workspace.line("contact", "list", 1)
    assert (line["how"], line["by"], line["note"]) == ("call", "Bea Holt", "told her it left today")
    assert workspace.line("cases", "list")["state"] == "awaiting_customer"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("--settles", "7"), 1),
        (("--settles", "all"), 2),
        (("--settles", "none"), 0),
        (("--at", "2099-01-01T10:00"), 1),
        (("--at", "2001-01-01T10:00"), 1),
        (("--at", "tomorrow"), 2),
    ],
)
def test_what_a_call_is_said_to_be_is_checked(
    workspace: Workspace, given: tuple[str, ...], code: int
) -> None:
    with workspace.office() as office:
        office.arrive(mail())
    assert workspace.run("contact", "log", 1, "--call", "told her", *BEA, *given)[0] == code
