"""Turns what is known of a case into the names a letter may use, in the letter's language, safe to print.

`NAMES` is the whole list; docs/letters.md tells each. A name whose fact is not known is the empty string.
"""

from collections.abc import Mapping
from functools import lru_cache

from worker.domain.letter import LetterFacts, name_to_greet, safe_words
from worker.domain.particulars import Particular, Particulars, ReferenceKind

NAMES: Mapping[str, str] = {
    "name": "the customer's name, where the display name plainly is a person's",
    "what": "the customer's own clause that tells what happened, to be put in quotation marks",
    "reference": "the number with its kind: order 4711",
    "number": "the number alone: 4711",
    "since": "since when, in the customer's words, where `what` does not say it already",
    "apology": "none, regret or full",
    "due": "by when you will be in touch: by Tuesday 24 November, 5 pm",
    "old_due": "the time promised before",
    "promised": "what was promised before",
    "done": "what has been done",
    "owner": "who signs",
    "firm": "the firm",
    "subject": "the customer's subject, without Re:",
}

_KINDS = {
    "en": ("order", "booking", "invoice", "contract", "account", "parcel", "case", "ticket", "reference"),
    "es": (
        "pedido",
        "reserva",
        "factura",
        "contrato",
        "número de cliente",
        "envío",
        "caso",
        "incidencia",
        "referencia",
    ),
    "fr": (
        "commande",
        "réservation",
        "facture",
        "contrat",
        "compte",
        "colis",
        "dossier",
        "ticket",
        "référence",
    ),
    "de": (
        "Bestellung",
        "Buchung",
        "Rechnung",
        "Vertrag",
        "Konto",
        "Sendung",
        "Vorgang",
        "Ticket",
        "Zeichen",
    ),
    "pt": ("pedido", "reserva", "fatura", "contrato", "conta", "envio", "caso", "ticket", "referência"),
    "it": (
        "ordine",
        "prenotazione",
        "fattura",
        "contratto",
        "conto",
        "spedizione",
        "caso",
        "ticket",
        "riferimento",
    ),
    "nl": (
        "bestelling",
        "boeking",
        "factuur",
        "contract",
        "klantnummer",
        "zending",
        "zaak",
        "ticket",
        "kenmerk",
    ),
}
_MANY = (
    "orders",
    "bookings",
    "invoices",
    "contracts",
    "accounts",
    "parcels",
    "cases",
    "tickets",
    "references",
)
_AND = {"en": "and", "es": "y", "fr": "et", "de": "und", "pt": "e", "it": "e", "nl": "en"}
_PLACE = {kind: n for n, kind in enumerate(ReferenceKind)}
_PREFIXES = ("re:", "aw:", "fwd:", "fw:", "wg:", "tr:", "rv:", "antw:", "rif:", "sv:")


def values_for(facts: LetterFacts, language: str) -> dict[str, str]:
    """Every name of `NAMES` with its value, made safe."""
    told = facts.particulars
    return {
        "name": name_to_greet(facts.customer),
        "what": _quoted(told.what),
        "reference": _reference(told, language),
        "number": safe_words(told.reference.text, 60) if told.reference else "",
        "since": "" if told.since is None or _within(told.since, told.what) else _quoted(told.since),
        "apology": str(facts.apology),
        "due": safe_words(facts.due),
        "old_due": safe_words(facts.old_due),
        "promised": safe_words(facts.promised, 300),
        "done": safe_words(facts.done, 300),
        "owner": _own_name(facts.owner),
        "firm": _own_name(facts.firm),
        "subject": _subject(facts.subject),
    }


def _quoted(particular: Particular | None) -> str:
    """The customer's words as they stand between quotation marks of ours: theirs inside become single ones."""
    if particular is None:
        return ""
    return safe_words(particular.text).translate(_INNER_QUOTES)


_INNER_QUOTES = str.maketrans({'"': "’", "“": "‘", "”": "’", "„": "‘", "«": "‘", "»": "’"})


def _within(inner: Particular, outer: Particular | None) -> bool:
    return (
        outer is not None
        and inner.field == outer.field
        and outer.start <= inner.start
        and inner.end <= outer.end
    )


def _reference(told: Particulars, language: str) -> str:
    if told.reference is None:
        return ""
    kinds = _KINDS.get(language, _KINDS["en"])
    place = _PLACE[told.reference.kind or ReferenceKind.REFERENCE]
    numbers = [safe_words(one.text, 60) for one in told.about[:5]] or [safe_words(told.reference.text, 60)]
    if len(numbers) == 1:
        return f"{kinds[place]} {numbers[0]}"
    listed = f"{', '.join(numbers[:-1])} {_AND.get(language, 'and')} {numbers[-1]}"
    return f"{_MANY[place] if language == 'en' else kinds[place]} {listed}"


@lru_cache(maxsize=256)
def _own_name(name: str) -> str:
    return safe_words(name, 80)


def _subject(subject: str) -> str:
    bare = safe_words(subject, 180)
    for _ in range(5):
        prefix = next((p for p in _PREFIXES if bare.casefold().startswith(p)), None)
        if prefix is None:
            break
        bare = bare[len(prefix) :].lstrip()
    return bare
