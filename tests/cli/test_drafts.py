"""The commands that read, edit, approve and reject a draft, as a person and as a script meets them."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest

from tests.doings import CALL_BY_FRIDAY
from tests.people import ADA, CAL, DAN, SETTINGS_FILE, SUPPORT, Office, SetClock, mail
from worker.app import App, opened
from worker.cli import drafts as drafts_module
from worker.cli.main import run
from worker.domain.draft import Draft, DraftState
from worker.domain.promise import Promise, PromiseSource
from worker.services import promising, review
from worker.settings import load_settings

Editor = dict[str, Callable[[str], str | None]]
TEXT = CALL_BY_FRIDAY.replace("by Friday 27 November, 5 pm", "within 3 working days")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "amends.toml").write_text(SETTINGS_FILE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def app(workspace: Path) -> Iterator[App]:
    with opened(load_settings(workspace / "amends.toml")) as app:
        yield app


@pytest.fixture
def draft(app: App) -> Draft:
    """Ada has complained an hour ago, and Bea has put her own words into the draft."""
    clock = SetClock(at=datetime.now(UTC) - timedelta(hours=1))
    Office(app=app, clock=clock).arrive(mail(at=clock.now()))
    clock.forward(minutes=5)
    with app.database.writing() as rooms:
        return review.edit(rooms, 1, by="Bea Holt", now=clock.now(), text=TEXT)


def lines(said: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.splitlines()]


def now_of(app: App) -> Draft:
    with app.database.reading() as rooms:
        return review.get_draft(rooms, 1)


def approve(draft: Draft, *more: str) -> int:
    return run(["drafts", "approve", "1", "--revision", draft.revision, "--as", "Bea Holt", *more])


@pytest.mark.usefixtures("draft")
def test_the_list_says_for_whom_and_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["drafts", "list"]) == 0
    said = capsys.readouterr().out
    assert "Ada Lovell" in said
    assert "Re: My kettle" in said


def test_show_prints_the_exact_text_with_its_footer_and_the_command(
    draft: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["drafts", "show", "1"]) == 0
    said = capsys.readouterr().out
    assert f"{TEXT}\n\n-- \nReference: AM-1-" in said
    assert f"amends drafts approve 1 --revision {draft.revision} --as 'Bea Holt' --promise 1=ok" in said


def test_the_command_that_show_prints_is_the_one_that_approves(
    app: App, draft: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["drafts", "show", "1", "--json"])
    (page,) = lines(capsys.readouterr().out)
    assert page["promises"][0]["number"] == 1  # type: ignore[index]  # a list in the JSON
    command = str(page["approve"]).removeprefix("amends ").replace("'Bea Holt'", "Bea_Holt").split()
    assert run([word.replace("_", " ") for word in command]) == 0
    assert now_of(app).state is DraftState.APPROVED


def test_what_is_missing_is_listed_as_json_and_nothing_is_approved(
    app: App, draft: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    assert approve(draft) == 1
    (missing,) = lines(capsys.readouterr().out)
    assert (missing["kind"], missing["number"]) == ("promise", 1)
    assert missing["due_at"]
    assert now_of(app).state is DraftState.OPEN


def test_a_due_time_in_words_is_read_and_read_back(
    app: App, draft: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    assert approve(draft, "--promise", "1=in 5 days") == 0
    due = (datetime.now(UTC) + timedelta(days=5)).date()
    with app.database.reading() as rooms:
        (promise,) = rooms.promises.where()
    assert promise.due_at is not None
    assert promise.due_at.date() == due
    assert f"{due:%a %d %b %Y}, 17:00" in capsys.readouterr().out


def test_words_that_name_no_time_are_unusable_input(draft: Draft, capsys: pytest.CaptureFixture[str]) -> None:
    assert approve(draft, "--promise", "1=some day soon") == 2
    assert "names no one time" in capsys.readouterr().err


def test_an_open_blank_has_no_override(app: App, draft: Draft, capsys: pytest.CaptureFixture[str]) -> None:
    with app.database.writing() as rooms:
        blank = review.edit(rooms, 1, by="Bea Holt", now=datetime.now(UTC), text=f"{TEXT}\n[[what we do]]")
    capsys.readouterr()
    assert approve(blank, "--promise", "1=ok", "--override", "blank", "--reason", "hurry") == 1
    assert [one["kind"] for one in lines(capsys.readouterr().out)] == ["blank"]


def test_a_blank_is_filled_without_an_editor(app: App, draft: Draft) -> None:
    with app.database.writing() as rooms:
        review.edit(rooms, 1, by="Bea Holt", now=datetime.now(UTC), text="Dear [[name]],\n[[what we do]]")
    asked = ["drafts", "edit", "1", "--as", "Bea Holt", "--blank", "2=We send it today.", "--blank", "1=Ada"]
    assert run(asked) == 0
    assert now_of(app).text == "Dear Ada,\nWe send it today."


def test_a_file_takes_the_place_of_the_text_and_its_footer_is_not_doubled(
    app: App, draft: Draft, workspace: Path
) -> None:
    file = workspace / "letter.txt"
    file.write_text(f"Dear Ada,\r\nit is on its way.\r\n\r\n-- \r\n{draft.footer}\r\n")
    assert run(["drafts", "edit", "1", "--as", "Bea Holt", "--file", str(file)]) == 0
    assert now_of(app).text == "Dear Ada,\nit is on its way."


def test_an_edit_makes_the_revision_read_before_unusable(
    draft: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["drafts", "edit", "1", "--as", "Bea Holt", "--subject", "Your kettle"]) == 0
    capsys.readouterr()
    assert approve(draft, "--promise", "1=ok") == 1
    assert lines(capsys.readouterr().out)[0]["kind"] == "revision"


def write_again(app: App, words: str = "STOP. Do not write to me again.") -> int:
    """Ada writes once more; the number of her mail."""
    clock = SetClock(at=datetime.now(UTC) - timedelta(minutes=1))
    return Office(app=app, clock=clock).arrive(mail(words, at=clock.now())).id


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> Editor:
    """What the agent does in their $EDITOR, as a function under "does"."""
    does: Editor = {}

    def opened_editor(text: str, **_: object) -> str | None:
        return does["does"](text)

    monkeypatch.setattr(drafts_module, "interactive", lambda: True)
    monkeypatch.setattr(click, "edit", opened_editor)
    return does


def test_a_mail_that_comes_while_the_editor_is_open_stays_in_the_way(
    app: App, draft: Draft, editor: Editor, capsys: pytest.CaptureFixture[str]
) -> None:
    def while_she_writes(text: str) -> str:
        write_again(app)
        return text.replace("Leeds", "Hull").replace("Bea Holt", "Bea")

    editor["does"] = while_she_writes
    assert run(["drafts", "edit", "1", "--as", "Bea Holt"]) == 0
    assert "The customer wrote again (mail 2)" in capsys.readouterr().out
    assert approve(now_of(app), "--promise", "1=ok") == 1
    assert "--seen-mail 2" in capsys.readouterr().out


def test_a_newer_mail_stands_above_the_text_in_the_editor_and_is_answered_then(
    app: App, draft: Draft, editor: Editor
) -> None:
    newer = write_again(app)
    shown: list[str] = []

    def add_a_line(text: str) -> str:
        shown.append(text)
        return f"{text}\nP.S. We have heard you."

    editor["does"] = add_a_line
    assert run(["drafts", "edit", "1", "--as", "Bea Holt"]) == 0
    assert "> STOP. Do not write to me again." in shown[0]
    assert now_of(app).text == f"{TEXT}\nP.S. We have heard you."
    assert now_of(app).mail_id == newer


def kept_words(workspace: Path, told: str) -> str:
    (kept,) = workspace.glob("draft-1-*.txt")
    assert str(kept) in told
    return kept.read_text()


def test_of_two_who_edit_at_once_the_second_overwrites_nothing_and_loses_nothing(
    app: App, draft: Draft, workspace: Path, editor: Editor, capsys: pytest.CaptureFixture[str]
) -> None:
    def while_she_writes(text: str) -> str:
        with app.database.writing() as rooms:
            review.edit(rooms, 1, by="Cal Reyes", now=datetime.now(UTC), text="Dear Ada,\nCal's words.")
        return f"{text}\nBea's words."

    editor["does"] = while_she_writes
    assert run(["drafts", "edit", "1", "--as", "Bea Holt"]) == 1
    told = capsys.readouterr().err
    assert "changed by somebody else" in told
    assert kept_words(workspace, told) == f"{TEXT}\nBea's words.\n"
    assert now_of(app).text == "Dear Ada,\nCal's words."


def test_what_was_typed_is_kept_when_the_draft_is_given_up_meanwhile(
    app: App, draft: Draft, workspace: Path, editor: Editor, capsys: pytest.CaptureFixture[str]
) -> None:
    def while_she_writes(text: str) -> str:
        with app.database.writing() as rooms:
            review.reject(rooms, 1, by="Cal Reyes", reason="we rang her", now=datetime.now(UTC))
        return f"{text}\nBea's words."

    editor["does"] = while_she_writes
    assert run(["drafts", "edit", "1", "--as", "Bea Holt"]) == 1
    told = capsys.readouterr().err
    assert "is rejected (we rang her)" in told
    assert "Bea's words." in kept_words(workspace, told)


def test_a_file_made_from_another_revision_is_refused(app: App, draft: Draft, workspace: Path) -> None:
    (workspace / "letter.txt").write_text("Dear Ada,\nit is on its way.")
    asked = ["drafts", "edit", "1", "--as", "Bea Holt", "--file", "letter.txt", "--revision"]
    assert run([*asked, "0123456789abcdef"]) == 1
    assert now_of(app).text == TEXT
    assert run([*asked, draft.revision]) == 0


@pytest.mark.parametrize("change", [("--subject", "Yours"), ("--cc", "x@example.org"), ("--blank", "1=Ada")])
def test_an_edit_without_the_newer_mail_before_you_says_so(
    app: App, draft: Draft, change: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with app.database.writing() as rooms:
        review.edit(rooms, 1, by="Bea Holt", now=datetime.now(UTC), text=f"[[name]]\n{TEXT}")
    newer = write_again(app)
    assert run(["drafts", "edit", "1", "--as", "Bea Holt", *change]) == 0
    assert f"amends drafts edit 1 --seen-mail {newer} --as YOU" in capsys.readouterr().out
    assert now_of(app).mail_id == draft.mail_id
    assert run(["drafts", "edit", "1", "--as", "Bea Holt", "--seen-mail", str(newer)]) == 0
    assert now_of(app).mail_id == newer


@pytest.mark.parametrize("address", ["a@b@c", "no address", "x@example.org\nBcc: y@example.org"])
def test_an_address_that_is_none_is_refused(
    draft: Draft, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["drafts", "edit", "1", "--as", "Bea Holt", "--to", address]) == 1
    assert "no address" in capsys.readouterr().err


def test_show_says_when_a_letter_would_not_reach_the_customer(
    draft: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["drafts", "edit", "1", "--as", "Bea Holt", "--to", "depot@example.org"])
    run(["drafts", "show", "1"])
    assert "will not count as contact" in capsys.readouterr().out.replace("\n", " ")


def test_a_fake_apology_needs_a_reason_to_stand(
    app: App, draft: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.database.writing() as rooms:
        fake = review.edit(
            rooms,
            1,
            by="Bea Holt",
            now=datetime.now(UTC),
            text="Dear Ada,\n\nI am sorry if you feel that way.\n\nBea",
        )
    assert approve(fake) == 1
    found = [str(one["finding"]) for one in lines(capsys.readouterr().out)]
    assert found
    assert (
        approve(fake, *[word for one in found for word in ("--override", one)], "--reason", "her own words")
        == 0
    )
    with app.database.reading() as rooms:
        (approval,) = rooms.approvals.where()
    assert {one.reason for one in approval.overrides} == {"her own words"}


def test_at_a_terminal_what_is_missing_is_asked(
    app: App, draft: Draft, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.database.writing() as rooms:
        made_at = datetime.now(UTC)
        promise = Promise(
            case_id=1,
            words="I will ring you tomorrow",
            made_at=made_at,
            due_at=made_at + timedelta(days=1),
            zone="Europe/London",
            owner="Bea Holt",
            source=PromiseSource.PHONE,
        )
        promising.make(rooms, app.house, promise)
    answers = iter(["some day", "none", "ok"])
    asked: list[str] = []

    def prompt(text: str, **_: object) -> str:
        asked.append(text)
        return next(answers)

    monkeypatch.setattr(drafts_module, "interactive", lambda: True)
    monkeypatch.setattr(click, "prompt", prompt)
    assert approve(draft) == 0
    assert [text.split()[0] for text in asked] == ["Promise", "Settles", "Promise"]
    assert "names no one time" in capsys.readouterr().err


FORWARDED = """Can you answer this one?

---------- Forwarded message ---------
From: Ada Lovell <ada@example.org>
Subject: Kettle

My kettle was promised for last Tuesday and it still has not arrived. I am very disappointed."""


@pytest.fixture
def passed_on(app: App) -> Draft:
    """Cal forwarded Ada's mail, and Bea has written the answer."""
    clock = SetClock(at=datetime.now(UTC) - timedelta(hours=1))
    Office(app=app, clock=clock).arrive(mail(FORWARDED, sender=CAL, subject="Fwd: Kettle", at=clock.now()))
    with app.database.writing() as rooms:
        return review.edit(rooms, 1, by="Bea Holt", now=clock.forward(minutes=5), text=TEXT)


def test_show_says_who_passed_the_mail_on_and_asks_for_its_recipient(
    app: App, passed_on: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["drafts", "show", "1"])
    said = capsys.readouterr().out
    assert f"The mail it answers was passed on by {CAL}." in said
    assert f"--to-confirmed {ADA}; if not: amends drafts edit 1 --to ADDRESS --as YOU" in said
    assert approve(passed_on, "--promise", "1=ok") == 1
    assert approve(passed_on, "--promise", "1=ok", "--to-confirmed", ADA) == 0


@pytest.mark.parametrize(("answer", "state"), [(True, DraftState.APPROVED), (False, DraftState.OPEN)])
def test_at_a_terminal_the_recipient_of_a_mail_passed_on_is_asked(
    app: App, passed_on: Draft, monkeypatch: pytest.MonkeyPatch, *, answer: bool, state: DraftState
) -> None:
    def confirm(text: str, **_: object) -> bool:
        assert ADA in text
        if not answer:
            raise click.Abort
        return True

    monkeypatch.setattr(drafts_module, "interactive", lambda: True)
    monkeypatch.setattr(click, "confirm", confirm)
    assert approve(passed_on, "--promise", "1=ok") == (0 if answer else 1)
    assert now_of(app).state is state


def test_a_differing_reply_to_is_shown_and_only_the_agent_follows_it(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = SetClock(at=datetime.now(UTC) - timedelta(hours=1))
    Office(app=app, clock=clock).arrive(mail(at=clock.now(), Reply_To=f"Dan <{DAN}>, {ADA}"))
    assert now_of(app).to == (ADA,)
    command = f"They ask for answers at {DAN}: amends drafts edit 1 --to {DAN} --as YOU"
    for shown in (["drafts", "show", "1"], ["cases", "show", "1"]):
        assert run(shown) == 0
        assert command in capsys.readouterr().out
    run(["drafts", "show", "1", "--json"])
    assert lines(capsys.readouterr().out)[0]["reply_to"] == [DAN]
    assert run(["drafts", "edit", "1", "--as", "Bea Holt", "--to", DAN]) == 0
    capsys.readouterr()
    run(["drafts", "show", "1"])
    assert "They ask for answers" not in capsys.readouterr().out


@pytest.mark.parametrize("reply_to", [ADA, SUPPORT, "not an address; rm -rf /"])
def test_a_reply_to_that_is_no_other_address_is_not_spoken_of(
    app: App, reply_to: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = SetClock(at=datetime.now(UTC) - timedelta(hours=1))
    raw = mail(at=clock.now()).replace(b"To: ", b"Reply-To: " + reply_to.encode() + b"\nTo: ", 1)
    Office(app=app, clock=clock).arrive(raw)
    run(["drafts", "show", "1"])
    run(["cases", "show", "1"])
    assert "They ask for answers" not in capsys.readouterr().out


def test_a_letter_may_leave_later(app: App, draft: Draft) -> None:
    assert approve(draft, "--promise", "1=in 9 days", "--at", "tomorrow 9 am") == 0
    with app.database.reading() as rooms:
        (letter,) = rooms.deliveries.where()
        (promise,) = rooms.promises.where()
    assert letter.planned_at > datetime.now(UTC)
    assert promise.made_at == letter.planned_at


def test_a_time_that_has_passed_is_unusable(draft: Draft) -> None:
    assert approve(draft, "--promise", "1=ok", "--at", "2020-01-01T09:00") == 2


def test_a_rejected_draft_says_what_to_do_next(
    app: App, draft: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["drafts", "reject", "1", "--as", "Cal Reyes", "--reason", "we rang her"]) == 0
    assert "amends drafts new 1" in capsys.readouterr().out
    assert now_of(app).state_reason == "we rang her"
    assert approve(draft, "--promise", "1=ok") == 1


def test_changes_can_be_asked_for_and_made(app: App, draft: Draft) -> None:
    assert run(["drafts", "ask-changes", "1", "--as", "Cal Reyes", "--note", "name the depot"]) == 0
    assert now_of(app).state is DraftState.CHANGES_ASKED
    assert run(["drafts", "edit", "1", "--as", "Bea Holt", "--subject", "Your kettle in Leeds"]) == 0
    assert now_of(app).state is DraftState.OPEN


def test_a_fresh_draft_takes_the_place_of_the_old_one(app: App, draft: Draft) -> None:
    assert run(["drafts", "new", "1", "--stage", "interim"]) == 0
    assert now_of(app).state is DraftState.RETIRED


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["drafts", "show", "9"], 1),
        (["drafts", "new", "9"], 1),
        (["drafts", "approve", "9", "--revision", "x", "--as", "Bea Holt"], 1),
        (["drafts", "reject", "9", "--as", "Nobody", "--reason", "x"], 2),
        (["outbox", "show", "9"], 1),
        (["drafts", "edit", "x"], 2),
    ],
)
def test_what_is_not_there_is_a_sentence(
    command: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command) == code
    assert "Traceback" not in capsys.readouterr().err


def test_the_outbox_shows_the_letter_as_it_was_frozen(
    draft: Draft, capsys: pytest.CaptureFixture[str]
) -> None:
    approve(draft, "--promise", "1=ok")
    capsys.readouterr()
    run(["outbox", "list", "--json"])
    (letter,) = lines(capsys.readouterr().out)
    assert (letter["state"], letter["recipients"]) == ("approved", ["ada@example.org"])
    run(["outbox", "show", "1", "--json"])
    (shown,) = lines(capsys.readouterr().out)
    assert "within 3 working days" in str(shown["text"])
