"""`amends people`: the team, what each of them owes, who is away and who stands in."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from pathlib import Path

import click

from worker.app import opened
from worker.cli.console import (
    json_option,
    note,
    open_settings,
    print_json_line,
    sentence,
    settings_option,
    show_table,
)
from worker.cli.given import acting, moment
from worker.domain.case import CaseState
from worker.domain.post import Absence
from worker.ports import Rooms
from worker.services import absences
from worker.settings import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """One colleague and what is theirs now."""

    person: Person
    away: Absence | None
    cases: int
    promises: int
    overdue: int


@click.group()
def people() -> None:
    """The team as the settings name it, and who stands in for whom."""


@people.command("list")
@settings_option
@json_option
def list_people(settings_path: Path | None, *, as_json: bool) -> None:
    """Everybody, with their open cases and promises."""
    settings = open_settings(settings_path)
    with opened(settings) as app, app.database.reading() as rooms:
        now = app.clock.now()
        found = [_standing(rooms, person, now=now) for person in settings.people]
    if as_json:
        for one in found:
            print_json_line(_line(one))
        return
    rows = []
    for one in found:
        back = one.away.until.astimezone(settings.zone) if one.away else None
        away = (
            f"away until {back:%a %d %b, %H:%M}; {one.away.stand_in} stands in" if one.away and back else ""
        )
        rows.append((one.person.name, one.person.role, one.cases, one.promises, one.overdue, away))
    columns = ("Name", "Role", "Open cases", "Promises", "Overdue", "Away")
    show_table(columns, rows, numbers=("Open cases", "Promises", "Overdue"))


@people.command("away")
@click.argument("name")
@settings_option
@click.option(
    "--until", required=True, metavar="DAY", help="The last day away, such as 2026-11-27; or a time."
)
@click.option("--to", "stand_in", required=True, metavar="NAME", help="Who is told meanwhile.")
def away(settings_path: Path | None, name: str, until: str, stand_in: str) -> None:
    """NAME is away: alerts and the digest go to the stand-in until then. Nothing changes its owner."""
    settings = open_settings(settings_path)
    person, other = acting(settings, name), acting(settings, stand_in)
    back = moment(until, settings.zone, next_day=True)
    with opened(settings) as app, app.database.writing() as rooms:
        now = app.clock.now()
        absences.go_away(rooms, person, until=back, stand_in=other, now=now)
        theirs = absences.away_now(rooms, other, now=now)
    sentence(f"{person} is away until {_until(back, settings.zone)}; {other} is told instead.")
    if theirs is not None:
        note(f"{other} is away too; {theirs.stand_in} stands in for them.")


@people.command("back")
@click.argument("name")
@settings_option
def back(settings_path: Path | None, name: str) -> None:
    """NAME is back and is told themselves again."""
    settings = open_settings(settings_path)
    person = acting(settings, name)
    with opened(settings) as app, app.database.writing() as rooms:
        absences.come_back(rooms, person, now=app.clock.now())
    sentence(f"{person} is back.")


def _standing(rooms: Rooms, person: Person, *, now: datetime) -> _Standing:
    still_open = tuple(state for state in CaseState if state is not CaseState.CLOSED)
    owed = rooms.promises.open_now(owner=person.name)
    return _Standing(
        person=person,
        away=absences.away_now(rooms, person.name, now=now),
        cases=rooms.cases.count(owner=person.name, state=still_open),
        promises=len(owed),
        overdue=sum(promise.is_overdue(now) for promise in owed),
    )


def _until(at: datetime, zone: tzinfo) -> str:
    """Midnight is said as the end of the day before it."""
    local = at.astimezone(zone)
    if local.time() == time():
        return f"the end of {local - timedelta(minutes=1):%a %d %b %Y}"
    return f"{local:%a %d %b %Y, %H:%M}"


def _line(one: _Standing) -> dict[str, object]:
    return {
        "name": one.person.name,
        "role": one.person.role,
        "email": one.person.email,
        "open_cases": one.cases,
        "open_promises": one.promises,
        "overdue": one.overdue,
        "away_until": one.away.until if one.away else None,
        "stand_in": one.away.stand_in if one.away else None,
    }
