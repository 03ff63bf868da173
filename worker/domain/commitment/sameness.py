"""Decides whether two promises are about the same thing, so that a later date replaces the earlier one.

Two sentences are the same thing when they share what is to be done (a verb of one family: ring, call, phone) and,
where both name what it is done to, share that too. A bare "I will ring you" matches every call. On doubt: no,
because a promise left open is seen, and one replaced by mistake is not.
"""

import re
from functools import cache

from snowballstemmer import stemmer

from worker.domain.commitment.tongue import tongue_of
from worker.domain.duetime.atoms import fold

_FAMILIES = {
    "contact": "ring call phone telephone speak talk contact touch hear back llamo write email mail reply answer respond response news update know posted "
    "informed tell inform llamar llamaré llamaremos llamada contactar respuesta responder responderemos informar informaremos appeler appellerai "
    "rappeler rappellerai rappellerons rappelons contacter répondre répondrons réponse tiendrai informerons anrufen rufe rufen melde melden "
    "antwort antworten bescheid benachrichtigen mitteilen rückruf",
    "money": "refund refunded reimburse reimbursed credit credited money pay paid transfer repay payment reembolso reembolsar reembolsaremos abono "
    "abonar abonaremos dinero remboursement rembourser rembourserons remboursé remboursée crédit virement erstattung erstatten erstattet gutschrift "
    "überweisen überweisung geld",
    "goods": "send sending sent dispatch despatch dispatched despatched leave leaves ship shipped post posted deliver delivered delivery replacement replace arrive arrives reach receive parcel "
    "package enviar enviaremos enviaré envío recibirá paquete llegará entrega envoyer enverrons enverrai expédier expédierons colis recevrez "
    "livraison livré livrée senden schicken schicke paket lieferung geliefert liefern versenden versandt erhalten",
    "visit": "visit visits engineer technician repair repaired fix fixed mend install installed fit fitted fitter plumber electrician técnico visita "
    "visitará reparar reparación technicien réparer réparation passera techniker reparieren reparatur besuchen kommt",
    "collect": "collect collected collection pick recoger hole holen holt recogida recogeremos récupérer enlèvement enlever abholen abgeholt abholung",
    "look": "check checked look investigate review find chase comprobar revisar revisaremos investigar vérifier vérifierons examiner prüfen klären",
}  # fmt: skip
_EMPTY_WORDS = (
    "i we you your our us it the a an this that these those they them my me to of for on in at by with from and or but so will ll shall should be "
    "been is are am was have has had do does did not no as if when before after until within next today tomorrow tonight morning afternoon "
    "evening noon midday end week month day days hour hours working business weekday date then also now new again first please latest later soon "
    "shortly hope aim try plan expect going able can would out up down about there here all any both more make sure get give let keep full once "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november "
    "december pm o'clock colleague team le la les el los las un una une des du de del der die das den dem ein eine einen je nous vous wir ich "
    "ihnen sie ihr ihre votre vos su sus se lo te que y o et ou und oder en dans avec con mit por para pour bis im um uhr avant antes vor hoy "
    "mañana demain morgen heute werde werden wird vamos voy va vais allons sera será lunes martes miércoles jueves viernes sábado domingo lundi "
    "mardi mercredi jeudi vendredi samedi dimanche montag dienstag mittwoch donnerstag freitag samstag sonntag noviembre novembre diciembre "
    "décembre dezember à al au erfolgt findet statt done have"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+(?:'t)?")
_STEMMERS = {"en": "english", "es": "spanish", "fr": "french", "de": "german"}


@cache
def _families(language: str) -> dict[str, str]:
    """The family of each verb's stem, so that every form of the verb is known."""
    stem = stemmer(_STEMMERS.get(language, "english"))
    return {stem.stemWord(word): family for family, words in _FAMILIES.items() for word in words.split()}


def same_thing(a: str, b: str, language: str | None = None) -> bool:
    """Whether two promise sentences are about the same thing. Their times play no part."""
    language = language or tongue_of(f"{a} {b}") or "en"
    (doing_a, about_a), (doing_b, about_b) = _gist(a, language), _gist(b, language)
    if not doing_a & doing_b:
        return len(about_a & about_b) >= 2  # "the new boiler" named alike, told with other verbs
    return not about_a or not about_b or bool(about_a & about_b)


def _gist(sentence: str, language: str) -> tuple[frozenset[str], frozenset[str]]:
    """What is done, as families of verbs, and the stems of what it is done to."""
    words = _WORD.findall(fold(sentence))
    stems = stemmer(_STEMMERS.get(language, "english")).stemWords(words)
    families = _families(language)
    doing = frozenset(families[stem] for stem in stems if stem in families)
    about = frozenset(
        stem
        for word, stem in zip(words, stems, strict=True)
        if stem not in families and word not in _EMPTY and len(word) > 2
    )
    return doing, about
