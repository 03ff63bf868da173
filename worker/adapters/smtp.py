"""Gives one letter to an SMTP server, verb by verb, and says exactly what is known of the outcome.

The order, and what a failure in each step means:
1. connect, TLS, EHLO, sign in, MAIL, RCPT: nothing of the letter has left us (`FailedBefore`, `RefusedByServer`)
2. `before_data` is called: the caller commits that the letter may now leave
3. DATA, the letter, the dot: from the first byte on only the server's own answer tells (`Unknown` without one)
4. QUIT: whatever happens here, the letter is sent

Nothing is ever tried twice here. RFC 5321, 4.5.3.2.6, gives the answer to the dot ten minutes.
"""

import re
import smtplib
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from worker.adapters.connections import Deadline, one_line, open_socket, tls_context, why
from worker.adapters.signin import forget
from worker.errors import AmendsError, BadSettings, Refused, Transient
from worker.ports import Accepted, FailedBefore, RefusedByServer, SendOutcome, Unknown

SLOWEST = 50 * 1024  # bytes a second that a transfer must at least achieve
LONGEST_PAUSE = 5.0  # seconds between the commit and DATA; later than that the claim may be another's
LONGEST_LINE = 998  # bytes without the line end (RFC 5322, 2.1.1)

# An address as it may stand in MAIL and RCPT: no quoting, no lists, no spaces, no control characters.
_ADDRESS = re.compile(r"""[^\s<>()\[\],;:\\"@\x00-\x1f\x7f]{1,64}@[^\s<>()\[\],;:\\"@\x00-\x1f\x7f]{1,253}""")
_LINE_END_DAMAGE = re.compile(rb"(?<!\r)\n|\r(?!\n)|\x00")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where letters are handed in. Times in seconds."""

    host: str
    port: int
    security: str = "starttls"  # tls | starttls | plain
    username: str | None = None
    secret: Callable[[], str] | None = field(default=None, repr=False)
    auth: str = "password"  # password | xoauth2
    helo: str | None = None  # our name; none: the machine's
    connect_timeout: float = 15
    read_timeout: float = 60
    dot_timeout: float = 600
    ca_file: Path | None = None

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpDescription:
    """For `amends doctor`: who answers and what it offers."""

    server: str
    extensions: tuple[str, ...]
    signed_in: bool


class _No(Exception):  # noqa: N818 - an answer, not an error
    """The server's answer to a verb was not the one that leads on."""

    def __init__(self, verb: str, code: int, words: str) -> None:
        self.verb, self.code, self.words = verb, code, words
        super().__init__(f"{verb}: {code} {words}")


class _SignInRefused(Exception):  # noqa: N818
    pass


_FAILURES = (_SignInRefused, OSError, smtplib.SMTPException, ValueError, Transient, BadSettings)


class _Protocol(smtplib.SMTP):
    """smtplib over our own kind of connection."""

    def __init__(self, server: SmtpServer, deadline: Deadline) -> None:
        self._server = server
        self._deadline = deadline
        self.context = None if server.security == "plain" else tls_context(server.ca_file)
        name = server.helo or socket.gethostname() or "localhost"
        super().__init__(server.host, server.port, local_hostname=name, timeout=server.connect_timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = open_socket(host, port, timeout)
        self._deadline.watch(sock)
        if self._server.security == "tls" and self.context is not None:
            sock = self.context.wrap_socket(sock, server_hostname=host)
        sock.settimeout(self._server.read_timeout)
        return sock


class SmtpSender:
    """Hands letters to one SMTP server; a connection per letter."""

    def __init__(self, server: SmtpServer, *, clock: Callable[[], float] | None = None) -> None:
        self.server = server
        self._clock = clock or _seconds_even_asleep

    def send(
        self, envelope_from: str, recipients: Sequence[str], raw: bytes, before_data: Callable[[], None]
    ) -> SendOutcome:
        """Send these very bytes to all recipients or to none.

        `before_data` is called right before DATA; what it raises is raised, and nothing is sent. Raises
        Refused for a letter or an address that must not go on the wire (nothing is sent).
        """
        check_letter(envelope_from, recipients, raw)
        deadline = Deadline()
        try:
            return self._send(deadline, envelope_from, recipients, raw, before_data)
        finally:
            deadline.release()

    def describe(self) -> SmtpDescription | FailedBefore:
        """Connect and sign in, send nothing: what the doctor needs to know."""
        deadline = Deadline()
        try:
            with deadline.within(self._time_for(0)):
                smtp = self._open(deadline)
                words = one_line((smtp.ehlo_resp or b"").decode("utf-8", "replace").split("\n")[0])
                extensions = tuple(sorted(smtp.esmtp_features))
                _leave(smtp, deadline)
        except (_No, *_FAILURES) as error:
            return self._failed("connect", error, deadline)
        finally:
            deadline.release()
        return SmtpDescription(
            server=words, extensions=extensions, signed_in=self.server.username is not None
        )

    def _send(
        self,
        deadline: Deadline,
        envelope_from: str,
        recipients: Sequence[str],
        raw: bytes,
        before_data: Callable[[], None],
    ) -> SendOutcome:
        smtp: _Protocol | None = None
        try:
            with deadline.within(self._time_for(0)):
                smtp = self._open(deadline)
                self._envelope(smtp, envelope_from, recipients, raw)
        except _No as no:
            if smtp is not None:
                _reset(smtp, deadline)
            if no.code == 421 or no.code < 400:  # leaving, or no SMTP at all: nothing was said of the letter
                return FailedBefore(reason=f"{self.server.place} answered {no}")
            return _refusal(no)
        except _FAILURES as error:
            if smtp is not None:
                smtp.close()
            return self._failed("hand in a letter", error, deadline)
        return self._hand_over(smtp, deadline, raw, before_data)

    def _hand_over(
        self, smtp: _Protocol, deadline: Deadline, raw: bytes, before_data: Callable[[], None]
    ) -> SendOutcome:
        try:
            before_data()
        except BaseException:
            _reset(smtp, deadline)
            raise
        committed = self._clock()
        if (pause := self._clock() - committed) > LONGEST_PAUSE:
            _reset(smtp, deadline)
            return FailedBefore(reason=f"{pause:.0f} s passed between the commit and DATA; nothing was sent")
        try:
            with deadline.within(self._time_for(0)):
                _expect(smtp, "DATA", (354,))
        except _No as no:
            _reset(smtp, deadline)
            return _refusal(no)
        except (OSError, smtplib.SMTPException) as error:
            return self._failed("begin the letter", error, deadline)
        outcome = self._transfer(smtp, deadline, raw)
        _leave(smtp, deadline)
        return outcome

    def _transfer(self, smtp: _Protocol, deadline: Deadline, raw: bytes) -> SendOutcome:
        """The letter and its dot. Only the server's own words make this anything but unknown."""
        try:
            with deadline.within(self._time_for(len(raw))):
                smtp.send(_dotted(raw))
            if smtp.sock is not None:
                smtp.sock.settimeout(self.server.dot_timeout)
            with deadline.within(self.server.dot_timeout):
                code, words = smtp.getreply()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return Unknown(
                reason=f"{self.server.place} gave no answer to the letter: {why(error, deadline=deadline)}"
            )
        said = one_line(words.decode("utf-8", "replace"))
        if 200 <= code < 300:
            return Accepted(response=f"{code} {said}")
        if 400 <= code < 600 and code != 421:
            return _refusal(_No("the letter", code, said))
        return Unknown(reason=f"{self.server.place} answered the letter with {code} {said}")

    def _open(self, deadline: Deadline) -> _Protocol:
        """Connected, protected, signed in. A kept token that is refused is replaced once."""
        try:
            return self._sign_in(self._connect(deadline))
        except _SignInRefused:
            if self.server.secret is None or not forget(self.server.secret):
                raise
            return self._sign_in(self._connect(deadline))

    def _connect(self, deadline: Deadline) -> _Protocol:
        smtp = _Protocol(self.server, deadline)
        try:
            smtp.ehlo_or_helo_if_needed()
            if self.server.security == "starttls":
                smtp.starttls(context=smtp.context)
                smtp.ehlo()
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _sign_in(self, smtp: _Protocol) -> _Protocol:
        server = self.server
        if server.username is None or server.secret is None:
            return smtp
        try:
            secret = server.secret()
            if server.auth == "xoauth2":
                words = f"user={server.username}\x01auth=Bearer {secret}\x01\x01"
                # On a refusal the server sends its reason as a challenge; the answer to it is empty.
                smtp.auth("XOAUTH2", lambda challenge=None: words if challenge is None else "")
            else:
                smtp.login(server.username, secret)
        except smtplib.SMTPAuthenticationError as error:
            smtp.close()
            said = one_line(_text(error.smtp_error)).replace(secret, "***")
            if error.smtp_code // 100 == 4:
                raise _No("AUTH", error.smtp_code, said) from None
            raise _SignInRefused(f"{error.smtp_code} {said}") from None
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _envelope(self, smtp: _Protocol, envelope_from: str, recipients: Sequence[str], raw: bytes) -> None:
        options = _mail_options(smtp, [envelope_from, *recipients], raw)
        _expect(smtp, f"MAIL FROM:<{envelope_from}>{options}", (250,))
        for recipient in recipients:
            _expect(smtp, f"RCPT TO:<{recipient}>", (250, 251, 252))

    def _failed(self, what: str, error: Exception, deadline: Deadline) -> FailedBefore:
        if isinstance(error, _SignInRefused):
            return FailedBefore(
                reason=f"{self.server.place} refused to sign in {self.server.username}: {error}. "
                "Check the username and the secret.",
                sign_in_refused=True,
            )
        if isinstance(error, AmendsError):  # no secret to sign in with
            return FailedBefore(reason=str(error))
        words = str(error) if isinstance(error, _No) else why(_root(error), deadline=deadline)
        return FailedBefore(reason=f"Could not {what} at {self.server.place}: {words}.")

    def _time_for(self, size: int) -> float:
        return self.server.connect_timeout + self.server.read_timeout + size / SLOWEST


def check_letter(envelope_from: str, recipients: Sequence[str], raw: bytes) -> None:
    """Raises Refused where the envelope or the bytes are not fit for SMTP; an empty sender is a bounce's own."""
    for address in [envelope_from, *recipients]:
        if not (_ADDRESS.fullmatch(address) or (address == "" and address is envelope_from)):
            raise Refused(f"{one_line(address) or 'An empty address'} is no address a letter can go to.")
    if not recipients:
        raise Refused("The letter has no recipient.")
    if _LINE_END_DAMAGE.search(raw):
        raise Refused("The letter has damaged line ends: every line must end in CR LF.")
    if max(map(len, raw.split(b"\r\n"))) > LONGEST_LINE:
        raise Refused(f"The letter has a line of more than {LONGEST_LINE} bytes, which servers cut.")


def _mail_options(smtp: smtplib.SMTP, addresses: Sequence[str], raw: bytes) -> str:
    options = ""
    headers, _, body = raw.partition(b"\r\n\r\n")
    limit = smtp.esmtp_features.get("size", "").strip()
    if smtp.has_extn("size"):
        if limit.isdecimal() and 0 < int(limit) < len(raw):
            raise _No("MAIL", 552, f"the letter has {len(raw)} bytes, the server takes {limit}")
        options += f" SIZE={len(raw)}"
    if not (headers + body).isascii():
        options += _offered(smtp, "8BITMIME", " BODY=8BITMIME", "send the letter in 7 bits")
    if not headers.isascii() or not "".join(addresses).isascii():
        options += _offered(
            smtp, "SMTPUTF8", " SMTPUTF8", "an address or header outside ASCII cannot go there"
        )
        smtp.command_encoding = "utf-8"
    return options


def _offered(smtp: smtplib.SMTP, extension: str, option: str, otherwise: str) -> str:
    if not smtp.has_extn(extension):
        raise _Unfit(f"the server does not offer {extension}: {otherwise}")
    return option


class _Unfit(_No):
    """The server cannot take this letter as it is."""

    def __init__(self, words: str) -> None:
        super().__init__("MAIL", 550, words)


def _expect(smtp: smtplib.SMTP, command: str, good: tuple[int, ...]) -> None:
    code, words = smtp.docmd(command)
    if code not in good:
        raise _No(command.partition(" ")[0], code, one_line(words.decode("utf-8", "replace")))


def _refusal(no: _No) -> RefusedByServer:
    code = 0 if isinstance(no, _Unfit) else no.code
    return RefusedByServer(code=code, reason=str(no), permanent=no.code >= 500)


def _dotted(raw: bytes) -> bytes:
    """The letter as it goes on the wire: dots at line starts doubled, and the dot that ends it (RFC 5321, 4.5.2)."""
    body = raw.replace(b"\r\n.", b"\r\n..")
    if body.startswith(b"."):
        body = b"." + body
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _reset(smtp: smtplib.SMTP, deadline: Deadline) -> None:
    with suppress(OSError, smtplib.SMTPException, ValueError), deadline.within(5):
        smtp.rset()
    _leave(smtp, deadline)


def _leave(smtp: smtplib.SMTP, deadline: Deadline) -> None:
    """QUIT, if that is quick; how it ends changes nothing."""
    with suppress(OSError, smtplib.SMTPException, ValueError), deadline.within(5):
        smtp.quit()
    smtp.close()


def _root(error: BaseException) -> BaseException:
    """What really happened: smtplib wraps it."""
    cause = error.__context__
    return (
        cause if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(cause, OSError) else error
    )


def _text(words: bytes | str) -> str:
    return words if isinstance(words, str) else words.decode("utf-8", "replace")


def _seconds_even_asleep() -> float:
    """A clock that goes on while the machine sleeps, where there is one."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)
