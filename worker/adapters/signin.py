"""Says where the secret for signing in comes from: a variable, a file, or a command that prints a token."""

import os
import shlex
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from worker.errors import BadSettings, Transient

_COMMAND_SECONDS = 30


class TokenCommand:
    """Runs the team's own command for an access token; the token is kept until a server refuses it."""

    def __init__(self, command: Sequence[str], *, seconds: float = _COMMAND_SECONDS) -> None:
        self._command = tuple(command)
        self._seconds = seconds
        self._token: str | None = None
        self._uses = 0

    def __call__(self) -> str:
        """The token. Raises Transient when the command fails; its output is never repeated."""
        if self._token is None:
            self._token, self._uses = self._run(), 0
        self._uses += 1
        return self._token

    def forget(self) -> bool:
        """Drop the token; True when it had been used before, so that a new one may well be taken."""
        was_old = self._token is not None and self._uses > 1
        self._token = None
        return was_old

    def _run(self) -> str:
        program = self._command[0]
        try:
            done = subprocess.run(  # noqa: S603 - the team's own command, split into words, no shell
                self._command,
                capture_output=True,
                timeout=self._seconds,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            raise Transient(
                f"token_command {program} gave no token within {self._seconds:g} s. Run it by hand."
            ) from None
        except OSError as error:
            raise Transient(
                f"token_command {program} cannot be run: {error.strerror}. Check its path and who may run it."
            ) from None
        if done.returncode:
            raise Transient(
                f"token_command {program} ended with {done.returncode}. Run it by hand to see why."
            )
        return _only_line(done.stdout, program)


def _only_line(output: bytes, program: str) -> str:
    lines = output.decode("ascii", "replace").split()
    if len(lines) != 1 or "\ufffd" in lines[0]:
        raise Transient(f"token_command {program} must print one access token and nothing else.")
    return lines[0]


def secret_from(
    *,
    password_env: str | None = None,
    password_file: Path | None = None,
    token_command: str | Sequence[str] | None = None,
) -> Callable[[], str]:
    """Where one of the three says; read anew at every sign-in, so that a changed password needs no restart.

    Raises BadSettings when none or more than one is given, or when a command is empty.
    """
    if sum(given is not None for given in (password_env, password_file, token_command)) != 1:
        raise BadSettings(("sign-in: give exactly one of password_env, password_file and token_command.",))
    if password_env is not None:
        return lambda: _from_variable(password_env)
    if password_file is not None:
        return lambda: _from_file(password_file)
    words = shlex.split(token_command) if isinstance(token_command, str) else tuple(token_command or ())
    if not words:
        raise BadSettings(("token_command: it is empty. Name the program that prints an access token.",))
    return TokenCommand(words)


def forget(secret: Callable[[], str]) -> bool:
    """A server refused this secret. True when another one may be had at once (a cached token had run out)."""
    return isinstance(secret, TokenCommand) and secret.forget()


def _from_variable(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise BadSettings((f"password_env: the variable {name} is not set. Export it where amends runs.",))
    return value


def _from_file(path: Path) -> str:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text file"
        raise BadSettings((f"password_file: cannot read {path}: {reason}.",)) from None
    if not lines or not lines[0]:
        raise BadSettings((f"password_file: {path} is empty. Put the password on its first line.",))
    return lines[0]
