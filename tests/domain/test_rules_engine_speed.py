"""The automaton finds exactly what following every node by itself finds, and does a bounded amount of work per word."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.domain.rules.automaton import Automaton, Graph, Place, Symbols, told
from worker.domain.rules.pattern import PatternSet, compile_patterns, tokenize

PATTERNS = (
    "a b", "a (b) c", "a ... b", "a [2] b [1-3] c", "{a b|c} d", "START a b", "a END", "b ?", "?", "!", "a NEAR2 d",
    "(very) a {b|c d} ... a", "{very a|a} END", "a [1-2] {b|c} END", "a (b) (c) ... d ?", "{a|b} {a|b} {a|b}", "START (very) a",
)  # fmt: skip
WORDS = ("a", "b", "c", "d", "very", "other")


def by_hand(graph: Graph, sentence: Sequence[Symbols], mark: str) -> list[Place]:
    """Every node by itself, the later start kept: what the automaton must find, written as plainly as it can be."""
    found: list[Place] = []
    ready = dict.fromkeys(graph.onward([0], graph.start), 0)
    waiting: dict[int, tuple[int, int, int]] = {}  # the first word it may take, where it began, the last word
    for place, symbols in enumerate(sentence):
        asked = {0: place} | {node: ready[node] for node in ready}
        gone_on: dict[int, int] = {}
        for node, began in asked.items():
            for target in graph.onward([node], symbols):
                gone_on[target] = max(gone_on.get(target, -1), began)
        for node, (soonest, began, latest) in waiting.items():
            for target in graph.onward([node], symbols) if soonest <= place <= latest else ():
                gone_on[target] = max(gone_on.get(target, -1), began)
        for node, began in gone_on.items():
            found += [(place, began, pattern) for pattern in graph.accepts[node]]
            for low, high, behind in graph.gaps[node]:
                entered = (place + 1 + low, began, place + 1 + high)
                waiting[behind] = max(waiting.get(behind, entered), entered)
        ready = gone_on
    length = len(sentence)
    over = {node: began for node, (soonest, began, latest) in waiting.items() if soonest <= length <= latest}
    for node, began in (over | ready | {0: length - 1}).items():
        for target in graph.onward([node], graph.ends.get(mark, graph.ends[""])):
            found += [(length - 1, began, pattern) for pattern in graph.accepts[target]]
    return told(found)


def compiled(patterns: Sequence[str] = PATTERNS) -> PatternSet[str]:
    return compile_patterns({"rule": patterns}, "en")


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25), st.sampled_from(["", ".", "?", "!"]))
def test_the_automaton_finds_what_following_every_node_finds(words: list[str], mark: str) -> None:
    patterns = compiled()
    sentence = patterns.symbols(words)
    assert Automaton(patterns.graph).read(sentence, mark) == by_hand(patterns.graph, sentence, mark)


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), min_size=1, max_size=4))
def test_what_was_read_before_changes_nothing(sentences: list[list[str]]) -> None:
    text = ". ".join(" ".join(["Dear", *words]) for words in sentences)
    tokens = tokenize(text, "en")
    used = compiled()
    used.find(tokens)
    assert used.find(tokens) == compiled().find(tokens)


class CountedEdges(dict[int, tuple[int, ...]]):
    """The edges of a node, counting how often they are asked."""

    asked = 0

    def get(self, symbol: int, default: tuple[int, ...] = ()) -> tuple[int, ...]:  # type: ignore[override]  # as the graph calls it
        CountedEdges.asked += 1
        return super().get(symbol, default)


@pytest.mark.parametrize("piece", [("a",), ("a", "b"), ("a", "other", "b"), ("a", "b", "c", "d")])
def test_the_graph_is_asked_no_more_for_a_long_text_than_for_a_short_one(piece: tuple[str, ...]) -> None:
    asked = []
    for times in (100, 1000):
        patterns = compiled()
        graph = Graph(
            edges=[CountedEdges(edges) for edges in patterns.graph.edges],
            gaps=patterns.graph.gaps,
            accepts=patterns.graph.accepts,
            start=patterns.graph.start,
            ends=patterns.graph.ends,
        )
        CountedEdges.asked = 0
        Automaton(graph).read(patterns.symbols(piece * times), "")
        asked.append(CountedEdges.asked)
    assert asked[0] == asked[1]


def test_a_flood_of_one_word_tells_no_more_hits_than_anybody_needs() -> None:
    hits = compiled(["still"]).find(tokenize("still " * 5000, "en"))
    assert len(hits) == 200
