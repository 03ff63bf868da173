"""`amends contact`: calls that reached the customer, and every contact a case has had."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

import click

from worker.app import opened
from worker.cli.casepage import contact_line
from worker.cli.console import (
    ago,
    clock,
    json_option,
    note,
    open_settings,
    print_json_line,
    sentence,
    settings_option,
    show_table,
)
from worker.cli.given import ID, acting, moment, who_option
from worker.domain.post import ContactHow
from worker.domain.promise import Promise, next_due
from worker.errors import BadInput
from worker.services import casework, contacting
from worker.services.contacting import Called


@click.group()
def contact() -> None:
    """What reached the customer. Only contact ends a promise; work done without a word does not."""


@contact.command("log")
@click.argument("case_id", type=ID, metavar="CASE")
@settings_option
@who_option
@click.option("--call", "said", required=True, metavar="WORDS", help="What was said.")
@click.option("--at", "at_words", metavar="TIME", help="When, such as 2026-11-24T15:20; without it now.")
@click.option(
    "--settles", multiple=True, metavar="PID|none", help="The promise it settles, or `none`; may be repeated."
)
@click.option(
    "--reached/--voicemail", default=True, help="Whether you spoke to them; a voicemail is not contact."
)
def log(
    settings_path: Path | None,
    *,
    case_id: int,
    who: str,
    said: str,
    at_words: str | None,
    settles: tuple[str, ...],
    reached: bool,
) -> None:
    """Log a call in a case. Its open promises are settled, or stay open, by what the call did for them."""
    settings = open_settings(settings_path)
    by = acting(settings, who)
    with opened(settings) as app, app.database.writing() as rooms:
        now = app.clock.now()
        at = moment(at_words, settings.zone) if at_words else now
        call = Called(by=by, said=said, at=at, settles=_settles(settles))
        if not reached:
            contacting.log_voicemail(rooms, case_id, call, now=now)
            sentence(f"Noted in case {case_id}. A voicemail is not contact: what is promised stays open.")
            return
        met, before = contacting.log_call(rooms, app.house, case_id, call, now=now)
        after = [promise for one in before if (promise := rooms.promises.get(one.id))]
        case = casework.get_case(rooms, case_id)
        next_at = min((at for at in (case.next_at, next_due(after)) if at), default=None)
    sentence(f"Contact {met.id} is on record in case {case_id}.")
    _tell_promises(after, now=now, zone=settings.zone)
    if next_at is not None:
        sentence(f"Next date: {next_at.astimezone(settings.zone):%a %d %b %Y, %H:%M}.")
    note(
        "Promised something on the call? "
        f'amends promises add --case {case_id} --words "WORDS" --due DUE --as YOU'
    )


@contact.command("list")
@click.argument("case_id", type=ID, metavar="CASE")
@settings_option
@json_option
def list_contacts(settings_path: Path | None, case_id: int, *, as_json: bool) -> None:
    """Every contact of a case, in order; what came back is shown and does not count."""
    settings = open_settings(settings_path)
    with opened(settings) as app, app.database.reading() as rooms:
        now = app.clock.now()
        case = casework.get_case(rooms, case_id)
        found = sorted(rooms.contacts.where(case_id=case.id), key=lambda met: met.at)
    if as_json:
        for met in found:
            print_json_line(contact_line(met))
    elif found:
        rows = [(met.id, ago(met.at, now, settings.zone), _HOW[met.how], met.by, met.note) for met in found]
        show_table(("Contact", "When", "How", "Who", "What was said"), rows, numbers=("Contact",))
    else:
        sentence(f"Nobody is known to have reached the customer of case {case_id}.")


_HOW = {
    ContactHow.SENT: "letter sent",
    ContactHow.FOUND: "our letter found",
    ContactHow.CALL: "call",
    ContactHow.BOUNCED: "came back: no contact",
    ContactHow.SAID: "reached elsewhere",
}


def _settles(given: Sequence[str]) -> tuple[int, ...] | None:
    """Promise ids; () for `none`, None when nothing was said."""
    plain = [one.strip().casefold() for one in given]
    if not plain:
        return None
    if plain == ["none"]:
        return ()
    if not all(one.isdecimal() for one in plain):
        raise BadInput("--settles takes a promise's number, or `none` alone.")
    return tuple(ID.convert(one, None, None) for one in plain)


def _tell_promises(promises: Sequence[Promise], *, now: datetime, zone: tzinfo) -> None:
    for promise in promises:
        if promise.is_watched:
            due = clock(promise.watch_at, now, zone)
            sentence(f"Promise {promise.id} stays open ({due}): “{promise.words}”.")
            if asked := promise.question_contact_id:
                sentence(
                    f"  If that settled it: amends promises settle {promise.id} --contact {asked} --as YOU"
                )
        else:
            sentence(f"Promise {promise.id} is {promise.state}, {promise.ending}: “{promise.words}”.")
