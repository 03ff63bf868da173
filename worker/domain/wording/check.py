"""Find the fake apologies in a letter: every stretch that hurts, why, and what to write instead.

1. The language is told, and its pack of rules read over the text once.
2. Every phrase of a rule is kept unless the sentence, or one beside it, shows that it is meant well.
3. The structure is read: what follows "but", what the letter opens with, whether anything is named.
4. Of findings on the same words the one that says most is kept.
5. Where nothing was found, and no sentence hears the customer either, that is the finding.
"""

from collections.abc import Callable, Iterator

from worker.domain.language import tell_language
from worker.domain.rules.pattern import Hit
from worker.domain.wording import structure
from worker.domain.wording.finding import Finding, Kind, Level, ReplyTo
from worker.domain.wording.reading import Reading, read_letter
from worker.domain.wording.rules import Mark, PhraseKey, Structure, WordingPack, WordingRule, WordingRules
from worker.domain.wording.suggestion import better_wording

_RANK = {  # of two kinds on the same words the higher is told
    Kind.AUTOMATED: 95, Kind.SARCASTIC: 90, Kind.CONDITIONAL: 80, Kind.FEELINGS: 75, Kind.EXCUSE: 74,
    Kind.WRONG: 70, Kind.BLAME: 65, Kind.POLICY: 60, Kind.MINIMISING: 58, Kind.PASSIVE: 55, Kind.INCONVENIENCE: 50,
    Kind.QUESTION_FIRST: 45, Kind.EXPLANATION_FIRST: 40, Kind.GENERIC: 30, Kind.VAGUE_PROMISE: 10,
}  # fmt: skip

_Found = tuple[WordingRule, int, int]  # the rule and the characters it marks


def check_wording(
    text: str,
    *,
    rules: WordingRules,
    reply_to: ReplyTo = ReplyTo.COMPLAINT,
    language: str | None = None,
    template: bool = False,
) -> tuple[Finding, ...]:
    """Every stretch of `text` that hurts, in the order of the text; linear in the text.

    `language` is an ISO 639-1 code; None tells it from the text. `template` takes `{{x}}`, `{x}`, `[x]`, `%x%`
    and our own `[[hint]]` as filled words.
    """
    spoken = language or tell_language(text)
    pack = rules.pack(spoken)
    if pack is None:
        pack = rules.packs[rules.default_language]
        return tuple(_finding(text, pack, *found) for found in _placeholders(text, pack, template=template))
    reading = read_letter(text, pack)
    found = [*_phrases(reading, reply_to), *_placeholders(text, pack, template=template)]
    found += _structures(reading, reply_to, template=template)
    told = _told(found)
    if spoken and not any(_is_fake(rule) for rule, _, _ in told):
        told = sorted([*_unheard(reading, reply_to, template=template), *told], key=lambda one: one[1])
    return tuple(_finding(text, pack, *kept) for kept in told)


def _is_fake(rule: WordingRule) -> bool:
    return not rule.kind.startswith("letter-")


def _unheard(reading: Reading, reply_to: ReplyTo, *, template: bool) -> Iterator[_Found]:
    """The last resort; a template's blanks may hold the words that are missing."""
    rule = reading.pack.structures.get(Structure.UNHEARD)
    blank = template and any(True for _ in structure.placeholders(reading.text))
    if rule and reply_to in rule.reply_to and not blank:
        for first, last in structure.unheard(reading):
            yield rule, *reading.stretch(first, last)


def _phrases(reading: Reading, reply_to: ReplyTo) -> Iterator[_Found]:
    for hit in reading.hits:
        rule = reading.pack.rules[hit.key[1]]
        if reply_to in rule.reply_to and _stands(reading, rule, hit):
            yield rule, *_marked(reading, rule, hit)


def _stands(reading: Reading, rule: WordingRule, hit: Hit[PhraseKey]) -> bool:
    """Whether nothing in or beside the sentence excuses the phrase."""
    sentence = reading.tokens.sentence_of[hit.first_token]
    if rule.needs and not reading.cued(sentence, rule.needs):
        return False
    if rule.id in reading.excuses.get(sentence, ()) or reading.cued(sentence, rule.unless_cues):
        return False
    if any(_touch(hit, cue) for cue in reading.cued(sentence, rule.unless_at)):
        return False
    if rule.unless_near and reading.cued_near(sentence, rule.unless_near):
        return False
    return not (rule.unless_apart and _owned_apart(reading, rule, hit, sentence))


def _touch(one: Hit[PhraseKey], other: Hit[PhraseKey]) -> bool:
    return one.first_token <= other.last_token and other.first_token <= one.last_token


def _owned_apart(reading: Reading, rule: WordingRule, hit: Hit[PhraseKey], sentence: int) -> bool:
    """Whether a cue stands beside the phrase's clause: "sorry you feel we failed you" owns nothing."""
    if reading.cued(sentence - 1, rule.unless_apart) or reading.cued(sentence + 1, rule.unless_apart):
        return True
    return any(
        cue.first_token > hit.last_token and _parted(reading, hit.last_token, cue.first_token)
        for cue in reading.cued(sentence, rule.unless_apart)
    )


def _parted(reading: Reading, last: int, first: int) -> bool:
    return any(reading.parts(place) or place + 1 in reading.joints for place in range(last, first))


def _marked(reading: Reading, rule: WordingRule, hit: Hit[PhraseKey]) -> tuple[int, int]:
    first, last = hit.first_token, hit.last_token
    if rule.mark is Mark.SENTENCE:
        sentence = reading.sentences[reading.tokens.sentence_of[first]]
        return reading.stretch(sentence.first, sentence.last - 1)
    if rule.mark is Mark.APOLOGY:
        needed = reading.cued(reading.tokens.sentence_of[first], rule.needs or ("sorry",))
        first = min([first, *(cue.first_token for cue in needed)])
        last = max([last, *(cue.last_token for cue in needed)])
    if rule.mark is not Mark.WORDS:
        first, last = reading.clause(first, last)
    return reading.stretch(first, last)


def _placeholders(text: str, pack: WordingPack, *, template: bool) -> Iterator[_Found]:
    rule = pack.structures.get(Structure.PLACEHOLDER)
    if rule and not template:
        for start, end in structure.placeholders(text):
            yield rule, start, end


def _structures(reading: Reading, reply_to: ReplyTo, *, template: bool) -> Iterator[_Found]:
    filled = 2 * sum(1 for _ in structure.placeholders(reading.text)) if template else 0
    readers: dict[Structure, Callable[[], Iterator[structure.Range]]] = {
        Structure.EXCUSE: lambda: structure.excuses_after_but(reading),
        Structure.QUESTION: lambda: structure.question_first(reading),
        Structure.EXPLANATION: lambda: structure.explanation_first(reading),
        Structure.GENERIC: lambda: structure.names_nothing(reading, filled),
    }
    for name, read in readers.items():
        rule = reading.pack.structures.get(name)
        if rule and reply_to in rule.reply_to:
            for first, last in read():
                yield rule, *reading.stretch(first, last)


def _told(found: list[_Found]) -> list[_Found]:
    """Of findings that share words the highest in rank; of equals the first and longest. Advice never hides."""
    ordered = sorted(found, key=lambda one: (-_RANK[one[0].kind] - one[0].rank, one[1], one[1] - one[2]))
    kept: list[_Found] = []
    for rule, start, end in ordered:
        if not any(start < other_end and other_start < end for _, other_start, other_end in kept):
            kept.append((rule, start, end))
    return sorted(kept, key=lambda one: one[1])


def _finding(text: str, pack: WordingPack, rule: WordingRule, start: int, end: int) -> Finding:
    words = text[start:end]
    return Finding(
        id=rule.id,
        kind=rule.kind,
        level=Level(rule.level),
        start=start,
        end=end,
        text=words,
        message=rule.message,
        suggestion=better_wording(rule.suggestion, words, text, pack),
    )
