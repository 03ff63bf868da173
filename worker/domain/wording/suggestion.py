"""Turn a rule's suggestion into a sentence about this letter, out of what the marked words themselves name.

`{matter}` becomes a blank for what happened, holding the customer's thing where the words name it; `{before}` what
stands before the "but". Blanks are `[[...]]`: only the agent knows what belongs there.
"""

import re

from worker.domain.rules.inflection import stem
from worker.domain.wording.rules import WordingPack

_BLANKS = {"en": "what happened", "es": "lo que pasó", "fr": "ce qui s'est passé", "de": "was geschehen ist"}
_YOURS = {
    "en": re.compile(r"\byour (\w+)", re.IGNORECASE),
    "es": re.compile(r"\bsus? (\w+)", re.IGNORECASE),
    "fr": re.compile(r"\b(?:votre|vos) (\w+)", re.IGNORECASE),
    "de": re.compile(r"\bIhr(?:e|en|em|er|es)? ([A-ZÄÖÜ]\w+)"),
}
_TURN = re.compile(
    r"(?:^|[,;.]?\s)(?:but|however|though|although|that said|pero|aunque|sin embargo|mais|cependant|toutefois|aber"
    r"|jedoch|allerdings)\b",
    re.IGNORECASE,
)


def better_wording(suggestion: str, words: str, pack: WordingPack) -> str:
    """The suggestion with its holes filled from the marked `words`."""
    if "{before}" in suggestion:
        before = _before_the_turn(words)
        suggestion = (
            suggestion.replace("{before}", before) if before else suggestion.removeprefix("{before}. ")
        )
    return suggestion.replace("{matter}", f"[[{_matter(words, pack)}]]")


def _before_the_turn(words: str) -> str:
    turn = _TURN.search(words)
    return " ".join(words[: turn.start()].split()) if turn else ""


def _matter(words: str, pack: WordingPack) -> str:
    """What only the agent knows, with the thing that the words name: "what happened: your kettle"."""
    blank = _BLANKS.get(pack.language, _BLANKS["en"])
    yours = _YOURS.get(pack.language)
    for match in yours.finditer(words) if yours else ():
        if stem(match.group(1).casefold(), pack.language) not in pack.generic:
            return f"{blank}: {match.group()}"
    return blank
