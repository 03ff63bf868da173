"""Tell from the mere set of a sentence's words which patterns could stand in it.

Whatever a pattern's order and gaps, some words it cannot do without: "still {has not|not} <arrive>" needs "still",
and a "not", and a form of "arrive". A pattern is laid under the rarest of its needs and looked at only where that
one and the second rarest both occur; then the others are asked. What passes is still to be read word by word.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from worker.domain.rules.syntax import END, START, Choice, Gap, Node, Word

Need = frozenset[str]  # one of these symbols must occur


def needs_of(node: Node) -> frozenset[Need]:
    """What a sentence must hold for the pattern to stand in it, all of it; empty for what may be empty itself."""
    if isinstance(node, Word):
        return frozenset() if node.symbols & {START, END} else frozenset({node.symbols})
    if isinstance(node, Gap):
        return frozenset()
    if isinstance(node, Choice):
        return _needs_of_choice(node)
    return frozenset().union(*map(needs_of, node.items))


def _needs_of_choice(node: Choice) -> frozenset[Need]:
    """What all options need (both sides of a NEAR), and one or the other of what each needs."""
    needs = [needs_of(option) for option in node.options]
    if node.optional or not all(needs):
        return frozenset()
    either = frozenset().union(*(min(wanted, key=_commonness) for wanted in needs))
    return needs[0].intersection(*needs[1:]) | {either}


def _commonness(need: Need) -> tuple[int, int, str]:
    """Few forms and long ones are rare; the last part only makes the choice the same in every run."""
    return len(need), -min(map(len, need)), min(need)


class Sieve:
    """The needs of many patterns, which are numbered in their order; symbols are numbers too."""

    def __init__(self, needs: Iterable[Sequence[frozenset[int]]]) -> None:
        told = list(needs)
        counts = Counter(symbol for wanted in told for need in wanted for symbol in need)
        self._needs = [_rarest_first(wanted, counts) for wanted in told]
        self._under: dict[int, list[int]] = {}
        for pattern, wanted in enumerate(self._needs):
            for symbol in wanted[0]:
                self._under.setdefault(symbol, []).append(pattern)
        self._pairs: dict[int, dict[int, list[int]]] = {}

    def passing(self, symbols: set[int]) -> set[int]:
        """The patterns that have all they need in a sentence with these symbols."""
        found: set[int] = set()
        for rarest in self._under.keys() & symbols:
            pairs = self._pairs.get(rarest) or self._paired(rarest)
            for second in pairs.keys() & symbols:
                found.update(pairs[second])
        return {pattern for pattern in found if self._passes(pattern, symbols)}

    def _passes(self, pattern: int, symbols: set[int]) -> bool:
        return not any(need.isdisjoint(symbols) for need in self._needs[pattern][2:])

    def _paired(self, rarest: int) -> dict[int, list[int]]:
        """The patterns under a symbol by their second need; worked out when the symbol is first met."""
        pairs = self._pairs[rarest] = {}
        for pattern in self._under[rarest]:
            wanted = self._needs[pattern]
            for second in wanted[1] if len(wanted) > 1 else (rarest,):
                pairs.setdefault(second, []).append(pattern)
        return pairs


def _rarest_first(wanted: Sequence[frozenset[int]], counts: Counter[int]) -> list[frozenset[int]]:
    """Needs in the order of how many patterns speak of their symbols: what few speak of is rare in mail too."""
    return sorted(wanted, key=lambda need: (sum(map(counts.__getitem__, need)), sorted(need)))
