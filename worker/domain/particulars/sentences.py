"""Cuts a mail's new words into sentences and tells which words in them speak of a failure."""

import dataclasses
import re
from dataclasses import dataclass

from worker.domain.particulars.words import EXPECTED, FAILURE, MONTHS, NEGATIONS

_MARK = re.compile(r"[.!?…\n]")
# A full stop before a digit is mostly "no. 4711" or "3. November", so it ends nothing.
_END = re.compile(
    r"\n(?:[ \t]*\n|(?=[ \t]*[-*•] )|(?=[^\n]{0,40}:\s))"
    r"|[.!?…]+[\"'”’)]*\s+(?=[^\W\d]|[\"'“‘¿¡(*-])|[!?]+[\"'”’)]*\s+(?=\d)"
)
_NO_LETTERS = str.maketrans(dict.fromkeys('!"#$%&()*+,./0123456789:;<=>?@[\\]^_`{|}~-–—…“”„«»¿¡•', " "))
_ABBREVIATIONS = tuple(
    [word]
    for stem in ("no", "nr", "ref", "mr", "mrs", "ms", "dr", "st", "num", "art", "tel", "best", "sr", "sra")
    for word in (stem, stem.title())
)
_NOTHING = frozenset({"no", "not", "nothing", "nobody"})
_MONTH_STARTS = frozenset(month[:3] for month in MONTHS)
_MOST_SENTENCES = 400
_SHORT_LINE = 40  # characters; a mail program wraps later than this


@dataclass(slots=True, kw_only=True)
class Sentence:
    """One sentence where it stands."""

    field: str
    start: int
    text: str
    language: str
    known: frozenset[str] = dataclasses.field(init=False)  # its words, lower-case, with straight apostrophes
    tells_failure: bool = dataclasses.field(init=False)  # whether something in it went wrong

    def __post_init__(self) -> None:
        self.known = frozenset(words_of(self.text))
        self.tells_failure = failures_in(self.known, self.language) > 0

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def words_of(text: str) -> list[str]:
    """The words in order, lower-case, with straight apostrophes."""
    plain = text.casefold().replace("’", "'")
    words = plain.translate(_NO_LETTERS).split()
    return [word.strip("'") for word in words] if "'" in plain else words


def failures_in(known: frozenset[str], language: str) -> int:
    """How plainly a failure is told by these words: 0 for not at all."""
    plain = len(known & FAILURE[language])
    told = not known.isdisjoint(NEGATIONS[language]) and not known.isdisjoint(EXPECTED[language])
    still = "still" in known and not known.isdisjoint(_NOTHING)
    return plain + (1 if told or still else 0)


def split_sentences(text: str, where: str, language: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order, outer blanks left out. Lines wrapped by a mail program stay one sentence."""
    sentences: list[Sentence] = []
    start = 0
    for mark in _MARK.finditer(text):
        cut = mark.start()
        if (
            cut < start
            or (end := _END.match(text, cut)) is None
            or _is_abbreviation(text, start, cut, end.end())
        ):
            continue
        while cut < end.end() and text[cut] in ".!?…":
            cut += 1
        _add(sentences, text, start, cut, where, language)
        start = end.end()
        if len(sentences) >= _MOST_SENTENCES:
            break
    _add(sentences, text, start, len(text), where, language)
    return tuple(sentences)


def _begins_anew(text: str, cut: int) -> bool:
    """Whether the line after a short one starts like a sentence of its own."""
    following = text[cut + 1 : cut + 2]
    return following.isupper() or following.isdigit()


def _is_abbreviation(text: str, start: int, cut: int, after: int) -> bool:
    """Whether the full stop at `cut` belongs to "no." or to "3." before the name of a month."""
    if text[cut] != ".":
        return False
    if text[cut - 1 : cut].isdigit():
        return text[after : after + 3].casefold() in _MONTH_STARTS
    return text[max(start, cut - 6) : cut].rsplit(None, 1)[-1:] in _ABBREVIATIONS


def _add(sentences: list[Sentence], text: str, start: int, end: int, where: str, language: str) -> None:
    piece = text[start:end]
    stripped = piece.lstrip()
    if stripped:
        at = end - len(stripped)
        sentences.append(Sentence(field=where, start=at, text=stripped.rstrip(), language=language))
