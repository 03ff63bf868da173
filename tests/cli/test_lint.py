"""`amends lint` as a script or a person sees it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from worker.cli import main
from worker.cli.lint import lint

FAKE = "Dear Ada,\nWe apologise for any inconvenience caused.\n"
HONEST = "Dear Ada,\nI am sorry that we sent the red lamp to your old address.\n"


def run(*arguments: str, typed: str | None = None) -> tuple[int, list[dict[str, Any]]]:
    done = CliRunner().invoke(lint, ["--json", *arguments], input=typed)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    (tmp_path / "fake.txt").write_text(FAKE, "utf-8")
    (tmp_path / "honest.md").write_text(HONEST, "utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    return tmp_path


def test_a_folder_gives_a_line_per_letter_and_blocks(letters: Path) -> None:
    code, lines = run(str(letters))
    assert code == 1
    assert [(Path(line["path"]).name, len(line["findings"])) for line in lines] == [
        ("fake.txt", 1),
        ("honest.md", 0),
    ]
    (finding,) = lines[0]["findings"]
    assert list(finding) == ["id", "kind", "level", "start", "end", "text", "message", "suggestion"]
    assert lines[0]["text"][finding["start"] : finding["end"]] == finding["text"]


def test_a_clean_letter_exits_0(letters: Path) -> None:
    assert run(str(letters / "honest.md"))[0] == 0


def test_standard_input_is_a_dash() -> None:
    code, lines = run("-", typed=FAKE)
    assert (code, lines[0]["path"], lines[0]["findings"][0]["kind"]) == (1, "-", "inconvenience-cliche")


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(letters: Path) -> None:
    (letters / "odd.txt").write_bytes(b"\xff\xfe\x00")
    code, lines = run(str(letters / "missing.txt"), str(letters / "odd.txt"), str(letters / "honest.md"))
    assert code == 2
    assert ["error" in line for line in lines] == [True, True, False]


def test_the_whole_program_returns_the_exit_code_instead_of_ending(letters: Path) -> None:
    assert main.run(["lint", "--json", str(letters / "fake.txt")]) == 1
    assert main.run(["lint", "--json", str(letters / "honest.md")]) == 0


def test_the_kind_of_answer_counts() -> None:
    asks = "Which size do you need for the red coat?"
    assert run("-", typed=asks)[0] == 1
    assert run("--reply-to", "enquiry", "-", typed=asks)[0] == 0


def test_a_canned_reply_may_hold_blanks() -> None:
    canned = "I am sorry that your {item} came late on {day}."
    assert run("-", "--language", "en", typed=canned)[0] == 1
    assert run("--template", "--language", "en", "-", typed=canned)[0] == 0


def test_a_person_sees_the_words_why_and_what_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = CliRunner().invoke(lint, ["-"], input=FAKE, color=True).stdout
    assert "[We apologise for any inconvenience caused.]" in shown
    assert "Why:" in shown
    assert "Better:" in shown
    assert "\x1b" not in shown


def test_it_loads_no_database_no_settings_model_and_no_language_model() -> None:
    asked = "import sys, worker.cli.lint; print([m for m in ('sqlalchemy', 'pydantic', 'py3langid', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_without_letters_says_which_files_it_looked_for(tmp_path: Path) -> None:
    code, lines = run(str(tmp_path))
    assert (code, lines) == (2, [{"path": str(tmp_path), "error": "holds no .txt or .md files"}])
