"""Finds the order, invoice, booking and other numbers a customer states, and which of them the complaint is about.

A number counts when a label beside it says what it is ("order no. 4711", "4711 is my booking reference"), or when its
shape leaves little else ("#45120", "INV-20411"). Phone numbers, dates, amounts, postcodes, cards and models do not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.domain.particulars.found import Particular, ReferenceKind
from worker.domain.particulars.sentences import Sentence
from worker.domain.particulars.words import (
    ELSEWHERE,
    LABELS,
    LINKS,
    MONTHS,
    NOT_LABELS,
    NUMBER_WORDS,
    UNITS,
)

_LEFT = 64  # characters before a number in which its label may stand
_RIGHT = 48
_LONGEST = 40
_MOST = 64  # numbers looked at in one text
_MOST_WORDS = 8  # between a label and its number

_NUMBER = re.compile(r"\d+")
_CAPITALS = re.compile(r"(?<![\w@./-])[A-Z]{5,8}(?![\w@-])")
_ORDINAL_OR_UNIT = re.compile(
    r"\d+(?:[.,]\d+)?(?:st|nd|rd|th|s|x|er|ème|am|pm|h|hrs?|mins?|kg|g|cm|mm|m|km|w|kw|kwh|v|ml|l|gb|mb|tb|k|p|€|eur|gbp)"
    r"|\d+-(?:[^\W\d]+)(?:-[^\W\d]+)*|(?:v|size|ip)\d+(?:\.\d+)*",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{4}[./-]\d{1,2}[./-]\d{1,2}")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[/-]\d\d)?")
_IBAN_START = re.compile(r"[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30})?")
_CARD = re.compile(r"\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}|\d{16}")
_GROUP = re.compile(r" ([A-Z0-9]{3,6})(?![\w@%:.,/-]*[a-z%@:])(?= |[.,;:!?)\n]|$)")
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
    {"no.", "nr.", "ref.", "num.", "n.", "nos.", "nbr.", "best.", "réf.", "núm.", "id.", "ord.", "cde."}
)
_MONEY_BEFORE = ("£", "$", "€", "¥")
_MONEY_WORDS = frozenset({"eur", "usd", "gbp", "chf", "£", "$", "€", "rs"})
_STRIP = ".,:;!?#()[]<>*_\"'“”‘’=«»|-–—"
_IS = frozenset({"is", "was", "being", "ist", "es", "est", "it's"})
_SUBJECT_TAG = re.compile(r"\[[^\[\]]{0,60}\]")
_ORDERED = frozenset(
    "order ordered orders purchase purchased bought booking booked invoice reservation bestellt bestellung commandé commande pedido pedí compré compra".split()
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


def find_references(text: str, where: str) -> tuple[Particular, ...]:
    """Every reference stated in one field, in order. Linear: each number is looked at once, in a bounded window."""
    tags = [m.span() for m in _SUBJECT_TAG.finditer(text)] if where == "subject" else []
    found: list[Particular] = []
    seen = 0
    looked = 0
    for digits in _NUMBER.finditer(text):
        if digits.start() < seen:
            continue
        looked += 1
        if looked > _MOST * 8 or len(found) >= _MOST:
            break
        start, end = _token(text, digits.start(), digits.end())
        seen = end
        read = _read_number(text, start, end, found, where, tags)
        if isinstance(read, Particular):
            found.append(read)
            seen = read.end
        elif read:
            seen = read
    found.extend(_lettered(text, where, found))
    return tuple(sorted(found, key=lambda one: one.start))


def choose_references(found: Sequence[Particular], sentences: Sequence[Sentence]) -> tuple[Particular, ...]:
    """Those the complaint is about, the surest first; further ones only where they are told in one breath with it."""
    if not found:
        return ()
    weighed = sorted(
        ((_weight(one, sentences), n, one) for n, one in enumerate(found)), key=lambda w: (-w[0], w[1])
    )
    best_weight, _, best = weighed[0]
    about, texts = [best], {best.text.casefold()}
    for weight, _, one in weighed[1:]:
        near = one.field == best.field and 0 < one.start - best.end < 12
        if weight == best_weight and one.kind is best.kind and near and one.text.casefold() not in texts:
            about.append(one)
            texts.add(one.text.casefold())
            best = one
    return tuple(about)


def _weight(one: Particular, sentences: Sequence[Sentence]) -> float:
    weight = 4.0 - _RANK[one.kind or ReferenceKind.REFERENCE]
    sentence = next((s for s in sentences if one.field == s.field and s.start <= one.start < s.end), None)
    if sentence is None:
        return weight + (1.5 if one.field == "subject" else 0)
    if sentence.tells_failure:
        weight += 1.5
    before = sentence.text[max(0, one.start - sentence.start - 48) : one.start - sentence.start]
    clause = before.rsplit(",", 1)[-1].casefold().split()
    if (
        not ELSEWHERE.isdisjoint(clause)
        or {"arrived", "fine"} <= sentence.known
        or {"came", "fine"} <= sentence.known
    ):
        weight -= 4
    return weight


def _token(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole of what a run of digits stands in, hyphens and slashes inside included."""
    low, high = max(0, start - _LONGEST), min(len(text), end + _LONGEST)
    while start > low and (
        text[start - 1].isalnum()
        or (text[start - 1] in "-/_" and start - 1 > low and text[start - 2].isalnum())
    ):
        start -= 1
    while end < high and (
        text[end].isalnum()
        or (text[end] in "-/_" and end + 1 < high and text[end + 1].isalnum())
        or (text[end] in ".,'" and end + 1 < high and text[end + 1].isdigit())
    ):
        end += 1
    return start, end


def _read_number(
    text: str, start: int, end: int, found: Sequence[Particular], where: str, tags: Sequence[tuple[int, int]]
) -> Particular | int | None:
    """The reference at [start, end), or where to go on after what is certainly none, or None."""
    if glued := _GLUED.match(text, start, end):
        start = glued.end()
    token = text[start:end]
    before = text[max(0, start - _LEFT) : start]
    after = text[end : end + _RIGHT]
    beyond = _no_reference(text, start, end, before, after)
    if beyond:
        return beyond
    label = _label_before(
        text[max(0, start - _LEFT - len(glued.group()) if glued else max(0, start - _LEFT)) : start], found
    ) or _label_after(token, after)
    if label == "none":
        return None
    tagged = any(low <= start < high for low, high in tags)
    if isinstance(label, _Label):
        if tagged and label.kind in {ReferenceKind.TICKET, ReferenceKind.CASE, ReferenceKind.REFERENCE}:
            return None
        start, end = _with_groups(text, start, end)
        if not _plausible(text[start:end], label, before):
            return None
        return Particular(text=text[start:end], field=where, start=start, end=end, kind=label.kind)
    if tagged:
        return None
    kind = _kind_by_shape(text, token, start, end, where)
    return kind and Particular(text=token, field=where, start=start, end=end, kind=kind)


def _no_reference(text: str, start: int, end: int, before: str, after: str) -> int | None:
    """Where to go on when this is an amount, a date, a time, a phone, card or bank number, an address; else None."""
    token = text[start:end]
    tight = before.rstrip()
    if (
        tight.endswith(_MONEY_BEFORE)
        or tight[-4:].casefold().strip() in _MONEY_WORDS
        or after[:1] in "%€£$°"
        and after
    ):
        return end
    if after[:2].strip()[:1] in ("€", "£", "$", "%") and after.strip():
        return end
    if before.endswith(":") and len(before) > 1 and before[-2].isdigit() or re.match(r":\d\d", after):
        return end
    if _DATE.fullmatch(token) or _ORDINAL_OR_UNIT.fullmatch(token) or re.fullmatch(r"\d+[.,]\d{1,2}", token):
        return end
    if re.fullmatch(r"\d{1,3}(?:[.,']\d{3})+(?:[.,]\d\d?)?", token):
        return end
    if before.endswith("+") or (card := _CARD.match(text, start)) and card.end() >= end:
        return _end_of_run(text, end)
    if _IBAN_START.fullmatch(token) and (len(token) > 4 or re.match(r" [A-Z0-9]{4} [A-Z0-9]{4}", after)):
        return _end_of_run(text, end)
    chunk = before.rsplit(None, 1)[-1] if before and not before[-1].isspace() else ""
    if (
        "@" in chunk + after.split(None, 1)[0:1].__str__()[:60]
        and not after[:1].isspace()
        or "://" in chunk
        or "www." in chunk
    ):
        return end
    next_word = (
        after.split(None, 1)[0].strip(_STRIP).casefold() if after[:1].isspace() and after.strip() else ""
    )
    if token.isdigit() and next_word in UNITS and not (len(token) > 4 and next_word in MONTHS):
        return end
    last_word = tight.rsplit(None, 1)[-1].strip(_STRIP).casefold() if tight else ""
    if token.isdigit() and len(token) <= 4 and last_word in MONTHS and last_word not in {"may"}:
        return end
    return None


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
        .replace("#", " # ")
        .replace("-", " ")
        .replace("/", " ")
        .replace("(", " ")
        .split()[-_MOST_WORDS:]
    )


def _label_before(before: str, found: Sequence[Particular]) -> "_Label | str | None":
    """The label that stands before a number, "none" when what stands there says that it is something else."""
    says_number = False
    generic: ReferenceKind | None = None
    for raw in reversed(_words_before(before)):
        word = raw.casefold().strip(_STRIP) if raw != "#" else "#"
        if not word:
            continue
        if raw.endswith((".", "!", "?")) and raw.casefold() not in _ABBREVIATED and word not in NUMBER_WORDS:
            break
        if word in {
            "reference",
            "ref",
            "refs",
            "réf",
            "référence",
            "referencia",
            "referenz",
            "code",
            "id",
            "nummer",
            "confirmation",
        }:
            says_number = True
            if word not in {"code", "id", "nummer", "confirmation"}:
                generic = ReferenceKind.REFERENCE
            continue
        if kind := LABELS.get(word):
            whole = word.endswith(("nummer", "nr", "number", "no", "code", "id"))
            return _Label(kind=kind, says_number=says_number or whole)
        if word in NUMBER_WORDS:
            says_number = True
        elif word in NOT_LABELS:
            return "none"
        elif any(word == one.text.casefold() for one in found[-1:]):
            return _Label(kind=found[-1].kind or ReferenceKind.REFERENCE, says_number=True)
        elif word not in LINKS:
            break
    if generic:
        return _Label(kind=generic, says_number=True)
    return None


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
    if (
        token.isdigit()
        and (prefix := _PREFIX.search(text[max(0, start - 6) : start]))
        and prefix.group(1) not in {"I", "A", "NO", "NR", "ID", "N", "REF", "IS"}
    ):
        start -= len(prefix.group(0))
    if token.isupper() or token.isdigit():
        for _ in range(4):
            group = _GROUP.match(text, end, min(len(text), end + 12))
            following = text[group.end() : group.end() + 12].split()[:1] if group else []
            if (
                group is None
                or not any(c.isdigit() for c in group.group(1))
                or _YEAR.fullmatch(group.group(1))
            ):
                break
            if (
                following
                and following[0].strip(_STRIP).casefold() in UNITS
                or len(group.group(1)) < min(3, len(token))
            ):
                break
            end = group.end(1)
    return start, end


def _plausible(token: str, label: _Label, before: str) -> bool:
    """Whether a labelled token can be such a number at all."""
    digits = sum(c.isdigit() for c in token)
    if label.says_number or before.rstrip().endswith("#"):
        return (
            digits >= 2
            or (digits == 1 and len(token) >= 4)
            or (digits >= 1 and before.rstrip().endswith("#"))
        )
    if _YEAR.fullmatch(token):
        return False
    if token.isdigit():
        return len(token) >= 4
    return digits >= 2 and len(token) >= 4 and (not token.isalpha()) and not token.islower() or digits >= 4


def _kind_by_shape(text: str, token: str, start: int, end: int, where: str) -> ReferenceKind | None:
    """What an unlabelled number is, where its shape and sentence leave little doubt."""
    digits = sum(c.isdigit() for c in token)
    for shape, kind in _PREFIX_KINDS:
        if shape.match(token) and digits >= 4 and token[:2].isupper():
            return kind
    around = text[max(0, start - 120) : end + 80].casefold()
    words = set(re.findall(r"[^\W\d_]+", around))
    ordered = not words.isdisjoint(_ORDERED)
    hashed = text[max(0, start - 1) : start] == "#"
    spelt_with_letters = any(c.isalpha() for c in token)
    if hashed and digits >= 3:
        return ReferenceKind.ORDER if ordered else ReferenceKind.REFERENCE
    if spelt_with_letters:
        if digits >= 5 and token.upper() == token and _STRONG.fullmatch(token):
            return ReferenceKind.ORDER if ordered else ReferenceKind.REFERENCE
        return None
    if not 5 <= digits <= 14 or token[0] == "0" or _looks_like_phone_or_place(text, start, end):
        return None
    if where == "subject" or (ordered and digits >= 6) or (digits >= 6 and "-" in token):
        return ReferenceKind.ORDER if ordered else ReferenceKind.REFERENCE
    return None


def _looks_like_phone_or_place(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 24]
    if re.match(r"[ -]\d{2,}", after) or re.search(r"\d[ )-]$", before):
        return True
    return end - start == 5 and re.match(r" [A-ZÄÖÜÉ][a-zäöüß]+", after) is not None


def _lettered(text: str, where: str, found: Sequence[Particular]) -> list[Particular]:
    """Codes without a digit, "booking reference QXKJPD": only right after a label that says so."""
    lettered: list[Particular] = []
    for match in list(_CAPITALS.finditer(text))[:_MOST]:
        words = _words_before(text[max(0, match.start() - _LEFT) : match.start()])
        last = words[-1] if words else ""
        shouting = sum(word.isupper() and len(word) > 3 for word in words) > 1
        label = _label_before(" ".join(words), ())
        if (
            not isinstance(label, _Label)
            or not label.says_number
            or shouting
            or last.isupper()
            and last.casefold() != "pnr"
        ):
            continue
        if not any(one.start <= match.start() < one.end for one in found):
            lettered.append(
                Particular(
                    text=match.group(), field=where, start=match.start(), end=match.end(), kind=label.kind
                )
            )
    return lettered
