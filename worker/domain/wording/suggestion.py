"""Turn a rule's suggestion into a sentence about this letter, out of what the marked words themselves name."""


def better_wording(suggestion: str, words: str) -> str:
    return suggestion.replace("{matter}", "[[what happened]]")
