"""What every service needs to know about the team it works for, and the readers it borrows from outside."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol

from worker.domain.alert import AlertPolicy
from worker.domain.calendar import BusinessCalendar
from worker.domain.commitment import DoneReport, FoundPromise, find_done, find_promises
from worker.domain.letter import Letter, LetterFacts, RenderedLetter
from worker.domain.mail import InboundMail
from worker.domain.outgoing import OutgoingLetter
from worker.domain.reading import RawMail, Reading
from worker.domain.rules.ruleset import RuleSet
from worker.domain.verdict import Judgement, MachineKind
from worker.domain.wording import WordingRules
from worker.errors import Broken
from worker.settings import Mailbox, Settings


class Letters(Protocol):
    """The letters of one framework."""

    letters: tuple[Letter, ...]

    def render(self, letter: Letter, facts: LetterFacts) -> RenderedLetter: ...


@dataclass(frozen=True, kw_only=True)
class House:
    """The team's settings and calendar, and what reads and writes for it."""

    settings: Settings
    calendar: BusinessCalendar
    policy: AlertPolicy
    key: bytes  # signs our references
    load_rules: Callable[[], RuleSet]
    load_wording: Callable[[], WordingRules]
    read: Callable[[bytes], InboundMail]  # for showing a mail again
    read_one: Callable[[RawMail], Reading]
    read_all: Callable[[Sequence[RawMail]], Iterator[Reading | Broken]]  # in order, a backlog read ahead
    expect_backlog: Callable[[], None]  # much mail may be waiting: make ready to read it
    judge: Callable[[InboundMail, MachineKind | None], Judgement]
    tell_language: Callable[[str], str | None]
    shelf: Callable[[str], Letters]  # by framework
    compose: Callable[[OutgoingLetter], bytes]

    @cached_property
    def rules(self) -> RuleSet:
        """The rules in force; read when first asked for, for many commands never ask."""
        return self.load_rules()

    @cached_property
    def topic_of(self) -> Mapping[str, str]:
        """The topic of each rule, by its id."""
        return {rule.id: rule.topic for rule in self.rules.rules}

    @cached_property
    def wording(self) -> WordingRules:
        return self.load_wording()

    def is_ours(self, address: str) -> bool:
        return self.settings.is_ours(address)

    def box(self, name: str) -> Mailbox | None:
        """The settings of a mailbox; None for mail that came from files under another name."""
        return next((box for box in self.settings.mailboxes if box.name == name), None)

    def framework_for(self, mailbox: str) -> str:
        box = self.box(mailbox)
        return str(box.framework if box else self.settings.letters.framework)

    def owner_for(self, mailbox: str) -> str:
        """Who owns a new case of this mailbox."""
        return self.settings.owner_for(mailbox).name

    def second_for(self, person: str) -> str | None:
        """Who is told after this person; None for somebody the settings no longer name."""
        known = next((one for one in self.settings.people if one.name == person), None)
        second = self.settings.second_for(known) if known else self.settings.lead
        return second.name if second else None

    def promises_in(self, text: str, *, sent_at: datetime, language: str | None) -> tuple[FoundPromise, ...]:
        """The promises a letter of ours makes, read as of its Date."""
        return find_promises(
            text, sent_at=sent_at, calendar=self.calendar, locale=self.settings.firm.locale, language=language
        )

    def done_in(self, text: str, language: str | None) -> tuple[DoneReport, ...]:
        """Where a letter of ours reports work as done."""
        return find_done(text, language)
