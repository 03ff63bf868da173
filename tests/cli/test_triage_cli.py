"""`amends triage`: the JSON of the contract, sentences for people, exit codes."""

import json
import re
from pathlib import Path

from click.testing import CliRunner

from worker.cli.triage import triage

MAIL = (
    "From: Ada <ada@example.test>\r\nTo: help@example.org\r\nSubject: My kettle\r\n"
    "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <a@example.test>\r\n\r\n"
    "It has been eleven days and my kettle still hasn't\r\narrived.\r\n\r\nAda\r\n"
)
FIELDS = (
    "path message_id from subject date language machine verdict score severity topics route evidence text"
)


def test_a_line_of_json_per_mail(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text(MAIL)
    result = CliRunner().invoke(triage, ["--json", str(tmp_path)])
    (line,) = map(json.loads, result.stdout.splitlines())
    assert list(line) == FIELDS.split()
    assert (line["verdict"], line["route"], line["language"], line["from"]) == (
        "complaint",
        "draft",
        "en",
        "ada@example.test",
    )
    first = line["evidence"][0]
    assert line[first["field"]][first["start"] : first["end"]] == first["text"]
    assert result.exit_code == 0


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text(MAIL)
    result = CliRunner().invoke(triage, ["--json", str(tmp_path / "none.eml"), str(tmp_path)])
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert set(told[0]) == {"path", "error"}
    assert told[1]["verdict"] == "complaint"
    assert result.exit_code == 2


def test_a_person_reads_the_words_behind_the_verdict(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text(MAIL)
    result = CliRunner().invoke(triage, [str(tmp_path)])
    assert re.search(r"complaint, \w+, about .*delivery", result.stdout)
    assert '"still hasn\'t arrived" (not-arrived)' in result.stdout
