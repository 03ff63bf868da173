"""Turn many patterns into one matcher that reads a text once and says which pattern stands where.

Three calls, for complaint rules and wording rules alike:

    patterns = compile_patterns({"late": ["still {has not|not} <arrive>"]}, "en")
    tokens = tokenize("It still hasn't arrived.", "en")
    patterns.find(tokens)  ->  [Hit(key="late", source_index=0, start=3, end=23, first_token=1, last_token=4)]

Offsets count code points of the original text, end exclusive; `first_token`..`last_token` are inclusive indexes into
the tokens, so `tokens.sentence_of[hit.first_token]` is the hit's sentence. How a pattern is written: see `syntax`;
what a word and a sentence is: see `tokens`. Patterns and text must be of the same language ("any": no inflection).

How it works. All patterns share one graph: a node per "so much has been read", an edge per symbol (a word form, a
stem, a beginning...), a waiting node per gap. Patterns that begin alike share their nodes, and at every word only
nodes that were reached are asked, so ten thousand patterns cost little more than a hundred. Of two ways to the same
node the later start is kept: at every word each node is visited once, which makes the whole linear in the text.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from worker.domain.rules import syntax
from worker.domain.rules.inflection import stem, without_accents
from worker.domain.rules.syntax import Choice, Gap, Node, PatternError, Word, read_pattern
from worker.domain.rules.tokens import Sentence, Tokens, tokenize

__all__ = ["BadPatterns", "Hit", "PatternFault", "PatternSet", "Tokens", "compile_patterns", "tokenize"]

Key = TypeVar("Key", bound=Hashable)

_MEMO_LIMIT = 50_000  # words whose symbols are remembered before starting afresh
_READINGS = {"'s": ("'s", "is", "has"), "'d": ("'d", "would", "had")}
_STEM_HEAD = 3  # letters that a stem shares with its word


@dataclass(frozen=True, slots=True)
class Hit(Generic[Key]):
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
    return PatternSet(graph, places, language)


class _Graph:
    """The nodes of all patterns; node 0 is where every word may begin something."""

    def __init__(self) -> None:
        self.symbols: dict[str, int] = {}
        self.edges: list[dict[int, tuple[int, ...]]] = [{}]
        self.gaps: list[tuple[tuple[int, int, int], ...]] = [()]  # (low, high, waiting node)
        self.accepts: list[list[int]] = [[]]
        self._known: dict[tuple[frozenset[int], Word | Gap], int] = {}

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
        target = len(self.edges)
        self._known[sources, node] = target
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


_Reached = dict[int, int]  # node -> the token its match began at
_Found = dict[tuple[int, int, int], None]  # (pattern, first token, last token), in the order found


class PatternSet(Generic[Key]):
    """Compiled patterns. Reads many texts; keeps nothing of them but which symbols a word stands for."""

    def __init__(self, graph: _Graph, places: list[tuple[Key, int]], language: str) -> None:
        self.language = language
        self._places = places
        self._edges = graph.edges
        self._gaps = graph.gaps
        self._accepts = [tuple(accepted) for accepted in graph.accepts]
        self._symbols = graph.symbols
        self._takers = _takers(graph)
        self._stem_heads = {name[1 : 1 + _STEM_HEAD] for name in graph.symbols if name[0] == "~"}
        self._beginnings = _by_edge(graph.symbols, "^")
        self._endings = _by_edge(graph.symbols, "$")
        self._memo: dict[str, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def find(self, tokens: Tokens) -> list[Hit[Key]]:
        """Every place where a pattern stands, in the order in which they end; linear in the tokens."""
        if not self._places:
            return []
        if len(self._memo) > _MEMO_LIMIT:
            self._memo.clear()
        found: _Found = {}
        for sentence in tokens.sentences:
            self._read_sentence(tokens.words, sentence, found)
        return [self._hit(tokens, *place) for place in found]

    def _hit(self, tokens: Tokens, pattern: int, first: int, last: int) -> Hit[Key]:
        key, index = self._places[pattern]
        return Hit(key, index, tokens.starts[first], tokens.ends[last], first, last)

    def _read_sentence(self, words: list[str], sentence: Sentence, found: _Found) -> None:  # noqa: C901, PLR0912 - the inner loop of everything: a call per step would cost more than the step
        """Walk one sentence, keeping which nodes may go on with the next word and which wait in a gap."""
        memo, edges, gaps, accepts = self._memo, self._edges, self._gaps, self._accepts
        takers, no_nodes = self._takers, frozenset[int]()
        root = edges[0]
        first, last = sentence.first, sentence.last
        ready = self._begin(first)  # node -> where its match began; may go on with this very word
        waiting: dict[
            int, tuple[int, int, int]
        ] = {}  # gap node -> where it began, first and last word it may take
        for place in range(first, last):
            word = words[place]
            symbols = memo.get(word)
            if symbols is None:
                symbols = memo[word] = self._symbols_of(word)
            if not symbols:
                if ready:
                    ready = {}
                continue
            arrived: _Reached = {}
            for symbol in symbols:
                for target in root.get(symbol, ()):
                    arrived[target] = place
                for node, began in ready.items():
                    for target in edges[node].get(symbol, ()):
                        if arrived.get(target, -1) < began:
                            arrived[target] = began
            if waiting:
                for symbol in symbols:
                    for node in takers.get(symbol, no_nodes) & waiting.keys():
                        began, soonest, latest = waiting[node]
                        if soonest <= place <= latest:
                            for target in edges[node][symbol]:
                                if arrived.get(target, -1) < began:
                                    arrived[target] = began
            ready = {}
            for node, began in arrived.items():
                for pattern in accepts[node]:
                    found[pattern, began, place] = None
                if edges[node]:
                    ready[node] = began
                for low, high, target in gaps[node]:
                    waiting[target] = (began, place + 1 + low, place + 1 + high)
        self._finish(last, sentence.mark, ready, waiting, found)

    def _begin(self, first: int) -> _Reached:
        """The nodes that the beginning of a sentence leads to; it takes no word."""
        symbol = self._symbols.get(syntax.START, -1)
        return dict.fromkeys(self._edges[0].get(symbol, ()), first)

    def _finish(
        self,
        last: int,
        mark: str,
        ready: _Reached,
        waiting: Mapping[int, tuple[int, int, int]],
        found: _Found,
    ) -> None:
        """Read the end of a sentence, which takes no word; a "?" alone stands on the last word."""
        reached = {0: last - 1, **ready}
        for node, (began, soonest, latest) in waiting.items():
            if soonest <= last <= latest:
                reached.setdefault(node, began)
        for name in (syntax.END, mark):
            symbol = self._symbols.get(name, -1)
            for node, began in reached.items():
                for target in self._edges[node].get(symbol, ()):
                    for pattern in self._accepts[target]:
                        found[pattern, began, last - 1] = None

    def _symbols_of(self, word: str) -> tuple[int, ...]:
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


def _takers(graph: _Graph) -> dict[int, frozenset[int]]:
    """Per symbol the gap nodes that it leads on from: most words end no gap, so most gaps need not be asked."""
    found: dict[int, set[int]] = {}
    for node in {target for gaps in graph.gaps for _, _, target in gaps}:
        for symbol in graph.edges[node]:
            found.setdefault(symbol, set()).add(node)
    return {symbol: frozenset(nodes) for symbol, nodes in found.items()}


def _by_edge(symbols: Mapping[str, int], sign: str) -> dict[str, list[str]]:
    """Beginnings or endings by their three outermost letters."""
    found: dict[str, list[str]] = {}
    for name in symbols:
        if name[0] == sign and len(name) > 1:
            edge = name[1:4] if sign == "^" else name[-3:]
            found.setdefault(edge, []).append(name)
    return found
