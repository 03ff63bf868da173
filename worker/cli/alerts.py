"""`amends alerts`: what somebody must answer for, and who says that they do."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

import click

from worker.app import opened
from worker.cli import due
from worker.cli.console import (
    ago,
    clock,
    json_option,
    open_settings,
    print_json_line,
    sentence,
    settings_option,
    show_table,
)
from worker.cli.given import ID, acting, who_option
from worker.domain.alert import URGENT, Alert, AlertState
from worker.errors import BadInput, Refused
from worker.ports import Rooms
from worker.services import watching
from worker.services.wording_of_alerts import TITLES, customer_name

LATEST = 100  # ended alerts shown with --all


@click.group()
def alerts() -> None:
    """See what is overdue, and answer for it. Only telling the customer ends an alert; `ack` buys time."""


@alerts.command("list")
@click.option("--all", "everything", is_flag=True, help=f"The latest {LATEST} that have ended, too.")
@settings_option
@json_option
def list_alerts(settings_path: Path | None, *, everything: bool, as_json: bool) -> None:
    """List what stands: danger first, then the longest overdue."""
    with opened(open_settings(settings_path)) as app, app.database.reading() as rooms:
        now = app.clock.now()
        found = sorted(
            rooms.alerts.standing(), key=lambda one: (one.kind not in URGENT, one.due_at or one.raised_at)
        )
        if everything:
            found += rooms.alerts.where(state=AlertState.ENDED, newest_first=True, limit=LATEST)
        if as_json:
            for alert in found:
                print_json_line(_line(rooms, alert))
            return
        if not found:
            sentence("No alert stands.")
            return
        _print_list(rooms, found, now=now, zone=app.settings.zone)


@alerts.command()
@click.argument("alert_ids", metavar="ID...", type=ID, nargs=-1, required=True)
@who_option
@click.option(
    "--look",
    metavar="DUE",
    help="When you look again: “Friday 3 pm”, or ISO; without it the next business day.",
)
@settings_option
def ack(alert_ids: tuple[int, ...], who: str, look: str | None, settings_path: Path | None) -> None:
    """Answer for alerts until you look again. Then they repeat and rise, until the customer has been told."""
    with opened(open_settings(settings_path)) as app:
        by, now = acting(app.settings, who), app.clock.now()
        at = due.due_from(look, app.house, now=now) if look else None
        if at is not None and at <= now:
            raise BadInput(f"--look: {due.said_back(at, app.house)} has passed already.")
        with app.database.writing() as rooms:
            taken = [
                watching.acknowledge(rooms, number, by=by, next_look=at, house=app.house, now=now)
                for number in alert_ids
            ]
            missing = [number for number, alert in zip(alert_ids, taken, strict=True) if alert is None]
            if missing:
                told = ", ".join(map(str, missing))
                raise Refused(f"No alert {told} stands; nothing was changed. See: amends alerts list")
        for alert in taken:
            if alert is not None and alert.next_at is not None:
                sentence(
                    f"{by} answers for alert {alert.id} until {due.said_back(alert.next_at, app.house)}."
                )


def _line(rooms: Rooms, alert: Alert) -> dict[str, object]:
    return {
        "id": alert.id,
        "kind": alert.kind,
        "state": alert.state,
        "subject": alert.subject,
        "customer": customer_name(rooms, alert.case_id) if alert.case_id else None,
        "case": alert.case_id,
        "promise": alert.promise_id,
        "mail": alert.mail_id,
        "told": alert.told,
        "due_at": alert.due_at,
        "raised_at": alert.raised_at,
        "rung": alert.rung,
        "next_at": alert.next_at,
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": alert.acknowledged_at,
        "ended_at": alert.ended_at,
    }


def _print_list(rooms: Rooms, found: Sequence[Alert], *, now: datetime, zone: tzinfo) -> None:
    rows = [
        [
            clock(alert.due_at, now, zone) or ago(alert.raised_at, now, zone),
            TITLES[alert.kind],
            customer_name(rooms, alert.case_id) if alert.case_id else "",
            alert.subject,
            ", ".join(alert.told),
            _answered(alert, zone),
            alert.id,
        ]
        for alert in found
    ]
    show_table(("due", "alert", "customer", "about", "told", "answered", "id"), rows, numbers=("id",))


def _answered(alert: Alert, zone: tzinfo) -> str:
    if alert.state is AlertState.ENDED:
        return "ended"
    if alert.state is AlertState.ACKNOWLEDGED and alert.next_at is not None:
        return f"{alert.acknowledged_by}, looks again {alert.next_at.astimezone(zone):%a %d %b, %H:%M}"
    return "nobody yet"
