"""`amends letters`: check, list and show the letters that drafts are made from."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import click

from worker.adapters.letters import LetterShelf
from worker.adapters.shipped import shipped_folder
from worker.adapters.wordingfiles import load_wording
from worker.cli.console import json_option, print_json_line, sentence, settings_option, show_table
from worker.domain.calendar import BusinessCalendar
from worker.domain.commitment import find_promises
from worker.domain.duetime import render_due
from worker.domain.letter import BadLetter, Letter, LetterFault, LetterStage
from worker.domain.letterfillings import fillings
from worker.domain.wording import ReplyTo, WordingRules, check_wording
from worker.settings import load_settings, settings_path

_SENT_AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
_DUE_AT = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
_PROMISING = frozenset(LetterStage) - {LetterStage.FOLLOW_UP}

framework_option = click.option(
    "--framework", metavar="NAME", help="mama, for one; without it the one in the settings, else mama."
)
folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Your own letters; without it the folder in the settings, if any.",
)


class _Chosen(NamedTuple):
    framework: str
    folder: Path | None


@click.group()
def letters() -> None:
    """Check, list and show the letters that drafts are made from.

    A letter is a small file: a few header lines, a blank line, the text. docs/letters.md tells how to write one.
    """


@letters.command()
@framework_option
@folder_option
@settings_option
@json_option
def check(framework: str | None, folder: Path | None, settings_path: Path | None, *, as_json: bool) -> int:
    """Read every letter, fill it in every way, and find what is wrong with it.

    Each filling must pass the wording check, and the date it promises must be read back as that very date.
    Exits 2 when a file cannot be used, 1 when a letter's words do not pass.
    """
    chosen = _chosen(framework, folder, settings_path)
    try:
        shelf = LetterShelf.load(chosen.framework, chosen.folder)
    except BadLetter as bad:
        _tell(bad.faults, as_json=as_json)
        return bad.exit_code
    rules = load_wording(
        [shipped_folder("rules/wording")], {"en", *(letter.language for letter in shelf.letters)}
    )
    faults = [fault for letter in shelf.letters for fault in _wrong_in_use(shelf, letter, rules)]
    _tell(faults, as_json=as_json)
    if faults:
        return 1
    if not as_json:
        sentence(f"{len(shelf.letters)} letters for {shelf.framework.name}, all in order.")
    return 0


@letters.command(name="list")
@framework_option
@folder_option
@settings_option
@json_option
def list_letters(
    framework: str | None, folder: Path | None, settings_path: Path | None, *, as_json: bool
) -> None:
    """List every letter: what for, in which language, for which topics."""
    chosen = _chosen(framework, folder, settings_path)
    shelf = LetterShelf.load(chosen.framework, chosen.folder)
    ordered = sorted(
        shelf.letters, key=lambda one: (list(LetterStage).index(one.stage), one.language, one.id)
    )
    if as_json:
        for letter in ordered:
            print_json_line(_told(letter))
        return
    rows = (
        [one.id, one.stage, one.language, ", ".join(one.topics) or "any", _severity(one), one.title]
        for one in ordered
    )
    show_table(["letter", "stage", "language", "topics", "severity", "title"], rows)


@letters.command()
@click.argument("letter_id", metavar="ID")
@framework_option
@folder_option
@settings_option
@json_option
def show(
    letter_id: str, framework: str | None, folder: Path | None, settings_path: Path | None, *, as_json: bool
) -> None:
    """Print one letter as its file has it."""
    chosen = _chosen(framework, folder, settings_path)
    letter = LetterShelf.load(chosen.framework, chosen.folder).get(letter_id)
    if as_json:
        print_json_line({**_told(letter), "text": letter.text})
        return
    sentence(f"{letter.title or letter.id} ({letter.path})")
    sentence(f"Subject: {letter.subject}")
    sentence()
    sentence(letter.text)


def _chosen(framework: str | None, folder: Path | None, path: Path | None) -> _Chosen:
    """What was asked for, completed from the settings where there are any."""
    if (framework is None or folder is None) and (path is not None or settings_path().exists()):
        told = load_settings(path).letters
        return _Chosen(framework or str(told.framework), folder or told.folder)
    return _Chosen(framework or "mama", folder)


def _told(letter: Letter) -> dict[str, object]:
    return {
        "id": letter.id,
        "title": letter.title,
        "framework": letter.framework,
        "stage": letter.stage,
        "language": letter.language,
        "topics": letter.topics,
        "severity": letter.severity,
        "apology": letter.apology,
        "subject": letter.subject,
        "path": letter.path,
    }


def _severity(letter: Letter) -> str:
    return ", ".join(letter.severity) or "any"


def _tell(faults: list[LetterFault] | tuple[LetterFault, ...], *, as_json: bool) -> None:
    for fault in faults:
        if as_json:
            print_json_line(fault)
        else:
            sentence(str(fault))


def _wrong_in_use(shelf: LetterShelf, letter: Letter, rules: WordingRules) -> Iterator[LetterFault]:
    """What the wording check and the promise grammar say of the letter, each once, where it stands in the file."""
    calendar = BusinessCalendar()
    due = render_due(_DUE_AT, zone=calendar.zone, locale=letter.language, at=calendar, sent_at=_SENT_AT)
    told: set[str] = set()
    for facts in fillings(letter, due, old_due=due):
        text = shelf.render(letter, facts).text
        messages = [
            (found.text, f"{found.kind}: “{found.text}” {found.message}")
            for found in check_wording(
                text, rules=rules, reply_to=ReplyTo.COMPLAINT, language=letter.language, template=True
            )
        ]
        promised = find_promises(text, sent_at=_SENT_AT, calendar=calendar, locale=letter.language)
        if due in text and letter.stage in _PROMISING and not any(one.due_at == _DUE_AT for one in promised):
            messages.append((due, f"the promise “… {due}” is not read back as one with that date"))
        for words, message in messages:
            if message not in told:
                told.add(message)
                yield LetterFault(path=letter.path, line=_line_of(letter, words), message=message)


def _line_of(letter: Letter, words: str) -> int:
    """The line of the file that holds those words, else where the text begins."""
    for number, line in enumerate(letter.text.split("\n"), letter.text_line):
        if words[:30] in line:
            return number
    return letter.text_line
