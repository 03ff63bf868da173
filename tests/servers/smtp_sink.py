"""A real SMTP server (aiosmtpd) that keeps what it accepts, and fails on demand."""

import asyncio
import base64
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.ports import free_ports


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenMail:
    """One accepted mail with its envelope; `raw` as it came, dots undone."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    options: tuple[str, ...] = ()  # of MAIL: BODY=8BITMIME, SMTPUTF8, SIZE=...
    helo: str = ""


class SmtpSink:
    """`start()`, `stop()`; `mails` in order of arrival; `maildir`, when given, gets each one as a file.

    Faults: `answer[verb]` = "451 4.3.2 later" is answered instead (verbs EHLO, MAIL, RCPT, DATA, DOT,
    RSET, QUIT); `recipient_answers[address]` the same for one recipient; `cut_at` = a verb at which the
    connection is cut: "DATA" before its 354, "BODY" while the letter comes, "DOT" after the mail is kept
    and before the 250, "QUIT". `delays[verb]` in seconds come before the answer.
    """

    def __init__(
        self,
        *,
        maildir: Path | None = None,
        users: dict[str, str] | None = None,
        tokens: dict[str, str] | None = None,
        tls: tuple[Path, Path] | None = None,
        security: str = "plain",
        eightbit: bool = True,
        smtputf8: bool = True,
        port: int | None = None,
    ) -> None:
        self.host = "127.0.0.1"
        self.port = port or free_ports(1)[0]
        self.maildir, self.users, self.tokens = maildir, users or {}, tokens or {}
        self.security, self.eightbit, self.smtputf8 = security, eightbit, smtputf8
        self.certificate = tls[0] if tls else None
        self._tls = _context(tls) if tls else None
        self._controller: Controller | None = None
        self.heal()
        self.mails: list[TakenMail] = []
        self.verbs: list[str] = []  # every command line that came, secrets and all

    def heal(self) -> None:
        """No faults any more."""
        self.answer: dict[str, str] = {}
        self.recipient_answers: dict[str, str] = {}
        self.delays: dict[str, float] = {}
        self.cut_at: str | None = None

    def start(self) -> "SmtpSink":
        self._controller = _Controller(self)
        self._controller.start()
        return self

    def stop(self) -> None:
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop()

    def forget(self) -> None:
        self.mails.clear()
        self.verbs.clear()

    def keep(self, mail: TakenMail) -> None:
        self.mails.append(mail)
        if self.maildir is not None:
            for folder in ("tmp", "new", "cur"):
                (self.maildir / folder).mkdir(parents=True, exist_ok=True)
            name = f"{len(self.mails):06d}.sink"
            (self.maildir / "tmp" / name).write_bytes(mail.raw)
            (self.maildir / "tmp" / name).rename(self.maildir / "new" / name)

    def sign_in(self, mechanism: str, name: str, secret: str) -> bool:
        known = self.tokens if mechanism == "XOAUTH2" else self.users
        return known.get(name) == secret


class _Controller(Controller):
    def __init__(self, sink: SmtpSink) -> None:
        self.sink = sink
        super().__init__(
            _Handler(sink),
            hostname=sink.host,
            port=sink.port,
            ssl_context=sink._tls if sink.security == "tls" else None,
        )

    def factory(self) -> SMTP:
        sink = self.sink
        return _Server(
            self.handler,
            hostname="sink.example.test",
            enable_SMTPUTF8=sink.smtputf8,
            decode_data=False,
            data_size_limit=50_000_000,
            tls_context=sink._tls if sink.security == "starttls" else None,
            require_starttls=sink.security == "starttls",
            authenticator=_authenticator(sink),
            auth_require_tls=False,
            loop=self.loop,
        )

    def _trigger_server(self) -> None:
        """aiosmtpd connects to itself to see that it runs, with a context that is the server's own."""
        if self.sink.security != "tls":
            super()._trigger_server()
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection((self.sink.host, self.sink.port), 2) as bare,
            context.wrap_socket(bare) as sock,
        ):
            sock.recv(1024)


class _Handler:
    def __init__(self, sink: SmtpSink) -> None:
        self.sink = sink

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        sink = self.sink
        if sink.cut_at == "BODY":
            server.transport.abort()
            return "250 never seen"
        if "DOT" in sink.answer:
            await asyncio.sleep(sink.delays.get("DOT", 0))
            return sink.answer["DOT"]
        sink.keep(
            TakenMail(
                sender=envelope.mail_from or "",
                recipients=tuple(envelope.rcpt_tos),
                raw=envelope.original_content or b"",
                options=tuple(envelope.mail_options),
                helo=session.host_name or "",
            )
        )
        await asyncio.sleep(sink.delays.get("DOT", 0))
        if sink.cut_at == "DOT":
            server.transport.abort()
        return f"250 2.0.0 queued as {len(sink.mails)}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.sink.recipient_answers:
            return self.sink.recipient_answers[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        words = _decoded(args[1]) if len(args) > 1 else ""
        name = words.partition("user=")[2].partition("\x01")[0]
        token = words.partition("auth=Bearer ")[2].partition("\x01")[0]
        if self.sink.sign_in("XOAUTH2", name, token):
            return AuthResult(success=True, auth_data=name)
        await server.challenge_auth("eyJzdGF0dXMiOiI0MDEifQ==", encode_to_b64=False)
        await server.push("535 5.7.8 token refused")
        return AuthResult(success=False, handled=True)


class _Server(SMTP):
    """aiosmtpd with our faults before each verb."""

    async def push(self, status: str) -> None:
        if status.endswith("8BITMIME") and not self.event_handler.sink.eightbit:
            return
        await super().push(status)

    async def _fault(self, verb: str, arg: str | None) -> bool:
        sink = self.event_handler.sink
        sink.verbs.append(f"{verb} {arg or ''}".strip())
        await asyncio.sleep(sink.delays.get(verb, 0))
        if sink.cut_at == verb:
            self.transport.abort()
            return True
        if verb == "MAIL" and (sink.users or sink.tokens) and not self.session.authenticated:
            await self.push("530 5.7.0 sign in first")
            return True
        if verb in sink.answer:
            await self.push(sink.answer[verb])
            return True
        return False


def _faulty(name: str) -> Callable[..., Any]:
    original = getattr(SMTP, f"smtp_{name}")

    async def verb(self: _Server, arg: str | None) -> None:
        if not await self._fault(name, arg):
            await original(self, arg)

    # aiosmtpd keeps what a verb demands as attributes of its method.
    verb.__dict__.update(original.__dict__)
    return verb


for _name in ("EHLO", "MAIL", "RCPT", "DATA", "RSET", "QUIT"):
    setattr(_Server, f"smtp_{_name}", _faulty(_name))


def _authenticator(sink: SmtpSink) -> Callable[..., AuthResult]:
    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        good = sink.sign_in(mechanism, data.login.decode(), data.password.decode())
        return AuthResult(success=good, handled=False)

    return check


def _context(tls: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls)
    return context


def _decoded(words: str) -> str:
    return base64.b64decode(words).decode()
