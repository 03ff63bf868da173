"""`amends cases`: the cases as a list, one on a page, and everything a person decides about them."""

from pathlib import Path

import click

from worker.app import opened
from worker.cli.caselist import Wanted, find_cases, show_cases
from worker.cli.casepage import page_line, read_page, show_page
from worker.cli.console import json_option, note, open_settings, print_json_line, sentence, settings_option
from worker.cli.given import ID, acting, who_option
from worker.domain.case import Case, CaseKind, CaseState
from worker.domain.promise import next_due
from worker.domain.verdict import Severity
from worker.errors import BadInput
from worker.ports import Rooms
from worker.services import casework, joining
from worker.services.casework import Call, Marked, Marking
from worker.settings import Settings

_case = click.argument("case_id", type=ID, metavar="ID")


@click.group()
def cases() -> None:
    """List, read, mark, hand over and close cases.

    Every mail of a person opens or joins a case. What a person says here outranks the rules.
    """


@cases.command("list")
@settings_option
@json_option
@click.option("--state", type=click.Choice([str(state) for state in CaseState]), help="Only these.")
@click.option("--kind", type=click.Choice([str(kind) for kind in CaseKind]), help="Only these.")
@click.option("--severity", type=click.Choice([str(severity) for severity in Severity]), help="Only these.")
@click.option("--owner", metavar="NAME", help="Only this person's.")
@click.option("--mailbox", metavar="NAME", help="Only from this mailbox.")
@click.option("--topic", metavar="TOPIC", help="Only about this.")
@click.option("--all", "closed_too", is_flag=True, help="Closed and merged ones too.")
def list_cases(
    settings_path: Path | None,
    *,
    as_json: bool,
    state: str | None,
    kind: str | None,
    severity: str | None,
    owner: str | None,
    mailbox: str | None,
    topic: str | None,
    closed_too: bool,
) -> None:
    """Open cases, the worst first: danger, then what is overdue, then how grave, then how old."""
    settings = open_settings(settings_path)
    wanted = Wanted(
        state=CaseState(state) if state else None,
        kind=CaseKind(kind) if kind else None,
        severity=Severity(severity) if severity else None,
        owner=acting(settings, owner) if owner else None,
        mailbox=mailbox,
        topic=topic,
        closed_too=closed_too,
    )
    with opened(settings) as app, app.database.reading() as rooms:
        now = app.clock.now()
        found = find_cases(rooms, wanted, now=now)
    if as_json:
        for one in found:
            print_json_line(one.line())
    elif found:
        show_cases(found, now=now, zone=settings.zone)
        note("Read one: amends cases show ID --as YOU")
    else:
        sentence("No open case fits." if not closed_too else "No case fits.")


@cases.command("show")
@_case
@settings_option
@json_option
@click.option("--as", "who", metavar="NAME", help="Who you are: the case counts as heard by you.")
def show(settings_path: Path | None, case_id: int, *, as_json: bool, who: str | None) -> None:
    """The customer's own words first, with what gave them away; then everything else there is.

    With --as it is kept that you have read it. --json never counts as reading.
    """
    settings = open_settings(settings_path)
    name = acting(settings, who) if who else None
    with opened(settings) as app:
        now = app.clock.now()
        if name and not as_json:
            with app.database.writing() as rooms:
                casework.hear(rooms, case_id, by=name, now=now)
        with app.database.reading() as rooms:
            page = read_page(rooms, app.house, case_id)
    if as_json:
        print_json_line(page_line(page))
    else:
        show_page(page, now=now, zone=settings.zone)


@cases.command("mark")
@_case
@click.argument("verdict", type=click.Choice([str(said) for said in Marked]))
@settings_option
@who_option
@click.option("--mail", "mail_id", type=ID, metavar="M", help="Which mail; without it the newest.")
def mark(settings_path: Path | None, case_id: int, verdict: str, who: str, mail_id: int | None) -> None:
    """Say what a mail is. Your word outranks the rules and is kept beside theirs."""
    settings = open_settings(settings_path)
    by = acting(settings, who)
    with opened(settings) as app, app.database.writing() as rooms:
        now, said = app.clock.now(), Marked(verdict)
        done = casework.mark(rooms, app.house, case_id, said, by=by, mail_id=mail_id, now=now)
        sentence(f"Mail {done.mail.id if done.mail else ''} of case {case_id} is marked {verdict}.")
        _tell(rooms, settings, done)


@cases.command("assign")
@_case
@click.argument("name")
@settings_option
@who_option
def assign(settings_path: Path | None, case_id: int, name: str, who: str) -> None:
    """Hand a case over. Its open promises go along."""
    settings = open_settings(settings_path)
    by, to = acting(settings, who), acting(settings, name)
    with opened(settings) as app, app.database.writing() as rooms:
        moved = casework.assign(rooms, case_id, to=to, by=by, now=app.clock.now())
    along = {0: "No promise is open in it.", 1: "Its open promise went along."}
    sentence(f"Case {case_id} is {to}'s now. {along.get(moved, f'Its {moved} open promises went along.')}")


@cases.command("close")
@_case
@settings_option
@who_option
@click.option("--reason", default="", help="Why, for whoever reads it later.")
def close(settings_path: Path | None, case_id: int, who: str, reason: str) -> None:
    """Nothing is owed any more. Refused while a promise is open, unconfirmed ones too."""
    settings = open_settings(settings_path)
    by = acting(settings, who)
    with opened(settings) as app, app.database.writing() as rooms:
        closed = casework.close(rooms, case_id, by=by, reason=reason, now=app.clock.now())
    sentence(f"Case {case_id} is closed.")
    if closed.kind is CaseKind.COMPLAINT and closed.last_contact_at is None:
        note(
            f"Nobody is known to have answered this complaint. Reopen it: amends cases reopen {case_id} --as {by!r}"
        )


@cases.command("reopen")
@_case
@settings_option
@who_option
def reopen(settings_path: Path | None, case_id: int, who: str) -> None:
    """Take a closed case up again; it gets a next date."""
    settings = open_settings(settings_path)
    by = acting(settings, who)
    with opened(settings) as app, app.database.writing() as rooms:
        case = casework.reopen(rooms, app.house, case_id, by=by, now=app.clock.now())
        sentence(f"Case {case_id} is open again.")
        _tell_next(rooms, settings, case)


@cases.command("merge")
@_case
@click.argument("into_id", type=ID, metavar="INTO")
@settings_option
@who_option
def merge(settings_path: Path | None, case_id: int, into_id: int, who: str) -> None:
    """Two cases are one matter: mails, promises and contacts of ID go over to INTO."""
    settings = open_settings(settings_path)
    by = acting(settings, who)
    with opened(settings) as app, app.database.writing() as rooms:
        case = joining.merge(rooms, app.house, case_id, into_id, by=by, now=app.clock.now())
        sentence(f"Case {case_id} has gone into case {case.id}.")
        _tell_next(rooms, settings, case)


@cases.command("split")
@_case
@settings_option
@who_option
@click.option(
    "--mail", "mail_ids", type=ID, multiple=True, required=True, metavar="M", help="Which mails go."
)
def split(settings_path: Path | None, case_id: int, who: str, mail_ids: tuple[int, ...]) -> None:
    """Two matters in one case: these mails become a case of their own."""
    settings = open_settings(settings_path)
    by = acting(settings, who)
    with opened(settings) as app, app.database.writing() as rooms:
        case = joining.split(rooms, app.house, case_id, mail_ids, by=by, now=app.clock.now())
        sentence(f"Case {case.id} holds {_mails(len(mail_ids))} of case {case_id} now.")
        _tell_next(rooms, settings, case)


@cases.command("lift")
@_case
@settings_option
@who_option
def lift(settings_path: Path | None, case_id: int, who: str) -> None:
    """The danger has been looked after: from here it is a case like any other."""
    settings = open_settings(settings_path)
    by = acting(settings, who)
    with opened(settings) as app, app.database.writing() as rooms:
        done = casework.lift(rooms, app.house, case_id, by=by, now=app.clock.now())
        sentence(f"Case {case_id} is no safety case any more.")
        _tell(rooms, settings, done)


@cases.command("accept-claim")
@_case
@settings_option
@who_option
def accept_claim(settings_path: Path | None, case_id: int, who: str) -> None:
    """Vouch for a stranger: their mail joins the case it claims, and they take part in it from now on."""
    settings = open_settings(settings_path)
    by = acting(settings, who)
    with opened(settings) as app, app.database.writing() as rooms:
        case = joining.accept_claim(rooms, app.house, case_id, by=by, now=app.clock.now())
        sentence(f"Case {case_id} has joined case {case.id}; its writer takes part in it from now on.")
        _tell_next(rooms, settings, case)


@cases.command("open")
@settings_option
@who_option
@click.option("--phone", is_flag=True, required=True, help="The customer rang us.")
@click.option(
    "--customer", "address", default="", metavar="ADDRESS", help="Their mail address, when it is known."
)
@click.option("--name", default="", help="What they call themselves.")
@click.option("--subject", required=True, help="What it is about, in a line.")
@click.option("--note", "what", required=True, help="What they said, in their words.")
@click.option("--mailbox", metavar="NAME", help="The mailbox a letter would go from; without it the first.")
@click.option(
    "--acknowledged", is_flag=True, help="You acknowledged it on the call, so the call was our contact."
)
def open_case(
    settings_path: Path | None,
    *,
    who: str,
    phone: bool,  # noqa: ARG001 - the one way there is; the option says it aloud
    address: str,
    name: str,
    subject: str,
    what: str,
    mailbox: str | None,
    acknowledged: bool,
) -> None:
    """Open a case for a complaint by telephone."""
    settings = open_settings(settings_path)
    by = acting(settings, who)
    address = _customer_address(settings, address, name)
    call = Call(
        by=by,
        subject=" ".join(subject.split()),
        note=what,
        address=address,
        name=" ".join(name.split()),
        mailbox=settings.mailbox(mailbox).name if mailbox else None,
        acknowledged=acknowledged,
    )
    with opened(settings) as app, app.database.writing() as rooms:
        done = casework.open_by_phone(rooms, app.house, call, now=app.clock.now())
        sentence(f"Case {done.case.id} is open, owner {by}.")
        _tell(rooms, settings, done)


def _customer_address(settings: Settings, address: str, name: str) -> str:
    plain = address.strip().lower()
    if not plain and not name.strip():
        raise BadInput("Say who rang: --customer ADDRESS, or --name when no address is known.")
    if plain and "@" not in plain.strip("@"):
        raise BadInput(f"{address!r} is not a mail address.")
    if plain and settings.is_ours(plain):
        raise BadInput(f"{plain} is one of our own addresses; --customer is the customer's.")
    return plain


def _tell(rooms: Rooms, settings: Settings, done: Marking) -> None:
    """What follows: a draft, a safety case, the next date."""
    if done.case.state is CaseState.SAFETY:
        sentence(f"It is a safety case: {settings.safety_person.name} is told at once, and no draft is made.")
    if done.draft is not None:
        sentence(f"Draft {done.draft.id} waits: amends drafts show {done.draft.id}")
    _tell_next(rooms, settings, done.case)


def _tell_next(rooms: Rooms, settings: Settings, case: Case) -> None:
    if not case.is_open:
        sentence(f"Case {case.id} is closed.")
        return
    dates = [at for at in (case.next_at, next_due(rooms.promises.watched(case.id))) if at is not None]
    if dates:
        local = min(dates).astimezone(settings.zone)
        sentence(f"Next date: {local:%a %d %b %Y, %H:%M}.")
    else:
        sentence("Nothing is owed in it.")


def _mails(number: int) -> str:
    return "1 mail" if number == 1 else f"{number} mails"
