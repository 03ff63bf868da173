"""`amends run`: watch the mailboxes until stopped, or once for cron."""

from pathlib import Path

import click

from worker import loop
from worker.adapters.database.lock import at_work
from worker.app import App, opened
from worker.cli.console import note, settings_option
from worker.errors import Transient
from worker.log import start_logging
from worker.settings import load_settings


@click.command()
@settings_option
@click.option(
    "--once", is_flag=True, help="Read every mailbox once, do all there is to do, and end. For cron."
)
@click.option("--quiet", is_flag=True, help="Log warnings only.")
def run(settings_path: Path | None, *, once: bool, quiet: bool) -> None:
    """Watch the mailboxes: take mail in, draft, deliver what was approved, alert what falls due.

    Runs until SIGTERM or Ctrl-C and then ends cleanly within ten seconds. SIGHUP reads rules and letters again;
    with a fault in them the last good set stays in force. Nothing on your mail server is changed unless
    `after_intake` in the settings asks for it, and nothing is sent that a person has not approved.

    \b
    amends run               under systemd or in a terminal
    amends run --once        from cron; exit code 75 when a server refused, or another run is at work,
                             78 when the settings are wrong
    """  # noqa: D301 - click's mark
    start_logging(level="warning" if quiet else "info")
    settings = load_settings(settings_path)
    for warning in settings.warnings():
        note(warning)
    with at_work(settings.database_url, beside=settings.folder), opened(settings, thorough=True) as app:
        if once:
            _once(app)
            return
        stop = loop.Stop()
        loop.handle_signals(stop)
        loop.run(app, stop)


def _once(app: App) -> None:
    troubles = loop.run_once(app)
    if troubles:
        raise Transient("\n".join(troubles))
