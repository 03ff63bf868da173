"""`amends demo`: a sample mailbox in a folder of its own, taken in, told about, and one case played through.

Nothing here judges, drafts, approves or sends: mail goes through the intake of `amends ingest`, everything else through
the services and the loop's steps of `amends run`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click

from worker.adapters.samples import SampleMail, sample_mails
from worker.app import opened
from worker.cli.console import now, sentence, track
from worker.cli.demo import page, workspace
from worker.cli.demo.story import PLAYED, DemoApp, MovedClock, Story
from worker.log import start_logging
from worker.settings import load_settings

A_MOMENT = timedelta(minutes=1)

__all__ = ["PLAYED", "demo", "make_demo"]


@click.command()
@click.option("--fresh", is_flag=True, help="Make the workspace anew; the old one is removed.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the workspace is made.",
)
@click.option("--no-serve", is_flag=True, help="Only make and show it. (There are no pages to serve yet.)")
def demo(folder: Path, *, fresh: bool, no_serve: bool) -> None:  # noqa: ARG001 - for scripts of a later version
    """Make a sample mailbox of an invented shop and walk through it.

    Everything stays in one folder: settings, mail, a SQLite file, the letters that would have been sent. No server is
    reached and nothing is sent. A second run leaves the folder as it is; --fresh makes it anew.
    """
    start_logging(level="error")
    state = workspace.state_of(folder)
    if state and not fresh:
        _tell_it_exists(folder, state)
        return
    workspace.clear(folder)
    at = now()
    make_demo(folder, sample_mails(at, own_address=workspace.OWN_ADDRESS), now=at)


def make_demo(folder: Path, mails: Sequence[SampleMail], *, now: datetime, played: str = PLAYED) -> Story:
    """Make the workspace from these mails (oldest first), play it up to `now`, and show it all."""
    workspace.begin(folder)
    settings = load_settings(folder / "amends.toml")
    sentence(f"A support mailbox of {len(mails)} sample mails, in the folder {folder}.")
    clock = MovedClock(min((mail.arrived_at for mail in mails), default=now) - A_MOMENT)
    with opened(settings, clock=clock) as base:
        app = DemoApp(
            settings=settings,
            database=base.database,
            house=base.house,
            clock=clock,
            alerts_file=workspace.AlertsFile(folder / "alerts.txt"),
        )
        story = Story(app=app, clock=clock, folder=folder, mails=mails, played=played)
        for _ in track(story.play(now=now), total=len(mails), label="Taking in mail"):
            pass
        page.show(app, story, now=now)
    workspace.finish(folder)
    return story


def _tell_it_exists(folder: Path, state: str) -> None:
    if state != workspace.READY:
        sentence(
            f"A demo was begun in {folder} and not finished. Make it anew: amends demo --fresh{_where(folder)}"
        )
        return
    sentence(f"The demo's workspace {folder} exists; it was left as it is.")
    sentence(f"To make it anew: amends demo --fresh{_where(folder)}")
    with opened(load_settings(folder / "amends.toml")) as app, app.database.reading() as rooms:
        page.what_next(folder, page.suggestions(rooms, now=now()))


def _where(folder: Path) -> str:
    return "" if folder == Path("demo") else f" --folder {folder}"
