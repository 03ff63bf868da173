"""Mails per second from a Dovecot mailbox to committed case and draft, beside the floor of the same run.

The floor is what no program of this kind can do without: IMAPClient fetching in batches, mail-parser parsing,
and one committed insert per mail. Both read the same mailbox on the same Dovecot, one after the other.

    python -m bench.intake [--mails 2000] [--rounds 3]

Prints mails per second of both, their ratio, and the memory of the process after the first and the last
quarter of the mails (flat: the two are alike).
"""

import argparse
import hashlib
import resource
import sqlite3
import ssl
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import mailparser
from imapclient import IMAPClient

from bench.mails import generate
from tests.servers.dovecot import Dovecot, MailUser
from worker.app import App, opened
from worker.services import fetching, intake
from worker.services.fetching import Fetching
from worker.settings import Settings, read_settings

BATCH = 100
READY = 3.0  # seconds for the worker to come up; a worker's start is not what is measured


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--mails", type=int, default=2000)
    arguments.add_argument("--rounds", type=int, default=3)
    told = arguments.parse_args()
    server = Dovecot().start()
    try:
        user = server.add_user()
        server.deliver_many(user, list(generate(told.mails)))
        floors, ours = [], []
        for _ in range(told.rounds):
            floors.append(floor(server, user))
            ours.append(intake_of(server, user, told.mails))
        report(told.mails, min(floors), min(seconds for seconds, _ in ours), ours[-1][1])
    finally:
        server.stop()


def floor(server: Dovecot, user: MailUser) -> float:
    """Seconds for fetch, parse and one committed insert per mail."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
        database.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE mail (id INTEGER PRIMARY KEY, sha TEXT, subject TEXT, sender TEXT, body TEXT, raw BLOB)"
        )
        began = time.perf_counter()
        with _client(server, user) as client:
            client.select_folder("INBOX", readonly=True)
            uids = client.search("ALL")
            for start in range(0, len(uids), BATCH):
                for fields in client.fetch(uids[start : start + BATCH], ["BODY.PEEK[]"]).values():
                    raw = fields[b"BODY[]"]
                    mail = mailparser.parse_from_bytes(raw)
                    row = (
                        hashlib.sha256(raw).hexdigest(),
                        str(mail.subject),
                        str(mail.from_),
                        mail.body,
                        raw,
                    )
                    database.execute("BEGIN IMMEDIATE")
                    database.execute(
                        "INSERT INTO mail (sha, subject, sender, body, raw) VALUES (?, ?, ?, ?, ?)", row
                    )
                    database.execute("COMMIT")
        return time.perf_counter() - began


def intake_of(server: Dovecot, user: MailUser, mails: int) -> tuple[float, dict[str, float]]:
    """Seconds from the mailbox to committed cases and drafts, as `amends run` does it, and what came of it.

    A thread fetches and keeps, the main one takes in what is kept; rules and letters have been read before,
    as they are when the worker starts.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(_settings(server, user, Path(folder)), thorough=True) as app,
    ):
        app.house.expect_backlog()  # as the loop does at its start
        time.sleep(READY)
        began = time.perf_counter()
        fetcher = threading.Thread(target=_fetch, args=(app,))
        fetcher.start()
        memory = _take_in_all(app, mails)
        fetcher.join()
        seconds = time.perf_counter() - began
        with app.database.reading() as rooms:
            told = {
                "cases": rooms.cases.count(),
                "drafts": rooms.drafts.count(),
                "mails": rooms.mails.count(),
            }
    if told["mails"] != mails:
        raise SystemExit(
            f"{mails} mails were delivered and {told['mails']} taken in: the figures mean nothing"
        )
    return seconds, told | memory


def _fetch(app: App) -> None:
    box = app.settings.mailboxes[0]
    connection = app.mail_server(box)
    connection.connect()
    reading = Fetching(box=box, server=connection, since=datetime(2020, 1, 1, tzinfo=UTC))
    fetching.fetch_folder(app.database, reading, "INBOX", clock=app.clock)
    connection.close()


def _take_in_all(app: App, mails: int) -> dict[str, float]:
    taken, early = 0, 0.0
    until = time.monotonic() + 600
    while taken < mails and time.monotonic() < until:
        tally = intake.take_in_waiting(app.database, app.house, now=app.clock.now())
        taken += tally.taken_in
        if not tally.any:
            time.sleep(0.01)
        if not early and taken >= mails / 4:
            early = _megabytes()
    return {"MB after a quarter": early, "MB at the end": _megabytes()}


def report(mails: int, floor_seconds: float, our_seconds: float, told: dict[str, float]) -> None:
    print(f"{mails} mails; {told['cases']:.0f} cases, {told['drafts']:.0f} drafts")
    print(
        f"floor   {mails / floor_seconds:8.0f} mails/s   IMAPClient fetch + mail-parser + one committed insert per mail"
    )
    print(
        f"amends  {mails / our_seconds:8.0f} mails/s   mailbox to committed case and draft, all shipped rules, SQLite"
    )
    print(f"ratio   {floor_seconds / our_seconds:8.2f}")
    print(
        f"memory  {told['MB after a quarter']:8.0f} MB after a quarter, {told['MB at the end']:.0f} MB at the end"
    )


def _client(server: Dovecot, user: MailUser) -> IMAPClient:
    context = ssl.create_default_context(cafile=str(server.certificate))
    client = IMAPClient("127.0.0.1", port=server.tls_port, ssl_context=context, timeout=60)
    client.login(user.address, user.password)
    return client


def _settings(server: Dovecot, user: MailUser, folder: Path) -> Settings:
    (folder / "password").write_text(user.password)
    return read_settings(
        {
            "firm": {"name": "Bench", "zone": "Europe/London", "country": "GB"},
            "people": [{"name": "Bea", "email": "bea@shop.example", "role": "lead"}],
            "mailboxes": [
                {
                    "name": "bench",
                    "address": user.address,
                    "host": "127.0.0.1",
                    "port": server.tls_port,
                    "ca_file": str(server.certificate),
                    "username": user.address,
                    "password_file": str(folder / "password"),
                }
            ],
            "sending": {"kind": "maildir", "path": str(folder / "outbox")},
        },
        folder=folder,
    )


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
