"""Finds where a letter reports the work as done: "I have refunded you", "it left us this morning"."""

import re
from itertools import pairwise

from worker.domain.commitment.text import sentences, without_quotations
from worker.domain.commitment.tongue import tongue_of
from worker.domain.commitment.values import DoneReport
from worker.domain.duetime.atoms import fold

LONGEST_SENTENCE = 2_000  # characters

_DONE_EN = (
    "refunded|reimbursed|sent|dispatched|despatched|shipped|posted|mailed|credited|repaired|replaced|fixed|mended|collected|fitted|installed|paid|returned|"
    "processed|issued|delivered|restored|cancelled|canceled|corrected|completed|finished|resolved|sorted|settled|removed|transferred|updated|upgraded|"
    "reinstated|reconnected|connected|waived|adjusted|reversed|exchanged|unlocked|reopened|activated|deleted|amended|booked|ordered|added|changed|"
    "applied|closed|put right|put through|made|given|taken off|deducted|set up|switched|called|rung|spoken to you|arranged"
)
_PAST_EN = (
    "refunded|reimbursed|sent|dispatched|despatched|shipped|posted|credited|repaired|replaced|fixed|mended|collected|fitted|installed|paid|returned|processed|"
    "issued|delivered|restored|cancelled|corrected|completed|resolved|removed|transferred|updated|reinstated|reconnected|waived|reversed|unlocked|applied|"
    "put right|put through|booked|ordered|changed|added"
)
_SOFT = r"(?: just| now| already| since| also| both| today| this (?:morning|afternoon)| successfully| fully| personally)*"
_ENGLISH = (
    re.compile(rf"\b(?:i|we|[a-z]{{2,15}}|the team|our \w{{2,15}})(?:'ve| have| has|'s){_SOFT} (?:been able to \w+|{_DONE_EN})\b(?:[^.;!?\n]|\.(?=\d))*"),
    re.compile(rf"\b(?:it|they|this|that|which|(?:your|the|a|both) (?:[\w£$€.,-]{{1,15}} ){{0,5}}?[\w£$€.,-]{{1,15}})(?:'s| has| have){_SOFT} (?:been{_SOFT} (?:{_DONE_EN})|gone (?:out|off|through)|left|arrived|reached)\b(?:[^.;!?\n]|\.(?=\d))*"),
    re.compile(rf"\b(?:i|we|our (?:\w{{2,12}} )?\w{{2,12}}){_SOFT} (?:{_PAST_EN})\b(?:[^.;!?\n]|\.(?=\d))*"),
    re.compile(rf"\b(?:it|they|(?:your|the|a) (?:[\w£$€.,-]{{1,15}} ){{0,4}}?[\w£$€.,-]{{1,15}}) (?:(?:was|were){_SOFT} (?:{_PAST_EN})|left (?:us|our|the)|went (?:out|off|through|in the post|back)|is (?:now|already) (?:on its way|fixed|back|working|in your account|complete|sorted|in the post|live)|is on its way|are on their way)\b(?:[^.;!?\n]|\.(?=\d))*"),
    re.compile(r"^(?:done|all done|sorted|refunded|refund (?:made|issued|sent|done|processed)|fixed|sent)\b(?:[^.;!?\n]|\.(?=\d))*"),
)  # fmt: skip
_NOT_DONE_EN = re.compile(
    r"\b(?:not|never|haven't|hasn't|isn't|wasn't|weren't|didn't|if|once|when|as soon as|until|after|should|will have|would have|could have|yet to|before|unless|had|you (?:sent|paid|returned|ordered|collected))\b"
)
_CUSTOMERS = re.compile(r"\b(?:that|which|because|since|as) you\b")

_SPANISH = (
    re.compile(r"\b(?:ya )?(?:le |les |te |lo |la |se lo |se |nos )?(?:he|hemos|ha sido|han sido|ha|han) (?:ya )?(?:sido )?(?:reembolsado|abonado|enviado|devuelto|reparado|sustituido|cambiado|cancelado|corregido|resuelto|pagado|entregado|recogido|instalado|tramitado|solucionado|realizado|hecho|salido|llamado|anulado|ingresado|arreglado|emitido)[oas]{0,2}\b(?:[^.;!?\n]|\.(?=\d))*"),
    re.compile(r"\b(?:salió|fue (?:enviado|entregado|reembolsado|reparado|abonado)|ya está (?:en camino|solucionado|arreglado|abonado|hecho))\b(?:[^.;!?\n]|\.(?=\d))*"),
)  # fmt: skip
_FRENCH = (
    re.compile(r"\b(?:j'ai|nous avons|(?:il|elle|cela|le \w{2,15}|la \w{2,15}|votre \w{2,15}) (?:a|est)|a)(?: (?:bien|déjà|été|donc|aussi|vous))*(?: été)? (?:remboursée?s?|envoyée?s?|expédiée?s?|réparée?s?|remplacée?s?|annulée?s?|corrigée?s?|résolue?s?|payée?s?|livrée?s?|récupérée?s?|installée?s?|traitée?s?|créditée?s?|effectuée?s?|fait|partie?s?|réglée?s?|appelée?s?|émise?s?)\b(?:[^.;!?\n]|\.(?=\d))*"),
    re.compile(r"\b(?:je vous ai|nous vous avons)(?: \w{2,8})? (?:remboursée?s?|envoyée?s?|expédiée?s?|réexpédiée?s?|créditée?s?|versée?s?|appelée?s?)\b(?:[^.;!?\n]|\.(?=\d))*"),
)  # fmt: skip
_GERMAN = (
    re.compile(r"\b(?:(?:ich|wir) (?:habe|haben)|(?:habe|haben) (?:ich|wir))\b[^.;!?\n]{0,90}?\b(?:erstattet|gesendet|geschickt|versandt|verschickt|repariert|ersetzt|storniert|korrigiert|behoben|bezahlt|überwiesen|geliefert|abgeholt|installiert|bearbeitet|gutgeschrieben|erledigt|ausgetauscht|veranlasst|angerufen|zurückgezahlt)\b"),
    re.compile(r"\b(?:ist|sind|wurde|wurden)\b[^.;!?\n]{0,70}?\b(?:erstattet|versandt|verschickt|repariert|ersetzt|storniert|korrigiert|behoben|überwiesen|geliefert|abgeholt|gutgeschrieben|erledigt|ausgetauscht|unterwegs)\b(?: worden)?"),
)  # fmt: skip
_NOT_DONE = {
    "en": _NOT_DONE_EN,
    "es": re.compile(r"\b(?:no|nunca|aún no|todavía no|si|cuando|en cuanto|una vez|hasta que|habrá)\b"),
    "fr": re.compile(r"\b(?:pas|jamais|si|dès que|lorsque|quand|une fois|jusqu'à|aura)\b"),
    "de": re.compile(r"\b(?:nicht|kein\w*|noch|wenn|falls|sobald|nachdem|bevor|wird|werden)\b"),
}
_WORD = re.compile(r"[^\W\d_]+")
# one of these stands in every report; most sentences have none and are passed over
_TELLING_WORDS = {
    "en": f"{_DONE_EN} {_PAST_EN} able gone left arrived reached went way back working complete live",
    "es": "he hemos ha han salió fue está",
    "fr": "ai a avons est",
    "de": "habe haben ist sind wurde wurden",
}
_TELLING = {language: frozenset(_WORD.findall(words)) for language, words in _TELLING_WORDS.items()}
_SHAPES = {"en": _ENGLISH, "es": _SPANISH, "fr": _FRENCH, "de": _GERMAN}
_BREAK = re.compile(
    r",? (?:and|but|y|pero|et|mais|und|aber) (?=(?:i|we|it|you|your|the|our|nous|je|vous|wir|ich|sie|le)\b|will\b|'ll\b)|,? (?:and|so) (?=(?:\w+ )?will\b)|, (?:which|so|and|but) |, (?=which)"
)


def find_done(text: str, language: str | None = None) -> tuple[DoneReport, ...]:
    """Every stretch in which the letter reports our work as done, in order. Questions and negations report nothing."""
    language = language or tongue_of(text) or "en"
    if language not in _SHAPES:
        return ()
    shapes = _SHAPES[language]
    found: list[DoneReport] = []
    whole = fold(without_quotations(text))
    for sentence in sentences(text, german=language == "de"):
        words = whole[sentence.start : sentence.end]
        if len(words) > LONGEST_SENTENCE or _TELLING[language].isdisjoint(_WORD.findall(words)):
            continue
        if not words.rstrip().endswith("?"):
            found.extend(_in_sentence(words, text, sentence.start, shapes, language))
    return tuple(found)


def _in_sentence(
    words: str, text: str, at: int, shapes: tuple[re.Pattern[str], ...], language: str
) -> list[DoneReport]:
    reports: list[DoneReport] = []
    for start, end in _clauses(words):
        clause = words[start:end]
        if _NOT_DONE[language].search(clause) or _CUSTOMERS.search(clause):
            continue
        hit = next((hit for shape in shapes if (hit := shape.search(clause))), None)
        if hit is not None:
            first, last = at + start + hit.start(), at + start + len(clause[: hit.end()].rstrip(" .,;"))
            reports.append(DoneReport(start=first, end=last, text=text[first:last]))
    return reports


def _clauses(words: str) -> list[tuple[int, int]]:
    cuts = [0, *(found.end() for found in _BREAK.finditer(words)), len(words)]
    return list(pairwise(cuts))
