"""Turn a rule's suggestion into a sentence about this letter, out of what the marked words themselves name.

`{matter}` becomes what happened: the words' own if-clause as a plain statement where that is safe ("sorry if your order
was late": "your order was late"), else a blank that holds the customer's thing where the letter names it. `{before}`
is what stands before the "but". Blanks are `[[...]]`: only the agent knows what belongs there.
"""

import re

from worker.domain.wording.rules import WordingPack

_BLANKS = {"en": "what happened", "es": "lo que pasó", "fr": "ce qui s'est passé", "de": "was geschehen ist"}
_REGRETS = {
    "en": "I am sorry that {matter}",
    "es": "Siento que {matter}",
    "fr": "Je suis désolée que {matter}",
    "de": "Es tut mir leid, dass {matter}",
}
_YOURS = {  # these are compiled when first used: most letters need no suggestion
    "en": r"(?i)\byour (\w+)",
    "es": r"(?i)\bsus? (\w+)",
    "fr": r"(?i)\b(?:votre|vos) (\w+)",
    "de": r"\bIhr(?:e|en|em|er|es)? ([A-ZÄÖÜ]\w+)",
}
_TURN = (
    r"(?i)(?:^|[,;.]?\s)(?:but|however|though|although|that said|pero|aunque|sin embargo|mais|cependant|toutefois|aber"
    r"|jedoch|allerdings)\b"
)

_CLAUSES = {  # what the regret hangs on, in the words of the letter
    "en": (
        r"(?:\b(?:sorry|apologi[sz]e|regret(?: it)?|apologies)\b,? if |^if )((?:the|our|your|we|it|my|a|an)\b[^,.;!?]{4,120})"
        r"|\byou (?:feel|felt|think|thought) (?:that )?((?:our|the|my|we)\b[^,.;!?]{4,120})"
    ),
    "de": r"(?:,\s|^)(?:falls|wenn|sofern) ((?:der|die|das|unsere?|Ihre?|wir)\b[^,.;!?]{4,120})",
    "es": r"\bsi ((?:el|la|los|las|nuestr[oa]s?|su)\b[^,.;!?]{4,120})",
    "fr": r"\bsi ((?:le|la|les|notre|nos|votre)\b[^,.;!?]{4,120})",
}
_PLAIN = {"en", "de"}  # where the clause can be stated as it is; elsewhere its verb would change
_DOUBTFUL = (  # a clause with one of these doubts the harm or speaks of a feeling: no plain statement
    r"(?i)\b(?:any\w*|may|might|could|would|should|ever|feel\w*|felt|seem\w*|appear\w*|across|impression|upset|offen\w+|dis\w+"
    r"|annoy\w*|inconvenien\w+|expectations?|taste|liking|satisf\w+|perhaps|somehow|some|sollten?|könnten?|etwa|irgend\w*"
    r"|möglich\w*|Eindruck|Gefühl|Erwartung\w*|Unannehm\w+|enttäuscht|verärgert|gestört)\b"
)


def better_wording(suggestion: str, words: str, text: str, pack: WordingPack) -> str:
    """The suggestion with its holes filled from the marked `words`, or from the rest of the letter's `text`."""
    if "{before}" in suggestion:
        regret = _before_the_turn(words) or _REGRETS.get(pack.language, _REGRETS["en"])
        suggestion = suggestion.replace("{before}", regret)
    return (
        suggestion.replace("{matter}", _matter(words, text, pack)) if "{matter}" in suggestion else suggestion
    )


def _before_the_turn(words: str) -> str:
    turn = re.search(_TURN, words)
    return " ".join(words[: turn.start()].split()) if turn else ""


def _matter(words: str, text: str, pack: WordingPack) -> str:
    """What happened, or a blank for it with what the letter names: "[[what happened: your kettle]]"."""
    clause = _clause(words, pack.language)
    if clause and pack.language in _PLAIN:
        return clause
    blank = _BLANKS.get(pack.language, _BLANKS["en"])
    named = clause or _thing(words, pack) or _thing(text, pack)
    return f"[[{blank}: {named}]]" if named else f"[[{blank}]]"


def _clause(words: str, language: str) -> str:
    pattern = _CLAUSES.get(language)
    found = re.search(pattern, " ".join(words.split()), re.IGNORECASE) if pattern else None
    clause = next(filter(None, found.groups()), "") if found else ""
    return "" if re.search(_DOUBTFUL, clause) else clause.strip()


def _thing(words: str, pack: WordingPack) -> str:
    yours = _YOURS.get(pack.language)
    for match in re.finditer(yours, words) if yours else ():
        if match.group(1).casefold() not in pack.generic:
            thing = match.group()
            return thing if pack.language == "de" else thing[:1].lower() + thing[1:]
    return ""
