"""Turn many patterns into one matcher that reads a text once and says which pattern stands where.

Three calls, for complaint rules and wording rules alike:

    patterns = compile_patterns({"late": ["still {has not|not} <arrive>"]}, "en")
    tokens = tokenize("It still hasn't arrived.", "en")
    patterns.find(tokens)  ->  [Hit(key="late", source_index=0, start=3, end=23, first_token=1, last_token=4)]

Offsets count code points of the original text, end exclusive; `first_token`..`last_token` are inclusive indexes into
the tokens, so `tokens.sentence_of[hit.first_token]` is the hit's sentence. How a pattern is written: see `syntax`;
what a word and a sentence is: see `tokens`. Patterns and text must be of the same language ("any": no inflection).

How it works: all patterns share one graph, with a node per "so much has been read", an edge per symbol (a word form, a
stem, a beginning...) and a node behind every gap; patterns that begin alike share their nodes. `automaton` reads the
sentences through it.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from worker.domain.rules import syntax
from worker.domain.rules.automaton import Automaton, Graph, Place, Symbols
from worker.domain.rules.inflection import stem, without_accents
from worker.domain.rules.syntax import Choice, Gap, Node, PatternError, Word, read_pattern
from worker.domain.rules.tokens import Tokens, tokenize

__all__ = ["BadPatterns", "Hit", "PatternFault", "PatternSet", "Tokens", "compile_patterns", "tokenize"]

Key = TypeVar("Key", bound=Hashable)

_MEMO_LIMIT = 50_000  # words whose symbols are remembered before starting afresh
_SENTENCE_LIMIT = 4_096  # sentences remembered before starting afresh
_LONG = 60  # words; a longer sentence is not remembered
_READINGS = {"'s": ("'s", "is", "has"), "'d": ("'d", "would", "had")}
_STEM_HEAD = 3  # letters that a stem shares with its word


class Hit(NamedTuple, Generic[Key]):
    """Where one pattern stands: [start, end) in code points of the text, tokens first..last inclusive."""

    key: Key
    source_index: int
    start: int
    end: int
    first_token: int
    last_token: int


@dataclass(frozen=True, slots=True)
class PatternFault(Generic[Key]):
    """What is wrong with one pattern, as a sentence."""

    key: Key
    source: str
    message: str


class BadPatterns(ValueError):  # noqa: N818 - carries faults as data for the caller to place in a file
    """Patterns that cannot be read: every one of them in `faults`, not the first only."""

    def __init__(self, faults: "tuple[PatternFault[Hashable], ...]") -> None:
        self.faults = faults
        super().__init__("\n".join(f"{fault.source!r}: {fault.message}" for fault in faults))


def compile_patterns(sources: Mapping[Key, Sequence[str]], language: str) -> "PatternSet[Key]":
    """One matcher for all the patterns, which are named by their key and their place in its list.

    Raises:
        BadPatterns: some cannot be read; it names every one.

    """
    graph = _Graph()
    places: list[tuple[Key, int]] = []
    faults: list[PatternFault[Hashable]] = []
    for key, patterns in sources.items():
        for index, source in enumerate(patterns):
            try:
                node = read_pattern(source, language)
            except PatternError as error:
                faults.append(PatternFault(key, source, str(error)))
                continue
            for end in graph.add(frozenset({0}), node):
                graph.accepts[end].append(len(places))
            places.append((key, index))
    if faults:
        raise BadPatterns(tuple(faults))
    return PatternSet(graph.symbols, graph.done(), places, language)


class _Graph:
    """The nodes of all patterns; node 0 is where every word may begin something."""

    def __init__(self) -> None:
        self.symbols: dict[str, int] = {}
        self.edges: list[dict[int, tuple[int, ...]]] = [{}]
        self.gaps: list[tuple[tuple[int, int, int], ...]] = [()]  # (low, high, waiting node)
        self.accepts: list[list[int]] = [[]]
        self._known: dict[tuple[frozenset[int], Word | Gap], int] = {}

    def done(self) -> Graph:
        """The graph as it is read through."""
        start, end, asked, exclaimed = (
            tuple(self.symbols[name] for name in (name,) if name in self.symbols)
            for name in (syntax.START, syntax.END, syntax.ASKED, syntax.EXCLAIMED)
        )
        return Graph(
            edges=self.edges,
            gaps=self.gaps,
            accepts=[tuple(accepted) for accepted in self.accepts],
            start=start,
            ends={"": end, syntax.ASKED: end + asked, syntax.EXCLAIMED: end + exclaimed},
        )

    def add(self, sources: frozenset[int], node: Node) -> frozenset[int]:
        """Lead on from any of `sources` through `node`; the nodes where it may have been read to its end."""
        if isinstance(node, Word | Gap):
            return frozenset({self._step(sources, node)})
        if isinstance(node, Choice):
            return self._choice(sources, node)
        for item in node.items:
            sources = self.add(sources, item)
        return sources

    def _choice(self, sources: frozenset[int], node: Choice) -> frozenset[int]:
        """Single words are joined into one step, so that a choice of ten words is one node."""
        words = [option for option in node.options if isinstance(option, Word)]
        ends = set(sources) if node.optional else set()
        if words:
            joined = Word(frozenset().union(*(word.symbols for word in words)))
            ends.add(self._step(sources, joined))
        for option in node.options:
            if not isinstance(option, Word):
                ends |= self.add(sources, option)
        return frozenset(ends)

    def _step(self, sources: frozenset[int], node: Word | Gap) -> int:
        known = self._known.get((sources, node))
        if known is not None:
            return known
        target = self._known[sources, node] = len(self.edges)
        self.edges.append({})
        self.gaps.append(())
        self.accepts.append([])
        for source in sources:
            if isinstance(node, Gap):
                self.gaps[source] += ((node.low, node.high, target),)
            else:
                self._edge(source, node, target)
        return target

    def _edge(self, source: int, node: Word, target: int) -> None:
        edges = self.edges[source]
        for symbol in node.symbols:
            number = self.symbols.setdefault(symbol, len(self.symbols))
            edges[number] = (*edges.get(number, ()), target)


class _WordSymbols(dict[str, Symbols]):
    """The words seen lately and what they stand for, worked out when first asked."""

    def __init__(self, work_out: Callable[[str], Symbols]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, word: str) -> Symbols:
        symbols = self[word] = self._work_out(word)
        return symbols


class PatternSet(Generic[Key]):
    """Compiled patterns. Reads many texts; keeps the words and short sentences it saw last."""

    def __init__(
        self, symbols: Mapping[str, int], graph: Graph, places: list[tuple[Key, int]], language: str
    ) -> None:
        self.language = language
        self.graph = graph
        self._places = places
        self._symbols = symbols
        self._automaton = Automaton(graph)
        self._seen: dict[tuple[str, ...], list[Place]] = {}
        self._stem_heads = {name[1 : 1 + _STEM_HEAD] for name in symbols if name[0] == "~"}
        self._beginnings = _by_edge(symbols, "^")
        self._endings = _by_edge(symbols, "$")
        self._stands_for = _WordSymbols(self._symbols_of)

    def __len__(self) -> int:
        return len(self._places)

    def find(self, tokens: Tokens) -> list[Hit[Key]]:
        """Every place where a pattern stands, in the order in which they end; linear in the tokens."""
        if not self._places:
            return []
        if len(self._stands_for) > _MEMO_LIMIT:
            self._stands_for.clear()
        hits = []
        starts, ends = tokens.starts, tokens.ends
        for first, last, mark in tokens.stretches:
            for ended, began, pattern in self._read(tokens.words[first:last], mark):
                key, index = self._places[pattern]
                hits.append(
                    Hit(key, index, starts[first + began], ends[first + ended], first + began, first + ended)
                )
        return hits

    def _read(self, words: Sequence[str], mark: str) -> list[Place]:
        """What stands in a sentence; from memory if it was seen lately, as greetings, thanks and signatures were."""
        if len(words) > _LONG:
            return self._automaton.read(self.symbols(words), mark)
        sentence = (mark, *words)
        known = self._seen.get(sentence)
        if known is None:
            if len(self._seen) >= _SENTENCE_LIMIT:
                self._seen.clear()
            known = self._seen[sentence] = self._automaton.read(self.symbols(words), mark)
        return known

    def symbols(self, words: Iterable[str]) -> list[Symbols]:
        """What each word stands for in these patterns."""
        return list(map(self._stands_for.__getitem__, words))

    def _symbols_of(self, word: str) -> Symbols:
        """The symbols of the patterns that a word of the text stands for; for most words none."""
        found: dict[int, None] = {}
        for reading in _READINGS.get(word, (word,)):
            bare = without_accents(reading, self.language)
            names = ["=" + bare, *self._shapes(bare)]
            if bare[:_STEM_HEAD] in self._stem_heads or len(bare) <= _STEM_HEAD:
                names.append("~" + stem(reading, self.language))
            for name in names:
                number = self._symbols.get(name)
                if number is not None:
                    found[number] = None
        return tuple(found)

    def _shapes(self, bare: str) -> list[str]:
        shapes = [name for name in self._beginnings.get(bare[:3], ()) if bare.startswith(name[1:])]
        shapes += [name for name in self._endings.get(bare[-3:], ()) if bare.endswith(name[1:])]
        if bare[:1].isdigit():
            shapes.append(syntax.NUMBER)
            if "/" in bare or bare.endswith(("st", "nd", "rd", "th")) or bare.count(".") == 2:
                shapes.append(syntax.DATE)
        return shapes


def _by_edge(symbols: Mapping[str, int], sign: str) -> dict[str, list[str]]:
    """Beginnings or endings by their three outermost letters."""
    found: dict[str, list[str]] = {}
    for name in symbols:
        if name[0] == sign and len(name) > 1:
            edge = name[1:4] if sign == "^" else name[-3:]
            found.setdefault(edge, []).append(name)
    return found
