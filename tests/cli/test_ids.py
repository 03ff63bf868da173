"""Ids on the command line: a number that no database can hold is a sentence, never a crash."""

import pytest

from tests.cli.conftest import Workspace

COMMANDS = [
    ("cases", "show"),
    ("drafts", "show"),
    ("promises", "show"),
    ("outbox", "show"),
    ("aside", "show"),
    ("customers", "tag", "--as", "Bea", "--add", "vip"),
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("number", ["99999999999999999999", "9223372036854775808"])
def test_a_number_beyond_every_id_is_refused_in_a_sentence(
    workspace: Workspace, command: tuple[str, ...], number: str
) -> None:
    code, _, said = workspace.run(*command, number)
    assert code == 2
    assert "did not expect" not in said


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "٣"])
def test_what_is_no_id_is_told_with_what_would_be_one(workspace: Workspace, number: str) -> None:
    code, _, said = workspace.run("cases", "show", "--", number)
    assert code == 2
    assert "is no id: a whole number from 1" in said


def test_an_id_that_nothing_has_is_still_told_by_what_is_missing(workspace: Workspace) -> None:
    code, _, said = workspace.run("cases", "show", "9223372036854775807")
    assert (code, "There is no case 9223372036854775807" in said) == (1, True)
