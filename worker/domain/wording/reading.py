"""A letter as the wording check reads it: sentences, clauses, what stands where, and where its opening is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from worker.domain.rules.pattern import Hit, tokenize
from worker.domain.rules.tokens import Sentence, Tokens
from worker.domain.wording.rules import ANY, CUE, PhraseKey, WordingPack

_BREAK = re.compile(r"[;:()\n—–]|\s-\s")  # always parts two clauses
_GREETING_WORDS = 6  # a sentence that greets and has no more words is the greeting line
_TRIMMED = " \t\n\r\"'“”‘’«»()-–—,;:"
_WITHIN = r"(?:[^“”„«»\"\n]|\n(?!\n)){1,600}"  # one paragraph's worth
_QUOTED = rf'“{_WITHIN}”|„{_WITHIN}[“”]|«{_WITHIN}»|»{_WITHIN}«|"{_WITHIN}"'
_QUOTED_WORDS = 3  # fewer between quotation marks are the writer's own: a name, or a sneer
_WHOLE_LETTER = 0.8  # a quotation longer than this share of the text is the letter itself


@dataclass(frozen=True, slots=True)
class Reading:
    """One text with every phrase and cue found in it, by sentence."""

    pack: WordingPack
    tokens: Tokens
    hits: tuple[Hit[PhraseKey], ...]  # phrases of rules
    cues: dict[int, dict[str, list[Hit[PhraseKey]]]]  # sentence -> cue -> where
    excuses: dict[int, set[str]]  # sentence -> keys of `unless` patterns found
    joints: frozenset[int]  # tokens that begin a new clause after a comma ("and", "but", "so")

    @property
    def text(self) -> str:
        return self.tokens.text

    @property
    def sentences(self) -> list[Sentence]:
        return self.tokens.sentences

    def cued(self, sentence: int, names: Iterable[str]) -> list[Hit[PhraseKey]]:
        """Where any of these cues stands in a sentence; empty beyond the first and the last sentence."""
        there = self.cues.get(sentence)
        return [hit for name in names for hit in there.get(name, ())] if there else []

    def cued_near(self, sentence: int, names: tuple[str, ...]) -> bool:
        return any(self.cued(near, names) for near in (sentence - 1, sentence, sentence + 1))

    def parts(self, before: int) -> bool:
        """Whether a clause ends between token `before` and the next one."""
        tokens = self.tokens
        between = tokens.text[tokens.ends[before] : tokens.starts[before + 1]]
        if between == " ":
            return False
        return bool(_BREAK.search(between)) or ("," in between and before + 1 in self.joints)

    def clause(self, first: int, last: int) -> tuple[int, int]:
        """The tokens, inclusive, of the clause or clauses that hold tokens first..last."""
        sentence = self.sentences[self.tokens.sentence_of[first]]
        while first > sentence.first and not self.parts(first - 1):
            first -= 1
        while last < sentence.last - 1 and not self.parts(last):
            last += 1
        return first, last

    def stretch(self, first: int, last: int) -> tuple[int, int]:
        """The characters of tokens first..last, with the full stop of a sentence that ends there."""
        tokens = self.tokens
        sentence = self.sentences[tokens.sentence_of[last]]
        end = sentence.end if last == sentence.last - 1 else tokens.ends[last]
        start = tokens.starts[first]
        while end > start and tokens.text[end - 1] in _TRIMMED:
            end -= 1
        return start, end

    def is_courtesy(self, sentence: int) -> bool:
        """A greeting or a line of thanks, which is not yet the opening."""
        place = self.sentences[sentence]
        greeting = self.cued(sentence, ["greeting"])
        if (
            greeting
            and greeting[0].first_token == place.first
            and place.last - place.first <= _GREETING_WORDS
        ):
            return True
        courtesy = self.cued(sentence, ["courtesy"])
        return bool(courtesy) and courtesy[0].first_token - place.first <= _GREETING_WORDS

    def opening(self) -> int | None:
        """The first sentence that says something, or None when all is courtesy."""
        return next((n for n in range(len(self.sentences)) if not self.is_courtesy(n)), None)


def read_letter(text: str, pack: WordingPack) -> Reading:
    """Tokens, sentences and everything the pack finds, in one walk over the text."""
    tokens = tokenize(text, pack.language)
    hits: list[Hit[PhraseKey]] = []
    cues: dict[int, dict[str, list[Hit[PhraseKey]]]] = {}
    excuses: dict[int, set[str]] = {}
    joints: set[int] = set()
    quoted = _quotations(text)
    for hit in pack.patterns.find(tokens):
        role, name = hit.key
        if quoted and any(start < hit.start and hit.end < end for start, end in quoted):
            continue
        if name == "owned" and _denied(tokens, hit, pack.negations):
            continue
        sentence = tokens.sentence_of[hit.first_token]
        if role == CUE:
            cues.setdefault(sentence, {}).setdefault(name, []).append(hit)
            if name == "joint":
                joints.add(hit.first_token)
        elif role == ANY:
            hits.append(hit)
        else:
            excuses.setdefault(sentence, set()).add(name)
    return Reading(pack, tokens, tuple(hits), cues, excuses, frozenset(joints))


def _quotations(text: str) -> list[tuple[int, int]]:
    """The characters of what stands in quotation marks: somebody else's words, which are not judged."""
    if not any(mark in text for mark in '“„«»"'):
        return []
    return [
        match.span()
        for match in re.finditer(_QUOTED, text)
        if len(match.group().split()) >= _QUOTED_WORDS and len(match.group()) < _WHOLE_LETTER * len(text)
    ]


def _denied(tokens: Tokens, hit: Hit[PhraseKey], negations: frozenset[str]) -> bool:
    """Whether one of the two words before says no: "that is not our fault" owns nothing."""
    first = tokens.sentences[tokens.sentence_of[hit.first_token]].first
    return any(word in negations for word in tokens.words[max(first, hit.first_token - 2) : hit.first_token])
