"""Reads and judges mails from their bytes; a backlog is read ahead by a second process.

Reading and judging need no database, so while one process writes a mail's case and draft another can read
the next mails. Few mails are read where they are: starting a process costs more than reading them.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from worker.adapters.language import LanguageTeller
from worker.adapters.mime import placeholder_mail, read_mail
from worker.adapters.rulefiles import load_rules
from worker.domain.machine import machine_kind
from worker.domain.mail import InboundMail
from worker.domain.particulars import Particulars, find_particulars
from worker.domain.reading import RawMail, Reading
from worker.domain.rules.ruleset import RuleSet
from worker.domain.triage import judge
from worker.domain.verdict import Judgement, MachineKind, Route
from worker.errors import Broken

BACKLOG = 40  # mails from which a second process is worth its start
FEW = 10  # mails that are read where they are even while it runs
KEPT_FOR = 30.0  # seconds it is kept when no backlog comes any more
AT_ONCE = 5  # mails handed over together
AHEAD = 14  # hands full that it always has, so that it never waits for us while we write
LOOKAHEAD = 40  # hands full that may have been read before the first of them is wanted
PARENT_LOOKED_FOR = 2.0  # seconds between looks whether the worker still lives


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings:
    """What a reader needs to know; the second process makes its own from it."""

    rules_folder: Path | None
    language: str
    own_addresses: frozenset[str]


class Reader:
    """Reads and judges one mail after another in this process."""

    def __init__(self, settings: ReaderSettings) -> None:
        self.settings = settings
        self.teller = LanguageTeller(default=settings.language)

    @cached_property
    def rules(self) -> RuleSet:
        """The shipped rules and the team's own. Raises BadRules with every fault."""
        return load_rules(self.settings.rules_folder)

    def get_ready(self) -> None:
        """Put the patterns of the team's own language together before the first mail asks for them."""
        self.rules.examine(subject="", text="", language=self.settings.language)

    def read(self, mail: RawMail) -> Reading:
        """Raises Broken with a plain reason when the bytes cannot be read."""
        inbound = placeholder_mail(mail.raw, mail.size) if mail.oversize else read_mail(mail.raw)
        sender = inbound.sender.address if inbound.sender else ""
        machine = machine_kind(inbound, self.settings.own_addresses - {sender})
        judgement = self.judge(inbound, machine)
        told = _particulars(inbound, judgement, mail.arrived_at) if judgement.route is Route.DRAFT else None
        return Reading(mail=inbound, machine=machine, judgement=judgement, particulars=told)

    def judge(self, mail: InboundMail, machine: MachineKind | None) -> Judgement:
        words = mail.new_words
        language = self.teller.tell(words or mail.new_subject)
        return judge(
            subject=mail.new_subject, text=words, language=language, machine=machine, rules=self.rules
        )


def _particulars(mail: InboundMail, judgement: Judgement, arrived_at: datetime | None) -> Particulars:
    return find_particulars(
        mail.subject, judgement.text, judgement.language, sent_at=arrived_at, evidence=judgement.evidence
    )


class ReadAhead:
    """Reads many mails in order, in a second process when there are enough of them and a second core."""

    def __init__(self, reader: Reader, clock: Callable[[], float] = time.monotonic) -> None:
        self._reader = reader
        self._clock = clock
        self._used_at = clock()
        self._pool: ProcessPoolExecutor | None = None

    def expect_backlog(self) -> None:
        """Start the second process now: a worker that begins finds what came while it was away."""
        if multiprocessing.cpu_count() > 1:
            self._used_at = self._clock()
            self._pooled().submit(_read_there, [])

    def read_all(self, mails: Sequence[RawMail]) -> Iterator[Reading | Broken]:
        """One outcome for each mail, in order: its reading, or why it could not be read."""
        if len(mails) < (BACKLOG if self._pool is None else FEW) or multiprocessing.cpu_count() < 2:
            if self._clock() - self._used_at > KEPT_FOR:
                self.close()
            return (_outcome(self._reader, mail) for mail in mails)
        self._used_at = self._clock()
        return self._read_together(mails)

    def _read_together(self, mails: Sequence[RawMail]) -> Iterator[Reading | Broken]:
        """The second process is always given the next few; whoever must wait for it reads some further on."""
        waiting = deque(list(mails[start : start + AT_ONCE]) for start in range(0, len(mails), AT_ONCE))
        given: deque[_Given] = deque()
        while waiting or given:
            while waiting and sum(not one.done for one in given) < AHEAD:
                given.append(self._give(waiting.popleft()))
            while waiting and not given[0].done and len(given) < LOOKAHEAD:
                given.append(_Given(mails=[], told=self._read_here(waiting.popleft())))
            yield from self._told(given.popleft())

    def _give(self, mails: list[RawMail]) -> "_Given":
        try:
            return _Given(mails=mails, coming=self._pooled().submit(_read_there, mails))
        except BrokenProcessPool:  # it was killed, by its memory limit for instance
            self.close()
            return _Given(mails=mails, told=self._read_here(mails))

    def _told(self, given: "_Given") -> list[Reading | Broken]:
        if given.coming is None:
            return given.told
        try:
            return given.coming.result()
        except BrokenProcessPool:
            self.close()
            return self._read_here(given.mails)

    def _read_here(self, mails: Sequence[RawMail]) -> list[Reading | Broken]:
        return [_outcome(self._reader, mail) for mail in mails]

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _pooled(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Spawned, not forked: the loop has threads, and a fork would copy their locks as they stand.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                1, context, initializer=_make_reader, initargs=(self._reader.settings,)
            )
        return self._pool


@dataclass(slots=True, kw_only=True)
class _Given:
    """A few mails that are being read, or have been."""

    mails: list[RawMail]
    told: list[Reading | Broken] = field(default_factory=list)
    coming: "Future[list[Reading | Broken]] | None" = None

    @property
    def done(self) -> bool:
        return self.coming is None or self.coming.done()


_readers: list[Reader] = []  # the second process's own


def _make_reader(settings: ReaderSettings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the loop, which ends us
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    reader = Reader(settings)
    reader.get_ready()
    _readers.append(reader)


def _end_with_parent(parent: int) -> None:
    """A worker that was killed must not leave its reader behind."""
    while os.getppid() == parent:
        time.sleep(PARENT_LOOKED_FOR)
    os._exit(0)


def _read_there(mails: list[RawMail]) -> list[Reading | Broken]:
    return [_outcome(_readers[0], mail) for mail in mails]


def _outcome(reader: Reader, mail: RawMail) -> Reading | Broken:
    try:
        return reader.read(mail)
    except Broken as fault:
        return fault
