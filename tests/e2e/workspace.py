"""A team's workspace on real servers: settings written to a folder, commands run as processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from tests.conftest import OwnMailbox
from tests.servers.http_sink import HttpSink
from tests.servers.smtp_sink import SmtpSink

AMENDS = [sys.executable, "-m", "worker"]
T = TypeVar("T")


class Workspace:
    """`amends` on one mailbox, as a team would have it."""

    def __init__(self, folder: Path, mailbox: OwnMailbox, smtp: SmtpSink, alerts: HttpSink) -> None:
        self.folder = folder
        self.environment = os.environ | {"MAILBOX_PASSWORD": mailbox.user.password, "NO_COLOR": "1"}
        (folder / "amends.toml").write_text(_settings(mailbox, smtp, alerts))

    def run(self, *words: str, code: int = 0) -> str:
        """Run one command; what it printed. Fails when it leaves with another code."""
        done = self.attempt(*words)
        assert done.returncode == code, (
            f"amends {' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        return done.stdout

    def attempt(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*AMENDS, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def rows(self, *words: str) -> list[dict[str, Any]]:
        """What a `--json` command lists."""
        return [json.loads(line) for line in self.run(*words, "--json").splitlines()]

    def start(self) -> "Worker":
        return Worker(self)


class Worker:
    """`amends run` as a process of its own."""

    def __init__(self, workspace: Workspace) -> None:
        self.log = workspace.folder / "worker.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*AMENDS, "run"], cwd=workspace.folder, env=workspace.environment, stderr=log, stdout=log
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def stop(self) -> float:
        """SIGTERM, and how many seconds it took to end cleanly."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        assert code == 0, self.log.read_text()[-3000:]
        return time.monotonic() - began


def eventually(look: Callable[[], T | None], *, seconds: float = 30, what: str = "it") -> T:
    """The first truthy answer of `look`, asked again and again; fails when it does not come in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := look():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"{what} did not happen within {seconds} s")


def _settings(mailbox: OwnMailbox, smtp: SmtpSink, alerts: HttpSink) -> str:
    user = mailbox.user
    return f"""
[firm]
name = "Kettlewell & Daughters"
zone = "Europe/London"
country = "GB"
subdivision = "ENG"
addresses = ["{user.address}"]

[[people]]
name = "Bea"
email = "bea@shop.example"

[[people]]
name = "Cal"
email = "cal@shop.example"
role = "lead"

[[mailboxes]]
name = "support"
address = "{user.address}"
host = "127.0.0.1"
port = {mailbox.server.tls_port}
security = "tls"
ca_file = "{mailbox.server.certificate}"
username = "{user.address}"
password_env = "MAILBOX_PASSWORD"
owner = "Bea"
since = 2020-01-01
poll_minutes = 0.05

[sending]
kind = "smtp"
host = "127.0.0.1"
port = {smtp.port}
security = "plain"

[alerts]
channels = ["{alerts.apprise_url()}"]
"""
