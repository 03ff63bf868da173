"""The French shapes of a due time: the common ones."""

import re
from functools import cache

from worker.domain.duetime import shared
from worker.domain.duetime.atoms import STANDS, Build, Grammar, Kind, Lead, Piece, WeekdayMode, grammar
from worker.domain.duetime.shared import fixed, number

_COUNTED = "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt"
NUMBERS = {word: n for n, word in enumerate(_COUNTED.split(), 1)} | {"une": 1, "trente": 30}
WEEKDAYS = {
    w: n for n, w in enumerate(["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"])
}
_MONTH_NAMES = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES.split(), 1)} | {
    "fevrier": 2,
    "aout": 8,
    "decembre": 12,
}
_UNITS = {"min": "minute", "heu": "hour", "jou": "day", "sem": "week", "moi": "month"}
WORDS = {
    "num": r"(?:\d{1,3}|vingt-quatre|quarante-huit|quinze|quatorze|treize|onze|douze|seize|vingt|trente|dix|neuf|huit|sept|six|cinq|quatre|trois|deux|une|un)",
    "weekday": r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)",
    "month": rf"(?:{'|'.join(MONTHS)})",
    "unit": r"(?P<unit>minute|heure|jour|semaine|mois)s?",
    "year": r"(?: (?P<year>20\d\d)(?! ?[\d:h]))?",
    "to": r" ?(?:-|–|à|ou|et) ?",
}


def _count(found: re.Match[str]) -> tuple[Piece, ...]:
    word = found.group("n")
    n = {"vingt-quatre": 24, "quarante-huit": 48}.get(word) or number(word, NUMBERS)
    unit = _UNITS[found.group("unit")[:3]]
    if found.group("event"):
        return (Piece(Kind.VAGUE),)
    if unit == "day" and n in (8, 15) and not found.group("biz"):
        return (Piece(Kind.UNSURE),)  # "huit jours" is a week to many, "quinze jours" a fortnight
    return shared.length(n, unit, business=bool(found.group("biz")))


def _on(mode: int = WeekdayMode.COMING, weeks: int = 0) -> Build:
    return lambda found: (Piece(Kind.WEEKDAY, (WEEKDAYS[found.group("day")], mode, weeks)),)


def _month_day(found: re.Match[str]) -> tuple[Piece, ...]:
    return (shared.date_of(found.group("year"), MONTHS[found.group("month")], found.group("d")),)


def _clock(found: re.Match[str]) -> tuple[Piece, ...]:
    groups, words = found.groupdict(), found.group()
    hour = NUMBERS.get(found.group("h"), found.group("h"))
    half = "am" if "matin" in words else "pm" if re.search("après-midi|soir", words) else ""
    minute = "30" if words.endswith(("demie", "demi")) else groups.get("m")
    if half == "pm" and int(hour) > 12:
        half = ""
    if not half and groups.get("m"):
        half = "24"
    return (shared.clock(str(hour), minute, half, NUMBERS, groups.get("s")),)


SHAPES: tuple[tuple[str, Build], ...] = (
    (r"hier|avant-hier|il y a {num} {unit}|{weekday} dernier|la semaine dernière|le mois dernier|ces derniers jours", fixed(Piece(Kind.IGNORED))),
    (r"dès que (?:possible)?|au plus vite|le plus vite possible|le plus rapidement possible|rapidement|bientôt|prochainement|sous peu|dans les meilleurs délais|dans les plus brefs délais|dans les prochains jours|dans les jours (?:à venir|qui viennent)|dans quelques (?:jours|heures|minutes)|immédiatement|sans (?:tarder|délai)|tout de suite|en temps voulu|dans un instant|d'ici peu|ultérieurement|aussitôt", fixed(Piece(Kind.VAGUE))),
    (r"une demi-heure|la demi-heure", fixed(Piece(Kind.ELAPSED, (30,)))),
    (r"(?<=dans )l'heure", fixed(Piece(Kind.ELAPSED, (60,)))),
    (r"(?<=dans )la semaine|(?<=sous )huitaine", fixed(Piece(Kind.UNSURE))),
    (r"(?:(?<!ici à )(?<=à )|(?<=avant )|(?<=vers )|(?<=jusqu'à )|(?<=pour )|(?<=lundi )|(?<=mardi )|(?<=mercredi )|(?<=jeudi )|(?<=vendredi )|(?<=demain )|(?<=aujourd'hui ))(?P<h>{num}) heures?(?: (?P<m>\d\d))?(?: et demie)?(?: (?:du matin|de l'après-midi|du soir))?", _clock),
    (r"(?:(?<=entre )|(?<=de )){num}(?: heures?)? (?:et|à) (?P<h>{num}) heures?(?: (?P<m>\d\d))?", _clock),
    (r"(?:les )?(?:{num}{to})?(?P<n>{num})(?: prochain(?:e?s))? {unit}(?P<biz> (?:ouvrés?|ouvrables?))?(?: maximum| au plus)?(?P<event> (?:après|suivant|à compter|à partir|de la réception|dès)(?! d'aujourd'hui| de ce jour))?", _count),
    (r"(?:le )?(?:prochain|premier) jour (?:ouvré|ouvrable)|(?:le )?jour (?:ouvré|ouvrable) suivant", fixed(Piece(Kind.BUSINESS_DAYS, (1,), STANDS))),
    (r"après-demain", fixed(Piece(Kind.OFFSET, (2,)))),
    (r"(?:ce jour-là|le jour même)", fixed(Piece(Kind.THAT_DAY, (0,)))),
    (r"le lendemain", fixed(Piece(Kind.THAT_DAY, (1,)))),
    (r"(?:en )?(?:début|milieu) d'après-midi|(?:en )?(?:début|milieu|fin) de (?:la )?(?:matinée|soirée)|(?:en )?début de journée|(?:la )?fin (?:de l'|d')année|(?<=dans )le mois|(?<=sous )quinzaine", fixed(Piece(Kind.UNSURE))),
    (r"(?:au cours|dans le courant|courant) de la semaine prochaine", fixed(Piece(Kind.WEEK, (1, 0)))),
    (r"ce matin", fixed(Piece(Kind.OFFSET, (0,)), Piece(Kind.PART, (shared.NOON, 1)))),
    (r"cet? après-midi", fixed(Piece(Kind.OFFSET, (0,)), Piece(Kind.PART, (shared.AFTERNOON, 1)))),
    (r"ce soir|cette nuit", fixed(Piece(Kind.OFFSET, (0,)), Piece(Kind.PART, (shared.END_OF_NIGHT, 1)))),
    (r"aujourd'hui(?: même)?|(?:dans|au cours de) la journée|ce jour\b", fixed(Piece(Kind.OFFSET, (0,)))),
    (r"demain", fixed(Piece(Kind.OFFSET, (1,)))),
    (r"(?:la )?fin de (?:la )?(?:journée|matinée)|(?:la )?fermeture(?: des bureaux)?|en fin de journée", lambda f: (Piece(Kind.CLOSE),) if "matin" not in f.group() else (Piece(Kind.PART, (shared.NOON, 0)),)),
    (r"première heure|(?:à )?la première heure", fixed(Piece(Kind.FIRST_THING))),
    (r"(?:la )?fin de (?:la )?semaine prochaine", fixed(Piece(Kind.WEEK, (1, 1)))),
    (r"(?:la )?fin de (?:la |cette )?semaine", fixed(Piece(Kind.WEEK, (0, 1)))),
    (r"(?:la )?fin du mois prochain", fixed(Piece(Kind.MONTH, (1, 1)))),
    (r"(?:la )?fin (?:du|de ce) mois", fixed(Piece(Kind.MONTH, (0, 1)))),
    (r"(?:la )?fin (?P<month>{month}){year}|(?:la )?fin (?:du mois )?(?:de |d')(?P<month2>{month})", lambda f: (Piece(Kind.NAMED_MONTH, (MONTHS[f.group("month") or f.group("month2")], int(f.group("year") or 0))),)),
    (r"(?P<day>{weekday}) (?:de la semaine prochaine)", _on(WeekdayMode.NEXT_WEEK)),
    (r"(?P<day>{weekday}) en huit", _on(WeekdayMode.COMING, 1)),
    (r"(?P<day>{weekday}) (?:prochain|qui vient)(?! \d)", _on(WeekdayMode.EITHER)),
    (r"(?:chaque|tous les) (?P<day>{weekday})s?", _on()),
    (r"(?:la )?veille de noël|(?:le )?jour de noël|(?:le )?jour de l'an|(?:la )?saint-sylvestre", lambda f: (Piece(Kind.DATE, (0, *((12, 24) if "veille" in f.group() else (12, 25) if "noël" in f.group() else (1, 1) if "l'an" in f.group() else (12, 31)))),)),
    (r"{iso}", shared.iso_date),
    (r"{numeric}", shared.numeric_date),
    (r"(?P<d>\d{1,2}|1er)(?:er)? (?P<month>{month}){year}", _month_day),
    (r"(?P<day>{weekday})(?: prochain)? (?P<d>\d{1,2})(?! ?(?:h|:|heures|{month}))", lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day")], 0, 0)), shared.date_of(None, 0, f.group("d")))),
    (r"(?<=le )(?P<d>\d{1,2}|1er)(?! ?(?:h|heures|%|€))(?= *(?:$|[.,;)!]|au plus tard|à ))", lambda f: (shared.date_of(None, 0, f.group("d")),)),
    (r"(?:ce )?(?P<day>{weekday})", _on()),
    (r"(?:la )?semaine prochaine", fixed(Piece(Kind.WEEK, (1, 0)))),
    (r"cette semaine|courant de la semaine", fixed(Piece(Kind.WEEK, (0, 0)))),
    (r"(?:le )?mois prochain|ce mois-ci|ce week-end|le week-end|(?:début|courant|mi-) ?{month}|(?:en|début) (?:de )?(?:semaine|{month})(?: prochaine)?|une? (?:quinzaine|huitaine)(?: de jours)?", fixed(Piece(Kind.UNSURE))),
    (r"(?P<h>\d{1,2}) ?(?:h|heures?)(?: ?(?P<m>\d\d)(?!\d))?(?: et demie)?(?: (?:du matin|de l'après-midi|du soir))?|(?P<h1>\d{1,2}):(?P<m1>\d\d)(?::(?P<s1>\d\d))?", lambda f: _clock(f) if f.group("h") else (shared.clock(f.group("h1"), f.group("m1"), "24", None, f.group("s1")),)),
    (r"(?P<h>{num}) heures?(?: et demie)?(?: (?:du matin|de l'après-midi|du soir))?", _clock),
    (r"midi", fixed(Piece(Kind.CLOCK, (shared.NOON, 0)))),
    (r"minuit", fixed(Piece(Kind.CLOCK, (shared.MIDNIGHT, 0)))),
    (r"(?:dans la )?matinée|(?:au |le )?matin", fixed(Piece(Kind.PART, (shared.NOON, 0)))),
    (r"(?:dans )?l'après-midi|après-midi", fixed(Piece(Kind.PART, (shared.AFTERNOON, 0)))),
    (r"(?:au |le )?soir|soirée", fixed(Piece(Kind.PART, (shared.END_OF_NIGHT, 0)))),
    (r"{offset_zone}", shared.zone_by_offset),
    (r"{iana_zone}", shared.zone_by_name),
)  # fmt: skip

LEAD = Lead(
    before=re.compile(r"(?:avant) (?:le |la |l'|ce )?$"),
    by=re.compile(r"(?:d'ici|pour|avant) (?:à )?(?:le |la )?$"),
    not_due=re.compile(r"\b(?:depuis|après|à partir|dès|jusqu'(?:à|au|en)|passé|daté|du|de)(?: de| du)? ?(?:le |la |au )?$"),
    about=re.compile(r"\b(?:vers|environ|autour de|à peu près|plus de|aux alentours de)(?: le| la)? $"),
    duration=re.compile(r"\b(?:dans|sous|d'ici|en|délai (?:maximum )?de|moins de|maximum|dans les|dans (?:le|la|un délai de)|endéans)(?: à)? ?(?:les |la |le )?$"),
    joins=re.compile(r",? ?(?:-|–|à|au|ou) (?:le )?|-|–"),
    joins_after_between=re.compile(r" et (?:le )?"),
    between=re.compile(r"\bentre (?:le )?$"),
)  # fmt: skip


_NEVER = "je nous vous votre et de des que pour ne pas est a été sur"


@cache
def french() -> Grammar:
    """The compiled French grammar."""
    return grammar(WORDS | shared.SHARED_WORDS, SHAPES, LEAD, _NEVER)
