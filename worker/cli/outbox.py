"""`amends outbox`: what became of approved letters."""

from datetime import datetime, tzinfo
from pathlib import Path

import click

from worker.app import App, opened
from worker.cli import due
from worker.cli.console import (
    ago,
    clock,
    heading,
    json_option,
    open_settings,
    print_json_line,
    sentence,
    settings_option,
    show_table,
)
from worker.cli.given import ID, acting, who_option
from worker.domain.delivery import Delivery, DeliveryState, Phase
from worker.errors import BadInput, Refused
from worker.ports import Rooms
from worker.services import resolving
from worker.services.wording_of_alerts import customer_name

OVER = frozenset({DeliveryState.SENT, DeliveryState.CANCELLED})
WORDS = {
    DeliveryState.SCHEDULED: "waits for its time",
    DeliveryState.APPROVED: "waits for the worker",
    DeliveryState.SENDING: "is being sent",
    DeliveryState.SENT: "sent",
    DeliveryState.REFUSED: "not sent: the server refused it",
    DeliveryState.DEFERRED: "the server said later; tried again",
    DeliveryState.UNKNOWN: "nobody knows whether it left",
    DeliveryState.CANCELLED: "taken back before it left",
    DeliveryState.QUARANTINED: "held until a person confirms it",
}


@click.group()
def outbox() -> None:
    """See what became of approved letters. A letter nobody knows about is never sent again by itself."""


@outbox.command("list")
@click.option("--all", "everything", is_flag=True, help="Those sent and taken back, too.")
@settings_option
@json_option
def list_letters(settings_path: Path | None, *, everything: bool, as_json: bool) -> None:
    """List the letters that are not over: waiting, refused, unknown."""
    with opened(open_settings(settings_path)) as app, app.database.reading() as rooms:
        letters = [one for one in rooms.deliveries.where() if everything or one.state not in OVER]
        if as_json:
            for letter in letters:
                print_json_line(_line(rooms, letter))
            return
        if not letters:
            sentence("No letter waits.")
            return
        now, zone = app.clock.now(), app.settings.zone
        rows = [_row(rooms, letter, now, zone) for letter in letters]
        show_table(("letter", "case", "to", "state", "when", "said"), rows, numbers=("letter", "case"))


@outbox.command()
@click.argument("letter_id", metavar="ID", type=ID)
@settings_option
@json_option
def show(letter_id: int, settings_path: Path | None, *, as_json: bool) -> None:
    """Print one letter with its frozen text and what happened to it."""
    with opened(open_settings(settings_path)) as app, app.database.reading() as rooms:
        letter = rooms.deliveries.get(letter_id)
        if letter is None:
            raise Refused(f"There is no letter {letter_id}. See: amends outbox list --all")
        mail = app.house.read(letter.raw)
        if as_json:
            print_json_line({**_line(rooms, letter), "subject": mail.subject, "text": mail.text})
            return
        _print_letter(rooms, app, letter)
        heading(mail.subject)
        sentence(mail.text.rstrip())


@outbox.command()
@click.argument("letter_id", metavar="ID", type=ID)
@click.option("--sent", "answer", flag_value="sent", help="It reached the customer.")
@click.option("--again", "answer", flag_value="again", help="Open its draft for a new approval.")
@click.option("--cancel", "answer", flag_value="cancel", help="Give it up; what it promised is void.")
@who_option
@settings_option
def resolve(letter_id: int, settings_path: Path | None, *, answer: str | None, who: str) -> None:
    """Say what became of a letter that nobody knows about, or that was refused.

    \b
    amends outbox resolve 4 --sent --as Bea     the customer has it
    amends outbox resolve 4 --again --as Bea    approve and send it anew
    """  # noqa: D301 - click's mark
    if answer is None:
        raise BadInput("Say what became of it: --sent, --again or --cancel.")
    with opened(open_settings(settings_path)) as app, app.database.writing() as rooms:
        by = acting(app.settings, who)
        letter = resolving.resolve(
            rooms, app.house, letter_id, resolving.Answer(answer), by=by, now=app.clock.now()
        )
    sentence(f"Letter {letter_id}: {WORDS[letter.state]}.")
    if answer == "again":
        sentence(f"Its draft is open again: amends drafts show {letter.draft_id}")


def _print_letter(rooms: Rooms, app: App, letter: Delivery) -> None:
    approval = rooms.approvals.get(letter.approval_id)
    by = f", approved by {approval.by}" if approval else ""
    sentence(f"Letter {letter.id} for case {letter.case_id}{by}: {_state(letter)}", style="bold")
    sentence(f"To: {', '.join(letter.recipients)}")
    sentence(f"Date: {due.said_back(letter.planned_at, app.house)}   Message-ID: {letter.message_id}")
    if letter.answer:
        sentence(f"Last word: {letter.answer}")
    if letter.next_try_at is not None and letter.attempts:
        sentence(f"Tried {letter.attempts} times; again {due.said_back(letter.next_try_at, app.house)}")
    if letter.sent_at is not None:
        left = "Left" if letter.state is DeliveryState.SENT else "May have left"
        sentence(f"{left} {due.said_back(letter.sent_at, app.house)}")
    if letter.state is DeliveryState.UNKNOWN:
        sentence(
            "It is not sent again by itself. A copy in Sent decides it, or you do: "
            f"amends outbox resolve {letter.id} --sent --as YOU (or --again, or --cancel)"
        )


def _state(letter: Delivery) -> str:
    if letter.state is DeliveryState.SENDING and letter.phase is Phase.DATA:
        return "is being handed over"
    return WORDS[letter.state]


def _line(rooms: Rooms, letter: Delivery) -> dict[str, object]:
    return {
        "id": letter.id,
        "case": letter.case_id,
        "draft": letter.draft_id,
        "customer": customer_name(rooms, letter.case_id),
        "state": letter.state,
        "phase": letter.phase,
        "recipients": letter.recipients,
        "message_id": letter.message_id,
        "reference": letter.reference,
        "planned_at": letter.planned_at,
        "attempts": letter.attempts,
        "next_try_at": letter.next_try_at,
        "answer": letter.answer,
        "sent_at": letter.sent_at,
        "filed_in_sent": letter.filed_in_sent,
    }


def _row(rooms: Rooms, letter: Delivery, now: datetime, zone: tzinfo) -> list[object]:
    when = ago(letter.sent_at, now, zone)
    if letter.next_try_at is not None:
        when = clock(letter.next_try_at, now, zone) if letter.next_try_at > now else "now"
    who = customer_name(rooms, letter.case_id)
    return [letter.id, letter.case_id, who, _state(letter), when, letter.answer]
