"""The wording rules of one language, read from plain values and compiled to one pattern set.

A rule either lists phrases (`any`) or names a `structure`, a piece of the check that reads how sentences follow
each other. Both lean on `cues`: named word lists of the language ("sorry", "owned", "repair", "offer" ...).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from worker.domain.rules.inflection import stem
from worker.domain.rules.pattern import BadPatterns, PatternSet, compile_patterns
from worker.domain.wording.finding import Kind, Level, ReplyTo

PhraseKey = tuple[str, str]  # (ANY | UNLESS, rule id) or (CUE, name)


class Mark(StrEnum):
    """Which stretch a rule marks."""

    WORDS = "words"  # the phrase itself
    CLAUSE = "clause"  # the clause it stands in
    APOLOGY = "apology"  # from the apology it spoils to the end of its clause
    SENTENCE = "sentence"


class Structure(StrEnum):
    """The pieces of the check that no phrase can say."""

    EXCUSE = "excuse-but"
    QUESTION = "question-first"
    EXPLANATION = "explanation-first"
    GENERIC = "generic"
    PLACEHOLDER = "placeholder"
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A text that a rule must, or must not, find."""

    text: str
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingRule:
    """One rule as its file says it. Cue names are names of lists of the same language."""

    id: str
    title: str
    kind: Kind
    level: Level
    lang: str
    message: str
    suggestion: str
    any: tuple[str, ...] = ()
    structure: Structure | None = None
    needs: tuple[str, ...] = ()  # cues: one of them stands in the sentence
    unless: tuple[str, ...] = ()  # patterns: none of them stands in the sentence
    unless_at: tuple[str, ...] = ()  # cues: none of them touches the phrase
    unless_cues: tuple[str, ...] = ()  # cues: none of them stands in the sentence
    unless_near: tuple[str, ...] = ()  # cues: none of them stands in the sentence or the one before or after
    unless_apart: tuple[str, ...] = ()  # the same, but outside the phrase's own clause
    reply_to: frozenset[ReplyTo] = frozenset(ReplyTo)
    mark: Mark = Mark.CLAUSE
    rank: int = 0  # added to the kind's: of two findings on the same words the higher one is told
    hits: tuple[Sample, ...] = ()
    misses: tuple[Sample, ...] = ()
    file: str = ""  # where it was read from


class GenericWords:
    """The words that name nothing in particular, in every inflection. Stems are worked out when first needed."""

    def __init__(self, phrases: Sequence[str], language: str) -> None:
        self._words = frozenset(word for phrase in phrases for word in phrase.split())
        self._language = language

    def __contains__(self, word: str) -> bool:
        return word in self._words or stem(word, self._language) in self._stems

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stem(word, self._language) for word in self._words)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingPack:
    """All rules of one language, compiled. `cues` and `generic` are the language's word lists."""

    language: str
    rules: Mapping[str, WordingRule]
    patterns: PatternSet[PhraseKey]
    structures: Mapping[Structure, WordingRule]
    generic: GenericWords
    negations: frozenset[str]  # words that turn "our fault" into its opposite


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingRules:
    """Every language's pack, and the reasons an agent may give for overriding a finding, by key."""

    packs: Mapping[str, WordingPack]
    default_language: str = "en"
    override_reasons: Mapping[str, str] = field(default_factory=dict)

    def pack(self, language: str | None) -> WordingPack | None:
        """The pack of a language; of an unknown one the default's; None where the language has no pack."""
        return self.packs.get(language or self.default_language)


_NAMED = re.compile(r"@(\w+)")
_NEGATIONS = "negations"  # the list of that name
_PART = 80  # characters
ANY, UNLESS, CUE = "any", "unless", "cue"


def compile_pack(
    language: str,
    rules: Sequence[WordingRule],
    cues: Mapping[str, Sequence[str]],
    generic: Sequence[str],
    lists: Mapping[str, Sequence[str]],
) -> WordingPack:
    """One pattern set out of all phrases and word lists of a language. `@name` in a phrase is the choice `lists[name]`.

    Raises:
        BadPatterns: some phrases cannot be read; it names each with its key.

    """
    sources: dict[PhraseKey, Sequence[str]] = {
        (CUE, name): spelt_out(phrases, lists) for name, phrases in cues.items()
    }
    for rule in rules:
        sources[ANY, rule.id] = spelt_out(rule.any, lists)
        sources[UNLESS, rule.id] = spelt_out(rule.unless, lists)
    return WordingPack(
        language=language,
        rules={rule.id: rule for rule in rules},
        patterns=compile_patterns(sources, language),
        structures={rule.structure: rule for rule in rules if rule.structure},
        negations=frozenset(lists.get(_NEGATIONS, ())),
        generic=GenericWords(generic, language),
    )


def spelt_out(phrases: Sequence[str], lists: Mapping[str, Sequence[str]]) -> list[str]:
    """The phrases with every `@name` written out; a long list is cut in parts, each making a phrase of its own."""
    waiting, done = list(reversed(phrases)), []
    while waiting:
        phrase = waiting.pop()
        named = _NAMED.search(phrase)
        if named is None or named.group(1) not in lists:
            done.append(phrase)
            continue
        before, after, words = phrase[: named.start()], phrase[named.end() :], lists[named.group(1)]
        waiting += [f"{before}{{{'|'.join(part)}}}{after}" for part in _cut(words)]
    return done


def _cut(words: Sequence[str]) -> list[list[str]]:
    """Words in parts of at most `_PART` characters, for a phrase may not be longer than the pattern language allows."""
    parts: list[list[str]] = [[]]
    size = 0
    for word in words:
        if size + len(word) > _PART:
            parts.append([])
            size = 0
        parts[-1].append(word)
        size += len(word) + 1
    return parts


def missing_cues(
    rules: Sequence[WordingRule], cues: Mapping[str, Sequence[str]]
) -> tuple[tuple[WordingRule, str], ...]:
    """Every rule with the name of a cue that it leans on and the language does not have."""
    return tuple(
        (rule, name)
        for rule in rules
        for name in (
            *rule.needs, *rule.unless_at, *rule.unless_cues, *rule.unless_near, *rule.unless_apart
        )
        if name not in cues
    )  # fmt: skip


__all__ = [
    "BadPatterns",
    "Mark",
    "Sample",
    "Structure",
    "WordingPack",
    "WordingRule",
    "WordingRules",
    "compile_pack",
    "missing_cues",
]
