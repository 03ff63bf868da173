"""Cuts a mail's new words into sentences and tells which words in them speak of a failure."""

import re
from dataclasses import dataclass, field

from worker.domain.particulars.words import FAILURE, FALLBACK

# A full stop before a digit is mostly "no. 4711" or "3. November", so it ends nothing.
_END = re.compile(
    r"[.!?…]+[\"'”’)]*\s+(?=[^\W\d]|[\"'“‘¿¡(*-])|\n[ \t]*\n|\n(?=[ \t]*[-*•] )|\n(?=[^\n]{0,40}:\s)"
)
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ABBREVIATIONS = (
    "no",
    "nr",
    "ref",
    "mr",
    "mrs",
    "ms",
    "dr",
    "st",
    "approx",
    "num",
    "art",
    "tel",
    "best",
    "sr",
    "sra",
    "z.b",
)
_MOST_SENTENCES = 400


@dataclass(slots=True, kw_only=True)
class Sentence:
    """One sentence where it stands; `words` are lower-case with straight apostrophes."""

    field: str
    start: int
    text: str
    language: str
    words: tuple[str, ...] = field(init=False)
    known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.words = tuple(_WORDS.findall(self.text.casefold().replace("’", "'")))
        self.known = frozenset(self.words)

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def tells_failure(self) -> bool:
        """Whether a word in it speaks of something that went wrong."""
        return not self.known.isdisjoint(FAILURE.get(self.language, FAILURE[FALLBACK]))


def split_sentences(text: str, where: str, language: str | None) -> tuple[Sentence, ...]:
    """The sentences of a text in order, outer blanks left out. Lines wrapped by a mail program stay one sentence."""
    spoken = language if language in FAILURE else FALLBACK
    sentences: list[Sentence] = []
    start = 0
    ends = [(m.start(), m.end()) for m in _END.finditer(text)]
    for cut, after in (*ends, (len(text), len(text))):
        piece = text[start:cut]
        last = piece[-6:].rsplit(" ", 1)[-1].casefold()
        if text[cut : cut + 1] == "." and last in _ABBREVIATIONS:
            continue
        stripped = piece.strip()
        if stripped:
            at = start + len(piece) - len(piece.lstrip())
            ending = "".join(c for c in text[cut : cut + 3] if c in "!?.…")
            sentences.append(
                Sentence(
                    field=where,
                    start=at,
                    text=text[
                        at : cut + (len(ending) if text[cut : cut + len(ending)] == ending else 0)
                    ].rstrip(),
                    language=spoken,
                )
            )
        start = after
        if len(sentences) >= _MOST_SENTENCES:
            break
    return tuple(sentences)
