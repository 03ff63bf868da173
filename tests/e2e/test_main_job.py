"""The main job, end to end: `amends run` as a process between a real Dovecot, a real SMTP server and an HTTP sink."""

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OwnMailbox
from tests.e2e.workspace import Workspace, eventually
from tests.servers.http_sink import HttpSink
from tests.servers.smtp_sink import SmtpSink

pytestmark = pytest.mark.servers

COMPLAINT = """\
I ordered the blue kettle from you eleven days ago and it still has not arrived.
Your colleague said it would be here last Tuesday. It was not. This is the second time I write.
My order number is KD-48213.

Ada Lovell
"""


@pytest.fixture
def workspace(tmp_path: Path, dovecot: OwnMailbox, smtp_sink: SmtpSink, http_sink: HttpSink) -> Workspace:
    return Workspace(tmp_path, dovecot, smtp_sink, http_sink)


def test_from_a_customers_mail_to_a_promise_kept(
    workspace: Workspace, dovecot: OwnMailbox, smtp_sink: SmtpSink, http_sink: HttpSink
):
    with workspace.start() as worker:
        dovecot.server.deliver_by_lmtp(dovecot.user, mail_of_ada(dovecot.user.address))
        draft = eventually(lambda: first(workspace.rows("drafts", "list")), what="a draft")
        shown = workspace.rows("drafts", "show", str(draft["id"]))[0]
        assert "KD-48213" in shown["text"]
        assert "[[" not in shown["text"]
        assert not smtp_sink.mails

        refused = workspace.attempt(
            "drafts", "approve", str(draft["id"]), "--revision", shown["revision"], "--as", "Bea"
        )
        assert refused.returncode == 1
        assert not smtp_sink.mails

        due = datetime.now(UTC) + timedelta(seconds=8)
        workspace.run(
            *("drafts", "approve", str(draft["id"]), "--revision", shown["revision"], "--as", "Bea"),
            *("--promise", f"1={due.isoformat()}"),
        )
        sent = eventually(lambda: first(smtp_sink.mails), what="the letter at the SMTP server")
        letter = email.message_from_bytes(sent.raw, policy=email.policy.default)
        assert letter["In-Reply-To"] == "<ada-1@example.org>"
        assert letter["To"] == "ada@example.org"

        promise = eventually(lambda: first(workspace.rows("promises", "list")), what="the promise")
        assert promise["state"] == "open"
        alert = eventually(lambda: first(overdue(http_sink)), what="the overdue alert")
        assert promise["words"].split()[0] in alert

        filed = eventually(lambda: first(dovecot.server.mails(dovecot.user, "Sent")), what="the copy in Sent")
        assert letter["Message-ID"].encode() in filed

        dovecot.server.deliver(
            dovecot.user, our_answer(dovecot.user.address, str(letter["Message-ID"])), folder="Sent"
        )
        settled = eventually(
            lambda: first(
                [one for one in workspace.rows("promises", "list", "--all") if one["state"] == "settled"]
            ),
            what="the promise settled",
        )
        assert settled["ending"] == "late"
        assert worker.stop() < 10
    assert len(smtp_sink.mails) == 1
    assert workspace.rows("alerts", "list") == []


def test_a_letter_is_taken_back_when_the_customer_writes_again(
    workspace: Workspace, dovecot: OwnMailbox, smtp_sink: SmtpSink
):
    dovecot.server.deliver(dovecot.user, mail_of_ada(dovecot.user.address))
    workspace.run("run", "--once", "--quiet")
    draft = workspace.rows("drafts", "list")[0]
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    due = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    workspace.run(
        *("drafts", "approve", str(draft["id"]), "--revision", draft["revision"], "--as", "Bea"),
        *("--promise", f"1={due}", "--at", later),
    )
    again = mail_of_ada(
        dovecot.user.address, number=2, text="Never mind the kettle, I have bought one elsewhere."
    )
    dovecot.server.deliver(dovecot.user, again)
    workspace.run("run", "--once", "--quiet")
    assert workspace.rows("promises", "list") == []
    assert workspace.rows("outbox", "list", "--all")[0]["state"] == "cancelled"
    assert not smtp_sink.mails


def mail_of_ada(to: str, *, number: int = 1, text: str = COMPLAINT) -> bytes:
    message = EmailMessage()
    message["From"] = "Ada Lovell <ada@example.org>"
    message["To"] = to
    message["Subject"] = "Where is my kettle?"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<ada-{number}@example.org>"
    if number > 1:
        message["In-Reply-To"] = "<ada-1@example.org>"
    message.set_content(text)
    return bytes(message)


def our_answer(ours: str, answers: str) -> bytes:
    """What a colleague writes in their own mail program."""
    message = EmailMessage()
    message["From"] = f"Bea Holt <{ours}>"
    message["To"] = "ada@example.org"
    message["Subject"] = "Re: Where is my kettle?"
    message["Date"] = format_datetime(datetime.now(UTC) + timedelta(seconds=1))
    message["Message-ID"] = "<bea-1@shop.example>"
    message["In-Reply-To"] = answers
    message.set_content(
        "Dear Ada,\n\nyour kettle left us this morning with a courier of our own.\n\nBea Holt\n"
    )
    return bytes(message)


def overdue(sink: HttpSink) -> list[str]:
    bodies = [asked.body.decode() for asked in sink.asked]
    return [body for body in bodies if re.search(r"overdue", body, re.IGNORECASE)]


def first(found: list[Any]) -> Any:
    return found[0] if found else None
