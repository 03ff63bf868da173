"""Carries one IMAP command at a time: refuses control characters, keeps its time, and never survives an error.

Three rules, each paid for by somebody:
1. No argument may hold a control character: a CR LF in one is a command of the sender's own. Header values
   that customers write end up in searches, so every call passes `Wire.ask`.
2. Every operation has a time-out per read and a deadline as a whole.
3. After any error the connection is thrown away. A broken one shows as four kinds of exception, and after a
   time-out its next answer belongs to the last question.
"""

import imaplib
import logging
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from worker.adapters.connections import Deadline, one_line, open_socket, tls_context, why
from worker.adapters.imap.values import LARGEST_MAIL, ImapAccount, SignInRefused
from worker.adapters.signin import forget
from worker.errors import BadSettings, Refused, Transient

SLOWEST = 50 * 1024  # bytes a second that an operation must at least achieve
_LARGEST_LITERAL = 2 * LARGEST_MAIL  # a server announcing more is not believed
_NOT_A_REFUSAL = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|THROTTLED|CONTACTADMIN)", re.IGNORECASE)
_BYTES = re.compile(r"\Ab(['\"])(.*)\1\Z", re.DOTALL)  # how imaplib shows what a server said

# imapclient logs every line of the conversation, passwords and mail among them.
logging.getLogger("imapclient").setLevel(logging.CRITICAL)


class Raw(bytes):
    """A whole mail, sent as a literal: the one kind of argument that may hold line ends."""

    __slots__ = ()


def refuse_control_characters(argument: object) -> None:
    """Raises Refused where a string, or one inside a list, holds a byte below 0x20 or 0x7f."""
    if isinstance(argument, Raw):
        return
    if isinstance(argument, str):
        argument = argument.encode("utf-8", "surrogatepass")
    if isinstance(argument, bytes):
        if any(byte < 0x20 or byte == 0x7F for byte in argument):
            raise Refused("An IMAP command was not sent: one of its arguments holds a control character.")
    elif isinstance(argument, list | tuple | set | frozenset):
        for part in argument:
            refuse_control_characters(part)


class _Protocol(imaplib.IMAP4):
    """imaplib over our own kind of connection, refusing sizes that no mail has."""

    def __init__(self, account: ImapAccount, deadline: Deadline, context: ssl.SSLContext | None) -> None:
        self._deadline = deadline
        self._tls = context
        super().__init__(account.host, account.port, timeout=account.connect_timeout)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        sock = open_socket(self.host, self.port, timeout or 15)
        self._deadline.watch(sock)
        return self._tls.wrap_socket(sock, server_hostname=self.host) if self._tls else sock

    def read(self, size: int) -> bytes:
        if size > _LARGEST_LITERAL:
            raise self.abort(f"the server announced {size} bytes at once")
        return super().read(size)


class _Client(IMAPClient):  # type: ignore[misc]  # imapclient has no types
    """IMAPClient over `_Protocol`."""

    def __init__(self, account: ImapAccount, deadline: Deadline) -> None:
        self._account = account
        self._deadline = deadline
        self._context = None if account.security == "plain" else tls_context(account.ca_file)
        super().__init__(
            account.host,
            account.port,
            ssl=account.security == "tls",
            ssl_context=self._context,
            timeout=SocketTimeout(account.connect_timeout, account.read_timeout),
        )
        self._imap.debug = 0  # imapclient sets 5, which formats every line for a log nobody keeps
        self.normalise_times = False  # aware times, not local ones

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - imapclient's name
        return _Protocol(self._account, self._deadline, self._context if self.ssl else None)

    def protect(self) -> None:
        if self._account.security == "starttls":
            self.starttls(self._context)


class Wire:
    """One connection at most, made on demand."""

    def __init__(self, account: ImapAccount) -> None:
        self.account = account
        self._client: _Client | None = None
        self._deadline = Deadline()

    @property
    def connected(self) -> bool:
        return self._client is not None

    def connect(self) -> None:
        """Connect, protect, sign in. A refused token that had been kept is replaced once, on a new connection.

        Raises SignInRefused, or Transient for everything else.
        """
        self.close()
        try:
            self._open()
        except SignInRefused:
            if not forget(self.account.secret):
                raise
            self._open()

    def close(self) -> None:
        """Leave politely where that is quick, and in any case leave."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception), self._deadline.within(2):
                client.logout()
            with suppress(Exception):
                client.shutdown()
        self._deadline.release()

    def ask(self, what: str, command: str, *arguments: Any, seconds: float | None = None) -> Any:  # noqa: ANN401
        """Call this method of IMAPClient: the one way any argument reaches the server.

        `what` continues "could not ...". Raises Refused on control characters (nothing is sent), Transient
        on anything else, and the connection is gone then.
        """
        refuse_control_characters(arguments)
        client = self._live()
        with self.errors(what), self._deadline.within(seconds or self.account.operation_timeout):
            return getattr(client, command)(*arguments)

    def overhear(self, seconds: float) -> list[Any]:
        """What the server says by itself during IDLE within so many seconds; never blocks for longer."""
        client = self._live()
        with self.errors("wait for mail"):
            heard: list[Any] = client.idle_check(seconds)
            return heard

    def can(self, capability: str) -> bool:
        """Does the server offer this, after sign-in?"""
        return bool(self.ask("ask what the server can do", "has_capability", capability))

    def greeting(self) -> str:
        return one_line(bytes(self._live().welcome).decode("utf-8", "replace"))

    @contextmanager
    def errors(self, what: str) -> Iterator[None]:
        """Inside: any error throws the connection away and becomes one sentence."""
        try:
            yield
        except (Refused, BadSettings, Transient):
            self.drop()
            raise
        except Exception as error:
            # Broad on purpose: abort, error, TimeoutError, BrokenPipeError, and a parser's ValueError on garbage.
            reason = _reason(error, self._deadline)
            self.drop()
            raise Transient(f"Could not {what} at {self.account.place}: {reason}.") from error

    def drop(self) -> None:
        """Throw the connection away without a word to the server."""
        client, self._client = self._client, None
        self._deadline.release()
        if client is not None:
            with suppress(Exception):
                client.shutdown()

    def _live(self) -> _Client:
        if self._client is None:
            self.connect()
        if self._client is None:  # connect() raises or sets it; this tells the type checker
            raise Transient(f"There is no connection to {self.account.place}.")
        return self._client

    def _open(self) -> None:
        refuse_control_characters([self.account.host, self.account.username])
        secret = self.account.secret()  # before the connection: a token command may take its time
        refuse_control_characters(secret)
        self._deadline = Deadline()
        whole = self.account.connect_timeout + self.account.operation_timeout
        with self.errors("connect"), self._deadline.within(whole):
            client = _Client(self.account, self._deadline)
            self._client = client
            client.protect()
        with self.errors("sign in"), self._deadline.within(whole):
            try:
                _sign_in(client, self.account, secret)
            except LoginError as error:
                self._not_signed_in(error, secret)

    def _not_signed_in(self, error: Exception, secret: str) -> NoReturn:
        said = _BYTES.sub(r"\2", str(error))
        words = one_line(said.replace(secret, "***") if secret else said).rstrip(".")
        cut = isinstance(error.__context__, imaplib.IMAP4.abort)
        if cut or self._deadline.passed or _NOT_A_REFUSAL.search(words):
            reason = "the connection was cut" if cut else words
            raise Transient(f"Could not sign in at {self.account.place}: {reason}.") from None
        raise SignInRefused(
            f"{self.account.place} refused to sign in {self.account.username}: {words}. "
            "Check the username and the secret."
        ) from None


def _sign_in(client: _Client, account: ImapAccount, secret: str) -> None:
    if account.auth == "xoauth2":
        client.oauth2_login(account.username, secret)
    elif account.auth == "plain" or not (account.username + secret).isascii():
        client.plain_login(account.username, secret)  # LOGIN can carry ASCII alone
    else:
        client.login(account.username, secret)
    client.capabilities()


def _reason(error: Exception, deadline: Deadline) -> str:
    if isinstance(error, imaplib.IMAP4.abort) and not deadline.passed:
        return f"the connection was cut ({one_line(str(error), 120)})"
    return why(error, deadline=deadline)
