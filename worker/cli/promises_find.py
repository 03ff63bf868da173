"""`amends promises find`: what our own letters in files promise, and by when. Needs no database, no settings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from worker.adapters.mailfiles import FoundMail, walk_mails
from worker.adapters.mime import placeholder_mail, read_mail
from worker.cli.console import json_option, note, print_json_line, sentence
from worker.domain.calendar import BusinessCalendar
from worker.domain.commitment import FoundPromise, find_promises
from worker.domain.mail import InboundMail, SpanKind
from worker.errors import BadInput, Broken

LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "nl")
UNUSABLE = 2  # the exit code when some input could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """One mail of ours and what it promises, or why it could not be read."""

    path: str
    mail: InboundMail | None = None
    sent_at: datetime | None = None
    promises: tuple[FoundPromise, ...] = ()
    error: str = ""


@click.command("find")
@click.option(
    "--zone", default="Europe/London", show_default=True, help="IANA time zone due times are read in."
)
@click.option("--country", metavar="CC", help="Country whose public holidays count: GB, DE, US.")
@click.option("--subdivision", metavar="S", help="Part of the country: ENG, BY, CA.")
@click.option("--locale", default="en-GB", show_default=True, help="How dates in numbers are written.")
@json_option
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.pass_context
def find(
    context: click.Context,
    zone: str,
    country: str | None,
    subdivision: str | None,
    locale: str,
    as_json: bool,
    paths: tuple[Path, ...],
) -> None:
    """Find the promises in outgoing mails: files, folders of .eml, mbox, Maildir."""
    _check_locale(locale)
    calendar = BusinessCalendar(zone=zone, country=country, subdivision=subdivision)
    unusable = False
    for letter in _letters(paths, calendar, locale):
        unusable = unusable or bool(letter.error)
        if as_json:
            print_json_line(_line(letter))
        else:
            _show(letter)
    context.exit(UNUSABLE if unusable else 0)


def _check_locale(locale: str) -> None:
    language, _, country = locale.replace("_", "-").partition("-")
    if (
        language not in LANGUAGES
        or (country and not re.fullmatch("[A-Z]{2}", country))
        or locale.endswith("-")
    ):
        known = ", ".join(LANGUAGES)
        raise BadInput(
            f"--locale {locale}: not known. Write a language ({known}), with its country: en-GB, de-AT."
        )


def _letters(paths: tuple[Path, ...], calendar: BusinessCalendar, locale: str) -> Iterator[_Letter]:
    for found in walk_mails(paths):
        try:
            yield _letter(found, calendar, locale)
        except Broken as broken:
            yield _Letter(path=found.path, error=str(broken))


def _letter(found: FoundMail, calendar: BusinessCalendar, locale: str) -> _Letter:
    if found.raw is None:
        return _Letter(path=found.path, error=found.error or "cannot be read")
    mail = placeholder_mail(found.raw, len(found.raw)) if found.oversize else read_mail(found.raw)
    if mail.sent_at is None:
        return _Letter(path=found.path, error="has no readable Date, so its due times count from nowhere")
    promises = find_promises(_own_words(mail), sent_at=mail.sent_at, calendar=calendar, locale=locale)
    return _Letter(path=found.path, mail=mail, sent_at=mail.sent_at, promises=promises)


def _own_words(mail: InboundMail) -> str:
    """The body with everything but our own words blanked out, offsets and lines kept."""
    kept = list(mail.text)
    for span in mail.spans:
        if span.kind is not SpanKind.OWN:
            kept[span.start : span.end] = ["\n" if c == "\n" else " " for c in kept[span.start : span.end]]
    return "".join(kept)


def _line(letter: _Letter) -> dict[str, object]:
    if letter.mail is None:
        return {"path": letter.path, "error": letter.error}
    return {
        "path": letter.path,
        "message_id": letter.mail.message_id,
        "sent_at": letter.sent_at,
        "text": letter.mail.text,
        "promises": letter.promises,
    }


def _show(letter: _Letter) -> None:
    if letter.mail is None:
        note(f"{letter.path}: {letter.error}", style="red")
        return
    count = len(letter.promises)
    sentence(f"{letter.path}: {count or 'no'} promise{'' if count == 1 else 's'}", style="bold")
    for promise in letter.promises:
        sentence(f"  {_in_its_lines(letter.mail.text, promise)}")
        sentence(f"    {promise.strength}: {promise.reading}")


def _in_its_lines(text: str, promise: FoundPromise) -> str:
    """The lines the promise stands in, the promise marked."""
    first = text.rfind("\n", 0, promise.start) + 1
    last = text.find("\n", promise.end)
    shown = (
        f"{text[first : promise.start]}»{promise.text}«{text[promise.end : last if last >= 0 else len(text)]}"
    )
    return " ".join(shown.split())
