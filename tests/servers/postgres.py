"""A real PostgreSQL from one folder, on loopback; as root or as an ordinary user."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.servers.ports import free_ports, wait_for_port


class Postgres:
    """Start with `start()`, end with `stop()`; `new_database()` gives the URL of an empty one."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp"))
        self.port = free_ports(1)[0]
        self._count = 0

    def start(self) -> "Postgres":
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", "data", "-A", "trust", "-U", "amends", "--no-sync")
        settings = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "-D", "data", "-o", settings, "-l", "log", "-w", "start")
        wait_for_port(self.port)
        return self

    def new_database(self) -> str:
        self._count += 1
        name = f"t{self._count}_{secrets.token_hex(4)}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "amends", name)
        return f"postgresql://amends@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        """End the server and take its folder away."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        # PostgreSQL refuses to be root; Debian's package makes a user for it. Without pipes, for the server
        # that pg_ctl leaves behind would hold them open.
        user = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else None
        with (self.folder / f"{program}.said").open("wb") as said:
            done = subprocess.run(
                [_place(program), *words],
                cwd=self.folder, user=user, stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=60, check=False,
            )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {(self.folder / f'{program}.said').read_text()}")


def _place(program: str) -> str:
    found = shutil.which(program) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)),
        None,
    )
    if found is None:
        raise RuntimeError("PostgreSQL is not installed: run `make test`, it installs it.")
    return found
