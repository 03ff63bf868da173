"""`amends look`: every kind of place it can look at, and that it leaves no trace."""

import hashlib
import json
import mailbox
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.conftest import OwnMailbox
from tests.people import ADA, SETTINGS_FILE, SUPPORT, THREAT, mail
from worker.cli.look import look, read_since
from worker.errors import AmendsError, BadInput, Transient

NOW = datetime.now(UTC).replace(microsecond=0)
PROMISE = "Dear Ada,\n\nI am sorry that your kettle broke twice. I will call you by tomorrow, 5 pm.\n\nBea"
COMPLAINT = "The kettle is broken again and I am very disappointed."


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def asked(days: float = 40, number: int = 1) -> bytes:
    return mail(
        COMPLAINT, subject=f"Kettle {number}", at=days_ago(days), message_id=f"<q{number}@example.org>"
    )


def answered(days: float = 39, number: int = 1) -> bytes:
    return mail(PROMISE, sender=SUPPORT, to=ADA, at=days_ago(days), answers=f"<q{number}@example.org>")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own, as a team would have it: without settings."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    return folder


def maildir(place: Path, inbox: Sequence[bytes], sent: Sequence[bytes] = ()) -> Path:
    for folder, raws in (("", inbox), (".Sent", sent)):
        for part in ("cur", "new", "tmp"):
            (place / folder / part).mkdir(parents=True, exist_ok=True)
        for number, raw in enumerate(raws):
            (place / folder / "cur" / f"{number}.host:2,S").write_bytes(raw)
    return place


def run(*words: object, code: int = 0) -> Result:
    done = CliRunner().invoke(look, [str(word) for word in words])
    assert done.exit_code == code, (done.output, done.exception)
    return done


def found(*words: object, code: int = 0) -> dict[str, Any]:
    lines = run(*words, "--json", code=code).stdout.splitlines()
    last: dict[str, Any] = json.loads(lines[-1])
    return last


def fails(*words: object) -> AmendsError:
    error = CliRunner().invoke(look, [str(word) for word in words]).exception
    assert isinstance(error, AmendsError), error
    return error


def test_a_maildir_with_its_sent_folder_says_what_is_owed(tmp_path: Path) -> None:
    told = run(maildir(tmp_path / "mail", [asked(), asked(20, 2)], [answered()])).stdout
    assert "3 mails. 2 from people, 0 from machines, 1 of ours." in told
    assert "Likely complaints: 2; 1 answered, 1 never answered." in told
    assert "1 never followed by a contact" in told
    assert "I will call you by tomorrow, 5 pm" in told
    assert f"“{COMPLAINT}”" in told
    assert "Nothing was written." in told


def test_danger_is_told_before_everything_else_is_listed(tmp_path: Path) -> None:
    place = maildir(tmp_path / "mail", [mail(THREAT, at=days_ago(3)), asked()])
    assert "1 matter of danger to somebody" in run(place, "--us", SUPPORT).stdout


def test_a_complaint_told_in_its_subject_alone_is_shown_once(tmp_path: Path) -> None:
    raw = mail("See above.", subject="I am very disappointed with your kettle", at=days_ago(3))
    assert run(maildir(tmp_path / "mail", [raw]), "--us", SUPPORT).stdout.count("disappointed") == 1


def test_who_is_ours_is_taken_from_the_sent_folder_and_said(tmp_path: Path) -> None:
    done = run(maildir(tmp_path / "mail", [asked()], [answered()]))
    assert f"Taking {SUPPORT} as yours" in done.stderr


def test_an_mbox_in_any_order(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "all.mbox")
    for raw in (answered(), asked()):
        box.add(raw)
    box.close()
    past = found(tmp_path / "all.mbox", "--us", SUPPORT)
    assert (past["mails"], past["ours"], past["unanswered"]) == (2, 1, [])
    assert len(past["never_followed"]) == 1


def test_a_folder_of_eml_files_in_any_order_and_windows_of_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The follow-up has the first name: read before its promise it would settle nothing."""
    monkeypatch.setattr("worker.cli.look.FILE_WINDOW", 1)
    monkeypatch.setattr("worker.services.looking.BATCH", 1)
    news = mail(
        "Dear Ada, your kettle was sent today.",
        sender=SUPPORT,
        to=ADA,
        at=days_ago(10),
        answers="<q1@example.org>",
    )
    folder = tmp_path / "mails"
    folder.mkdir()
    for name, raw in (("a", news), ("b", answered()), ("c", asked())):
        (folder / f"{name}.eml").write_bytes(raw)
    past = found(folder, "--us", SUPPORT)
    assert (len(past["late"]), past["never_followed"]) == (1, [])


def test_since_leaves_older_mail_out(tmp_path: Path) -> None:
    place = maildir(tmp_path / "mail", [asked(40), asked(5, 2)])
    assert found(place, "--since", "30d")["mails"] == 1
    assert found(place, "--since", "90d")["mails"] == 2


@pytest.mark.parametrize(
    ("text", "days"), [("90d", 90), ("12w", 84), ("6m", 180), ("1y", 365), (" 2 W ", 14)]
)
def test_since_counts_back(text: str, days: int) -> None:
    assert read_since(text, NOW) == NOW - timedelta(days=days)


def test_since_takes_a_date() -> None:
    assert read_since("2026-08-01", NOW) == datetime(2026, 8, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "90", "d", "-5d", "2026-13-01", "99999d" * 3])
def test_another_since_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(BadInput, match="Write 90d"):
        read_since(text, NOW)


def test_a_wrong_path_is_told() -> None:
    assert "no such file or folder" in str(fails("nowhere"))
    assert fails("nowhere").exit_code == 2


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "holds no mail" in str(fails(tmp_path / "empty"))


def test_a_file_that_is_no_mail_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    place = maildir(tmp_path / "mail", [asked(), b"\x89PNG"])
    lines = run(place, "--json", code=2).stdout.splitlines()
    assert "is no mail" in json.loads(lines[0])["error"]
    assert json.loads(lines[1])["complaints"] == 1


def test_no_more_than_ten_of_a_kind_unless_all_is_asked_for(tmp_path: Path) -> None:
    place = maildir(
        tmp_path / "mail",
        [
            mail(COMPLAINT, sender=f"ada{n}@example.org", subject=f"Kettle {n}", at=days_ago(20 + n))
            for n in range(12)
        ],
    )
    told = run(place, "--us", SUPPORT).stdout
    assert told.count(COMPLAINT) == 10
    assert "and 2 more (--all shows them)" in told
    assert run(place, "--us", SUPPORT, "--all").stdout.count(COMPLAINT) == 12


def state_of(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file below, by its bytes and the time it was last written."""
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_nothing_is_written_anywhere(tmp_path: Path) -> None:
    place = maildir(tmp_path / "mail", [asked(), b"no mail"], [answered()])
    before = state_of(tmp_path)
    run(place, code=2)
    assert state_of(tmp_path) == before


@pytest.mark.servers
class TestServer:
    @pytest.fixture(autouse=True)
    def box(self, dovecot: OwnMailbox, monkeypatch: pytest.MonkeyPatch) -> OwnMailbox:
        monkeypatch.setenv("AMENDS_PASSWORD", dovecot.user.password)
        dovecot.server.deliver(dovecot.user, asked(), internal_date=days_ago(40))
        dovecot.server.deliver(dovecot.user, asked(200, 2), internal_date=days_ago(200))
        dovecot.server.deliver(dovecot.user, answered(), "Sent", internal_date=days_ago(39))
        return dovecot

    def place(self, box: OwnMailbox) -> list[str]:
        user = box.user.address.replace("@", "%40")
        where = f"imaps://{user}@127.0.0.1:{box.server.tls_port}"
        return [where, "--us", SUPPORT, "--ca-file", str(box.server.certificate)]

    def test_a_mailbox_is_read_without_a_trace(self, box: OwnMailbox, elsewhere: Path) -> None:
        past = found(*self.place(box))
        assert (past["mails"], past["complaints"], len(past["never_followed"])) == (2, 1, 1)
        assert not any("Seen" in flags for flags in box.server.flags(box.user))
        assert len(box.server.mails(box.user, "Sent")) == 1
        assert list(elsewhere.iterdir()) == []

    def test_a_mailbox_of_the_settings_is_named(
        self, box: OwnMailbox, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SUPPORT_PASSWORD", box.user.password)
        server = f'host = "127.0.0.1"\nport = {box.server.tls_port}\nca_file = "{box.server.certificate}"'
        text = SETTINGS_FILE.replace('host = "imap.example.test"', server)
        (elsewhere / "amends.toml").write_text(text.replace('"support"\npass', f'"{box.user.address}"\npass'))
        assert found("support")["mails"] == 2
        assert [file.name for file in elsewhere.iterdir()] == ["amends.toml"]
        assert "Mailboxes in the settings: support" in str(fails("supprot"))

    def test_a_refused_password_is_a_sentence_without_it(
        self, box: OwnMailbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AMENDS_PASSWORD", "no such secret")
        error = fails(*self.place(box))
        assert isinstance(error, Transient)
        assert "refused to sign in" in str(error)
        assert "no such secret" not in str(error)

    def test_a_certificate_nobody_vouches_for_is_refused(self, box: OwnMailbox) -> None:
        assert "certificate" in str(fails(*self.place(box)[:-2]))

    def test_a_place_without_a_user_says_how_to_write_it(self) -> None:
        assert "imaps://USER@HOST" in str(fails("imaps://imap.example.test"))


def test_a_password_that_nobody_can_type_is_asked_for_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AMENDS_PASSWORD", raising=False)
    refused = fails("imaps://support@127.0.0.1:9")
    assert isinstance(refused, BadInput)
    assert "set AMENDS_PASSWORD" in str(refused)


@pytest.mark.servers
def test_a_certificate_of_ones_own_is_given_with_the_option(
    dovecot: OwnMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMENDS_PASSWORD", dovecot.user.password)
    assert "--ca-file" in str(fails(f"imaps://support@127.0.0.1:{dovecot.server.tls_port}"))


def test_days_are_said_as_everywhere_else(tmp_path: Path) -> None:
    told = run(maildir(tmp_path / "Maildir", [asked(0.01)], [answered(80, 9)])).stdout
    assert re.search(r"1[4-9] min ago: Kettle 1", told)
    assert "0 days ago" not in told
    assert f"Since {read_since('90d', NOW):%a}" in told
