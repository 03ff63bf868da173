"""`amends init`: asks a few questions and writes a commented amends.toml that loads.

Every answer can be given as an option; with --yes nothing is asked and what was not given is worked out from the
mailbox address. A file that is there is never overwritten without --force.
"""

import getpass
import json
import os
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
from pydantic import TypeAdapter, ValidationError

from worker.cli.console import heading, interactive, now, sentence, settings_option
from worker.errors import BadInput, BadSettings
from worker.settings import Country, MailAddress, Zone, read_settings, settings_path

_LOCAL_ZONE: Final = Path("/etc/localtime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was asked; each is one line of text, empty where it was left out."""

    address: str
    firm: str
    zone: str
    country: str
    host: str
    username: str
    password_env: str
    since: str
    person: str
    email: str
    smtp_host: str
    alerts_env: str


@click.command()
@settings_option
@click.option("--address", help="The address your customers write to.")
@click.option("--firm", help="Your firm's name.")
@click.option("--zone", help="Time zone, such as Europe/London.")
@click.option("--country", help="ISO code of the country whose holidays count, such as GB.")
@click.option("--host", help="The IMAP server.")
@click.option("--username", help="The account to sign in with.")
@click.option("--password-env", help="Environment variable that holds its password.")
@click.option("--since", help="Mail before this date is history and gets no draft; default: today.")
@click.option("--person", help="Your name.")
@click.option("--email", help="Your own mail address.")
@click.option("--smtp-host", help="The SMTP server; none: approved letters go to a folder, for a trial.")
@click.option("--alerts-env", help="Environment variable that holds Apprise URLs for alerts.")
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults.")
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def init(settings_path: Path | None, yes: bool, force: bool, **given: str | None) -> None:
    """Write amends.toml after a few questions. Passwords are never asked for and never written.

    \b
    amends init
    amends init --yes --address help@example.org --zone Europe/London --country GB
    """  # noqa: D301 - \b is click's mark for lines to be kept
    file = _free_file(settings_path, force=force)
    if not yes and not interactive():
        raise BadInput(
            "There is no terminal to ask at. Give --yes and --address; `amends init --help` lists the rest."
        )
    answers = _work_out(given) if yes else _ask(given)
    text = render(answers)
    _must_load(text, file)
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise BadInput(
            f"Cannot write {file}: {error.strerror}. Choose another place with --settings."
        ) from error
    _say_what_next(file, answers)


def _free_file(path: Path | None, *, force: bool) -> Path:
    file = settings_path(path)
    if file.exists() and not force:
        raise BadInput(f"{file} is there already and was left as it is. Use --force to write it anew.")
    return file


def _must_load(text: str, file: Path) -> None:
    try:
        read_settings(tomllib.loads(text), folder=file.absolute().parent, source="answers")
    except BadSettings as error:
        raise BadInput("\n".join(("Nothing was written:", *error.faults))) from error


# --- answers ---------------------------------------------------------------------------------------------------


def _work_out(given: dict[str, str | None]) -> Answers:
    """Every answer without asking. Raises BadInput without an address."""
    if not given.get("address"):
        raise BadInput("With --yes the mailbox must be named: --address help@example.org.")
    address = str(given["address"])
    return Answers(**{key: given.get(key) or default for key, default in _defaults(address).items()})


def _defaults(address: str) -> dict[str, str]:
    domain = address.rpartition("@")[2] or "example.org"
    return {
        "address": address,
        "firm": domain.split(".")[0].capitalize(),
        "zone": local_zone(),
        "country": "",
        "host": f"imap.{domain}",
        "username": address,
        "password_env": "AMENDS_MAIL_PASSWORD",
        "since": now().astimezone(ZoneInfo(local_zone())).date().isoformat(),
        "person": _own_name(),
        "email": address,
        "smtp_host": "",
        "alerts_env": "",
    }


_QUESTIONS: Final = {
    "firm": ("Your firm's name", str),
    "zone": ("Time zone", Zone),
    "country": ("Country whose public holidays count, such as GB (empty: none)", Country),
    "host": ("IMAP server", str),
    "username": ("Account to sign in with", str),
    "password_env": ("Environment variable that will hold its password", str),
    "since": ("Mail before this date is history: no drafts, no alerts", date),
    "person": ("Your name", str),
    "email": ("Your own mail address", MailAddress),
    "smtp_host": ("SMTP server (empty: letters go to a folder, for a trial)", str),
    "alerts_env": ("Environment variable with Apprise URLs for alerts (empty: none yet)", str),
}


def _ask(given: dict[str, str | None]) -> Answers:
    """Every answer that no option gave, asked with a default; what cannot be right is asked again."""
    sentence("A few questions. Enter takes what is in brackets; everything can be changed in the file later.")
    address = given.get("address") or _asked("The address your customers write to", "", MailAddress)
    answers = _defaults(address)
    for key, (question, kind) in _QUESTIONS.items():
        answers[key] = given.get(key) or _asked(question, answers[key], kind)
    return Answers(**answers)


def _asked(question: str, default: str, kind: Any) -> str:  # noqa: ANN401 - any type pydantic can check
    def checked(text: str) -> str:
        if not text.strip() and kind is not MailAddress:
            return ""
        try:
            return str(TypeAdapter(kind).validate_python(text.strip()))
        except ValidationError as error:
            fault = error.errors()[0]
            raise click.UsageError(str(fault.get("ctx", {}).get("error", fault["msg"]))) from error

    may_be_empty = not default and kind is not MailAddress
    shown: dict[str, Any] = (
        {"default": default, "show_default": bool(default)} if default or may_be_empty else {}
    )
    return str(click.prompt(question, value_proc=checked, **shown))


def local_zone() -> str:
    """The zone of this machine, as its name; UTC where it cannot be told."""
    named = os.environ.get("TZ", "").lstrip(":")
    _, found, linked = str(_LOCAL_ZONE.resolve()).partition("zoneinfo/")
    for name in (named, linked if found else ""):
        try:
            return TypeAdapter(Zone).validate_python(name) if name else "UTC"
        except ValidationError:
            continue
    return "UTC"


def _own_name() -> str:
    try:
        name = os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        name = "root"
    return "Lead" if name == "root" else name.capitalize()


# --- the file ----------------------------------------------------------------------------------------------------


def render(answers: Answers) -> str:
    """The settings file for these answers, every choice with its comment."""
    given = answers
    country = f"country = {_text(given.country)}" if given.country else '# country = "GB"'
    alerts = (
        f"channels_env = {_text(given.alerts_env)}"
        if given.alerts_env
        else '# channels_env = "AMENDS_ALERTS"'
    )
    return f"""# What Amends needs to know. docs/configuration.md explains every setting.
# No secret belongs in this file: it names the variables, files or commands that hold them.
# `amends doctor` tries everything that stands here.

[firm]
name = {_text(given.firm)}
zone = {_text(given.zone)}
# Whose public holidays are no business days; `subdivision` for a part with its own, such as "ENG".
{country}
# How numeric dates are read: en-GB takes the day first, en-US the month.
locale = "en-GB"
# Further addresses that write for you, or a whole domain as "@example.org".
addresses = []

[hours]
opens = "09:00"
closes = "17:00"
# Days the team is closed besides public holidays.
closures = []

[[people]]
name = {_text(given.person)}
email = {_text(given.email)}
role = "lead"

# One [[people]] for each agent; `second` is alerted when they do not answer.
# [[people]]
# name = "Bea"
# email = "bea@example.org"
# alerts_env = "AMENDS_ALERTS_BEA"
# second = {_text(given.person)}

[[mailboxes]]
# Keep the name: what is stored refers to it.
name = "support"
address = {_text(given.address)}
host = {_text(given.host)}
# tls (993), starttls (143), or plain for a server on this machine.
security = "tls"
username = {_text(given.username)}
# Or password_file = "...", or token_command = "..." for OAuth 2 (Microsoft 365, Gmail).
password_env = {_text(given.password_env)}
folders = ["INBOX"]
# Where your own answers are; found by itself on most servers.
# sent = "Sent"
# Older mail is history: it shows in threads and gets no draft, no promise and no alert.
since = {_text(given.since)}
framework = "mama"
# "none" changes nothing on your server; or "flag:AmendsSeen", "move:Handled".
after_intake = "none"

{_sending(given)}

[database]
url = "sqlite:///amends.db"

[alerts]
# Apprise URLs (mail, chat, telephone services): https://github.com/caronc/apprise
{alerts}
lead = {_text(given.person)}
# Told at once, day or night, of a threat or of somebody in danger.
safety = {_text(given.person)}
digest_at = "08:30"

[promises]
# "any_contact" lets any contact with the customer end the promises made before it.
settled_by = "evidence"
"""


def _sending(given: Answers) -> str:
    if not given.smtp_host:
        return """[sending]
# For a trial: approved letters are put in this folder and reach nobody.
# To send: kind = "smtp", host, security, username, password_env.
kind = "maildir"
path = "outbox\""""
    return f"""[sending]
kind = "smtp"
host = {_text(given.smtp_host)}
# tls (465), starttls (587), or plain for a server on this machine.
security = "tls"
username = {_text(given.username)}
password_env = {_text(given.password_env)}
# true where the server files a copy in Sent by itself (Gmail, Microsoft 365).
files_sent = false"""


def _text(value: str) -> str:
    """A TOML string: JSON's escapes are a part of TOML's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _say_what_next(file: Path, answers: Answers) -> None:
    sentence(f"{file} is written.")
    heading("What next")
    sentence(f"  export {answers.password_env}=...   the mailbox's password, wherever amends runs")
    sentence("  amends doctor         tries every connection and says what to mend")
    sentence("  amends run --once     takes in what is there and stops")
    sentence("  amends run            keeps watching")
    if not answers.smtp_host:
        sentence("Approved letters go to the folder outbox until [sending] names an SMTP server.")
