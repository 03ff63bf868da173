"""`amends run --once`, as cron calls it, on a real mail server."""

import fcntl
from pathlib import Path

import pytest

from tests.conftest import OwnMailbox
from tests.e2e.workspace import Workspace, eventually
from tests.servers.http_sink import HttpSink
from tests.servers.ports import free_ports
from tests.servers.smtp_sink import SmtpSink

pytestmark = pytest.mark.servers

COMPLAINT = b"""From: Ada Lovell <ada@example.org>\r
To: support@example.test\r
Subject: My kettle\r
Message-ID: <one@example.org>\r
\r
The kettle is broken again and I am very disappointed.\r
"""


@pytest.fixture
def workspace(tmp_path: Path, dovecot: OwnMailbox, smtp_sink: SmtpSink, http_sink: HttpSink) -> Workspace:
    return Workspace(tmp_path, dovecot, smtp_sink, http_sink)


def settings_of(workspace: Workspace) -> Path:
    return workspace.folder / "amends.toml"


def add_mailbox(workspace: Workspace, name: str, port: int) -> None:
    with settings_of(workspace).open("a") as file:
        file.write(
            f"""
[[mailboxes]]
name = "{name}"
address = "{name}@example.test"
host = "127.0.0.1"
port = {port}
username = "{name}"
password_env = "MAILBOX_PASSWORD"
"""
        )


def test_mail_is_taken_in_once_and_left_as_it_was(workspace: Workspace, dovecot: OwnMailbox) -> None:
    dovecot.server.deliver(dovecot.user, COMPLAINT)
    workspace.run("run", "--once", "--quiet")
    (case,) = workspace.rows("cases", "list")
    assert case["subject"] == "My kettle"
    workspace.run("run", "--once", "--quiet")
    assert len(workspace.rows("cases", "list")) == 1
    assert dovecot.server.mails(dovecot.user) == [COMPLAINT]
    assert not any("Seen" in flags for flags in dovecot.server.flags(dovecot.user))


def test_a_refused_password_leaves_with_75_and_a_sentence_and_tells_the_lead(
    workspace: Workspace, http_sink: HttpSink
) -> None:
    workspace.environment["MAILBOX_PASSWORD"] = "no such secret"
    done = workspace.attempt("run", "--once", "--quiet")
    assert done.returncode == 75
    assert "support: " in done.stderr
    assert "refused to sign in" in done.stderr
    assert "no such secret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert http_sink.wait_for(1)


def test_of_two_mailboxes_one_dead_the_other_is_read(workspace: Workspace, dovecot: OwnMailbox) -> None:
    add_mailbox(workspace, "orders", free_ports(1)[0])
    dovecot.server.deliver(dovecot.user, COMPLAINT)
    done = workspace.attempt("run", "--once", "--quiet")
    assert done.returncode == 75
    assert "orders: " in done.stderr
    assert "127.0.0.1" in done.stderr
    assert len(workspace.rows("cases", "list")) == 1


def test_wrong_settings_leave_with_78_and_every_fault(workspace: Workspace) -> None:
    file = settings_of(workspace)
    file.write_text(
        file.read_text()
        .replace('zone = "Europe/London"', 'zone = "Europe/Atlantis"')
        .replace('security = "tls"', 'security = "magic"')
    )
    done = workspace.attempt("run", "--once")
    assert done.returncode == 78
    assert "firm.zone" in done.stderr
    assert "security" in done.stderr
    assert not (workspace.folder / "amends.db").exists()


def test_a_password_that_is_not_set_is_named(workspace: Workspace) -> None:
    del workspace.environment["MAILBOX_PASSWORD"]
    done = workspace.attempt("run", "--once", "--quiet")
    assert done.returncode in {75, 78}
    assert "MAILBOX_PASSWORD" in done.stderr


def test_a_broken_rule_is_named_with_its_file_and_nothing_is_begun(workspace: Workspace) -> None:
    rules = workspace.folder / "rules"
    rules.mkdir()
    (rules / "broken.toml").write_text("id = ")
    with settings_of(workspace).open("a") as file:
        file.write('\n[rules]\nfolder = "rules"\n')
    done = workspace.attempt("run", "--once", "--quiet")
    assert done.returncode == 2
    assert "broken.toml" in done.stderr


def test_a_second_run_on_the_same_workspace_is_refused(workspace: Workspace) -> None:
    with workspace.start() as worker:
        eventually(lambda: "worker_started" in worker.log.read_text(), what="the start")
        done = workspace.attempt("run", "--once", "--quiet")
        assert done.returncode == 75
        assert "Another amends run is at work here" in done.stderr
        assert workspace.rows("cases", "list") == []  # other commands go on
        assert worker.stop() < 10
    workspace.run("run", "--once", "--quiet")


def test_the_lock_of_a_killed_worker_is_gone(workspace: Workspace) -> None:
    with workspace.start() as worker:
        eventually(lambda: "worker_started" in worker.log.read_text(), what="the start")
        worker.process.kill()
        worker.process.wait(10)
    with (workspace.folder / "amends.db.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
