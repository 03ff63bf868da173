"""Says of every line of a mail's body what it is: the sender's own new words, or words that came along with them.

The body is read line by line, once, and nothing is deleted:
1. Lines that HTML already gave away, and lines that begin with ">", are quoted.
2. An attribution ("On 3 May 2026, Ada wrote:"), a header block (From, Sent, To, Subject) or an "Original Message" line
   begins an earlier mail; a forward mark begins somebody else's.
3. A signature mark begins a signature; a line such as "Sent from my phone" is one by itself.
4. A paragraph that speaks as a confidentiality notice is a disclaimer.

On doubt a line stays the sender's own: losing a customer's words is worse than judging a few that are not theirs.
Every step looks at a bounded stretch of each line, so that the work grows with the length of the text and no faster.
The marks are those of mail programs in English, Spanish, French, German, Portuguese, Italian and Dutch.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.domain.mail import Address, InboundMail, Span, SpanKind

OWN, QUOTED, FORWARDED = SpanKind.OWN, SpanKind.QUOTED, SpanKind.FORWARDED
SIGNATURE, DISCLAIMER = SpanKind.SIGNATURE, SpanKind.DISCLAIMER

LOOKED_AT = 400  # code points of a line that are looked at
LINES_LOOKED_AT = 20_000  # filled lines; what lies beyond is the sender's own
ATTRIBUTION_LINES = 5  # over how many lines a mail program wraps an attribution
BARE_SIGNATURE_LINES = (
    12  # "--" without its blank begins a signature only when no more lines than this follow
)


@dataclass(slots=True)
class _Lines:
    """The lines of a text that are not empty: where each begins, its first stretch, and what it is so far."""

    starts: list[int]
    words: list[str]  # outer blanks gone, at most LOOKED_AT code points
    kinds: list[SpanKind]
    gaps: list[bool]  # an empty line comes before this one

    def __len__(self) -> int:
        return len(self.starts)


_FILLED_LINE = re.compile(r"^[^\n]+", re.MULTILINE)


def mark_spans(text: str, given: Sequence[Span] = (), *, subject: str = "") -> tuple[Span, ...]:
    """Spans that tile `text`. `given` are stretches already known (from HTML), in order; whole lines of them count.

    `subject` tells a forward from a reply where the body alone does not.
    """
    if not text:
        return ()
    lines = _lines_of(text)
    forward = is_forward_subject(subject)
    _take_given(lines, given, forward=forward)
    _mark_quotes(lines)
    _mark_triggers(lines, forward=forward)
    _mark_what_leads_in(lines)
    _mark_disclaimers(text, lines)
    return _tiled(text, lines)


def _lines_of(text: str) -> _Lines:
    starts: list[int] = []
    words: list[str] = []
    gaps: list[bool] = []
    before = 0
    for found in _FILLED_LINE.finditer(text):
        start, end = found.span()
        word = text[start : start + LOOKED_AT].strip() if end - start > LOOKED_AT else found[0].strip()
        if not word and end - start <= LOOKED_AT:
            continue
        starts.append(start)
        words.append(word)
        gaps.append(start - before > 1)
        before = end
    return _Lines(starts=starts, words=words, kinds=[OWN] * len(starts), gaps=gaps)


def _take_given(lines: _Lines, given: Sequence[Span], *, forward: bool) -> None:
    at = 0
    for span in given:
        while at < len(lines) and lines.starts[at] < span.start:
            at += 1
        kind = span.kind
        if kind is QUOTED and at < len(lines) and (forward or _is_forward_mark(lines.words[at])):
            kind = FORWARDED
        while at < len(lines) and lines.starts[at] < span.end:
            lines.kinds[at] = kind
            at += 1


def _is_forward_mark(word: str) -> bool:
    return _FORWARDED_RULE.match(word) is not None or _FORWARD_LINE.match(word) is not None


def _mark_quotes(lines: _Lines) -> None:
    for at, word in enumerate(lines.words):
        if word[:1] == ">" and lines.kinds[at] is OWN:
            lines.kinds[at] = QUOTED


def _tiled(text: str, lines: _Lines) -> tuple[Span, ...]:
    if not len(lines):
        return (Span(kind=OWN, start=0, end=len(text)),)
    spans: list[Span] = []
    start, kind = 0, lines.kinds[0]
    for at in range(1, len(lines)):
        if lines.kinds[at] is not kind:
            spans.append(Span(kind=kind, start=start, end=lines.starts[at]))
            start, kind = lines.starts[at], lines.kinds[at]
    spans.append(Span(kind=kind, start=start, end=len(text)))
    return tuple(spans)


# --- what begins something --------------------------------------------------------------------------------------


def _mark_triggers(lines: _Lines, *, forward: bool) -> None:
    signed = False  # in a signature
    at, count = 0, min(len(lines), LINES_LOOKED_AT)
    while at < count:
        if lines.kinds[at] is not OWN:
            signed = False
            at += 1
            continue
        kind, start, whole = _begins(lines, at, forward=forward)
        if kind is None:
            if signed:
                lines.kinds[at] = SIGNATURE
        elif whole:
            _fill(lines, start, len(lines), kind)
            return
        elif kind is SIGNATURE and whole is None:
            signed = True
            lines.kinds[at] = SIGNATURE
        else:
            _fill(lines, start, at + 1, kind)
            if kind is FORWARDED:
                _pass_on_quote(lines, at + 1)
        at += 1


def _pass_on_quote(lines: _Lines, at: int) -> None:
    """A quote straight below a forward mark is what is passed on."""
    while at < len(lines) and lines.kinds[at] is QUOTED:
        lines.kinds[at] = FORWARDED
        at += 1


def _fill(lines: _Lines, start: int, end: int, kind: SpanKind) -> None:
    for at in range(start, end):
        if lines.kinds[at] in (OWN, SIGNATURE):
            lines.kinds[at] = kind


def _begins(lines: _Lines, at: int, *, forward: bool) -> tuple[SpanKind | None, int, bool | None]:
    """What line `at` begins: its kind, the first line of it, and whether it takes the rest of the mail.

    For a signature mark the third is None: it runs on until something else begins.
    """
    word = lines.words[at]
    first = word[0] if word else ""
    if first in "-_—–*=#":
        found = _begins_with_rule(lines, at, forward=forward)
        if found[0] is not None:
            return found
    last = word[-1:]
    if last in ":：" and last:
        start = _attribution_start(lines, at)
        if start is not None:
            return _after_attribution(lines, start, at)
    head = word.split(None, 1)[0].lower().strip("*:") if word else ""
    if ":" in word[:24] and head in _BLOCK_HEADS and _is_header_block(lines, at):
        return (FORWARDED if forward else QUOTED), at, True
    if head in _FORWARD_HEADS and _FORWARD_LINE.match(word):
        return FORWARDED, at, not _is_quoted(lines, at + 1)
    if head in _MOBILE_HEADS and len(word) <= 120 and _MOBILE_LINE.match(word):
        return SIGNATURE, at, False
    return None, at, False


def _is_quoted(lines: _Lines, at: int) -> bool:
    return at < len(lines) and lines.kinds[at] in (QUOTED, FORWARDED)


_WROTE = (
    r"(?:wrote|writes|schrieb|escribió|escribio|escribía|a écrit|a ecrit|écrit|escreveu|ha scritto|scrive|schreef|"
    r"heeft (?:het volgende )?geschreven|geschreven|skrev|napisał(?:\(a\)|a)?)"
)
_ORIGINAL = re.compile(
    r"[-_=*\s]{2,60}(?:original message|original[- ]nachricht|urspr(?:ü|ue)ngliche nachricht|mensaje original|"
    r"message d['’]origine|message original|mensagem original|messaggio originale|oorspronkelijk bericht|"
    r"original appointment|ursprünglicher termin)[-_=*\s]{0,60}:?\Z",
    re.IGNORECASE,
)
_FORWARDED_RULE = re.compile(
    r"[-_=*\s]{2,60}(?:forwarded (?:message|by)|weitergeleitete nachricht|mensaje reenviado|mensaje remitido|message transf[ée]r[ée]|"
    r"message r[ée]exp[ée]di[ée]|mensagem (?:re)?encaminhada|messaggio inoltrato|doorgestuurd bericht)\b",
    re.IGNORECASE,
)
_ON_A_RULE = re.compile(
    rf"-{{2,20}} ?(?:on|le|am|el|em|il|op)\b.{{5,250}}\b{_WROTE}\b.{{0,80}}-{{2,20}}\Z", re.IGNORECASE
)
_REPLY_ABOVE = re.compile(
    r"[-#=*\s]{1,20}(?:please )?(?:type your reply|reply|write your (?:reply|answer)|antworten sie|répondez|responda|rispondi|antwoord)\b.{0,30}\b(?:above|über|oberhalb|au-dessus|encima|acima|sopra|boven)\b",
    re.IGNORECASE,
)
_LIST_FOOTER = re.compile(r"_{20,80}\Z")


def _begins_with_rule(lines: _Lines, at: int, *, forward: bool) -> tuple[SpanKind | None, int, bool | None]:  # noqa: PLR0911 - one return per sign, in the order in which they count
    word = lines.words[at]
    if word in ("--", "—", "––"):
        return (SIGNATURE, at, None) if _is_signature_mark(lines, at) else (None, at, False)
    if _FORWARDED_RULE.match(word):
        return FORWARDED, at, not _is_quoted(lines, at + 1)
    if _ORIGINAL.match(word) or _ON_A_RULE.match(word):
        return (FORWARDED if forward else QUOTED), at, True
    if at and _REPLY_ABOVE.match(word):
        return QUOTED, at, True
    if at + 1 < len(lines) and word.startswith(("____", "----")):
        after = lines.words[at + 1]
        head = after.split(None, 1)[0].lower().strip("*:")
        if head in _BLOCK_HEADS and _is_header_block(lines, at + 1):
            return (FORWARDED if forward else QUOTED), at, True
        if _LIST_FOOTER.match(word) and "mailing list" in after.lower():
            return SIGNATURE, at, None
    if (
        word.startswith("*")
        and word.lower().strip("* :").partition(":")[0] in _BLOCK_HEADS
        and _is_header_block(lines, at)
    ):
        return (FORWARDED if forward else QUOTED), at, True
    return None, at, False


def _is_signature_mark(lines: _Lines, at: int) -> bool:
    """Few lines follow before the end or the next quote, and something stands before."""
    end = at + 1
    while end < len(lines) and lines.kinds[end] is OWN and end - at <= BARE_SIGNATURE_LINES + 1:
        end += 1
    return end - at - 1 <= BARE_SIGNATURE_LINES


# --- attributions -----------------------------------------------------------------------------------------------

_OPENS = r"(?:on|in|at|le|am|el|em|no dia|il(?: giorno)?|op|den|dnia|w dniu|a|date:)"
_ATTRIBUTION = re.compile(rf"\W{{0,4}}{_OPENS}\b.{{0,250}}?\b{_WROTE}\b.{{0,200}}[:：]\Z", re.IGNORECASE)
_NAMED_ATTRIBUTION = re.compile(rf"[^:]{{1,160}}\b{_WROTE}(?:[\s,].{{0,120}})?\s?[:：]\Z", re.IGNORECASE)
_GMAIL_OLD = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}).{0,200}<[^<>\s]{3,100}@[^<>\s]{3,100}>\s?[:：]\Z"
)
_QUOTING = re.compile(
    r"(?:quoting|zitat von|citando(?: a)?|citant|citat|quota di|citeren van)\s.{2,150}[:：]\Z", re.IGNORECASE
)
_MAILBOX_OR_TIME = re.compile(
    r"<[^<>\s]{2,100}@[^<>\s]{2,100}>|\d{1,2}(?:[:.]\d\d|\s?h\s?\d\d|\s?uhr)", re.IGNORECASE
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[-/.]\d{1,2}")
# A mail program never speaks of itself or of the reader: with one of these it is a sentence of the sender's.
_PROSE = frozenset((
    "i", "i'd", "i've", "my", "me", "we", "our", "us", "you", "your", "yours", "and", "that", "ich", "mir", "mich", "mein",
    "meine", "wir", "uns", "unser", "sie", "ihnen", "ihr", "ihre", "ihren", "und", "dass", "je", "j'ai", "mon", "ma", "mes",
    "nous", "notre", "vous", "votre", "vos", "m'a", "et", "que", "yo", "mi", "mis", "nosotros", "nos", "usted", "ustedes",
    "su", "sus", "les", "y", "eu", "meu", "minha", "você", "vocês", "seu", "sua", "io", "mio", "mia", "noi", "voi",
    "vostro", "vostra", "suo", "ci", "ik", "mij", "mijn", "wij", "ons", "jullie", "uw", "u", "dat", "en", "he", "she",
    "they", "er", "qui", "him", "her", "them", "his", "their",
))  # fmt: skip
_PROSE_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def _attribution_start(lines: _Lines, at: int) -> int | None:
    """The first line of the attribution that ends with line `at`, or None when none does."""
    joined = ""
    weak: int | None = None
    for start in range(at, max(at - ATTRIBUTION_LINES, -1), -1):
        if lines.kinds[start] is not OWN or (start < at and lines.words[start][-1] in ":："):
            break
        joined = f"{lines.words[start]} {joined}".strip()
        if len(joined) > 2 * LOOKED_AT:
            break
        if _ATTRIBUTION.match(joined) or _GMAIL_OLD.match(joined) or _QUOTING.match(joined):
            return start
        if weak is None and _NAMED_ATTRIBUTION.match(joined):
            weak = start
        if lines.gaps[start] or (start > 0 and lines.words[start - 1][-1:] in ".!?"):
            break
    return weak


def _after_attribution(lines: _Lines, start: int, at: int) -> tuple[SpanKind | None, int, bool | None]:
    if _is_quoted(lines, at + 1):
        return QUOTED, start, False
    joined = " ".join(lines.words[start : at + 1])
    opened = _ATTRIBUTION.match(joined) or _GMAIL_OLD.match(joined)
    if opened and _MAILBOX_OR_TIME.search(joined) and _DATED.search(joined) and not _is_prose(joined):
        return QUOTED, start, True
    return None, at, False


def _is_prose(joined: str) -> bool:
    """Whether a line that opens like an attribution is a sentence: "On 3 May at 10:30 your driver wrote:"."""
    words = (word.lower().replace("’", "'") for word in _PROSE_WORD.findall(joined.partition("<")[0]))
    return not _PROSE.isdisjoint(words)


_BARE_RULE = re.compile(r"[-_=*~#\s]{3,200}\Z")
_NAMED_AND_DATED = re.compile(r"(?=.{0,300}\d).{0,200}<[^<>\s]{2,100}@[^<>\s]{2,100}>.{0,80}\Z")
_USENET = re.compile(rf".{{1,200}}\b{_WROTE} in (?:message|news)\b", re.IGNORECASE)


def _mark_what_leads_in(lines: _Lines) -> None:
    """A rule, or a line that names a mailbox and a date, straight before a quote belongs to it."""
    for at in range(min(len(lines), LINES_LOOKED_AT) - 1, 0, -1):
        kind = lines.kinds[at]
        if kind not in (QUOTED, FORWARDED) or lines.kinds[at - 1] is not OWN:
            continue
        word = lines.words[at - 1]
        if _BARE_RULE.match(word) or _NAMED_AND_DATED.match(word) or _USENET.match(word):
            lines.kinds[at - 1] = kind


# --- header blocks ----------------------------------------------------------------------------------------------

_LABELS = {
    "from": "from", "de": "from", "von": "from", "da": "from", "van": "from", "från": "from", "fra": "from",
    "sent": "sent", "date": "date", "enviado": "sent", "enviada": "sent", "enviado el": "sent", "enviado em": "sent", "enviada em": "sent",
    "envoyé": "sent", "envoyé le": "sent", "gesendet": "sent", "datum": "date", "data": "date", "fecha": "date", "inviato": "sent",
    "inviato il": "sent", "verzonden": "sent", "skickat": "sent", "sendt": "sent", "date de réponse": "date",
    "to": "to", "para": "to", "à": "to", "a": "to", "an": "to", "aan": "to", "pour": "to", "per": "to", "till": "to", "til": "to",
    "subject": "subject", "asunto": "subject", "objet": "subject", "betreff": "subject", "assunto": "subject", "oggetto": "subject",
    "onderwerp": "subject", "ämne": "subject", "emne": "subject", "sujet": "subject",
    "cc": "cc", "kopie": "cc", "copie à": "cc", "copie": "cc", "bcc": "cc", "reply-to": "cc", "importance": "cc", "antwort an": "cc",
    "antwoord aan": "cc", "répondre à": "cc", "responder a": "cc", "rispondi a": "cc", "wichtigkeit": "cc", "attachments": "cc", "anlagen": "cc",
}  # fmt: skip
_BLOCK_HEADS = frozenset(label.split()[0] for label, meaning in _LABELS.items() if meaning != "cc")
_LABELS_IN_LINE = re.compile(r"(?:\A|\s)([^\W\d_]{1,12})\s?:\s")
BLOCK_LINES = 10  # a header block is over within this many lines, wrapped recipients among them


def _label(word: str) -> tuple[str, str]:
    """('from' | 'sent' | 'date' | 'to' | 'subject' | 'cc' | '', the value) of a header line as a mail program writes it in a body."""
    name, colon, value = word.lstrip("> ").partition(":")
    if not colon or len(name) > 24:
        return "", ""
    meaning = _LABELS.get(name.strip("*_ \u00a0").lower(), "")
    return meaning, value.strip("*_ \u00a0")


def read_header_block(words: Sequence[str]) -> dict[str, str]:
    """The fields ('from', 'sent' or 'date', 'to', 'subject', 'cc') of a header block that begins with the first of these lines."""
    fields: dict[str, str] = {}
    missed = 0
    for word in words[:BLOCK_LINES]:
        meaning, value = _label(word)
        if meaning:
            fields.setdefault(meaning, value)
            missed = 0
        elif "subject" in fields and "from" in fields and len(fields) >= 3:
            break
        else:
            missed += 1  # a wrapped list of recipients
            if missed > 2 or not fields:
                break
    return fields


def _is_header_block(lines: _Lines, at: int) -> bool:
    """A sender and a subject with a date or recipient; or sender, recipient and "Sent", which only mail programs write."""
    named = set(read_header_block(lines.words[at : at + BLOCK_LINES]))
    if len(named) < 3:
        named = {_LABELS.get(label.lower(), "") for label in _LABELS_IN_LINE.findall(lines.words[at])}
    return "from" in named and (
        ("subject" in named and len(named & {"date", "sent", "to"}) > 0) or {"sent", "to"} <= named
    )


# --- forwards ---------------------------------------------------------------------------------------------------

_FORWARD_HEADS = frozenset(("begin", "inicio", "início", "inizio", "début", "debut", "anfang", "start"))
_FORWARD_LINE = re.compile(
    r"(?:begin forwarded message|inicio del mensaje reenviado|début du message (?:réexpédié|transféré)|anfang der weitergeleiteten (?:nachricht|e-?mail)|"
    r"início da mensagem (?:re)?encaminhada|inizio (?:del )?messaggio inoltrato|begin doorgestuurd bericht)\s?:?\Z",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(
    r"\s*(?:\[[^\]]{1,60}\]\s*)?(?:fwd?|wg|tr|rv|enc|i|doorst|vs|vb|reenv)\s?:", re.IGNORECASE
)


def is_forward_subject(subject: str) -> bool:
    """Whether the first prefix of a subject says that the mail is passed on (Fwd, WG, TR, RV, ENC, I, Doorst)."""
    return _FORWARD_SUBJECT.match(subject) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardedMail:
    """The mail inside a forward, as far as it can be read."""

    text: str  # its own new words
    sender: Address | None = None
    subject: str = ""
    sent: str = ""  # its date as written there
    sent_at: datetime | None = None  # only where it came as an attachment: an inline date has no zone


_MAILBOX = re.compile(r"[^\s<>\[\]():;,\"']{1,100}@[^\s<>\[\]():;,\"']{1,200}")


def forwarded_words(mail: InboundMail) -> ForwardedMail | None:
    """The mail that this one passes on, attached or inline; None when it passes none on."""
    for inner in mail.enclosed:
        if inner.text.strip():
            words = inner.new_words or inner.text.strip()
            return ForwardedMail(
                text=words,
                sender=inner.sender,
                subject=inner.subject,
                sent=inner.header("date"),
                sent_at=inner.sent_at,
            )
    for span in mail.spans:
        if span.kind is FORWARDED:
            passed_on = "".join(
                mail.text[s.start : s.end]
                for s in mail.spans
                if s.kind is FORWARDED and s.start >= span.start
            )
            return _inline_forward(passed_on)
    return None


def _inline_forward(passed_on: str) -> ForwardedMail:
    lines = passed_on.split("\n")
    if next((line for line in lines[1:] if line.strip()), "").startswith(">"):
        lines = [line.removeprefix(">").removeprefix(" ") for line in lines]
    filled = [(at, line.strip()) for at, line in enumerate(lines[:60]) if line.strip()]
    for index, (_, word) in enumerate(filled):
        fields = (
            read_header_block([word for _, word in filled[index : index + BLOCK_LINES]])
            if _label(word)[0]
            else {}
        )
        if "from" in fields:
            end = _block_end(filled, index)
            body = "\n".join(lines[end:]).strip("\n")
            return ForwardedMail(
                text=_own_of(body),
                sender=_read_sender(fields.get("from", "")),
                subject=fields.get("subject", ""),
                sent=fields.get("sent") or fields.get("date", ""),
            )
    return ForwardedMail(text=_own_of("\n".join(lines[1:]).strip("\n")))


def _block_end(filled: list[tuple[int, str]], index: int) -> int:
    end = filled[index][0] + 1
    for at, word in filled[index : index + BLOCK_LINES]:
        if _label(word)[0]:
            end = at + 1
    return end


def _own_of(body: str) -> str:
    own = (body[span.start : span.end].strip() for span in mark_spans(body) if span.kind is OWN)
    return "\n".join(part for part in own if part)


def _read_sender(value: str) -> Address | None:
    found = _MAILBOX.search(value[:LOOKED_AT])
    name = value[: found.start()] if found else value
    name = name.replace("mailto:", "").strip(" \"'<[(*")
    if not found and not name:
        return None
    return Address(address=found[0].strip(".*").lower() if found else "", name=name)


# --- mobile signatures ------------------------------------------------------------------------------------------

_MOBILE_HEADS = frozenset((
    "sent", "get", "von", "gesendet", "diese", "enviado", "enviada", "obtener", "obtén", "obter", "obtenha", "envoyé",
    "envoyée", "obtenir", "obtenez", "télécharger", "téléchargez", "inviato", "inviata", "ottieni", "scarica", "verstuurd",
    "verzonden", "outlook", "download", "holen", "laden", "hol",
))  # fmt: skip
_DEVICE = (
    r"(?:i-?phone|i-?pad|i-?pod|android|samsung|galaxy|huawei|xiaomi|redmi|pixel|nokia|motorola|oneplus|sony|xperia|htc|lg\b|blackberry|windows|"
    r"outlook|mail|gmail|yahoo|aol|proton|gmx|web\.de|t-online|orange|free\b|k-9|mobile|mobiel|móvil|movil|telemóvel|celular|cellulare|handy|smartphone|phone|"
    r"telefon|téléphone|telefoon|teléfono|telefono|tablet|tablette|app\b|device|mobil|correo|correio|posta|courrier)"
)
_MOBILE_LINE = re.compile(
    r"(?:sent (?:from|via|using|with)\b|get outlook for\b|von meinem\b|gesendet (?:von|mit|aus|über)\b|diese (?:nachricht|e-?mail|mail) wurde (?:von|mit)\b|"
    r"enviad[oa] (?:desde|do|da|de|con|com|via|a partir d[oe])\b|obt(?:ener|én|er|enha) (?:o )?outlook\b|envoyée? (?:de\b|depuis\b|à partir d(?:e\b|['’])|avec\b|via\b)|"
    r"(?:obtenir|obtenez|téléchargez|télécharger) outlook\b|inviat[oa] (?:da|dal|con|tramite)\b|(?:ottieni|scarica) outlook\b|"
    r"(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via)\b|outlook (?:voor|für) (?:ios|android)\b|(?:download|hole?n?|laden) (?:sie )?outlook\b)"
    rf".{{0,60}}?{_DEVICE}[^.!?]{{0,50}}[.!]?\Z|get outlook for \S{{2,12}}.{{0,60}}\Z",
    re.IGNORECASE,
)

# --- disclaimers ------------------------------------------------------------------------------------------------

_NOTICE_HINTS = (
    "confiden", "vertrau", "riservat", "vertrouw", "intended", "destinat", "bestemd", "bestimmt", "environ", "umwelt", "ambient", "milieu", "imprim", "stampar", "virus", "viren",
)  # fmt: skip
_THIS_MAIL = re.compile(
    r"\b(?:this|the (?:information|content)s?[^.]{0,40}(?:this|in)) (?:e-?mail|message|communication|transmission|mail)\b|\bdiese[rs]? (?:e-?mail|nachricht|mail)\b|"
    r"\bce (?:message|courriel|mail|e-mail)\b|\beste (?:mensaje|correo|e-mail|email)\b|\besta? (?:mensagem|e-mail|email)\b|\bquest[oa] (?:messaggio|e-?mail|comunicazione)\b|"
    r"\b(?:dit|deze) (?:bericht|e-?mail|mail)\b",
)
_NOTICE = (
    re.compile(r"confidential|confidencia|confidenti|vertraulich|riservat|vertrouwelijk|privileged"),
    re.compile(r"intended|solely|addressee|destinat|bestimmt|bestemd|uitsluitend|ausschließlich|exclusiv|esclusiv|adressat|empfänger|geadresseerde"),
    re.compile(r"in error|by mistake|irrtümlich|por error|par erreur|por engano|por erro|per errore|abusievelijk|ten onrechte|nicht der richtige"),
    re.compile(r"delete|destroy|lösch|vernicht|elimin|borr|détru|supprim|apag|cancell|distrugg|verwijder|vernietig"),
    re.compile(r"notify|inform the sender|informieren|benachrichtig|avis|notifi|comuni|breng|melden|stel de afzender"),
    re.compile(r"copy|copying|disclos|distribut|disseminat|weitergabe|kopier|divulg|difus|diffus|copia|verspreid|openbaar|prohibited|verboten|interdit|prohib|proib|vietat"),
    re.compile(r"virus|liab|haftung|responsab|aansprakelijk"),
)  # fmt: skip
_SCANNED = re.compile(
    r"virus-free\b|virenfrei\b|(?:this|diese|cet|este|esta|questa|deze) (?:e-?mail|message|nachricht|correo|mensagem|bericht).{0,60}(?:checked|geprüft|vérifié|comprobad|verificad|controllat|gecontroleerd).{0,40}(?:virus|viren)|sans virus|libre de virus|livre de vírus|priva di virus|virusvrij"
)
_GREEN = re.compile(
    r"(?:please )?(?:consider|think (?:about|of|before)) the environment|think before (?:you )?print|bitte (?:denken|prüfen) sie[^.]{0,60}(?:umwelt|ausdruck)|"
    r"antes de imprimir|avant d['’]imprimer|pensez à l['’]environnement|prima di stampare|pensa all['’]ambiente|denk aan het milieu|voordat u (?:deze|dit)[^.]{0,20}(?:print|afdruk)",
)
NOTICE_LOOKED_AT = 3_000  # code points of a paragraph


def _mark_disclaimers(text: str, lines: _Lines) -> None:
    lower = text.lower()
    if not any(hint in lower for hint in _NOTICE_HINTS):
        return
    first = 0
    for at in range(1, len(lines) + 1):
        if at < len(lines) and not lines.gaps[at]:
            continue
        if lines.kinds[first] in (OWN, SIGNATURE) and first > 0:
            end = lines.starts[at] if at < len(lines) else len(text)
            if _is_notice(
                text[lines.starts[first] : min(end, lines.starts[first] + NOTICE_LOOKED_AT)].lower()
            ):
                _fill(lines, first, at, DISCLAIMER)
        first = at


def _is_notice(paragraph: str) -> bool:
    if len(paragraph) < 200 and (_GREEN.search(paragraph) or _SCANNED.match(paragraph)):
        return True
    signs = sum(1 for sign in _NOTICE if sign.search(paragraph))
    return signs >= 3 and (signs >= 4 or _THIS_MAIL.search(paragraph) is not None)
