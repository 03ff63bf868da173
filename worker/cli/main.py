"""The command `amends`: finds the command asked for, and is the one edge where errors become a sentence.

Exit codes: 0 well; 1 refused or something blocks; 2 unusable input; 75 try later; 78 settings wrong; 130 stopped
by the keyboard.
"""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Final, cast

import click
from click.exceptions import NoSuchCommand

from worker.cli.commands import COMMANDS, entry, names
from worker.errors import AmendsError, Transient

DEBUG_VARIABLE: Final = "AMENDS_DEBUG"
STOPPED: Final = 130
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

_HELP: Final = """Keep every promise made to a customer in view until the customer has heard from you again.

Amends reads a support mailbox beside your mail program, tags likely complaints, drafts acknowledgements for a
person to approve, and tells you what is owed, to whom, by when. It sends nothing without you.

\b
Try it:
  amends demo                         a sample mailbox, walked through
  amends look --since 90d inbox.mbox  what your own past mail promised
  amends lint reply.txt               is there a fake apology in it?
\b
Put it to work:
  amends init                         a few questions, then amends.toml
  amends doctor                       does everything connect?
  amends run                          watch the mailboxes
  amends promises list                what is owed now
"""


class Commands(click.Group):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        found = entry(cmd_name)
        if found is None:
            return None
        module, _, attribute = found.place.partition(":")
        return cast("click.Command", getattr(import_module(module), attribute))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if entry(args[0]) is None and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], possibilities=names(), ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - likewise
        for heading, commands in COMMANDS.items():
            with formatter.section(heading):
                formatter.write_dl([(name, command.line) for name, command in commands.items()])


@click.group(
    cls=Commands,
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="amends", message="%(prog)s %(version)s")
def amends() -> None:
    pass


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. Whatever goes wrong is told in a sentence on stderr."""
    try:
        result = amends.main(args=list(arguments), prog_name="amends", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads_on()
    except OSError as error:
        return _no_room(error) if error.errno in _NO_ROOM else _tell(error)
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001 - the one edge of the command line
        return _tell(error)
    return result if isinstance(result, int) else 0


def _nobody_reads_on() -> int:
    """The reader of our pipe went away (`amends ... | head`): no fault."""
    _drop_what_is_buffered()
    return 1


def _no_room(error: OSError) -> int:
    """Standard output or a file could not be written to its end."""
    _drop_what_is_buffered()
    click.echo(
        f"The answer could not be written: {error.strerror}. Make room there and run it again.", err=True
    )
    return Transient.exit_code


def _drop_what_is_buffered() -> None:
    """Else Python tries to write it once more when it ends, and fails again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(error: BaseException) -> int:
    """One sentence on stderr, and the exit code that goes with it."""
    if isinstance(error, AmendsError):
        return _tell_ours(error)
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, click.Abort):
        return STOPPED if isinstance(error.__cause__, KeyboardInterrupt) else 1
    return STOPPED if isinstance(error, KeyboardInterrupt) else _tell_unexpected(error)


def _tell_ours(error: AmendsError) -> int:
    if _debugging():
        traceback.print_exception(error)
    click.echo(str(error) or type(error).__doc__, err=True)
    return error.exit_code


def _tell_unexpected(error: BaseException) -> int:
    if _debugging():
        traceback.print_exception(error)
        return 1
    kept = _keep_details(error)
    where = f"The details are in {kept}; s" if kept else "S"
    sentence = (
        f"Something went wrong that Amends did not expect ({type(error).__name__}). "
        f"{where}et {DEBUG_VARIABLE}=1 and run it again to see them."
    )
    click.echo(sentence, err=True)
    return 1


def _debugging() -> bool:
    return os.environ.get(DEBUG_VARIABLE, "") not in {"", "0"}


def _keep_details(error: BaseException) -> Path | None:
    """Write the places the error passed, without its message or values: those may be a customer's words."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    file = state / "amends" / "unexpected.log"
    places = "".join(traceback.format_tb(error.__traceback__))
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(file, "a", encoding="utf-8", opener=_private) as log:
            log.write(f"{type(error).__module__}.{type(error).__qualname__}\n{places}\n")
    except (OSError, RuntimeError):
        return None
    return file


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)
