"""The promise commands: what is owed is seen at once, and every answer is one line to type."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.people import SETTINGS_FILE, Office, SetClock, mail
from worker.app import App, opened
from worker.cli.main import run
from worker.domain.promise import Ending, Promise, PromiseSource, PromiseState
from worker.services import promising
from worker.settings import load_settings

AS_BEA = ("--as", "Bea Holt")
NOW = datetime.now(UTC)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    (tmp_path / "amends.toml").write_text(SETTINGS_FILE)
    monkeypatch.chdir(tmp_path)
    with opened(load_settings(tmp_path / "amends.toml")) as app:
        office = Office(app=app, clock=SetClock(at=NOW - timedelta(days=5)))
        office.arrive(mail(at=office.now))
        yield app


def promised(app: App, words: str, due_at: datetime | None, **more: object) -> Promise:
    facts: dict[str, object] = {"owner": "Bea Holt", "source": PromiseSource.PHONE} | more
    with app.database.writing() as rooms:
        return promising.make(
            rooms,
            app.house,
            Promise(
                case_id=1,
                words=words,
                made_at=NOW - timedelta(days=4),
                due_at=due_at,
                zone="Europe/London",
                **facts,  # type: ignore[arg-type]  # names of Promise's own fields
            ),
        )


@pytest.fixture
def late(app: App) -> Promise:
    return promised(app, "We will refund you by Friday", NOW - timedelta(hours=17, minutes=42))


@pytest.fixture
def later(app: App) -> Promise:
    return promised(app, "I will ring you tomorrow", NOW + timedelta(hours=2), owner="Cal Reyes")


def now_of(app: App, promise: Promise) -> Promise:
    with app.database.reading() as rooms:
        found = rooms.promises.get(promise.id)
    assert found is not None
    return found


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_list_says_what_is_owed_to_whom_by_when_the_overdue_first(
    app: App, later: Promise, late: Promise, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["promises", "list"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("We owe 2 promises; 1 overdue.")
    rows = said.splitlines()[2:]
    assert "17 h 4" in rows[0]
    assert "late" in rows[0]
    assert "Ada Lovell" in rows[0]
    assert "We will refund you by Friday" in rows[0]
    assert "Bea Holt" in rows[0]
    assert rows[1].startswith(("in 1 h 5", "in 2 h"))


def test_the_list_can_be_narrowed(
    app: App, later: Promise, late: Promise, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["promises", "list", "--owner", "cal reyes", "--json"])
    assert [one["id"] for one in lines(capsys)] == [later.id]
    run(["promises", "list", "--overdue", "--json"])
    assert [(one["id"], one["overdue"]) for one in lines(capsys)] == [(late.id, True)]
    run(["promises", "list", "--case", "99", "--json"])
    assert lines(capsys) == []


def test_a_vague_promise_shows_when_it_is_looked_at_again(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    promised(app, "We will be in touch shortly", None)
    run(["promises", "list"])
    assert "look again" in capsys.readouterr().out


def test_a_vague_promise_nobody_has_looked_at_is_late(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    past = promised(app, "We will be in touch shortly", None, look_again_at=NOW - timedelta(days=4))
    run(["promises", "list"])
    said = capsys.readouterr().out
    assert said.startswith("We owe 1 promise; none overdue, 1 to look at again.")
    assert "look again 4 days" in said
    assert "late" in said
    run(["promises", "show", str(past.id)])
    assert "No time was given: look again 4 days" in capsys.readouterr().out


def test_ended_ones_are_listed_when_asked_for(
    app: App, late: Promise, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["promises", "withdraw", str(late.id), *AS_BEA, "--released"])
    capsys.readouterr()
    run(["promises", "list", "--json"])
    assert lines(capsys) == []
    run(["promises", "list", "--all", "--json"])
    assert [(one["state"], one["ending"]) for one in lines(capsys)] == [("withdrawn", "released_by_customer")]


def test_a_call_settles_a_promise(app: App, late: Promise, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["promises", "settle", str(late.id), *AS_BEA, "--call", "told her it is in her bank"]) == 0
    after = now_of(app, late)
    assert (after.state, after.ending) == (PromiseState.SETTLED, Ending.LATE)
    assert after.contact_id is not None
    assert "is settled, late" in capsys.readouterr().out


def test_settling_wants_to_know_how_the_customer_was_told(app: App, late: Promise) -> None:
    assert run(["promises", "settle", str(late.id), *AS_BEA]) == 2
    assert run(["promises", "settle", str(late.id), *AS_BEA, "--contact", "99"]) == 1
    assert run(["promises", "settle", str(late.id), *AS_BEA, "--no"]) == 1
    assert now_of(app, late).state is PromiseState.OPEN


def test_a_promise_settles_once(app: App, late: Promise) -> None:
    asked = ["promises", "settle", str(late.id), *AS_BEA, "--call", "told her"]
    assert run(asked) == 0
    assert run(asked) == 1


def test_the_question_is_answered_in_one_line(
    app: App, late: Promise, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(app=app, clock=SetClock(at=NOW))
    letter = mail("Your kettle is on its way.", sender="support@example.test", to="ada@example.org", at=NOW)
    office.arrive(letter.replace(b"Subject: My kettle", b"Subject: Re: My kettle"), folder="Sent")
    run(["promises", "list"])
    assert f"amends promises settle {late.id} --no --as NAME" in capsys.readouterr().out
    assert run(["promises", "settle", str(late.id), *AS_BEA, "--no"]) == 0
    assert now_of(app, late).state is PromiseState.OPEN


def test_moving_drafts_the_letter_and_the_date_stays_until_it_is_sent(app: App, late: Promise) -> None:
    assert run(["promises", "move", str(late.id), *AS_BEA, "--to", "in 9 days"]) == 0
    with app.database.reading() as rooms:
        draft = rooms.drafts.where(newest_first=True, limit=1)[0]
    assert (draft.stage, draft.moves_promise_id) == ("missed", late.id)
    assert now_of(app, late) == late


def test_a_promise_that_is_not_late_yet_is_moved_with_another_letter(app: App, later: Promise) -> None:
    run(["promises", "move", str(later.id), *AS_BEA, "--to", "in 9 days"])
    with app.database.reading() as rooms:
        assert rooms.drafts.where(newest_first=True, limit=1)[0].stage == "moved"


def test_a_new_date_that_has_passed_is_unusable(app: App, late: Promise) -> None:
    assert run(["promises", "move", str(late.id), *AS_BEA, "--to", "2020-01-01"]) == 2


def test_what_was_read_in_a_letter_is_confirmed_with_a_date(app: App) -> None:
    read = promised(app, "We will look into it", None, state=PromiseState.UNCONFIRMED)
    assert run(["promises", "confirm", str(read.id), *AS_BEA, "--due", "2030-05-06T15:00"]) == 0
    after = now_of(app, read)
    assert (after.state, after.due_at) == (PromiseState.OPEN, datetime(2030, 5, 6, 14, 0, tzinfo=UTC))


def test_a_date_the_customer_was_told_is_not_changed_behind_their_back(
    app: App, later: Promise, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["promises", "confirm", str(later.id), *AS_BEA, "--due", "2030-05-06"]) == 1
    assert "promises move" in capsys.readouterr().err
    assert now_of(app, later) == later


def test_work_done_stays_on_the_list_and_says_whom_to_tell(
    app: App, later: Promise, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["promises", "done", str(later.id), *AS_BEA]) == 0
    capsys.readouterr()
    run(["promises", "list"])
    assert "not told" in capsys.readouterr().out
    assert now_of(app, later).state is PromiseState.OPEN


def test_a_withdrawal_needs_its_reason(app: App, later: Promise) -> None:
    assert run(["promises", "withdraw", str(later.id), *AS_BEA]) == 2
    assert run(["promises", "withdraw", str(later.id), *AS_BEA, "--misread"]) == 0


def test_a_promise_made_by_telephone_joins_the_customers_open_case(app: App) -> None:
    asked = [
        "promises",
        "add",
        *AS_BEA,
        "--customer",
        "Ada@Example.org",
        "--words",
        "I will ring",
        "--due",
        "in 3 days",
    ]
    assert run(asked) == 0
    with app.database.reading() as rooms:
        (made,) = rooms.promises.where()
    assert (made.case_id, made.source, made.owner) == (1, PromiseSource.PHONE, "Bea Holt")


def test_somebody_unknown_gets_a_case(app: App) -> None:
    asked = [
        "promises",
        "add",
        *AS_BEA,
        "--customer",
        "dan@example.org",
        "--words",
        "I will ring",
        "--due",
        "in 3 days",
    ]
    assert run(asked) == 0
    with app.database.reading() as rooms:
        case = rooms.cases.get(2)
    assert case is not None
    assert case.is_open


@pytest.mark.parametrize(
    "more",
    [
        [],
        ["--case", "1", "--customer", "ada@example.org"],
        ["--customer", "support@example.test"],
        ["--customer", "nobody"],
    ],
)
def test_it_must_be_clear_to_whom(app: App, more: list[str]) -> None:
    assert run(["promises", "add", *AS_BEA, "--words", "I will ring", "--due", "in 3 days", *more]) == 2


def test_show_tells_the_history_and_the_next_act(
    app: App, late: Promise, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["promises", "done", str(late.id), *AS_BEA])
    capsys.readouterr()
    assert run(["promises", "show", str(late.id)]) == 0
    said = capsys.readouterr().out
    assert "work done, Bea Holt" in said
    assert "amends drafts new 1 --stage done" in said


def test_hostile_words_cannot_drive_the_terminal(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    promised(app, "I will \x1b[2Jring you", NOW + timedelta(days=1))
    run(["promises", "list"])
    assert "\x1b" not in capsys.readouterr().out


CSV = """customer,name,words,due,made,owner,id
ada@example.org,Ada Lovell,We will refund you,2026-12-01,2026-11-20,Cal Reyes,A-1
dan@example.org,Dan Ocker,I will ring you,in 3 working days,2026-11-20T10:00,,A-2
dan@example.org,Dan Ocker,We will look into it,,,,A-3
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "old.csv"
    path.write_text(CSV, encoding="utf-8-sig")
    return path


def all_promises(app: App) -> list[Promise]:
    with app.database.reading() as rooms:
        return rooms.promises.where()


def test_an_import_keeps_customer_due_owner_and_words(app: App, file: Path) -> None:
    assert run(["promises", "import", str(file), *AS_BEA]) == 0
    refund, ring, look = all_promises(app)
    assert (refund.case_id, refund.owner, refund.due_at) == (
        1,
        "Cal Reyes",
        datetime(2026, 12, 1, 17, tzinfo=UTC),
    )
    assert (ring.owner, ring.due_at) == ("Bea Holt", datetime(2026, 11, 25, 17, tzinfo=UTC))
    assert (look.case_id, look.due_at, look.source) == (ring.case_id, None, PromiseSource.IMPORTED)
    assert look.look_again_at is not None


def test_importing_again_imports_nothing_twice(app: App, file: Path) -> None:
    run(["promises", "import", str(file)])
    file.write_text(CSV + "ada@example.org,,We will write,2027-01-04,,,A-4\n")
    assert run(["promises", "import", str(file)]) == 0
    assert len(all_promises(app)) == 4


def test_a_dry_run_changes_nothing(app: App, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["promises", "import", str(file), "--dry-run"]) == 0
    assert "3 promises would be imported" in capsys.readouterr().out
    assert all_promises(app) == []


def test_every_bad_row_is_named_and_nothing_is_half_imported(
    app: App, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(
        CSV
        + "nobody,,words,2026-12-01,,,\nada@example.org,,,2026-12-01,,,\nada@example.org,,words,whenever,,,\n"
        + "ada@example.org,,words,2026-12-01,,Nobody Here,\nada@example.org,,words,2026-12-01,2099-01-01,,\n"
    )
    assert run(["promises", "import", str(file)]) == 2
    said = capsys.readouterr().err
    assert all(f"line {number}:" in said for number in range(5, 10))
    assert all_promises(app) == []


def test_a_case_that_is_not_open_is_named(app: App, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(
        "customer,words,due,case\nada@example.org,first,2026-12-01,1\nada@example.org,x,2026-12-01,77\n"
    )
    assert run(["promises", "import", str(file)]) == 2
    assert "line 3: there is no open case 77" in capsys.readouterr().err
    assert all_promises(app) == []


@pytest.mark.parametrize(
    "header", ["customer,words", "customer,words,due,colour", "customer,words,due,due", ""]
)
def test_a_header_that_does_not_fit_is_explained(
    app: App, file: Path, header: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(f"{header}\nada@example.org,x,2026-12-01\n")
    assert run(["promises", "import", str(file)]) == 2
    assert "names columns out of customer" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'customer,words,due\n"a\x00b,c,d\n'])
def test_a_file_that_is_no_csv_is_a_sentence(app: App, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert run(["promises", "import", str(file)]) == 2
    assert run(["promises", "import", str(file.with_name("missing.csv"))]) == 2
