"""A real HTTP server that records what it is asked, and fails on demand."""

import http.server
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tests.servers.ports import free_ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)  # lower-case names

    def json(self) -> Any:
        return json.loads(self.body)


class HttpSink:
    """`start()`, `stop()`; `asked` in order. `fail(n)` answers the next n with 500; `delay` in seconds."""

    def __init__(self, port: int | None = None) -> None:
        self.host = "127.0.0.1"
        self.port = port or free_ports(1)[0]
        self.asked: list[Asked] = []
        self.delay = 0.0
        self._failures: list[int] = []
        self._server: http.server.ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def apprise_url(self, path: str = "/alerts") -> str:
        """For Apprise's json channel."""
        return f"json://{self.host}:{self.port}{path}"

    def start(self) -> "HttpSink":
        self._server = http.server.ThreadingHTTPServer((self.host, self.port), _handler(self))
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def stop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def fail(self, times: int, status: int = 500) -> None:
        self._failures = [status] * times

    def forget(self) -> None:
        self.asked.clear()
        self._failures.clear()
        self.delay = 0.0

    def wait_for(self, count: int, seconds: float = 10) -> list[Asked]:
        """The requests, once there are so many."""
        until = time.monotonic() + seconds
        while len(self.asked) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.asked) >= count, f"{len(self.asked)} of {count} requests came"
        return list(self.asked)

    def status(self) -> int:
        return self._failures.pop(0) if self._failures else 200


def _handler(sink: HttpSink) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            time.sleep(sink.delay)
            status = sink.status()
            sink.asked.append(Asked(method=self.command, path=self.path, body=body, headers=headers))
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        do_GET = do_HEAD = do_PUT = do_POST  # noqa: N815 - its names upstream

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name upstream
            pass

    return Handler
