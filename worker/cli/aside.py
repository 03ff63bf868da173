"""`amends aside`: the mails that could not be read, to be looked at, tried again or discarded."""

from pathlib import Path

import click

from worker.app import opened
from worker.cli.console import (
    ago,
    json_option,
    open_settings,
    print_json_line,
    sentence,
    settings_option,
    show_table,
)
from worker.cli.given import ID, acting, who_option
from worker.domain.post import KeptMail, KeptState
from worker.services import aside as services

SHOWN = 4000  # characters of a mail's raw form


@click.group()
def aside() -> None:
    """Mails that could not be read. Their bytes are safe; nothing else waits for them."""


@aside.command("list")
@settings_option
@json_option
@click.option("--discarded", is_flag=True, help="Those a person has discarded, too.")
def list_aside(settings_path: Path | None, *, as_json: bool, discarded: bool) -> None:
    """What was set aside, and why."""
    settings = open_settings(settings_path)
    states = (KeptState.SET_ASIDE, KeptState.DISCARDED) if discarded else (KeptState.SET_ASIDE,)
    with opened(settings) as app, app.database.reading() as rooms:
        now = app.clock.now()
        found = rooms.kept.where(state=states)
    if as_json:
        for kept in found:
            print_json_line(_line(kept))
    elif found:
        rows = [
            (kept.id, f"{kept.mailbox}/{kept.folder}", ago(kept.arrived_at, now, settings.zone), kept.size,
             f"discarded: {kept.reason}" if kept.state is KeptState.DISCARDED else kept.reason)
            for kept in found
        ]  # fmt: skip
        show_table(("Mail", "Folder", "Arrived", "Bytes", "Why"), rows, numbers=("Mail", "Bytes"))
    else:
        sentence("No mail is set aside.")


@aside.command("show")
@click.argument("kept_id", type=ID, metavar="ID")
@settings_option
@json_option
def show(settings_path: Path | None, kept_id: int, *, as_json: bool) -> None:
    """One mail set aside: where it came from, why it stands here, and how it begins."""
    settings = open_settings(settings_path)
    with opened(settings) as app, app.database.reading() as rooms:
        now = app.clock.now()
        kept = services.mail_aside(rooms, kept_id)
        raw = rooms.kept.raw(kept.sha256)
    begins = raw[:SHOWN].decode("utf-8", "replace")
    if as_json:
        print_json_line(_line(kept) | {"begins": begins})
        return
    sentence(f"Mail {kept.id}: {kept.reason}")
    sentence(
        f"From {kept.mailbox}, folder {kept.folder}, UID {kept.uid}; {kept.size} bytes; "
        f"arrived {ago(kept.arrived_at, now, settings.zone)}; tried {kept.attempts} times."
    )
    sentence(f"Its bytes begin (sha256 {kept.sha256}):" if begins else "The server gave none of its bytes.")
    for line in begins.splitlines():
        sentence(f"  {line}")
    if len(raw) > SHOWN:
        sentence("  ...")


@aside.command("retry")
@click.argument("kept_ids", nargs=-1, required=True, type=ID, metavar="ID...")
@settings_option
def retry(settings_path: Path | None, kept_ids: tuple[int, ...]) -> None:
    """Give these mails three new tries, after an update of Amends for instance."""
    settings = open_settings(settings_path)
    with opened(settings) as app, app.database.writing() as rooms:
        for number in dict.fromkeys(kept_ids):
            services.retry(rooms, number, now=app.clock.now())
    sentence("They wait to be read again, which the worker does next: amends run, or amends run --once")


@aside.command("discard")
@click.argument("kept_ids", nargs=-1, required=True, type=ID, metavar="ID...")
@settings_option
@who_option
@click.option("--reason", required=True, help="Why nobody needs to read them.")
def discard(settings_path: Path | None, kept_ids: tuple[int, ...], who: str, reason: str) -> None:
    """These mails need not be read. Their bytes stay, and they stay in the counts."""
    settings = open_settings(settings_path)
    by = acting(settings, who)
    with opened(settings) as app, app.database.writing() as rooms:
        for number in dict.fromkeys(kept_ids):
            services.discard(rooms, number, reason=reason, by=by, now=app.clock.now())
    sentence("Discarded. Nothing is deleted: amends aside list --discarded")


def _line(kept: KeptMail) -> dict[str, object]:
    return {
        "id": kept.id,
        "state": kept.state,
        "mailbox": kept.mailbox,
        "folder": kept.folder,
        "uidvalidity": kept.uidvalidity,
        "uid": kept.uid,
        "size": kept.size,
        "sha256": kept.sha256,
        "arrived_at": kept.arrived_at,
        "attempts": kept.attempts,
        "reason": kept.reason,
    }
