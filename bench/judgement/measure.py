"""Measures the four judgements on our labelled sets: `make judge`.

Every figure is told for the tuned part and for the untouched third apart. Of the tuned part every error is printed; of
the untouched third only figures and a hash, never a text (which rows: check_sets.py).
`--untouched` is one opening of that third: log it in
docs/judgement-log.md. `--posts FILE` reports on short public texts that are no part of the project, figures only.
"""

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

from bench.judgement.check_sets import SETS as FILES
from bench.judgement.check_sets import is_untouched
from worker.adapters.language import LanguageTeller
from worker.adapters.mime import read_mail
from worker.adapters.rulefiles import load_rules
from worker.adapters.shipped import shipped_folder
from worker.adapters.wordingfiles import load_wording
from worker.domain.calendar import BusinessCalendar
from worker.domain.commitment import FoundPromise, find_promises
from worker.domain.machine import machine_kind
from worker.domain.triage import judge
from worker.domain.verdict import Judgement, Route, Verdict
from worker.domain.wording import Finding, ReplyTo, check_wording

HERE = Path(__file__).parent
ADVICE = "letter-"  # findings of these kinds are advice about a letter, not fake apologies
HALF = 0.5  # of a labelled stretch and a found one that must be common
Row = dict[str, Any]


@dataclass(slots=True)
class Score:
    """How often a yes was right, wrong, and missing."""

    hits: int = 0
    false: int = 0
    missed: int = 0
    right_no: int = 0

    def count(self, *, wanted: bool, given: bool) -> None:
        """Add one judgement."""
        self.hits += wanted and given
        self.false += given and not wanted
        self.missed += wanted and not given
        self.right_no += not wanted and not given

    @property
    def f1(self) -> float:
        """Of the yes; 1 where there is nothing to find and nothing was found."""
        return _f1(self.hits, self.false + self.missed)

    @property
    def macro(self) -> float:
        """The mean of the F1 of yes and the F1 of no."""
        return (self.f1 + _f1(self.right_no, self.false + self.missed)) / 2

    def __str__(self) -> str:
        found, wanted = self.hits + self.false, self.hits + self.missed
        return (
            f"precision {_share(self.hits, found)}  recall {_share(self.hits, wanted)}  F1 {self.f1:.3f}"
            f"  macro {self.macro:.3f}  ({self.hits} right, {self.false} false, {self.missed} missed, {self.right_no} right no)"
        )


def _f1(right: int, wrong: int) -> float:
    return 2 * right / (2 * right + wrong) if right or wrong else 1.0


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "  -  "


@dataclass(slots=True)
class Report:
    """The scores of one set by what they are of, plain counts, and the errors in words."""

    scores: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    counts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    errors: list[str] = field(default_factory=list)

    def tally(self, name: str, *, right: bool) -> None:
        """Count one of `name`, right or not."""
        self.counts[name][0] += right
        self.counts[name][1] += 1

    def lines(self, *, errors: bool) -> Iterator[str]:
        """What is printed."""
        for name, score in self.scores.items():
            yield f"  {name:<34} {score}"
        for name, (right, total) in self.counts.items():
            yield f"  {name:<34} {_share(right, total)}  ({right} of {total})"
        if errors:
            yield from (f"    ! {error}" for error in self.errors)


@cache
def _rules() -> Any:  # noqa: ANN401 - a RuleSet; typed where it is used
    return load_rules()


@cache
def _teller() -> LanguageTeller:
    return LanguageTeller(languages=sorted(_rules().languages))


# --- mails: complaint, severity, safety ---------------------------------------------------------------------------


def measure_mails(rows: Iterable[Row]) -> Report:
    """Complaint or not, how severe, and whether danger went to a named person."""
    report = Report()
    for row in rows:
        mail = read_mail(_as_mail(row))
        words = mail.new_words
        language = _teller().tell(words or mail.subject)
        told = judge(subject=mail.subject, text=words, language=language, machine=None, rules=_rules())
        _count_mail(report, row, told)
    return report


def _as_mail(row: Row) -> bytes:
    """The mail as it would arrive, so that quotes and signatures are read as such."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ada@example.test", "help@example.org", row.get("subject", "")
    mail.set_content(row["text"])
    return mail.as_bytes()


def _count_mail(report: Report, row: Row, told: Judgement) -> None:
    given, wanted = told.verdict is Verdict.COMPLAINT, row["complaint"]
    safe = told.route is Route.SAFETY
    report.scores["safety"].count(wanted=row["safety"], given=safe)
    if wanted is None:
        report.tally("other languages unclassified", right=told.verdict is Verdict.UNCLASSIFIED)
        return
    for name in ("complaint", f"complaint, {row['language']}"):
        report.scores[name].count(wanted=wanted, given=given)
    report.tally(f"kind {row['kind']}", right=given is wanted)
    if row["safety"]:
        report.tally("safety never drafted", right=told.route is not Route.DRAFT)
    if wanted and given:
        report.tally("severity right", right=told.severity == row["severity"])
    if given is not wanted or safe is not row["safety"]:
        report.errors.append(_mail_error(row, told))
    elif wanted and told.severity != row["severity"]:
        report.errors.append(f"{row['id']} severity {row['severity']}, told {told.severity}: {_short(row)}")


def _mail_error(row: Row, told: Judgement) -> str:
    found = "; ".join(
        f"{one.rule} {one.text!r}{' weakened' if one.weakened else ''}" for one in told.evidence
    )
    label = f"{'complaint' if row['complaint'] else 'no complaint'}{', safety' if row['safety'] else ''} ({row['kind']})"
    return f"{row['id']} {row['language']} {label}, told {told.verdict} {told.score:g} {told.route}: {_short(row)} [{found}]"


def _short(row: Row) -> str:
    return " ".join(f"{row.get('subject', '')} | {row['text']}".removeprefix(" | ").split())


# --- replies: fake apologies --------------------------------------------------------------------------------------


def measure_replies(rows: Iterable[Row]) -> Report:
    """Whether a bad passage is marked, and whether the marked stretch covers half of the labelled one."""
    report = Report()
    for row in rows:
        rules = _wording(row["language"])
        findings = check_wording(
            row["text"],
            rules=rules,
            reply_to=ReplyTo(row.get("reply_to") or "complaint"),
            language=row["language"],
        )
        _count_reply(report, row, [one for one in findings if _is_fake(one)])
    return report


@cache
def _wording(language: str) -> Any:  # noqa: ANN401 - WordingRules, as load_wording returns them
    return load_wording([shipped_folder("rules/wording")], [language])


def _is_fake(finding: Finding) -> bool:
    return not finding.kind.startswith(ADVICE)


def _count_reply(report: Report, row: Row, findings: Sequence[Finding]) -> None:
    given = bool(findings)
    for name in ("fake apology", f"fake apology, {row['language']}"):
        report.scores[name].count(wanted=bool(row["bad"]), given=given)
    for bad in row["bad"]:
        _count_stretch(report, row["text"], bad, findings)
    if not row["bad"]:
        report.tally("clean", right=not given)
    if bool(row["bad"]) is not given:
        found = "; ".join(f"{one.kind} {one.text!r}" for one in findings)
        wanted = ", ".join(bad["kind"] for bad in row["bad"]) or "clean"
        report.errors.append(f"{row['id']} {row['language']} {wanted}: {_short(row)} [{found}]")


def _count_stretch(report: Report, text: str, bad: Row, findings: Sequence[Finding]) -> None:
    start = text.find(bad["text"])
    over = [one for one in findings if _alike((start, start + len(bad["text"])), (one.start, one.end))]
    report.tally(f"kind {bad['kind']}", right=bool(findings))
    if findings:
        report.tally("span right", right=bool(over))
        report.tally("kind right", right=any(one.kind == bad["kind"] for one in over))


def _overlap(wanted: tuple[int, int], given: tuple[int, int]) -> float:
    """How much of the shorter stretch the two have in common."""
    return _common(wanted, given) / max(min(wanted[1] - wanted[0], given[1] - given[0]), 1)


def _alike(wanted: tuple[int, int], given: tuple[int, int]) -> bool:
    """Whether what the two have in common is half or more of both together."""
    together = max(wanted[1], given[1]) - min(wanted[0], given[0])
    return _common(wanted, given) >= HALF * together


def _common(wanted: tuple[int, int], given: tuple[int, int]) -> int:
    return max(0, min(wanted[1], given[1]) - max(wanted[0], given[0]))


# --- promises and due times ---------------------------------------------------------------------------------------


def measure_promises(rows: Iterable[Row]) -> Report:
    """Promises matched by overlap; of those matched with a labelled time, whether it was read, left open, or misread."""
    report = Report()
    for row in rows:
        calendar = BusinessCalendar(zone=row["zone"], country=row.get("country"))
        found = find_promises(
            row["text"],
            sent_at=datetime.fromisoformat(row["sent_at"]),
            calendar=calendar,
            locale=row["locale"],
            language=row["language"],
        )
        _count_promises(report, row, list(found))
    return report


def _count_promises(report: Report, row: Row, left: list[FoundPromise]) -> None:
    names = ("promise", f"promise, {row['language']}")
    for label in row["promises"]:
        match = next((one for one in left if _same(row["text"], label, one)), None)
        for name in names:
            report.scores[name].count(wanted=True, given=match is not None)
        if match is None:
            report.errors.append(f"{row['id']} {row['language']} missed {label['text']!r} in: {_short(row)}")
            continue
        left.remove(match)
        report.tally("strength right", right=match.strength == label["strength"])
        _count_due(report, row, label, match)
    for extra in left:
        for name in names:
            report.scores[name].count(wanted=False, given=True)
        report.errors.append(f"{row['id']} {row['language']} no promise: {extra.text!r} in: {_short(row)}")
    if not left and not row["promises"]:
        for name in names:
            report.scores[name].count(wanted=False, given=False)


def _same(text: str, label: Row, found: FoundPromise) -> bool:
    start = text.find(label["text"])
    wanted = (start, start + len(label["text"]))
    return start >= 0 and _overlap(wanted, (found.start, found.end)) >= HALF


def _count_due(report: Report, row: Row, label: Row, found: FoundPromise) -> None:
    wanted = datetime.fromisoformat(label["due_at"]) if label["due_at"] else None
    right = found.due_at == wanted and (wanted is not None or found.unsure is bool(label["unsure"]))
    if wanted is not None:
        report.tally("due times right", right=right)
        if found.due_at is not None:
            report.tally("due times right, of those answered", right=right)
    report.tally("due times silently wrong", right=found.due_at is not None and not right)
    if not right:
        report.errors.append(
            f"{row['id']} {row['language']} due {label['due_at'] or ('unsure' if label['unsure'] else 'vague')}, "
            f"told {found.due_at or ('unsure' if found.unsure else 'vague')} ({found.reading}): {label['text']!r} sent {row['sent_at']}"
        )


# --- machine mail -------------------------------------------------------------------------------------------------


def measure_machines(rows: Iterable[Row]) -> Report:
    """Whether machine mail is seen as such, and people are not."""
    report = Report()
    for row in rows:
        told = machine_kind(read_mail(row["raw"].encode()))
        wanted = row["machine"]
        report.scores["machine"].count(wanted=wanted is not None, given=told is not None)
        report.tally(f"kind {wanted or 'person'}", right=told == wanted)
        if told != wanted:
            head = row["raw"].partition("\n\n")[0].replace("\n", " / ")
            report.errors.append(f"{row['id']} {wanted or 'person'}, told {told or 'person'}: {head}")
    return report


# --- posts that are no part of the project ------------------------------------------------------------------------


def measure_posts(rows: Iterable[Row]) -> Report:
    """Complaint or not, per public set; figures only."""
    report = Report()
    for row in rows:
        told = judge(subject="", text=row["text"], language="en", machine=None, rules=_rules())
        given = told.verdict is Verdict.COMPLAINT
        report.scores[row["set"]].count(wanted=row["complaint"], given=given)
        report.tally(f"{row['set']} not to safety", right=told.route is not Route.SAFETY)
    return report


SETS: dict[str, Callable[[Iterable[Row]], Report]] = {
    "mails": measure_mails,
    "replies": measure_replies,
    "promises": measure_promises,
    "machines": measure_machines,
}


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _hash(rows: Iterable[Row]) -> str:
    """Of the untouched rows as they stand, so that a change to them shows."""
    told = "\n".join(sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _print(title: str, report: Report, *, errors: bool) -> None:
    print(title)
    for line in report.lines(errors=errors):
        print(line)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was asked for; 0 always, for this measures and does not judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    parser.add_argument("--untouched", action="store_true", help="measure the untouched third too: log it")
    parser.add_argument("--brief", action="store_true", help="no errors")
    parser.add_argument("--posts", type=Path, help="a JSON Lines file of public posts")
    asked = parser.parse_args(arguments)
    for name in asked.sets or SETS:
        path = HERE / FILES[name][0]
        if not path.exists():
            print(f"{name}: no set")
            continue
        rows = _rows(path)
        tuned = [row for row in rows if not is_untouched(row["id"])]
        apart = [row for row in rows if is_untouched(row["id"])]
        _print(f"{name}, tuned part: {len(tuned)} rows", SETS[name](tuned), errors=not asked.brief)
        print(f"{name}, untouched part: {len(apart)} rows, hash {_hash(apart)}")
        if asked.untouched:
            _print(f"{name}, untouched part, figures only", SETS[name](apart), errors=False)
    if asked.posts is not None and asked.posts.exists():
        _print("posts", measure_posts(_rows(asked.posts)), errors=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
