"""The sample mailbox tells the same story on whatever day it is told."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from worker.adapters.mime import read_mail
from worker.adapters.samples import SHOP_HOURS, SampleMail, sample_mails
from worker.errors import Broken

LONDON = ZoneInfo("Europe/London")
A_WEEK = [datetime(2026, 11, 16, 11, tzinfo=LONDON) + timedelta(days=n) for n in range(7)]
AROUND_CHRISTMAS = [datetime(2027, 12, 20, 9, 30, tzinfo=LONDON) + timedelta(days=n) for n in range(20)]
AROUND_EASTER = [datetime(2027, 3, 24, 23, 55, tzinfo=LONDON) + timedelta(days=n) for n in range(9)]
EDGES = [
    datetime(2026, 11, 17, 17, 1, tzinfo=LONDON),  # a Tuesday, one minute after the promised hour
    datetime(2026, 11, 17, 16, 59, tzinfo=LONDON),
    datetime(2026, 11, 16, 0, 1, tzinfo=LONDON),
    datetime(2026, 3, 31, 3, tzinfo=UTC),  # after the clocks went forward
]
ANY_DAY = pytest.mark.parametrize("now", A_WEEK + AROUND_CHRISTMAS + AROUND_EASTER + EDGES, ids=str)
NOW = A_WEEK[3]


def mail(now: datetime, name: str) -> SampleMail:
    return next(one for one in sample_mails(now) if one.name.startswith(name))


def next_weekday(sent: datetime, weekday: str, hour: int) -> datetime:
    """The promise as judgement.md reads it: that weekday strictly after the day of sending."""
    day = sent.date() + timedelta(days=1)
    while f"{day:%A}" != weekday:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)


def test_there_are_enough_mails_of_every_kind() -> None:
    expected = Counter(one.expect for one in sample_mails(NOW))
    assert sum(expected.values()) - expected["ours"] >= 64
    assert expected["ours"] >= 8
    assert expected["complaint"] >= 30
    assert expected["not_complaint"] >= 15
    assert expected["machine"] >= 7
    assert (expected["safety"], expected["unclassified"], expected["unreadable"]) == (2, 2, 1)


@ANY_DAY
def test_every_mail_came_before_now_and_has_no_blank_left(now: datetime) -> None:
    mails = sample_mails(now)
    assert all(one.arrived_at < now for one in mails)
    assert all(one.arrived_at <= other.arrived_at for one, other in pairwise(mails))
    assert not any(b"{{" in one.raw or b"}}" in one.raw for one in mails)


@ANY_DAY
def test_answers_come_after_what_they_answer(now: datetime) -> None:
    arrived: dict[str, datetime] = {}
    for one in sample_mails(now):
        message = message_from_bytes(one.raw)
        for reference in str(message.get("References", "")).split():
            assert arrived[reference] < one.arrived_at, f"{one.name} answers {reference} before it came"
        arrived[str(message["Message-ID"])] = one.arrived_at


@ANY_DAY
def test_the_call_promised_to_ada_is_overdue_and_nobody_wrote_since(now: datetime) -> None:
    promise, thanks = mail(now, "02-"), mail(now, "03-")
    due = next_weekday(promise.arrived_at, "Tuesday", 17)
    assert b"call you by Tuesday" in promise.raw
    assert promise.arrived_at < thanks.arrived_at < due < now
    assert now - due <= timedelta(days=7)
    later = [one for one in sample_mails(now) if one.folder == "Sent" and one.arrived_at > promise.arrived_at]
    assert not any(b"ada.lindqvist" in one.raw for one in later)


@ANY_DAY
def test_the_call_promised_to_hugh_is_not_yet_due_and_due_on_the_next_business_day(now: datetime) -> None:
    promise = mail(now, "14-")
    coming = SHOP_HOURS.next_business_day(SHOP_HOURS.local_date(now))
    assert f"call you on {coming:%A} by 4 pm" in promise.raw.decode()
    assert next_weekday(promise.arrived_at, f"{coming:%A}", 16).date() == coming


@ANY_DAY
def test_tomas_was_answered_in_time_and_ngozi_too_late(now: datetime) -> None:
    promised, kept = mail(now, "06-"), mail(now, "07-")
    day = promised.raw.split(b"by the end of ")[1].split(b" ")[0].decode()
    assert kept.arrived_at < next_weekday(promised.arrived_at, day, 17)
    promised, late = mail(now, "10-"), mail(now, "12-")
    day = promised.raw.split(b"write to you by ")[1].split(b" ")[0].decode()
    assert next_weekday(promised.arrived_at, day, 17) < late.arrived_at


def test_every_mail_but_one_can_be_read() -> None:
    for one in sample_mails(NOW):
        if one.expect == "unreadable":
            with pytest.raises(Broken):
                read_mail(one.raw)
        else:
            read = read_mail(one.raw)
            assert read.text.strip(), one.name
            assert read.sent_at == one.arrived_at, one.name


def test_odd_charsets_come_out_as_they_were_written() -> None:
    assert "ärgerlich, für 89 €" in read_mail(mail(NOW, "47-").raw).text
    japanese = read_mail(mail(NOW, "50-").raw)
    assert (japanese.subject, "鉄瓶を買いました" in japanese.text) == ("鉄瓶について", True)
    assert "Zsófia" in read_mail(mail(NOW, "51-").raw).text
    assert "“Åse”" in read_mail(mail(NOW, "64-").raw).subject


def test_only_domains_kept_for_examples_appear() -> None:
    for one in sample_mails(NOW):
        for address in read_mail(one.raw).to if one.expect != "unreadable" else ():
            assert address.address.endswith((".example", "example.org", "example.test")), one.name


def test_our_address_can_be_another() -> None:
    sent = [one for one in sample_mails(NOW, own_address="help@desk.example.org") if one.folder == "Sent"]
    assert all(b"help@desk.example.org" in one.raw and b"support@" not in one.raw for one in sent)


def test_dates_in_headers_are_the_arrivals() -> None:
    dated = [one for one in sample_mails(NOW) if one.expect != "unreadable"]
    assert all(parsedate_to_datetime(message_from_bytes(one.raw)["Date"]) == one.arrived_at for one in dated)
