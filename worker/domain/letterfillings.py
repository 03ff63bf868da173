"""Every way in which a letter can be filled, to try it before a customer is written to."""

from collections.abc import Iterator
from itertools import product

from worker.domain.letter import Letter, LetterFacts
from worker.domain.particulars import Particular, Particulars, ReferenceKind

# A customer's words in the languages letters are written in; another language is tried with the English ones.
_TOLD = {
    "en": ("my kettle arrived with a cracked lid", "since Tuesday"),
    "es": ("el hervidor llegó con la tapa rota", "desde el martes"),
    "fr": ("la bouilloire est arrivée avec un couvercle fêlé", "depuis mardi"),
    "de": ("der Wasserkocher kam mit gesprungenem Deckel an", "seit Dienstag"),
}
_PROMISED = {
    "en": "I will call you",
    "es": "Le llamaré",
    "fr": "Je vous appellerai",
    "de": "Ich rufe Sie an",
}


def fillings(letter: Letter, due: str, old_due: str = "") -> Iterator[LetterFacts]:
    """The letter's facts with each particular known and unknown, at every level of apology it can speak."""
    for told in _particulars(letter.language):
        for level, known in product(letter.apology, (True, False)):
            yield LetterFacts(
                customer="Ada Byron" if known else "",
                particulars=told,
                apology=level,
                due=due,
                old_due=old_due if known else "",
                promised=_PROMISED.get(letter.language, _PROMISED["en"]) if known else "",
                owner="Bea Lovelace",
                firm="The Tea Room",
                subject="Kettle" if known else "",
            )


def _particulars(language: str) -> Iterator[Particulars]:
    words, when = _TOLD.get(language, _TOLD["en"])
    what = Particular(text=words, field="text", start=0, end=len(words))
    since = Particular(text=when, field="text", start=500, end=500 + len(when))
    one = Particular(text="AB-123-456", field="text", start=300, end=310, kind=ReferenceKind.ORDER)
    other = Particular(text="4711", field="text", start=320, end=324, kind=ReferenceKind.ORDER)
    for has_what, has_since, about in product((True, False), (True, False), ((), (one,), (one, other))):
        yield Particulars(
            what=what if has_what else None,
            since=since if has_since else None,
            reference=about[0] if about else None,
            references=about,
            about=about,
        )
