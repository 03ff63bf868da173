"""The German shapes of a due time: the common ones."""

import re
from functools import cache

from worker.domain.duetime import shared
from worker.domain.duetime.atoms import STANDS, Build, Grammar, Kind, Lead, Piece, WeekdayMode, grammar
from worker.domain.duetime.shared import fixed, number

NUMBERS = {
    **{w: n for n, w in enumerate(["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn"], 1)},
    **dict.fromkeys(["eine", "einen", "einem", "einer", "eines"], 1),
    "zwanzig": 20, "vierundzwanzig": 24, "achtundvierzig": 48, "dreißig": 30,
}  # fmt: skip
WEEKDAYS = {
    w: n
    for n, w in enumerate(["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"])
} | {"sonnabend": 5}
_MONTH_NAMES = "januar februar märz april mai juni juli august september oktober november dezember"
MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES.split(), 1)} | {"jänner": 1, "feber": 2}
_UNITS = {
    "min": "minute",
    "stu": "hour",
    "tag": "day",
    "wer": "day",
    "arb": "day",
    "woc": "week",
    "mon": "month",
}
_PARTS = {
    "früh": shared.NOON, "morgen": shared.NOON, "vormittag": shared.NOON, "mittag": shared.LUNCHTIME,
    "nachmittag": shared.AFTERNOON, "abend": shared.END_OF_NIGHT, "nacht": shared.END_OF_NIGHT,
}  # fmt: skip
WORDS = {
    "num": r"(?:\d{1,3}|vierundzwanzig|achtundvierzig|dreizehn|vierzehn|fünfzehn|zwanzig|dreißig|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|ein(?:e[nmrs]?)?)",
    "weekday": r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)",
    "month": rf"(?:{'|'.join(MONTHS)})",
    "unit": r"(?P<unit>minute|stunde|werktag|arbeitstag|tag|woche|monat)(?:e?n|e?s|e)?",
    "part": r"(?P<part>früh|vormittag|mittag|nachmittag|abend|nacht|morgen)s?",
    "year": r"(?: (?P<year>20\d\d)(?![\d:]))?",
    "to": r" ?(?:-|–|bis(?: zu)?|oder|und) ?",
}


def _count(found: re.Match[str]) -> tuple[Piece, ...]:
    n, named = number(found.group("n"), NUMBERS), found.group("unit")
    if found.group("event"):
        return (Piece(Kind.VAGUE),)
    unit = _UNITS[named[:3]]
    if unit == "day" and n == 8 and not found.group("biz") and named == "tag":
        return (Piece(Kind.UNSURE),)  # "in acht Tagen" is a week to many
    return shared.length(n, unit, business=named in ("werktag", "arbeitstag") or bool(found.group("biz")))


def _on(mode: int = WeekdayMode.COMING, weeks: int = 0) -> Build:
    def build(found: re.Match[str]) -> tuple[Piece, ...]:
        day = Piece(Kind.WEEKDAY, (WEEKDAYS[found.group("day")], mode, weeks))
        part = found.groupdict().get("part")
        return (day, Piece(Kind.PART, (_PARTS[part], 0))) if part else (day,)

    return build


def _day_and_part(offset: int) -> Build:
    return lambda found: (Piece(Kind.OFFSET, (offset,)), Piece(Kind.PART, (_PARTS[found.group("part")], 1)))


def _month_day(found: re.Match[str]) -> tuple[Piece, ...]:
    return (shared.date_of(found.group("year"), MONTHS[found.group("month")], found.group("d")),)


def _numeric(found: re.Match[str]) -> tuple[Piece, ...]:
    return (shared.date_of(None, int(found.group("mo")), found.group("d")),)


def _clock(found: re.Match[str]) -> tuple[Piece, ...]:
    minute = found.group("m")
    return (
        shared.clock(found.group("h"), minute, "24" if minute else "", NUMBERS, found.groupdict().get("s")),
    )


SHAPES: tuple[tuple[str, Build], ...] = (
    (r"gestern|vorgestern|vor {num} {unit}|(?:letzte[nrs]?|vergangene[nrs]?|vorige[nrs]?) (?:{weekday}|woche|monat|tagen?)|guten (?:morgen|tag|abend)", fixed(Piece(Kind.IGNORED))),
    (r"so (?:bald|schnell|rasch) wie möglich|schnellstmöglich|baldmöglichst|baldigst|schnellstens|in kürze|demnächst|bald|umgehend|unverzüglich|zeitnah|in den nächsten (?:tagen|stunden|wochen)|in den kommenden (?:tagen|wochen)|in einigen (?:tagen|stunden|minuten)|in wenigen (?:tagen|stunden|minuten)|sofort|gleich|zu gegebener zeit|sobald|in nächster zeit|in ein paar tagen|später|zügig", fixed(Piece(Kind.VAGUE))),
    (r"(?:einer |der nächsten )?(?:halben|halbe) stunde", fixed(Piece(Kind.ELAPSED, (30,)))),
    (r"(?<=in )(?:einer )?(?:anderthalb|eineinhalb) stunden", fixed(Piece(Kind.ELAPSED, (90,)))),
    (r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag) in (?:einer woche|acht tagen)|heute in (?:einer woche|acht tagen)", lambda f: (Piece(Kind.OFFSET, (7,)),) if f.group().startswith("heute") else (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group().split()[0]], 0, 1)),)),
    (r"(?:der |den )?(?:nächsten |kommenden )?(?:{num}{to})?(?P<n>{num}) (?P<biz>(?:voll)?(?:werktäg|arbeits)\w{0,6} )?{unit}(?P<event> (?:nach|ab|seit)(?! heute))?(?: ab heute)?", _count),
    (r"(?:am |bis zum )?(?:nächsten|folgenden|kommenden|nächster) (?:werktag|arbeitstag)", fixed(Piece(Kind.BUSINESS_DAYS, (1,), STANDS))),
    (r"(?:am selben|am gleichen|an diesem|an dem) tag", fixed(Piece(Kind.THAT_DAY, (0,)))),
    (r"(?:am )?(?:tag darauf|darauffolgenden tag|folgetag)|am (?:nächsten|folgenden) tag", fixed(Piece(Kind.THAT_DAY, (1,)))),
    (r"(?:(?:heute|morgen|übermorgen|{weekday}) ?)mittag(?! um \d)", fixed(Piece(Kind.UNSURE))),  # 12 or 13 o'clock
    (r"(?:noch )?heute {part}", _day_and_part(0)),
    (r"übermorgen {part}", _day_and_part(2)),
    (r"morgen {part}", _day_and_part(1)),
    (r"(?:noch )?(?:heute|am heutigen tag)|im laufe des (?:heutigen )?tages", fixed(Piece(Kind.OFFSET, (0,)))),
    (r"übermorgen", fixed(Piece(Kind.OFFSET, (2,)))),
    (r"(?:heute|diesen) morgen", fixed(Piece(Kind.OFFSET, (0,)), Piece(Kind.PART, (shared.NOON, 1)))),
    (r"(?:am |bis zum )morgen\b|(?<!heute )morgens", fixed(Piece(Kind.PART, (shared.NOON, 0)))),
    (r"im laufe des (?P<part2>vormittags|nachmittags)", lambda f: (Piece(Kind.PART, (_PARTS[f.group("part2")[:-1]], 0)),)),
    (r"im laufe des (?P<day>{weekday})s", _on()),
    (r"im laufe der (?:kommenden|nächsten) woche|(?:(?:bis )?zum )?ende (?:der )?(?:kommenden|kommender|nächster|nächsten) woche", fixed(Piece(Kind.WEEK, (1, 1)))),
    (r"im laufe (?:der|dieser) woche|(?:(?:bis )?zum )?ende (?:der|dieser) woche|wochenende(?=xx)", fixed(Piece(Kind.WEEK, (0, 1)))),
    (r"ende (?:des )?(?:nächsten|kommenden) monats", fixed(Piece(Kind.MONTH, (1, 1)))),
    (r"ende (?:des|dieses) monats|monatsende", fixed(Piece(Kind.MONTH, (0, 1)))),
    (r"ende (?P<month>{month}){year}", lambda f: (Piece(Kind.NAMED_MONTH, (MONTHS[f.group("month")], int(f.group("year") or 0))),)),
    (r"(?:geschäftsschluss|dienstschluss|büroschluss|feierabend|ladenschluss|tagesende|ende des (?:arbeits)?tages)", fixed(Piece(Kind.CLOSE))),
    (r"(?P<day>{weekday}) (?:der )?(?:nächste[rn]|kommende[rn]) woche|(?:nächste|kommende) woche (?:am )?(?P<day2>{weekday})", lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day") or f.group("day2")], WeekdayMode.NEXT_WEEK, 0)),)),
    (r"kommende[nrm]? (?P<day>{weekday})", _on()),
    (r"nächste[nrm]? (?P<day>{weekday})", _on(WeekdayMode.EITHER)),
    (r"diese[nrm]? (?P<day>{weekday})", _on(WeekdayMode.THIS)),
    (r"jede[nr] (?P<day>{weekday})", _on()),
    (r"heiligabend|heiligen abend|silvester|neujahr", lambda f: (Piece(Kind.DATE, (0, *((12, 24) if f.group()[0] == "h" else (12, 31) if f.group()[0] == "s" else (1, 1)))),)),
    (r"(?:am )?(?:frühen|späten|mittleren) (?:vormittag|nachmittag|abend|morgen)|jahresende|ende des jahres", fixed(Piece(Kind.UNSURE))),
    (r"viertel (?P<part>nach|vor) (?P<h>{num})", lambda f: (Piece(Kind.CLOCK, ((number(f.group("h"), NUMBERS) * 60 + (15 if f.group("part") == "nach" else -15)) % 720, 1)),)),
    (r"{iso}", shared.iso_date),
    (r"\d{1,2}\. ?\d{1,2}\. ?(?:20)?\d\d|{numeric}", lambda f: shared.numeric_date(f) if " " not in f.group() else (Piece(Kind.UNSURE),)),
    (r"(?P<d>\d{1,2})\.(?P<mo>\d{1,2})\.", _numeric),
    (r"(?P<d>\d{1,2})\. (?P<month>{month}){year}", _month_day),
    (r"(?P<day>{weekday}),? (?:de[nm] )?(?P<d>\d{1,2})\.(?! ?(?:{month}|\d))", lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day")], 0, 0)), shared.date_of(None, 0, f.group("d")))),
    (r"(?:(?<=am )|(?<=zum ))(?P<d>\d{1,2})\.(?! ?(?:{month}|\d))", lambda f: (shared.date_of(None, 0, f.group("d")),)),
    (r"(?P<day>{weekday})(?:früh|{part})", lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day")], 0, 0)), Piece(Kind.PART, (_PARTS[f.group("part") or "früh"], 0)))),
    (r"(?P<day>{weekday}) {part}", _on()),
    (r"(?P<day>{weekday})", _on()),
    (r"(?:in der |im laufe der )?(?:nächste|kommende)[rn]? woche", fixed(Piece(Kind.WEEK, (1, 0)))),
    (r"(?:in |noch )?diese[r]? woche", fixed(Piece(Kind.WEEK, (0, 0)))),
    (r"(?:am |dieses |nächstes )?wochenende|(?:anfang|mitte) (?:der |des )?(?:nächste[rn] |kommende[rn] )?\w{3,10}|(?:nächsten|diesen) monat|im {month}", fixed(Piece(Kind.UNSURE))),
    (r"zwischen \d{1,2}(?:[:.]\d\d)?(?: uhr)? und (?P<h>\d{1,2})(?:[:.](?P<m>\d\d))? uhr|(?<!\d)\d{1,2}(?:[:.]\d\d)?(?: uhr)? ?(?:-|–|bis) ?(?P<h2>\d{1,2})(?:[:.](?P<m2>\d\d))? uhr", lambda f: (shared.clock(f.group("h") or f.group("h2"), f.group("m") or f.group("m2"), "24" if f.group("m") or f.group("m2") else ""),)),
    (r"(?P<h>{num})(?:[:.](?P<m>\d\d))?(?::(?P<s>\d\d))? uhr", _clock),
    (r"(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d))?(?: uhr)?", _clock),
    (r"halb (?P<h>{num})", lambda f: (Piece(Kind.CLOCK, ((number(f.group("h"), NUMBERS) * 60 - 30) % 720, 1)),)),
    (r"mitternacht", fixed(Piece(Kind.CLOCK, (shared.MIDNIGHT, 0)))),
    (r"(?:am |zum |gegen )?mittag", fixed(Piece(Kind.UNSURE))),
    (r"(?:am )?{part}", lambda f: (Piece(Kind.PART, (_PARTS[f.group("part")], 0)),) if f.group("part") not in ("morgen", "früh") else (Piece(Kind.OFFSET, (1,)),) if f.group("part") == "morgen" else (Piece(Kind.IGNORED),)),
    (r"{offset_zone}", shared.zone_by_offset),
    (r"{iana_zone}", shared.zone_by_name),
)  # fmt: skip

LEAD = Lead(
    before=re.compile(r"\bvor (?:dem |der |den |kommendem )?$"),
    by=re.compile(r"\bbis (?:zur |zum )?$"),
    not_due=re.compile(r"\b(?:vom|von|seit|ab|nach|datiert|der vom)(?: dem| der| zum)? ?$"),
    about=re.compile(r"\b(?:gegen|etwa|ungefähr|circa|ca\.?|rund|mehr als|über)(?: den| dem)? $"),
    duration=re.compile(r"\b(?:in|innerhalb(?: von)?|binnen|spätestens in|spätestens nach|in spätestens|maximal|höchstens|innert|in den)(?: den| der| einer| von)? ?(?:nächsten )?$|^(?:der|den) (?:nächsten|kommenden)|ab heute$"),
    joins=re.compile(r",? ?(?:-|–|bis|oder) (?:zum )?|-|–"),
    joins_after_between=re.compile(r" und (?:dem )?"),
    between=re.compile(r"\bzwischen (?:dem )?$"),
)  # fmt: skip


_NEVER = "ich wir sie ihnen ihr ihre ihren und dass mit für ist wird werde werden das die"


@cache
def german() -> Grammar:
    """The compiled German grammar."""
    return grammar(WORDS | shared.SHARED_WORDS, SHAPES, LEAD, _NEVER)
