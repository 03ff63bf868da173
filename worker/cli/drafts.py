"""`amends drafts`: read what would be sent, edit it, approve one exact revision, or reject it."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp
from typing import Any

import click

from worker.app import App, opened
from worker.cli import draftpage, due
from worker.cli.console import (
    ago,
    interactive,
    json_option,
    note,
    open_settings,
    print_json_line,
    safe,
    sentence,
    settings_option,
    show_table,
)
from worker.cli.draftpage import Page
from worker.cli.given import ID, acting, who_option
from worker.domain.delivery import Delivery
from worker.domain.draft import Draft, DraftState, Obstacle, PromiseAnswer
from worker.domain.letter import LetterStage, fill, open_blanks
from worker.domain.post import ReadMail
from worker.domain.promise import Promise
from worker.errors import AmendsError, BadInput, Refused
from worker.ports import Rooms
from worker.services import drafting, obstacles, review
from worker.services.obstacles import Decisions
from worker.services.review import GONE, NotYet, Seen
from worker.services.wording_of_alerts import customer_name

ASKABLE = frozenset({"promise", "settles", "wording", "forwarded_to"})
WAITING = (DraftState.OPEN, DraftState.CHANGES_ASKED, DraftState.APPROVED)
TIMES_ASKED = 5
BEGINS = "-------- the letter begins below this line --------"

draft_argument = click.argument("draft_id", metavar="ID", type=ID)


@click.group()
def drafts() -> None:
    """Read what would be sent, make it right, and approve it. Nothing is sent that nobody has approved.

    \b
      amends drafts list
      amends drafts show 3
      amends drafts edit 3 --as Bea --blank 1="order 48213"
      amends drafts approve 3 --as Bea --revision 1a2b3c4d5e6f7a8b
    """  # noqa: D301 - click's mark


@drafts.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that are over, too.")
@click.option("--case", "case_id", type=ID, metavar="CASE", help="Only this case.")
@settings_option
@json_option
def list_drafts(everything: bool, case_id: int | None, settings_path: Path | None, *, as_json: bool) -> None:
    """List the drafts that wait for somebody, the oldest first."""
    with opened(open_settings(settings_path)) as app, app.database.reading() as rooms:
        states = tuple(DraftState) if everything else WAITING
        wanted: dict[str, Any] = {"state": states} | ({"case_id": case_id} if case_id is not None else {})
        found = [(draft, _letter_of(rooms, draft)) for draft in rooms.drafts.where(**wanted)]
        if not everything:
            found = [(draft, letter) for draft, letter in found if letter is None or letter.state not in GONE]
        if as_json:
            for draft, letter in found:
                print_json_line(_line(rooms, draft, letter))
            return
        if not found:
            sentence("No draft waits for anybody.")
            return
        now = app.clock.now()
        rows = [
            _row(rooms, draft, letter, ago(draft.created_at, now, app.settings.zone))
            for draft, letter in found
        ]
        show_table(
            ["draft", "case", "to", "subject", "for", "state", "made"], rows, numbers=["draft", "case"]
        )


@drafts.command()
@draft_argument
@settings_option
@json_option
def show(draft_id: int, settings_path: Path | None, *, as_json: bool) -> None:
    """Print a draft: the exact text, what stands in its way, and the command that approves it."""
    with opened(open_settings(settings_path)) as app, app.database.reading() as rooms:
        page = draftpage.read(rooms, app.house, draft_id, now=app.clock.now())
        if as_json:
            print_json_line(draftpage.line(page))
        else:
            draftpage.print_page(page, app.house)


@drafts.command()
@click.argument("case_id", metavar="CASE", type=ID)
@click.option(
    "--stage",
    type=click.Choice([str(stage) for stage in LetterStage]),
    default=str(LetterStage.ACKNOWLEDGED),
    show_default=True,
    help="What the letter is for.",
)
@settings_option
def new(case_id: int, stage: str, settings_path: Path | None) -> None:
    """Make a fresh draft for a case; what was drafted before is given up."""
    with opened(open_settings(settings_path)) as app, app.database.writing() as rooms:
        case = rooms.cases.get(case_id)
        if case is None:
            raise Refused(f"There is no case {case_id}. See: amends cases list")
        draft = drafting.new_draft(rooms, app.house, case, stage=LetterStage(stage), now=app.clock.now())
    sentence(f"Draft {draft.id} for case {case_id}. Read it: amends drafts show {draft.id}")


@drafts.command()
@draft_argument
@who_option
@click.option(
    "--file", "file", type=click.Path(allow_dash=True), metavar="FILE", help="The new text; - reads stdin."
)
@click.option("--blank", "blanks", multiple=True, metavar="N=WORDS", help="Fill blank N with these words.")
@click.option("--subject", metavar="LINE", help="The new subject.")
@click.option("--to", multiple=True, metavar="ADDRESS", help="Who it goes to, in place of those named now.")
@click.option("--cc", multiple=True, metavar="ADDRESS", help="Who gets a copy, in place of those named now.")
@click.option(
    "--revision", metavar="R", help="The revision you began from; without it the one that stands now."
)
@click.option(
    "--seen-mail",
    type=ID,
    metavar="M",
    help="The customer's newest mail, which you have read: it is answered.",
)
@settings_option
def edit(
    draft_id: int,
    who: str,
    file: str | None,
    blanks: tuple[str, ...],
    subject: str | None,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    *,
    revision: str | None,
    seen_mail: int | None,
    settings_path: Path | None,
) -> None:
    """Change a draft, in your $EDITOR or by the options. An approval it had is void then.

    Where the customer wrote again, $EDITOR shows you that mail above the text. The other options leave the
    draft answering the mail it was written for, until you say --seen-mail.
    """
    with opened(open_settings(settings_path)) as app:
        by = acting(app.settings, who)
        with app.database.reading() as rooms:
            draft = review.changeable(rooms, draft_id)
            unseen = obstacles.unseen_mail(rooms, draft)
        if file is None and not (blanks or subject or to or cc or seen_mail):
            text = _from_editor(draft, unseen)
            if text is None:
                sentence("Nothing was changed.")
                return
            seen_mail = unseen.id if unseen else None
        else:
            text = _new_text(draft, file, blanks)
        now = app.clock.now()
        typed = text if file in {None, "-"} and not blanks else None
        with _kept_when_refused(typed, draft, app.settings.folder), app.database.writing() as rooms:
            review.edit(
                rooms,
                draft_id,
                by=by,
                now=now,
                text=text,
                subject=subject,
                to=to or None,
                cc=cc or None,
                seen=Seen(revision=revision or draft.revision, mail_id=seen_mail),
            )
            page = draftpage.read(rooms, app.house, draft_id, now=now)
    sentence(f"Draft {draft_id} is revision {page.draft.revision} now. {_what_next(page)}")


@drafts.command()
@draft_argument
@who_option
@click.option(
    "--revision", required=True, metavar="R", help="The revision you have read: drafts show prints it."
)
@click.option(
    "--promise",
    "promises",
    multiple=True,
    metavar="N=DUE|ok|not-a-promise",
    help="Promise N of the text: its due time is right (ok), is DUE (“Friday 3 pm”, ISO), or it is none.",
)
@click.option(
    "--settles", multiple=True, metavar="PID|none", help="The open promise this letter ends, or none."
)
@click.option("--override", "overrides", multiple=True, metavar="FINDING", help="Let this finding stand.")
@click.option(
    "--reason", "reasons", multiple=True, metavar="R", help="Why it may stand; one for each, in order."
)
@click.option(
    "--to-confirmed",
    multiple=True,
    metavar="ADDRESS",
    help="The answer to a mail that one of us passed on goes to this address.",
)
@click.option("--at", "leave_at", metavar="TIME", help="Send it then, not at once.")
@settings_option
def approve(
    draft_id: int,
    who: str,
    revision: str,
    promises: tuple[str, ...],
    settles: tuple[str, ...],
    overrides: tuple[str, ...],
    reasons: tuple[str, ...],
    *,
    to_confirmed: tuple[str, ...],
    leave_at: str | None,
    settings_path: Path | None,
) -> int:
    """Say yes to one exact revision; the worker sends it.

    At a terminal what is missing is asked. Elsewhere it is listed as JSON Lines, and the exit code is 1. An
    open blank, a changed text and a newer mail of the customer cannot be overridden.
    """
    with opened(open_settings(settings_path)) as app:
        now = app.clock.now()
        leaves = due.due_from(leave_at, app.house, now=now) if leave_at else None
        if leaves is not None and leaves <= now:
            raise BadInput(f"--at: {due.said_back(leaves, app.house)} has passed already.")
        said = Decisions(
            revision=revision,
            by=acting(app.settings, who),
            promises=dict(_promise_said(one, app, leaves or now) for one in promises),
            settles=_settles_said(settles),
            overrides=_overrides_said(overrides, reasons),
            to_confirmed=to_confirmed,
            leave_at=leaves,
        )
        return _approve(app, draft_id, said, now=now)


@drafts.command()
@draft_argument
@who_option
@click.option("--reason", required=True, metavar="R", help="Why it will not be sent.")
@settings_option
def reject(draft_id: int, who: str, reason: str, settings_path: Path | None) -> None:
    """Say that this letter will not be sent."""
    with opened(open_settings(settings_path)) as app, app.database.writing() as rooms:
        by = acting(app.settings, who)
        draft = review.reject(rooms, draft_id, by=by, reason=reason, now=app.clock.now())
    sentence(f"Draft {draft_id} is rejected. Another for the same case: amends drafts new {draft.case_id}")


@drafts.command("ask-changes")
@draft_argument
@who_option
@click.option("--note", "wish", required=True, metavar="WORDS", help="What should be otherwise.")
@settings_option
def ask_changes(draft_id: int, who: str, wish: str, settings_path: Path | None) -> None:
    """Hand a draft back with a wish; it stays a draft."""
    with opened(open_settings(settings_path)) as app, app.database.writing() as rooms:
        review.ask_changes(rooms, draft_id, by=acting(app.settings, who), wish=wish, now=app.clock.now())
    sentence(f"Draft {draft_id} waits for changes. Make them: amends drafts edit {draft_id} --as YOU")


def _letter_of(rooms: Rooms, draft: Draft) -> Delivery | None:
    """The newest letter made from a draft."""
    return next(iter(rooms.deliveries.where(draft_id=draft.id, newest_first=True, limit=1)), None)


def _line(rooms: Rooms, draft: Draft, letter: Delivery | None) -> dict[str, object]:
    return {
        "id": draft.id,
        "case": draft.case_id,
        "state": draft.state,
        "state_reason": draft.state_reason,
        "stage": draft.stage,
        "customer": customer_name(rooms, draft.case_id),
        "to": draft.to,
        "subject": draft.subject,
        "revision": draft.revision,
        "open_blanks": len(open_blanks(draft.text)),
        "letter": letter.id if letter else None,
        "letter_state": letter.state if letter else None,
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
    }


def _row(rooms: Rooms, draft: Draft, letter: Delivery | None, made: str) -> list[object]:
    state = str(draft.state).replace("_", " ")
    if draft.state is DraftState.APPROVED and letter is not None:
        state = f"approved, letter {letter.id} {letter.state}"
    elif draft.is_live and (blanks := len(open_blanks(draft.text))):
        state = f"{state}, {blanks} blank{'' if blanks == 1 else 's'}"
    return [
        draft.id,
        draft.case_id,
        customer_name(rooms, draft.case_id),
        draft.subject,
        draft.stage,
        state,
        made,
    ]


def _new_text(draft: Draft, file: str | None, blanks: Sequence[str]) -> str | None:
    """The text as the options give it; None when they say nothing of it."""
    if file is None and not blanks:
        return None
    text = draft.text if file is None else _without_footer(_from_file(file), draft)
    return _with_blanks_filled(text, blanks)


def _from_editor(draft: Draft, unseen: ReadMail | None) -> str | None:
    """The text as the agent leaves it, a mail they have not seen standing above it; None when it stays."""
    if not interactive():
        raise BadInput("Say what to change: --file FILE, --blank N=WORDS, --subject, --to or --cc.")
    above = _above_the_text(unseen) if unseen else ""
    written = click.edit(above + draft.text, extension=".txt")
    if written is None:
        return None
    text = written.removeprefix(above)
    if above and BEGINS in text.splitlines():
        text = text.partition(f"\n{BEGINS}\n")[2]
    return None if text.strip() == draft.text.strip() else text.strip("\n")


def _above_the_text(unseen: ReadMail) -> str:
    words = "\n".join(f"> {line}".rstrip() for line in safe(unseen.new_words).split("\n"))
    return f"The customer wrote again (mail {unseen.id}):\n\n{words}\n\n{BEGINS}\n"


@contextmanager
def _kept_when_refused(typed: str | None, draft: Draft, folder: Path) -> Iterator[None]:
    """What somebody has typed is not lost when it cannot be saved: it is kept in a file, and the error names it."""
    try:
        yield
    except AmendsError as fault:
        if typed is None:
            raise
        raise type(fault)(f"{fault}\nWhat you typed is kept in {_keep(typed, draft, folder)}") from fault


def _keep(typed: str, draft: Draft, folder: Path) -> Path:
    """A file that only its owner can read, beside the settings or else in the folder for temporary files."""
    beside = folder if os.access(folder, os.W_OK) else None
    handle, name = mkstemp(prefix=f"draft-{draft.id}-", suffix=".txt", dir=beside)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{typed}\n")
    return Path(name)


def _from_file(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as fault:
        raise BadInput(f"{file} cannot be read: {fault.strerror or fault}.") from fault
    except UnicodeDecodeError as fault:
        raise BadInput(f"{file} is no UTF-8 text.") from fault


def _without_footer(text: str, draft: Draft) -> str:
    """Whoever edits what `show` printed gives the footer back with it; it is added again by itself."""
    body, mark, below = text.rstrip().rpartition("\n-- \n")
    return (body if mark and below.strip() == draft.footer.strip() else text).strip("\n")


def _with_blanks_filled(text: str, said: Sequence[str]) -> str:
    open_now, words = open_blanks(text), dict(_numbered(one, "--blank") for one in said)
    for number in sorted(words, reverse=True):
        if not 1 <= number <= len(open_now):
            raise BadInput(f"--blank {number}: this draft has {len(open_now)} open blanks, numbered from 1.")
        text = fill(text, open_now[number - 1], words[number])
    return text


def _numbered(said: str, option: str) -> tuple[int, str]:
    number, mark, words = said.partition("=")
    if not mark or not number.strip().isdecimal() or not words.strip():
        raise BadInput(f"{option} {said}: write it as {option} 1=WORDS.")
    return int(number), words.strip()


def _promise_said(said: str, app: App, counts_from: datetime) -> tuple[int, datetime | PromiseAnswer]:
    number, words = _numbered(said, "--promise")
    return number, _answer(words, app, counts_from)


def _answer(words: str, app: App, counts_from: datetime) -> datetime | PromiseAnswer:
    """What was said about a promise; a due time is read back."""
    if words in {str(answer) for answer in PromiseAnswer}:
        return PromiseAnswer(words)
    at = due.due_from(words, app.house, now=counts_from)
    remark = due.closed_then(at, app.house)
    note(f"“{words}” is {due.said_back(at, app.house)}{f' ({remark})' if remark else ''}.")
    return at


def _settles_said(said: Sequence[str]) -> tuple[int, ...] | None:
    if not said:
        return None
    if [one.strip().casefold() for one in said] == ["none"]:
        return ()
    if not all(one.strip().isdecimal() for one in said):
        raise BadInput(f"--settles {' '.join(said)}: name open promises by their number, or none.")
    return tuple(ID.convert(one, None, None) for one in said)


def _overrides_said(findings: Sequence[str], reasons: Sequence[str]) -> Mapping[str, str]:
    if len(reasons) == 1:
        reasons = list(reasons) * len(findings)
    if len(reasons) != len(findings) or not all(one.strip() for one in reasons):
        raise BadInput("Give a --reason for every --override, in the same order.")
    return dict(zip(findings, reasons, strict=True))


def _approve(app: App, draft_id: int, said: Decisions, *, now: datetime) -> int:
    """Try, ask for what is missing where somebody can be asked, and try again."""
    for _ in range(TIMES_ASKED):
        try:
            with app.database.writing() as rooms:
                letter = review.approve(rooms, app.house, draft_id, said, now=now)
                made = rooms.promises.where(delivery_id=letter.id)
        except NotYet as not_yet:
            asked = interactive() and all(one.kind in ASKABLE for one in not_yet.obstacles)
            if not asked:
                return _tell_obstacles(not_yet.obstacles)
            said = _ask(app, not_yet.obstacles, said, now=now)
            continue
        _tell_approved(app, letter, made)
        return 0
    raise Refused("It is still not clear what to do. Nothing was approved.")


def _tell_obstacles(obstacles: Sequence[Obstacle]) -> int:
    if interactive():
        sentence("Not approved:")
        for one in obstacles:
            sentence(f"- {one.say}")
    else:
        for one in obstacles:
            print_json_line(one)
    return 1


def _ask(app: App, obstacles: Sequence[Obstacle], said: Decisions, *, now: datetime) -> Decisions:
    """Put every open question to the person at the terminal. A no to a recipient ends it: click.Abort."""
    promises, overrides, settles = dict(said.promises), dict(said.overrides), said.settles
    confirmed = said.to_confirmed
    for one in obstacles:
        sentence(one.say)
        if one.kind == "promise" and one.number is not None:
            default = "ok" if one.due_at is not None and one.due_at > now else None
            words = click.prompt(
                f"Promise {one.number}: ok, not-a-promise, or its due time", default=default, err=True
            )
            try:
                promises[one.number] = _answer(words.strip(), app, said.leave_at or now)
            except BadInput as fault:
                note(str(fault))
        elif one.kind == "settles":
            words = click.prompt("Settles (numbers, or none)", default="none", err=True)
            settles = _settles_said(words.replace(",", " ").split())
        elif one.kind == "forwarded_to":
            click.confirm(f"Does the answer go to {safe(one.text)}?", abort=True, err=True)
            confirmed = (*confirmed, one.text)
        else:
            overrides[one.finding] = click.prompt(
                f"Why may it stand? (Ctrl-C: it may not; {one.finding})", err=True
            )
    return Decisions(
        revision=said.revision,
        by=said.by,
        promises=promises,
        settles=settles,
        overrides=overrides,
        to_confirmed=confirmed,
        leave_at=said.leave_at,
    )


def _tell_approved(app: App, letter: Delivery, made: Sequence[Promise]) -> None:
    later = letter.planned_at > app.clock.now()
    when = f"on {due.said_back(letter.planned_at, app.house)}" if later else "as soon as the worker runs"
    sentence(f"Approved. Letter {letter.id} to {', '.join(letter.recipients)} leaves {when}.")
    for promise in made:
        at = due.said_back(promise.due_at, app.house) if promise.due_at else "no time given, looked at again"
        sentence(f"Promise {promise.id}: “{promise.words}” ({at})")


def _what_next(page: Page) -> str:
    newer = next((one for one in page.obstacles if one.kind == "newer_mail"), None)
    if newer is not None:
        return newer.say
    if page.blanks:
        return f"Still open: {'; '.join(blank.hint for blank in page.blanks)}."
    return f"Read it: amends drafts show {page.draft.id}"
