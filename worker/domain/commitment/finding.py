"""Finds the promises of a letter: committing clauses, each with the due time its own words give it.

1. Our own sentences (text.py); 2. the clauses that commit us (a module per language);
3. each clause split where two verbs carry two due times; 4. its due time read;
5. what one person would count once, joined: clauses of a sentence that share one due time or have but one.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from worker.domain.calendar import BusinessCalendar
from worker.domain.commitment.clause import Clause, Tongue
from worker.domain.commitment.english import ENGLISH
from worker.domain.commitment.french import FRENCH
from worker.domain.commitment.german import GERMAN
from worker.domain.commitment.leads import LONGEST_LEAD, is_in_hand, lead_of, only_a_time
from worker.domain.commitment.spanish import SPANISH
from worker.domain.commitment.text import Sentence, sentences, without_quotations
from worker.domain.commitment.tongue import tongue_of
from worker.domain.commitment.values import FoundPromise, Strength
from worker.domain.duetime import DueReading
from worker.domain.duetime.atoms import Grammar, Kind, Piece, cut, fold
from worker.domain.duetime.moment import Moment
from worker.domain.duetime.reading import grammar_of, month_first, read_pieces
from worker.domain.duetime.resolve import UNSURE, VAGUE

LONGEST_SENTENCE = 2_000
_Lead = tuple[int, tuple[Piece, ...]]
_TONGUES: dict[str, Tongue] = {"en": ENGLISH, "es": SPANISH, "fr": FRENCH, "de": GERMAN}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    start: int
    end: int
    due: DueReading
    hedged: bool
    subject: str
    points_back: bool = False  # "I'll drive it over myself": says no more than the clause before it

    @property
    def timed(self) -> bool:
        return self.due.due_at is not None or self.due.unsure


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """What every sentence of one letter is read with."""

    text: str
    moment: Moment
    grammar: Grammar
    tongue: Tongue
    german: bool

    def due(self, pieces: tuple[Piece, ...], at: int) -> DueReading:
        before = (
            fold(self.text[max(0, at - 1_500) : at]) if any(p.kind is Kind.THAT_DAY for p in pieces) else ""
        )
        return read_pieces(pieces, self.moment, before, self.grammar)


def find_promises(
    text: str,
    *,
    sent_at: datetime,
    calendar: BusinessCalendar,
    locale: str = "en-GB",
    language: str | None = None,
) -> tuple[FoundPromise, ...]:
    """Every promise in our letter, in order; one per thing a person would count.

    `language` (ISO 639-1) is told from the text when None; one that no grammar covers gives nothing.
    """
    language = language or tongue_of(text) or locale[:2].lower()
    grammar = grammar_of(language)
    if grammar is None or language not in _TONGUES:
        return ()
    moment = Moment(sent_at=sent_at, calendar=calendar, month_first=month_first(locale))
    reader = _Reader(
        text=text, moment=moment, grammar=grammar, tongue=_TONGUES[language], german=language == "de"
    )
    return tuple(_promises(reader))


def _promises(reader: _Reader) -> list[FoundPromise]:
    found: list[FoundPromise] = []
    plain = without_quotations(reader.text)
    before, whole = "", fold(plain)
    earlier = Sentence(0, 0)
    for sentence in sentences(reader.text, german=reader.german):
        original = plain[sentence.start : sentence.end]
        folded = whole[sentence.start : sentence.end]
        if len(folded) <= LONGEST_SENTENCE:
            rows = _of_sentence(reader, sentence, folded, original, before)
            if not rows and len(folded) <= LONGEST_LEAD and before:
                _give_time(reader, sentence, folded, found, earlier, before)
            found.extend(rows)
        before, earlier = folded, sentence
    return found


def _give_time(
    reader: _Reader,
    sentence: Sentence,
    folded: str,
    found: list[FoundPromise],
    earlier: Sentence,
    before: str,
) -> None:
    """A sentence that is nothing but a time dates the untimed promise of the sentence before it."""
    promised = bool(found) and found[-1].start >= earlier.start
    open_yet = promised and found[-1].due_at is None and not found[-1].unsure
    if not (open_yet or (not promised and is_in_hand(before))):
        return
    pieces = only_a_time(folded, reader.grammar)
    due = reader.due(pieces, sentence.start)
    if due.due_at is None and not due.unsure:
        return
    start = found.pop().start if promised else earlier.start
    row = _Row(
        start=start, end=sentence.end, due=due, hedged=reader.tongue.hedged_by_words(before), subject="ours"
    )
    found.append(_promise(row, reader.text, 0, reader.text))


def _of_sentence(
    reader: _Reader, sentence: Sentence, folded: str, original: str, before: str
) -> list[FoundPromise]:
    clauses = reader.tongue.clauses(folded, original, before)
    leads: list[_Lead] = []
    since = 0
    for clause in clauses:
        leads.append(lead_of(clause, folded, since, reader.tongue, reader.grammar))
        since = clause.head
    rows: list[_Row] = []
    for n, clause in enumerate(clauses):
        end = min(clause.end, leads[n + 1][0]) if n + 1 < len(clauses) else clause.end
        rows.extend(_rows(reader, clause.reaching(end), leads[n], folded, sentence.start))
    return [_promise(row, reader.text, sentence.start, folded) for row in _counted_once(rows)]


def _rows(reader: _Reader, clause: Clause, opening: _Lead, folded: str, at: int) -> list[_Row]:
    """A row per due time of the clause; verbs without one go with their neighbour."""
    lead_start, lead = opening
    bounds = [
        clause.head,
        *(found.end() for found in reader.tongue.SPLIT.finditer(folded, clause.head, clause.end)),
        clause.end,
    ]
    rows: list[_Row] = []
    for n, (start, end) in enumerate(pairwise(bounds)):
        pieces = _pieces(reader, folded, start, end)
        timed = (lead if n == 0 else ()) + pieces
        opens = lead_start if n == 0 and lead else start
        due = _with_event(reader, folded[start:end], pieces, reader.due(timed, at + opens))
        if due.due_at is not None and _leans_on_a_day(reader, timed, at + (lead_start if n == 0 else start)):
            due = UNSURE
        hedged = (clause.hedged and n == 0) or reader.tongue.hedged_by_words(
            folded[max(0, start - 30 * (n == 0)) : end]
        )
        first = (lead_start if lead else clause.start) if n == 0 else start
        rows.append(
            _Row(
                start=first,
                end=end,
                due=due,
                hedged=hedged,
                subject=clause.subject,
                points_back=_points_back(folded[start:end]),
            )
        )
    rows = _counted_once(rows)
    return [row for row in rows if row.timed or row.due.vague] if clause.needs_time else rows


def _pieces(reader: _Reader, folded: str, start: int, end: int) -> tuple[Piece, ...]:
    aside = reader.tongue.CUT.search(folded, start, end)
    return cut(folded[start : aside.start() if aside else end], reader.grammar)


_A_DAY = frozenset({Kind.DATE, Kind.WEEKDAY, Kind.OFFSET, Kind.THAT_DAY})


def _points_back(words: str) -> bool:
    return bool(_BACK.search(words))


_BACK = re.compile(r"\b(?:it|them)\b")
_WITHOUT_A_DAY = frozenset({Kind.CLOCK, Kind.CLOSE, Kind.ZONE, Kind.IGNORED})


def _leans_on_a_day(reader: _Reader, pieces: tuple[Piece, ...], at: int) -> bool:
    """A bare clock time after a day just named ("I am away tomorrow, so Dan will ring by noon") may mean that day."""
    if not all(
        piece.kind in _WITHOUT_A_DAY or (piece.kind is Kind.PART and not piece.values[1]) for piece in pieces
    ):
        return False
    earlier = cut(fold(reader.text[max(0, at - 120) : at]), reader.grammar)
    return any(piece.kind in _A_DAY and piece.values != (0,) for piece in earlier)


def _with_event(reader: _Reader, words: str, pieces: tuple[Piece, ...], due: DueReading) -> DueReading:
    event = reader.tongue.EVENT.search(words)
    if event is None:
        return due
    timed = [p for p in pieces if p.kind not in (Kind.VAGUE, Kind.IGNORED)]
    if not timed:
        return VAGUE
    inside = any(p.start > event.start() and "," not in words[event.start() : p.start] for p in timed)
    return UNSURE if inside else due


def _counted_once(rows: list[_Row]) -> list[_Row]:
    """Rows of one sentence joined where a person would count one promise."""
    joined: list[_Row] = []
    for row in rows:
        if joined and _is_one(joined[-1], row):
            joined[-1] = _join(joined[-1], row)
        else:
            joined.append(row)
    return joined


def _is_one(earlier: _Row, later: _Row) -> bool:
    if earlier.timed and later.timed:
        return earlier.due.due_at is not None and earlier.due.due_at == later.due.due_at
    return not earlier.timed or (
        earlier.subject == later.subject or (earlier.subject == "result" and later.points_back)
    )


def _join(earlier: _Row, later: _Row) -> _Row:
    due = later.due if later.timed or (later.due.vague and not earlier.timed) else earlier.due
    hedged = later.hedged if due is later.due else earlier.hedged
    return replace(earlier, end=later.end, due=due, hedged=hedged)


def _promise(row: _Row, text: str, at: int, folded: str) -> FoundPromise:
    start, end = row.start, row.end
    while end > start and folded[end - 1] in " .,;:!-–—(":
        end -= 1
    end = _without_link(folded, start, end)
    strength = Strength.VAGUE if not row.timed else Strength.HEDGED if row.hedged else Strength.FIRM
    return FoundPromise(
        start=at + start,
        end=at + end,
        text=text[at + start : at + end],
        strength=strength,
        due_at=row.due.due_at,
        reading=row.due.reading,
        unsure=row.due.unsure,
        readings=row.due.readings,
    )


_LINKS: tuple[str, ...] = (" and", " but", ", and", ", but", " so", " y", " et", " und", " then", ",")


def _without_link(folded: str, start: int, end: int) -> int:
    for link in _LINKS:
        if folded.endswith(link, start, end):
            return end - len(link)
    return end
