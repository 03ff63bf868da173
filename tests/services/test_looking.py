"""What a look at the past finds, and that it keeps no bytes."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from tests.people import ADA, BEA, DAN, MONDAY, QUESTION, SUPPORT, THREAT, Arrived, Office, mail
from worker.services import looking
from worker.services.looking import Past, read_past, what_was_found

PROMISE = "Dear Ada,\n\nI will call you by Friday 27 November, 5 pm.\n\nBea"
NEWS = "Dear Ada,\n\nYour kettle was sent today and arrives tomorrow. It is done.\n\nBea"
FRIDAY = MONDAY + timedelta(days=4)
LATER = MONDAY + timedelta(days=30)


def at(day: float, text: str, **more: str) -> tuple[datetime, bytes]:
    """A mail so many days after Monday."""
    when = MONDAY + timedelta(days=day)
    return when, mail(text, at=when, **more)


def ask(day: float = 0, **more: str) -> tuple[datetime, bytes]:
    return at(
        day, "The kettle is broken again and I am very disappointed.", **({"message_id": "<q@x>"} | more)
    )


def answer(day: float, text: str, **more: str) -> tuple[datetime, bytes]:
    return at(day, text, **({"sender": SUPPORT, "to": ADA, "answers": "<q@x>"} | more))


def look(office: Office, *mails: tuple[datetime, bytes], now: datetime = LATER) -> Past:
    read(office, mails, now=now)
    with office.app.database.reading() as rooms:
        return what_was_found(rooms, now=now)


def read(office: Office, mails: Iterable[tuple[datetime, bytes]], *, now: datetime = LATER) -> None:
    arrived = [
        ("INBOX", Arrived(uid=uid, raw=raw, internal_date=when)) for uid, (when, raw) in enumerate(mails, 1)
    ]
    read_past(office.app.database, office.app.house, arrived, now=now)


def test_a_complaint_nobody_answered_is_shown_with_its_sentence(office: Office) -> None:
    past = look(
        office, at(0, "Good morning. The kettle is broken again and I am very disappointed. Thank you.")
    )
    (one,) = past.unanswered
    assert (one.customer, one.subject, one.complained_at) == ("Ada Lovell", "My kettle", MONDAY)
    assert one.words == "The kettle is broken again and I am very disappointed."


def test_a_sentence_of_the_text_is_shown_before_a_subject_that_says_it_too(office: Office) -> None:
    words = "I am very disappointed with the kettle."
    (one,) = look(office, at(0, words, subject="Very disappointed, a complaint")).unanswered
    assert one.words == words


def test_an_answered_one_is_not(office: Office) -> None:
    past = look(office, ask(), answer(1, "Dear Ada, a new one is on its way."))
    assert (past.complaints, past.unanswered) == (1, ())


def test_an_automatic_reply_is_no_answer(office: Office) -> None:
    past = look(office, ask(), answer(1, "We have got your mail.", Auto_Submitted="auto-replied"))
    assert len(past.unanswered) == 1


def test_a_promise_never_followed_by_a_contact(office: Office) -> None:
    past = look(office, ask(), answer(1, PROMISE))
    (one,) = past.never_followed
    assert one.words.strip() == "I will call you by Friday 27 November, 5 pm"
    assert one.due_at == FRIDAY.replace(hour=17)
    assert past.promises == 1


def test_a_promise_followed_in_time_is_kept(office: Office) -> None:
    assert len(look(office, ask(), answer(1, PROMISE), answer(2, NEWS)).kept) == 1


def test_one_followed_after_its_time_is_late(office: Office) -> None:
    past = look(office, ask(), answer(1, PROMISE), answer(8, NEWS))
    (one,) = past.late
    assert one.told_at == MONDAY + timedelta(days=8)


def test_one_not_due_yet_runs_and_one_without_a_time_is_vague(office: Office) -> None:
    past = look(
        office,
        ask(),
        answer(1, PROMISE),
        ask(1, sender=DAN, message_id="<other@x>", subject="My pot"),
        answer(1.1, "Dear Dan, I will look into it as soon as I can. Bea", to=DAN, answers="<other@x>"),
        now=MONDAY + timedelta(days=2),
    )
    assert (len(past.running), len(past.vague), len(past.never_followed)) == (1, 1, 0)


def test_the_counts_say_who_wrote(office: Office) -> None:
    past = look(
        office,
        ask(),
        at(0, QUESTION, sender=DAN),
        at(0, "Newsletter", sender="news@example.org", List_Id="<news.example.org>", Precedence="bulk"),
        answer(1, NEWS),
        at(1, "Lunch?", sender=BEA, to=SUPPORT),
        at(1, THREAT, sender="mallory@example.org"),
        (MONDAY, b"\x00\x01 no mail"),
    )
    assert (past.mails, past.from_people, past.from_machines, past.ours) == (7, 3, 1, 2)
    assert (past.unreadable, past.safety) == (1, 1)


def test_what_came_in_between_batches_is_found_as_well(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "BATCH", 2)
    past = look(office, ask(), answer(1, PROMISE), answer(2, "Thank you for waiting."), answer(8, NEWS))
    assert (past.mails, len(past.late), len(past.unanswered)) == (4, 1, 0)


def test_no_bytes_are_kept(office: Office) -> None:
    read(office, [ask(), answer(1, PROMISE)])
    with office.app.database.reading() as rooms:
        kept = rooms.kept.where()
        assert len(kept) == 2
        with pytest.raises(Exception, match="No row"):
            rooms.kept.raw(kept[0].sha256)


def test_nothing_leaves(office: Office) -> None:
    """A look at the past drafts nothing that could be sent: nobody approves anything."""
    read(office, [ask()])
    with office.app.database.reading() as rooms:
        assert rooms.deliveries.count() == 0
