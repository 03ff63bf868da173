"""The pieces a due time is made of, and how a language's patterns cut them out of a sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cache


class Kind(StrEnum):
    """What a piece is; the numbers are what `Piece.values` holds."""

    DATE = auto()  # year or 0, month or 0, day
    WEEKDAY = auto()  # Monday = 0, a WeekdayMode, weeks added
    OFFSET = auto()  # calendar days from the day of sending: today, tomorrow
    BUSINESS_DAYS = auto()
    DAYS = auto()
    MONTHS = auto()
    WEEK = auto()  # weeks from this one, 1 if its end is named, 0 if the week is
    MONTH = auto()  # months from this one, 1 if its end is named, 0 if the month is
    NAMED_MONTH = auto()  # month, year or 0: its end
    THAT_DAY = auto()  # days after the date named before
    CLOCK = auto()  # minutes of the day, 1 if a bare hour
    PART = auto()  # minutes of the day at which this part of it ends, 1 if "this" day is meant
    CLOSE = auto()  # close of business, end of day
    ELAPSED = auto()  # minutes
    BUSINESS_MINUTES = auto()
    ZONE = auto()  # `name` is an IANA name or UTC+hh:mm
    FIRST_THING = auto()  # says nothing by itself: "first thing tomorrow"
    VAGUE = auto()
    UNSURE = auto()  # a time we see and cannot read
    IGNORED = auto()  # a time that is no due time: yesterday, for three days, Tuesday's


class WeekdayMode:
    """How a weekday's name is meant."""

    COMING = 0  # the next such day strictly after the day of sending
    NEXT_WEEK = 1  # the one in the next ISO week
    THIS_WEEK = 2  # the one in this ISO week
    EITHER = 3  # próximo lunes, lundi prochain, nächsten Montag: the coming one, or next week's
    THIS = 4  # "this Friday": on a Friday it may be today


STANDS = "stands"  # the name of a length of time that needs no "in" before it: the next working day

RANGE = "range"  # a clock range, "from 9 to 11": its end is due although "from" stands before it

DAY_KINDS = frozenset(
    {
        Kind.DATE,
        Kind.WEEKDAY,
        Kind.OFFSET,
        Kind.BUSINESS_DAYS,
        Kind.DAYS,
        Kind.MONTHS,
        Kind.WEEK,
        Kind.MONTH,
        Kind.NAMED_MONTH,
        Kind.THAT_DAY,
    }
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece and where it stands; several may share a stretch ("this morning": a day and a part)."""

    kind: Kind
    values: tuple[int, ...] = ()
    name: str = ""
    start: int = 0
    end: int = 0
    before: bool = False  # "before Thursday"
    by: bool = False  # "by next week" may mean its start
    joined: bool = False  # "Tuesday to Thursday": the end of a range that the piece before began


Build = Callable[[re.Match[str]], tuple[Piece, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The words before a piece that change what it is."""

    before: re.Pattern[str]
    by: re.Pattern[str]
    not_due: re.Pattern[str]  # of, from, since, after: a time that bounds nothing from above
    about: re.Pattern[str]  # roughly: no due time to the minute
    duration: re.Pattern[str]  # in, within: what a bare "3 days" needs
    joins: re.Pattern[str]  # between two pieces: a range
    joins_after_between: re.Pattern[str]
    between: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language's shapes: patterns tried together, the first listed wins at a place."""

    builds: tuple[tuple[str, Build], ...]
    somewhere: re.Pattern[str]  # finds where any shape stands; without groups, thrice as fast as `which`
    which: re.Pattern[str]  # tells at a place which shape it is
    lead: Lead


def grammar(
    words: Mapping[str, str], shapes: tuple[tuple[str, Build], ...], lead: Lead, never: str
) -> Grammar:
    """Compile shapes: a blank stands for one to three, {name} for the pattern in `words`.

    `never` are common words with which no shape begins; they are passed over at once.
    """
    sources = [_source(shape, words) for shape, _ in shapes]
    builds = tuple((source, build) for source, (_, build) in zip(sources, shapes, strict=True))
    groups = "|".join(f"(?P<s{n}>{_nameless(source)})" for n, source in enumerate(sources))
    passed_over = rf"(?!(?:{'|'.join(never.split())})\b)"
    anything = "|".join(_nameless(source) for source in sources)
    somewhere = re.compile(rf"(?<![\w£$€#.])\b{passed_over}(?:{anything})(?!\w)")
    return Grammar(builds, somewhere, re.compile(rf"(?:{groups})(?!\w)"), lead)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    """A shape by itself, compiled when it is first met: most never are."""
    return re.compile(source)


def _source(shape: str, words: Mapping[str, str]) -> str:
    for name, pattern in words.items():
        shape = shape.replace("{" + name + "}", pattern)
    return _BLANK.sub(lambda found: _WIDENED.get(found.group(), found.group()), shape)


# A blank in a shape is one to three in the text; not in a class or a look-behind, which are matched first.
_BLANK = re.compile(r"\[[^\]]*\]|\(\?<[=!][^()]*\)| \*| \?| ")
_WIDENED = {" ": " {1,3}", " ?": " {0,3}", " *": " *"}


def _nameless(source: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", source)


def cut(text: str, language: Grammar) -> tuple[Piece, ...]:
    """The pieces of `text`, which must be folded (`fold`), in order."""
    pieces: list[Piece] = []
    for found in language.somewhere.finditer(text):
        which = language.which.match(text, found.start())
        source, build = language.builds[int(((which and which.lastgroup) or "s0")[1:])]
        exact = _compiled(source).match(text, found.start())
        if exact is not None:
            pieces.extend(_placed(build(exact), exact, pieces, text, language.lead))
    return tuple(pieces)


def _placed(
    built: tuple[Piece, ...], at: re.Match[str], earlier: list[Piece], text: str, lead: Lead
) -> list[Piece]:
    since = earlier[-1].end if earlier else 0
    words = text[max(since, at.start() - 40) : at.start()]
    own = text[at.start() : at.end()]
    return [_one_placed(piece, at, words, own, earlier, lead) for piece in built]


def _one_placed(
    piece: Piece, at: re.Match[str], words: str, own: str, earlier: list[Piece], lead: Lead
) -> Piece:
    kind, values = piece.kind, piece.values
    if kind is Kind.ZONE and not (
        earlier and earlier[-1].kind in (Kind.CLOCK, Kind.PART) and not words.strip(" (,")
    ):
        kind = Kind.IGNORED
    elif kind in _LENGTHS and (
        piece.name == STANDS or lead.duration.search(words) or lead.duration.search(own)
    ):
        kind = Kind.UNSURE if lead.about.search(words) and not own.startswith("the ") else kind
    elif kind in _LENGTHS and not lead.not_due.search(words):
        kind = Kind.IGNORED
    elif (
        lead.not_due.search(words)
        and kind not in (Kind.VAGUE, Kind.ZONE)
        and piece.name != RANGE
        and not _belongs(words, earlier)
    ):
        kind = Kind.UNSURE if kind is not Kind.IGNORED else kind
    elif lead.about.search(words) and kind in (*_LENGTHS, Kind.CLOCK):
        kind = Kind.UNSURE
    joined = bool(earlier) and bool(
        lead.joins.fullmatch(words)
        or (words in (", ", " or ") and _AT_THE_LATEST.match(at.string, at.end()))
        or (lead.joins_after_between.fullmatch(words) and _between(earlier, at, lead))
    )
    return Piece(
        kind,
        values,
        piece.name,
        at.start(),
        at.end(),
        before=bool(lead.before.search(words)),
        by=bool(lead.by.search(words)),
        joined=joined,
    )


def _belongs(words: str, earlier: list[Piece]) -> bool:
    """In "5 pm of Friday" and "a las 17:00 del viernes": the day of the clock time before it."""
    clock = earlier and earlier[-1].kind in (Kind.CLOCK, Kind.PART, Kind.CLOSE)
    return bool(clock) and words.strip() in ("of", "of the", "del", "de", "de la", "du", "des")


def _between(earlier: list[Piece], at: re.Match[str], lead: Lead) -> bool:
    start = earlier[-1].start
    return bool(lead.between.search(at.string[max(0, start - 20) : start]))


_AT_THE_LATEST = re.compile(" (?:at the latest|a más tardar|au plus tard)")
_LENGTHS = frozenset({Kind.BUSINESS_DAYS, Kind.DAYS, Kind.MONTHS, Kind.ELAPSED, Kind.BUSINESS_MINUTES})

_FOLDS = (("’", "'"), ("‘", "'"), ("\u00a0", " "), ("\u202f", " "), ("\n", " "), ("\t", " "), ("\r", " "))


def fold(text: str) -> str:
    """Lower case, straight apostrophes, plain blanks; every offset stays what it was."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    for written, plain in _FOLDS:
        low = low.replace(written, plain)
    return low
