"""The Spanish shapes of a due time: the common ones."""

import re
from functools import cache

from worker.domain.duetime import shared
from worker.domain.duetime.atoms import STANDS, Build, Grammar, Kind, Lead, Piece, WeekdayMode, grammar
from worker.domain.duetime.shared import fixed, number

_COUNTED = "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte"
NUMBERS = {word: n for n, word in enumerate(_COUNTED.split(), 1)} | {
    "un": 1,
    "una": 1,
    "veinticuatro": 24,
    "treinta": 30,
}
WEEKDAYS = {
    w: n for n, w in enumerate(["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"])
} | {"miercoles": 2, "sabado": 5}
_MONTH_NAMES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES.split(), 1)} | {"setiembre": 9}
_UNITS = {"min": "minute", "hor": "hour", "día": "day", "dia": "day", "sem": "week", "mes": "month"}
WORDS = {
    "num": r"(?:\d{1,3}|dieciséis|diecisiete|dieciocho|diecinueve|veinticuatro|veinte|treinta|trece|catorce|quince|once|doce|diez|nueve|ocho|siete|seis|cinco|cuatro|tres|dos|una|uno|un)",
    "weekday": r"(?:lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo)",
    "month": rf"(?:{'|'.join(MONTHS)})",
    "unit": r"(?P<unit>minuto|hora|d[íi]a|semana|mes)(?:e?s)?",
    "year": r"(?: de(?:l)? (?P<year>20\d\d)(?![\d:]))?",
    "to": r" ?(?:-|–|a|o|y) ?",
}


def _count(found: re.Match[str]) -> tuple[Piece, ...]:
    n, unit = number(found.group("n"), NUMBERS), _UNITS[found.group("unit")[:3]]
    if found.group("event"):
        return (Piece(Kind.VAGUE),)
    if unit == "day" and n in (8, 15) and not found.group("biz"):
        return (Piece(Kind.UNSURE),)  # "ocho días" is a week to many, "quince días" a fortnight
    return shared.length(n, unit, business=bool(found.group("biz")))


def _on(mode: int = WeekdayMode.COMING, weeks: int = 0) -> Build:
    return lambda found: (Piece(Kind.WEEKDAY, (WEEKDAYS[found.group("day")], mode, weeks)),)


def _month_day(found: re.Match[str]) -> tuple[Piece, ...]:
    day = "1" if found.group("d") == "primero" else found.group("d")
    return (shared.date_of(found.group("year"), MONTHS[found.group("month")], day),)


def _clock(found: re.Match[str]) -> tuple[Piece, ...]:
    groups = found.groupdict()
    words = found.group()
    half = (
        "am"
        if "mañana" in words or "madrugada" in words
        else "pm"
        if re.search(r"tarde|noche", words)
        else ""
    )
    if groups.get("half"):
        half = groups["half"][0] + "m"
    minute = {"media": "30", "cuarto": "15"}.get(groups.get("extra") or "", groups.get("m"))
    hour = NUMBERS.get(found.group("h"), found.group("h"))
    if half == "pm" and str(hour).isdigit() and int(hour) > 12:
        half = ""
    if not half and groups.get("m") and not groups.get("extra"):
        half = "24"
    return (shared.clock(str(hour), minute, half, NUMBERS, groups.get("s")),)


SHAPES: tuple[tuple[str, Build], ...] = (
    (r"ayer|anteayer|hace {num} {unit}|(?:el|la) {weekday} pasad[oa]|la semana pasada|el mes pasado|(?:buenos|buenas) (?:días|tardes|noches)|los últimos (?:{num} )?(?:días|meses)", fixed(Piece(Kind.IGNORED))),
    (r"lo antes posible|cuanto antes|en breve|pronto|próximamente|a la mayor brevedad|en los próximos días|en unos (?:días|minutos)|en unas horas|a su debido tiempo|de inmediato|inmediatamente|en cuanto|tan pronto como|en un momento|en las próximas (?:horas|semanas)|a la brevedad|sin demora|más adelante", fixed(Piece(Kind.VAGUE))),
    (r"(?<=en )hora y media", fixed(Piece(Kind.ELAPSED, (90,)))),
    (r"(?:a )?(?:finales|fin) de(?:l)? año|(?:a )?primera hora de la (?:tarde|noche)|(?:a )?última hora de la (?:mañana|noche)", fixed(Piece(Kind.UNSURE))),
    (r"(?:media hora)", fixed(Piece(Kind.ELAPSED, (30,)))),
    (r"(?:(?<=a )|(?<=antes de )|(?<=sobre )|(?<=hasta ))las (?P<h>{num}) horas(?: de la (?:mañana|tarde|noche))?(?! hábil| labor)", _clock),
    (r"(?:(?:las?|los) (?:próxim[oa]s )?)?(?:{num}{to})?(?P<n>{num}) {unit}(?P<biz> (?:hábil(?:es)?|laborables?|laboral(?:es)?))?(?P<event> (?:desde|después|tras|a partir|siguientes|posteriores)(?! de hoy))?(?: a partir de hoy)?", _count),
    (r"(?:el )?(?:próximo|siguiente|primer) día (?:hábil|laborable)|(?:el )?día (?:hábil|laborable) siguiente", fixed(Piece(Kind.BUSINESS_DAYS, (1,), STANDS))),
    (r"pasado mañana", fixed(Piece(Kind.OFFSET, (2,)))),
    (r"(?:el )?(?:ese|mismo|ese mismo) día", fixed(Piece(Kind.THAT_DAY, (0,)))),
    (r"(?:el|al) día siguiente", fixed(Piece(Kind.THAT_DAY, (1,)))),
    (r"esta (?:misma )?mañana", fixed(Piece(Kind.OFFSET, (0,)), Piece(Kind.PART, (shared.NOON, 1)))),
    (r"esta (?:misma )?tarde", fixed(Piece(Kind.OFFSET, (0,)), Piece(Kind.PART, (shared.AFTERNOON, 1)))),
    (r"esta (?:misma )?noche", fixed(Piece(Kind.OFFSET, (0,)), Piece(Kind.PART, (shared.END_OF_NIGHT, 1)))),
    (r"(?:por|en|durante) la mañana", fixed(Piece(Kind.PART, (shared.NOON, 0)))),
    (r"(?:por|en|durante) la tarde", fixed(Piece(Kind.PART, (shared.AFTERNOON, 0)))),
    (r"por la noche", fixed(Piece(Kind.PART, (shared.END_OF_NIGHT, 0)))),
    (r"hoy(?: mismo)?|(?:a lo largo|en el transcurso|en el curso) del día", fixed(Piece(Kind.OFFSET, (0,)))),
    (r"(?:el )?(?:final|fin|cierre) (?:del día|de la jornada|del negocio|de jornada)|última hora", fixed(Piece(Kind.CLOSE))),
    (r"primera hora", fixed(Piece(Kind.FIRST_THING))),
    (r"(?:el )?(?:fin|final|finales) de (?:la )?(?:semana que viene|próxima semana|semana próxima|semana siguiente)", fixed(Piece(Kind.WEEK, (1, 1)))),
    (r"(?:el )?(?:final|finales) de (?:la|esta) semana|(?:a lo largo|en el transcurso) de (?:la|esta) semana", fixed(Piece(Kind.WEEK, (0, 1)))),
    (r"(?:el )?(?:fin|final|finales) (?:de |del |de este )mes(?: que viene| próximo)", fixed(Piece(Kind.MONTH, (1, 1)))),
    (r"(?:el )?(?:fin|final|finales) (?:de |del |de este )mes", fixed(Piece(Kind.MONTH, (0, 1)))),
    (r"(?:el )?(?:fin|final|finales) de (?P<month>{month}){year}", lambda f: (Piece(Kind.NAMED_MONTH, (MONTHS[f.group("month")], int(f.group("year") or 0))),)),
    (r"(?P<day>{weekday}) (?:de )?(?:la )?(?:semana que viene|próxima semana|semana próxima|siguiente semana)", _on(WeekdayMode.NEXT_WEEK)),
    (r"(?:próximo|siguiente) (?P<day>{weekday})(?! \d)|(?P<day2>{weekday}) (?:próximo|que viene|siguiente)", lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day") or f.group("day2")], WeekdayMode.EITHER, 0)),)),
    (r"(?:cada|todos los) (?P<day>{weekday})", _on()),
    (r"antes de (?:que )?(?:acabar?|acabe|terminar?|termine|finalizar?|finalice) (?:el día|la jornada|hoy)", fixed(Piece(Kind.CLOSE))),
    (r"antes de (?:que )?(?:acabar?|acabe|terminar?|termine|finalizar?|finalice) la semana", fixed(Piece(Kind.WEEK, (0, 1)))),
    (r"antes de (?:que )?(?:acabar?|acabe|terminar?|termine|finalizar?|finalice) el mes", fixed(Piece(Kind.MONTH, (0, 1)))),
    (r"nochebuena|(?:el )?día de navidad|nochevieja", lambda f: (Piece(Kind.DATE, (0, 12, {"b": 24, "v": 31}.get(f.group()[5], 25))),)),
    (r"{iso}", shared.iso_date),
    (r"{numeric}", shared.numeric_date),
    (r"(?:próximo )?(?P<d>\d{1,2}|primero)º? de (?P<month>{month}){year}", _month_day),
    (r"(?:próximo )?(?P<day>{weekday}),? (?:día )?(?P<d>\d{1,2})(?! ?(?:de|:|h))", lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day")], 0, 0)), shared.date_of(None, 0, f.group("d")))),
    (r"(?:el )?(?:próximo )?día (?P<d>\d{1,2})", lambda f: (shared.date_of(None, 0, f.group("d")),)),
    (r"(?:este )?(?:próximo )?(?P<day>{weekday})", _on()),
    (r"(?:la )?(?:semana que viene|próxima semana|semana próxima)", fixed(Piece(Kind.WEEK, (1, 0)))),
    (r"esta (?:misma )?semana", fixed(Piece(Kind.WEEK, (0, 0)))),
    (r"(?:el )?(?:mes que viene|próximo mes)|este mes|(?:el |este )?fin de semana|(?:principios|mediados|comienzos) de (?:\w{3,12} )?\w{3,12}|una quincena|(?:(?<=en )|(?<=durante )){month}", fixed(Piece(Kind.UNSURE))),
    (r"(?:(?<=a las )|(?<=a la )|(?<=y la )|(?<=las )(?=\d)|(?<=de las )(?=[a-z]+(?:[.,;)!]|$| de la | del | y media| y cuarto| en punto))|(?<=entre las ))(?P<h>\d{1,2}|{num})(?:[:.h] ?(?P<m>\d\d))?(?::(?P<s>\d\d))?(?: y (?P<extra>media|cuarto))?(?: ?(?P<half>[ap])\.? ?m\b\.?| de la (?:mañana|tarde|noche|madrugada)| ?h(?:oras|rs)?\b\.?| en punto)?(?! ?(?:semanas?|días?|horas?))", _clock),
    (r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d))?(?: ?h(?:oras|rs)?\b\.?)?|(?P<h2>\d{1,2}) ?h\b\.?", lambda f: _clock(f) if f.group("h") else (shared.clock(f.group("h2"), None, "24"),)),
    (r"(?:el )?mediodía", fixed(Piece(Kind.CLOCK, (shared.NOON, 0)))),
    (r"medianoche", fixed(Piece(Kind.CLOCK, (shared.MIDNIGHT, 0)))),
    (r"mañana(?: mismo)?", fixed(Piece(Kind.OFFSET, (1,)))),
    (r"{offset_zone}", shared.zone_by_offset),
    (r"{iana_zone}", shared.zone_by_name),
)  # fmt: skip

LEAD = Lead(
    before=re.compile(r"antes (?:del? |de la |de las |de los |de que )(?:el |la |las )?$"),
    by=re.compile(r"(?:para|antes de) (?:el |la )?$"),
    not_due=re.compile(r"\b(?:desde|hasta|después|a partir|tras|del pedido|con fecha|fechad[oa]|pasadas|llamó|escribió|envió|compró|pidió|recibió|(?<!final )(?<!fin )(?<!noche )(?<!tarde )(?<!mañana )(?<!finales )(?<!antes )(?<!más tardar )(?<!lo largo )del)(?: de| del)? ?(?:el |la |las |día )?$"),
    about=re.compile(r"\b(?:sobre|hacia|alrededor de|aproximadamente|unos|unas|más de|cerca de)(?: el| la| las)? $"),
    duration=re.compile(r"\b(?:en|dentro de|plazo(?: máximo)? de|máximo(?: de)?|menos de|en (?:un )?plazo(?: máximo)? de|próxim[oa]s|en (?:las?|los|el))(?: de)? ?(?:las? |los |el )?$|^(?:las?|los) próxim|a partir de hoy$"),
    joins=re.compile(r",? ?(?:-|–|a|o|al|hasta) (?:el |la |las )?|-|–"),
    joins_after_between=re.compile(r" y (?:el |la |las )?"),
    between=re.compile(r"\bentre (?:el |la |las )?$"),
)  # fmt: skip


_NEVER = "le les se y que de con nos usted su no está ha he hemos"


@cache
def spanish() -> Grammar:
    """The compiled Spanish grammar."""
    return grammar(WORDS | shared.SHARED_WORDS, SHAPES, LEAD, _NEVER)
