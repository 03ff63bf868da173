"""`amends look`: a read-only look at a team's own past; nothing is written anywhere."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import click

from worker.adapters.envelope import read_envelope
from worker.adapters.imap import ImapAccount, ImapMailbox
from worker.adapters.mailfiles import FoundMail, count_mails, walk_mails
from worker.app import in_memory, mail_server
from worker.cli.console import (
    heading,
    json_option,
    note,
    now,
    print_json_line,
    sentence,
    settings_option,
    track,
)
from worker.domain.clockwords import clock_words
from worker.errors import BadInput
from worker.log import start_logging
from worker.ports import Fetched, MailServer
from worker.services import looking
from worker.services.intake import Shelf
from worker.services.looking import Past, Promised
from worker.settings import Settings, load_settings, read_settings, settings_path

SHOWN = 10  # of each kind, unless --all
_AGO = re.compile(r"(\d{1,4})\s*(d|w|m|y)", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A mail from a file, in the form that mail from a server has."""

    uid: int
    raw: bytes
    internal_date: datetime
    size: int
    oversize: bool = False
    error: str | None = None


@dataclass(slots=True, kw_only=True)
class Source:
    """Where the mail comes from, how much there is, and which addresses are the team's own."""

    mails: Iterable[tuple[str, Fetched]]  # with the folder of each
    total: int
    ours: tuple[str, ...] = ()
    guessed: bool = False
    troubles: list[str] = field(default_factory=list)


@click.command()
@click.argument("where", metavar="MAILBOX|PATH|imaps://USER@HOST")
@click.option("--since", default="90d", show_default=True, help="How far back: 90d, 12w, 6m, or a date.")
@click.option(
    "--us", multiple=True, metavar="ADDRESS", help="An address of ours, or @domain; else worked out."
)
@click.option("--all", "show_all", is_flag=True, help=f"Show everything, not the first {SHOWN} of each.")
@settings_option
@json_option
@click.pass_context
def look(
    context: click.Context,
    where: str,
    *,
    since: str,
    us: tuple[str, ...],
    show_all: bool,
    settings_path: Path | None,
    as_json: bool,
) -> None:
    """Read your own past mail and see what it owes: complaints never answered, promises never followed up.

    Nothing is written, on your server or here. Your replies are found in the Sent folder.

    \b
    amends look inbox.mbox                         an export of your mail program
    amends look --since 30d ~/Maildir              a Maildir with its folders
    amends look imaps://support@imap.shop.example  asks for the password ($AMENDS_PASSWORD answers)
    amends look support                            a mailbox of amends.toml
    """  # noqa: D301 - click's mark
    start_logging(level="error")
    began = now()
    cut = read_since(since, began)
    settings = _known_settings(settings_path)
    source = _source(where, cut, settings, us)
    past = _look(source, _settings_for(source, settings), cut, quiet=as_json)
    if as_json:
        print_json_line(past)
    else:
        _tell(past, source, cut, began, show_all=show_all)
    if source.troubles:
        context.exit(BadInput.exit_code)


def read_since(text: str, at: datetime) -> datetime:
    """An instant from "90d", "12w", "6m", "1y" or a date. Raises BadInput for anything else."""
    ago = _AGO.fullmatch(text.strip())
    if ago:
        return at - timedelta(days=int(ago[1]) * _DAYS[ago[2].lower()])
    try:
        day = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(
            f"--since {text}: cannot be read. Write 90d, 12w, 6m, 1y or a date like 2026-08-01."
        ) from None
    return day if day.tzinfo else day.replace(tzinfo=UTC)


def _look(source: Source, settings: Settings, cut: datetime, *, quiet: bool) -> Past:
    with in_memory(settings) as app:
        by_folder: dict[str, int] = {}
        mails = track(source.mails, total=source.total, label="Reading", quiet=quiet)
        shelves = ((folder, mail) for folder, mail in mails if mail.internal_date >= cut)
        for folder, batch in _runs(shelves):
            shelf = Shelf(
                mailbox="look", folder=folder, uidvalidity=by_folder.setdefault(folder, len(by_folder) + 1)
            )
            for _ in looking.read_past(app.database, app.house, shelf, batch, now=app.clock.now()):
                pass
        with app.database.reading() as rooms:
            return looking.what_was_found(rooms, now=app.clock.now())


def _runs(mails: Iterable[tuple[str, Fetched]]) -> Iterator[tuple[str, list[Fetched]]]:
    """The mails in runs of one folder, at most a batch long."""
    folder, run = "", list[Fetched]()
    for place, mail in mails:
        if run and (place != folder or len(run) >= looking.BATCH):
            yield folder, run
            run = []
        folder = place
        run.append(mail)
    if run:
        yield folder, run


def _source(where: str, cut: datetime, settings: Settings | None, us: Sequence[str]) -> Source:
    if where.startswith(("imap://", "imaps://")):
        return _from_address(where, cut, us)
    box = next((box for box in settings.mailboxes if box.name == where), None) if settings else None
    if box is not None and settings is not None:
        return _from_server(mail_server(box), box.folders, box.sent, cut, (*us, *settings.own_addresses))
    if not Path(where).exists():
        known = ", ".join(box.name for box in settings.mailboxes) if settings else ""
        there = f" Mailboxes in the settings: {known}." if known else ""
        raise BadInput(f"{where}: there is no such file or folder, and no mailbox of that name.{there}")
    return _from_files(Path(where), us, settings)


def _from_files(path: Path, us: Sequence[str], settings: Settings | None) -> Source:
    ours = (*us, *(settings.own_addresses if settings else ()))
    source = Source(mails=(), total=count_mails([path]), ours=ours or _guess([path]), guessed=not ours)
    source.mails = _walked(path, source)
    return source


def _walked(path: Path, source: Source) -> Iterator[tuple[str, Fetched]]:
    for number, found in enumerate(walk_mails([path]), 1):
        if found.raw is None:
            source.troubles.append(f"{found.path}: {found.error}")
            continue
        at = read_envelope(found.raw).arrived_at or datetime.now(UTC)
        yield (
            found.folder,
            Found(uid=number, raw=found.raw, internal_date=at, size=len(found.raw), oversize=found.oversize),
        )


def _guess(paths: Sequence[Path]) -> tuple[str, ...]:
    """Our addresses: who writes in the Sent folders, else whom most mails are for."""
    senders: Counter[str] = Counter()
    recipients: Counter[str] = Counter()
    mails = 0
    for found in walk_mails(paths):
        mails += 1
        _count(found, senders, recipients)
    if senders:
        return tuple(address for address, _ in senders.most_common(50))
    return tuple(address for address, times in recipients.most_common(1) if times * 2 >= mails)


def _count(found: FoundMail, senders: Counter[str], recipients: Counter[str]) -> None:
    if found.raw is None:
        return
    envelope = read_envelope(found.raw)
    if "sent" in found.folder.casefold() and envelope.sender:
        senders[envelope.sender] += 1
    recipients.update(set(envelope.recipients))


def _from_address(where: str, cut: datetime, us: Sequence[str]) -> Source:
    parts = urlsplit(where)
    user = unquote(parts.username or "")
    if not parts.hostname or not user:
        raise BadInput(f"{where}: write it as imaps://USER@HOST, the user's own @ as %40 if there is one.")
    password = os.environ.get("AMENDS_PASSWORD") or click.prompt(
        f"Password of {user}", hide_input=True, err=True
    )
    secure = "tls" if parts.scheme == "imaps" else "starttls"
    port = parts.port or (993 if secure == "tls" else 143)
    account = ImapAccount(
        host=parts.hostname, port=port, username=user, secret=lambda: str(password), security=secure
    )
    ours = us or ((user,) if "@" in user else ())
    return _from_server(ImapMailbox(account), ("INBOX",), None, cut, ours)


def _from_server(
    server: MailServer, folders: Sequence[str], sent: str | None, cut: datetime, ours: Sequence[str]
) -> Source:
    server.connect()
    filed = None if sent == "" else server.find_sent(sent)
    if filed is None:
        note("No Sent folder was found: what your team wrote back cannot be seen.")
    listed = {
        folder: _recent(server, folder, cut)
        for folder in dict.fromkeys([*folders, *([filed] if filed else [])])
    }
    source = Source(mails=(), total=sum(map(len, listed.values())), ours=tuple(ours))
    source.mails = _fetched(server, listed)
    return source


def _recent(server: MailServer, folder: str, cut: datetime) -> list[int]:
    server.select(folder)
    dates = server.fetch_sizes(server.list_uids())
    return [uid for uid, (_, arrived_at) in sorted(dates.items()) if arrived_at >= cut]


def _fetched(server: MailServer, listed: dict[str, list[int]]) -> Iterator[tuple[str, Fetched]]:
    try:
        for folder, uids in listed.items():
            server.select(folder)
            for start in range(0, len(uids), looking.BATCH):
                yield from ((folder, mail) for mail in server.fetch_raw(uids[start : start + looking.BATCH]))
    finally:
        server.close()


def _known_settings(path: Path | None) -> Settings | None:
    return load_settings(path) if path is not None or settings_path().exists() else None


def _settings_for(source: Source, settings: Settings | None) -> Settings:
    if settings is not None:
        return settings
    return read_settings(
        {
            "firm": {"name": "your team", "zone": _local_zone(), "addresses": list(source.ours)},
            "people": [{"name": "your team", "email": "team@localhost.invalid", "role": "lead"}],
            "sending": {"kind": "maildir", "path": "never-used"},
        }
    )


def _local_zone() -> str:
    place = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    try:
        return ZoneInfo(place).key if place else "UTC"
    except (ValueError, OSError):
        return "UTC"


def _tell(past: Past, source: Source, cut: datetime, at: datetime, *, show_all: bool) -> None:
    if source.guessed:
        ours = ", ".join(source.ours[:3]) or "nobody"
        note(f"Taking {ours} as yours; say --us ADDRESS if that is wrong.")
    sentence(
        f"Since {cut:%d %B %Y}: {_count_of(past.mails, 'mail')}. {past.from_people} from people, {past.from_machines} from "
        f"machines, {past.ours} of ours"
        + (f", {past.unreadable} that could not be read." if past.unreadable else ".")
    )
    answered = past.complaints - len(past.unanswered)
    sentence(
        f"Likely complaints: {past.complaints}; {answered} answered, {len(past.unanswered)} never answered."
    )
    if past.unclassified:
        sentence(
            f"{_count_of(past.unclassified, 'matter')} in a language no rule covers: a person should read those."
        )
    sentence(
        f"Promises found in what your team wrote: {past.promises}. {len(past.kept)} kept, {len(past.late)} late, "
        f"{len(past.never_followed)} never followed by a contact, {len(past.running)} not due yet, "
        f"{len(past.vague)} without a date."
    )
    _tell_unanswered(past, at, show_all=show_all)
    _tell_promised("Never followed by a contact", past.never_followed, at, show_all=show_all)
    _tell_promised("Kept late", past.late, at, show_all=show_all)
    _tell_promised("Promised without a date", past.vague, at, show_all=show_all)
    for trouble in source.troubles:
        note(trouble)
    sentence()
    sentence("Nothing was written. To keep the next promise in view: amends init", style="dim")


def _tell_unanswered(past: Past, at: datetime, *, show_all: bool) -> None:
    if not past.unanswered:
        return
    heading("Never answered")
    shown = past.unanswered if show_all else past.unanswered[:SHOWN]
    for one in shown:
        days = (at - one.complained_at).days
        sentence(f"{one.customer}, {_count_of(days, 'day')} ago, {one.subject}")
        sentence(f"    “{one.words}”")
    _tell_rest(len(past.unanswered) - len(shown))


def _tell_promised(title: str, promised: Sequence[Promised], at: datetime, *, show_all: bool) -> None:
    if not promised:
        return
    heading(title)
    zone = ZoneInfo(_local_zone())
    shown = promised if show_all else promised[:SHOWN]
    for one in shown:
        due = (
            clock_words(one.due_at, one.told_at or at, zone)
            if one.due_at
            else f"promised {one.made_at:%d %B}"
        )
        sentence(f"{one.customer}: {due} ({one.by})")
        sentence(f"    “{' '.join(one.words.split())}”")
    _tell_rest(len(promised) - len(shown))


def _tell_rest(more: int) -> None:
    if more:
        sentence(f"    and {more} more (--all shows them)", style="dim")


def _count_of(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")
