"""The demo tells one story, its counts add up with any mails, and what it says to try can be tried."""

import random
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.people import BROKEN_PROMISE, QUESTION, THREAT, mail
from worker.adapters.samples import SampleMail, sample_mails
from worker.app import opened
from worker.cli.demo import make_demo, page
from worker.cli.demo.workspace import MARK, OWN_ADDRESS
from worker.cli.main import run
from worker.services.accounts import Accounts, account_for
from worker.settings import load_settings

Said = pytest.CaptureFixture[str]
NOW = datetime(2026, 11, 19, 11, 0, tzinfo=UTC)  # a Thursday
EXIT_CODES = {"lint": 1}  # it finds the fake apology it was given
A_FAMOUS_CALL = "You promised Ada Lindqvist a call by Tuesday 5 pm; Ada wrote thanks; nobody called."


def exit_code(command: tuple[str, ...]) -> int:
    try:
        return run(command)
    except SystemExit as ended:
        return int(ended.code or 0)


def accounts(folder: Path) -> Accounts:
    with opened(load_settings(folder / "amends.toml")) as app, app.database.reading() as rooms:
        return account_for(rooms)


def generated(count: int, *, seed: int) -> list[SampleMail]:
    """Mails that nobody wrote for the demo: some complain, some ask, some threaten, some are no mail."""
    chance = random.Random(seed)
    texts = (
        BROKEN_PROMISE,
        QUESTION,
        THREAT,
        "Danke, alles gut angekommen.",
        "Kiitos paljon, hyvä palvelu.",
        "",
    )
    mails = []
    for number in range(count):
        at = NOW - timedelta(minutes=chance.randrange(1, 60 * 24 * 30))
        ours = chance.random() < 0.2
        sender = OWN_ADDRESS if ours else f"customer{chance.randrange(count)}@example.org"
        raw = mail(
            chance.choice(texts), sender=sender, to="someone@example.org" if ours else OWN_ADDRESS, at=at
        )
        if chance.random() < 0.05:
            raw = chance.randbytes(200)
        folder = "Sent" if ours else "INBOX"
        mails.append(SampleMail(folder=folder, name=f"generated-{number}", raw=raw, arrived_at=at, expect=""))
    return sorted(mails, key=lambda one: one.arrived_at)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One finished demo, made just now, for tests that only look at it."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    assert run(["demo", "--folder", str(folder)]) == 0
    return folder


def test_the_counts_of_the_sample_mailbox_add_up(tmp_path: Path, capsys: Said) -> None:
    mails = sample_mails(NOW, own_address=OWN_ADDRESS)
    make_demo(tmp_path / "demo", mails, now=NOW)
    found = accounts(tmp_path / "demo")
    assert (found.came, found.missing) == (len(mails), 0)
    told = capsys.readouterr().out.partition("in all")[0]
    *counts, total = map(int, re.findall(r"(?m)^ +(\d+)  ", told))
    assert sum(counts) == total == len(mails)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_counts_add_up_with_mails_of_any_kind(tmp_path: Path, seed: int) -> None:
    mails = generated(60, seed=seed)
    make_demo(tmp_path / "demo", mails, now=NOW)
    found = accounts(tmp_path / "demo")
    different = {(one.folder, one.raw) for one in mails}
    assert (found.came, found.missing) == (len(different), 0)


@pytest.mark.parametrize("now", [NOW + timedelta(days=n, hours=5) for n in (0, 2, 5)], ids=str)
def test_the_story_holds_on_other_days_too(tmp_path: Path, capsys: Said, now: datetime) -> None:
    few = ("01-", "02-", "03-", "14-", "20-")
    mails = [one for one in sample_mails(now, own_address=OWN_ADDRESS) if one.name.startswith(few)]
    story = make_demo(tmp_path / "demo", mails, now=now)
    assert A_FAMOUS_CALL in capsys.readouterr().out
    assert all(step.at <= now for step in story.steps)
    assert "settled, late" in story.steps[-1].say


def test_the_played_case_goes_through_every_step(tmp_path: Path) -> None:
    story = make_demo(tmp_path / "demo", sample_mails(NOW, own_address=OWN_ADDRESS), now=NOW)
    told = " ".join(step.say for step in story.steps)
    for word in (
        "drafts",
        "Refused",
        "Better:",
        "approves",
        "on record",
        "outbox",
        "Due soon",
        "Overdue",
        "rings",
    ):
        assert word in told
    assert [step.at for step in story.steps] == sorted(step.at for step in story.steps)
    (letter,) = (tmp_path / "demo" / "outbox" / "new").iterdir()
    assert b"KD-48377" in letter.read_bytes()
    assert "Overdue: Priti Raman" in (tmp_path / "demo" / "alerts.txt").read_text("utf-8")


def test_nothing_in_the_workspace_is_from_the_future(tmp_path: Path) -> None:
    make_demo(tmp_path / "demo", sample_mails(NOW, own_address=OWN_ADDRESS), now=NOW)
    with closing(sqlite3.connect(tmp_path / "demo" / "amends.db")) as database:
        for table, column in (
            ("event", "at"),
            ("alert", "raised_at"),
            ("contact", "at"),
            ("draft", "created_at"),
        ):
            (latest,) = database.execute(f"SELECT max({column}) FROM {table}").fetchone()
            assert datetime.fromisoformat(latest).replace(tzinfo=UTC) <= NOW, table


def test_a_case_that_is_not_there_is_not_played(tmp_path: Path) -> None:
    story = make_demo(tmp_path / "demo", generated(5, seed=4), now=NOW)
    assert story.steps == []


def test_the_page_comes_in_lines_of_eighty_columns_but_for_whole_sentences(
    tmp_path: Path, capsys: Said
) -> None:
    make_demo(tmp_path / "demo", sample_mails(NOW, own_address=OWN_ADDRESS), now=NOW)
    page_shown = capsys.readouterr().out
    lines = [line for line in page_shown.splitlines() if str(tmp_path) not in line and "alias" not in line]
    indented = [line for line in lines if line.startswith((" ", "Due ", "Case "))]
    assert indented
    assert max(map(len, (line.rstrip() for line in indented))) <= 80
    assert "\x1b" not in page_shown


def test_a_second_run_leaves_the_workspace_and_offers_fresh(made: Path, capsys: Said) -> None:
    before = (made / "amends.db").read_bytes()
    assert run(["demo", "--folder", str(made)]) == 0
    said = capsys.readouterr().out
    assert "exists" in said
    assert f"amends demo --fresh --folder {made}" in said
    assert (made / "amends.db").read_bytes() == before


def test_fresh_makes_it_anew_and_leaves_what_others_put_there(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    mails = sample_mails(NOW, own_address=OWN_ADDRESS)[:3]
    make_demo(folder, mails, now=NOW)
    (folder / "notes.txt").write_text("mine")
    (folder / "mail" / "cur" / "stray").write_bytes(mails[0].raw)
    assert run(["demo", "--fresh", "--folder", str(folder)]) == 0
    assert (folder / "notes.txt").read_text() == "mine"
    assert not (folder / "mail" / "cur" / "stray").exists()


@pytest.mark.parametrize("arguments", [[], ["--fresh"]])
def test_a_folder_that_is_no_demo_workspace_is_never_touched(
    tmp_path: Path, capsys: Said, arguments: list[str]
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "amends.toml").write_text("# ours")
    assert run(["demo", *arguments, "--folder", str(folder)]) == 1
    assert [entry.name for entry in folder.iterdir()] == ["amends.toml"]
    assert "nothing was touched" in capsys.readouterr().err


def test_a_demo_that_was_cut_short_says_so(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / MARK).write_text("begun")
    assert run(["demo", "--folder", str(tmp_path / "demo")]) == 0
    assert "not finished" in capsys.readouterr().out


def test_the_threat_and_the_smoke_stand_under_danger(tmp_path: Path, capsys: Said) -> None:
    assert run(["demo", "--folder", str(tmp_path / "demo")]) == 0
    danger = capsys.readouterr().out.partition("Danger")[2].partition("Promised")[0]
    assert "R. Stoker" in danger
    assert "Yusuf Demir" in danger


def test_every_command_it_suggests_works_there(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    with opened(load_settings(made / "amends.toml")) as app, app.database.reading() as rooms:
        tries = page.suggestions(rooms, now=datetime.now(UTC))
    monkeypatch.chdir(made)
    monkeypatch.delenv("AMENDS_SETTINGS", raising=False)
    codes = {one.command: exit_code(one.command) for one in tries}
    assert codes == {one.command: EXIT_CODES.get(one.command[0], 0) for one in tries}, capsys.readouterr().err


def test_a_name_cannot_drive_the_terminal(tmp_path: Path, capsys: Said) -> None:
    raw = mail(BROKEN_PROMISE, to=OWN_ADDRESS, at=NOW - timedelta(hours=1)).replace(
        b"Ada Lovell", b"=?utf-8?q?Ada=1B[31m_Lovell?="
    )
    one = SampleMail(folder="INBOX", name="x", raw=raw, arrived_at=NOW - timedelta(hours=1), expect="")
    make_demo(tmp_path / "demo", [one, replace(one, name="y")], now=NOW)
    assert "\x1b" not in capsys.readouterr().out
