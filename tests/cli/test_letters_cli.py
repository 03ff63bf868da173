import json

import pytest

from worker.cli.main import run

LETTER = "id: own\nframework: mama\nstage: acknowledged\nlanguage: en\nsubject: Hi\n\n"


@pytest.fixture(autouse=True)
def _no_settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AMENDS_SETTINGS", raising=False)


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "letters"
    home.mkdir()
    return home


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_shipped_letters_are_listed(capsys):
    assert run(["letters", "list", "--json"]) == 0
    told = {line["id"]: line for line in lines(capsys)}
    assert told["ack-plain"]["topics"] == []
    assert told["ack-plain-de"]["language"] == "de"


def test_the_list_reads_well_without_json(capsys):
    assert run(["letters", "list"]) == 0
    assert "ack-delivery" in capsys.readouterr().out


def test_a_letter_is_shown(capsys):
    assert run(["letters", "show", "ack-plain"]) == 0
    assert "{{ due }}" in capsys.readouterr().out


def test_an_unknown_letter_is_told(capsys):
    assert run(["letters", "show", "nothing"]) == 2
    assert "letters list" in capsys.readouterr().err


def test_the_shipped_letters_are_in_order(capsys):
    code = run(["letters", "check"])
    assert (code, capsys.readouterr().out.splitlines()[-1]) == (0, "25 letters for MAMA, all in order.")


def test_every_fault_of_a_file_is_told_with_its_line(folder, capsys):
    (folder / "own.txt").write_text(LETTER + "{{ nmae }}\n{{ naem }}\n", "utf-8")
    assert run(["letters", "check", "--folder", str(folder), "--json"]) == 2
    assert [(fault["line"], "nothing is called" in fault["message"]) for fault in lines(capsys)] == [
        (7, True),
        (8, True),
    ]


def test_a_fake_apology_in_a_letter_is_found(folder, capsys):
    (folder / "own.txt").write_text(LETTER + "Hello,\n\nWe are sorry if you feel let down.\n", "utf-8")
    assert run(["letters", "check", "--folder", str(folder), "--json"]) == 1
    assert {(fault["line"], fault["path"]) for fault in lines(capsys)} == {(9, str(folder / "own.txt"))}


def test_a_missing_folder_is_unusable_input(tmp_path, capsys):
    assert run(["letters", "list", "--folder", str(tmp_path / "none")]) == 2
    assert "no folder" in capsys.readouterr().err
