"""Reading a mailbox: byte for byte, read-only, never hanging, never injected; on a real Dovecot and on liars."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import OwnMailbox
from tests.servers.scripted import Scripted, Talk, imap_script
from worker.adapters.imap import (
    FolderMissing,
    ImapAccount,
    ImapMailbox,
    SignInRefused,
    mailbox,
    values,
    wire,
)
from worker.adapters.signin import TokenCommand
from worker.errors import Refused, Transient

pytestmark = [pytest.mark.servers, pytest.mark.timeout(20)]

MAIL = b"From: Ada <ada@example.org>\r\nMessage-ID: <k1@example.org>\r\nSubject: Kettle\r\n\r\nIt broke.\r\n"


def account(own: OwnMailbox, **settings: Any) -> ImapAccount:
    given = {
        "host": own.server.host,
        "port": own.server.tls_port,
        "username": own.user.address,
        "secret": lambda: own.user.password,
        "ca_file": own.server.certificate,
        "connect_timeout": 3,
        "read_timeout": 5,
        **settings,
    }
    return ImapAccount(**given)


@pytest.fixture
def box(dovecot: OwnMailbox) -> Any:
    with ImapMailbox(account(dovecot)) as opened:
        yield opened


def liar(server: Scripted, **settings: Any) -> ImapMailbox:
    given = {"connect_timeout": 1, "read_timeout": 0.5, "operation_timeout": 1, **settings}
    return ImapMailbox(
        ImapAccount(
            host=server.host,
            port=server.port,
            security="plain",
            username="ada",
            secret=lambda: "s3cret",
            **given,
        )
    )


# Reading


def test_mails_come_byte_for_byte_with_their_uids_and_dates(dovecot: OwnMailbox, box: ImapMailbox) -> None:
    at = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    odd = b"From: x@example.org\r\n\r\n\x00\xff\xfe 8 bit\r\n.\r\n(literal {5}\r\n"
    dovecot.server.deliver_many(dovecot.user, [MAIL, odd], internal_date=at)
    state = box.select("INBOX")
    assert (state.exists, state.uidnext) == (2, 3)
    assert box.list_uids() == [1, 2]
    assert box.list_uids(2) == [2]
    assert box.list_uids(3) == []
    first, second = box.fetch_raw([1, 2])
    assert (first.raw, first.uid, first.internal_date, first.size) == (MAIL, 1, at, len(MAIL))
    assert first.internal_date.tzinfo is UTC
    assert second.raw == odd.replace(b"\x00", b"\x80")  # Dovecot's own repair of NUL


def test_looking_changes_nothing(dovecot: OwnMailbox, box: ImapMailbox) -> None:
    dovecot.server.deliver(dovecot.user, MAIL)
    box.select("INBOX")
    list(box.fetch_raw(box.list_uids()))
    box.search_header("INBOX", "Message-ID", "<k1@example.org>")
    (flags,) = dovecot.server.flags(dovecot.user)
    assert "Seen" not in flags


def test_a_mail_gone_meanwhile_is_left_out(dovecot: OwnMailbox, box: ImapMailbox) -> None:
    dovecot.server.deliver_many(dovecot.user, [MAIL] * 3)
    box.select("INBOX")
    uids = box.list_uids()
    with dovecot.server.session(dovecot.user) as session:
        session.select()
        session.store("2", "+FLAGS", "\\Deleted")
        session.expunge()
    assert [mail.uid for mail in box.fetch_raw(uids)] == [1, 3]
    assert sorted(box.fetch_sizes([1, 2, 3, 99])) == [1, 3]


def test_many_mails_come_in_batches(
    dovecot: OwnMailbox, box: ImapMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "BATCH_MAILS", 7)
    monkeypatch.setattr(mailbox, "_UIDS_A_COMMAND", 20)
    monkeypatch.setattr(mailbox, "_MAILS_A_SEARCH", 10)
    dovecot.server.deliver_many(dovecot.user, [MAIL + b"%d\r\n" % number for number in range(45)])
    box.select("INBOX")
    uids = box.list_uids()
    assert uids == list(range(1, 46))
    assert [mail.raw for mail in box.fetch_raw(uids)] == [MAIL + b"%d\r\n" % number for number in range(45)]


def test_of_a_very_large_mail_only_the_headers_come(
    dovecot: OwnMailbox, box: ImapMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LARGEST_MAIL", 1000)
    dovecot.server.deliver_many(dovecot.user, [MAIL, MAIL + b"x" * 2000, MAIL])
    box.select("INBOX")
    small, large, last = box.fetch_raw([1, 2, 3])
    assert (small.oversize, large.oversize, last.oversize) == (False, True, False)
    assert large.raw == MAIL.partition(b"It broke")[0]
    assert large.size == len(MAIL) + 2000


def test_a_new_uidvalidity_is_seen(dovecot: OwnMailbox, box: ImapMailbox) -> None:
    dovecot.server.deliver(dovecot.user, MAIL)
    before = box.select("INBOX").uidvalidity
    time.sleep(1.1)  # UIDVALIDITY counts seconds
    dovecot.server.forget_uids(dovecot.user)
    box.connect()
    assert box.select("INBOX").uidvalidity != before


# Folders


def test_sent_is_found_by_special_use_by_name_and_in_a_namespace(
    dovecot: OwnMailbox, box: ImapMailbox
) -> None:
    assert box.find_sent() == "Sent"
    assert box.find_sent("Archive") == "Archive"
    with pytest.raises(FolderMissing, match=r"has no folder Gesendet. It has: Archive, Drafts"):
        box.find_sent("Gesendet")


def courier(talk: Talk, tag: str) -> None:
    talk.say(
        b'* LIST (\\HasNoChildren) "." "INBOX.Sent"\r\n* LIST (\\Noselect) "." "INBOX.Old"\r\n'
        b'* LIST (\\HasNoChildren) "." "INBOX"\r\n' + f"{tag} OK done\r\n".encode()
    )


def test_sent_is_found_below_the_prefix_of_a_courier_server() -> None:
    with Scripted(imap_script({"LIST": courier})) as server, liar(server) as box:
        assert box.find_sent() == "INBOX.Sent"
        assert box.find_sent("Sent") == "INBOX.Sent"
        assert [folder.name for folder in box.folders()] == ["INBOX.Sent", "INBOX"]


def test_a_missing_folder_is_told_apart_from_an_empty_one(box: ImapMailbox) -> None:
    with pytest.raises(FolderMissing, match="renamed or deleted"):
        box.select("Nowhere")
    assert box.select("INBOX").exists == 0
    assert box.list_uids() == []


def test_the_doctor_hears_who_answers(box: ImapMailbox) -> None:
    said = box.describe()
    assert "Dovecot" in said.server
    assert "IDLE" in said.capabilities
    assert said.sent == "Sent"


# Signing in


@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
@pytest.mark.parametrize("auth", ["password", "plain", "xoauth2"])
def test_every_way_in_works(dovecot: OwnMailbox, security: str, auth: str) -> None:
    secret = dovecot.user.token if auth == "xoauth2" else dovecot.user.password
    port = dovecot.server.tls_port if security == "tls" else dovecot.server.port
    way = account(dovecot, security=security, auth=auth, port=port, secret=lambda: secret)
    with ImapMailbox(way) as box:
        assert box.select("INBOX").exists == 0


@pytest.mark.parametrize("auth", ["password", "plain", "xoauth2"])
def test_a_refused_secret_is_told_apart_and_never_repeated(dovecot: OwnMailbox, auth: str) -> None:
    box = ImapMailbox(account(dovecot, auth=auth, secret=lambda: "wrong-secret"))
    with pytest.raises(SignInRefused, match="refused to sign in support") as caught:
        box.connect()
    assert "wrong-secret" not in str(caught.value)
    assert "b'" not in str(caught.value)


def test_a_token_that_ran_out_is_replaced_without_a_person(dovecot: OwnMailbox) -> None:
    tokens = iter(["stale", dovecot.user.token])
    command = TokenCommand(["unused"])
    command._run = lambda: next(tokens)
    assert command() == "stale"
    with ImapMailbox(account(dovecot, auth="xoauth2", secret=command)) as box:
        assert box.select("INBOX").exists == 0


@pytest.mark.parametrize("code", ["UNAVAILABLE", "INUSE", "LIMIT"])
def test_a_busy_server_is_not_a_wrong_password(code: str) -> None:
    def busy(talk: Talk, tag: str) -> None:
        talk.say(f"{tag} NO [{code}] try later\r\n".encode())

    with Scripted(imap_script({"LOGIN": busy})) as server, pytest.raises(Transient) as caught:
        liar(server).connect()
    assert not isinstance(caught.value, SignInRefused)


def test_an_unknown_certificate_is_refused_with_a_remedy(dovecot: OwnMailbox) -> None:
    for security, port in (("tls", dovecot.server.tls_port), ("starttls", dovecot.server.port)):
        box = ImapMailbox(account(dovecot, ca_file=None, security=security, port=port))
        with pytest.raises(Transient, match=r"certificate is not trusted.*ca_file"):
            box.connect()


def test_starttls_is_never_given_up_for_plain() -> None:
    with Scripted(imap_script({})) as server:
        box = liar(server)
        box.account = ImapAccount(**{**_fields(box.account), "security": "starttls"})
        box = ImapMailbox(box.account)
        with pytest.raises(Transient):
            box.connect()
        assert not any(b"LOGIN" in line for talk in server._talks for line in talk.heard)


def _fields(value: ImapAccount) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


# Waiting


def test_idle_wakes_when_mail_comes(dovecot: OwnMailbox, box: ImapMailbox) -> None:
    box.select("INBOX")
    box.list_uids()
    timer = threading.Timer(0.3, dovecot.server.deliver, (dovecot.user, MAIL))
    timer.start()
    assert box.wait(8) is True
    timer.join()
    assert box.list_uids() == [1]


def test_mail_that_came_between_list_and_wait_is_not_slept_over(
    dovecot: OwnMailbox, box: ImapMailbox
) -> None:
    box.select("INBOX")
    box.list_uids()
    dovecot.server.deliver(dovecot.user, MAIL)
    began = time.monotonic()
    assert box.wait(8) is True
    assert time.monotonic() - began < 1


def test_waiting_ends_by_time_and_by_stop(dovecot: OwnMailbox, box: ImapMailbox) -> None:
    box.select("INBOX")
    began = time.monotonic()
    assert box.wait(0.3) is False
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    assert box.wait(60, stop=stop) is False
    assert time.monotonic() - began < 3
    assert box.list_uids() == []


def test_waiting_works_without_idle() -> None:
    def plain(talk: Talk, tag: str) -> None:
        talk.say(b"* CAPABILITY IMAP4rev1\r\n" + f"{tag} OK done\r\n".encode())

    def greet(talk: Talk, _tag: str) -> None:
        talk.say(b"* OK hello\r\n")

    with Scripted(imap_script({"CAPABILITY": plain, "GREETING": greet})) as server, liar(server) as box:
        box.select("INBOX")
        box.list_uids()
        assert box.wait(0.2) is False


@pytest.mark.parametrize("last_words", [b"", b"* BYE timed out\r\n"])
def test_a_dead_peer_in_idle_is_noticed_at_once(last_words: bytes) -> None:
    def die(talk: Talk, _tag: str) -> None:
        talk.say(b"+ idling\r\n")
        talk.say(last_words)
        talk.close()

    with Scripted(imap_script({"IDLE": die})) as server, liar(server) as box:
        box.select("INBOX")
        began = time.monotonic()
        with pytest.raises(Transient):
            box.wait(30)
        assert time.monotonic() - began < 3


# Broken connections


def test_a_killed_session_ends_in_one_sentence_and_a_new_connection(
    dovecot: OwnMailbox, box: ImapMailbox
) -> None:
    box.select("INBOX")
    dovecot.server.cut_sessions()
    with pytest.raises(Transient, match=r"Could not list the mails at 127.0.0.1:"):
        box.list_uids()
    with pytest.raises(Transient, match="connection has to be made again"):
        box.list_uids()
    box.connect()
    assert box.select("INBOX").exists == 0


def stall(_talk: Talk, _tag: str) -> None:
    time.sleep(3)


def cut(talk: Talk, _tag: str) -> None:
    talk.close()


def drip(talk: Talk, tag: str) -> None:
    talk.drip(b"* SEARCH " + b"1 " * 2000 + f"\r\n{tag} OK done\r\n".encode(), 0.02)


def garbage(talk: Talk, _tag: str) -> None:
    talk.say(b"\x00\xffnonsense\r\n" * 3)


def bye(talk: Talk, _tag: str) -> None:
    talk.say(b"* BYE shutting down\r\n")
    talk.close()


def endless_line(talk: Talk, _tag: str) -> None:
    talk.say(b"* SEARCH " + b"1" * 2_000_000 + b"\r\n")


def huge_literal(talk: Talk, _tag: str) -> None:
    talk.say(b"* 1 FETCH (BODY[] {4294967296}\r\n")


def no(talk: Talk, tag: str) -> None:
    talk.say(f"{tag} NO [THROTTLED] slow down\r\n".encode())


def look(box: ImapMailbox) -> None:
    box.connect()
    box.select("INBOX")
    box.list_uids()


FAULTS = [stall, cut, drip, garbage, bye, endless_line, huge_literal, no]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("verb", ["GREETING", "LOGIN", "EXAMINE", "SEARCH"])
def test_every_fault_in_every_phase_ends_in_time_in_a_transient(
    verb: str, fault: Callable[[Talk, str], None]
) -> None:
    with Scripted(imap_script({verb: fault})) as server:
        box = liar(server)
        began = time.monotonic()
        with pytest.raises(Transient):
            look(box)
        assert time.monotonic() - began < 3
        assert "s3cret" not in repr(box.account)
        box.close()


def test_a_mail_the_server_will_not_give_does_not_keep_back_the_others() -> None:
    def sizes_or_no(talk: Talk, tag: str) -> None:
        asked = talk.heard[-1].decode()
        if "SIZE" in asked:
            rows = "".join(f"* {n} FETCH (UID {n} RFC822.SIZE 20)\r\n" for n in (1, 2, 3))
            talk.say(f"{rows}{tag} OK done\r\n".encode())
            return
        uids = [int(uid) for uid in asked.split()[3].split(",")]
        if 2 in uids:
            talk.say(f"{tag} NO [SERVERBUG] corrupted\r\n".encode())
            return
        rows = "".join(f"* {n} FETCH (UID {n} BODY[] {{4}}\r\nabc{n})\r\n" for n in uids)
        talk.say(f"{rows}{tag} OK done\r\n".encode())

    with Scripted(imap_script({"FETCH": sizes_or_no})) as server, liar(server) as box:
        box.select("INBOX")
        mails = list(box.fetch_raw(box.list_uids()))
    assert [(mail.uid, mail.raw, mail.error is None) for mail in mails] == [
        (1, b"abc1", True),
        (2, b"", False),
        (3, b"abc3", True),
    ]


# Injection


HOSTILE = [
    "hi\r\nZ9 CREATE pwned\r\nfoo", "hi\nZ9 CREATE pwned\nfoo", "hi\rZ9 CREATE pwned", "\x00", "a\x01b",
    "tab\there", "\x7f", 'quote"\r\nZ9 CREATE pwned', "{5}\r\nhello", "\x1b[31m",
]  # fmt: skip

CALLS: dict[str, Callable[[ImapMailbox, str], Any]] = {
    "select": lambda box, words: box.select(words),
    "find_sent": lambda box, words: box._wire.ask("x", "list_folders", words),
    "search_name": lambda box, words: box.search_header("INBOX", words, "x"),
    "search_value": lambda box, words: box.search_header("INBOX", "Subject", words),
    "search_folder": lambda box, words: box.search_header(words, "Subject", "x"),
    "search_bytes": lambda box, words: box._wire.ask("x", "search", [b"SUBJECT", words.encode()]),
    "list_uids": lambda box, words: box.list_uids(words),
    "fetch_uids": lambda box, words: box._wire.ask("x", "fetch", words, ["FLAGS"]),
    "fetch_items": lambda box, words: box._wire.ask("x", "fetch", [1], ["FLAGS", words]),
    "flag": lambda box, words: box.flag([1], words),
    "move": lambda box, words: box.move([1], words),
    "append_folder": lambda box, words: box.append(words, MAIL, (), datetime.now(UTC)),
    "append_flags": lambda box, words: box.append("Sent", MAIL, ["\\Seen", words], datetime.now(UTC)),
}


@pytest.mark.parametrize("call", CALLS)
def test_no_argument_can_carry_a_command_of_its_own(dovecot: OwnMailbox, box: ImapMailbox, call: str) -> None:
    for words in HOSTILE:
        box.select("INBOX")
        with pytest.raises(Refused, match="control character"):
            CALLS[call](box, words)
    assert "pwned" not in dovecot.server.folder_names(dovecot.user)
    assert dovecot.server.mails(dovecot.user, "Sent") == []


@pytest.mark.parametrize("words", HOSTILE)
def test_no_sign_in_can_carry_a_command_of_its_own(dovecot: OwnMailbox, words: str) -> None:
    for settings in ({"username": words}, {"secret": lambda: words}):
        with pytest.raises(Refused):
            ImapMailbox(account(dovecot, **settings)).connect()


# What changes something


def test_a_copy_is_filed_and_found_again(dovecot: OwnMailbox, box: ImapMailbox) -> None:
    at = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    box.append("Sent", MAIL, ["\\Seen"], at)
    assert dovecot.server.mails(dovecot.user, "Sent") == [MAIL]
    assert box.search_header("Sent", "Message-ID", "<k1@example.org>") == [1]
    assert box.search_header("Sent", "Message-ID", "<k2@example.org>") == []
    assert box.search_header("Sent", "Subject", 'Käse "}{\\') == []
    box.select("Sent")
    assert next(iter(box.fetch_raw([1]))).internal_date == at


def test_searching_elsewhere_leaves_the_opened_folder_open(dovecot: OwnMailbox, box: ImapMailbox) -> None:
    dovecot.server.deliver(dovecot.user, MAIL)
    box.select("INBOX")
    box.search_header("Sent", "Subject", "x")
    assert [mail.raw for mail in box.fetch_raw(box.list_uids())] == [MAIL]


def test_a_flag_and_a_move_touch_only_what_was_named(dovecot: OwnMailbox, box: ImapMailbox) -> None:
    dovecot.server.deliver_many(dovecot.user, [MAIL] * 3)
    box.select("INBOX")
    box.flag([2], "Amends")
    assert ["Amends" in flags for flags in dovecot.server.flags(dovecot.user)] == [False, True, False]
    box.move([2], "Archive")
    assert len(dovecot.server.mails(dovecot.user)) == 2
    assert dovecot.server.mails(dovecot.user, "Archive") == [MAIL]
    assert box.list_uids() == [1, 3]


def test_a_move_without_move_never_takes_away_what_others_marked(
    dovecot: OwnMailbox, box: ImapMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.server.deliver(dovecot.user, MAIL, flags="\\Deleted")
    dovecot.server.deliver(dovecot.user, MAIL)
    box.select("INBOX")
    offered = {"UIDPLUS"}
    monkeypatch.setattr(wire.Wire, "can", lambda _self, capability: capability in offered)
    box.move([2], "Archive")
    assert len(dovecot.server.mails(dovecot.user)) == 1
    offered.clear()
    with pytest.raises(Refused, match="Use a flag instead"):
        box.move([1], "Archive")
    assert len(dovecot.server.mails(dovecot.user)) == 1


def test_the_largest_mail_is_that_of_the_design() -> None:
    assert values.LARGEST_MAIL == 35 * 1024 * 1024
    assert timedelta(seconds=mailbox._LONGEST_IDLE) == timedelta(minutes=9)
