"""A watched folder is read without a trace, and nothing is kept twice."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.fakes import FakeMailbox
from tests.people import MONDAY, Office, SetClock, mail
from worker.adapters.imap import FetchedMail
from worker.app import App
from worker.domain.alert import AlertKind
from worker.domain.post import KeptMail, KeptState
from worker.errors import Transient
from worker.services import fetching
from worker.services.fetching import Fetching, fetch_folder, since_for, watched_folders
from worker.settings import Mailbox

KEPT_BEFORE_TOUCHED = "the bytes were not kept yet"


class Watched(FakeMailbox):
    """Notes what was changed on the server, and looks each time whether the bytes were safe by then."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[str] = []
        self.are_kept: Callable[[Sequence[int]], bool] = lambda _uids: True

    def flag(self, uids: Sequence[int], flag: str) -> None:
        assert self.are_kept(uids), KEPT_BEFORE_TOUCHED
        self.changes.append(f"flag {list(uids)} {flag}")
        super().flag(uids, flag)

    def move(self, uids: Sequence[int], folder: str) -> None:
        assert self.are_kept(uids), KEPT_BEFORE_TOUCHED
        self.changes.append(f"move {list(uids)} {folder}")
        super().move(uids, folder)

    def append(self, folder: str, raw: bytes, flags: Sequence[str], at: datetime) -> None:
        self.changes.append(f"append {folder}")
        super().append(folder, raw, flags, at)


@pytest.fixture
def box(app: App) -> Mailbox:
    return app.settings.mailboxes[0]


@pytest.fixture
def server(app: App) -> Watched:
    watched = Watched()

    def are_kept(uids: Sequence[int]) -> bool:
        return set(uids) <= {one.uid for one in kept(app)}

    watched.are_kept = are_kept
    return watched


@pytest.fixture
def fetch(app: App, server: Watched, box: Mailbox) -> Callable[..., int]:
    def once(folder: str = "INBOX", *, since: datetime | None = None, **changes: object) -> int:
        reading = Fetching(box=box.model_copy(update=changes), server=server, since=since)
        return fetch_folder(app.database, reading, folder, clock=app.clock)

    return once


def kept(app: App) -> list[KeptMail]:
    with app.database.reading() as rooms:
        return rooms.kept.where()


def test_every_mail_is_kept_byte_for_byte(app: App, server: Watched, fetch: Callable[..., int]) -> None:
    raws = [mail(), b"no mail at all", mail("Zweitens, \xe4h")]
    for raw in raws:
        server.deliver(raw)
    assert fetch() == 3
    with app.database.reading() as rooms:
        assert [rooms.kept.raw(one.sha256) for one in rooms.kept.where()] == raws
    assert {one.state for one in kept(app)} == {KeptState.KEPT}


def test_nothing_on_the_server_is_changed(server: Watched, fetch: Callable[..., int]) -> None:
    server.deliver(mail())
    fetch()
    fetch("Sent")
    assert server.changes == []
    assert server.held["INBOX"].flags == {}


def test_again_keeps_nothing_twice(app: App, server: Watched, fetch: Callable[..., int]) -> None:
    server.deliver(mail())
    assert (fetch(), fetch()) == (1, 0)
    server.deliver(mail())
    assert fetch() == 1
    assert [one.uid for one in kept(app)] == [1, 2]


def test_uids_are_compared_as_sets_so_that_none_below_the_highest_is_passed_over(
    app: App, server: Watched, fetch: Callable[..., int]
) -> None:
    for _ in range(3):
        server.deliver(mail())
    late = server.held["INBOX"].mails.pop(2)
    fetch()
    server.held["INBOX"].mails[2] = late
    assert fetch() == 1
    assert sorted(one.uid for one in kept(app)) == [1, 2, 3]


def test_two_mails_with_one_message_id_stay_two(app: App, server: Watched, fetch: Callable[..., int]) -> None:
    server.deliver(mail("One parcel.", message_id="<same@example.org>"))
    server.deliver(mail("Another parcel.", message_id="<same@example.org>"))
    fetch()
    assert len(kept(app)) == 2


def test_a_rebuilt_folder_is_kept_under_its_new_numbers_and_its_bytes_once(
    office: Office, app: App, server: Watched, fetch: Callable[..., int]
) -> None:
    server.deliver(mail())
    fetch()
    office.work()
    server.rebuild()
    assert fetch() == 1
    office.work()
    with app.database.reading() as rooms:
        assert {one.uidvalidity for one in rooms.kept.where()} == {1, 2}
        assert rooms.cases.count() == 1
        assert rooms.drafts.count() == 1


def test_a_cut_in_the_middle_leaves_what_was_kept_and_the_rest_for_later(
    app: App, server: Watched, fetch: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "BATCH", 2)
    for _ in range(5):
        server.deliver(mail())
    whole = server.fetch_raw

    def cut(uids: Sequence[int]) -> Iterator[FetchedMail]:
        for number, one in enumerate(whole(uids)):
            if number == 3:
                raise Transient("The connection was cut.")
            yield one

    monkeypatch.setattr(server, "fetch_raw", cut)
    with pytest.raises(Transient):
        fetch()
    assert len(kept(app)) == 2
    monkeypatch.setattr(server, "fetch_raw", whole)
    assert fetch() == 3


def test_large_mails_are_kept_a_few_at_a_time(server: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "BATCH_BYTES", 1000)
    uids = [server.deliver(mail("x" * 400)) for _ in range(6)]
    server.select("INBOX")
    batches = list(fetching._batches(server.fetch_raw(uids)))
    assert [len(batch) for batch in batches] == [2, 2, 2]


def test_a_flag_is_set_only_when_asked_and_after_the_bytes_are_safe(
    server: Watched, fetch: Callable[..., int]
) -> None:
    server.deliver(mail())
    fetch(after_intake="flag:Amends")
    fetch(after_intake="flag:Amends")
    assert server.changes == ["flag [1] Amends"]


def test_a_mail_is_moved_only_when_asked_and_after_the_bytes_are_safe(
    server: Watched, fetch: Callable[..., int]
) -> None:
    server.held["Done"] = type(server.held["INBOX"])()
    server.deliver(mail())
    fetch(after_intake="move:Done")
    assert server.changes == ["move [1] Done"]
    assert len(server.held["Done"].mails) == 1


def test_our_own_letters_are_neither_flagged_nor_moved(server: Watched, fetch: Callable[..., int]) -> None:
    server.deliver(mail(), "Sent")
    assert fetch("Sent", after_intake="flag:Amends") == 1
    assert server.changes == []


def test_of_an_oversize_mail_the_headers_stand_for_it(
    office: Office, app: App, server: Watched, fetch: Callable[..., int]
) -> None:
    uid = server.deliver(mail().partition(b"\n\n")[0] + b"\n\n")
    place = server.held["INBOX"]
    place.mails[uid] = replace(place.mails[uid], size=40_000_000, oversize=True)
    fetch()
    office.work()
    (one,) = kept(app)
    assert (one.size, one.oversize, one.state) == (40_000_000, True, KeptState.TAKEN_IN)


def test_a_mail_the_server_will_not_give_is_set_aside_with_its_reason_and_told(
    office: Office, app: App, server: Watched, fetch: Callable[..., int]
) -> None:
    uid = server.deliver(mail())
    server.deliver(mail())
    place = server.held["INBOX"]
    place.mails[uid] = replace(place.mails[uid], raw=b"", error="The server would not give this mail.")
    fetch(after_intake="move:Sent")
    office.work()
    lost, other = kept(app)
    assert (lost.state, lost.reason) == (KeptState.SET_ASIDE, "The server would not give this mail.")
    assert other.state is KeptState.TAKEN_IN
    assert server.changes == ["move [2] Sent"]  # never what is not safe
    with app.database.reading() as rooms:
        (alert,) = rooms.alerts.standing(kind=AlertKind.SET_ASIDE)
    assert "would not give this mail" in alert.subject


def test_mail_from_before_since_is_history(app: App, server: Watched, fetch: Callable[..., int]) -> None:
    server.deliver(mail(), internal_date=MONDAY - timedelta(seconds=1))
    server.deliver(mail(), internal_date=MONDAY)
    fetch(since=MONDAY)
    assert [one.is_history for one in kept(app)] == [True, False]


def test_since_is_the_first_start_and_stays_so(app: App, box: Mailbox, clock: SetClock) -> None:
    assert since_for(app.database, box, now=clock.now()) == MONDAY
    clock.forward(days=3)
    assert since_for(app.database, box, now=clock.now()) == MONDAY


def test_since_in_the_settings_outranks_the_first_start(app: App, box: Mailbox) -> None:
    since_for(app.database, box, now=MONDAY)
    said = datetime(2026, 1, 1, tzinfo=UTC)
    assert since_for(app.database, box.model_copy(update={"since": said}), now=MONDAY) == said


def test_sent_is_watched_by_special_use_by_name_or_not_at_all(server: Watched, box: Mailbox) -> None:
    def watched(sent: str | None) -> list[str]:
        return watched_folders(Fetching(box=box.model_copy(update={"sent": sent}), server=server, since=None))

    server.held["Answers"] = type(server.held["INBOX"])()
    assert watched(None) == ["INBOX", "Sent"]
    assert watched("Answers") == ["INBOX", "Answers"]
    assert watched("") == ["INBOX"]
    assert watched("INBOX") == ["INBOX"]


def test_each_look_is_noted_per_folder(app: App, server: Watched, fetch: Callable[..., int]) -> None:
    server.deliver(mail())
    fetch()
    fetch("Sent")
    fetch()
    with app.database.reading() as rooms:
        looks = {place.folder: (place.highest_uid, place.looked_at) for place in rooms.folders.where()}
    assert looks == {"INBOX": (1, MONDAY), "Sent": (0, MONDAY)}
