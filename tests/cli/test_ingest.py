"""Mail from files comes in once, in the order it was written, and every file is accounted for."""

import json
import mailbox
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.people import ADA, MONDAY, QUESTION, SETTINGS_FILE, mail
from worker.app import opened
from worker.cli.ingest import arrived_at
from worker.cli.main import run
from worker.domain.post import KeptMail, ReadMail
from worker.settings import load_settings

Said = pytest.CaptureFixture[str]


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "amends.toml"
    file.write_text(SETTINGS_FILE)
    return file


def ingest(settings: Path, *arguments: object) -> int:
    return run(["ingest", "-c", str(settings), *map(str, arguments)])


def kept(settings: Path) -> list[KeptMail]:
    with opened(load_settings(settings)) as app, app.database.reading() as rooms:
        return rooms.kept.where()


def read(settings: Path) -> list[ReadMail]:
    with opened(load_settings(settings)) as app, app.database.reading() as rooms:
        return rooms.mails.where()


def mbox(path: Path, *mails: bytes) -> Path:
    box = mailbox.mbox(path)
    for raw in mails:
        box.add(raw)
    box.close()
    return path


def test_running_it_again_takes_nothing_in_twice(settings: Path, tmp_path: Path, capsys: Said) -> None:
    box = mbox(tmp_path / "old.mbox", mail(), mail(QUESTION))
    assert ingest(settings, box) == 0
    assert ingest(settings, box) == 0
    assert len(kept(settings)) == 2
    assert "none of them new" in capsys.readouterr().out


def test_the_same_mails_in_another_kind_of_file_keep_their_own_folder(settings: Path, tmp_path: Path) -> None:
    raw = mail()
    (tmp_path / "one.eml").write_bytes(raw)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.eml").write_bytes(raw)
    ingest(settings, tmp_path / "one.eml", tmp_path / "letters")
    assert {row.folder for row in kept(settings)} == {"one.eml", "letters"}
    assert [row.copy_of for row in read(settings)] == [None, 1]


def test_new_mails_get_numbers_after_those_that_are_held(settings: Path, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "b.eml").write_bytes(mail())
    ingest(settings, folder)
    (folder / "a.eml").write_bytes(mail(QUESTION))
    ingest(settings, folder)
    assert [(row.uidvalidity, row.uid) for row in kept(settings)] == [(0, 1), (0, 2)]


def test_a_maildir_brings_its_folders(settings: Path, tmp_path: Path) -> None:
    for place, raw in (("new", mail()), (".Sent/cur", mail(QUESTION, sender=ADA))):
        (tmp_path / "box" / place).mkdir(parents=True)
        (tmp_path / "box" / place / "1.example").write_bytes(raw)
    assert ingest(settings, tmp_path / "box", "--mailbox", "support") == 0
    assert {(row.mailbox, row.folder) for row in kept(settings)} == {
        ("support", "INBOX"),
        ("support", "Sent"),
    }


def test_what_lies_in_a_maildir_is_kept_even_where_it_is_no_mail(settings: Path, tmp_path: Path) -> None:
    (tmp_path / "box" / "new").mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.example").write_bytes(b"a scanner was here")
    assert ingest(settings, tmp_path / "box") == 0
    assert [str(row.state) for row in kept(settings)] == ["set_aside"]


def test_a_file_that_is_no_mail_is_named_and_the_rest_goes_on(
    settings: Path, tmp_path: Path, capsys: Said
) -> None:
    (tmp_path / "good.eml").write_bytes(mail())
    (tmp_path / "bad.eml").write_bytes(b"a shopping list")
    code = ingest(settings, tmp_path / "bad.eml", tmp_path / "good.eml", tmp_path / "none.eml")
    assert (code, len(kept(settings))) == (2, 1)
    errors = capsys.readouterr().err
    assert "bad.eml is no mail" in errors
    assert "none.eml is not there" in errors


def test_json_has_a_line_for_each_unreadable_input_and_one_with_the_counts(
    settings: Path, tmp_path: Path, capsys: Said
) -> None:
    (tmp_path / "good.eml").write_bytes(mail())
    assert ingest(settings, tmp_path / "good.eml", tmp_path / "none.eml", "--json") == 2
    unread, counts = map(json.loads, capsys.readouterr().out.splitlines())
    assert set(unread) == {"path", "error"}
    assert counts["came"] == sum(counts["places"].values()) == 1
    assert (counts["found"], counts["taken_in"], counts["held_already"], counts["unreadable"]) == (1, 1, 0, 1)


def test_mail_from_before_since_is_history_and_gets_no_draft(settings: Path, tmp_path: Path) -> None:
    box = mbox(tmp_path / "old.mbox", mail(at=MONDAY - timedelta(days=100)))
    ingest(settings, box, "--since", "2026-11-01")
    with opened(load_settings(settings)) as app, app.database.reading() as rooms:
        assert [row.is_history for row in rooms.mails.where()] == [True]
        assert rooms.drafts.count() == 0


def test_an_answer_in_a_later_file_meets_the_mail_it_answers(settings: Path, tmp_path: Path) -> None:
    first = mail(message_id="<first@example.org>", at=MONDAY)
    second = mail("And where is it?", answers="<first@example.org>", at=MONDAY + timedelta(hours=1))
    (tmp_path / "1.eml").write_bytes(second)
    (tmp_path / "2.eml").write_bytes(first)
    ingest(settings, tmp_path / "1.eml", tmp_path / "2.eml")
    assert {row.case_id for row in read(settings)} == {1}


def test_a_mail_without_a_date_or_from_the_future_came_now() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert arrived_at(b"Subject: x\n\nhello", now=now) == now
    assert arrived_at(mail(at=now + timedelta(days=9)), now=now) == now
    assert arrived_at(mail(at=now - timedelta(days=9)), now=now) == now - timedelta(days=9)


def test_a_wrong_folder_is_a_sentence(settings: Path, tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "empty").mkdir()
    assert ingest(settings, tmp_path / "empty") == 2
    assert "holds no mail" in capsys.readouterr().err
