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


def test_all_well_leaves_with_zero_and_says_so(workspace: Workspace):
    told = workspace.run("doctor")
    assert "WRONG" not in told
    assert "mailbox support: INBOX: 0 mails" in told
    assert "takes our letters" in told


def test_a_refused_password_is_named_with_its_mailbox(workspace: Workspace):
    workspace.environment["MAILBOX_PASSWORD"] = "no such secret"
    told = workspace.run("doctor", code=1)
    assert "WRONG mailbox support" in told
    assert "no such secret" not in told


def test_a_test_message_reaches_every_channel(workspace: Workspace, http_sink: HttpSink):
    workspace.run("doctor", "--ring")
    assert http_sink.wait_for(1)


def test_a_mailbox_nobody_answers_from_is_evident(workspace: Workspace, dovecot: OwnMailbox):
    for number in range(25):
        raw = f"From: ada{number}@example.org\nTo: {dovecot.user.address}\nSubject: Order {number}\n\nWhere is it?\n"
        dovecot.server.deliver(dovecot.user, raw.encode())
    workspace.run("run", "--once", "--quiet")
    assert "filed elsewhere" in workspace.run("doctor", code=1)
