"""One contract, kept by the real adapters and by the fakes that stand in for them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes import FakeChannel, FakeMailbox, FakeSender
from worker.adapters.alerting import AppriseChannel
from worker.adapters.imap import FolderMissing, ImapAccount, ImapMailbox
from worker.adapters.outbox import OutboxMaildir
from worker.adapters.smtp import SmtpSender, SmtpServer
from worker.errors import Refused, Transient
from worker.ports import Accepted

if TYPE_CHECKING:
    from tests.conftest import OwnMailbox
    from tests.servers.http_sink import HttpSink
    from tests.servers.smtp_sink import SmtpSink

pytestmark = [pytest.mark.servers, pytest.mark.timeout(20)]

MAIL = b"From: Ada <ada@example.org>\r\nMessage-ID: <k1@example.org>\r\nSubject: Kettle\r\n\r\nIt broke.\r\n"
AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


class TestMailbox:
    @pytest.fixture(params=["fake", "real"])
    def given(self, request: pytest.FixtureRequest) -> Iterator[tuple[Any, Callable[[bytes], object]]]:
        if request.param == "fake":
            fake = FakeMailbox()
            yield fake, lambda raw: fake.deliver(raw, internal_date=AT)
            return
        own: OwnMailbox = request.getfixturevalue("dovecot")
        account = ImapAccount(
            host=own.server.host, port=own.server.port, security="plain", username=own.user.address,
            secret=lambda: own.user.password, connect_timeout=3, read_timeout=5,
        )  # fmt: skip
        with ImapMailbox(account) as box:
            yield box, lambda raw: own.server.deliver(own.user, raw, internal_date=AT)

    def test_mails_are_listed_and_fetched_by_uid(self, given: Any) -> None:
        box, deliver = given
        deliver(MAIL)
        deliver(MAIL + b"again\r\n")
        state = box.select("INBOX")
        assert (state.name, state.exists, state.uidnext) == ("INBOX", 2, 3)
        assert (box.list_uids(), box.list_uids(2), box.list_uids(3)) == ([1, 2], [2], [])
        assert box.fetch_sizes([1, 9]) == {1: (len(MAIL), AT)}
        assert [(mail.uid, mail.raw, mail.internal_date) for mail in box.fetch_raw([1, 9])] == [(1, MAIL, AT)]

    def test_nothing_is_listed_before_a_folder_is_open(self, given: Any) -> None:
        with pytest.raises(Transient):
            given[0].list_uids()

    def test_a_missing_folder_is_named(self, given: Any) -> None:
        box, _ = given
        with pytest.raises(FolderMissing):
            box.select("Nowhere")
        with pytest.raises(FolderMissing):
            box.find_sent("Nowhere")
        assert box.find_sent() == "Sent"

    def test_waiting_tells_of_mail_not_listed_yet(self, given: Any) -> None:
        box, deliver = given
        box.select("INBOX")
        box.list_uids()
        assert box.wait(0.05) is False
        deliver(MAIL)
        assert box.wait(0.05) is True

    def test_a_filed_letter_is_found_by_its_message_id(self, given: Any) -> None:
        box, deliver = given
        deliver(MAIL)
        box.select("INBOX")
        box.append("Sent", MAIL, ["\\Seen"], AT)
        assert box.search_header("Sent", "Message-ID", "<k1@example.org>") == [1]
        assert box.search_header("Sent", "Message-ID", "<k2@example.org>") == []
        assert box.list_uids() == [1]

    def test_a_moved_mail_is_in_the_other_folder(self, given: Any) -> None:
        box, deliver = given
        deliver(MAIL)
        box.select("INBOX")
        box.list_uids()
        box.move([1], "Sent")
        assert box.list_uids() == []
        assert box.select("Sent").exists == 1

    def test_control_characters_are_refused(self, given: Any) -> None:
        with pytest.raises(Refused):
            given[0].select("a\r\nb")


class TestSender:
    @pytest.fixture(params=["fake", "outbox", "smtp"])
    def given(self, request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Any, Callable[[], list[bytes]]]:
        if request.param == "fake":
            fake = FakeSender()
            return fake, lambda: [letter.raw for letter in fake.letters]
        if request.param == "outbox":
            return OutboxMaildir(tmp_path), lambda: [
                file.read_bytes() for file in sorted((tmp_path / "new").glob("*"))
            ]
        sink: SmtpSink = request.getfixturevalue("smtp_sink")
        server = SmtpServer(host=sink.host, port=sink.port, security="plain", read_timeout=3)
        return SmtpSender(server), lambda: [mail.raw for mail in sink.mails]

    def test_a_letter_is_taken_byte_for_byte(self, given: Any) -> None:
        sender, taken = given
        called: list[int] = []
        outcome = sender.send("bea@example.test", ["ada@example.org"], MAIL, lambda: called.append(1))
        assert isinstance(outcome, Accepted)
        assert (taken(), called) == ([MAIL], [1])

    def test_what_before_data_raises_stops_the_letter(self, given: Any) -> None:
        sender, taken = given

        def stop() -> None:
            raise Refused("Ada wrote again.")

        with pytest.raises(Refused, match="wrote again"):
            sender.send("bea@example.test", ["ada@example.org"], MAIL, stop)
        assert taken() == []

    @pytest.mark.parametrize(
        ("recipients", "raw"),
        [([], MAIL), (["ada@example.org, eve@example.org"], MAIL), (["ada@example.org"], b"From: x\n\nhi\n")],
    )
    def test_a_damaged_letter_is_refused(self, given: Any, recipients: list[str], raw: bytes) -> None:
        sender, taken = given
        with pytest.raises(Refused):
            sender.send("bea@example.test", recipients, raw, lambda: None)
        assert taken() == []


class TestChannel:
    @pytest.fixture(params=["fake", "apprise"])
    def given(
        self, request: pytest.FixtureRequest
    ) -> tuple[Any, Callable[[], list[str]], Callable[[], None]]:
        if request.param == "fake":
            fake = FakeChannel()
            return fake, lambda: [one.stable_id for one in fake.told], lambda: setattr(fake, "down", True)
        sink: HttpSink = request.getfixturevalue("http_sink")
        channel = AppriseChannel("ops", sink.apprise_url())
        return channel, lambda: [one.json()["id"] for one in sink.asked], sink.stop

    def test_an_alert_arrives_with_its_id(self, given: Any) -> None:
        channel, told, _ = given
        channel.notify("Overdue", "Call Ada.", "failure", "n1@example.test")
        assert told() == ["n1@example.test"]

    def test_a_channel_that_is_down_is_transient_and_named(self, given: Any) -> None:
        channel, _, take_down = given
        take_down()
        with pytest.raises(Transient, match="channel ops"):
            channel.notify("Overdue", "Call Ada.", "failure", "n2@example.test")
