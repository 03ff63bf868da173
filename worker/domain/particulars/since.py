"""Finds since when, or for how long, something has been wrong, in the customer's own words."""

import re
from collections.abc import Sequence
from datetime import datetime

from worker.domain.particulars.found import Particular
from worker.domain.particulars.sentences import Sentence
from worker.domain.particulars.words import FALLBACK

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
    rf"|this morning|the weekend|(?:(?:early|late|mid|the (?:end|start|beginning|middle) of) ){_MONTH}|{_MONTH}|(?:last )?(?:christmas|easter|halloween)|lunchtime|midday|noon|midnight|\d{{1,2}}(?:[:.]\d\d)? ?[ap]m)"
)
_PATTERNS = {
    "en": (
        (3, rf"\bsince {_TIME}(?!['’\w-])"),
        (3, rf"\bfor {_LENGTH}(?: now)?(?!['’\w-])"),
        (2, rf"\b(?:it['’]s|it is|it has|it['’]ll) (?:now )?been {_LENGTH}(?!['’\w-])"),
        (2, rf"\b(?:waited|waiting|wait) {_LENGTH}(?!['’\w-])"),
        (2, rf"\b{_LENGTH} (?:late|overdue|without)\b"),
        (
            1,
            rf"\b(?:on (?:{_DATE}|{_DAY}{_PART})|last {_DAY}{_PART}|yesterday{_PART}|last night|this morning)(?!['’\w-])",
        ),
    ),
    "es": (
        (
            3,
            r"\bdesde (?:el (?:pasado )?)?(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo|ayer|anoche|\d{1,2} de [a-zé]{4,10}(?: de \d{4})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?)(?: pasado)?\b",
        ),
        (
            3,
            r"\bdesde hace (?:más de |casi )?(?:\d{1,3}|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte) (?:horas?|días?|semanas?|mes(?:es)?|años?)\b",
        ),
        (
            2,
            r"\bhace (?:ya )?(?:más de |casi )?(?:\d{1,3}|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte) (?:horas?|días?|semanas?|mes(?:es)?)\b",
        ),
        (
            2,
            r"\b(?:llevo|llevamos) (?:ya )?(?:más de |casi )?(?:\d{1,3}|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte) (?:horas?|días?|semanas?|mes(?:es)?)\b",
        ),
    ),
    "fr": (
        (
            3,
            r"\bdepuis (?:le (?:\d{1,2}|1er) [a-zéû]{3,9}(?: \d{4})?|le \d{1,2}/\d{1,2}(?:/\d{2,4})?|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: dernier)?|hier(?: soir| matin)?|ce matin|la semaine dernière|(?:plus de |près de |bientôt )?(?:\d{1,3}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt) (?:heures?|jours?|semaines?|mois))\b",
        ),
        (
            2,
            r"\b(?:cela|ça) fait (?:maintenant |déjà )?(?:plus de )?(?:\d{1,3}|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt) (?:heures?|jours?|semaines?|mois)\b",
        ),
    ),
    "de": (
        (
            3,
            r"\bseit (?:(?:dem |letztem |letzten |vergangenem )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)(?:abend|morgen|mittag|nachmittag)?|gestern(?: abend)?|vorgestern|heute (?:morgen|früh)|letzter woche|dem wochenende|(?:dem )?\d{1,2}\.(?: (?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)(?: \d{4})?| ?\d{1,2}\.(?: ?\d{2,4})?)|(?:über |mehr als |fast |nun |schon )*(?:\d{1,3}|einer|einem|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|vierzehn|zwanzig) (?:stunden?|tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?))\b",
        ),
    ),
}
_COMPILED = {
    language: tuple(
        (rank, re.compile(pattern.replace(" ", r"[ \n]{1,3}"), re.IGNORECASE)) for rank, pattern in patterns
    )
    for language, patterns in _PATTERNS.items()
}

# Words by which a length of time is not that of the failure.
_TENURE = frozenset(
    """customer customers client clients loyal member members subscriber warranty guarantee guaranteed valid stay booked holiday
    vacation rented hire insured happy shopping shopped using used lasted trip leave leaving away will going free trial
    years year cliente clientes client cliente fidèle kunde kundin kunden garantie garantía garantizado""".split()
)
_NOT_THE_FAILURE = frozenset(
    """ordered order placed bought purchased booked paid promised told said due supposed should meant expected scheduled
    until by collected dispatched shipped sent emailed wrote rang called spoke asked reported complained signed joined
    if when moved was""".split()
)
_HAPPENED = frozenset(
    """stopped broke failed cancelled canceled charged missed leaked snapped burst came arrived delivered turned happened went
    took died crashed nobody didn't never cracked fell collapsed locked overcharged debited shouted hung""".split()
)


def find_since(
    sentences: Sequence[Sentence], what: Particular | None, sent_at: datetime | None
) -> Particular | None:
    """The plainest statement of since when; None where no sentence that tells of a failure has one.

    A date later than the mail (`sent_at`) cannot be one, so a statement with a year is held against it.
    """
    best: tuple[float, Particular] | None = None
    for sentence in sentences:
        if not _may_tell(sentence):
            continue
        for rank, pattern in _COMPILED.get(sentence.language, _COMPILED[FALLBACK]):
            found = pattern.search(sentence.text)
            if found is None or (rank == 1 and not _tells_when(sentence, found.start())):
                continue
            if sent_at is not None and _later_year(found.group(), sent_at):
                continue
            inside = (
                what is not None
                and what.field == "text"
                and what.start <= sentence.start + found.start() < what.end
            )
            score = rank + (1.5 if inside else 0)
            if best is None or score > best[0]:
                best = (score, _particular(sentence, found))
            break
    return best[1] if best else None


def _particular(sentence: Sentence, found: re.Match[str]) -> Particular:
    start, end = sentence.start + found.start(), sentence.start + found.end()
    return Particular(text=found.group(), field=sentence.field, start=start, end=end)


def _may_tell(sentence: Sentence) -> bool:
    if sentence.text.endswith("?") or not sentence.tells_failure:
        return False
    tenure = sentence.known & _TENURE
    return not tenure or (tenure <= {"years", "year"} and "for" not in sentence.known)


def _tells_when(sentence: Sentence, at: int) -> bool:
    return not sentence.known.isdisjoint(_HAPPENED) and sentence.known.isdisjoint(_NOT_THE_FAILURE)


def _later_year(words: str, sent_at: datetime) -> bool:
    year = re.search(r"\b(?:19|20)\d\d\b", words)
    return year is not None and int(year.group()) > sent_at.year
