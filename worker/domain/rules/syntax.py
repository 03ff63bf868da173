"""Read one pattern as a support lead writes it, and say in a sentence what is wrong with it.

    word          that word, any case, with or without its accents
    <word>        any inflection of it: <arrive> is arrive, arrives, arrived, arriving
    refund*       any word that begins so (three letters at least); *schaden any word that ends so
    {a|b c|d}     one of these; each may be a phrase and may hold brackets of its own
    (really)      may be there or not; (a|b) one of these or nothing
    ...           up to six words between, in the same sentence
    [3]  [1-4]    up to three words between; one to four
    a NEAR b      the two in either order, at most six words between; NEAR3 for three
    #             a number, in figures or words;  #money  an amount;  #day  a weekday, month, date, "yesterday"
    START  END    the sentence begins or ends here;  ?  and  !  it ends here with that mark;
                  alone they stand for any question or exclamation

A pattern never reaches over the end of a sentence. Commas, dashes and quotation marks in the text are looked through.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from worker.domain.rules.inflection import forms, stem, without_accents
from worker.domain.rules.tokens import words_in
from worker.domain.rules.vocabulary import CURRENCIES, CURRENCY_SIGNS, DAYS, NUMBERS

GAP_LIMIT = 20  # words a gap may span at the most
GAP_DEFAULT = 6
_LENGTH_LIMIT = 600  # characters of one pattern
_DEPTH_LIMIT = 6
_SHORTEST_PART = 3  # letters a "word*" must show

START, END, ASKED, EXCLAIMED = "START", "END", "?", "!"
NUMBER, DATE = "#", "#date"
_EMPTY = frozenset({START, END})  # these take no word


@dataclass(frozen=True, slots=True)
class Word:
    """One word: any of these symbols. "=x" a form, "~x" a stem, "^x" a beginning, "$x" an ending, or a mark."""

    symbols: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """From `low` to `high` words of any kind."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """These, one after the other."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these; `optional` when none of them will do too."""

    options: tuple["Node", ...]
    optional: bool = False


Node = Word | Gap | Sequence | Choice


class PatternError(ValueError):
    """A pattern that cannot be read; its message is a sentence for whoever wrote it."""


_PIECE = re.compile(
    r"(?P<space>[\s,]+)|(?P<gap>\.\.\.|…|\[ *(?:(?P<low>\d+) *- *)?(?P<high>\d+) *\])|(?P<mark>[?!])"
    r"|(?P<bracket>[{}()|])|<(?P<inflected>[^<>\s]+)>|(?P<kind>#money|#day|#)"
    r"|(?P<operator>START|END|NEAR\d{0,2})(?![\w*])"
    r"|(?P<word>\*?['’]?[\w\u0300-\u036f](?:[\w\u0300-\u036f'’.&/-]*[\w\u0300-\u036f'’])?\*?)"
    r"|(?P<sign>[€£$¥\u2600-\u27bf\U0001f300-\U0001faff])"
)
_BRACKETS = re.compile(r"([{}()|])")
_CLOSING = {"{": "}", "(": ")"}
_UNUSUAL = re.compile(r"NEAR|\[[^\]]*\s")  # what the quick reader leaves to the thorough one


@dataclass(slots=True)
class _Reader:
    """Walks the pieces of one source string."""

    pieces: list[re.Match[str]]
    language: str
    place: int = 0

    def peek(self) -> str:
        if self.place >= len(self.pieces):
            return ""
        piece = self.pieces[self.place]
        return piece.group() if piece.lastgroup == "bracket" else piece.lastgroup or ""


def read_pattern(source: str, language: str) -> Node:
    """The pattern as a tree.

    Raises:
        PatternError: it cannot be read; the message says what and how to mend it.

    """
    if not source.strip():
        raise PatternError("the pattern is empty")
    if len(source) > _LENGTH_LIMIT:
        raise PatternError(f"the pattern is longer than {_LENGTH_LIMIT} characters; make two of it")
    node = _read_quickly(source, language) or _read(source, language)
    if _may_be_empty(node):
        raise PatternError("it would match where nothing is written; one word at least must not be optional")
    if _open_ended(node, first=True) or _open_ended(node, first=False):
        raise PatternError("a gap must stand between two words, not at the beginning or the end")
    return node


def _read_quickly(source: str, language: str) -> Node | None:
    """A pattern out of words that were read before, for the same few hundred words make up most patterns.

    None for an unusual one and for one with a fault: the thorough reader says what is wrong, and where.
    """
    if _UNUSUAL.search(source):
        return None
    try:
        return _quick_options(iter(_BRACKETS.split(source)), language)[0]
    except PatternError:
        return None


def _quick_options(
    parts: Iterator[str], language: str, closing: str | None = None, depth: int = 0
) -> list[Node]:
    """What stands between here and the closing bracket, cut at every "|"; of the whole pattern one option."""
    if depth > _DEPTH_LIMIT:
        raise PatternError("too deep")
    options: list[Node] = []
    items: list[Node] = []
    for part in parts:
        if part in _CLOSING:
            items.append(_bracketed(part, _quick_options(parts, language, _CLOSING[part], depth + 1)))
        elif part == closing:
            return [*options, _sequence_of(items)]
        elif part == "|" and closing:
            options.append(_sequence_of(items))
            items = []
        else:
            items += [_word_or_sign(piece, language) for piece in part.replace(",", " ").split()]
    if closing:
        raise PatternError("a bracket is never closed")
    return [_sequence_of(items)]


@lru_cache(maxsize=20_000)
def _word_or_sign(piece: str, language: str) -> Node:
    return _read(piece, language)


def _bracketed(opening: str, options: list[Node]) -> Node:
    """A choice. One of nothing but single words is one word with all their symbols."""
    words = [option.symbols for option in options if isinstance(option, Word)]
    symbols = frozenset().union(*words)
    if len(words) == len(options) and not symbols & _EMPTY:
        options = [Word(symbols)]
    if opening == "(":
        return Choice(tuple(options), optional=True)
    return options[0] if len(options) == 1 else Choice(tuple(options))


def _sequence_of(items: list[Node]) -> Node:
    if not items:
        raise PatternError("there is nothing between the brackets or beside a '|'")
    return items[0] if len(items) == 1 else Sequence(tuple(items))


def _read(source: str, language: str) -> Node:
    """Any pattern at all, piece by piece."""
    reader = _Reader(_pieces(source), language)
    node = _options(reader, 0)
    if reader.place < len(reader.pieces):
        raise PatternError(f"there is a '{reader.pieces[reader.place].group()}' too many")
    return node


def _pieces(source: str) -> list[re.Match[str]]:
    found = []
    place = 0
    for piece in _PIECE.finditer(source):
        if piece.start() != place:
            break
        place = piece.end()
        if piece.lastgroup != "space":
            found.append(piece)
    if place < len(source):
        raise PatternError(_unreadable(source, place))
    return found


def _unreadable(source: str, place: int) -> str:
    character = source[place]
    if ord(character) < 32:
        return f"there is a control character (number {ord(character)}) in it"
    if character in "<>":
        return "'<' and '>' go round one single word, as in <arrive>"
    if character in "[]":
        return "a gap is written [3] or [1-4]"
    return f"the character '{character}' at place {place + 1} means nothing here"


def _options(reader: _Reader, depth: int) -> Node:
    if depth > _DEPTH_LIMIT:
        raise PatternError(f"brackets go deeper than {_DEPTH_LIMIT}")
    options = [_sequence(reader, depth)]
    while reader.peek() == "|":
        if depth == 0:
            raise PatternError("'|' belongs inside { } or ( )")
        reader.place += 1
        options.append(_sequence(reader, depth))
    if any(isinstance(option, Sequence) and not option.items for option in options):
        raise PatternError("there is nothing between the brackets or beside a '|'")
    return options[0] if len(options) == 1 else Choice(tuple(options))


def _sequence(reader: _Reader, depth: int) -> Node:
    items: list[Node] = []
    while reader.place < len(reader.pieces) and reader.peek() not in {"|", "}", ")"}:
        piece = reader.pieces[reader.place]
        if piece.lastgroup == "operator" and piece.group().startswith("NEAR"):
            reader.place += 1
            items.append(_near(items, piece.group(), reader, depth))
        else:
            items.append(_item(reader, depth))
    return items[0] if len(items) == 1 else Sequence(tuple(items))


def _near(before: list[Node], operator: str, reader: _Reader, depth: int) -> Node:
    """The item before and the item after, in either order; takes the one before out of the list."""
    if not before or reader.place >= len(reader.pieces) or reader.peek() in {"|", "}", ")"}:
        raise PatternError("NEAR needs a word or a bracket on both sides")
    gap = _gap(0, int(operator[4:] or GAP_DEFAULT))
    left, right = before.pop(), _item(reader, depth)
    return Choice((Sequence((left, gap, right)), Sequence((right, gap, left))))


def _item(reader: _Reader, depth: int) -> Node:
    piece = reader.pieces[reader.place]
    reader.place += 1
    text = piece.group()
    if piece.lastgroup == "bracket":
        return _bracket(text, reader, depth)
    if piece.lastgroup == "gap":
        return _gap(int(piece["low"] or 0), int(piece["high"] or GAP_DEFAULT))
    if piece.lastgroup in {"mark", "operator"}:
        return Word(frozenset({text}))
    if piece.lastgroup == "kind":
        return _kind(text, reader.language)
    if piece.lastgroup == "inflected":
        return _inflected(piece["inflected"], reader.language)
    return _word(text, reader.language)


def _bracket(text: str, reader: _Reader, depth: int) -> Node:
    closing = _CLOSING.get(text)
    if closing is None:
        raise PatternError(f"there is a '{text}' too many")
    inside = _options(reader, depth + 1)
    if reader.peek() != closing:
        raise PatternError(f"a '{text}' is never closed by '{closing}'")
    reader.place += 1
    if text == "{":
        return inside
    return Choice(inside.options if isinstance(inside, Choice) else (inside,), optional=True)


def _gap(low: int, high: int) -> Gap:
    if high > GAP_LIMIT:
        raise PatternError(f"a gap may span {GAP_LIMIT} words at the most")
    if low > high or high == 0:
        raise PatternError("a gap is written [3] or [1-4], the smaller number first")
    return Gap(low, high)


def _kind(text: str, language: str) -> Node:
    number = Word(frozenset({NUMBER} | {"=" + word for word in NUMBERS.get(language, ())}))
    if text == "#":
        return number
    if text == "#day":
        days = {"=" + without_accents(word, language) for word in DAYS.get(language, ())}
        return Word(frozenset({DATE} | days))
    signs = Word(frozenset("=" + sign for sign in CURRENCY_SIGNS))
    names = Word(frozenset("=" + name for name in CURRENCIES))
    figure = Word(frozenset({NUMBER}))
    return Choice(
        (
            Sequence((signs, figure)),
            Sequence((figure, signs)),
            Sequence((number, names)),
            Sequence((names, figure)),
        )
    )


@lru_cache(maxsize=20_000)
def _inflected(written: str, language: str) -> Node:
    words = words_in(written, language)
    if len(words) > 1 and written.isalpha():  # "cannot" is two words, which do not inflect
        return _word(written, language)
    if len(words) != 1 or not words[0].isalpha():
        raise PatternError(f"'<{written}>': the angle brackets go round one single word")
    together = forms(words[0], language)
    symbols = {"=" + form for form in together} | {"~" + stem(words[0], language)}
    return Word(frozenset(symbols))


@lru_cache(maxsize=20_000)
def _word(written: str, language: str) -> Node:
    if written.startswith("*") or written.endswith("*"):
        return _part(written, language)
    if written.isupper() and len(written) > 1 and written.startswith(("NEAR", "START", "END")):
        raise PatternError(f"'{written}' is no operator; there are START, END, NEAR and NEAR3")
    words = [word for word in words_in(written, language) if word]
    if not words:
        raise PatternError(f"'{written}' is no word that a text could hold")
    found = tuple(Word(frozenset({"=" + without_accents(word, language)})) for word in words)
    return found[0] if len(found) == 1 else Sequence(found)


def _part(written: str, language: str) -> Node:
    part = without_accents(written.strip("*").casefold(), language)
    if written.startswith("*") and written.endswith("*"):
        raise PatternError(f"'{written}': a star goes at one end only")
    if len(part) < _SHORTEST_PART or not part.isalpha():
        raise PatternError(f"'{written}': show {_SHORTEST_PART} letters or more beside the star")
    return Word(frozenset({("$" if written.startswith("*") else "^") + part}))


def _may_be_empty(node: Node) -> bool:
    match node:
        case Word():
            return node.symbols <= _EMPTY
        case Gap():
            return True
        case Sequence():
            return all(_may_be_empty(item) for item in node.items)
        case Choice():
            return node.optional or any(_may_be_empty(option) for option in node.options)


def _open_ended(node: Node, *, first: bool) -> bool:
    match node:
        case Word():
            return False
        case Gap():
            return True
        case Choice():
            return any(_open_ended(option, first=first) for option in node.options)
        case Sequence():
            items = node.items if first else node.items[::-1]
            for item in items:
                if _open_ended(item, first=first):
                    return True
                if not (isinstance(item, Choice) and item.optional):
                    return False
            return False
