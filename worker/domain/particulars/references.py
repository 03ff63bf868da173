"""Finds the order, invoice, booking and other numbers a customer states, and which of them the complaint is about.

A number counts when a label beside it says what it is ("order no. 4711", "4711 is my booking reference"), or when its
shape leaves little else ("#45120", "INV-20411"). Phone numbers, dates, amounts, postcodes, cards and models do not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.domain.particulars.found import Particular, ReferenceKind
from worker.domain.particulars.sentences import Sentence, failures_in, words_of
from worker.domain.particulars.words import (
    ELSEWHERE,
    LABELS,
    LINKS,
    MONTHS,
    NOT_LABELS,
    NUMBER_WORDS,
    PLAIN_S,
    QUANTIFIED,
    SHORT_ORDERS,
    UNITS,
    word_set,
)

_LEFT = 64  # characters before a number in which its label may stand
_RIGHT = 48
_LONGEST = 40
_MOST = 64  # numbers looked at in one text
_MOST_WORDS = 8  # between a label and its number

_NUMBER = re.compile(r"\d+")
_CAPITALS = re.compile(r"(?<![\w@./-])[A-Z]{5,8}(?![\w@-])")
_ORDINAL_OR_UNIT = re.compile(
    r"(?i:\d+(?:[.,]\d+)?(?:st|nd|rd|th|s|x|er|ème|am|pm|h|hrs?|mins?|kg|g|cm|mm|m|km|w|kw|kwh|v|ml|l|gb|mb|tb|k|p|€|eur|gbp))"
    r"|\d+-[a-zäöüßéè]{2,}(?:-[a-z]+)*|(?i:v|size|ip)\d+(?:\.\d+)*"
)
_DATE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|[12]\d|3[01])(?:[./-](?:\d{4}|\d{2}))?|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?:[/-]\d\d)?")
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30})?")
_CARD = re.compile(r"\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}|\d{16}")
_GROUP = re.compile(r" ([A-Z0-9]{1,6})(?= |[.,;:!?)\n]|$)")
_PREFIX = re.compile(r"(?<![\w-])([A-Z]{1,4})[ ]$")
_GLUED = re.compile(r"[^\W\d_]{5,}\.?-?(?=\d)")
_STRONG = re.compile(
    r"[A-Za-z]{1,6}[-/_]?\d[\w/-]{3,}|\d{2,}(?:[-/_][A-Za-z0-9]{2,}){1,4}|[A-Za-z]{2,5}(?:[-/_][A-Za-z0-9]{2,}){1,4}"
)
_PREFIX_KINDS = (
    (re.compile(r"(?:INV|RE|RG|FAC|FACT)[-/_]?\d", re.IGNORECASE), ReferenceKind.INVOICE),
    (re.compile(r"(?:ORD|ORDER|SO|PO|WEB|PED|CMD|BST|BE)[-/_]?\d", re.IGNORECASE), ReferenceKind.ORDER),
    (re.compile(r"(?:BK|BKG|RES|BOOK)[-/_]?\d", re.IGNORECASE), ReferenceKind.BOOKING),
    (re.compile(r"1Z[0-9A-Z]{10,}|JD\d{10,}|[A-Z]{2}\d{9}[A-Z]{2}"), ReferenceKind.PARCEL),
    (re.compile(r"(?:RMA|TKT|TIC|INC|TT)[-/_]?\d", re.IGNORECASE), ReferenceKind.TICKET),
    (re.compile(r"(?:CASE|CAS|CLM|CLAIM)[-/_]?\d", re.IGNORECASE), ReferenceKind.CASE),
)
_ABBREVIATED = frozenset(
    {
        "no.",
        "nr.",
        "ref.",
        "num.",
        "n.",
        "nos.",
        "nbr.",
        "best.",
        "réf.",
        "núm.",
        "id.",
        "ord.",
        "cde.",
        "s.o.",
    }
)
_JOINS = "-/_"
_TOKEN_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789äöüßéèñÄÖÜÉÑ" + _JOINS
_REST_OF_TOKEN = re.compile(r"(?:[^\W_]|[-/_](?=[^\W_])|[.,'](?=\d))*")
_MONEY_SIGNS = ("£", "$", "€", "¥")
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}|\d{1,3}(?:[.,']\d{3})+(?:[.,]\d\d?)?")
_CLOCK_BEFORE = re.compile(r"\d:$")
_CLOCK_AFTER = re.compile(r":\d\d")
_IBAN_GROUPS = re.compile(r" [A-Z0-9]{4} [A-Z0-9]{4}")
_MORE_GROUPS = re.compile(r"[ -]\d{2,}")
_GROUPS_BEFORE = re.compile(r"\d[ )-]$")
_PLACE = re.compile(r" [A-ZÄÖÜÉ][a-zäöüß]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_OURS = frozenset(
    {ReferenceKind.TICKET, ReferenceKind.CASE, ReferenceKind.REFERENCE}
)  # of a [tag] in a subject
_MONEY_WORDS = frozenset({"eur", "usd", "gbp", "chf", "rs"})
_STRIP = ".,:;!?#()[]<>*_\"'“”‘’=«»|-–—"
_REFERENCES = frozenset(
    {"reference", "ref", "refs", "réf", "référence", "referencia", "referenz", "conf", "confirmation"}
)
_NUMBERED = NUMBER_WORDS | _REFERENCES
_WHOLE_LABELS = ("nummer", "nr", "number", "no", "code", "id")
_VERB_BEFORE = frozenset({"to", "i", "we", "will", "can", "could", "would", "they"})
# Before "order 100" these make it a verb or an amount: "please order 100", "minimum order 100", "in order".
_NO_SHORT_NUMBER = _VERB_BEFORE | {
    "please", "you", "he", "she", "who", "not", "must", "should", "may", "might", "only", "always", "often",
    "people", "customers", "in", "minimum", "min", "standing", "money", "short", "re",
}  # fmt: skip
_NEXT_WORD = re.compile(r"[\s.]*([^\W_]+)")
_NO_PREFIX = frozenset(
    {"i", "a", "is", "no", "nr", "id", "n", "ref", "po", "ord", "pnr", "awb", "acct", "rma"}
)
_FINE = frozenset({"fine", "perfect", "perfectly", "parfait", "perfecto"})
_COMPLAINS = frozenset(
    {"complain", "complaint", "complaining", "dispute", "disputing", "queja", "plainte", "beschwerde"}
)
_AND_WORDS = frozenset({"and", "&", "+", "/", "or", "y", "e", "et", "und", "oder"})
_IS = frozenset({"is", "was", "being", "ist", "es", "est", "it's"})
_SUBJECT_TAG = re.compile(r"\[[^\[\]]{0,60}\]")
_ORDERED = word_set(
    """order ordered orders purchase purchased bought bestellt bestellung commandé commande pedido pedí compré compra"""
)
_BOOKED = word_set(
    "booking booked reservation reserved réservation réservé reserva reservado buchung gebucht"
)
_RANK = {
    ReferenceKind.ORDER: 0,
    ReferenceKind.BOOKING: 0,
    ReferenceKind.INVOICE: 1,
    ReferenceKind.CONTRACT: 2,
    ReferenceKind.REFERENCE: 2,
    ReferenceKind.PARCEL: 3,
    ReferenceKind.ACCOUNT: 3,
    ReferenceKind.CASE: 4,
    ReferenceKind.TICKET: 5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    kind: ReferenceKind
    says_number: bool  # "order no.", "Bestellnummer": not only "order"
    close: bool = False  # "order" stands directly before it, and not as a verb


_NOT_A_REFERENCE = _Label(kind=ReferenceKind.REFERENCE, says_number=False)  # "call me on", "model"


def find_references(text: str, where: str) -> tuple[Particular, ...]:
    """Every reference stated in one field, in order. Linear: each number is looked at once, in a bounded window."""
    tags = [m.span() for m in _SUBJECT_TAG.finditer(text)] if where == "subject" else []
    found: list[Particular] = []
    seen = looked = 0
    for digits in _NUMBER.finditer(text):
        start, end = digits.span()
        if start < seen or (end - start < 3 and _is_small_talk(text, start, end)):
            continue
        looked += 1
        if looked > _MOST * 8 or len(found) >= _MOST:
            break
        number = _number_at(text, start, end)
        seen = number.end
        if (beyond := _end_of_other_thing(number)) is not None:
            seen = max(seen, beyond)
        elif one := _read_number(number, found, where, tags):
            found.append(one)
            seen = one.end
    found.extend(_lettered(text, where, found))
    return tuple(sorted(found, key=lambda one: one.start))


def _is_small_talk(text: str, start: int, end: int) -> bool:
    """A number of one or two digits that stands alone, without "no." or "#" before it: most numbers of most mails."""
    if (
        text[end : end + 1] in _JOINS
        or not text[end : end + 1].isspace()
        or start == 0
        or text[start - 1] != " "
    ):
        return text[end : end + 1] == ":" or text[max(0, start - 1) : start] == ":"
    last = text[max(0, start - 14) : start].split()[-1:]
    word = last[0].casefold().strip(_STRIP) if last else ""
    if not word or word.isdigit():
        return False
    return word not in NUMBER_WORDS and word not in LINKS and word not in LABELS


def choose_references(
    found: Sequence[Particular], sentences: Sequence[Sentence], heading: Sentence
) -> tuple[Particular, ...]:
    """Those the complaint is about, the surest first; further ones only where they are told in one breath with it."""
    if not found:
        return ()
    headed = {LABELS[word] for word in heading.known if word in LABELS}
    weights = [_weight(one, sentences) + (2 if one.kind in headed else 0) for one in found]
    cleared = {one.text for one, weight in zip(found, weights, strict=True) if weight < 0}
    order = sorted(range(len(found)), key=lambda n: (found[n].text in cleared, -weights[n], n))
    best = found[order[0]]
    about, texts = [best], {best.text.casefold()}
    for n in order[1:]:
        one = found[n]
        near = one.field == best.field and 0 < one.start - best.end < 12
        if (
            weights[n] == weights[order[0]]
            and one.kind is best.kind
            and near
            and one.text.casefold() not in texts
        ):
            about.append(one)
            texts.add(one.text.casefold())
            best = one
    return tuple(about)


def _weight(one: Particular, sentences: Sequence[Sentence]) -> float:
    """How likely the complaint is about this number; below 0 where the mail says that it is not."""
    weight = 4.0 - _RANK[one.kind or ReferenceKind.REFERENCE]
    sentence = next((s for s in sentences if one.field == s.field and s.start <= one.start < s.end), None)
    if sentence is None:
        return weight + (1.5 if one.field == "subject" else 0)
    at = one.start - sentence.start
    clause = frozenset(words_of(_clause_around(sentence.text, at, at + len(one.text))))
    before = words_of(sentence.text[max(0, at - 24) : at])
    if before[-1:] == ["not"] or not _FINE.isdisjoint(clause):
        return -8
    if sentence.tells_failure or not _COMPLAINS.isdisjoint(sentence.known):
        weight += 2.5
    if not ELSEWHERE.isdisjoint(clause) and not failures_in(clause - ELSEWHERE, sentence.language):
        weight -= 8
    elif not ELSEWHERE.isdisjoint(before):
        weight -= 2
    return weight


def _clause_around(text: str, start: int, end: int) -> str:
    before = max(text.rfind(mark, max(0, start - 80), start) for mark in (", ", "; ", " but ", " and ", "\n"))
    after = [at for mark in (", ", "; ", " but ") if (at := text.find(mark, end, end + 80)) >= 0]
    return text[max(before, start - 80, 0) : min(after, default=end + 80)]


@dataclass(slots=True)
class _Number:
    """A run of digits with what it is joined to ("AC-220-4471"), and what stands around it."""

    text: str
    start: int
    end: int
    token: str
    before: str
    after: str
    last_word: str  # before it, bare and lower-case
    next_word: str  # after it, likewise; empty unless a space stands between
    glued: str  # a label written together with the number, "Bestellnr4711"


def _number_at(text: str, start: int, end: int) -> _Number:
    left = text[max(0, start - _LONGEST) : start]
    start -= len(left) - len(left.rstrip(_TOKEN_CHARACTERS))
    while text[start] in _JOINS:
        start += 1
    more = _REST_OF_TOKEN.match(text, end, end + _LONGEST)
    end = more.end() if more else end
    glued = _GLUED.match(text, start, end)
    start = glued.end() if glued else start
    before, after = text[max(0, start - _LEFT) : start], text[end : end + _RIGHT]
    last = before[-24:].split()[-1:]
    following = after[:24].split(None, 1)[:1] if after[:1].isspace() else []
    return _Number(
        text, start, end, text[start:end], before, after,
        last[0].strip(_STRIP).casefold() if last else "",
        following[0].strip(_STRIP).casefold() if following else "",
        glued.group() if glued else "",
    )  # fmt: skip


def _read_number(
    number: _Number, found: Sequence[Particular], where: str, tags: Sequence[tuple[int, int]]
) -> Particular | None:
    """The reference this number is, None when nothing says that it is one."""
    label = (
        _label_of_list(number, found)
        or _label_before(number.before + number.glued)
        or _label_after(number.token, number.after)
        or _label_of_column(number)
    )
    tagged = any(low <= number.start < high for low, high in tags)
    if label is _NOT_A_REFERENCE or (tagged and (label is None or label.kind in _OURS)):
        return None
    if label is None:
        kind = _kind_by_shape(number, where)
        return _reference(number.text, where, number.start, number.end, kind) if kind else None
    start, end = _with_groups(number.text, number.start, number.end)
    if not _plausible(number.text[start:end], label, number.before) and not _is_short_order(
        number, label, found
    ):
        return None
    return _reference(number.text, where, start, end, label.kind)


def _reference(text: str, where: str, start: int, end: int, kind: ReferenceKind) -> Particular:
    return Particular(text=text[start:end], field=where, start=start, end=end, kind=kind)


def _end_of_other_thing(number: _Number) -> int | None:
    """Where to go on after an amount, a date, a time, a phone, card or bank number, a link; None for none of them."""
    if _is_run_of_groups(number):
        return _end_of_run(number.text, number.end)
    if _is_amount(number) or _is_time_or_measure(number) or _is_in_link(number):
        return number.end
    return None


def _is_amount(number: _Number) -> bool:
    before, after = number.before.rstrip(), number.after
    if before.endswith(_MONEY_SIGNS) or after[:2].lstrip(" ").startswith((*_MONEY_SIGNS, "%", "°")):
        return True
    return bool(_DECIMAL.fullmatch(number.token)) or number.last_word in _MONEY_WORDS


def _is_time_or_measure(number: _Number) -> bool:
    token = number.token
    if _CLOCK_BEFORE.search(number.before) or _CLOCK_AFTER.match(number.after):
        return True
    named = number.last_word in NUMBER_WORDS or number.before.endswith("#")
    if (_DATE.fullmatch(token) and not (named and len(token) < 6)) or _ORDINAL_OR_UNIT.fullmatch(token):
        return True
    if not token.isdigit():
        return False
    if number.next_word in UNITS and not (_is_no_day_or_year(token) and number.next_word in MONTHS):
        return True
    return len(token) <= 4 and number.last_word in MONTHS and number.last_word != "may"


def _is_no_day_or_year(token: str) -> bool:
    return len(token) == 3 or len(token) > 4


def _is_run_of_groups(number: _Number) -> bool:
    """A phone number with its plus, a card's four fours, an IBAN."""
    if number.before.endswith("+"):
        return True
    card = _CARD.match(number.text, number.start)
    if card and card.end() >= number.end:
        return True
    if not _IBAN.fullmatch(number.token):
        return False
    return _IBAN_GROUPS.match(number.after) is not None if len(number.token) == 4 else _is_iban(number.token)


def _is_iban(token: str) -> bool:
    """ISO 13616: moved round and spelt in digits, it leaves 1 when divided by 97."""
    return int("".join(str(int(c, 36)) for c in token[4:] + token[:4])) % 97 == 1


def _is_in_link(number: _Number) -> bool:
    head = "" if number.before[-1:].isspace() else number.before.split()[-1:]
    tail = "" if number.after[:1].isspace() else number.after.split()[:1]
    around = "".join(head) + number.token + "".join(tail)
    return "@" in around or "://" in around or "www." in around


def _end_of_run(text: str, end: int) -> int:
    """Past further groups of digits and capitals, as phone and bank numbers are written."""
    high = min(len(text), end + _LONGEST)
    while end < high and (
        text[end].isdigit()
        or text[end].isupper()
        or (text[end] in " -()/" and end + 1 < high and text[end + 1].isdigit())
    ):
        end += 1
    return end


def _words_before(before: str) -> list[str]:
    if before and len(before) >= _LEFT and not before[0].isspace():
        before = before.split(None, 1)[-1] if " " in before or "\n" in before else before
    paragraph = before.rsplit("\n\n", 2)[-2:]
    return (
        " ".join(paragraph)
        .replace("a/c", "account")
        .replace("#", " # ")
        .replace("-", " ")
        .replace("/", " ")
        .replace("(", " ")
        .split()[-_MOST_WORDS:]
    )


def _label_before(before: str) -> _Label | None:
    """The label that stands before a number, _NOT_A_REFERENCE when what stands there says so."""
    says_number, generic = False, False
    words = _words_before(before)
    for n in range(len(words) - 1, -1, -1):
        raw = words[n]
        word = raw.casefold().strip(_STRIP) if raw != "#" else raw
        if raw.endswith((".", "!", "?")) and raw.casefold() not in _ABBREVIATED and word not in NUMBER_WORDS:
            break
        if word in _NUMBERED:
            says_number = True
            generic = generic or word in _REFERENCES
        elif kind := LABELS.get(word):
            if n and words[n - 1].casefold() in _VERB_BEFORE:  # "to order 1200 bricks"
                break
            close = n == len(words) - 1 and word in SHORT_ORDERS
            close = close and (not n or words[n - 1].casefold().strip(_STRIP) not in _NO_SHORT_NUMBER)
            return _Label(kind=kind, says_number=says_number or word.endswith(_WHOLE_LABELS), close=close)
        elif word in NOT_LABELS:
            return _NOT_A_REFERENCE
        elif word and word not in LINKS and not (n == len(words) - 1 and _is_prefix(raw)):
            break
    return _Label(kind=ReferenceKind.REFERENCE, says_number=True) if generic else None


def _label_of_list(number: _Number, found: Sequence[Particular]) -> _Label | None:
    """The label of the number before it in "orders 4711, 4712 and 4713"."""
    if not found or not 0 < number.start - found[-1].end <= 8:
        return None
    between = number.text[found[-1].end : number.start].replace(",", " ").replace("#", " ").split()
    if not between or (len(between) == 1 and between[0].casefold() in _AND_WORDS):
        return _Label(kind=found[-1].kind or ReferenceKind.REFERENCE, says_number=False)
    return None


def _label_of_column(number: _Number) -> _Label | None:
    """The label at the head of a number's column, where a table of a web page came as text with tabs."""
    line_start = number.before.rfind("\n") + 1
    if not line_start or "\t" not in number.before[:line_start]:
        return None
    heads = number.before[:line_start].rstrip("\n").rsplit("\n", 1)[-1].split("\t")
    column = number.before[line_start:].count("\t")
    return _label_before(heads[column] + " ") if column < len(heads) else None


def _is_prefix(word: str) -> bool:
    return len(word) <= 4 and word.isalpha() and word.isupper()


def _label_after(token: str, after: str) -> _Label | None:
    """The label of "4711 is my order number" or "4711 (order)"."""
    if len(token) < 4:
        return None
    words = after.split()[:6]
    opened = after.lstrip().startswith(("(", "- ", "– "))
    linked = bool(words) and words[0].casefold() in _IS
    if not (opened or linked):
        return None
    for raw in words:
        word = raw.casefold().strip(_STRIP)
        if (kind := LABELS.get(word)) is not None:
            return _Label(kind=kind, says_number=True)
        if word and word not in LINKS and word not in NUMBER_WORDS and word not in {"mine", "not"}:
            return None
        if raw.endswith((".", ")")):
            return None
    return None


def _with_groups(text: str, start: int, end: int) -> tuple[int, int]:
    """A labelled number with its further groups: "123 456 789", "GB 1234 5678"."""
    token = text[start:end]
    prefix = _PREFIX.search(text[max(0, start - 6) : start]) if token.isdigit() else None
    if prefix and prefix.group(1).casefold() not in _NO_PREFIX and prefix.group(1).casefold() not in LABELS:
        start -= len(prefix.group(0))
    if token.isupper() or token.isdigit():
        for _ in range(5):
            group = _GROUP.match(text, end, min(len(text), end + 12))
            if group is None or not _belongs(
                group.group(1), text[group.end() : group.end() + 16], len(token)
            ):
                break
            end = group.end(1)
    return start, end


def _belongs(group: str, after: str, length: int) -> bool:
    """Whether a further group is part of the number before it and not the beginning of "2 chairs" or "20 days"."""
    if not any(c.isdigit() for c in group) or _YEAR.fullmatch(group):
        return False
    following = after.split()[:1]
    if not following or not after[:1].isspace() or following[0][:1].isdigit():
        return group.isdigit() or len(group) >= 3
    return len(group) >= min(3, length) and following[0].strip(_STRIP).casefold() not in UNITS


def _plausible(token: str, label: _Label, before: str) -> bool:
    """Whether a labelled token can be such a number at all."""
    digits = sum(c.isdigit() for c in token)
    if label.says_number or before.rstrip().endswith("#"):
        return (
            digits >= 2
            or (digits == 1 and len(token) >= 4)
            or (digits == 1 and label.kind is ReferenceKind.ORDER and len(token) > 1 and token.isupper())
            or (digits >= 1 and before.rstrip().endswith("#"))
        )
    if _YEAR.fullmatch(token):
        return False
    if token.isdigit():
        return len(token) >= 4
    return (digits >= 2 and len(token) >= 4 and (not token.isalpha()) and not token.islower()) or digits >= 4


def _is_short_order(number: _Number, label: _Label, found: Sequence[Particular]) -> bool:
    """Whether two or three characters are an order's number: directly after "order", or in a list with one."""
    token = number.token
    if not 2 <= len(token) <= 3 or _is_range(token) or _counts_things(number):
        return False
    if not label.close:
        listed = _label_of_list(number, found) is not None and label.kind is ReferenceKind.ORDER
        return listed and token.isdigit() and len(token) == len(found[-1].text)
    digits = sum(c.isdigit() for c in token)
    return token.isdigit() or (token.isupper() and (digits > 1 or "-" in token))


def _counts_things(number: _Number) -> bool:
    """Whether what follows makes it a count: "12 more", "100 chairs", "10 working days", "12. November"."""
    after = number.after
    if after[:1] in {"+", "%", "x", "×"}:
        return True
    found = _NEXT_WORD.match(after)
    if found is None:
        return False
    word = found.group(1).casefold()
    if not after[:1].isspace():  # a sentence that begins anew, but for "12. November"
        return after[:2] == ". " and len(number.token) < 3 and word in MONTHS
    if word in MONTHS and _is_no_day_or_year(number.token):  # "order 777 may be lost"
        return False
    if word[0].isdigit() or word in QUANTIFIED or (word in {"de", "di"} and len(number.token) < 3):
        return True
    return word.endswith("s") and word not in PLAIN_S


def _kind_by_shape(number: _Number, where: str) -> ReferenceKind | None:
    """What an unlabelled number is, where its shape and sentence leave little doubt."""
    token = number.token
    digits = sum(c.isdigit() for c in token)
    if digits < 3:
        return None
    if digits >= 4 and token[:2].isupper() and (known := _kind_by_prefix(token)):
        return known
    kind = _kind_spoken_of(number)
    named = kind is not ReferenceKind.REFERENCE
    if number.before.endswith("#"):
        sure = named or token[0].isdigit() or "-" in token  # "#Example2026" is a hashtag
    elif token.strip("0123456789-/_"):
        spelt_out = named or where == "subject" or token.count("-") + token.count("/") > 1
        sure = spelt_out and digits >= 5 and token.isupper() and _stands_apart(number)
        sure = sure and _STRONG.fullmatch(token) is not None
    elif not 5 <= digits <= 14 or token[0] == "0" or _looks_like_phone_or_place(number) or _is_range(token):
        sure = named and number.last_word in NUMBER_WORDS and token[0] != "0"
    else:
        sure = where == "subject" or (named and digits >= 6)
        sure = sure or (number.last_word in NUMBER_WORDS and (named or digits >= 6))
    return kind if sure else None


def _stands_apart(number: _Number) -> bool:
    """Whether a code is put in beside the sentence, "(AB-12345)", where the name of a product would be part of it."""
    before = number.before.rstrip(" ")
    return not before or before[-1] in "(,;:-–—\n"


def _is_range(token: str) -> bool:
    low, _, high = token.partition("-")
    return (
        high.isdigit()
        and low.isdigit()
        and len(high) <= 4
        and 0 <= len(high) - len(low) <= 1
        and int(low) < int(high)
    )


def _kind_by_prefix(token: str) -> ReferenceKind | None:
    return next((kind for shape, kind in _PREFIX_KINDS if shape.match(token)), None)


def _kind_spoken_of(number: _Number) -> ReferenceKind:
    """What the words around an unlabelled number speak of."""
    spoken = frozenset(_LETTERS.findall(number.text[max(0, number.start - 120) : number.end + 80].casefold()))
    if not _ORDERED.isdisjoint(spoken):
        return ReferenceKind.ORDER
    return ReferenceKind.REFERENCE if _BOOKED.isdisjoint(spoken) else ReferenceKind.BOOKING


def _looks_like_phone_or_place(number: _Number) -> bool:
    if _MORE_GROUPS.match(number.after) or _GROUPS_BEFORE.search(number.before):
        return True
    return len(number.token) == 5 and _PLACE.match(number.after) is not None


def _lettered(text: str, where: str, found: Sequence[Particular]) -> list[Particular]:
    """Codes without a digit, "booking reference QXKJPD": only right after a label that says so."""
    lettered: list[Particular] = []
    for match in list(_CAPITALS.finditer(text))[:_MOST]:
        words = _words_before(text[max(0, match.start() - _LEFT) : match.start()])
        last = words[-1] if words else ""
        shouting = sum(word.isupper() and len(word) > 3 for word in words) > 1
        label = _label_before(" ".join(words))
        if (
            not isinstance(label, _Label)
            or not label.says_number
            or shouting
            or (last.isupper() and last.casefold() != "pnr")
        ):
            continue
        if not any(one.start <= match.start() < one.end for one in found):
            lettered.append(
                Particular(
                    text=match.group(), field=where, start=match.start(), end=match.end(), kind=label.kind
                )
            )
    return lettered
