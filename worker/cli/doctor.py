"""`amends doctor`: tries every connection, folder, rule, letter and channel, and says what to mend."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from rich.text import Text

from worker.adapters.alerting import AppriseChannel, Kind
from worker.adapters.imap import ImapMailbox
from worker.adapters.letters import LetterShelf
from worker.adapters.rulefiles import load_rules
from worker.adapters.smtp import SmtpSender
from worker.app import App, in_memory, mail_server, make_sender, opened
from worker.cli.console import json_option, now, out, print_json_line, safe, settings_option
from worker.errors import AmendsError
from worker.log import start_logging
from worker.ports import FailedBefore, MailServer
from worker.services.checking import replies_seen
from worker.settings import Mailbox, Settings, load_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing tried: `level` is well, remark or wrong."""

    what: str
    level: str
    say: str


Check = Callable[[Settings], Iterator[Finding]]


@click.command()
@settings_option
@json_option
@click.option("--ring", is_flag=True, help="Also send a test message through every alert channel.")
@click.pass_context
def doctor(context: click.Context, settings_path: Path | None, *, as_json: bool, ring: bool) -> None:
    """Try everything Amends depends on, and say in one line each what is wrong and how to mend it.

    Changes nothing: no mail is fetched or sent. Exit code 1 when something is wrong.

    \b
    amends doctor          before the first run, and whenever something seems off
    amends doctor --ring   also a test message through every channel
    """  # noqa: D301 - click's mark
    start_logging(level="error")
    settings = load_settings(settings_path)
    wrong = False
    for finding in examine(settings, ring=ring):
        wrong |= finding.level == "wrong"
        _show(finding, as_json=as_json)
    if wrong:
        context.exit(1)


def examine(settings: Settings, *, ring: bool) -> Iterator[Finding]:
    """Every check in turn; one that fails does not keep the others from being tried."""
    yield Finding(what="settings", level="well", say="read, no fault")
    yield from (Finding(what="settings", level="remark", say=warning) for warning in settings.warnings())
    checks: list[tuple[str, Check]] = [
        ("rules", _rules),
        ("letters", _letters),
        ("wording", _wording),
        ("database", _database),
        *((f"mailbox {box.name}", _mailbox_check(box)) for box in settings.mailboxes),
        ("sending", _sending),
        ("alerts", lambda known: _channels(known, ring=ring)),
    ]
    for what, check in checks:
        yield from _told(what, check(settings))


def _told(what: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """What was found, and what stopped it: the caller goes on with the next."""
    try:
        yield from findings
    except AmendsError as fault:
        yield from (Finding(what=what, level="wrong", say=line) for line in str(fault).splitlines())


def _rules(settings: Settings) -> Iterator[Finding]:
    rules = load_rules(settings.rules.folder, samples=True)
    yield Finding(what="rules", level="well", say=f"{len(rules.rules)} rules, every sample as it says")


def _letters(settings: Settings) -> Iterator[Finding]:
    frameworks = dict.fromkeys([settings.letters.framework, *(box.framework for box in settings.mailboxes)])
    for framework in frameworks:
        shelf = LetterShelf.load(str(framework), settings.letters.folder)
        yield Finding(what="letters", level="well", say=f"{framework}: {len(shelf.letters)} letters")


def _wording(settings: Settings) -> Iterator[Finding]:
    with in_memory(settings) as app:
        languages = ", ".join(sorted(app.house.wording.packs))
    yield Finding(what="wording", level="well", say=f"fake apologies are found in {languages}")


def _database(settings: Settings) -> Iterator[Finding]:
    with opened(settings) as app, app.database.reading() as rooms:
        held, waiting = rooms.kept.count(), rooms.kept.count(state="kept")
        yield Finding(
            what="database", level="well", say=f"{_mails(held)} held, {waiting} waiting to be taken in"
        )
        yield from _replies(app)


def _replies(app: App) -> Iterator[Finding]:
    with app.database.reading() as rooms:
        for box in app.settings.mailboxes:
            seen = replies_seen(rooms, box.name, now=now())
            if seen.evidently_elsewhere:
                say = (
                    f"{seen.mails} people wrote in 30 days and {seen.replies} replies of ours were seen: they are filed "
                    f"elsewhere. Add that folder to `folders`, or have a copy of every reply sent to a watched one"
                )
                yield Finding(what=f"mailbox {box.name}", level="wrong", say=say)


def _mailbox_check(box: Mailbox) -> Check:
    def check(_settings: Settings) -> Iterator[Finding]:
        server = mail_server(box)
        what = f"mailbox {box.name}"
        try:
            server.connect()
            if isinstance(server, ImapMailbox):
                told = server.describe()
                idle = (
                    "pushes new mail"
                    if "IDLE" in told.capabilities
                    else f"asked every {box.poll_minutes:g} minutes"
                )
                yield Finding(what=what, level="well", say=f"signed in at {box.host}; {idle}")
            for folder in box.folders:
                yield from _told(what, _folder(server, folder, what))
            yield from _told(what, _sent(box, server, what))
            yield from _told(what, _after_intake(box, server, what))
        finally:
            server.close()

    return check


def _folder(server: MailServer, folder: str, what: str) -> Iterator[Finding]:
    server.select(folder)
    yield Finding(what=what, level="well", say=f"{folder}: {_mails(len(server.list_uids()))}")


def _mails(number: int) -> str:
    return f"{number} mail" + ("" if number == 1 else "s")


def _after_intake(box: Mailbox, server: MailServer, what: str) -> Iterator[Finding]:
    """Where mails are to be moved the folder must be there, and the server able to."""
    if (target := box.folder_after_intake) is None:
        return
    server.select(target)
    can = server.describe().capabilities if isinstance(server, ImapMailbox) else ("MOVE",)
    if {"MOVE", "UIDPLUS"} & set(can):
        yield Finding(what=what, level="well", say=f"mails taken in are moved to {target}")
    else:
        say = 'the server cannot move mails safely (no MOVE, no UIDPLUS): set `after_intake` to "flag:..." or "none"'
        yield Finding(what=what, level="wrong", say=say)


def _sent(box: Mailbox, server: MailServer, what: str) -> Iterator[Finding]:
    if box.sent == "":
        say = "`sent` is empty: replies are seen only in the folders named"
        yield Finding(what=what, level="remark", say=say)
    elif folder := server.find_sent(box.sent):
        yield Finding(what=what, level="well", say=f"our replies are read from {folder}")
    else:
        say = "no Sent folder was found: name it as `sent`, or our replies and their promises are not seen"
        yield Finding(what=what, level="wrong", say=say)


def _sending(settings: Settings) -> Iterator[Finding]:
    sender = make_sender(settings)
    if not isinstance(sender, SmtpSender):
        yield Finding(
            what="sending", level="remark", say=f"letters are put in {settings.sending.path}, none is sent"
        )
        return
    told = sender.describe()
    if isinstance(told, FailedBefore):
        yield Finding(what="sending", level="wrong", say=told.reason)
    else:
        yield Finding(what="sending", level="well", say=f"{settings.sending.host} takes our letters")


def _channels(settings: Settings, *, ring: bool) -> Iterator[Finding]:
    urls = [(f"{one.name}'s channel", url) for one in settings.people for url in one.channels()]
    urls += [("team channel", url) for url in settings.alerts.team_channels()]
    if not urls:
        say = "no channel is set: alerts stand in `amends alerts list` and reach nobody. Set alerts.channels"
        yield Finding(what="alerts", level="wrong", say=say)
    for name, url in urls:
        yield from _told("alerts", _channel(name, url, ring=ring))


def _channel(name: str, url: str, *, ring: bool) -> Iterator[Finding]:
    channel = AppriseChannel(name, url)
    if ring:
        channel.notify(
            "Amends: a test", "Nothing is wrong; amends doctor --ring.", Kind.INFO, "amends-doctor"
        )
    rung = "rung" if ring else "can be used (--ring sends a test)"
    yield Finding(what="alerts", level="well", say=f"{name} {channel.describe()}: {rung}")


def _show(finding: Finding, *, as_json: bool) -> None:
    if as_json:
        print_json_line(finding)
        return
    mark, style = {
        "well": ("ok    ", "green"),
        "remark": ("note  ", "yellow"),
        "wrong": ("WRONG ", "bold red"),
    }[finding.level]
    line = Text.assemble((mark, style), (f"{finding.what}: ", "bold"), safe(finding.say))
    out.print(line, soft_wrap=True)
