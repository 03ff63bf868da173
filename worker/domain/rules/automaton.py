"""Read sentences through the graph of all patterns, with a look-up per word.

The graph says: at this node, with this symbol, go on to those nodes. To follow every node by itself costs as much as
there are patterns that begin with a common word. So all nodes that a stretch of words leads to are one state, which is
made when a text first asks for it, and remembers where it goes with which word. A word that begins no pattern, and
most that follow one, cost one look into a dictionary.

1. A thread is a state and the word its stretch began at. Every word begins one; most end with the next word.
2. A state with gaps waits as long as its longest gap may last, and is asked at every word which gaps that word ends.
3. Of two ways to one node the later start is kept; of two ways into one gap the later way. So a word is never read
   more often than there are states within the reach of a gap, and all is linear in the text.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

_STATE_LIMIT = 20_000  # states remembered before starting afresh: hostile text must not fill the memory
_MOST_HITS = 200  # of one pattern in one sentence: nobody writes so many, but a flood of one word has them
_MANY = 2_000  # hits of one sentence from which those that nobody needs are dropped as it is read

Symbols = tuple[int, ...]  # what a word of the text stands for
Place = tuple[int, int, int]  # last word, first word, pattern: in this order hits are told
Gap = tuple[int, int, int]  # the fewest and the most words it spans, the node behind it
_Thread = tuple[int, "_State"]  # the word it began at
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The nodes of all patterns, by number; node 0 is where every word may begin something."""

    edges: Sequence[Mapping[int, tuple[int, ...]]]  # of a node: the nodes each symbol leads to
    gaps: Sequence[tuple[Gap, ...]]
    accepts: Sequence[tuple[int, ...]]  # of a node: the patterns read to their end when it is reached
    start: Symbols  # what stands at the beginning of a sentence
    ends: Mapping[str, Symbols]  # what stands at its end, by its mark; "" for any other

    def onward(self, nodes: Iterable[int], symbols: Symbols) -> frozenset[int]:
        """The nodes that a word with these symbols leads to."""
        return frozenset(
            target for node in nodes for symbol in symbols for target in self.edges[node].get(symbol, ())
        )


class _Remembered(dict[Symbols, _Answer]):
    """What a state answers to a word, worked out when first asked."""

    def __init__(self, work_out: Callable[[Symbols], _Answer]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, symbols: Symbols) -> _Answer:
        answer = self[symbols] = self._work_out(symbols)
        return answer


class _State:
    """Nodes reached together."""

    __slots__ = ("accepting", "enders", "gap_enders", "gaps", "goes_on", "longest", "next", "past_gaps")

    def __init__(self, nodes: frozenset[int], automaton: "Automaton") -> None:
        graph = automaton.graph
        self.accepting = [(node, graph.accepts[node]) for node in nodes if graph.accepts[node]]
        self.enders = nodes & automaton.enders
        self.goes_on = any(graph.edges[node] for node in nodes)
        self.gaps = {gap[2]: gap for node in nodes for gap in graph.gaps[node]}  # by the node behind
        self.longest = max((most for _, most, _ in self.gaps.values()), default=0)
        self.gap_enders = automaton.enders.intersection(self.gaps)
        self.next = _Remembered(lambda symbols: automaton.state(graph.onward(nodes, symbols)))
        self.past_gaps = _Remembered(
            lambda symbols: [
                (gap, state)
                for gap in self.gaps.values()
                if (state := automaton.state(graph.onward((gap[2],), symbols))) is not None
            ]
        )


class _Wait(NamedTuple):
    """A state with gaps, for as long as they may last."""

    began: int
    entered: int  # the word the state was reached with
    state: _State

    def lasts(self, gap: Gap, place: int) -> bool:
        """Whether the gap may end just before this word."""
        return gap[0] < place - self.entered <= gap[1] + 1


_Waits = dict[_State, _Wait]  # in the order in which they were entered


class Automaton:
    """The graph, and as many of its states as texts have asked for."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        ending = {symbol for symbols in graph.ends.values() for symbol in symbols}
        self.enders = frozenset(  # the nodes from which the end of a sentence leads on
            node for node, edges in enumerate(graph.edges) if not ending.isdisjoint(edges)
        )
        self._states: dict[frozenset[int], _State] = {}
        self._root = _State(frozenset({0}), self)

    def state(self, nodes: frozenset[int]) -> _State | None:
        """The one state of these nodes; None of none."""
        if not nodes:
            return None
        known = self._states.get(nodes)
        if known is None:
            known = self._states[nodes] = _State(nodes, self)
        return known

    def read(self, sentence: Iterable[Symbols], mark: str) -> list[Place]:
        """Every place in a sentence where a pattern stands, in the order in which they end."""
        if len(self._states) > _STATE_LIMIT:
            self._states.clear()
            self._root = _State(frozenset({0}), self)
        begin = self._root.next
        opening = begin[self.graph.start]
        threads: list[_Thread] = [(0, opening)] if opening else []
        waits: _Waits = {}
        found: list[Place] = []
        enough = _MANY
        place = -1
        for place, symbols in enumerate(sentence):
            arrived = [(began, onward) for began, state in threads if (onward := state.next[symbols])]
            if waits and symbols and (late := _past_gaps(waits, symbols, place)):
                arrived = sorted(arrived + late, key=_began)
            if onward := begin[symbols]:
                arrived.append((place, onward))
            threads = self._arrive(arrived, place, waits, found) if arrived else arrived
            if len(found) > enough:
                found = told(found)
                enough = 2 * len(found) + _MANY
        self._end(threads, waits, place + 1, mark, found)
        return told(found)

    def _arrive(self, arrived: list[_Thread], place: int, waits: _Waits, found: list[Place]) -> list[_Thread]:
        """Tell what was read to its end, wait where there are gaps; the threads that may go on with the next word."""
        threads = []
        latest_start: dict[int, int] = {}
        for thread in reversed(arrived):
            began, state = thread
            for node, patterns in state.accepting:
                if latest_start.setdefault(node, began) == began:
                    found += [(place, began, pattern) for pattern in patterns]
            if state.goes_on:
                threads.append(thread)
        for began, state in arrived:
            if state.gaps:
                waits.pop(state, None)
                waits[state] = _Wait(began, place, state)
        threads.reverse()
        return threads

    def _end(self, threads: list[_Thread], waits: _Waits, length: int, mark: str, found: list[Place]) -> None:
        """Read the end of a sentence, which takes no word; a "?" alone stands on the last word."""
        reached = dict.fromkeys(self._root.enders, length - 1)
        for node, (wait, gap) in self._gaps_at_the_end(waits).items():
            if wait.lasts(gap, length):
                reached[node] = wait.began
        for began, state in threads:
            reached.update(dict.fromkeys(state.enders, began))
        symbols = self.graph.ends.get(mark, self.graph.ends[""])
        for node, began in reached.items():
            for target in self.graph.onward((node,), symbols):
                found += [(length - 1, began, pattern) for pattern in self.graph.accepts[target]]

    def _gaps_at_the_end(self, waits: _Waits) -> dict[int, tuple[_Wait, Gap]]:
        """Of the nodes behind gaps from which the end leads on, the last way into each."""
        return {node: (wait, state.gaps[node]) for state, wait in waits.items() for node in state.gap_enders}


def _began(thread: _Thread) -> int:
    return thread[0]


def _past_gaps(waits: _Waits, symbols: Symbols, place: int) -> list[_Thread]:
    """The threads that this word leads on behind a gap; waits that are over are dropped."""
    threads: list[_Thread] = []
    over: list[_State] = []
    for state, wait in waits.items():
        if place - wait.entered > state.longest + 1:
            over.append(state)
            continue
        for gap, onward in state.past_gaps[symbols]:
            if wait.lasts(gap, place) and not _entered_later(waits, wait, gap):
                threads.append((wait.began, onward))
    for state in over:
        del waits[state]
    return threads


def _entered_later(waits: _Waits, wait: _Wait, gap: Gap) -> bool:
    """Whether the node behind the gap was made to wait for again, by a later way or a later start."""
    for other in reversed(waits.values()):
        if other is wait:
            return False
        if gap[2] in other.state.gaps:
            return True
    return False


def told(found: Collection[Place]) -> list[Place]:
    """Places in their order, each once, and of one pattern not more than anybody needs."""
    places = sorted(set(found)) if len(found) > 1 else list(found)
    if len(places) <= _MOST_HITS:
        return places
    counts: dict[int, int] = {}
    kept = []
    for place in places:
        counts[place[2]] = counts.get(place[2], 0) + 1
        if counts[place[2]] <= _MOST_HITS:
            kept.append(place)
    return kept
