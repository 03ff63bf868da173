"""Plays a sample mailbox through, day after day, on a clock of its own; one case is worked by hand on the way.

The clock is set to moments that matter and the loop's own steps are run at each, as `amends run` would have run them:
mail that has come by then is taken in, letters leave, promises are watched, people are told. It ends at the present, so
that the workspace holds nothing from the future.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import groupby
from pathlib import Path

from worker import loop
from worker.adapters.mailfiles import walk_mails
from worker.adapters.samples import SampleMail
from worker.app import App
from worker.cli.demo.workspace import AGENT, AlertsFile, deliver
from worker.cli.ingest import FROM_FILES, keep_mails, take_in_all
from worker.domain.draft import Draft, DraftState, PromiseAnswer
from worker.domain.letter import open_blanks
from worker.domain.promise import Promise
from worker.ports import Channel
from worker.services import contact, obstacles, promising, review
from worker.services.intake import Shelf
from worker.services.obstacles import Decisions
from worker.services.review import NotYet

MAILBOX = "support"
PLAYED = "20-priti-teapot-wrong-twice"  # whose case is worked by hand
FAKE = "We are sorry if you feel that we sent you the wrong teapot."
FILLED = "what you wrote to us about"
CALLED = "Bea rang: the green one left today and comes on Thursday; the postage is refunded."
BATCH = 5  # mails taken in between two steps of the progress bar


@dataclass
class MovedClock:
    """A clock that stands still until it is moved, and only ever forward."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def move(self, to: datetime) -> None:
        self.at = max(self.at, to)


@dataclass(slots=True, kw_only=True)
class DemoApp(App):
    """The program with the demo's own channel: a file."""

    alerts_file: AlertsFile

    def channels_for(self, person: str) -> Sequence[Channel]:  # noqa: ARG002 - one file for everybody
        return [self.alerts_file]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to the case that is played through."""

    at: datetime
    say: str


@dataclass(slots=True)
class Story:
    """The demo under way: what has come, what is still to come, and what is told of the case played."""

    app: DemoApp
    clock: MovedClock
    folder: Path
    mails: Sequence[SampleMail]
    played: str = PLAYED
    steps: list[Step] = field(default_factory=list)
    case_id: int | None = None
    _delivered: int = 0

    def play(self, *, now: datetime) -> Iterator[None]:
        """Everything up to `now`; one item for each mail taken in."""
        mail = next((one for one in self.mails if one.name == self.played), None)
        if mail is not None:
            yield from self._come_to(mail.arrived_at + timedelta(minutes=1))
            draft = self._draft_for(mail)
            if draft is not None:
                yield from self._work(draft, mail, now=now)
        yield from self._come_to(now)

    def _come_to(self, at: datetime) -> Iterator[None]:
        """Take in what has come by then, day by day, move the clock, and let the loop do all there is to do."""
        come = [mail for mail in self.mails[self._delivered :] if mail.arrived_at <= at]
        self._delivered += len(come)
        for _, day in groupby(come, key=lambda mail: mail.arrived_at.date()):
            yield from self._take_in(list(day))
        self.clock.move(at)
        while loop.round_of_steps(self.app, loop.Stop()):
            pass

    def _take_in(self, mails: Sequence[SampleMail]) -> Iterator[None]:
        self.clock.move(mails[-1].arrived_at)
        deliver(self.folder, mails)
        shelf = Shelf(mailbox=MAILBOX, folder="", uidvalidity=FROM_FILES)
        keep_mails(self.app, shelf, walk_mails([self.folder / "mail"]))
        yield from take_in_all(self.app, batch=BATCH)

    def _say(self, say: str) -> None:
        self.steps.append(Step(at=self.clock.at, say=say))

    def _draft_for(self, mail: SampleMail) -> Draft | None:
        """The draft that waits for an agent on this mail; None where the rules made none."""
        subject = mail.name
        with self.app.database.reading() as rooms:
            for draft in rooms.drafts.where(state=DraftState.OPEN, newest_first=True):
                read = rooms.mails.get(draft.mail_id) if draft.mail_id else None
                if read is not None and f"<{subject[3:]}@" in (read.message_id or ""):
                    return draft
        return None

    def _work(self, draft: Draft, mail: SampleMail, *, now: datetime) -> Iterator[None]:
        self.case_id = draft.case_id
        self._tell_mail(draft, mail)
        blanks = len(open_blanks(draft.text))
        what = f"with {blanks} blank{'s' if blanks != 1 else ''} to fill" if blanks else "with no blank left"
        self._say(
            f"Amends drafts an answer from the letter “{draft.letter_id}”, {what}, and waits. Nothing is sent."
        )
        yield from self._come_to(mail.arrived_at + timedelta(minutes=42))
        self._try_fake(draft)
        yield from self._come_to(self.clock.at + timedelta(minutes=4))
        promise = self._approve(draft)
        if promise is None or promise.due_at is None:
            return
        yield from self._come_to(self.clock.at + timedelta(minutes=1))
        self._tell_delivery()
        yield from self._watch(promise, promise.due_at, now=now)

    def _tell_mail(self, draft: Draft, mail: SampleMail) -> None:
        with self.app.database.reading() as rooms:
            read = rooms.mails.get(draft.mail_id) if draft.mail_id else None
        if read is not None:
            self.steps.append(Step(at=mail.arrived_at, say=f"{read.sender_name} writes: “{read.subject}”."))

    def _try_fake(self, draft: Draft) -> None:
        """Bea writes a fake apology into the draft and tries to approve it."""
        head, gap, rest = draft.text.partition("\n\n")
        with self.app.database.writing() as rooms:
            fake = review.edit(
                rooms, draft.id, by=AGENT, now=self.clock.at, text=f"{head}\n\n{FAKE}{gap}{rest}"
            )
        try:
            with self.app.database.writing() as rooms:
                review.approve(rooms, self.app.house, draft.id, _yes(fake), now=self.clock.at)
        except NotYet as refused:
            reading = self._reading(draft.id)
            blocked = {one.finding for one in refused.obstacles if one.kind == "wording"}
            for found in [one for one in reading.findings if one.id in blocked][:1]:
                self._say(
                    f"Bea adds “{found.text}” and tries to approve. Refused: {found.message} Better: {found.suggestion}"
                )

    def _approve(self, draft: Draft) -> Promise | None:
        """Bea takes the fake apology out, fills what is open, confirms the promise and approves."""
        with self.app.database.writing() as rooms:
            edited = review.edit(rooms, draft.id, by=AGENT, now=self.clock.at, text=_filled(draft.text))
        reading = self._reading(draft.id)
        answers = dict.fromkeys(range(1, len(reading.promises) + 1), PromiseAnswer.OK)
        try:
            with self.app.database.writing() as rooms:
                delivery = review.approve(
                    rooms, self.app.house, draft.id, _yes(edited, answers), now=self.clock.at
                )
                made = rooms.promises.where(delivery_id=delivery.id)
        except NotYet as refused:
            self._say(f"Bea tries again and is told: {refused.obstacles[0].say}")
            return None
        self._say(
            f"Bea takes it out, {'fills the blanks, ' if open_blanks(draft.text) else ''}confirms the date and approves revision {edited.revision[:8]}, these very words and no others."
        )
        promise = next((one for one in made if one.due_at is not None), None)
        if promise is not None:
            due = self._clock_words(promise.due_at or self.clock.at)
            self._say(f"Promise {promise.id} is on record: “{' '.join(promise.words.split())}”, due {due}.")
        return promise

    def _tell_delivery(self) -> None:
        letters = sorted((self.folder / "outbox" / "new").glob("*"))
        if letters:
            self._say(
                f"The letter is delivered to {self.folder.name}/outbox, where a mail server would take it."
            )

    def _watch(self, promise: Promise, due_at: datetime, *, now: datetime) -> Iterator[None]:
        """The promised time passes; the alert comes; the customer is called; the promise ends."""
        calendar = self.app.house.calendar
        after = calendar.instant(calendar.next_business_day(calendar.local_date(due_at)), time(9, 40))
        if after >= now:
            return
        if promise.next_alert_at is not None and promise.next_alert_at < due_at:
            yield from self._come_to(promise.next_alert_at)
            self._tell_alert(promise, "The clock is moved.")
        yield from self._come_to(due_at + timedelta(minutes=1))
        self._tell_alert(promise, "The clock is moved past the promised time. Nobody has called or written.")
        yield from self._come_to(after)
        self._call(promise)

    def _tell_alert(self, promise: Promise, begun: str) -> None:
        with self.app.database.reading() as rooms:
            standing = rooms.alerts.standing(promise_id=promise.id)
            notices = [
                one
                for one in rooms.notices.where(newest_first=True)
                if standing and standing[-1].id in one.alert_ids
            ]
        if notices:
            self._say(
                f"{begun} Alert to {notices[0].person} in alerts.txt: “{notices[0].title.partition(':')[0]}”, with what was promised and the command that answers it."
            )

    def _call(self, promise: Promise) -> None:
        """Doing the work would not end it; this call to the customer does."""
        with self.app.database.writing() as rooms:
            call = promising.call_contact(promise.case_id, by=AGENT, note=CALLED, at=self.clock.at)
            contact.record_contact(rooms, self.app.house, call)
            ended = rooms.promises.get(promise.id)
        self._say("Bea rings and reaches the customer. The call is logged: that is contact.")
        if ended is not None and ended.ending is not None and promise.due_at is not None:
            late = self._length(self.clock.at - promise.due_at)
            self._say(
                f"Promise {promise.id} is {ended.state}, {ended.ending}: {late} after its time. Its alert ends."
            )

    def _reading(self, draft_id: int) -> obstacles.Reading:
        with self.app.database.reading() as rooms:
            return review.read_draft(rooms, self.app.house, draft_id, now=self.clock.at)

    def _clock_words(self, at: datetime) -> str:
        local = at.astimezone(self.app.settings.zone)
        return f"{local:%A} {local.day} {local:%B}, {local:%H:%M}"

    @staticmethod
    def _length(span: timedelta) -> str:
        hours, rest = divmod(int(span.total_seconds()), 3600)
        return f"{hours} h {rest // 60} min"


def _yes(draft: Draft, promises: dict[int, PromiseAnswer] | None = None) -> Decisions:
    return Decisions(revision=draft.revision, by=AGENT, promises=promises or {}, settles=())


def _filled(text: str) -> str:
    for blank in reversed(open_blanks(text)):
        text = text[: blank.start] + FILLED + text[blank.end :]
    return text
