"""The English shapes of a due time."""

import re
from dataclasses import replace
from functools import cache

from worker.domain.duetime import shared
from worker.domain.duetime.atoms import RANGE, STANDS, Build, Grammar, Kind, Lead, Piece, WeekdayMode, grammar
from worker.domain.duetime.shared import fixed, number

_COUNTED = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
NUMBERS = {word: n for n, word in enumerate(_COUNTED.split(), 1)} | {
    "a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_DAY_NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS = {name: n for n, name in enumerate(_DAY_NAMES)} | {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTHS = {name[:3]: n for n, name in enumerate(_MONTH_NAMES, 1)}
_ZONES = {
    "gmt": "UTC", "utc": "UTC", "bst": "UTC+01:00", "cet": "UTC+01:00", "cest": "UTC+02:00", "eet": "UTC+02:00",
    "eest": "UTC+03:00", "est": "UTC-05:00", "edt": "UTC-04:00", "cdt": "UTC-05:00", "mst": "UTC-07:00",
    "mdt": "UTC-06:00", "pst": "UTC-08:00", "pdt": "UTC-07:00", "et": "America/New_York", "ct": "America/Chicago",
    "mt": "America/Denver", "pt": "America/Los_Angeles", "jst": "Asia/Tokyo", "aest": "UTC+10:00", "aedt": "UTC+11:00",
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "uk": "Europe/London", "london": "Europe/London", "irish": "Europe/Dublin",
    "dublin": "Europe/Dublin", "paris": "Europe/Paris", "berlin": "Europe/Berlin", "madrid": "Europe/Madrid",
    "german": "Europe/Berlin", "french": "Europe/Paris", "spanish": "Europe/Madrid", "new york": "America/New_York",
    "tokyo": "Asia/Tokyo", "sydney": "Australia/Sydney", "central european": "Europe/Berlin",
    "our": "local", "local": "local",
}  # fmt: skip
_FEASTS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
    "new years eve": (12, 31),
    "new years day": (1, 1),
}
_ENDS = {
    "morning": shared.NOON,
    "afternoon": shared.AFTERNOON,
    "evening": shared.END_OF_NIGHT,
    "night": shared.END_OF_NIGHT,
}
_HALVES = {
    "half": 30,
    "half past": 30,
    "quarter past": 15,
    "a quarter past": 15,
    "quarter to": -15,
    "a quarter to": -15,
}

_ONES = "one|two|three|four|five|six|seven|eight|nine"
_MONTH_SHAPE = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTH_NAMES if name != "may") + "|may|sept"
WORDS = {
    "num": rf"(?:\d{{1,3}}|(?:twenty|thirty|forty|fifty|sixty|seventy)[- ](?:{_ONES})|(?:four|six|seven|eight|nine)teen"
    rf"|ten|eleven|twelve|thirteen|fifteen|(?:twenty|thirty|forty|fifty|sixty)(?![- ](?:{_ONES}))|ninety|{_ONES}|an?)",
    "weekday": r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|weds|thu|thurs?|fri"
    rf"|(?:(?<=by )|(?<=on )|(?<=next )|(?<=this )|(?<=before ))(?:wed|sat|sun)|(?:wed|sat|sun)(?=,? \d|,? (?:{_MONTH_SHAPE})\b))",
    "month": rf"(?:{_MONTH_SHAPE})",
    "ampm": r"(?P<half>[ap])\.?m\b\.?",
    "ampm1": r"(?:[ap]\.?m\b\.?)?",
    "unit": r"(?P<unit>minute|min|hour|hr|day|week|fortnight|month)s?'?s?",
    "year": r"(?:,? (?P<year>20\d\d)(?![\d:]))?",
    "to": r" ?(?:-|–|to|and|or|until|till|through) ?",
    "hour": r"(?:ten|eleven|twelve|one|two|three|four|five|six|seven|eight|nine|\d{1,2})",
    "feast": r"(?P<feast>christmas (?:eve|day)|boxing day|new year'?s (?:eve|day))",
    "until_the_end": r"(?= *(?:$|[.,;:!?)]|at the latest|on |today|tomorrow|tonight|this|in the|sharp|and |or |but |so |your|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day))",
}  # fmt: skip


def _count(found: re.Match[str]) -> tuple[Piece, ...]:
    if found.group("event"):
        return (Piece(Kind.VAGUE),)
    named = {"min": "minute", "hr": "hour"}.get(found.group("unit"), found.group("unit"))
    half = "and a half" in found.group()
    return shared.length(
        number(found.group("n"), NUMBERS), named, business=bool(found.group("biz")), half=half
    )


def _on(mode: int = WeekdayMode.COMING, weeks: int = 0) -> Build:
    return lambda found: (Piece(Kind.WEEKDAY, (_weekday(found), mode, weeks)),)


def _weekday(found: re.Match[str]) -> int:
    return WEEKDAYS[found.group("day")]


def _weekday_and_number(found: re.Match[str]) -> tuple[Piece, ...]:
    return (
        Piece(Kind.WEEKDAY, (_weekday(found), WeekdayMode.COMING, 0)),
        shared.date_of(None, 0, found.group("d")),
    )


def _clock(found: re.Match[str]) -> tuple[Piece, ...]:
    groups = found.groupdict()
    half = f"{groups['half']}m" if groups.get("half") else groups.get("day24") or ""
    return (shared.clock(found.group("h"), groups.get("m"), half, NUMBERS, groups.get("s")),)


def _clock_range(found: re.Match[str]) -> tuple[Piece, ...]:
    return tuple(replace(piece, name=RANGE) for piece in _clock(found))


def _month_day(found: re.Match[str]) -> tuple[Piece, ...]:
    return (shared.date_of(found.group("year"), MONTHS[found.group("month")[:3]], found.group("d")),)


def _end_of_month(found: re.Match[str]) -> tuple[Piece, ...]:
    return (Piece(Kind.NAMED_MONTH, (MONTHS[found.group("month")[:3]], int(found.group("year") or 0))),)


def _weeks_from(found: re.Match[str]) -> tuple[Piece, ...]:
    weeks = 2 if "fortnight" in found.group() else number(found.group("n") or "one", NUMBERS)
    day = found.group("from")
    if day in ("today", "tomorrow", "now"):
        return (Piece(Kind.OFFSET, (7 * weeks + (day == "tomorrow"),)),)
    return (Piece(Kind.WEEKDAY, (WEEKDAYS[day], WeekdayMode.COMING, weeks)),)


def _past_the_hour(found: re.Match[str]) -> tuple[Piece, ...]:
    hour = number(found.group("h"), NUMBERS)
    if not 1 <= hour <= 12:
        return (Piece(Kind.UNSURE),)
    minutes = hour * 60 + _HALVES[found.group("part")]
    return (Piece(Kind.CLOCK, (minutes, 1)),)


def _military(found: re.Match[str]) -> tuple[Piece, ...]:
    digits = found.group()[:4]
    if digits.startswith(("20", "19")) and "h" not in found.group():
        return (Piece(Kind.UNSURE),)  # "by 2030" may be a year
    return (shared.clock(digits[:2], digits[2:], "24"),)


def _zone(found: re.Match[str]) -> tuple[Piece, ...]:
    return (Piece(Kind.ZONE, (), _ZONES[found.group("zone")]),)


_THIS_MORNING = fixed(Piece(Kind.OFFSET, (0,)), Piece(Kind.PART, (shared.NOON, 1)))
_THIS_AFTERNOON = fixed(Piece(Kind.OFFSET, (0,)), Piece(Kind.PART, (shared.AFTERNOON, 1)))
_THIS_EVENING = fixed(Piece(Kind.OFFSET, (0,)), Piece(Kind.PART, (shared.END_OF_NIGHT, 1)))
_UNSURE = fixed(Piece(Kind.UNSURE))
_VAGUE = fixed(Piece(Kind.VAGUE))
_IGNORED = fixed(Piece(Kind.IGNORED))
_EVENT = r"(?P<event> (?:of|after|from|following|upon) (?!now\b|today\b|tomorrow\b|then\b)(?:\w|'){2,})?"

SHAPES: tuple[tuple[str, Build], ...] = (
    # what is past, or no due time at all
    (r"(?:{num}|a few|several|some) {unit} ago|yesterday(?: (?:morning|afternoon|evening))?", _IGNORED),
    (r"(?:last|the past|the last|this past)(?: {num})? (?:{weekday}|{month}|{unit}|night)\b(?! (?:of|in) (?:the|this|next|{month}))", _IGNORED),
    (r"(?:{weekday}|today|tomorrow|tonight|yesterday)'s|good (?:morning|afternoon|evening)", _IGNORED),
    (r"first time|next time|this time(?! tomorrow| next week)|for the time being|at this time|at the time|in time for", _IGNORED),
    # vague
    (r"as (?:soon|quickly|promptly|fast|swiftly) as|asap|a\.s\.a\.p\.?|at (?:our|the|my) (?:very )?earliest", _VAGUE),
    (r"(?:very )?(?:shortly|soon|soonest|presently|promptly|immediately|momentarily|imminently)", _VAGUE),
    (r"in due (?:course|time)|before (?:too |very )?long|(?:right|straight) away|at once|without (?:any )?(?:further )?delay", _VAGUE),
    (r"in (?:just )?a (?:moment|minute|second|bit|while|little while|jiffy)|any (?:day|minute|moment|time) now|in good time", _VAGUE),
    (r"(?:the|these) (?:coming|next|following) days|(?:the )?(?:coming|next) (?:couple of|few|several) (?:working |business )?(?:minutes|hours|days|weeks|months)", _VAGUE),
    (r"a (?:few|couple of) (?:more )?(?:working |business |short )?(?:minutes|hours|days|weeks|months)|several (?:working |business )?(?:hours|days|weeks)", _VAGUE),
    (r"(?:in )?the near future|at some (?:point|stage)|in the meantime|sooner or later|one of these days|over time|when(?:ever)? (?:we|i) (?:can|know)", _VAGUE),
    # lengths of time
    (r"(?:the next )?(?P<n>an?|one|the) hour and a half()", fixed(Piece(Kind.ELAPSED, (90,)))),
    (r"half an hour|(?:the next )?half[- ]hour|half (?:of )?the hour", fixed(Piece(Kind.ELAPSED, (30,)))),
    (r"(?:a )?quarter of an hour", fixed(Piece(Kind.ELAPSED, (15,)))),
    (r"three[- ]quarters of an hour", fixed(Piece(Kind.ELAPSED, (45,)))),
    (r"(?<=within )the(?: next)? hour|the next hour", fixed(Piece(Kind.ELAPSED, (60,)))),
    (r"(?<=within )the(?: next)? (?:working|business) day", fixed(Piece(Kind.BUSINESS_DAYS, (1,), STANDS))),
    (r"(?<=within )the(?: next)? (?:fortnight)", fixed(Piece(Kind.DAYS, (14,)))),
    (r"(?<=within )the(?: next)? week|(?<=in the )next week|(?<=over the )next week", fixed(Piece(Kind.DAYS, (7,)))),
    (r"(?<=within )the(?: next)? month|(?<=in the )next month|(?<=over the )next month", fixed(Piece(Kind.MONTHS, (1,)))),
    (r"(?:(?P<n>{num}) weeks?|(?P<f>an?|one) fortnight|(?P<g>the) fortnight) (?:on|from|after) (?:this |next )?(?P<from>{weekday}|today|tomorrow|now)", _weeks_from),
    (r"(?P<n>) ?(?P<from>today|tomorrow) (?:week|fortnight)", _weeks_from),
    (r"(?:(?P<n>{num}) weeks?|(?:a|one) fortnight) (?P<from>today|tomorrow)", _weeks_from),
    (r"(?:this|the same) time next week", fixed(Piece(Kind.ELAPSED, (7 * 24 * 60,), STANDS))),
    (r"(?:the )?(?:first|second|third|last) (?:{weekday}|(?:working |business )?day) (?:of|in) (?:the |this |next )?(?:week|month|{month})", _UNSURE),
    (r"(?:the )?(?:working|business) day after(?: tomorrow)?", _UNSURE),
    (r"(?:this|the same) time tomorrow", fixed(Piece(Kind.ELAPSED, (24 * 60,), STANDS))),
    (r"(?<=before )the month is (?:out|over|done|through|up)", fixed(Piece(Kind.MONTH, (0, 1)))),
    (r"(?<=before )the week is (?:out|over|done|through|up)", fixed(Piece(Kind.WEEK, (0, 1)))),
    (r"(?<=before )the day is (?:out|over|done|through)", fixed(Piece(Kind.CLOSE))),
    (r"(?:the )?(?:next |first )?(?:{num}(?:{to}))?(?P<n>{num})(?: \(\d{1,3}\))?(?: more| full| clear| calendar)? (?P<biz>(?:working|business|office|weekday)[- ]?)?{unit}(?: and a half)?"
     r"(?:'? time\b)?(?: at (?:the )?(?:most|latest)| from (?:now|today))?" + _EVENT, _count),
    # days counted from somewhere
    (r"(?:the )?(?:next|following|first|very next) (?:available )?(?:working|business) day", fixed(Piece(Kind.BUSINESS_DAYS, (1,), STANDS))),
    (r"the day after tomorrow|day after tomorrow|overmorrow", fixed(Piece(Kind.OFFSET, (2,)))),
    (r"(?:the|that) day after(?! {weekday}| the| your| our| we| you| it)(?: that)?|(?:the )?(?:following|next) day\b(?! delivery)", fixed(Piece(Kind.THAT_DAY, (1,)))),
    (r"the day before(?: that)?(?= *(?:$|[.,;:!)]|and |or |to |with |so |at ))|the previous day", fixed(Piece(Kind.THAT_DAY, (-1,)))),
    (r"that (?:same |very )?(?P<part>morning|afternoon|evening|night)", lambda f: (Piece(Kind.THAT_DAY, (0,)), Piece(Kind.PART, (_ENDS[f.group("part")], 0)))),
    (r"weekend or no(?:t|(?: \w+)? weekend)", _IGNORED),
    (r"(?:on )?(?:that|the same|the very same)(?: very| same)? day(?! (?:after|before))", fixed(Piece(Kind.THAT_DAY, (0,)))),
    (r"(?:(?<=by )|(?<=before ))then|(?<=you )then(?= *(?:[.,;!)]|$))|then(?= *$)", fixed(Piece(Kind.THAT_DAY, (0,)))),
    # parts of today
    (r"this (?:very )?morning|later this morning", _THIS_MORNING),
    (r"(?:later )?this (?:very )?afternoon", _THIS_AFTERNOON),
    (r"midnight tonight|tonight at midnight|midnight today", fixed(Piece(Kind.OFFSET, (0,)), Piece(Kind.CLOCK, (shared.MIDNIGHT, 0)))),
    (r"(?:later )?(?:tonight|this (?:very )?evening)", _THIS_EVENING),
    (r"(?:later (?:on )?)?today", fixed(Piece(Kind.OFFSET, (0,)))),
    (r"tomorrow", fixed(Piece(Kind.OFFSET, (1,)))),
    # ends
    (r"(?:the )?(?:end|course|close|rest|remainder) of (?:the )?(?:working |business )?(?:day|play|business|trading)|cob|c\.o\.b\.?|eod|cop|close|(?:the )?end of business", fixed(Piece(Kind.CLOSE))),
    (r"(?:the )?(?:end|close) of(?= (?:today|tomorrow|{weekday}))", fixed(Piece(Kind.CLOSE))),
    (r"(?:the )?end of (?:the (?:following|coming) week|(?:the )?next(?: working| business)? week)|end next week", fixed(Piece(Kind.WEEK, (1, 1)))),
    (r"(?:the )?(?:very )?end of (?:the|this|the current|the working)(?: working| business)? week|eow|end of week|this week's end|the week's end", fixed(Piece(Kind.WEEK, (0, 1)))),
    (r"(?:the )?end of (?:the following month|(?:the )?next month)", fixed(Piece(Kind.MONTH, (1, 1)))),
    (r"(?:the )?end of (?:the|this|the current) (?:calendar )?month|eom|month[- ]end|end of month", fixed(Piece(Kind.MONTH, (0, 1)))),
    (r"(?:the )?end of (?P<month>{month}){year}", _end_of_month),
    (r"(?:the )?(?:beginning|start|middle|early part|first half|second half) of (?:the |this |next )?(?:day|week|month|year|{month})|mid[- ](?:week|month|{month})", _UNSURE),
    (r"(?:early|late|midweek|mid)(?: on| in)? (?:the |this |next )?(?:week|month|{month}|year)|(?:the )?end of (?:the |this |next )?(?:year|quarter)", _UNSURE),
    (r"(?:the )?(?:week|w/c|wk)(?: commencing| beginning| starting| of) (?:the )?", _UNSURE),
    # weekdays
    (r"(?:every|each) (?P<day>{weekday})|(?P<day2>(?<=on ){weekday})s\b", lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day") or f.group("day2")], 0, 0)),)),
    (r"(?:the )?(?P<day>{weekday}) week|(?:a )?week on (?P<day3>{weekday})", lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day") or f.group("day3")], 0, 1)),)),
    (r"(?P<day>{weekday}) (?:of )?(?:the )?(?:next|following) week|next week,?(?: on)? (?P<day4>{weekday})|next week \((?P<day5>{weekday})\)",
     lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day") or f.group("day4") or f.group("day5")], WeekdayMode.NEXT_WEEK, 0)),)),
    (r"(?P<day>{weekday}) (?:of )?this week|this week,?(?: on)? (?P<day6>{weekday})", lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day") or f.group("day6")], WeekdayMode.THIS_WEEK, 0)),)),
    (r"(?:this|the) (?:coming|next) (?P<day>{weekday})|coming (?P<day7>{weekday})", lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day") or f.group("day7")], 0, 0)),) if "next" not in f.group() else (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day")], WeekdayMode.NEXT_WEEK, 0)),)),
    (r"next (?P<day>{weekday})", _on(WeekdayMode.NEXT_WEEK)),
    (r"this (?P<day>{weekday})", _on(WeekdayMode.THIS)),
    # dates
    (r"{feast}", lambda f: (Piece(Kind.DATE, (0, *_FEASTS[f.group("feast").replace("'", "")])),)),
    (r"{iso}", shared.iso_date),
    (r"{numeric}", shared.numeric_date),
    (r"(?:the )?(?:\d{1,2}(?:st|nd|rd|th)?{to})?(?:the )?(?P<d>\d{1,2})(?:st|nd|rd|th)?(?: day)?(?: of|,)? (?P<month>{month})\b\.?{year}", _month_day),
    (r"(?P<month>{month})\.? (?:the )?(?:\d{1,2}(?:st|nd|rd|th)?{to})?(?P<d>\d{1,2})(?:st|nd|rd|th)?(?![\d:]){year}", _month_day),
    (r"(?P<day>{weekday}),? (?:the )?(?P<d>\d{1,2}(?:st|nd|rd|th))(?! (?:of )?{month})|(?P<day8>{weekday}),? (?P<d2>\d{1,2})(?= *(?:$|[.,;)!]|at |by |before ))", lambda f: (Piece(Kind.WEEKDAY, (WEEKDAYS[f.group("day") or f.group("day8")], 0, 0)), shared.date_of(None, 0, f.group("d") or f.group("d2")))),
    (r"the (?P<d>\d{1,2}(?:st|nd|rd|th))(?: of (?:this|the) month)?", lambda f: (shared.date_of(None, 0, f.group("d")),)),
    (r"(?P<day>{weekday})", _on()),
    (r"(?:(?<=in )|(?<=by )|(?<=before )|(?<=during )|(?<=until )){month}\b(?! \d)|(?:the )?(?:new year(?!'s)|christmas|easter|summer|spring|autumn)|(?:next|this) (?:year|quarter|{month})|20\d\d\b(?=[.,;)! ]|$)", _UNSURE),
    # weeks and months as such
    (r"(?:later |some ?time |any ?time |during |in the course of )?(?:in )?(?:the )?(?:following|coming) week", fixed(Piece(Kind.WEEK, (1, 0)))),
    (r"(?:later |some ?time |during )?next week", fixed(Piece(Kind.WEEK, (1, 0)))),
    (r"(?:later (?:in )?|some ?time |during |in the course of |the course of )?(?:this|the) week\b(?! (?:after|before|of|commencing|beginning))", fixed(Piece(Kind.WEEK, (0, 0)))),
    (r"(?:some ?time |during )?next month", fixed(Piece(Kind.MONTH, (1, 0)))),
    (r"(?:later |some ?time |during )?this month", fixed(Piece(Kind.MONTH, (0, 0)))),
    (r"(?<=before )the weekend", fixed(Piece(Kind.WEEK, (1, 0)))),
    (r"(?:the |this |next )?(?:bank holiday )?weekend|overnight(?! (?:you|it|them|the|a|an|your|this|that)\b)|daily|weekly|fortnightly|monthly|every (?:other |second )?(?:day|week|month)|each (?:day|week|month)", _UNSURE),
    # clocks
    (r"(?:between )?\d{1,2}(?:[:.]\d\d)? ?{ampm1}{to}(?P<h>\d{1,2})(?:[:.](?P<m>\d\d))? ?{ampm}", _clock),
    (r"(?:{hour}(?:[:.]\d\d)? ?{ampm1}{to})(?P<noon>noon|midday|lunchtime|lunch)", lambda f: (Piece(Kind.CLOCK, (shared.LUNCHTIME if "lunch" in f.group("noon") else shared.NOON, 0)),)),
    (r"(?:(?<=between )|(?<=from )){hour}(?:[:.]\d\d)?{to}(?P<h>{hour})(?:[:.](?P<m>\d\d))?\b(?! ?(?:hours|days|weeks|minutes|working|business))", _clock_range),
    (r"\d{1,2}:\d\d{to}(?P<h>\d{1,2}):(?P<m>\d\d)", _clock),
    (r"12 ?(?:noon|midday)|noon|midday", fixed(Piece(Kind.CLOCK, (shared.NOON, 0)))),
    (r"(?:12 )?midnight", fixed(Piece(Kind.CLOCK, (shared.MIDNIGHT, 0)))),
    (r"lunch ?time|lunch", fixed(Piece(Kind.PART, (shared.LUNCHTIME, 0)))),
    (r"(?P<h>{hour})(?:[:.](?P<m>\d\d))? ?{ampm}", _clock),
    (r"(?P<h>\d{1,2}):(?P<m>\d\d):(?P<s>\d\d) ?{ampm}", _clock),
    (r"(?P<part>(?:a )?quarter past|half past|(?:a )?quarter to) (?P<h>{hour})", _past_the_hour),
    (r"(?P<h>{hour}) o'? ?clock", _clock),
    (r"(?P<h>\d{1,2}):(?P<m>\d\d)(?: ?(?:h|hrs|hours)\b)?", _clock),
    (r"(?:(?<=at )|(?<=by )|(?<=before )|(?<=than )|(?<=until )|(?<=till )|(?<=after )|(?<=from )|(?<=around )|(?<=about ))(?P<h>{hour})(?:\.(?P<m>\d\d))?\b{until_the_end}", _clock),
    (r"(?:(?<=at )|(?<=by )|(?<=before ))(?P<part>half) (?P<h>{hour})\b(?! (?:hours|days|of))", _past_the_hour),
    (r"(?:(?<=at )|(?<=by )|(?<=before ))(?:[01]\d|2[0-3])[0-5]\d(?: ?(?:h|hrs|hours))?", _military),
    # parts of a day
    (r"first thing", fixed(Piece(Kind.FIRST_THING))),
    (r"(?:early |late |mid)[- ]?(?:morning|afternoon|evening)", _UNSURE),
    (r"morning", fixed(Piece(Kind.PART, (shared.NOON, 0)))),
    (r"afternoon", fixed(Piece(Kind.PART, (shared.AFTERNOON, 0)))),
    (r"evening|night", fixed(Piece(Kind.PART, (shared.END_OF_NIGHT, 0)))),
    # zones
    (r"(?P<zone>eastern|pacific|mountain)(?= *(?:$|[.,;)!]|on |tomorrow|today|tonight|this ))", _zone),
    (r"{offset_zone}", shared.zone_by_offset),
    (r"{iana_zone}", shared.zone_by_name),
    (r"(?P<zone>gmt|utc|bst|cest|cet|eet|eest|est|edt|cdt|mst|mdt|pst|pdt|et|ct|mt|pt|jst|aest|aedt)", _zone),
    (r"(?P<zone>uk|london|irish|dublin|paris|berlin|madrid|german|french|spanish|new york|tokyo|sydney|central european|eastern|central|mountain|pacific|our|local) time", _zone),
    (r"(?:your|their|his|her|the customer.s) (?:local )?time|[a-z]{2,12} time(?= *(?:[.,;)!]|$|on |tomorrow))|(?:ist|cst|hkt|sgt)", fixed(Piece(Kind.ZONE, (), "?"))),
)  # fmt: skip

LEAD = Lead(
    before=re.compile(r"(?:before|ahead of|prior to|in advance of) (?:the |this |on )?$"),
    by=re.compile(r"(?:by|before) (?:the )?$"),
    not_due=re.compile(
        r"(?:\b(?:dated|since|after|from|until|till|through|as of|as from|starting|past|not before|excluding|except)"
        r"|\b(?<!course )(?<!morning )(?<!afternoon )(?<!evening )(?<!end )of"
        r"|\b(?:you|which|that) (?:\w{1,15} )?(?:sent|bought|wrote|rang|told|paid|made|spoke|placed|received|ordered|called|emailed|asked|reported|raised|phoned|missed|had)"
        r"(?: \w{1,12}){0,2}?(?: on| at| in)?) (?:the |on |at )?$"
    ),
    about=re.compile(
        r"\b(?:around|about|approximately|approx\.?|roughly|circa|some|nearly|more than)(?: the)? $|\bover (?!the)$|~ ?$"
    ),
    duration=re.compile(
        r"\b(?:in|within|inside|under|over the|take|takes|max|maximum of|most|less than|the next|the first|next|by)(?: the| a| about| just| another| under| around)? ?$"
        r"|^the (?:next|first)|^next |from (?:now|today)$|time$|at (?:the )?(?:most|latest)$"
    ),
    joins=re.compile(r",? ?(?:to|-|–|or|through|until|or by|or on|to the) (?:on |the |by )?|-|–|/"),
    joins_after_between=re.compile(r" and (?:on |the )?"),
    between=re.compile(r"\bbetween (?:the )?$"),
)


_NEVER = (
    "our are were been being had do did can could would should might make made sure come so but not what which who his her him them they she please there here"
    " out up off about only own also just which label order part new old card money letter know write look tell give see need"
    " you and will it we i us with for from is was have has back ring call to send my me be of by on ll not get he if refund"
)


@cache
def english() -> Grammar:
    """The compiled English grammar."""
    return grammar(WORDS | shared.SHARED_WORDS, SHAPES, LEAD, _NEVER)
