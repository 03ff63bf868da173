"""Finds since when, or for how long, something has been wrong, in the customer's own words."""

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from worker.domain.particulars.found import Particular
from worker.domain.particulars.sentences import Sentence
from worker.domain.particulars.words import word_set

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_PART = r"(?: (?:morning|afternoon|evening|night|lunchtime))?"
_DATE = (
    rf"(?:(?:{_DAY},? )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?|{_MONTH} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
    r"|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?|\d{4}-\d\d-\d\d|the \d{1,2}(?:st|nd|rd|th))"
)
_COUNT = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|several|a few)"
)
_ROUGHLY = r"(?:(?:just |well )?(?:over|under)|more than|about|around|nearly|almost|at least|exactly|(?:the (?:last|past))|these|some|a good|roughly|approximately)"
_UNIT = r"(?:minutes?|hours?|days?|weeks?|months?|years?|fortnights?|weekends?|evenings?|mornings?)"
_LENGTH = (
    rf"(?:{_ROUGHLY} )?(?:{_COUNT}(?: (?:and a half|full|whole|solid|long|straight|working|business|good|consecutive|entire))?"
    rf" {_UNIT}(?: and a half)?|a fortnight|half an hour|half a day|the (?:last|past) (?:week|month|fortnight))"
)
_TIME = (
    rf"(?:{_DATE}|(?:(?:last|about|around|early|late|at least) )?{_DAY}{_PART}(?: last week)?|yesterday{_PART}|last (?:week|month|year|night|weekend|summer|spring|autumn|winter|{_MONTH})"
    rf"|this morning|the weekend|(?:(?:early|late|mid|the (?:end|start|beginning|middle) of) ){_MONTH}|{_MONTH}|(?:last )?(?:christmas|easter|halloween)|lunchtime|midday|noon|midnight|\d{{1,2}}(?:[:.]\d\d)?\s?[ap]m)"
)
_PATTERNS = {
    "en": (
        (3, "since", rf"\bsince {_TIME}(?!['’\w-])"),
        (3, "for", rf"\bfor {_LENGTH}(?: now)?(?!['’\w-])"),
        (2, "been", rf"\b(?:it['’]s|it is|it has|it['’]ll) (?:now )?been {_LENGTH}(?!['’\w-])"),
        (2, "waited waiting wait", rf"\b(?:waited|waiting|wait) {_LENGTH}(?!['’\w-])"),
        (2, "late overdue", rf"\b{_LENGTH} (?:late|overdue)\b"),
        (
            1,
            "on last yesterday this",
            rf"\b(?:on (?:{_DATE}|{_DAY}{_PART})|last {_DAY}{_PART}|yesterday{_PART}|last night|this morning)(?!['’\w-]| (?:and|or|&|day|time|floor|week|month|of)\b)",
        ),
    ),
    "es": (
        (
            3,
            "desde",
            r"\bdesde (?:el (?:pasado )?)?(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo|ayer|anoche|\d{1,2} de [a-zé]{4,10}(?: de \d{4})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?)(?: pasado)?\b",
        ),
        (
            3,
            "desde",
            r"\bdesde hace (?:más de |casi )?(?:\d{1,3}|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte) (?:horas?|días?|semanas?|mes(?:es)?|años?)\b",
        ),
        (
            2,
            "hace",
            r"\bhace (?:ya )?(?:más de |casi )?(?:\d{1,3}|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte) (?:horas?|días?|semanas?|mes(?:es)?)\b",
        ),
        (
            2,
            "llevo llevamos",
            r"\b(?:llevo|llevamos) (?:ya )?(?:más de |casi )?(?:\d{1,3}|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte) (?:horas?|días?|semanas?|mes(?:es)?)\b",
        ),
    ),
    "fr": (
        (
            3,
            "depuis",
            r"\bdepuis (?:le (?:\d{1,2}|1er) [a-zéû]{3,9}(?: \d{4})?|le \d{1,2}/\d{1,2}(?:/\d{2,4})?|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: dernier)?|hier(?: soir| matin)?|ce matin|la semaine dernière|(?:plus de |près de |bientôt )?(?:\d{1,3}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt) (?:heures?|jours?|semaines?|mois))\b",
        ),
        (
            2,
            "cela ça",
            r"\b(?:cela|ça) fait (?:maintenant |déjà )?(?:plus de )?(?:\d{1,3}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt) (?:heures?|jours?|semaines?|mois)\b",
        ),
    ),
    "de": (
        (
            3,
            "seit",
            r"\bseit (?:(?:dem |letztem |letzten |vergangenem )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)(?:abend|morgen|mittag|nachmittag)?|gestern(?: abend)?|vorgestern|heute (?:morgen|früh)|letzter woche|dem wochenende|(?:dem )?\d{1,2}\.(?: (?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)(?: \d{4})?|\s?\d{1,2}\.(?:\s?\d{2,4})?)|(?:über |mehr als |fast |nun |schon )*(?:\d{1,3}|einer|einem|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|vierzehn|zwanzig) (?:stunden?|tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?))\b",
        ),
    ),
}
_COMPILED = {
    language: tuple(
        (rank, frozenset(triggers.split()), re.compile(pattern.replace(" ", r"[ \n]{1,3}"), re.IGNORECASE))
        for rank, triggers, pattern in patterns
    )
    for language, patterns in _PATTERNS.items()
}
_MOST_SENTENCES = 60

# Words by which a length of time is not that of the failure.
_TENURE = word_set(
    """use uses usage ran run play playing played battery charge charging lasts stays customer customers client clients loyal member members subscriber warranty guarantee guaranteed
    valid stay booked holiday vacation rented hire insured happy shopping shopped using used lasted
    trip leave leaving away will going free trial years year cliente clientes client cliente fidèle
    kunde kundin kunden garantie garantía garantizado"""
)
_NOT_THE_FAILURE = word_set(
    """ordered order placed bought purchased booked paid promised told said due supposed should meant
    expected scheduled until by collected dispatched shipped sent emailed wrote rang called spoke
    asked reported complained signed joined if when moved was"""
)
_HAPPENED = word_set(
    """stopped broke failed cancelled canceled charged missed leaked snapped burst came arrived
    delivered turned happened went took died crashed nobody didn't never cracked fell collapsed
    locked overcharged debited shouted hung"""
)


def find_since(
    sentences: Sequence[Sentence], what: Particular | None, sent_at: datetime | None
) -> Particular | None:
    """The plainest statement of since when; None where no sentence that tells of a failure has one.

    A date later than the mail (`sent_at`) cannot be one, so a statement with a year is held against it.
    """
    best: tuple[float, Particular] | None = None
    telling = (sentence for sentence in sentences if _may_tell(sentence))
    for sentence in islice(telling, _MOST_SENTENCES):
        found = _in_sentence(sentence)
        if found is None or (sent_at is not None and _later_year(found[1].group(), sent_at)):
            continue
        rank, words = found
        at = sentence.start + words.start()
        inside = what is not None and what.field == "text" and what.start <= at < what.end
        if best is None or rank + (1.5 if inside else 0) > best[0]:
            best = (rank + (1.5 if inside else 0), _particular(sentence, words))
    return best[1] if best else None


def _in_sentence(sentence: Sentence) -> tuple[int, re.Match[str]] | None:
    for rank, triggers, pattern in _COMPILED[sentence.language]:
        if sentence.known.isdisjoint(triggers) or (rank == 1 and not _tells_when(sentence)):
            continue
        if found := pattern.search(sentence.text):
            return rank, found
    return None


def _particular(sentence: Sentence, found: re.Match[str]) -> Particular:
    start, end = sentence.start + found.start(), sentence.start + found.end()
    return Particular(text=found.group(), field=sentence.field, start=start, end=end)


def _may_tell(sentence: Sentence) -> bool:
    if sentence.text.endswith("?") or not (sentence.tells_failure or _only_tells_how_long(sentence)):
        return False
    tenure = sentence.known & _TENURE
    return not tenure or (tenure <= {"years", "year"} and "for" not in sentence.known)


def _only_tells_how_long(sentence: Sentence) -> bool:
    """A sentence like "It's been eleven days." tells no failure by itself, and speaks of nothing else."""
    return "been" in sentence.known and len(sentence.text) < 50 and "it" in sentence.text[:4].casefold()


def _tells_when(sentence: Sentence) -> bool:
    return not sentence.known.isdisjoint(_HAPPENED) and sentence.known.isdisjoint(_NOT_THE_FAILURE)


def _later_year(words: str, sent_at: datetime) -> bool:
    year = re.search(r"\b(?:19|20)\d\d\b", words)
    return year is not None and int(year.group()) > sent_at.year
