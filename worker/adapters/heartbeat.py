"""Shows an outside monitor that the worker lives: a file with the time, or a URL that is called."""

import http.client
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from worker.adapters.connections import Deadline, open_socket, tls_context, why

_SECONDS = 10


def beat(target: Path | str, now: datetime) -> str | None:
    """Write the time into a file, or GET a http(s) URL. None when it went well, else the reason; never raises."""
    if isinstance(target, str) and target.startswith(("http://", "https://")):
        return _call(target)
    return _write(Path(target), now)


def _write(path: Path, now: datetime) -> str | None:
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.write_text(now.isoformat() + "\n", "ascii")
        os.replace(fresh, path)  # noqa: PTH105 - Path.replace reads as if it replaced text
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        return f"The heartbeat file {path} cannot be written: {error.strerror}. Check its folder."
    return None


def _call(url: str, seconds: float = _SECONDS) -> str | None:
    deadline = Deadline()
    # The path of such a URL is often the secret itself, so only the host is named.
    host = None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        with deadline.within(seconds):
            status = _status(deadline, host, port, url, seconds)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"The heartbeat URL at {host or 'the place given'} was not reached: {why(error, deadline=deadline)}."
    finally:
        deadline.release()
    return None if status < 400 else f"The heartbeat URL at {host} answered {status}. Check the address."


def _status(deadline: Deadline, host: str, port: int, url: str, seconds: float) -> int:
    parts = urlsplit(url)
    sock = open_socket(host, port, seconds)
    deadline.watch(sock)
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    connection.sock = sock
    try:
        if parts.scheme == "https":
            connection.sock = tls_context(None).wrap_socket(sock, server_hostname=host)
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        return connection.getresponse().status
    finally:
        connection.close()
