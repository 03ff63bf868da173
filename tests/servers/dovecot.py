"""A real Dovecot from one folder: IMAP, IMAPS, LMTP, XOAUTH2; as root or as an ordinary user."""

import getpass
import grp
import http.server
import imaplib
import json
import os
import secrets
import shutil
import signal
import smtplib
import subprocess
import tempfile
import threading
import urllib.parse
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.servers.ports import free_ports, wait_for_port
from tests.servers.tls import make_certificate

imaplib._MAXLINE = 10_000_000  # a test may ask for many mails at once


@dataclass(frozen=True, slots=True, kw_only=True)
class MailUser:
    """An account on the test server. `token` signs in by XOAUTH2."""

    address: str
    password: str

    @property
    def token(self) -> str:
        return f"tok-{self.address}"


class Dovecot:
    """Start with `start()`, end with `stop()`: all its processes are gone then, and its folder too."""

    def __init__(self, folder: Path | None = None) -> None:
        self.host = "127.0.0.1"
        # pytest's own folders are closed to other users, and Dovecot run by root changes user.
        self.folder = folder or Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
        self._own_folder = folder is None
        self.port, self.tls_port, self.lmtp_port, self._introspection_port = free_ports(4)
        self.certificate = self.folder / "tls" / "cert.pem"
        self._process: subprocess.Popen[bytes] | None = None
        self._introspection: http.server.ThreadingHTTPServer | None = None
        self._password = secrets.token_urlsafe(12)
        self._count = 0

    def start(self) -> "Dovecot":
        program = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
        if program is None:
            raise RuntimeError("Dovecot is not installed: run `make test`, it installs it.")
        for name in ("run", "state", "mail"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        make_certificate(self.folder / "tls")
        self._open_to_mail_user()
        self._write_settings()
        self._introspection = _introspection(self._introspection_port)
        log = (self.folder / "dovecot.log").open("ab")
        self._process = subprocess.Popen(
            [*_dies_with_us(), program, "-F", "-c", self.folder / "dovecot.conf"],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        log.close()
        try:
            wait_for_port(self.port)
        except OSError as error:
            said = (self.folder / "dovecot.log").read_text(errors="replace")[-2000:]
            self.stop()
            raise RuntimeError(f"Dovecot did not start:\n{said}") from error
        return self

    def stop(self) -> None:
        """End the master and every process of it, and take the folder away."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            # SIGTERM leaves live sessions working; they are all in the master's own process group.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
        if self._introspection is not None:
            self._introspection.shutdown()
            self._introspection.server_close()
            self._introspection = None
        if self._own_folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def cut_sessions(self) -> int:
        """Kill every signed-in session, as a crash of the server would; returns how many there were."""
        assert self._process is not None
        found = [
            pid
            for pid in (int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit())
            if _group_and_name(pid) == (self._process.pid, "imap")
        ]
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(found)

    def add_user(self, name: str | None = None) -> MailUser:
        """A fresh account (any name has one); `name` without a domain."""
        self._count += 1
        return MailUser(address=f"{name or f'support{self._count}'}@example.test", password=self._password)

    def deliver(
        self,
        user: MailUser,
        raw: bytes,
        folder: str = "INBOX",
        internal_date: datetime | None = None,
        flags: str = "",
    ) -> None:
        """Put a mail into a folder byte for byte (made when it is missing); `raw` may have bare LF."""
        self.deliver_many(user, [raw], folder, internal_date, flags)

    def deliver_many(
        self,
        user: MailUser,
        raws: list[bytes],
        folder: str = "INBOX",
        internal_date: datetime | None = None,
        flags: str = "",
    ) -> None:
        at = imaplib.Time2Internaldate(internal_date or datetime.now(UTC))
        with self.session(user) as session:
            if folder != "INBOX":
                session.create(_quoted(folder))
            for raw in raws:
                answer, words = session.append(_quoted(folder), f"({flags})" if flags else None, at, raw)
                assert answer == "OK", words

    def deliver_by_lmtp(self, user: MailUser, raw: bytes, *, sender: str = "ada@example.org") -> None:
        """Deliver as a mail server would: Return-Path and Received are added."""
        with smtplib.LMTP(self.host, self.lmtp_port) as lmtp:
            lmtp.sendmail(sender, [user.address], raw)

    def mails(self, user: MailUser, folder: str = "INBOX") -> list[bytes]:
        """Every mail in a folder, byte for byte, oldest first; none is marked as read."""
        with self.session(user) as session:
            if session.select(_quoted(folder), readonly=True)[0] != "OK":
                return []
            numbers = session.search(None, "ALL")[1][0].split()
            return [session.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in numbers]

    def flags(self, user: MailUser, folder: str = "INBOX") -> list[str]:
        """The flags of every mail in a folder, as the server writes them."""
        with self.session(user) as session:
            session.select(_quoted(folder), readonly=True)
            rows = session.fetch("1:*", "(FLAGS)")[1]
            return [row.decode() for row in rows if row]

    def folder_names(self, user: MailUser) -> list[str]:
        with self.session(user) as session:
            return [row.decode().rsplit(" ", 1)[1].strip('"') for row in session.list()[1]]

    def forget_uids(self, user: MailUser, folder: str = "INBOX") -> None:
        """Make the server give a new UIDVALIDITY, as after a rebuild."""
        self.cut_sessions()
        base = self.folder / "mail" / user.address / "Maildir"
        place = base if folder == "INBOX" else base / f".{folder}"
        for file in place.glob("dovecot*"):
            file.unlink()

    def session(self, user: MailUser) -> imaplib.IMAP4:
        """A signed-in imaplib connection, for what a test wants to do behind the product's back."""
        session = imaplib.IMAP4(self.host, self.port, timeout=10)
        try:
            session.login(user.address, user.password)
        except imaplib.IMAP4.error:
            session.shutdown()
            raise
        return session

    def _open_to_mail_user(self) -> None:
        self.folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(self.folder / "mail", *_mail_user())

    def _write_settings(self) -> None:
        user, group = _mail_user()
        rootless = "" if os.geteuid() == 0 else _ROOTLESS.format(user=user, group=group)
        text = _SETTINGS.format(
            d=self.folder,
            password=self._password,
            user=user,
            group=group,
            imap=self.port,
            imaps=self.tls_port,
            lmtp=self.lmtp_port,
        )
        (self.folder / "dovecot.conf").write_text(text + rootless)
        (self.folder / "oauth2.conf").write_text(_OAUTH2.format(port=self._introspection_port))


def _dies_with_us() -> list[str]:
    """A test run that is killed takes its server along."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def _mail_user() -> tuple[str, str]:
    """(user, group) the mail belongs to: ourselves, or nobody when we are root."""
    if os.geteuid() == 0:
        return "nobody", "nogroup"
    return getpass.getuser(), grp.getgrgid(os.getegid()).gr_name


def _group_and_name(pid: int) -> tuple[int, str] | None:
    try:
        words = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    name, _, rest = words.partition("(")[2].rpartition(")")
    return int(rest.split()[2]), name


def _quoted(folder: str) -> str:
    return f'"{folder}"'


def _introspection(port: int) -> http.server.ThreadingHTTPServer:
    """RFC 7662 in small: the token `tok-ADDRESS` is active for ADDRESS, every other is not."""

    class Answer(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            token = urllib.parse.parse_qs(asked).get("token", [""])[0]
            active = token.startswith("tok-")
            said = {"active": True, "username": token[4:], "scope": "imap"} if active else {"active": False}
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name upstream
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Answer)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server


_ROOTLESS = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
"""

_SETTINGS = """
base_dir = {d}/run
state_dir = {d}/state
instance_name = test-{imap}
listen = 127.0.0.1
protocols = imap lmtp
log_path = /dev/stderr
ssl = yes
ssl_cert = <{d}/tls/cert.pem
ssl_key = <{d}/tls/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0 secs
auth_cache_size = 0
login_trusted_networks = 127.0.0.0/8
mailbox_idle_check_interval = 1 secs
imap_idle_notify_interval = 29 mins
mail_location = maildir:{d}/mail/%u/Maildir
mail_max_userip_connections = 50
first_valid_uid = 1
mail_plugins =
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {d}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={d}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    auto = subscribe
    special_use = \\Drafts
  }}
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Trash {{
    auto = subscribe
    special_use = \\Trash
  }}
  mailbox Archive {{
    auto = subscribe
    special_use = \\Archive
  }}
}}
service imap-login {{
  process_min_avail = 1
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""

_OAUTH2 = """
introspection_mode = post
introspection_url = http://127.0.0.1:{port}/introspect
username_attribute = username
active_attribute = active
active_value = true
openid_configuration_url = http://127.0.0.1:{port}/.well-known/openid-configuration
"""
