"""Reading wording rules: the shipped ones, a team's own over them, and every fault of a broken folder at once."""

from pathlib import Path

import pytest

from worker.adapters.shipped import shipped_folder
from worker.adapters.wordingfiles import load_wording
from worker.domain.wording import Level, check_wording
from worker.errors import BadInput

RULE = """
id = "{id}"
title = "A word of ours"
kind = "minimising"
any = ["{phrase}"]
message = "We do not say that."
suggestion = "Say what it cost the customer."
[[hit]]
text = "{phrase}"
"""


def team_folder(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder


def found(folder: Path, text: str) -> list[tuple[str, Level]]:
    rules = load_wording([shipped_folder("rules/wording"), folder], ["en"])
    return [(one.id, one.level) for one in check_wording(text, rules=rules, language="en")]


def test_only_the_languages_asked_for_are_read() -> None:
    assert set(load_wording([shipped_folder("rules/wording")], ["fr", "xx"]).packs) == {"fr"}


def test_a_team_adds_a_rule(tmp_path: Path) -> None:
    team_folder(tmp_path, {"en/ours.toml": RULE.format(id="ours", phrase="bob's your uncle")})
    assert found(tmp_path, "Press the knob and bob's your uncle.") == [("ours", Level.BLOCK)]


def test_a_team_replaces_a_rule_by_its_id(tmp_path: Path) -> None:
    team_folder(tmp_path, {"en/ours.toml": RULE.format(id="en-inconvenience", phrase="bob's your uncle")})
    assert ("en-inconvenience", Level.BLOCK) not in found(
        tmp_path, "We regret any inconvenience with the red lamp."
    )


def test_a_team_sets_the_level_of_a_kind(tmp_path: Path) -> None:
    team_folder(tmp_path, {"levels.toml": '[levels]\nminimising = "warn"\n'})
    assert found(tmp_path, "I am sorry. At least the lamp works.")[-1] == ("en-minimising", Level.WARN)


def test_the_reasons_for_an_override_are_data() -> None:
    assert load_wording([shipped_folder("rules/wording")], ["en"]).override_reasons["q"]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    team_folder(
        tmp_path,
        {
            "en/a.toml": RULE.format(id="a", phrase="{open"),
            "en/b.toml": RULE.format(id="b", phrase="fine") + 'colour = "red"\n',
            "en/c.toml": "id = ",
            "levels.toml": '[levels]\nminimising = "loud"\n',
        },
    )
    with pytest.raises(BadInput) as caught:
        load_wording([shipped_folder("rules/wording"), tmp_path], ["en"])
    faults = str(caught.value)
    for part in ("en: a any: ", "c.toml", "loud"):
        assert part in faults
