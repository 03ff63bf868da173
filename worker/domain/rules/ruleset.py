"""What a set of rules says about one mail: every hit, and every hit that a negation or an excuse weakens."""

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter

from worker.domain.rules.negation import BARRIERS, EXCEPTIONS, NEGATORS, TURNS
from worker.domain.rules.pattern import BadPatterns, Hit, PatternSet, Tokens, compile_patterns, tokenize
from worker.domain.rules.places import line_of_text
from worker.domain.rules.rule import Kind, Position, Rule, RuleFault, Sample, Scope, Status

_EDGE_SENTENCES = 3  # what counts as the opening and the closing
_NEGATION_REACH = 3  # words between a negator and what it denies
_NEGATION_BREAKS = frozenset(",;:()–—•")

_last_token = attrgetter("last_token")
_Slot = tuple[str, str]  # (rule id, "any" | "all" | "none" | "unless") or ("", "negator" | "exception")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """One place where a rule speaks. [start, end) in `field`; `weakened` says why it counts for nothing."""

    rule: Rule
    field: str
    start: int
    end: int
    sentence: int
    clause: int = 0  # how many "but"s stand before it in its sentence
    weakened: str = ""


@dataclass(slots=True)
class _Field:
    """One field of a mail, read once: its tokens, its hits by rule and slot, its negators."""

    name: str
    tokens: Tokens
    hits: dict[_Slot, list[Hit[_Slot]]]
    negators: list[Hit[_Slot]] = field(default_factory=list)
    excepted: set[int] = field(default_factory=set)  # tokens an exception covers


@dataclass(slots=True)
class _Pack:
    """The rules that apply to mails of one language, compiled."""

    rules: tuple[Rule, ...]
    patterns: PatternSet[_Slot]


class RuleSet:
    """Rules that have been read without fault. Immutable; compiled per language when a mail first needs it."""

    def __init__(self, rules: Iterable[Rule], version: str | None = None) -> None:
        self.rules = tuple(rules)
        self._packs: dict[str, _Pack] = {}
        self._version = version

    @cached_property
    def version(self) -> str:
        """A hash of every rule: the same rules, the same version."""
        if self._version is not None:
            return self._version
        told = "\n".join(sorted(repr(rule) for rule in self.rules))
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that rules of complaint cover."""
        return frozenset(
            rule.lang for rule in self.rules if rule.kind is Kind.COMPLAINT and rule.lang != "any"
        )

    def examine(self, *, subject: str, text: str, language: str | None) -> tuple[RuleHit, ...]:
        """Every hit of every rule that is not retired, weakened ones marked; subject first, then text."""
        return self._examine(language if language in self.languages else "any", subject, text)

    def examine_sample(self, language: str, sample: Sample) -> tuple[RuleHit, ...]:
        """As `examine`, in the language of the rule whose sample it is."""
        return self._examine(language, sample.subject, sample.text)

    def _examine(self, language: str, subject: str, text: str) -> tuple[RuleHit, ...]:
        pack = self._pack(language)
        fields = [_read(part, words, pack.patterns) for part, words in (("subject", subject), ("text", text))]
        length = len(fields[1].tokens)
        found = {slot[0] for reading in fields for slot in reading.hits}
        hits = [hit for rule in pack.rules if rule.id in found for hit in _hits_of(rule, fields, length)]
        return tuple(_excuse_sentences(hits))

    def faults(self) -> tuple[RuleFault, ...]:
        """Every pattern of every rule that cannot be read, each with the file of its rule."""
        return tuple(fault for rule in self.rules for fault in pattern_faults(rule))

    def _pack(self, language: str) -> _Pack:
        pack = self._packs.get(language)
        if pack is None:
            rules = tuple(
                rule
                for rule in self.rules
                if rule.lang in {language, "any"} and rule.status is not Status.RETIRED
            )
            pack = self._packs[language] = _Pack(rules, compile_patterns(_sources(rules, language), language))
        return pack


def _sources(rules: Iterable[Rule], language: str) -> Mapping[_Slot, tuple[str, ...]]:
    sources: dict[_Slot, tuple[str, ...]] = {
        ("", "negator"): NEGATORS.get(language, ()),
        ("", "exception"): EXCEPTIONS.get(language, ()),
    }
    for rule in rules:
        for slot, patterns in _slots(rule):
            if patterns:
                sources[rule.id, slot] = patterns
    return sources


def _slots(rule: Rule) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("any", rule.any), ("all", rule.all), ("none", rule.none), ("unless", rule.unless))


def pattern_faults(rule: Rule, source: str = "") -> tuple[RuleFault, ...]:
    """Every pattern of a rule that cannot be read; `source` is the text of its file, for the line."""
    try:
        compile_patterns(dict(_slots(rule)), rule.lang)
    except BadPatterns as bad:
        return tuple(
            RuleFault(
                file=rule.file,
                line=line_of_text(source, fault.source),
                message=f'the pattern "{_shown(fault.source)}": {fault.message}',
            )
            for fault in bad.faults
        )
    return ()


def _shown(source: str) -> str:
    return "".join(character if character.isprintable() else "�" for character in source)


def sample_faults(rule: Rule) -> tuple[RuleFault, ...]:
    """The samples of a rule that do not come out as they say."""
    alone = RuleSet([rule], version="")
    faults = [_sample_fault(rule, alone, sample, wanted=True) for sample in rule.hits]
    faults += [_sample_fault(rule, alone, sample, wanted=False) for sample in rule.misses]
    return tuple(fault for fault in faults if fault is not None)


def _sample_fault(rule: Rule, alone: RuleSet, sample: Sample, *, wanted: bool) -> RuleFault | None:
    hits = alone.examine_sample(rule.lang, sample)
    speaking = [hit for hit in hits if not hit.weakened]
    if bool(speaking) is wanted:
        return None
    if wanted:
        reason = f" (found but {hits[0].weakened})" if hits else ""
        message = f"a [[hit]] is not found{reason}: {sample.text!r}"
    else:
        first = speaking[0]
        words = (sample.subject if first.field == "subject" else sample.text)[first.start : first.end]
        message = f'a [[miss]] is found by "{words}": {sample.text!r}'
    return RuleFault(file=rule.file, line=sample.line or 1, message=message)


def _read(name: str, text: str, patterns: PatternSet[_Slot]) -> _Field:
    tokens = tokenize(text, patterns.language)
    hits: dict[_Slot, list[Hit[_Slot]]] = defaultdict(list)
    for hit in patterns.find(tokens):
        hits[hit.key].append(hit)
    reading = _Field(name, tokens, hits, hits.get(("", "negator"), []))
    for hit in hits.get(("", "exception"), ()):
        reading.excepted.update(range(hit.first_token, hit.last_token + 1))
    return reading


def _hits_of(rule: Rule, fields: list[_Field], length: int) -> list[RuleHit]:
    """What one rule says: nothing unless its conditions over the whole mail hold."""
    if rule.max_words and length > rule.max_words:
        return []
    looked = [reading for reading in fields if reading.name in rule.where]
    by_any = {hit.source_index for reading in looked for hit in reading.hits.get((rule.id, "any"), ())}
    by_all = {hit.source_index for reading in looked for hit in reading.hits.get((rule.id, "all"), ())}
    if (rule.any and len(by_any) < rule.at_least) or len(by_all) < len(rule.all):
        return []
    if any(reading.hits.get((rule.id, "none")) for reading in fields):
        return []
    slot = "any" if rule.any else "all"
    return [found for reading in looked for found in _judged(rule, reading, slot)]


def _longest(hits: list[Hit[_Slot]]) -> list[Hit[_Slot]]:
    """Of hits that overlap the longest, for one rule speaks once over the same words."""
    if len(hits) == 1:
        return hits
    kept: list[Hit[_Slot]] = []
    for hit in sorted(hits, key=lambda hit: (hit.first_token, -hit.last_token)):
        if not kept or hit.first_token > kept[-1].last_token:
            kept.append(hit)
    return kept


def _judged(rule: Rule, reading: _Field, slot: str) -> Iterator[RuleHit]:
    """What a rule says in one field."""
    hits = reading.hits.get((rule.id, slot))
    if not hits:
        return
    sentence_of, sentences = reading.tokens.sentence_of, reading.tokens.sentences
    excused = {sentence_of[excuse.first_token] for excuse in reading.hits.get((rule.id, "unless"), ())}
    for hit in _longest(hits):
        sentence = sentence_of[hit.first_token]
        if not _in_position(rule.position, sentence, len(sentences)):
            continue
        weakened = ""
        if rule.guard and _negated(reading, hit):
            weakened = "negated"
        elif sentence in excused:
            weakened = "excused in its own sentence"
        before = reading.tokens.words[sentences[sentence].first : hit.first_token]
        yield RuleHit(
            rule=rule,
            field=reading.name,
            start=hit.start,
            end=hit.end,
            sentence=sentence,
            clause=0 if TURNS.isdisjoint(before) else sum(word in TURNS for word in before),
            weakened=weakened,
        )


def _in_position(position: Position, sentence: int, sentences: int) -> bool:
    if position is Position.OPENING:
        return sentence < _EDGE_SENTENCES
    if position is Position.CLOSING:
        return sentence >= sentences - _EDGE_SENTENCES
    return True


def _negated(reading: _Field, hit: Hit[_Slot]) -> bool:
    """A negator shortly before the hit, with nothing between that ends its reach, and none inside the hit itself."""
    tokens = reading.tokens
    inside = bisect_left(reading.negators, hit.first_token, key=_last_token)
    if inside < len(reading.negators) and reading.negators[inside].last_token <= hit.last_token:
        return False
    nearest = _nearest_negator(reading, hit.first_token)
    if nearest is None or tokens.sentence_of[nearest.last_token] != tokens.sentence_of[hit.first_token]:
        return False
    if not _NEGATION_BREAKS.isdisjoint(tokens.text[nearest.end : hit.start]):
        return False
    return not any(word in BARRIERS for word in tokens.words[nearest.last_token + 1 : hit.first_token + 1])


def _nearest_negator(reading: _Field, before: int) -> Hit[_Slot] | None:
    """The last negator before a word and within reach of it that no exception covers."""
    place = bisect_left(reading.negators, before, key=_last_token)
    while place:
        place -= 1
        negator = reading.negators[place]
        if before - negator.last_token - 1 > _NEGATION_REACH:
            return None
        if negator.first_token not in reading.excepted:
            return negator
    return None


def _excuse_sentences(hits: list[RuleHit]) -> list[RuleHit]:
    """Counter rules that reach over a sentence or a field weaken the complaints in it; a "but" ends their reach."""
    excused: dict[tuple[str, int, int], str] = {}
    for hit in hits:
        if hit.rule.kind is Kind.COUNTER and not hit.weakened and hit.rule.status is Status.LIVE:
            if hit.rule.scope is Scope.SENTENCE:
                excused[hit.field, hit.sentence, hit.clause] = hit.rule.id
            elif hit.rule.scope is Scope.FIELD:
                excused[hit.field, -1, -1] = hit.rule.id
    return [_excused(hit, excused) for hit in hits] if excused else hits


def _excused(hit: RuleHit, excused: Mapping[tuple[str, int, int], str]) -> RuleHit:
    by = excused.get((hit.field, hit.sentence, hit.clause)) or excused.get((hit.field, -1, -1))
    if by is None or hit.weakened or hit.rule.kind is not Kind.COMPLAINT:
        return hit
    return replace(hit, weakened=f"excused by {by}")
