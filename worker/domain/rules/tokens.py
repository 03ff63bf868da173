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

from worker.domain.rules.vocabulary import ABBREVIATIONS, NEGATED

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_WORD = rf"[\w\u0300-\u036f{_INVISIBLE}]"
_PLAIN = rf"\b[eE]-[mM]ail\w*|'[sd]\b|\d+(?:[.,:/]\d+)+|{_WORD}+(?:['’‘ʼ´`]{_WORD}+)*['’‘ʼ]?"
_MARKS = (
    r"[.!?…¡¿]+|\n[ \t]*(?:\n[ \t]*)+|\n[ \t]*(?:[-*•–]|\d{1,2}[.)])[ \t]|,[ \t]*\n"
    r"|[€£$¥]|[\u2600-\u27bf\U0001f300-\U0001faff]"
)
_ADDRESS = r"(?:https?://|www\.)[^\s<>]+|[\w.+-]{1,64}@[\w.-]{1,255}|@\w+|\w{1,63}(?:\.\w{1,63}){0,8}\.(?:com|net|org|co|io|eu|uk|de|fr|es|pt|nl|test|example)\b(?:/[^\s<>]*)?"
_FAST = re.compile(f"({_PLAIN})|({_MARKS})")
_FULL = re.compile(f"(?:{_ADDRESS})|({_PLAIN})|({_MARKS})")
_HAS_ADDRESS = re.compile(r"@|://|www\.|\w\.(?:com|net|org|co|io|eu|uk|de|fr|es|pt|nl|test|example)\b")
_INVISIBLE_MAP = {ord(character): None for character in _INVISIBLE}
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'"})

OPAQUE = ""  # the word of an address: no pattern matches it, and it still counts in a gap
_GREETING_WORDS = 4  # a line of at most so many words that ends in a comma greets somebody
_MEMO_LIMIT = 50_000  # words remembered per language before starting afresh


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Words [first, last) of the tokens, characters [start, end) of the text, and the mark that ended it."""

    first: int
    last: int
    start: int
    end: int
    mark: str  # "?", "!", "." or "" where nothing was written


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """A text cut up. The four lists run side by side; offsets count code points of `text`, end exclusive."""

    text: str
    language: str
    words: list[str]  # folded; OPAQUE for an address
    starts: list[int]
    ends: list[int]
    sentence_of: list[int]  # index into `sentences`
    sentences: list[Sentence]

    def __len__(self) -> int:
        return len(self.words)


_memos: dict[str, dict[str, tuple[Part, ...]]] = {}


def tokenize(text: str, language: str) -> Tokens:
    """The words and sentences of `text`. `language` is an ISO 639-1 code or "any"; linear in the text."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    sentence_of: list[int] = []
    sentences: list[Sentence] = []
    memo = _memos.setdefault(language, {})
    if len(memo) > _MEMO_LIMIT:
        memo.clear()
    first = 0
    pattern = _FULL if _HAS_ADDRESS.search(text) else _FAST
    for match in pattern.finditer(text):
        kind = match.lastindex
        start = match.start()
        if kind == 1:
            written = match.group()
            parts = memo.get(written)
            if parts is None:
                parts = memo[written] = _parts(written, language)
            number = len(sentences)
            for word, begin, end in parts:
                words.append(word)
                starts.append(start + begin)
                ends.append(start + end)
                sentence_of.append(number)
        elif kind is None:
            words.append(OPAQUE)
            starts.append(start)
            ends.append(match.end())
            sentence_of.append(len(sentences))
        else:
            mark = match.group()
            if not _is_mark(mark):
                words.append(mark)
                starts.append(start)
                ends.append(match.end())
                sentence_of.append(len(sentences))
            elif len(words) > first and _ends_sentence(text, match.end(), mark, words, first):
                sentences.append(_sentence(first, starts, ends, mark, match.end()))
                first = len(words)
    if len(words) > first:
        sentences.append(_sentence(first, starts, ends, "", ends[-1]))
    return Tokens(
        text=text,
        language=language,
        words=words,
        starts=starts,
        ends=ends,
        sentence_of=sentence_of,
        sentences=sentences,
    )


def _is_mark(mark: str) -> bool:
    return mark[0] in ".!?…¡¿\n,"


def _sentence(first: int, starts: list[int], ends: list[int], mark: str, mark_end: int) -> Sentence:
    written = mark[:1] in {".", "!", "?", "…"}
    asked = "?" if "?" in mark else "!" if "!" in mark else "."
    return Sentence(
        first=first,
        last=len(starts),
        start=starts[first],
        end=mark_end if written else ends[-1],
        mark=asked if written else "",
    )


def _ends_sentence(text: str, end: int, mark: str, words: list[str], first: int) -> bool:
    match mark[0]:
        case "\n":
            return True
        case ",":
            return len(words) - first <= _GREETING_WORDS
        case "¡" | "¿":
            return False
        case _:
            return "!" in mark or "?" in mark or _stop_ends(text, end, mark, words[-1])


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
