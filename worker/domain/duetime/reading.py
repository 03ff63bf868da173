"""Reads the due time in a stretch of text: cuts it into pieces by its language's shapes and resolves them."""

from datetime import datetime

from worker.domain.calendar import BusinessCalendar
from worker.domain.duetime.atoms import Grammar, Kind, Piece, cut, fold
from worker.domain.duetime.days import last_day_named
from worker.domain.duetime.english import english
from worker.domain.duetime.french import french
from worker.domain.duetime.german import german
from worker.domain.duetime.moment import Moment
from worker.domain.duetime.resolve import UNSURE, resolve
from worker.domain.duetime.spanish import spanish
from worker.domain.duetime.values import DueReading

_GRAMMARS = {"en": english, "es": spanish, "fr": french, "de": german}


def grammar_of(language: str | None) -> Grammar | None:
    """The shapes of a language by its ISO 639-1 code; None where there are none."""
    make = _GRAMMARS.get(language or "en")
    return make() if make else None


def month_first(locale: str) -> bool:
    return locale.replace("_", "-").lower() == "en-us"


def read_due(
    phrase: str,
    *,
    sent_at: datetime,
    calendar: BusinessCalendar,
    locale: str = "en-GB",
    language: str | None = None,
    before: str = "",
) -> DueReading:
    """The last instant at which a promise with these words is kept.

    `language` is by default that of `locale`; `before` is the text before the phrase, from which "that day" counts.
    """
    grammar = grammar_of(language or locale[:2].lower())
    if grammar is None:
        return UNSURE
    moment = Moment(sent_at=sent_at, calendar=calendar, month_first=month_first(locale))
    pieces = cut(fold(phrase), grammar)
    return read_pieces(pieces, moment, fold(before), grammar)


def read_pieces(pieces: tuple[Piece, ...], moment: Moment, before: str, grammar: Grammar) -> DueReading:
    """What already cut pieces mean; `before` (folded) is looked at only for "that day"."""
    if any(piece.kind is Kind.THAT_DAY for piece in pieces):
        named = last_day_named(cut(before[-2_000:], grammar), moment)
        moment = Moment(
            sent_at=moment.sent_at, calendar=moment.calendar, month_first=moment.month_first, named=named
        )
    return resolve(pieces, moment)
