"""Opens a connection that cannot hang: kept alive, never waiting on Nagle, and cut when its time is up.

A socket's own time-out counts from byte to byte, so a server that drips one byte a second never trips
it. `Deadline` counts from the start of an operation and ends the connection itself.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# A dead peer is noticed after 60 s of silence and three unanswered probes, 20 s apart.
_KEEPALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3))


def open_socket(host: str, port: int, timeout: float) -> socket.socket:
    """A TCP connection with keep-alive 60/20/3 and no delay. Raises OSError."""
    sock = socket.create_connection((host, port), timeout)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in _KEEPALIVE:
        if hasattr(socket, name):  # each system has its own set
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    return sock


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates and names are verified; `ca_file` adds a house's own authority."""
    context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Deadline:
    """Ends one connection when an operation on it outlives its time."""

    def __init__(self) -> None:
        self._twin: socket.socket | None = None
        self.passed = False

    def watch(self, sock: socket.socket) -> None:
        """Watch this connection. Give the bare socket, before TLS is put on it."""
        # Putting TLS on a socket takes its descriptor away; a second one for the same connection stays.
        self.release()
        self._twin = sock.dup()

    def release(self) -> None:
        """Let go of the connection (ends it for good)."""
        twin, self._twin = self._twin, None
        if twin is not None:
            with suppress(OSError):
                twin.shutdown(socket.SHUT_RDWR)
            twin.close()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Inside the block the connection lives at most so long; then reads end as if the peer had left."""
        timer = threading.Timer(seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self.passed = True
        twin = self._twin
        if twin is not None:
            with suppress(OSError):
                twin.shutdown(socket.SHUT_RDWR)


def why(error: BaseException, *, deadline: Deadline | None = None) -> str:
    """What went wrong on a connection, in a few words for a person; never more than one line."""
    if deadline is not None and deadline.passed:
        return "it took too long altogether and was cut off"
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words if isinstance(words, str) else words(error)
    return one_line(str(error)) or type(error).__name__


def one_line(text: str, limit: int = 300) -> str:
    """A server's words made fit for a sentence: no control characters, not endless."""
    clean = "".join(ch if ch.isprintable() else " " for ch in text)
    return " ".join(clean.split())[:limit]


def _certificate(error: BaseException) -> str:
    reason = getattr(error, "verify_message", "") or one_line(str(error))
    return f"its certificate is not trusted ({reason}); a house's own authority goes into ca_file"


_WORDS: tuple[tuple[type[BaseException], str | Callable[[BaseException], str]], ...] = (
    (ssl.SSLCertVerificationError, _certificate),
    (ssl.SSLError, lambda error: f"TLS failed ({one_line(str(error))}); check port and security"),
    (socket.gaierror, "its name cannot be resolved; check the host"),
    (ConnectionRefusedError, "nothing listens there; check host and port"),
    (TimeoutError, "no answer in time"),
    (ConnectionError, "the connection was cut"),
)
