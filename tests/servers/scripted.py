"""A TCP server that follows a script: the faults no honest server shows."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from tests.servers.ports import free_ports


class Scripted:
    """Runs `script(connection)` for each connection; what it raises of the network's ends that connection."""

    def __init__(self, script: Callable[["Talk"], None]) -> None:
        self.host, self.port = "127.0.0.1", free_ports(1)[0]
        self.connections = 0
        self._script = script
        self._server = socket.create_server((self.host, self.port))
        self._talks: list[Talk] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for talk in self._talks:
            talk.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                self.connections += 1
                talk = Talk(connection)
                self._talks.append(talk)
                threading.Thread(target=self._run, args=(talk,), daemon=True).start()

    def _run(self, talk: "Talk") -> None:
        with suppress(OSError, ValueError):
            self._script(talk)
        talk.close()


class Talk:
    """One connection, by lines."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._file = connection.makefile("rb")
        self.heard: list[bytes] = []

    def say(self, words: bytes) -> None:
        self._connection.sendall(words)

    def drip(self, words: bytes, seconds: float) -> None:
        """One byte at a time."""
        for byte in words:
            self.say(bytes([byte]))
            time.sleep(seconds)

    def hear(self) -> bytes:
        """The next line; ValueError when the client is gone."""
        line = self._file.readline()
        if not line:
            raise ValueError
        self.heard.append(line)
        return line

    def close(self) -> None:
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self._file.close()
        self._connection.close()


def imap_script(answers: dict[str, Callable[[Talk, str], None]]) -> Callable[[Talk], None]:
    """An IMAP server of few words; `answers[VERB](talk, tag)` replaces what it says to a command."""

    def script(talk: Talk) -> None:
        if "GREETING" in answers:
            answers["GREETING"](talk, "*")
        else:
            talk.say(b"* OK [CAPABILITY IMAP4rev1 IDLE] hello\r\n")
        while True:
            tag, _, rest = talk.hear().decode().strip().partition(" ")
            verb = rest.partition(" ")[0].upper()
            verb = rest.split()[1].upper() if verb == "UID" else verb
            if verb in answers:
                answers[verb](talk, tag)
                continue
            talk.say(_ORDINARY.get(verb, b"") + f"{tag} OK done\r\n".encode())

    return script


_ORDINARY = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
    "EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n",
    "SEARCH": b"* SEARCH 1 2 3\r\n",
}
