"""Which stretches of a letter are our own sentences: quoted mail, quotations and signatures are left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_QUOTE = re.compile(r"[ \t]{0,8}>")
_ATTRIBUTION = re.compile(
    r"[ \t]{0,8}(?:on|am|le|el|op|il|em)\b[^\n]{3,200}?(?:wrote|writes|schrieb|a écrit|écrivait|escribió|schreef|ha scritto|escreveu)[^\n:]{0,80}:\s*$",
    re.IGNORECASE,
)
_ATTRIBUTION_STARTS = re.compile(
    r"[ \t]{0,8}(?:on|am|le|el)\b[^\n]{3,200}(?:\d{4}|\d:\d\d|@)[^\n]{0,80}$", re.IGNORECASE
)
_ATTRIBUTION_ENDS = re.compile(
    r"[^\n]{0,120}(?:wrote|schrieb|a écrit|escribió)[^\n:]{0,40}:\s*$", re.IGNORECASE
)
_REST_IS_OLD = re.compile(
    r"[ \t]{0,8}(?:-{2,}|_{5,})? ?(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|message d'origine|message transféré|mensaje original|mensaje reenviado)\b",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"[ \t]{0,8}\*?(?:from|von|de|sent|date|gesendet|datum|envoyé|enviado|fecha|to|an|à|para|subject|betreff|objet|asunto|cc) ?:\*? ",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"-- ?$")
_BULLET = re.compile(r"[ \t]{0,8}(?:[-*•–—·]|\(?\d{1,2}[.)])[ \t]")
_QUOTATION = re.compile(r"[\"“„«][^\"”“»\n]{12,400}[\"”“»]")
_QUOTE_MARK = re.compile('["“„«]')
_STOP = re.compile(r"[.!?…]+[\"'”’)\]]{0,2}(?=\s|$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|no|nr|approx|e\.g|i\.e|z\.b|ca|bzw|usw|sr|sra|m|mme|inc|ltd|tel|ext|dept|[ap]\.m|[ap]m)|\b[a-z])$",
    re.IGNORECASE,
)
_SHORT_LINE = 45


@dataclass(frozen=True, slots=True)
class Sentence:
    """[start, end) of one sentence in the whole text, without outer blanks; its stop belongs to it."""

    start: int
    end: int
    opens_paragraph: bool = False


def own_lines(text: str) -> tuple[tuple[int, int], ...]:
    """[start, end) of each of our own lines; quoted mail, its attribution and what follows a signature mark are not."""
    lines = [(found.start(), found.end()) for found in re.finditer(r"[^\n]*\n?", text) if found.group()]
    kept: list[tuple[int, int]] = []
    n = 0
    while n < len(lines):
        line = text[slice(*lines[n])].rstrip("\n")
        after = text[slice(*lines[n + 1])].rstrip("\n") if n + 1 < len(lines) else ""
        if _SIGNATURE.match(line) or _REST_IS_OLD.match(line) or _header_block(line, after):
            break
        if _QUOTE.match(line):
            n += 1
            continue
        wrapped = bool(_ATTRIBUTION_STARTS.match(line) and _ATTRIBUTION_ENDS.match(after))
        if wrapped or _ATTRIBUTION.match(line):
            n += 2 if wrapped else 1
            if not _quote_follows(text, lines, n):
                break
            continue
        kept.append(lines[n])
        n += 1
    return tuple(kept)


def _header_block(line: str, after: str) -> bool:
    return bool(_HEADER.match(line) and _HEADER.match(after))


def _quote_follows(text: str, lines: list[tuple[int, int]], n: int) -> bool:
    for start, end in lines[n : n + 3]:
        line = text[start:end]
        if line.strip():
            return bool(_QUOTE.match(line))
    return False


def sentences(text: str, *, german: bool = False) -> Iterator[Sentence]:
    """Our own sentences in order. A wrapped line goes on; a blank line, a bullet or a short line ends one."""
    for start, end in _paragraphs(text):
        yield from _split(text, start, end, german=german)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start: int | None = None
    end = 0
    for first, last in own_lines(text):
        line = text[first:last]
        starts_anew = not line.strip() or _BULLET.match(line) or first != end
        if start is not None and (starts_anew or _was_short(text, start, end, line)):
            yield start, end
            start = None
        if line.strip() and start is None:
            bullet = _BULLET.match(line)
            start = first + (bullet.end() if bullet else 0)
        end = last
    if start is not None:
        yield start, end


def _was_short(text: str, start: int, end: int, following: str) -> bool:
    """A short line before a capital is a greeting or a closing, no wrapped sentence."""
    line = text[max(start, text.rfind("\n", 0, max(end - 1, 0)) + 1) : end].strip()
    return (
        len(line) < _SHORT_LINE
        and following.lstrip()[:1].isupper()
        and not line.endswith((" the", " on", " by", " and"))
    )


def _split(text: str, start: int, end: int, *, german: bool) -> Iterator[Sentence]:
    first = start
    opens = True
    for stop in _STOP.finditer(text, start, end):
        if _goes_on(text, stop, end, german=german):
            continue
        yield from _trimmed(text, first, stop.end(), opens=opens)
        first, opens = stop.end(), False
    yield from _trimmed(text, first, end, opens=opens)


def _goes_on(text: str, stop: re.Match[str], end: int, *, german: bool) -> bool:
    after = text[stop.end() : min(end, stop.end() + 4)].lstrip()[:1]
    if not after or stop.group()[0] != ".":
        return bool(after) and after.islower() and stop.group()[0] != "?"
    before = text[max(0, stop.start() - 8) : stop.start()]
    if german and before[-1:].isdigit() and re.search(r"(?:^|\D)\d{1,2}$", before):
        return True
    if after.islower():
        return True
    return bool(_ABBREVIATION.search(before)) and not re.search(r"[ap]\.?m$", before, re.IGNORECASE)


def _trimmed(text: str, start: int, end: int, *, opens: bool) -> Iterator[Sentence]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Sentence(start, end, opens)


def without_quotations(sentence: str) -> str:
    """The sentence with what stands in quotation marks blanked out, offsets kept."""
    if not _QUOTE_MARK.search(sentence):
        return sentence
    return _QUOTATION.sub(lambda found: " " * len(found.group()), sentence)
