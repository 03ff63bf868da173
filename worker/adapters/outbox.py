"""Puts letters into a Maildir instead of sending them: the outbox of trials and of the demo."""

import os
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from worker.adapters.smtp import check_letter
from worker.ports import Accepted, FailedBefore, SendOutcome


class OutboxMaildir:
    """Takes letters as a server would; each is one file in `new`, byte for byte."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(
        self, envelope_from: str, recipients: Sequence[str], raw: bytes, before_data: Callable[[], None]
    ) -> SendOutcome:
        """Write the letter. What `before_data` raises is raised, and nothing is written. Raises Refused."""
        check_letter(envelope_from, recipients, raw)
        try:
            for folder in ("tmp", "new", "cur"):
                (self.path / folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return FailedBefore(reason=f"The outbox {self.path} cannot be made: {error.strerror}.")
        before_data()
        name = f"{time.time_ns()}.{os.getpid()}_{secrets.token_hex(6)}.outbox"
        try:
            self._write(name, raw)
        except OSError as error:
            # The rename is the last step: a letter that is not in `new` has not left.
            (self.path / "tmp" / name).unlink(missing_ok=True)
            return FailedBefore(reason=f"The outbox {self.path} cannot be written: {error.strerror}.")
        return Accepted(response=f"kept as {name}")

    def _write(self, name: str, raw: bytes) -> None:
        started = self.path / "tmp" / name
        with started.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        started.rename(self.path / "new" / name)
