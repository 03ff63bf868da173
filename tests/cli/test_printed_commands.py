"""Every command that is printed for a person to type is one that `amends` takes: its options exist, none is missing."""

import json
import re
import shlex
from datetime import timedelta

import click

from tests.cli.conftest import Workspace
from tests.doings import CALL_BY_FRIDAY
from tests.people import CAL, DAN, THREAT, mail
from worker.cli.main import amends
from worker.services import review

AS_BEA = ("--as", "Bea Holt")
ENDS = re.compile(r"\n|, |; |\. |: |\)| \(|  +")
FORWARDED = """See below.

---------- Forwarded message ---------
From: Ada Lovell <ada@example.org>
Subject: Kettle

My kettle was promised for last Tuesday and it still has not arrived. I am very disappointed."""


def commands_in(said: str) -> list[str]:
    """What stands behind each `amends`, up to the end of the command."""
    return [ENDS.split(rest)[0].rstrip(".") for rest in said.split("amends ")[1:]]


def is_taken(command: str) -> bool:
    """Whether the command line understands a command; False where it would exit 2."""
    found: click.Command = amends
    words = shlex.split(command)
    while isinstance(found, click.Group):
        _, sub, words = found.resolve_command(click.Context(found), words)
        assert sub is not None
        found = sub
    try:
        with found.make_context(command, words):
            return True
    except click.UsageError:
        return False


def printed(told: tuple[int, str, str]) -> list[str]:
    """The commands in what one run of `amends` printed; there must be some."""
    says = [json.loads(line)["say"] if line.startswith("{") else line for line in told[1].splitlines()]
    commands = commands_in("\n".join([*says, told[2]]))
    assert told[0] in {0, 1}, told
    assert commands, told
    return commands


def complained(workspace: Workspace, raw: bytes | None = None, text: str | None = None) -> None:
    with workspace.office() as office:
        office.arrive(raw or mail(at=office.now))
        office.clock.forward(minutes=5)
        if text is not None:
            with office.app.database.writing() as rooms:
                review.edit(rooms, 1, by="Bea Holt", now=office.now, text=text)


def call_and_promise(workspace: Workspace) -> None:
    asked = ["--words", "I will ring you again", "--due", "in 9 days"]
    workspace.said("promises", "add", "--case", 1, *asked, *AS_BEA)


def test_a_command_that_lacks_what_is_required_is_found_out() -> None:
    wrong = ["drafts edit 3", "promises add 1", "drafts edit 3 --as YOU --text x", "drafts edit ID --as YOU"]
    assert [command for command in wrong if is_taken(command)] == []


def test_what_stands_in_the_way_of_an_approval_names_commands_that_work(workspace: Workspace) -> None:
    fake = "I am sorry if you feel upset.\n\n[[what we do]]\n\n[[when]]"
    complained(workspace, text=f"{fake}\n\n{CALL_BY_FRIDAY}")
    call_and_promise(workspace)
    with workspace.office(hours_ago=1) as office:
        office.arrive(mail("And now the lid is broken as well.", at=office.now, Reply_To=DAN))
        with office.app.database.writing() as rooms:
            review.edit(rooms, 1, by="Bea Holt", now=office.now + timedelta(minutes=1), to=())
    page = workspace.line("drafts", "show", 1)
    kinds = {one["kind"] for one in page["obstacles"]}
    assert {"newer_mail", "recipient", "blank", "wording", "promise", "settles"} <= kinds
    said = "\n".join([*(one["say"] for one in page["obstacles"]), page["approve"]])
    shown = [workspace.said("drafts", "show", 1), workspace.said("cases", "show", 1)]
    commands = commands_in("\n".join([said, *shown]))
    assert 'drafts edit 1 --blank 2="WORDS" --as YOU' in commands
    assert [command for command in commands if not is_taken(command)] == []


def test_a_forward_a_closed_case_and_an_ended_draft_name_commands_that_work(
    workspace: Workspace,
) -> None:
    with workspace.office(hours_ago=3) as office:
        forward = mail(FORWARDED, sender=CAL, subject="Fwd: Kettle", at=office.now)
    complained(workspace, forward)
    told = printed(workspace.run("drafts", "approve", 1, "--revision", "x", *AS_BEA))
    workspace.said("cases", "close", 1, *AS_BEA)
    told += printed(workspace.run("drafts", "new", 1))
    workspace.said("cases", "reopen", 1, *AS_BEA)
    told += printed(workspace.run("drafts", "edit", 1, *AS_BEA, "--subject", "x"))
    workspace.said("drafts", "new", 1)
    told += printed(workspace.run("drafts", "ask-changes", 2, *AS_BEA, "--note", "shorter"))
    told += printed(workspace.run("drafts", "reject", 2, *AS_BEA, "--reason", "rung"))
    assert [command for command in told if not is_taken(command)] == []


def test_a_case_of_danger_names_commands_that_work(workspace: Workspace) -> None:
    complained(workspace, text=CALL_BY_FRIDAY)
    with workspace.office(hours_ago=1) as office:
        office.arrive(mail(THREAT, at=office.now))
    told = printed(workspace.run("drafts", "show", 1)) + printed(workspace.run("cases", "show", 1))
    told += printed(workspace.run("cases", "close", 1, *AS_BEA))
    assert "cases lift 1 --as YOU" in told
    assert [command for command in told if not is_taken(command)] == []


def test_promises_in_the_way_and_in_the_list_name_commands_that_work(workspace: Workspace) -> None:
    complained(workspace)
    call_and_promise(workspace)
    told = printed(workspace.run("cases", "close", 1, *AS_BEA))
    told += printed(workspace.run("promises", "confirm", 1, *AS_BEA))
    told += printed(workspace.run("promises", "show", 1))
    told += printed(workspace.run("contact", "log", 1, "--call", "told her", *AS_BEA))
    told += printed(workspace.run("promises", "done", 1, *AS_BEA))
    assert [command for command in told if not is_taken(command)] == []
