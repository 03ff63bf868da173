"""Registers the fixtures that start real servers on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.http_sink import HttpSink
from tests.servers.postgres import Postgres
from tests.servers.smtp_sink import SmtpSink


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """One Dovecot for all tests of this process. Fails, and never skips, where it is not installed."""
    server = Dovecot()
    try:
        yield server.start()
    finally:
        server.stop()


@dataclass(frozen=True, slots=True)
class OwnMailbox:
    """A fresh account on the shared Dovecot."""

    server: Dovecot
    user: MailUser


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> OwnMailbox:
    return OwnMailbox(dovecot_server, dovecot_server.add_user())


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    sink = SmtpSink().start()
    yield sink
    sink.stop()


@pytest.fixture
def http_sink() -> Iterator[HttpSink]:
    sink = HttpSink().start()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for all tests of this process. Fails, and never skips, where it is not installed."""
    server = Postgres().start()
    yield server
    server.stop()
