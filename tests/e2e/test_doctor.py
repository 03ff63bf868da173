"""`amends doctor` on real servers."""

from pathlib import Path

import pytest

from tests.conftest import OwnMailbox
from tests.e2e.workspace import Workspace
from tests.servers.http_sink import HttpSink
from tests.servers.smtp_sink import SmtpSink

pytestmark = pytest.mark.servers


@pytest.fixture
def workspace(tmp_path: Path, dovecot: OwnMailbox, smtp_sink: SmtpSink, http_sink: HttpSink) -> Workspace:
    return Workspace(tmp_path, dovecot, smtp_sink, http_sink)


def test_all_well_leaves_with_zero_and_says_so(workspace: Workspace) -> None:
    told = workspace.run("doctor")
    assert "WRONG" not in told
    assert "mailbox support: INBOX: 0 mails" in told
    assert "takes our letters" in told


def test_a_refused_password_is_named_with_its_mailbox(workspace: Workspace) -> None:
    workspace.environment["MAILBOX_PASSWORD"] = "no such secret"
    told = workspace.run("doctor", code=1)
    assert "WRONG mailbox support" in told
    assert "no such secret" not in told


def test_a_test_message_reaches_every_channel(workspace: Workspace, http_sink: HttpSink) -> None:
    workspace.run("doctor", "--ring")
    assert http_sink.wait_for(1)


def change(workspace: Workspace, old: str, new: str) -> None:
    file = workspace.folder / "amends.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_missing_folder_does_not_keep_the_others_from_being_tried(workspace: Workspace) -> None:
    change(workspace, "poll_minutes", 'folders = ["Nowhere", "INBOX"]\npoll_minutes')
    told = workspace.run("doctor", code=1)
    assert "WRONG mailbox support" in told
    assert "Nowhere" in told
    assert "INBOX: 0 mails" in told
    assert "our replies are read from Sent" in told


def test_the_folder_that_mail_is_moved_to_is_looked_for(workspace: Workspace) -> None:
    change(workspace, "poll_minutes", 'after_intake = "move:Done"\npoll_minutes')
    assert "Done" in workspace.run("doctor", code=1)
    change(workspace, "move:Done", "move:Archive")
    assert "mails taken in are moved to Archive" in workspace.run("doctor")


def test_a_channel_that_is_down_does_not_keep_the_others_from_being_rung(
    workspace: Workspace, http_sink: HttpSink
) -> None:
    change(workspace, "channels = [", 'channels = ["json://127.0.0.1:1", ')
    told = workspace.run("doctor", "--ring", code=1)
    assert "WRONG alerts" in told
    assert http_sink.wait_for(1)


def test_doctor_changes_nothing_on_the_server(workspace: Workspace, dovecot: OwnMailbox) -> None:
    dovecot.server.deliver(dovecot.user, b"From: ada@example.org\nSubject: x\n\nHello\n")
    workspace.run("doctor")
    assert not any("Seen" in flags for flags in dovecot.server.flags(dovecot.user))


def test_a_mailbox_nobody_answers_from_is_evident(workspace: Workspace, dovecot: OwnMailbox) -> None:
    for number in range(25):
        raw = f"From: ada{number}@example.org\nTo: {dovecot.user.address}\nSubject: Order {number}\n\nWhere is it?\n"
        dovecot.server.deliver(dovecot.user, raw.encode())
    workspace.run("run", "--once", "--quiet")
    assert "filed elsewhere" in workspace.run("doctor", code=1)
