"""Who writes in our name without being us stops no clock."""

from typing import Any

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
    write,
)
from tests.people import ADA, BEA, BROKEN_PROMISE, SUPPORT, Office, mail
from worker.domain.alert import AlertKind
from worker.domain.case import Case, CaseState
from worker.domain.delivery import DeliveryState
from worker.domain.draft import Draft, DraftState
from worker.domain.post import Author, ReadMail
from worker.domain.promise import PromiseState

ELSEWHERE: dict[str, Any] = {"Return_Path": "<x@mailer.example.org>"}
SPF: dict[str, Any] = {"Authentication_Results": "mx.example.test; spf=fail smtp.mailfrom=x.example.org"}
DMARC: dict[str, Any] = {
    "Authentication_Results": "mx.example.test; dkim=none; dmarc=fail header.from=example.test"
}
DKIM: dict[str, Any] = {"Authentication_Results": "mx.example.test; dkim=fail header.d=example.test"}
FORGED = pytest.mark.parametrize("signs", [ELSEWHERE, SPF, DMARC, DKIM])


@pytest.fixture
def draft(office: Office) -> Draft:
    return complain(office, mail())


def in_our_name(office: Office, text: str = NEWS_ONLY, *, folder: str = "INBOX", **headers: str) -> ReadMail:
    """A mail to the customer with our address as its From."""
    office.clock.forward(hours=1)
    raw = mail(text, sender=SUPPORT, to=ADA, subject="Re: My kettle", at=office.now, **headers)
    return office.arrive(raw, folder=folder)


def contacts(office: Office) -> int:
    with office.app.database.reading() as rooms:
        return rooms.contacts.count()


def held(office: Office) -> Case:
    """The one case beside the customer's."""
    with office.app.database.reading() as rooms:
        return rooms.cases.where(newest_first=True)[0]


@FORGED
def test_a_mail_that_looks_forged_is_no_contact_and_waits_for_a_person(
    office: Office, draft: Draft, signs: dict[str, Any]
) -> None:
    before = case_of(office, draft)
    read = in_our_name(office, **signs)
    case = held(office)
    assert (contacts(office), case_of(office, draft)) == (0, before)
    assert (case.id, case.claims_case_id) == (read.case_id, before.id)
    assert case.next_at is not None
    with office.app.database.reading() as rooms:
        (alert,) = rooms.alerts.standing(kind=AlertKind.LOOK)
        kept = rooms.drafts.get(draft.id)
    assert alert.subject.startswith("A mail says it is from us and looks forged")
    assert alert.told == ("Bea Holt",)
    assert kept is not None
    assert kept.state is DraftState.OPEN


def test_it_makes_and_settles_no_promise(office: Office, draft: Draft) -> None:
    owed = promise(office, case_of(office, draft))
    office.clock.at = FRIDAY_FIVE
    in_our_name(office, CALL_BY_FRIDAY, **SPF)
    assert look_up(office, owed).state is PromiseState.OPEN
    with office.app.database.reading() as rooms:
        assert rooms.promises.count() == 1


def test_it_takes_back_no_approved_letter(office: Office, draft: Draft) -> None:
    approve(office, write(office, draft))
    in_our_name(office, **ELSEWHERE)
    assert newest_letter(office).state is DeliveryState.APPROVED


@FORGED
def test_in_sent_the_same_mail_is_ours(office: Office, draft: Draft, signs: dict[str, Any]) -> None:
    in_our_name(office, folder="Sent", **signs)
    assert contacts(office) == 1
    assert case_of(office, draft).state is CaseState.AWAITING_CUSTOMER


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Return_Path": f"<{BEA}>"},
        {"Return_Path": "<bounces+7@mail.example.test>"},
        {"Authentication_Results": "mx.example.test; spf=pass; dkim=pass; dmarc=pass"},
        {"Authentication_Results": "mx.example.test; spf=softfail; dkim=none"},
        {
            "Return_Path": "<bounces@ticket.example.org>",
            "Authentication_Results": "mx.example.test; spf=fail; dkim=pass; dmarc=pass",
        },
    ],
)
def test_a_mail_of_ours_without_signs_counts_in_any_folder(
    office: Office, draft: Draft, headers: dict[str, Any]
) -> None:
    in_our_name(office, **headers)
    assert contacts(office) == 1


def test_talk_among_us_is_nobodys_question(office: Office) -> None:
    read = office.arrive(mail("Lunch?", sender=BEA, to=SUPPORT, **ELSEWHERE))
    with office.app.database.reading() as rooms:
        assert (read.author, rooms.cases.count()) == (Author.INTERNAL, 0)


def test_a_forged_forward_is_drafted_for_nobody(office: Office) -> None:
    forward = f"---------- Forwarded message ---------\nFrom: Ada Lovell <{ADA}>\nTo: {SUPPORT}\nSubject: My kettle\n\n{BROKEN_PROMISE}"
    office.arrive(mail(forward, sender=BEA, to=SUPPORT, subject="Fwd: My kettle", **DMARC))
    with office.app.database.reading() as rooms:
        assert (rooms.cases.count(), rooms.drafts.count()) == (1, 0)


def test_a_mail_held_in_the_inbox_counts_once_it_is_seen_in_sent(office: Office, draft: Draft) -> None:
    office.clock.forward(hours=1)
    asked = mail(NEWS_ONLY, sender=SUPPORT, to=ADA, subject="Re: My kettle", at=office.now)
    office.arrive(b"Return-Path: <x@mailer.example.org>\n" + asked)
    assert contacts(office) == 0
    office.arrive(asked, folder="Sent")
    assert (contacts(office), held(office).state) == (1, CaseState.CLOSED)
    with office.app.database.reading() as rooms:
        assert rooms.alerts.standing(kind=AlertKind.LOOK) == []
