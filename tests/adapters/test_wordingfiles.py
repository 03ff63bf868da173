"""Reading wording rules: the shipped ones, a team's own over them, and every fault of a broken folder at once."""

from pathlib import Path

import pytest

from worker.adapters.shipped import shipped_folder
from worker.adapters.wordingfiles import check_samples, load_wording
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


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        load_wording([shipped_folder("rules/wording"), folder], ["en", "fr"])
    return [line.removeprefix(f"{folder}/") for line in str(caught.value).splitlines()]


def test_every_fault_of_every_file_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    team_folder(
        tmp_path,
        {
            "en/a.toml": RULE.format(id="a", phrase="{open"),
            "en/b.toml": RULE.format(id="b", phrase="fine").replace("[[hit]]", 'colour = "red"\n[[hit]]'),
            "en/c.toml": "title = 'x'\nid = ",
            "en/d.toml": RULE.format(id="d", phrase="fine").replace("minimising", "tiny"),
            "en/e.toml": RULE.format(id="e", phrase="fine") + 'note = "x"\n',
            "en/f.toml": RULE.format(id="f", phrase="fine").replace(
                "[[hit]]", 'needs = ["nonesuch"]\n[[hit]]'
            ),
            "levels.toml": '[levels]\npassive = "warn"\nminimising = "loud"\n',
        },
    )
    found = faults_of(tmp_path)
    for start, part in (
        ("en/a.toml:5:", "{open"),
        ("en/b.toml:8:", "unknown key 'colour'"),
        ("en/c.toml:2:", "not TOML"),
        ("en/d.toml:4:", "tiny"),
        ("en/e.toml:8:", "unknown key 'note'"),
        ("en/f.toml:8:", "nonesuch"),
        ("levels.toml:3:", "loud"),
    ):
        assert any(fault.startswith(start) and part in fault for fault in found), (start, found)


def test_an_id_twice_in_one_folder_is_a_fault_and_so_is_another_language(tmp_path: Path) -> None:
    rule = RULE.format(id="ours", phrase="bob's your uncle")
    team_folder(tmp_path, {"en/one.toml": rule, "fr/two.toml": rule.replace("kind =", 'lang = "en"\nkind =')})
    found = faults_of(tmp_path)
    assert any("the id 'ours' is also in" in fault for fault in found)
    assert any(fault.startswith("fr/two.toml:4: 'lang' is 'en'") for fault in found)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"id = 'a\x01'", b"[[hit]]\ntext = 3", b"any = 3"])
def test_no_rule_file_of_any_bytes_loads_half(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "odd.toml").write_bytes(content)
    assert all(fault.startswith("en/odd.toml:") for fault in faults_of(tmp_path))


def test_samples_are_run_on_demand_and_a_wrong_one_is_told_with_its_line(tmp_path: Path) -> None:
    rule = RULE.format(id="ours", phrase="bob's your uncle")
    team_folder(tmp_path, {"en/ours.toml": rule + '[[miss]]\ntext = "Yes, bob\'s your uncle."\n'})
    rules = load_wording([shipped_folder("rules/wording"), tmp_path], ["en"])
    (fault,) = check_samples(rules)
    assert fault.startswith(f"{tmp_path}/en/ours.toml:11: 'ours' finds its miss")


def test_every_shipped_sample_holds() -> None:
    assert check_samples(load_wording([shipped_folder("rules/wording")])) == ()
