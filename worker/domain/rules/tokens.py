"""Cut a text into words and sentences, every one with its place in the original text.

What counts as one word:
- Case is folded; accents stay (the matcher compares without them). Curly and straight apostrophes are one.
- English contractions come apart: "hasn't", "hasnt" and "has not" are the same two words, and so are
  "I'm" / "I am", "won't" / "will not". "'s" may be is, has or a possessive, so it stays a word of its own.
- French elisions come apart into the full word: "j'ai" = "je ai", "n'est" = "ne est"; "l'" is "le" or "la".
- A hyphen separates ("double-charged" = "double charged"), but "e-mail" is "email".
- Web addresses, e-mail addresses and @handles are one opaque word that no pattern can match.
- Invisible characters inside a word (soft hyphen, zero-width space) are looked through.

Where a sentence ends: at . ! ? and an ellipsis before a capital, at a blank line, at a new item of a list,
and after a greeting line that ends in a comma. A single line end is a space, for mail programs wrap lines.
An abbreviation ("approx.", "Dr.", "z. B.", one letter) does not end it.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, compress, repeat
from operator import add, itemgetter
from typing import NamedTuple

from worker.domain.rules.vocabulary import ABBREVIATIONS, NEGATED

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_WORD = rf"[\w\u0300-\u036f{_INVISIBLE}]"
_PLAIN = rf"\b[eE]-[mM]ail\w*|'[sd]\b|\d+(?:[.,:/]\d+)+|{_WORD}+(?:['’‘ʼ´`]{_WORD}+)*['’‘ʼ]?"
_BULLET = r"(?:[-*•–]|\d{1,2}[.)])[ \t]"
_MARKS = (
    rf"[.!?…¡¿]+|\n[ \t]*(?:\n[ \t]*)+|\n[ \t]*{_BULLET}|,[ \t]*\n"
    r"|[€£$¥]|[\u2600-\u27bf\U0001f300-\U0001faff]"
)
_ADDRESS = r"(?:https?://|www\.)[^\s<>]+|[\w.+-]{1,64}+@[\w.-]{1,255}|@\w+|\w{1,63}+(?:\.\w{1,63}+){0,8}\.(?:com|net|org|co|io|eu|uk|de|fr|es|pt|nl|test|example)\b(?:/[^\s<>]*)?"
_MAY_HOLD_ADDRESS = re.compile(r"@|://|www\.|\w\.\w\w")
_PARTS = re.compile(f"({_PLAIN})|({_MARKS})")
_PARTS_OR_ADDRESS = re.compile(f"(?:{_ADDRESS})|({_PLAIN})|({_MARKS})")
_PIECE = re.compile(rf"(?:\S+|\A(?=\s))(?: (?=\S)|(?:\s*\n[ \t]*{_BULLET})*\s*)")
_INVISIBLE_MAP = {ord(character): None for character in _INVISIBLE}
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'"})

OPAQUE = ""  # the word of an address: no pattern matches it, and it still counts in a gap
_GREETING_WORDS = 4  # a line of at most so many words that ends in a comma greets somebody
_MEMO_LIMIT = 500_000  # characters remembered per language before starting afresh
_WORDS, _STARTS, _ENDS, _STOPS = map(itemgetter, range(4))  # of a reading


_NOT = {form: form.removesuffix("n't") for form in NEGATED} | {
    "can't": "can",
    "won't": "will",
    "shan't": "shall",
    "ain't": "is",
}
_BARE = {form.replace("'", ""): first for form, first in _NOT.items() if form != "shan't"}
_ENGLISH_TAILS = {"'m": "am", "'ve": "have", "'re": "are", "'ll": "will", "'d": "'d", "'s": "'s"}
_ENGLISH_BARE = {
    "im": ("i", "am"),
    "ive": ("i", "have"),
    "youve": ("you", "have"),
    "youre": ("you", "are"),
    "theyre": ("they", "are"),
    "weve": ("we", "have"),
    "cannot": ("can", "not"),
}
_ELISIONS = {
    "fr": {
        "j": "je", "n": "ne", "c": "ce", "m": "me", "t": "te", "s": "se", "d": "de", "qu": "que", "l": "le",
        "jusqu": "jusque", "lorsqu": "lorsque", "puisqu": "puisque",
    },
    "it": {"c": "ci", "l": "lo", "un": "una", "d": "di", "m": "mi", "t": "ti", "s": "si", "v": "vi"},
}  # fmt: skip
_WHOLE = {"aujourd'hui", "presqu'île", "po'"}

Part = tuple[str, int, int]  # the folded word, its start and end counted from the start of what was written
Stretch = tuple[
    int, int, str
]  # a sentence: its first word, the one after its last, and the mark that ended it


class Sentence(NamedTuple):
    """Words [first, last) of the tokens, characters [start, end) of the text, and the mark that ended it."""

    first: int
    last: int
    start: int
    end: int
    mark: str  # "?", "!", "." or "" where nothing was written


class _Stop(NamedTuple):
    """A mark in a piece that may end a sentence."""

    before: int  # words of the piece before it
    mark: str
    end: int  # characters of the piece up to its end
    surely: bool  # ends the sentence whatever stands in the pieces beside


class _Reading(NamedTuple):
    """What one piece came to: its words, the characters each takes in it, and the marks that may end a sentence."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    stops: tuple[_Stop, ...]


class _Readings(dict[str, _Reading]):
    """Every piece of text seen lately and what it came to: mail is made of the same few thousand pieces."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.size = 0  # characters remembered

    def __missing__(self, piece: str) -> _Reading:
        self.size += len(piece)
        reading = self[piece] = _read_piece(piece, self.language)
        return reading


_readings: dict[str, _Readings] = {}


@dataclass(frozen=True, kw_only=True, eq=False)
class Tokens:
    """A text cut up. The lists of words run side by side; offsets count code points of `text`, end exclusive.

    Where things stand is worked out when it is first asked for: of most texts nobody asks.
    """

    text: str
    language: str
    words: list[str]  # folded; OPAQUE for an address
    stretches: list[Stretch]
    _pieces: list[_Reading]
    _offsets: list[int]  # where each piece ends
    _stop_ends: list[int]  # where the mark of each sentence ends

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def starts(self) -> list[int]:
        """The first character of every word."""
        return list(map(add, self._begins, chain.from_iterable(map(_STARTS, self._pieces))))

    @cached_property
    def ends(self) -> list[int]:
        """The character after the last of every word."""
        return list(map(add, self._begins, chain.from_iterable(map(_ENDS, self._pieces))))

    @cached_property
    def _begins(self) -> list[int]:
        """Of every word where its piece begins."""
        counts = map(len, map(_WORDS, self._pieces))
        return list(chain.from_iterable(map(repeat, chain((0,), self._offsets), counts)))

    @cached_property
    def sentence_of(self) -> list[int]:
        """The sentence of every word, as an index into `sentences`."""
        return [number for number, (first, last, _) in enumerate(self.stretches) for _ in range(first, last)]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """Every sentence that holds a word."""
        return [
            Sentence(first, last, self.starts[first], end if mark else self.ends[last - 1], mark)
            for (first, last, mark), end in zip(self.stretches, self._stop_ends, strict=True)
        ]


def tokenize(text: str, language: str) -> Tokens:
    """The words and sentences of `text`. `language` is an ISO 639-1 code or "any"; linear in the text.

    1. The text is cut at white space. What a piece comes to depends on nothing beside it (a bullet stays with the
       line end before it), so every piece is read once and then remembered.
    2. Whether a mark ends a sentence depends on what stands around it; there are few of them.
    """
    known = _known(language)
    pieces = _PIECE.findall(text)
    readings = list(map(known.__getitem__, pieces))
    offsets = list(accumulate(map(len, pieces)))
    words = list(chain.from_iterable(map(_WORDS, readings)))
    stretches, stop_ends = _stretches(text, readings, offsets, words)
    return Tokens(
        text=text,
        language=language,
        words=words,
        stretches=stretches,
        _pieces=readings,
        _offsets=offsets,
        _stop_ends=stop_ends,
    )


def words_in(piece: str, language: str) -> tuple[str, ...]:
    """The words of a piece of text without white space."""
    if piece.isascii() and piece.isalpha():
        return tuple(word for word, _, _ in _parts(piece, language))
    return _known(language)[piece].words


def _known(language: str) -> _Readings:
    known = _readings.get(language)
    if known is None:
        known = _readings[language] = _Readings(language)
    elif known.size > _MEMO_LIMIT:
        known.clear()
        known.size = 0
    return known


def _stretches(
    text: str, readings: list[_Reading], offsets: list[int], words: list[str]
) -> tuple[list[Stretch], list[int]]:
    """Where the sentences begin and end, and the character at which the mark of each ends."""
    stretches: list[Stretch] = []
    stop_ends: list[int] = []
    first = 0
    counts = list(accumulate(map(len, map(_WORDS, readings)), initial=0))
    for number in compress(range(len(readings)), map(_STOPS, readings)):
        began = offsets[number - 1] if number else 0
        for before, mark, end, surely in readings[number].stops:
            last = counts[number] + before
            if last > first and (
                surely or _ends_sentence(text, began + end, mark, last - first, words[last - 1])
            ):
                stretches.append((first, last, _mark_of(mark)))
                stop_ends.append(began + end)
                first = last
    if len(words) > first:
        stretches.append((first, len(words), ""))
        stop_ends.append(0)
    return stretches, stop_ends


def _read_piece(piece: str, language: str) -> _Reading:
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    stops: list[_Stop] = []
    seen: dict[str, tuple[Part, ...]] = {}  # a piece may be a megabyte of one word
    pattern = _PARTS_OR_ADDRESS if _MAY_HOLD_ADDRESS.search(piece) else _PARTS
    for match in pattern.finditer(piece):
        start, end = match.span()
        written = match.group()
        if match.lastindex == 1:
            parts = seen.get(written)
            if parts is None:
                parts = seen[written] = _parts(written, language)
            for word, first, last in parts:
                words.append(word)
                starts.append(start + first)
                ends.append(start + last)
        elif match.lastindex == 2 and _is_mark(written):
            stops += _stops(piece, end, written, words)
        else:
            words.append(written if match.lastindex else OPAQUE)
            starts.append(start)
            ends.append(end)
    return _Reading(tuple(words), tuple(starts), tuple(ends), tuple(stops))


def _stops(piece: str, end: int, mark: str, words: list[str]) -> list[_Stop]:
    """A mark that ends the sentence, or may; none for one that the piece alone shows not to."""
    before = len(words)
    if mark[0] in "\n,":
        return [_Stop(before, mark, end, surely=mark[0] == "\n")]
    if before and (mark == "." or "!" in mark or "?" in mark or mark[0] in "¡¿"):
        surely = _ends_sentence(piece, end, mark, before, words[-1])
        return [_Stop(before, mark, end, surely=True)] if surely else []
    return [_Stop(before, mark, end, surely=False)]


def _is_mark(mark: str) -> bool:
    return mark[0] in ".!?…¡¿\n,"


def _mark_of(mark: str) -> str:
    """The mark as a pattern names it; nothing for a line end or a comma."""
    if mark[0] not in ".!?…":
        return ""
    return "?" if "?" in mark else "!" if "!" in mark else "."


def _ends_sentence(text: str, end: int, mark: str, length: int, last: str) -> bool:
    """Whether a mark that ends at `end`, after `length` words of which `last` is the last, ends the sentence."""
    match mark[0]:
        case "\n":
            return True
        case ",":
            return length <= _GREETING_WORDS
        case "¡" | "¿":
            return False
        case _:
            return "!" in mark or "?" in mark or _stop_ends(text, end, mark, last)


def _stop_ends(text: str, end: int, mark: str, last: str) -> bool:
    following = text[end : end + 1]
    if following and not (following.isspace() or following.isupper() or following in "\"'”’)»"):
        return False
    if mark != ".":  # an ellipsis goes on when a small letter follows
        return not text[end : end + 3].lstrip()[:1].islower()
    return not (last in ABBREVIATIONS or (len(last) == 1 and last.isalpha()))


def _parts(written: str, language: str) -> tuple[Part, ...]:
    """The words in what was written between two spaces, with their places in it."""
    whole = (_folded(written), 0, len(written))
    word = whole[0]
    if "'" not in word:
        return _bare_parts(whole) if language == "en" else (whole,)
    if word in _WHOLE or len(word) != len(written):
        return (whole,)
    if language == "en":
        return _english_parts(word)
    elisions = _ELISIONS.get(language, {})
    return _split_parts(word, elisions)


def _folded(written: str) -> str:
    word = written.translate(_APOSTROPHES)
    if word[1:2] == "-":
        word = word.replace("-", "")  # e-mail
    if not word.isascii():
        word = unicodedata.normalize("NFC", word.translate(_INVISIBLE_MAP))
    return word.casefold().strip("_")


def _bare_parts(whole: Part) -> tuple[Part, ...]:
    word, _, length = whole
    if word in _BARE and len(word) == length:
        cut = length - 2
        return ((_BARE[word], 0, cut), ("not", cut, length))
    pair = _ENGLISH_BARE.get(word)
    if pair and len(word) == length:
        cut = len(pair[0])
        return ((pair[0], 0, cut), (pair[1], cut, length))
    return (whole,)


def _english_parts(word: str) -> tuple[Part, ...]:
    length = len(word)
    if word in _NOT:
        cut = length - 3
        return ((_NOT[word], 0, cut), ("not", cut, length))
    head, _, tail = word.rpartition("'")
    head = head.strip("'")
    if not tail or not head:
        return ((word.strip("'"), 0, length),)
    tail = _ENGLISH_TAILS.get("'" + tail, "'" + tail)
    cut = word.rindex("'")
    inner = _english_parts(word[:cut]) if "'" in word[:cut] else _bare_parts((word[:cut], 0, cut))
    return (*inner, (tail, cut, length))


def _split_parts(word: str, elisions: dict[str, str]) -> tuple[Part, ...]:
    parts: list[Part] = []
    place = 0
    pieces = word.split("'")
    for number, piece in enumerate(pieces):
        end = place + len(piece)
        if piece:
            full = elisions.get(piece, piece) if number < len(pieces) - 1 else piece
            parts.append((full, place, end))
        place = end + 1
    return tuple(parts) or ((word, 0, len(word)),)
