"""`amends rules`: check the rule files, list the rules, and explain what they make of a mail."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from worker.adapters.language import LanguageTeller
from worker.adapters.mime import read_mail
from worker.adapters.rulefiles import load_rules
from worker.cli.jsonlines import print_json_line
from worker.domain.machine import machine_kind
from worker.domain.rules.rule import Kind, Rule, Scope, Status
from worker.domain.rules.ruleset import RuleHit, RuleSet
from worker.domain.triage import judge, threshold_of
from worker.domain.verdict import Judgement
from worker.errors import BadInput, Broken

_TEAM = click.option(
    "--rules",
    "team",
    type=click.Path(path_type=Path),
    help="Your own folder of rules, over the shipped ones.",
)
_SPEAKS = {
    Kind.COMPLAINT: "for a complaint",
    Kind.COUNTER: "against",
    Kind.SAFETY: "danger",
    Kind.MACHINE: "machine",
}


@click.group("rules", short_help="Check and list the rules that find complaints.")
def rules() -> None:
    """The rules that find complaints and danger in a mail. docs/rules.md explains how to write one."""


@rules.command("check")
@_TEAM
def check(team: Path | None) -> None:
    """Read every rule and run every sample; name every fault with its file and line."""
    found = load_rules(team, samples=True)
    samples = sum(len(rule.hits) + len(rule.misses) for rule in found.rules)
    languages = Counter(rule.lang for rule in found.rules)
    told = ", ".join(f"{count} {language}" for language, count in sorted(languages.items()))
    click.echo(
        f"{len(found.rules)} rules ({told}), {samples} samples: all in order. Version {found.version}."
    )


@rules.command("list")
@_TEAM
@click.option("--json", "as_json", is_flag=True, help="One JSON line per rule.")
@click.option("--lang", metavar="XX", help="Only this language.")
def list_rules(team: Path | None, *, as_json: bool, lang: str | None) -> None:
    """List the rules: what each looks for, and what it weighs."""
    chosen = [rule for rule in load_rules(team).rules if lang in {None, rule.lang}]
    for rule in sorted(chosen, key=lambda rule: (rule.lang, rule.kind, rule.id)):
        if as_json:
            print_json_line(_told(rule))
        else:
            state = "" if rule.status is Status.LIVE else f" [{rule.status}]"
            click.echo(f"{rule.lang}  {rule.kind:<9} {_weight(rule):>5}  {rule.id:<32} {rule.title}{state}")


def _told(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "status": rule.status,
        "added": rule.added,
        "lang": rule.lang,
        "kind": rule.kind,
        "topic": rule.topic,
        "severity": rule.severity,
        "weight": rule.weight,
        "file": rule.file,
    }


def _weight(rule: Rule) -> str:
    if rule.kind is Kind.COUNTER and rule.scope is not Scope.MAIL:
        return "excus"
    return f"{-rule.weight if rule.kind is Kind.COUNTER else rule.weight:+g}"


@rules.command("explain")
@_TEAM
@click.argument("mail", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="MAIL")
def explain(team: Path | None, mail: Path) -> None:
    """Say why one mail is judged as it is: every hit, every weakened hit with its reason, and the sum."""
    try:
        letter = read_mail(mail.read_bytes())
    except Broken as broken:
        raise BadInput(f"{mail}: {broken}") from broken
    ruleset = load_rules(team)
    text = letter.new_words
    language = LanguageTeller(languages=sorted(ruleset.languages)).tell(text or letter.subject)
    judgement = judge(
        subject=letter.new_subject, text=text, language=language, machine=machine_kind(letter), rules=ruleset
    )
    hits = ruleset.examine(subject=letter.new_subject, text=text, language=language)
    click.echo(f"Language: {language or 'cannot be told'}. Rules: version {judgement.rules_version}.")
    _explain_hits(hits, letter.new_subject, text)
    click.echo(_conclusion(judgement, ruleset))


def _explain_hits(hits: Sequence[RuleHit], subject: str, text: str) -> None:
    if not hits:
        click.echo("No rule found anything.")
    for hit in hits:
        words = (subject if hit.field == "subject" else text)[hit.start : hit.end].replace("\n", " ")
        shown = "".join(character if character.isprintable() else " " for character in words)
        state = (
            f"weakened: {hit.weakened}" if hit.weakened else f"{_SPEAKS[hit.rule.kind]} {_weight(hit.rule)}"
        )
        if hit.rule.status is Status.TRIAL:
            state += ", on trial: counts for nothing"
        click.echo(f'  {hit.field} {hit.start}-{hit.end} "{shown}": {hit.rule.id} ({state})')
        click.echo(f"      {hit.rule.why}")


def _conclusion(judgement: Judgement, ruleset: RuleSet) -> str:
    if judgement.language not in ruleset.languages:
        return "No rule covers this language, so the mail is unclassified and goes to a person."
    threshold = threshold_of(judgement.text)
    relation = "reaches" if judgement.score >= threshold else "stays below"
    told = f"The sum, {judgement.score:g}, {relation} the threshold of {threshold:g}: {judgement.verdict}."
    if judgement.machine is not None:
        told += f" It was written by a machine ({judgement.machine})."
    return f"{told} Route: {judgement.route}."
