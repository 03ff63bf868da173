"""What falls due is told at the right hour to the right people, again and higher, until it is no longer open."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.doings import FRIDAY_FIVE, case_of, complain, promise, reach
from tests.fakes import FakeChannel
from tests.people import THREAT, Office, mail
from worker.domain.alert import Alert, AlertKind, AlertState, Notice
from worker.domain.case import Case, NextKind
from worker.domain.post import Absence
from worker.domain.promise import Promise, PromiseState
from worker.ports import Channel
from worker.services import promising, watching
from worker.services.contact import Reached

HOUR = timedelta(hours=1)
SUNDAY_NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)  # Friday, two in the morning


@pytest.fixture
def case(office: Office) -> Case:
    """Ada's case, in which she has been answered, so that only its promises are due."""
    found = case_of(office, complain(office, mail()))
    reach(office, found)
    office.clock.forward(minutes=1)
    return found


def sweep(office: Office, at: datetime) -> list[Notice]:
    """What is told at this instant."""
    office.clock.at = at
    with office.app.database.reading() as rooms:
        before = len(rooms.notices.where())
    watching.sweep(office.app.database, office.app.house, now=at)
    with office.app.database.reading() as rooms:
        return rooms.notices.where()[before:]


def alerts(office: Office, kind: AlertKind) -> list[Alert]:
    with office.app.database.reading() as rooms:
        return rooms.alerts.where(kind=kind)


def told(notices: Sequence[Notice]) -> list[str]:
    return [notice.person for notice in notices]


def test_nothing_is_told_before_its_time(office: Office, case: Case) -> None:
    promise(office, case)
    assert sweep(office, FRIDAY_FIVE - timedelta(hours=4, seconds=1)) == []


def test_a_promise_is_warned_of_four_business_hours_before(office: Office, case: Case) -> None:
    promise(office, case)
    (warning,) = sweep(office, FRIDAY_FIVE - timedelta(hours=4))
    assert (warning.person, warning.colour) == ("Bea Holt", "warning")
    assert "Ada Lovell" in warning.title


def test_a_morning_promise_is_warned_of_the_afternoon_before(office: Office, case: Case) -> None:
    promise(office, case, due_at=datetime(2026, 11, 26, 10, 0, tzinfo=UTC))
    assert sweep(office, datetime(2026, 11, 25, 13, 59, tzinfo=UTC)) == []
    assert len(sweep(office, datetime(2026, 11, 25, 14, 0, tzinfo=UTC))) == 1


def test_what_falls_due_on_a_closed_day_warns_the_business_day_before(office: Office, case: Case) -> None:
    promise(office, case, due_at=SUNDAY_NOON)
    assert len(sweep(office, datetime(2026, 11, 27, 13, 0, tzinfo=UTC))) == 1


def test_overdue_is_told_at_once_even_at_night(office: Office, case: Case) -> None:
    promise(office, case, due_at=NIGHT)
    sweep(office, NIGHT - timedelta(hours=10))
    (notice,) = sweep(office, NIGHT + timedelta(seconds=1))
    assert (notice.person, notice.colour) == ("Bea Holt", "failure")
    assert notice.title.startswith("Overdue")


def test_an_overdue_alert_brings_words_customer_lateness_and_the_answer(office: Office, case: Case) -> None:
    made = promise(office, case)
    (notice,) = sweep(office, FRIDAY_FIVE + timedelta(minutes=5))
    assert "Ada Lovell was promised: “I will call you by Friday 27 November, 5 pm.”" in notice.body
    assert "5 min late" in notice.body
    assert f"amends promises move {made.id} --to DATE --as YOU" in notice.body
    assert "ada@" not in notice.title + notice.body


def test_the_warning_ends_when_the_promise_is_overdue(office: Office, case: Case) -> None:
    promise(office, case)
    sweep(office, FRIDAY_FIVE - timedelta(hours=1))
    sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    assert [one.state for one in alerts(office, AlertKind.DUE_SOON)] == [AlertState.ENDED]


def test_the_same_thing_is_alerted_once_however_often_is_looked(office: Office, case: Case) -> None:
    promise(office, case)
    at = FRIDAY_FIVE + timedelta(minutes=1)
    assert len(sweep(office, at)) == 1
    assert sweep(office, at + timedelta(seconds=30)) == []


def test_it_repeats_on_business_time_and_rises_to_the_lead(office: Office, case: Case) -> None:
    promise(office, case)
    sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    assert sweep(office, datetime(2026, 11, 30, 10, 59, tzinfo=UTC)) == []
    assert told(sweep(office, datetime(2026, 11, 30, 11, 0, tzinfo=UTC))) == ["Bea Holt", "Cal Reyes"]


def test_repeats_come_in_one_message_for_each_person_the_longest_overdue_first(
    office: Office, case: Case
) -> None:
    promise(office, case, words="I will send a voucher", due_at=FRIDAY_FIVE)
    promise(office, case, words="I will ring you", due_at=FRIDAY_FIVE - timedelta(hours=2))
    sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    bea, cal = sweep(office, datetime(2026, 11, 30, 11, 0, tzinfo=UTC))
    assert (bea.title, bea.body) == (cal.title, cal.body)
    assert bea.title == "Still waiting for you: 2 things"
    assert bea.body.index("ring you") < bea.body.index("voucher")


def test_it_goes_on_every_business_day_for_ever(office: Office, case: Case) -> None:
    promise(office, case)
    sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    days = [datetime(2026, 11, 30, 17, 0, tzinfo=UTC) + timedelta(days=n) for n in range(1, 12)]
    rung = [day for day in days if sweep(office, day)]
    assert len(rung) >= 8
    assert all(day.weekday() < 5 for day in rung)


def test_a_contact_that_settles_ends_the_alert(office: Office, case: Case) -> None:
    promise(office, case)
    sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    office.clock.forward(minutes=5)
    reach(office, case)
    assert [one.state for one in alerts(office, AlertKind.OVERDUE)] == [AlertState.ENDED]


def test_marking_the_work_done_does_not_end_the_alert(office: Office, case: Case) -> None:
    made = promise(office, case)
    sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    with office.app.database.writing() as rooms:
        promising.mark_done(rooms, made.id, by="Bea Holt", now=office.now)
    assert told(sweep(office, datetime(2026, 11, 30, 11, 0, tzinfo=UTC))) == ["Bea Holt", "Cal Reyes"]


def test_an_interim_contact_does_not_end_the_overdue_alert(office: Office, case: Case) -> None:
    made = promise(office, case)
    sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    reach(office, case, Reached(leaves=(made.id,)))
    assert [one.state for one in alerts(office, AlertKind.OVERDUE)] == [AlertState.OPEN]


def test_the_warning_shows_an_interim_contact_and_asks(office: Office, case: Case) -> None:
    made = promise(office, case)
    office.clock.forward(hours=2)
    reach(office, case)
    (warning,) = sweep(office, FRIDAY_FIVE - timedelta(hours=4))
    assert f"Did that settle it? amends promises settle {made.id}" in warning.body


def test_an_acknowledgement_is_quiet_until_the_next_look_and_then_rises(office: Office, case: Case) -> None:
    promise(office, case)
    sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    (alert,) = alerts(office, AlertKind.OVERDUE)
    with office.app.database.writing() as rooms:
        taken = watching.acknowledge(
            rooms, alert.id, by="Bea Holt", next_look=None, house=office.app.house, now=office.now
        )
    monday_nine = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert taken is not None
    assert (taken.acknowledged_by, taken.next_at) == ("Bea Holt", monday_nine)
    assert sweep(office, monday_nine - timedelta(minutes=1)) == []
    assert told(sweep(office, monday_nine)) == ["Bea Holt", "Cal Reyes"]


def test_acknowledging_the_warning_does_not_silence_the_overdue_alert(office: Office, case: Case) -> None:
    promise(office, case)
    sweep(office, FRIDAY_FIVE - timedelta(hours=1))
    (warning,) = alerts(office, AlertKind.DUE_SOON)
    with office.app.database.writing() as rooms:
        watching.acknowledge(
            rooms, warning.id, by="Bea Holt", next_look=None, house=office.app.house, now=office.now
        )
    assert len(sweep(office, FRIDAY_FIVE + timedelta(minutes=1))) == 1


def test_what_nobody_has_confirmed_is_told_to_its_owner_only(office: Office, case: Case) -> None:
    promise(office, case, state=PromiseState.UNCONFIRMED)
    everything = sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    for day in range(3, 12):
        everything += sweep(office, FRIDAY_FIVE + timedelta(days=day))
    assert len(everything) > 3
    assert set(told(everything)) == {"Bea Holt"}


def test_a_corrected_date_ends_the_alert_of_the_wrong_one(office: Office, case: Case) -> None:
    made = promise(office, case, state=PromiseState.UNCONFIRMED)
    sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    later = FRIDAY_FIVE + timedelta(days=14)
    with office.app.database.writing() as rooms:
        promising.confirm(rooms, office.app.house, made.id, by="Bea Holt", due_at=later, now=office.now)
    assert [one.state for one in alerts(office, AlertKind.OVERDUE)] == [AlertState.ENDED]
    sweep(office, later + timedelta(minutes=1))
    assert alerts(office, AlertKind.OVERDUE)[1].due_at == later


def test_a_vague_promise_is_looked_at_again_and_goes_on_like_one_with_a_date(
    office: Office, case: Case
) -> None:
    made = promise(office, case, due_at=None, words="We will be in touch shortly.")
    assert made.look_again_at == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
    assert len(sweep(office, datetime(2026, 11, 25, 13, 0, tzinfo=UTC))) == 1
    assert len(sweep(office, datetime(2026, 11, 25, 17, 0, tzinfo=UTC))) == 1
    assert told(sweep(office, datetime(2026, 11, 26, 11, 0, tzinfo=UTC))) == ["Bea Holt", "Cal Reyes"]


def away(office: Office, person: str, stand_in: str, until: datetime) -> None:
    with office.app.database.writing() as rooms:
        rooms.absences.add(Absence(person=person, until=until, stand_in=stand_in))


def test_who_is_away_is_told_nothing_and_the_stand_in_everything(office: Office, case: Case) -> None:
    promise(office, case)
    away(office, "Bea Holt", "Cal Reyes", FRIDAY_FIVE + timedelta(days=30))
    assert told(sweep(office, FRIDAY_FIVE + timedelta(minutes=1))) == ["Cal Reyes"]
    assert told(sweep(office, datetime(2026, 11, 30, 11, 0, tzinfo=UTC))) == ["Cal Reyes"]


def test_who_is_back_is_told_again(office: Office, case: Case) -> None:
    promise(office, case)
    away(office, "Bea Holt", "Cal Reyes", FRIDAY_FIVE)
    assert told(sweep(office, FRIDAY_FIVE + timedelta(minutes=1))) == ["Bea Holt"]


def test_two_who_stand_in_for_each_other_do_not_go_round_for_ever(office: Office, case: Case) -> None:
    promise(office, case)
    for one, other in (("Bea Holt", "Cal Reyes"), ("Cal Reyes", "Bea Holt")):
        away(office, one, other, FRIDAY_FIVE + timedelta(days=30))
    assert len(sweep(office, FRIDAY_FIVE + timedelta(minutes=1))) == 1


def test_danger_is_told_at_any_hour_and_passes_on_after_ten_minutes(office: Office) -> None:
    policy = replace(office.app.house.policy, safety="Cal Reyes", safety_second="Bea Holt")
    office.app.house = replace(office.app.house, policy=policy)
    office.clock.at = NIGHT
    office.arrive(mail(THREAT, at=NIGHT))
    with office.app.database.reading() as rooms:
        assert told(rooms.notices.where()) == ["Cal Reyes"]
    assert sweep(office, NIGHT + timedelta(minutes=9)) == []
    assert told(sweep(office, NIGHT + timedelta(minutes=10))) == ["Cal Reyes", "Bea Holt"]
    assert told(sweep(office, NIGHT + timedelta(minutes=20))) == ["Cal Reyes", "Bea Holt"]


def test_a_complaint_nobody_has_answered_is_told_before_and_after_its_time(office: Office) -> None:
    complain(office, mail())
    (soon,) = sweep(office, datetime(2026, 11, 24, 13, 0, tzinfo=UTC))
    (late,) = sweep(office, datetime(2026, 11, 24, 17, 0, tzinfo=UTC))
    assert soon.title.startswith("First answer due soon: ")
    assert "waits for its first answer" in soon.body
    assert late.title.startswith("First answer overdue")


def test_a_failing_channel_delays_the_telling_and_never_the_alert(office: Office, case: Case) -> None:
    promise(office, case)
    down, spare = FakeChannel("hers"), FakeChannel("the team's")
    down.down = spare.down = True
    (notice,) = sweep(office, FRIDAY_FIVE + timedelta(minutes=1))

    def deliver(*channels: Channel) -> None:
        watching.deliver_notices(office.app.database, lambda _: channels, now=office.now)

    deliver(down, spare)
    office.clock.forward(days=2)
    spare.down = False
    deliver(down, spare)
    deliver(down, spare)
    assert [one.stable_id for one in spare.told] == [notice.stable_id]
    assert len(alerts(office, AlertKind.OVERDUE)) == 1


def test_a_case_whose_last_promise_ended_gets_a_next_date(office: Office, case: Case) -> None:
    made: Promise = promise(office, case)
    with office.app.database.writing() as rooms:
        moved = rooms.cases.get(case.id)
        assert moved is not None
        rooms.cases.save(replace(moved, next_at=None, next_alert_at=None, next_kind=None))
        promising.settle(
            rooms,
            office.app.house,
            made.id,
            contact=rooms.contacts.add(
                promising.call_contact(case.id, by="Bea Holt", note="", at=office.now + timedelta(hours=1))
            ),
            by="Bea Holt",
            now=office.now,
        )
        after = rooms.cases.get(case.id)
    assert after is not None
    assert after.next_at is not None


@pytest.mark.parametrize(
    ("waits_for", "title"),
    [(NextKind.CONTACT, "Next contact due soon: "), (NextKind.LOOK, "Somebody must look soon: ")],
)
def test_the_warning_of_a_case_says_what_it_waits_for(
    office: Office, case: Case, waits_for: NextKind, title: str
) -> None:
    with office.app.database.writing() as rooms:
        standing = rooms.cases.get(case.id)
        assert standing is not None
        rooms.cases.save(
            replace(standing, next_kind=waits_for, next_at=FRIDAY_FIVE, next_alert_at=FRIDAY_FIVE - HOUR)
        )
    (warning,) = sweep(office, FRIDAY_FIVE - HOUR)
    assert warning.title.startswith(title)


def test_warnings_come_in_one_message_for_each_person_the_earliest_due_first(
    office: Office, case: Case
) -> None:
    promise(office, case, words="I will send a voucher", due_at=FRIDAY_FIVE)
    promise(office, case, words="I will ring you", due_at=FRIDAY_FIVE - HOUR)
    promise(office, case, words="I will write to the depot", owner="Cal Reyes")
    bea, cal = sweep(office, FRIDAY_FIVE - 2 * HOUR)
    assert (bea.person, bea.title, bea.colour) == ("Bea Holt", "Due soon: 2 things", "warning")
    assert bea.body.index("ring you") < bea.body.index("voucher")
    assert (cal.person, cal.title) == ("Cal Reyes", "Due soon: Ada Lovell")


def test_what_is_overdue_is_told_singly_beside_the_warnings(office: Office, case: Case) -> None:
    promise(office, case, words="I will send a voucher", due_at=FRIDAY_FIVE - 2 * HOUR)
    promise(office, case, words="I will ring you", due_at=FRIDAY_FIVE - 2 * HOUR)
    promise(office, case, words="I will write to the depot", due_at=FRIDAY_FIVE)
    titles = [notice.title.partition(":")[0] for notice in sweep(office, FRIDAY_FIVE - HOUR)]
    assert titles == ["Overdue", "Overdue", "Due soon"]


def deliver(office: Office, channels_for: Callable[[str], Sequence[Channel]]) -> None:
    watching.deliver_notices(office.app.database, channels_for, now=office.now)


def test_a_notice_says_first_whom_it_is_for(office: Office, case: Case) -> None:
    promise(office, case)
    sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    room = FakeChannel()
    deliver(office, lambda _: [room])
    assert [one.body.split("\n")[0] for one in room.told] == ["For Bea Holt:"]


def test_a_room_they_share_hears_a_thing_once_and_for_whom(office: Office, case: Case) -> None:
    promise(office, case)
    sweep(office, FRIDAY_FIVE + timedelta(minutes=1))
    room, hers = FakeChannel(), FakeChannel("hers")
    deliver(office, lambda _: [room])
    sweep(office, datetime(2026, 11, 30, 11, 0, tzinfo=UTC))
    deliver(office, lambda _: [room])
    assert [one.body.split("\n")[0] for one in room.told] == ["For Bea Holt:", "For Bea Holt and Cal Reyes:"]
    sweep(office, datetime(2026, 11, 30, 13, 0, tzinfo=UTC))
    deliver(office, lambda person: [hers, room] if person == "Bea Holt" else [room])
    assert [one.body.split("\n")[0] for one in (hers.told[0], room.told[-1])] == [
        "For Bea Holt:",
        "For Cal Reyes:",
    ]
    with office.app.database.reading() as rooms:
        assert rooms.notices.due(office.now) == []
