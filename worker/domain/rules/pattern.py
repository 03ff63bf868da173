"""Turn many patterns into one matcher that reads a text once and says which pattern stands where.

Three calls, for complaint rules and wording rules alike:

    patterns = compile_patterns({"late": ["still {has not|not} <arrive>"]}, "en")
    tokens = tokenize("It still hasn't arrived.", "en")
    patterns.find(tokens)  ->  [Hit(key="late", source_index=0, start=3, end=23, first_token=1, last_token=4)]

Offsets count code points of the original text, end exclusive; `first_token`..`last_token` are inclusive indexes into
the tokens, so `tokens.sentence_of[hit.first_token]` is the hit's sentence. How a pattern is written: see `syntax`;
what a word and a sentence is: see `tokens`. Patterns and text must be of the same language ("any": no inflection).

How it works, for one sentence after the other:

1. A sentence seen lately is not read again: greetings, thanks and signatures come by the thousand.
2. The sieve says which patterns could stand in it by its words alone; in most sentences none could.
3. For those that could the sentence is read word by word through one graph, which all patterns share: a node per "so
   much has been read", an edge per symbol (a word form, a stem, a beginning...), a waiting node per gap. Of two ways
   to the same node the later start is kept: at every word each node is visited once, so all is linear in the text.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from worker.domain.rules import syntax
from worker.domain.rules.inflection import stem, without_accents
from worker.domain.rules.sieve import Sieve, needs_of
from worker.domain.rules.syntax import Choice, Gap, Node, PatternError, Word, read_pattern
from worker.domain.rules.tokens import Tokens, tokenize

__all__ = ["BadPatterns", "Hit", "PatternFault", "PatternSet", "Tokens", "compile_patterns", "tokenize"]

Key = TypeVar("Key", bound=Hashable)

_MEMO_LIMIT = 50_000  # words whose symbols are remembered before starting afresh
_SENTENCE_LIMIT = 4_096  # sentences remembered before starting afresh
_LONG = 60  # words from which a sentence is not remembered
_READINGS = {"'s": ("'s", "is", "has"), "'d": ("'d", "would", "had")}
_MOST_HITS = 200  # of one pattern in one sentence; nobody writes so many, but a flood of one word has them
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
    nodes: list[Node] = []
    faults: list[PatternFault[Hashable]] = []
    for key, patterns in sources.items():
        for index, source in enumerate(patterns):
            try:
                node = read_pattern(source, language)
            except PatternError as error:
                faults.append(PatternFault(key, source, str(error)))
                continue
            graph.add_pattern(node)
            nodes.append(node)
            places.append((key, index))
    if faults:
        raise BadPatterns(tuple(faults))
    sieve = Sieve([[graph.numbers(need) for need in needs_of(node)] for node in nodes])
    return PatternSet(graph, sieve, places, language)


class _Graph:
    """The nodes of all patterns; node 0 is where every word may begin something."""

    def __init__(self) -> None:
        self.symbols: dict[str, int] = {}
        self.edges: list[dict[int, tuple[int, ...]]] = [{}]
        self.gaps: list[tuple[tuple[int, int, int], ...]] = [()]  # (low, high, waiting node)
        self.accepts: list[list[int]] = [[]]
        self.heads: list[set[int]] = []  # of every pattern the nodes that node 0 leads to
        self._known: dict[tuple[frozenset[int], Word | Gap], int] = {}

    def add_pattern(self, node: Node) -> None:
        """Take in the next pattern; its number is its place in the order of coming."""
        self.heads.append(set())
        for end in self.add(frozenset({0}), node):
            self.accepts[end].append(len(self.heads) - 1)

    def numbers(self, symbols: frozenset[str]) -> frozenset[int]:
        """The numbers of symbols that patterns taken in so far speak of."""
        return frozenset(map(self.symbols.__getitem__, symbols))

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
        target = self._known.get((sources, node), len(self.edges))
        if 0 in sources:
            self.heads[-1].add(target)
        if target < len(self.edges):
            return target
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
_Place = tuple[int, int, int]  # last word, first word, pattern: in this order hits are told
_Waiting = dict[int, tuple[int, int, int]]  # gap node -> where it began, first and last word it may take


class PatternSet(Generic[Key]):
    """Compiled patterns. Reads many texts; keeps the words and short sentences it saw last, and what they came to."""

    def __init__(self, graph: _Graph, sieve: Sieve, places: list[tuple[Key, int]], language: str) -> None:
        self.language = language
        self._places = places
        self._sieve = sieve
        self._heads = graph.heads
        self._edges = graph.edges
        self._gaps = graph.gaps
        self._accepts = [tuple(accepted) for accepted in graph.accepts]
        self._symbols = graph.symbols
        self._takers = _takers(graph)
        self._openers = _openers(graph)
        self._stem_heads = {name[1 : 1 + _STEM_HEAD] for name in graph.symbols if name[0] == "~"}
        self._beginnings = _by_edge(graph.symbols, "^")
        self._endings = _by_edge(graph.symbols, "$")
        self._memo: dict[str, tuple[int, ...]] = {}
        self._seen: dict[tuple[str, ...], list[_Place]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def find(self, tokens: Tokens) -> list[Hit[Key]]:
        """Every place where a pattern stands, in the order in which they end; linear in the tokens."""
        if not self._places:
            return []
        return self._told(tokens, self._remembered)

    def find_plainly(self, tokens: Tokens) -> list[Hit[Key]]:
        """As `find`, with neither memory nor sieve: what `find` must find, for the tests."""
        return self._told(tokens, self._read)

    def _told(self, tokens: Tokens, read: Callable[[Sequence[str], str], list[_Place]]) -> list[Hit[Key]]:
        hits: list[Hit[Key]] = []
        words, places = tokens.words, self._places
        for start, end, mark in tokens.stretches:
            for last, first, pattern in read(words[start:end], mark):
                key, index = places[pattern]
                began, ended = start + first, start + last
                hits.append(Hit(key, index, tokens.starts[began], tokens.ends[ended], began, ended))
        return hits

    def _remembered(self, words: Sequence[str], mark: str) -> list[_Place]:
        """What stands in a sentence, from memory or by the sieve and the graph."""
        if len(words) >= _LONG:
            return self._sifted(words, mark)
        sentence = (mark, *words)
        known = self._seen.get(sentence)
        if known is None:
            if len(self._seen) >= _SENTENCE_LIMIT:
                self._seen.clear()
            known = self._seen[sentence] = self._sifted(words, mark)
        return known

    def _sifted(self, words: Sequence[str], mark: str) -> list[_Place]:
        symbols = set().union(*map(self._symbols_in, words))
        symbols.add(self._symbols.get(mark, -1))
        passing = self._sieve.passing(symbols)
        if not passing:
            return []
        return self._read(words, mark, frozenset().union(*(self._heads[pattern] for pattern in passing)))

    def _symbols_in(self, word: str) -> tuple[int, ...]:
        symbols = self._memo.get(word)
        if symbols is None:
            if len(self._memo) > _MEMO_LIMIT:
                self._memo.clear()
            symbols = self._memo[word] = self._symbols_of(word)
        return symbols

    def _read(self, words: Sequence[str], mark: str, heads: frozenset[int] | None = None) -> list[_Place]:  # noqa: C901, PLR0912 - the inner loop of everything: a call per step would cost more than the step
        """Walk one sentence, keeping which nodes may go on with the next word and which wait in a gap.

        Of the nodes that a word may begin with only `heads`, when given; the others would lead to nothing.
        """
        edges, gaps, accepts = self._edges, self._gaps, self._accepts
        takers, no_nodes = self._takers, frozenset[int]()
        found: set[_Place] = set()
        told: dict[int, int] = {}
        root = self._root(heads)
        ready = dict.fromkeys(root.get(self._symbols.get(syntax.START, -1), ()), 0)
        waiting: _Waiting = {}
        for place, word in enumerate(words):
            symbols = self._symbols_in(word)
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
                    told[pattern] = told.get(pattern, 0) + 1
                    if told[pattern] <= _MOST_HITS:
                        found.add((place, began, pattern))
                if edges[node]:
                    ready[node] = began
                for low, high, target in gaps[node]:
                    waiting[target] = (began, place + 1 + low, place + 1 + high)
        for name in (syntax.END, mark):
            found.update(self._at_the_end(name, len(words), root, ready, waiting))
        return sorted(found)

    def _root(self, heads: frozenset[int] | None) -> Mapping[int, Iterable[int]]:
        """Where each symbol leads from the start, to these nodes only when given."""
        if heads is None:
            return self._edges[0]
        root: dict[int, list[int]] = {}
        for head in heads:
            for symbol in self._openers[head]:
                root.setdefault(symbol, []).append(head)
        return root

    def _at_the_end(
        self, name: str, length: int, root: Mapping[int, Iterable[int]], ready: _Reached, waiting: _Waiting
    ) -> Iterator[_Place]:
        """Read the end of a sentence, which takes no word; a "?" alone stands on the last word."""
        symbol = self._symbols.get(name)
        if symbol is None:
            return
        onward = [(target, length - 1) for target in root.get(symbol, ())]
        onward += [
            (target, began) for node, began in ready.items() for target in self._edges[node].get(symbol, ())
        ]
        onward += [
            (target, began)
            for node, (began, soonest, latest) in waiting.items()
            if soonest <= length <= latest and node not in ready
            for target in self._edges[node].get(symbol, ())
        ]
        for target, began in onward:
            for pattern in self._accepts[target]:
                yield length - 1, began, pattern

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


def _openers(graph: _Graph) -> dict[int, list[int]]:
    """Per node that a sentence may begin with the symbols that lead to it."""
    found: dict[int, list[int]] = {}
    for symbol, nodes in graph.edges[0].items():
        for node in nodes:
            found.setdefault(node, []).append(symbol)
    return found


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
