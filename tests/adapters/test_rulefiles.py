"""The rules that ship are in order, and a team's folder is taken whole or not at all."""

from pathlib import Path

import pytest

from worker.adapters.rulefiles import BadRules, load_rules
from worker.adapters.shipped import shipped_folder
from worker.errors import BadInput

GOOD = """id = "{id}"
title = "Ours"
status = "live"
added = 2026-11-21
lang = "en"
weight = 3
any = ["{pattern}"]
why = "ours"

[[hit]]
text = "the widget is late"
"""


def write(folder: Path, name: str, *, rule_id: str = "ours", pattern: str = "widget") -> None:
    (folder / name).write_text(GOOD.format(id=rule_id, pattern=pattern))


def test_every_shipped_rule_and_sample_is_in_order() -> None:
    rules = load_rules(samples=True)
    assert rules.languages == {"en", "es", "fr", "de", "pt", "it", "nl"}
    assert all(rule.hits and rule.misses for rule in rules.rules)


def test_a_team_adds_a_rule_and_replaces_one_by_its_id(tmp_path: Path) -> None:
    write(tmp_path, "a.toml")
    write(tmp_path, "b.toml", rule_id="not-arrived")
    shipped, rules = load_rules(), load_rules(tmp_path, samples=True)
    assert len(rules.rules) == len(shipped.rules) + 1
    assert {rule.title for rule in rules.rules if rule.id in {"ours", "not-arrived"}} == {"Ours"}
    assert rules.version != shipped.version


def test_all_faults_of_all_files_are_told_and_nothing_is_loaded(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", pattern="{widget")
    write(tmp_path, "b.toml", pattern="gadget", rule_id="gadget")
    write(tmp_path, "c.toml")
    write(tmp_path, "d.toml")
    (tmp_path / "e.toml").write_text("id = ")
    (tmp_path / "f.toml").write_bytes(b"id = \xff")
    with pytest.raises(BadRules) as caught:
        load_rules(tmp_path, samples=True)
    told = [(fault.file.rpartition("/")[2], fault.line) for fault in caught.value.faults]
    assert told == [("a.toml", 7), ("b.toml", 11), ("c.toml", 1), ("d.toml", 1), ("e.toml", 1), ("f.toml", 1)]


def test_a_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        load_rules(tmp_path / "nowhere")


def test_what_does_not_ship_is_a_sentence() -> None:
    with pytest.raises(BadInput, match="install Amends again"):
        shipped_folder("nothing")
