"""Lets one `amends run` at a time work on an embedded database: a file beside it is held locked."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.adapters.database.engine import sqlite_file
from worker.errors import Transient


@contextmanager
def at_work(url: str, *, beside: Path | None = None) -> Iterator[None]:
    """Hold the lock while inside; the system lets go of it when the process ends, however it ends.

    Raises Transient when another process holds it. A database of another kind has its own means: nothing is held.
    """
    database = sqlite_file(url, beside)
    if database is None:
        yield
        return
    path = database.with_name(database.name + ".lock")
    try:
        file = path.open("a")
    except OSError as fault:
        raise Transient(
            f"The lock {path} cannot be made: {fault.strerror}. Check database.url and its folder's rights."
        ) from fault
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Transient(
                f"Another amends run is at work here, on {database}. Two would send the same alerts; end that one first."
            ) from None
        yield
