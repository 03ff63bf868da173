"""Tells which of the languages whose promises we read a letter is in, a single short sentence included."""

import re

from worker.domain.language import tell_language, word_scores

_WORD = re.compile(r"[^\W\d_]+")
_MARKS = {
    "en": "will by tomorrow today monday tuesday wednesday thursday friday we'll i'll you",
    "es": "le mañana hoy lunes martes miércoles jueves viernes esperamos usted llamaré el",
    "fr": "je nous vous demain aujourd'hui lundi mardi mercredi jeudi vendredi",
    "de": "ich wir sie ihnen morgen heute montag dienstag mittwoch donnerstag freitag bis",
}
_OF = {word: code for code, marks in _MARKS.items() for word in marks.split()}


def tongue_of(text: str) -> str | None:
    """The ISO 639-1 code of the text's language, None when two are as likely."""
    told = tell_language(text)
    if told is not None or len(text) > 400:
        return told
    low = text.lower()
    score = {code: word_scores(low).get(code, 0.0) for code in _MARKS}
    for word in _WORD.findall(low):
        if word in _OF:
            score[_OF[word]] += 1
    best, second = sorted(score.values(), reverse=True)[:2]
    return max(score, key=lambda code: score[code]) if best > second else None
