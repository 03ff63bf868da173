import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from worker.cli.promises_find import find
from worker.errors import BadInput

LETTER = """From: Bea <bea@example.test>
To: Ada <ada@example.org>
Subject: Your kettle
Date: Thu, 19 Nov 2026 10:30:00 +0000
Message-ID: <kettle-1@example.test>
Content-Type: text/plain; charset=utf-8

Dear Ada,

I will ring you by Tuesday.

On Wed, 18 Nov 2026 at 09:00, Ada wrote:
> You said: we will refund you by Friday.
"""


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.eml"
    path.write_bytes(LETTER.replace("\n", "\r\n").encode())
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(find, [str(argument) for argument in arguments])


def test_each_mail_gives_one_line_with_its_promises(letter: Path) -> None:
    line = json.loads(run("--json", letter).stdout)
    (promise,) = line["promises"]
    assert line["message_id"] == "<kettle-1@example.test>"
    assert line["sent_at"] == "2026-11-19T10:30:00+00:00"
    assert line["text"][promise["start"] : promise["end"]] == promise["text"] == "I will ring you by Tuesday"
    assert promise["strength"] == "firm"
    assert promise["due_at"] == "2026-11-24T17:00:00+00:00"
    assert promise["unsure"] is False
    assert promise["readings"] == []


def test_quoted_words_stay_in_the_text_and_promise_nothing(letter: Path) -> None:
    line = json.loads(run("--json", letter).stdout)
    assert "refund you by Friday" in line["text"]
    assert len(line["promises"]) == 1


def test_the_zone_decides_when_business_ends(letter: Path) -> None:
    line = json.loads(run("--json", "--zone", "Europe/Madrid", "--country", "ES", letter).stdout)
    assert line["promises"][0]["due_at"] == "2026-11-24T17:00:00+01:00"


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(letter: Path, tmp_path: Path) -> None:
    result = run("--json", tmp_path / "nothing.eml", letter)
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert set(first) == {"path", "error"}
    assert second["promises"]
    assert result.exit_code == 2


def test_a_letter_without_a_date_is_told(tmp_path: Path) -> None:
    path = tmp_path / "undated.eml"
    path.write_text(LETTER.replace("Date: Thu, 19 Nov 2026 10:30:00 +0000\n", ""))
    result = run("--json", path)
    assert "Date" in json.loads(result.stdout)["error"]
    assert result.exit_code == 2


def test_a_person_sees_the_promise_marked_and_its_reading(letter: Path) -> None:
    shown = run(letter).stdout
    assert "»I will ring you by Tuesday«" in shown
    assert "end of business on Tuesday 24 November 2026" in shown


@pytest.mark.parametrize("locale", ["qq", "en-", "en-gb-x", "english"])
def test_a_locale_that_is_not_known_is_refused(letter: Path, locale: str) -> None:
    refused = run("--locale", locale, letter)
    assert isinstance(refused.exception, BadInput)
    assert "--locale" in str(refused.exception)


@pytest.mark.parametrize("locale", ["en-US", "en_GB", "de", "pt-BR"])
def test_a_known_locale_is_taken(letter: Path, locale: str) -> None:
    assert run("--locale", locale, letter).exit_code == 0
