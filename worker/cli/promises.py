"""`amends promises`: what is owed, to whom, by when; and what a person says about it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from worker.app import App, opened
from worker.cli import due, promiselist
from worker.cli.console import json_option, note, open_settings, print_json_line, sentence, settings_option
from worker.cli.given import ID, acting, who_option
from worker.cli.promises_find import find
from worker.domain.case import Case
from worker.domain.letter import LetterStage
from worker.domain.promise import Ending, Promise, PromiseSource
from worker.errors import BadInput, Refused
from worker.ports import Rooms
from worker.services import casework, contacting, drafting, importing, promising
from worker.services.contacting import Called
from worker.services.importing import Imported

promise_argument = click.argument("promise_id", metavar="ID", type=ID)
case_option = click.option("--case", "case_id", type=ID, metavar="CASE", help="In this case.")


@click.group()
def promises() -> None:
    """See what is owed, to whom, by when. A promise stays open until the customer has been told.

    \b
      amends promises list
      amends promises settle 7 --as Bea --call "told her it left today"
      amends promises move 7 --as Bea --to "Friday 3 pm"
    """  # noqa: D301 - click's mark


promises.add_command(find)


@promises.command("list")
@click.option("--owner", metavar="NAME", help="Only what this person owes.")
@click.option("--overdue", is_flag=True, help="Only what is overdue.")
@click.option("--all", "everything", is_flag=True, help="Those that have ended, too.")
@case_option
@settings_option
@json_option
def list_promises(
    owner: str | None,
    *,
    overdue: bool,
    everything: bool,
    case_id: int | None,
    settings_path: Path | None,
    as_json: bool,
) -> None:
    """List what is owed: the longest overdue first, then what comes due next."""
    with opened(open_settings(settings_path)) as app, app.database.reading() as rooms:
        wanted = promiselist.Wanted(
            owner=acting(app.settings, owner) if owner else None,
            overdue=overdue,
            ended_too=everything,
            case_id=case_id,
        )
        found = promiselist.find_promises(rooms, wanted, now=app.clock.now())
        if as_json:
            for promise in found:
                print_json_line(promiselist.line(rooms, promise, now=app.clock.now()))
        else:
            promiselist.print_list(rooms, found, wanted, now=app.clock.now(), zone=app.settings.zone)


@promises.command()
@promise_argument
@settings_option
@json_option
def show(promise_id: int, settings_path: Path | None, *, as_json: bool) -> None:
    """Print one promise with everything that happened to it."""
    with opened(open_settings(settings_path)) as app, app.database.reading() as rooms:
        promise = _get(rooms, promise_id)
        if as_json:
            print_json_line(promiselist.line(rooms, promise, now=app.clock.now()))
        else:
            promiselist.print_one(rooms, app.house, promise, now=app.clock.now())


@promises.command()
@promise_argument
@who_option
@click.option(
    "--due", "due_words", metavar="DUE", help="When it is due, where that was read wrong or not at all."
)
@settings_option
def confirm(promise_id: int, who: str, due_words: str | None, settings_path: Path | None) -> None:
    """Say that what was read in a letter is a promise."""

    def act(app: App, rooms: Rooms, by: str, now: datetime) -> Promise:
        counts_from = _get(rooms, promise_id).made_at
        at = due.due_from(due_words, app.house, now=counts_from) if due_words else None
        return promising.confirm(rooms, app.house, promise_id, by=by, due_at=at, now=now)

    _done(settings_path, who, act, "is confirmed")


@promises.command()
@promise_argument
@who_option
@click.option("--contact", "contact_id", type=ID, metavar="CID", help="The contact that settled it.")
@click.option("--call", "said", metavar="WORDS", help="A call that reached the customer: what was said.")
@click.option("--no", "not_settled", is_flag=True, help="Answer “does this settle it?” with no.")
@settings_option
def settle(
    promise_id: int,
    who: str,
    contact_id: int | None,
    said: str | None,
    *,
    not_settled: bool,
    settings_path: Path | None,
) -> None:
    """Say that the customer has been told, and how; or answer “does this settle it?”.

    Without an option an open question is answered with yes.
    """
    if sum((contact_id is not None, said is not None, not_settled)) > 1:
        raise BadInput("Give one of --contact, --call and --no.")

    def act(app: App, rooms: Rooms, by: str, now: datetime) -> Promise:
        promise = _get(rooms, promise_id)
        if said is not None:
            call = Called(by=by, said=said, at=now, settles=(promise_id,))
            contacting.log_call(rooms, app.house, promise.case_id, call, now=now)
            return _get(rooms, promise_id)
        if contact_id is not None:
            met = rooms.contacts.get(contact_id)
            if met is None:
                raise Refused(f"There is no contact {contact_id}. See: amends contact list {promise.case_id}")
            return promising.settle(rooms, app.house, promise_id, contact=met, by=by, now=now)
        if promise.question_contact_id is None and not not_settled:
            raise BadInput('Say what settled it: --contact CID, or --call "what was said".')
        return promising.answer_question(
            rooms, app.house, promise_id, settles=not not_settled, by=by, now=now
        )

    _done(settings_path, who, act, "stays open" if not_settled else "is settled")


@promises.command()
@promise_argument
@who_option
@click.option("--to", "due_words", required=True, metavar="DUE", help="The new date: “Friday 3 pm”, or ISO.")
@settings_option
def move(promise_id: int, who: str, due_words: str, settings_path: Path | None) -> None:
    """Draft the letter that tells the customer a new date. The promise moves when that letter has been sent."""
    with opened(open_settings(settings_path)) as app, app.database.writing() as rooms:
        acting(app.settings, who)
        now = app.clock.now()
        promise = promising.watched_promise(rooms, promise_id)
        case = rooms.cases.get(promise.case_id)
        at = _future(due_words, app, now)
        if case is None:
            raise Refused(f"Promise {promise_id} belongs to no case.")
        stage = LetterStage.MISSED if promise.is_overdue(now) else LetterStage.MOVED
        draft = drafting.draft_for_promise(rooms, app.house, case, promise, stage, due_at=at, now=now)
    sentence(f"Draft {draft.id} tells the customer {due.said_back(at, app.house)}.")
    sentence(
        f"Promise {promise_id} keeps its date until that letter has left. Read it: amends drafts show {draft.id}"
    )


@promises.command()
@promise_argument
@who_option
@click.option("--misread", "why", flag_value=Ending.MISREAD.value, help="It was no promise.")
@click.option("--released", "why", flag_value=Ending.RELEASED.value, help="The customer let us off.")
@settings_option
def withdraw(promise_id: int, who: str, why: str | None, settings_path: Path | None) -> None:
    """Take a promise off the list: it was misread, or the customer let us off."""
    if why is None:
        raise BadInput("Say why: --misread or --released.")

    def act(app: App, rooms: Rooms, by: str, now: datetime) -> Promise:
        return promising.withdraw(rooms, app.house, promise_id, why=Ending(why), by=by, now=now)

    _done(settings_path, who, act, "is withdrawn")


@promises.command()
@promise_argument
@who_option
@settings_option
def done(promise_id: int, who: str, settings_path: Path | None) -> None:
    """Note that the work is done. The promise stays open until the customer has been told."""

    def act(_app: App, rooms: Rooms, by: str, now: datetime) -> Promise:
        return promising.mark_done(rooms, promise_id, by=by, now=now)

    promise = _done(settings_path, who, act, "is done, and stays open until the customer has been told")
    sentence(f"Tell them: amends drafts new {promise.case_id} --stage done")


@promises.command()
@who_option
@case_option
@click.option("--customer", metavar="ADDRESS", help="To this customer; a case is opened where none is open.")
@click.option("--words", required=True, metavar="WORDS", help="What was promised, as the customer heard it.")
@click.option("--due", "due_words", required=True, metavar="DUE", help="By when: “Friday 3 pm”, or ISO.")
@settings_option
def add(
    who: str,
    case_id: int | None,
    customer: str | None,
    words: str,
    due_words: str,
    settings_path: Path | None,
) -> None:
    """Put a promise on the list that was made by telephone."""
    if (case_id is None) == (customer is None):
        raise BadInput("Say to whom: --case CASE or --customer ADDRESS.")
    if not words.strip():
        raise BadInput("--words must say what was promised.")

    def act(app: App, rooms: Rooms, by: str, now: datetime) -> Promise:
        at = _future(due_words, app, now)
        case = (
            casework.standing_case(rooms, case_id)
            if case_id is not None
            else _case_of_customer(rooms, app, str(customer), by, now)
        )
        promise = Promise(
            case_id=case.id,
            words=" ".join(words.split()),
            made_at=now,
            due_at=at,
            zone=app.settings.firm.zone,
            reading=f"said by {by}: {due_words}",
            owner=case.owner,
            source=PromiseSource.PHONE,
        )
        return promising.make(rooms, app.house, promise)

    _done(settings_path, who, act, "is on the list")


@promises.command("import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
@click.option("--dry-run", is_flag=True, help="Say what would be imported, and import nothing.")
@click.option("--as", "who", metavar="NAME", help="Who owns what names no owner; without it the lead.")
@settings_option
def import_file(file: Path, *, dry_run: bool, who: str | None, settings_path: Path | None) -> None:
    """Take in the promises of an old system. Running it again imports nothing twice.

    The first line names the columns: customer (mail address), words, due; and, where you have them, name, made,
    owner, case, id. Times are ISO or words ("Friday 3 pm") counted from `made`; an empty due means none was given.
    """
    try:
        source = file.read_bytes()
    except OSError as fault:
        raise BadInput(f"{file} cannot be read: {fault.strerror or fault}.") from fault
    with opened(open_settings(settings_path)) as app:
        now = app.clock.now()
        by = acting(app.settings, who) if who else app.settings.lead.name

        def read_due(words: str, counts_from: datetime) -> datetime:
            return due.due_from(words, app.house, now=counts_from)

        rows = importing.read_rows(source, app.house, read_due, owner=by, now=now)
        with app.database.writing() as rooms:
            imported = importing.import_promises(rooms, app.house, rows, by=by, now=now)
            if dry_run:
                _tell_imported(imported, now, "would be imported; nothing was changed")
                raise click.exceptions.Exit(0)
        _tell_imported(imported, now, "imported")


def _tell_imported(imported: Imported, now: datetime, what: str) -> None:
    late, count = sum(promise.is_overdue(now) for promise in imported.made), len(imported.made)
    overdue = f", {late} overdue already" if late else ""
    sentence(f"{count} promise{'' if count == 1 else 's'} {what}{overdue}.")
    if imported.known:
        note(f"Imported before and left alone: {len(imported.known)}.")


def _done(
    settings_path: Path | None, who: str, act: Callable[[App, Rooms, str, datetime], Promise], what: str
) -> Promise:
    """Carry one decision out and read the promise back."""
    with opened(open_settings(settings_path)) as app:
        by = acting(app.settings, who)
        with app.database.writing() as rooms:
            promise = act(app, rooms, by, app.clock.now())
        at = f"due {due.said_back(promise.due_at, app.house)}" if promise.due_at else "no time given"
        how = f", {promise.ending}" if promise.ending else ""
        sentence(f"Promise {promise.id} {what}{how}: “{promise.words}” ({at})")
    return promise


def _get(rooms: Rooms, promise_id: int) -> Promise:
    promise = rooms.promises.get(promise_id)
    if promise is None:
        raise Refused(f"There is no promise {promise_id}. See: amends promises list")
    return promise


def _future(words: str, app: App, now: datetime) -> datetime:
    at = due.due_from(words, app.house, now=now)
    if at <= now:
        raise BadInput(f"“{words}” is {due.said_back(at, app.house)}: that has passed already.")
    remark = due.closed_then(at, app.house)
    if remark:
        note(f"“{words}” is {due.said_back(at, app.house)} ({remark}).")
    return at


def _case_of_customer(rooms: Rooms, app: App, address: str, by: str, now: datetime) -> Case:
    """Their only open case, or a new one."""
    address = address.strip().casefold()
    if (
        "@" not in address.strip("@")
        or any(sign.isspace() for sign in address)
        or app.settings.is_ours(address)
    ):
        raise BadInput(f"--customer {address}: write a customer's address, like name@example.org.")
    theirs = rooms.cases.with_participant(address)
    if len(theirs) > 1:
        told = "\n".join(f"  case {case.id}: {case.subject}" for case in theirs)
        raise Refused(f"{address} has several open cases; say which with --case:\n{told}")
    if theirs:
        return theirs[0]
    return importing.open_for_promise(
        rooms, app.house, address, "", owner=by, subject="Promised by telephone", now=now
    )
