"""`amends rules`: check, list, explain."""

import json
from pathlib import Path

from click.testing import CliRunner

from worker.cli.rules import rules
from worker.errors import BadInput


def test_check_says_that_all_is_in_order() -> None:
    result = CliRunner().invoke(rules, ["check"])
    assert "samples: all in order" in result.stdout


def test_check_names_every_fault(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('id = "bad"\nsort = 1\n')
    result = CliRunner().invoke(rules, ["check", "--rules", str(tmp_path)])
    assert isinstance(result.exception, BadInput)
    assert "bad.toml:2: 'sort' is no key" in str(result.exception)


def test_list_gives_json_for_scripts() -> None:
    result = CliRunner().invoke(rules, ["list", "--json", "--lang", "fr"])
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert {one["lang"] for one in told} == {"fr"}


def test_explain_shows_hits_weakened_hits_and_the_sum(tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_text(
        "From: ada@example.test\nSubject: Hello\n\n"
        "I am not disappointed with the lamp, but the second parcel still has not arrived.\n"
    )
    told = CliRunner().invoke(rules, ["explain", str(mail)]).stdout
    assert "dissatisfaction (weakened: negated)" in told
    assert "not-arrived (for a complaint +3)" in told
    assert "reaches the threshold" in told
