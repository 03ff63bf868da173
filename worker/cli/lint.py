"""`amends lint`: check the wording of letters in files, or of one on standard input.

It opens no database, reads no settings and loads only the rules of the language at hand: it runs at every save.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from worker.adapters.shipped import shipped_folder
from worker.adapters.wordingfiles import load_wording
from worker.domain.language import tell_language
from worker.domain.wording import Finding, Level, ReplyTo, WordingRules, check_wording

_SUFFIXES = {".txt", ".md"}
_STDIN = "-"
_COLOURS = {Level.BLOCK: "red", Level.WARN: "yellow"}


@click.command("lint", short_help="Find fake apologies in letters.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...|-")
@click.option("--json", "as_json", is_flag=True, help="One JSON line per file.")
@click.option(
    "--reply-to",
    type=click.Choice([one.value for one in ReplyTo]),
    default=ReplyTo.COMPLAINT.value,
    help="What the letter answers.",
)
@click.option(
    "--language", metavar="XX", help="The letter's language (en, es, fr, de); told from the text otherwise."
)
@click.option(
    "--template", is_flag=True, help="Take {{x}}, {x}, [x] and %x% as filled words: a canned reply."
)
@click.option(
    "--rules",
    "team",
    type=click.Path(path_type=Path),
    help="Your own folder of wording rules, over the shipped ones.",
)
@click.pass_context
def lint(
    context: click.Context,
    paths: tuple[str, ...],
    *,
    as_json: bool,
    reply_to: str,
    language: str | None,
    template: bool,
    team: Path | None,
) -> None:
    """Say which words of a letter would hurt, why, and what to write instead.

    PATH is a .txt or .md file, a folder of them, or - for standard input. Exit code 1: something blocks.
    2: something could not be read (the rest is checked).
    """
    packs = _Packs(team)
    blocked = unread = False
    for name, text, error in _letters(paths):
        if text is None:
            unread = True
            _tell_unread(name, error, as_json=as_json)
            continue
        spoken = language or tell_language(text)
        rules = packs.rules_of(spoken)
        findings = check_wording(
            text,
            rules=rules,
            reply_to=ReplyTo(reply_to),
            language=spoken,
            template=template,
        )
        blocked |= any(finding.level is Level.BLOCK for finding in findings)
        _tell(name, text, findings, as_json=as_json)
    context.exit(2 if unread else 1 if blocked else 0)


class _Packs:
    """The rules, read language by language as letters ask for them."""

    def __init__(self, team: Path | None) -> None:
        self._folders = [shipped_folder("rules/wording"), *([team] if team else [])]
        self._held: dict[str, WordingRules] = {}

    def rules_of(self, language: str | None) -> WordingRules:
        """The rules of a language; the default's always come with them where that language has none."""
        wanted = language or "en"
        if wanted not in self._held:
            rules = load_wording(self._folders, [wanted])
            self._held[wanted] = rules if rules.packs else self.rules_of("en")
        return self._held[wanted]


def _letters(paths: tuple[str, ...]) -> Iterator[tuple[str, str | None, str]]:
    """Name, text or None, and what is wrong, of every letter the paths lead to."""
    for given in paths:
        if given == _STDIN:
            yield _STDIN, *_decoded(sys.stdin.buffer.read())
            continue
        found = _files(Path(given))
        if not found:
            yield given, None, "holds no .txt or .md files"
        for path in found:
            try:
                yield str(path), *_decoded(path.read_bytes())
            except OSError as error:
                yield str(path), None, f"cannot be read: {error.strerror or error}"


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(inside for inside in path.rglob("*") if inside.suffix in _SUFFIXES and inside.is_file())


def _decoded(content: bytes) -> tuple[str | None, str]:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n"), ""
    except UnicodeDecodeError as error:
        return None, f"cannot be read: this is no UTF-8 text (byte {error.start})"


def _tell_unread(name: str, error: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"path": name, "error": error}, ensure_ascii=False))
    else:
        click.echo(f"{name}: {error}", err=True)


def _tell(name: str, text: str, findings: tuple[Finding, ...], *, as_json: bool) -> None:
    if as_json:
        told = {"path": name, "text": text, "findings": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if not findings:
        click.echo(f"{name}: nothing that hurts.")
    for finding in findings:
        click.echo(_shown(name, text, finding))


def _shown(name: str, text: str, finding: Finding) -> str:
    line = text.count("\n", 0, finding.start) + 1
    colour = _COLOURS[finding.level]
    word = "must change" if finding.level is Level.BLOCK else "advice"
    before, after = _around(text, finding)
    marked = _styled(f"[{finding.text}]", fg=colour, bold=True)
    return (
        f"{name}:{line}: {_styled(word, fg=colour)}: {finding.kind} ({finding.id})\n"
        f"    {before}{marked}{after}\n"
        f"    Why:    {finding.message}\n"
        f"    Better: {finding.suggestion}\n"
    ).replace("\r", "")


def _around(text: str, finding: Finding) -> tuple[str, str]:
    """What stands before and after the marked words on their lines."""
    start = text.rfind("\n", 0, finding.start) + 1
    end = text.find("\n", finding.end)
    return text[start : finding.start], text[finding.end : len(text) if end < 0 else end]


def _styled(words: str, *, fg: str, bold: bool = False) -> str:
    return words if os.environ.get("NO_COLOR") else click.style(words, fg=fg, bold=bold)
