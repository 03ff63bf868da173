"""What the demo shows when it is done: sentences first, then tables, the case played through, and what to try next."""

import os
import shlex
import shutil
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from worker.app import App
from worker.cli.console import clock, heading, look_again, out, safe, sentence, show_table
from worker.cli.demo.story import Story
from worker.cli.demo.workspace import REPLY
from worker.domain.draft import DraftState
from worker.domain.letter import open_blanks
from worker.domain.promise import Promise
from worker.ports import Rooms
from worker.services import telling
from worker.services.accounts import account_for
from worker.services.wording_of_alerts import customer_name

COMPLAINTS_SHOWN = 8
NAME_WIDTH = 18  # characters, so that a table fits eighty columns
WORDS_WIDTH = 38


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A command to try, without the program's name, and what it is for."""

    command: tuple[str, ...]
    what: str


def show(app: App, story: Story, *, now: datetime) -> None:
    """The whole page."""
    with app.database.reading() as rooms:
        _sentences(rooms, app, now=now)
        _complaints(rooms)
        _drafts(rooms)
        _promises(rooms, app.settings.zone, now=now)
        next_steps = suggestions(rooms, now=now)
    _case_played(story, app.settings.zone)
    what_next(story.folder, next_steps)


def suggestions(rooms: Rooms, *, now: datetime) -> list[Suggestion]:
    """What to try in the workspace as it stands."""
    drafts = rooms.drafts.where(state=DraftState.OPEN, newest_first=True)
    drafts.sort(key=lambda draft: (draft.language != "en", len(open_blanks(draft.text))))
    late = [promise for promise in rooms.promises.open_now() if promise.is_overdue(now)]
    tries = [
        Suggestion(command=("promises", "list"), what="what is owed, to whom, by when"),
        Suggestion(command=("cases", "list"), what="every open case"),
    ]
    if late:
        tries.append(
            Suggestion(command=("cases", "show", str(late[-1].case_id)), what="the one that is owed a call")
        )
    tries.append(Suggestion(command=("drafts", "list"), what="what waits for your yes"))
    if drafts:
        tries.append(
            Suggestion(
                command=("drafts", "show", str(drafts[0].id)), what="one of them, and how to approve it"
            )
        )
    return [
        *tries,
        Suggestion(command=("lint", REPLY), what="a fake apology, and better words"),
        Suggestion(command=("alerts", "list"), what="what somebody must answer for"),
        Suggestion(command=("run", "--once"), what="send what is approved, alert what is due"),
    ]


def what_next(folder: Path, tries: list[Suggestion]) -> None:
    heading("What to try next")
    sentence(f"  cd {shlex.quote(str(folder))}")
    if program := _program(folder):
        sentence(f"  alias amends={program}")
    width = max(len(" ".join(one.command)) for one in tries)
    for one in tries:
        sentence(f"  amends {' '.join(one.command):{width}}  {one.what}")
    sentence()
    sentence("For a mailbox of your own: amends look, then amends init.")


def _program(folder: Path) -> str:
    """How this very program is called from inside the folder; '' where `amends` finds it."""
    ours = Path(sys.argv[0])
    found = shutil.which("amends")
    if found and Path(found).resolve() == ours.resolve():
        return ""
    return shlex.quote(os.path.relpath(ours, folder)) if ours.name == "amends" and ours.exists() else ""


def _sentences(rooms: Rooms, app: App, *, now: datetime) -> None:
    accounts = account_for(rooms)
    heading(f"{accounts.came} mails came in. Every one has its place:")
    for line in telling.where_mail_went(accounts):
        sentence(line)
    dangers = telling.dangers(rooms, app.house)
    _paragraphs("Danger", dangers)
    _paragraphs("Promised, and the time has passed", telling.overdue(rooms, app.house, now=now))
    fakes = [
        f"On {telling.day_words(one.mail.written_at, app.settings.zone)} we wrote to {one.customer}: "
        f"“{telling.quoted(one.finding.text)}” A draft that says this cannot be approved: {one.finding.message} "
        f"Better: {one.finding.suggestion}"
        for one in telling.fake_apologies(rooms, app.house)
    ]
    _paragraphs("A fake apology that went out", fakes[:1])


def _paragraphs(title: str, lines: list[str]) -> None:
    if not lines:
        return
    heading(title)
    for line in lines:
        _point(line)


def _point(line: str) -> None:
    """A paragraph behind a dash; wrapped under itself where there is a terminal to wrap for."""
    if not out.is_terminal:
        sentence(f"- {line}")
        return
    grid = Table.grid(padding=(0, 1))
    grid.add_row(Text("-"), Text(safe(line)))
    out.print(grid)


def _complaints(rooms: Rooms) -> None:
    found = telling.complaints(rooms)
    if not found:
        return
    heading("Complaints, and the words that gave them away")
    rows = [
        (
            one.case.id,
            telling.quoted(one.customer, NAME_WIDTH),
            one.case.severity or "",
            telling.quoted(one.words, WORDS_WIDTH),
        )
        for one in found
    ]
    show_table(("Case", "Customer", "Gravity", "Words"), rows[:COMPLAINTS_SHOWN], numbers=("Case",))
    if len(rows) > COMPLAINTS_SHOWN:
        sentence(f"... and {len(rows) - COMPLAINTS_SHOWN} more: amends cases list")


def _drafts(rooms: Rooms) -> None:
    waiting = rooms.drafts.count(state=DraftState.OPEN)
    if waiting:
        drafts = "1 draft waits" if waiting == 1 else f"{waiting} drafts wait"
        sentence()
        sentence(f"{drafts} for a person to read, change and approve. None leaves without that.")


def _promises(rooms: Rooms, zone: ZoneInfo, *, now: datetime) -> None:
    owed = rooms.promises.open_now()
    if not owed:
        return
    heading("Owed now: to whom, what, by when")
    rows = [
        (
            _due(promise, now, zone),
            telling.quoted(customer_name(rooms, promise.case_id), NAME_WIDTH),
            telling.quoted(promise.words, WORDS_WIDTH),
        )
        for promise in owed
    ]
    show_table(("Due", "Customer", "Promised"), rows)
    if ended := telling.ended(rooms):
        sentence(ended)


def _due(promise: Promise, now: datetime, zone: ZoneInfo) -> str:
    if promise.due_at is None:
        return look_again(promise.look_again_at, now, zone) if promise.look_again_at else "no time given"
    return clock(promise.due_at, now, zone)


def _case_played(story: Story, zone: ZoneInfo) -> None:
    if not story.steps:
        return
    heading("One case from its first mail to its end, on a clock that was moved")
    told = [(f"{step.at.astimezone(zone):%a %d %b %H:%M}", step.say) for step in story.steps]
    if out.is_terminal:
        show_table(("When", f"Case {story.case_id}"), told)
        return
    for when, say in told:
        sentence(f"{when}  {say}")
