"""`amends triage`: judge mails in files, and show the words behind every verdict.

It opens no database and reads no settings; the statistical language model is loaded only by a mail whose function words
leave its language open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from worker.adapters.language import LanguageTeller
from worker.adapters.mailfiles import FoundMail, walk_mails
from worker.adapters.mime import placeholder_mail, read_mail
from worker.adapters.rulefiles import load_rules
from worker.cli.jsonlines import print_json_line
from worker.domain.machine import machine_kind
from worker.domain.mail import InboundMail
from worker.domain.rules.ruleset import RuleSet
from worker.domain.triage import judge
from worker.domain.verdict import Evidence, Judgement, Route, Verdict
from worker.errors import Broken

UNUSABLE = 2  # the exit code when some input could not be read
_WORDS = {
    Verdict.COMPLAINT: "complaint",
    Verdict.NOT_COMPLAINT: "no complaint",
    Verdict.UNCLASSIFIED: "not classified: no rule covers its language",
}
_ROUTES = {
    Route.NONE: "nothing to draft",
    Route.SAFETY: "to a named person at once, no draft",
    Route.PERSON: "to a person",
    Route.DRAFT: "a draft will be made",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One mail and what the rules make of it, or why it could not be read."""

    path: str
    mail: InboundMail | None = None
    judgement: Judgement | None = None
    error: str = ""


@click.command("triage", short_help="Judge mails in files: complaint or not, and why.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="One JSON line per mail.")
@click.option(
    "--rules",
    "team",
    type=click.Path(path_type=Path),
    help="Your own folder of rules, over the shipped ones.",
)
@click.pass_context
def triage(context: click.Context, paths: tuple[Path, ...], *, as_json: bool, team: Path | None) -> None:
    """Judge mails: files, folders of .eml, mbox, Maildir. Nothing is written anywhere.

    Exit code 2: something could not be read (the rest is judged).
    """
    unusable = False
    for judged in judge_files(paths, load_rules(team)):
        unusable = unusable or judged.judgement is None
        if as_json:
            print_json_line(_line(judged))
        else:
            _show(judged)
    context.exit(UNUSABLE if unusable else 0)


def judge_files(paths: Sequence[Path], rules: RuleSet) -> Iterator[Judged]:
    """Every mail under these paths, judged one by one."""
    teller = LanguageTeller(languages=sorted(rules.languages))
    for found in walk_mails(paths):
        try:
            yield _judged(found, rules, teller)
        except Broken as broken:
            yield Judged(path=found.path, error=str(broken))


def _judged(found: FoundMail, rules: RuleSet, teller: LanguageTeller) -> Judged:
    if found.raw is None:
        return Judged(path=found.path, error=found.error or "cannot be read")
    mail = placeholder_mail(found.raw, len(found.raw)) if found.oversize else read_mail(found.raw)
    words = mail.new_words
    judgement = judge(
        subject=mail.new_subject,
        text=words,
        language=teller.tell(words or mail.subject),
        machine=machine_kind(mail),
        rules=rules,
    )
    return Judged(path=found.path, mail=mail, judgement=judgement)


def _line(judged: Judged) -> dict[str, object]:
    """The contract of `triage --json`."""
    mail, judgement = judged.mail, judged.judgement
    if mail is None or judgement is None:
        return {"path": judged.path, "error": judged.error}
    return {
        "path": judged.path,
        "message_id": mail.message_id,
        "from": mail.sender.address if mail.sender else None,
        "subject": mail.subject,
        "date": mail.sent_at,
        "language": judgement.language,
        "machine": judgement.machine,
        "verdict": judgement.verdict,
        "score": judgement.score,
        "severity": judgement.severity,
        "topics": judgement.topics,
        "route": judgement.route,
        "evidence": [_evidence(one) for one in judgement.evidence],
        "text": judgement.text,
    }


def _evidence(one: Evidence) -> dict[str, object]:
    told: dict[str, object] = {
        "rule": one.rule,
        "field": one.field,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "weight": one.weight,
    }
    return told | {"weakened": True} if one.weakened else told


def _show(judged: Judged) -> None:
    mail, judgement = judged.mail, judged.judgement
    if mail is None or judgement is None:
        click.echo(f"{judged.path}: {judged.error}", err=True)
        return
    click.echo(f"{judged.path}: {_printable(mail.subject) or '(no subject)'}")
    click.echo(f"    {_told(judgement)}; {_ROUTES[judgement.route]}")
    for one in judgement.evidence:
        click.echo(f"    {_reason(one)}")


def _told(judgement: Judgement) -> str:
    if judgement.machine is not None:
        return f"written by a machine ({judgement.machine})"
    told = _WORDS[judgement.verdict]
    if judgement.severity is not None:
        told += f", {judgement.severity}"
    if judgement.verdict is Verdict.COMPLAINT and judgement.topics:
        told += f", about {', '.join(judgement.topics)}"
    return f"{told} (score {judgement.score:g})"


def _reason(one: Evidence) -> str:
    weight = "weakened" if one.weakened else f"{one.weight:+g}"
    return f'{weight:>8}  "{_printable(one.text)}" ({one.rule})'


def _printable(text: str) -> str:
    """One line, without what could drive the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
