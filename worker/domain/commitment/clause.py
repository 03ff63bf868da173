"""One committing clause of a sentence, before its due time is read."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """[start, end) in the sentence; `head` is where the verb that commits begins."""

    start: int
    head: int
    end: int = 0
    hedged: bool = False
    needs_time: bool = False  # present tense: a promise only with a time
    subject: str = "ours"  # ours | staff | you | result

    def reaching(self, end: int) -> "Clause":
        return replace(self, end=end)

    def hedging(self, *, needs_time: bool) -> "Clause":
        return replace(self, hedged=True, needs_time=self.needs_time or needs_time)
