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
from worker.adapters.mailfiles import FoundMail, walk_mails
from worker.app import in_memory, mail_server
from worker.cli.console import (
    ago,
    heading,
    interactive,
    json_option,
    note,
    now,
    print_json_line,
    sentence,
    settings_option,
    track,
)
from worker.domain.clockwords import clock_words
from worker.errors import BadInput, Transient
from worker.log import start_logging
from worker.ports import Fetched, MailServer
from worker.services import looking
from worker.services.looking import Past, Promised
from worker.settings import Settings, load_settings, read_settings, settings_path

SHOWN = 10  # of each kind, unless --all
FILE_WINDOW = 64 * 1024 * 1024  # bytes of mail held at once, to put them in the order they came
SERVER_WINDOW = 8 * 1024 * 1024  # a server finds them without reading everything again
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A path that gave no mail, and the sentence that says why."""

    path: str
    error: str


@dataclass(slots=True, kw_only=True)
class Source:
    """Where the mail comes from, how much there is, and which addresses are the team's own."""

    mails: Iterable[tuple[str, Fetched]]  # with the folder of each
    total: int
    ours: tuple[str, ...] = ()
    guessed: bool = False
    troubles: list[Unread] = field(default_factory=list)


@click.command()
@click.argument("where", metavar="MAILBOX|PATH|imaps://USER@HOST")
@click.option("--since", default="90d", show_default=True, help="How far back: 90d, 12w, 6m, or a date.")
@click.option(
    "--us", multiple=True, metavar="ADDRESS", help="An address of ours, or @domain; else worked out."
)
@click.option(
    "--ca-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Certificates to trust besides the system's, for a server with one of its own.",
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
    ca_file: Path | None,
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
    source = _source(where, cut, settings, us, ca_file)
    past = _look(source, _settings_for(source, settings), quiet=as_json)
    if as_json:
        for unread in source.troubles:
            print_json_line(unread)
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


def _look(source: Source, settings: Settings, *, quiet: bool) -> Past:
    with in_memory(settings) as app:
        mails = track(source.mails, total=source.total, label="Reading", quiet=quiet)
        looking.read_past(app.database, app.house, mails, now=app.clock.now())
        with app.database.reading() as rooms:
            return looking.what_was_found(rooms, now=app.clock.now())


def _source(
    where: str, cut: datetime, settings: Settings | None, us: Sequence[str], ca_file: Path | None
) -> Source:
    if where.startswith(("imap://", "imaps://")):
        return _from_address(where, cut, us, ca_file)
    box = next((box for box in settings.mailboxes if box.name == where), None) if settings else None
    if box is not None and settings is not None:
        return _from_server(mail_server(box), box.folders, box.sent, cut, (*us, *settings.own_addresses))
    if not Path(where).exists():
        known = ", ".join(box.name for box in settings.mailboxes) if settings else ""
        there = f" Mailboxes in the settings: {known}." if known else ""
        raise BadInput(f"{where}: there is no such file or folder, and no mailbox of that name.{there}")
    return _from_files(Path(where), cut, (*us, *(settings.own_addresses if settings else ())))


def _from_files(path: Path, cut: datetime, ours: Sequence[str]) -> Source:
    began = now()
    survey = _survey(path, began)
    if not survey.mails:
        raise BadInput("\n".join(one.error for one in survey.troubles))
    arrivals = sorted((at, size) for at, size in survey.arrivals if at >= cut)
    return Source(
        mails=_in_order(path, arrivals, began),
        total=len(arrivals),
        ours=tuple(ours) or survey.likely_ours(),
        guessed=not ours,
        troubles=survey.troubles,
    )


@dataclass(slots=True, kw_only=True)
class Survey:
    """What a first walk over the files tells, from the headers alone."""

    arrivals: list[tuple[datetime, int]] = field(default_factory=list)  # with the mail's size in bytes
    senders_of_sent: Counter[str] = field(default_factory=Counter)
    recipients: Counter[str] = field(default_factory=Counter)
    troubles: list[Unread] = field(default_factory=list)

    @property
    def mails(self) -> int:
        return len(self.arrivals)

    def likely_ours(self) -> tuple[str, ...]:
        """Our addresses: who writes in the Sent folders, else whom most mails are for."""
        if self.senders_of_sent:
            return tuple(address for address, _ in self.senders_of_sent.most_common(50))
        return tuple(address for address, times in self.recipients.most_common(1) if times * 2 >= self.mails)


def _survey(path: Path, began: datetime) -> Survey:
    survey = Survey()
    for found in walk_mails([path]):
        if found.raw is None:
            survey.troubles.append(Unread(path=found.path, error=str(found.error)))
            continue
        envelope = read_envelope(found.raw)
        survey.arrivals.append((envelope.arrived_at or began, len(found.raw)))
        if "sent" in found.folder.casefold() and envelope.sender:
            survey.senders_of_sent[envelope.sender] += 1
        survey.recipients.update(set(envelope.recipients))
    return survey


def _in_order(
    path: Path, arrivals: Sequence[tuple[datetime, int]], began: datetime
) -> Iterator[tuple[str, Fetched]]:
    """The mails in the order they came. Files are in any order: they are walked once for each window of time."""
    for first, last in _windows(arrivals, FILE_WINDOW):
        window = [
            (found.folder, mail)
            for found, mail in _numbered(path, began)
            if first <= mail.internal_date <= last
        ]
        yield from sorted(window, key=lambda one: one[1].internal_date)


def _windows(arrivals: Sequence[tuple[datetime, int]], most: int) -> Iterator[tuple[datetime, datetime]]:
    """Spans of time, first and last instant, with `most` bytes of mail in each, or mails of one instant."""
    first = last = None
    held = 0
    for at, size in arrivals:
        if first is not None and last is not None and held + size > most and at > last:
            yield first, last
            first, held = None, 0
        first, last, held = first or at, at, held + size
    if first is not None and last is not None:
        yield first, last


def _numbered(path: Path, began: datetime) -> Iterator[tuple[FoundMail, Found]]:
    for number, found in enumerate(walk_mails([path]), 1):
        if found.raw is not None:
            at = read_envelope(found.raw).arrived_at or began
            yield (
                found,
                Found(
                    uid=number,
                    raw=found.raw,
                    internal_date=at,
                    size=len(found.raw),
                    oversize=found.oversize,
                ),
            )


def _from_address(where: str, cut: datetime, us: Sequence[str], ca_file: Path | None) -> Source:
    parts = urlsplit(where)
    user = unquote(parts.username or "")
    if not parts.hostname or not user:
        raise BadInput(f"{where}: write it as imaps://USER@HOST, the user's own @ as %40 if there is one.")
    password = os.environ.get("AMENDS_PASSWORD") or _ask_password(user)
    secure = "tls" if parts.scheme == "imaps" else "starttls"
    port = parts.port or (993 if secure == "tls" else 143)
    account = ImapAccount(
        host=parts.hostname,
        port=port,
        username=user,
        secret=lambda: password,
        security=secure,
        ca_file=ca_file,
    )
    ours = us or ((user,) if "@" in user else ())
    try:
        return _from_server(ImapMailbox(account), ("INBOX",), None, cut, ours)
    except Transient as fault:  # here it is an option, not a key of the settings
        raise Transient(str(fault).replace("goes into ca_file", "goes into --ca-file FILE")) from fault


def _ask_password(user: str) -> str:
    if not interactive():
        raise BadInput(f"The password of {user} is needed, and here nobody can type it: set AMENDS_PASSWORD.")
    return str(click.prompt(f"Password of {user}", hide_input=True, err=True))


def _from_server(
    server: MailServer, folders: Sequence[str], sent: str | None, cut: datetime, ours: Sequence[str]
) -> Source:
    server.connect()
    filed = None if sent == "" else server.find_sent(sent)
    if filed is None:
        note("No Sent folder was found: what your team wrote back cannot be seen.")
    watched = dict.fromkeys([*folders, *([filed] if filed else [])])
    listed = sorted(one for folder in watched for one in _recent(server, folder, cut))
    return Source(mails=_fetched(server, listed), total=len(listed), ours=tuple(ours))


def _recent(server: MailServer, folder: str, cut: datetime) -> list[tuple[datetime, int, str, int]]:
    """(when it arrived, its size, folder, UID) of every mail since the cut."""
    server.select(folder)
    sizes = server.fetch_sizes(server.list_uids())
    return [(at, size, folder, uid) for uid, (size, at) in sizes.items() if at >= cut]


def _fetched(
    server: MailServer, listed: Sequence[tuple[datetime, int, str, int]]
) -> Iterator[tuple[str, Fetched]]:
    """The mails of all folders in the order they came, a window of time after the other."""
    try:
        for first, last in _windows([(at, size) for at, size, _, _ in listed], SERVER_WINDOW):
            window = [(folder, uid) for at, _, folder, uid in listed if first <= at <= last]
            mails: list[tuple[str, Fetched]] = []
            for folder in dict.fromkeys(folder for folder, _ in window):
                server.select(folder)
                uids = [uid for place, uid in window if place == folder]
                mails += [(folder, mail) for mail in server.fetch_raw(uids)]
            yield from sorted(mails, key=lambda one: one[1].internal_date)
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
        f"Since {_day(cut)}: {_count_of(past.mails, 'mail')}. {past.from_people} from people, {past.from_machines} from "
        f"machines, {past.ours} of ours"
        + (f", {past.unreadable} that could not be read." if past.unreadable else ".")
    )
    answered = past.complaints - len(past.unanswered)
    sentence(
        f"Likely complaints: {past.complaints}; {answered} answered, {len(past.unanswered)} never answered."
    )
    if past.safety:
        sentence(
            f"{_count_of(past.safety, 'matter')} of danger to somebody: a person should read it at once."
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
    for unread in source.troubles:
        note(unread.error)
    sentence()
    sentence("Nothing was written. To keep the next promise in view: amends init", style="dim")


def _tell_unanswered(past: Past, at: datetime, *, show_all: bool) -> None:
    if not past.unanswered:
        return
    heading("Never answered")
    zone = ZoneInfo(_local_zone())
    shown = past.unanswered if show_all else past.unanswered[:SHOWN]
    for one in shown:
        when = ago(one.complained_at, at, zone)
        sentence(f"{one.customer}, {when}: {one.subject or 'without a subject'}")
        if one.words != one.subject:
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
            else f"promised {ago(one.made_at, at, zone)}"
        )
        sentence(f"{one.customer}: {due} ({one.by})")
        sentence(f"    “{' '.join(one.words.split())}”")
    _tell_rest(len(promised) - len(shown))


def _day(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b %Y}"


def _tell_rest(more: int) -> None:
    if more:
        sentence(f"    and {more} more (--all shows them)", style="dim")


def _count_of(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")
