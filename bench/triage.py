"""What judging costs beside what reading costs, as ratios within one run: a busy machine slows both alike.

1. Everything after mail-parser returns (cleaning, language, machine mail, rules, verdict), beside one mail-parser parse of
   the same mails, at the shipped rules: at most 1.
2. The same text against 10,000 synthetic rules, beside 100: at most 3.
3. A megabyte of each hostile text, and a tenth of it: linear, and the megabyte under a second.

    python -m bench.triage [--mails 400] [--rounds 3] [MAIL...]

MAIL is any number of .eml files, or folders of them, in place of the generated mails. Times are of the processor.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import mailparser

from bench.mails import generate
from worker.adapters.language import LanguageTeller
from worker.adapters.mime import read_mail
from worker.adapters.rulefiles import load_rules
from worker.domain.machine import machine_kind
from worker.domain.mail import InboundMail
from worker.domain.rules.rule import Kind, Position, Rule, Scope, Status
from worker.domain.rules.ruleset import RuleSet
from worker.domain.triage import judge
from worker.domain.verdict import Judgement

MEGABYTE = 1_000_000  # characters
HOSTILE = ("still ", "\n", ">", "On ", "> ", "(((", "{[(<", "<div>", "a.", "@", "=?", "- ", "I have not ")
HEAD = b"From: ada@example.org\r\nSubject: Order\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """All that judging needs beside the mail."""

    rules: RuleSet
    teller: LanguageTeller

    def judge(self, raw: bytes) -> Judgement:
        """One mail from its bytes to its verdict."""
        mail = read_mail(raw)
        words = mail.new_words
        return judge(
            subject=mail.subject,
            text=words,
            language=self.teller.tell(words or mail.subject),
            machine=machine_kind(mail),
            rules=self.rules,
        )


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--mails", type=int, default=400)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("paths", nargs="*", type=Path, metavar="MAIL")
    chosen = arguments.parse_args()
    raws = list(_mails(chosen.paths, chosen.mails))
    judging = Judging(rules=load_rules(), teller=LanguageTeller())
    _tell_reading(judging, raws, chosen.rounds)
    _tell_many_rules(raws[:100], chosen.rounds)
    _tell_hostile(judging)


def _mails(paths: Sequence[Path], count: int) -> Iterator[bytes]:
    if not paths:
        yield from generate(count)
    for path in paths:
        for file in sorted(path.rglob("*.eml"))[:count] if path.is_dir() else [path]:
            yield file.read_bytes()


def _tell_reading(judging: Judging, raws: Sequence[bytes], rounds: int) -> None:
    for raw in raws[: len(raws) // 4]:
        judging.judge(raw)  # the patterns are compiled, and the imports done
    parsing, whole = [], []
    for turn in range(rounds):
        fresh = raws[len(raws) // 4 :][turn::rounds]  # no mail is judged twice: what was seen is remembered
        parsing.append(_seconds_each(mailparser.parse_from_bytes, fresh))
        whole.append(_seconds_each(judging.judge, fresh))
    ratio = min(all_of_it / parse for all_of_it, parse in zip(whole, parsing, strict=True)) - 1
    print(f"mail-parser             {1000 * min(parsing):6.2f} ms a mail, {len(raws)} mails")
    print(f"everything after it     {1000 * min(parsing) * ratio:6.2f} ms a mail")
    print(f"ratio                   {ratio:6.2f}    (at most 1)\n")


def _tell_many_rules(raws: Sequence[bytes], rounds: int) -> None:
    mails = [read_mail(raw) for raw in raws]
    vocabulary = sorted({word for mail in mails for word in mail.new_words.lower().split() if word.isalpha()})
    taken = {}
    for count in (100, 10_000):
        rules = RuleSet(_synthetic(count, vocabulary))
        _judge_all(mails, rules)
        taken[count] = min(_seconds(partial(_judge_all, mails, rules)) for _ in range(rounds))
        print(f"{count:6,} synthetic rules  {taken[count] * 1000 / len(mails):6.2f} ms a mail")
    print(f"ratio                   {taken[10_000] / taken[100]:6.2f}    (at most 3)\n")


def _judge_all(mails: Sequence[InboundMail], rules: RuleSet) -> None:
    for mail in mails:
        judge(subject=mail.subject, text=mail.new_words, language="en", machine=None, rules=rules)


def _synthetic(count: int, heard: Sequence[str]) -> Iterator[Rule]:
    """Rules of two to four words, with choices and gaps; half of the words are words of the mails themselves."""
    chance = random.Random(11)
    letters = "bcdfghklmnprstvw"

    def word() -> str:
        if chance.random() < 0.5:
            return chance.choice(heard)
        return "".join(chance.choice(letters) + chance.choice("aeiou") for _ in range(chance.randint(2, 4)))

    for number in range(count):
        step: list[Callable[[], str]] = [word, lambda: f"<{word()}>", lambda: f"{{{word()}|{word()}}}"]
        between = (" ", " ... ", " [3] ")
        pattern = word() + "".join(
            chance.choice(between) + chance.choice(step)() for _ in range(chance.randint(1, 3))
        )
        yield _rule(f"synthetic-{number}", pattern)


def _rule(name: str, pattern: str) -> Rule:
    return Rule(
        id=name,
        title=name,
        status=Status.LIVE,
        added=date(2026, 11, 21),
        lang="en",
        kind=Kind.COMPLAINT,
        topic="delivery",
        severity=None,
        weight=1,
        where=("subject", "text"),
        position=Position.ANYWHERE,
        scope=Scope.MAIL,
        any=(pattern,),
        all=(),
        none=(),
        at_least=1,
        unless=(),
        guard=True,
        max_words=0,
        why="To measure by.",
    )


def _tell_hostile(judging: Judging) -> None:
    print("a megabyte of             seconds   times a tenth of it  (under 1; about 10)")
    for piece in HOSTILE:
        tenth, whole = (
            _hostile_seconds(judging, piece, MEGABYTE // 10),
            _hostile_seconds(judging, piece, MEGABYTE),
        )
        print(f"{piece!r:24} {whole:8.2f}   {whole / tenth:8.1f}")


def _hostile_seconds(judging: Judging, piece: str, size: int) -> float:
    raw = HEAD + (piece * (size // len(piece))).encode()
    return _seconds(lambda: judging.judge(raw))


def _seconds_each(work: Callable[[bytes], object], raws: Sequence[bytes]) -> float:
    began = time.process_time()
    for raw in raws:
        work(raw)
    return (time.process_time() - began) / len(raws)


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
