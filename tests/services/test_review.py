"""One exact revision is approved by a named person; whatever stands in the way is told at once, all of it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.doings import (
    CALL_BY_FRIDAY,
    FRIDAY_FIVE,
    NEWS_ONLY,
    approve,
    case_of,
    complain,
    promise,
    reach,
    write,
)
from tests.people import ADA, CAL, DAN, QUESTION, THREAT, Office, mail
from worker.domain.delivery import DeliveryState
from worker.domain.draft import Draft, DraftState, PromiseAnswer
from worker.domain.letter import LetterStage
from worker.domain.promise import PromiseState
from worker.errors import Refused
from worker.services import cancelling, drafting, review
from worker.services.obstacles import Decisions
from worker.services.review import NotYet, Seen


@pytest.fixture
def draft(office: Office) -> Draft:
    """A draft that promises a call by Friday."""
    made = complain(office, mail())
    office.clock.forward(minutes=1)
    return write(office, made)


def kinds(refused: pytest.ExceptionInfo[NotYet]) -> list[str]:
    return [one.kind for one in refused.value.obstacles]


def said(draft: Draft, **more: object) -> Decisions:
    facts: dict[str, object] = {"revision": draft.revision, "by": "Bea Holt"} | more
    return Decisions(**facts)  # type: ignore[arg-type]  # names of Decisions' own fields


def try_approval(office: Office, draft: Draft, decisions: Decisions) -> pytest.ExceptionInfo[NotYet]:
    with pytest.raises(NotYet) as refused, office.app.database.writing() as rooms:
        review.approve(rooms, office.app.house, draft.id, decisions, now=office.now)
    return refused


def edit(office: Office, draft: Draft, **change: object) -> Draft:
    with office.app.database.writing() as rooms:
        return review.edit(rooms, draft.id, by="Bea Holt", now=office.now, **change)  # type: ignore[arg-type]  # edit's own


def draft_now(office: Office, draft: Draft) -> Draft:
    with office.app.database.reading() as rooms:
        return review.get_draft(rooms, draft.id)


def test_an_approval_freezes_the_bytes_and_keeps_who_said_yes_to_what(office: Office, draft: Draft) -> None:
    letter = approve(office, draft)
    with office.app.database.reading() as rooms:
        (approval,) = rooms.approvals.where()
        (made,) = rooms.promises.where()
    assert (approval.by, approval.revision) == ("Bea Holt", draft.revision)
    assert (made.due_at, made.delivery_id, made.words) == (
        FRIDAY_FIVE,
        letter.id,
        "I will call you by Friday 27 November, 5 pm",
    )
    assert letter.state is DeliveryState.APPROVED
    assert b"call you by Friday 27 November" in letter.raw
    assert draft.footer.encode() in letter.raw


def test_the_letter_threads_to_the_mail_it_answers(office: Office) -> None:
    raw = mail(message_id="<ada-1@example.org>")
    letter = approve(office, write(office, complain(office, raw)))
    assert b"In-Reply-To: <ada-1@example.org>" in letter.raw
    assert b"References: <ada-1@example.org>" in letter.raw


def test_everything_in_the_way_is_told_at_once(office: Office, draft: Draft) -> None:
    again = write(office, draft, f"I am sorry if you feel upset.\n\n[[what we do]]\n\n{CALL_BY_FRIDAY}")
    refused = try_approval(office, again, said(again, revision="another"))
    assert {"revision", "blank", "wording", "promise"} <= set(kinds(refused))
    assert draft_now(office, draft).state is DraftState.OPEN


@pytest.mark.parametrize(
    "change",
    [{"subject": "Another"}, {"text": NEWS_ONLY}, {"to": ("x@example.org",)}, {"cc": ("x@example.org",)}],
)
def test_any_change_makes_another_revision(office: Office, draft: Draft, change: dict[str, object]) -> None:
    with office.app.database.writing() as rooms:
        review.edit(rooms, draft.id, by="Bea Holt", now=office.now, **change)  # type: ignore[arg-type]  # edit's own
    refused = try_approval(office, draft, said(draft, promises={1: PromiseAnswer.OK}))
    assert "revision" in kinds(refused)


def test_an_edit_voids_the_approval_its_letter_and_its_promises(office: Office, draft: Draft) -> None:
    letter = approve(office, draft)
    write(office, draft, NEWS_ONLY)
    with office.app.database.reading() as rooms:
        after = rooms.deliveries.get(letter.id)
        (approval,) = rooms.approvals.where()
        (made,) = rooms.promises.where()
    assert after is not None
    assert after.state is DeliveryState.CANCELLED
    assert approval.void_at is not None
    assert made.state is PromiseState.VOID
    assert draft_now(office, draft).state is DraftState.OPEN


def test_a_newer_mail_of_the_customer_stands_in_the_way(office: Office, draft: Draft) -> None:
    office.clock.forward(minutes=5)
    office.arrive(mail("And now the lid is broken as well.", at=office.now))
    refused = try_approval(office, draft, said(draft, promises={1: PromiseAnswer.OK}))
    assert kinds(refused) == ["newer_mail"]


def test_an_edit_after_reading_the_newer_mail_clears_the_way(office: Office, draft: Draft) -> None:
    office.clock.forward(minutes=5)
    newer = office.arrive(mail("And now the lid is broken as well.", at=office.now))
    edited = edit(office, draft, text=CALL_BY_FRIDAY, seen=Seen(mail_id=newer.id))
    assert edited.mail_id == newer.id
    assert approve(office, edited).state is DeliveryState.APPROVED


def test_an_edit_by_somebody_who_has_not_read_the_newer_mail_leaves_it_in_the_way(
    office: Office, draft: Draft
) -> None:
    office.clock.forward(minutes=5)
    newer = office.arrive(mail("And now the lid is broken as well.", at=office.now))
    office.clock.forward(minutes=5)
    newest = office.arrive(mail("STOP. Do not write to me again.", at=office.now))
    unread = write(office, draft)
    assert kinds(try_approval(office, unread, said(unread, promises={1: PromiseAnswer.OK}))) == ["newer_mail"]
    half = edit(office, draft, seen=Seen(mail_id=newer.id))
    refused = try_approval(office, half, said(half, promises={1: PromiseAnswer.OK}))
    assert [one.number for one in refused.value.obstacles] == [newest.id]
    assert (
        edit(office, edit(office, draft, seen=Seen(mail_id=newest.id)), seen=Seen(mail_id=newer.id)).mail_id
        == newest.id
    )


def test_only_a_mail_of_this_customer_in_this_case_can_have_been_seen(office: Office, draft: Draft) -> None:
    other = office.arrive(mail(sender=DAN))
    for nobodys in (other.id, 99):
        with pytest.raises(Refused, match="holds no mail"):
            edit(office, draft, seen=Seen(mail_id=nobodys))


def test_our_sides_answer_from_elsewhere_stands_in_the_way(office: Office, draft: Draft) -> None:
    office.clock.forward(minutes=5)
    reach(office, case_of(office, draft))
    refused = try_approval(office, draft, said(draft, promises={1: PromiseAnswer.OK}))
    assert kinds(refused) == ["state"]
    assert draft_now(office, draft).state is DraftState.RETIRED


def test_a_safety_case_gets_no_letter(office: Office, draft: Draft) -> None:
    office.clock.forward(minutes=5)
    office.arrive(mail(THREAT, at=office.now))
    with office.app.database.writing() as rooms:
        case = rooms.cases.get(draft.case_id)
        assert case is not None
        with pytest.raises(Refused, match="no draft until a person lifts it"):
            drafting.new_draft(rooms, office.app.house, case, stage=LetterStage.INTERIM, now=office.now)
    assert set(kinds(try_approval(office, draft, said(draft)))) <= {
        "safety",
        "state",
        "promise",
        "newer_mail",
    }


def test_a_promise_without_a_time_is_asked_for_one(office: Office, draft: Draft) -> None:
    vague = write(office, draft, NEWS_ONLY.replace("Bea Holt", "We will be in touch shortly.\n\nBea Holt"))
    assert kinds(try_approval(office, vague, said(vague))) == ["promise"]
    approve(office, vague, promises={1: datetime(2026, 11, 25, 17, 0, tzinfo=UTC)})
    with office.app.database.reading() as rooms:
        (made,) = rooms.promises.where()
    assert made.due_at == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)


def test_a_vague_promise_may_be_left_vague_and_is_looked_at_again(office: Office, draft: Draft) -> None:
    vague = write(office, draft, NEWS_ONLY.replace("Bea Holt", "We will be in touch shortly.\n\nBea Holt"))
    approve(office, vague, promises={1: PromiseAnswer.OK})
    with office.app.database.reading() as rooms:
        (made,) = rooms.promises.where()
    assert (made.due_at, made.look_again_at) == (None, datetime(2026, 11, 25, 17, 0, tzinfo=UTC))


def test_what_the_agent_says_is_no_promise_is_none(office: Office, draft: Draft) -> None:
    approve(office, draft, promises={1: PromiseAnswer.NOT_A_PROMISE})
    with office.app.database.reading() as rooms:
        assert rooms.promises.where() == []


def test_a_due_time_that_will_have_passed_when_the_letter_leaves_is_refused(
    office: Office, draft: Draft
) -> None:
    decisions = said(draft, promises={1: FRIDAY_FIVE}, leave_at=FRIDAY_FIVE + timedelta(days=1))
    assert "promise" in kinds(try_approval(office, draft, decisions))


def test_a_promise_number_that_the_text_does_not_have_is_named(office: Office, draft: Draft) -> None:
    decisions = said(draft, promises={1: PromiseAnswer.OK, 7: PromiseAnswer.OK})
    (obstacle,) = try_approval(office, draft, decisions).value.obstacles
    assert obstacle.number == 7


def test_open_promises_of_the_case_must_be_spoken_about(office: Office, draft: Draft) -> None:
    owed = promise(office, case_of(office, draft), words="I will send a voucher")
    ok = {1: PromiseAnswer.OK}
    assert kinds(try_approval(office, draft, said(draft, promises=ok))) == ["settles"]
    assert kinds(try_approval(office, draft, said(draft, promises=ok, settles=(99,)))) == ["settles"]
    assert approve(office, draft, settles=(owed.id,)).state is DeliveryState.APPROVED


def test_a_blocking_finding_needs_a_reason(office: Office, draft: Draft) -> None:
    fake = write(office, draft, "Dear Ada,\n\nI am sorry if you feel that way.\n\nBea Holt")
    refused = try_approval(office, fake, said(fake))
    findings = {one.finding for one in refused.value.obstacles}
    assert all(one.can_override for one in refused.value.obstacles)
    assert kinds(try_approval(office, fake, said(fake, overrides=dict.fromkeys(findings, " "))))
    with office.app.database.writing() as rooms:
        decisions = said(fake, overrides=dict.fromkeys(findings, "her own words, quoted"))
        assert review.approve(rooms, office.app.house, fake.id, decisions, now=office.now)


def test_a_letter_that_only_answers_a_question_may_begin_with_one(office: Office) -> None:
    """Some kinds of finding hurt in answer to a complaint only."""
    read = office.arrive(mail(QUESTION))
    with office.app.database.writing() as rooms:
        case = rooms.cases.get(read.case_id or 0)
        assert case is not None
        draft = drafting.new_draft(
            rooms, office.app.house, case, stage=LetterStage.ACKNOWLEDGED, now=office.now
        )
        text = "Dear Ada,\n\nWhich kettle do you have, the one with the blue lid?\n\nBea Holt"
        review.edit(rooms, draft.id, by="Bea Holt", now=office.now, text=text)
        found = review.read_draft(rooms, office.app.house, draft.id, now=office.now).findings
    assert not [one for one in found if one.kind == "question-before-acknowledgement"]


def test_a_draft_is_approved_once(office: Office, draft: Draft) -> None:
    approve(office, draft)
    refused = try_approval(office, draft, said(draft, promises={1: PromiseAnswer.OK}, settles=()))
    assert kinds(refused) == ["state"]


def test_nobody_to_send_to_stands_in_the_way(office: Office, draft: Draft) -> None:
    nobody = write(office, draft, to=())
    assert "recipient" in kinds(try_approval(office, nobody, said(nobody)))


FORWARDED = """Can you answer this one?

---------- Forwarded message ---------
From: Ada Lovell <ada@example.org>
Subject: Kettle

My kettle was promised for last Tuesday and it still has not arrived. I am very disappointed."""


def test_the_answer_to_a_mail_one_of_us_passed_on_needs_its_recipient_confirmed(office: Office) -> None:
    passed_on = complain(office, mail(FORWARDED, sender=CAL, subject="Fwd: Kettle"))
    passed_on = write(office, passed_on, NEWS_ONLY)
    assert passed_on.to == (ADA,)
    (obstacle,) = try_approval(office, passed_on, said(passed_on)).value.obstacles
    assert (obstacle.kind, obstacle.text) == ("forwarded_to", ADA)
    assert f"{CAL} passed this mail on" in obstacle.say
    another = said(passed_on, to_confirmed=(DAN,))
    assert kinds(try_approval(office, passed_on, another)) == ["forwarded_to"]
    with office.app.database.writing() as rooms:
        confirmed = said(passed_on, to_confirmed=(ADA.upper(),))
        letter = review.approve(rooms, office.app.house, passed_on.id, confirmed, now=office.now)
    assert letter.recipients == (ADA,)


def test_a_case_that_lived_by_a_promise_now_void_has_a_date_still(office: Office, draft: Draft) -> None:
    reach(office, case_of(office, draft), at=office.now)
    with office.app.database.writing() as rooms:
        case = rooms.cases.get(draft.case_id)
        assert case is not None
        again = drafting.new_draft(rooms, office.app.house, case, stage=LetterStage.INTERIM, now=office.now)
    office.clock.forward(minutes=1)
    approve(office, write(office, again))
    with office.app.database.writing() as rooms:
        assert getattr(rooms.cases.get(draft.case_id), "next_at", None) is None
        cancelling.void_approvals(rooms, draft.case_id, reason="for a test", now=office.now)
        after = rooms.cases.get(draft.case_id)
    assert after is not None
    assert after.next_at == FRIDAY_FIVE
