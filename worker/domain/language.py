"""Tells a mail's language by its function words and its script; says None rather than guess.

English, Spanish, French, German, Portuguese, Italian and Dutch are told apart from one another and from the neighbours
they are most easily taken for. A script that one language (or family) owns is an answer by itself. A language outside the
seven is named too, so that its mail is "unclassified" and never "no complaint".
"""

import re
from collections import Counter

LOOKED_AT = 800  # code points: more adds nothing
MOST_OF_A_WORD = 4  # times that one word counts
LEAST_SCORE = 1.6  # about two words that only one language has
LEAST_LEAD = 1.35  # times the second best

_WORDS = {
    "en": "the of and to in is you that it was for on are with they be at this have from had not but what all were we when your can said there an each which do how their if will up other about out many then them these so some her would make like him into has look more write go see no way could my than been who its now did get come made may i our me he she just still any us again please would should because never after before don't didn't haven't i'm i've it's hi hello dear thanks thank sorry yet since where why am let only also too very much order refund parcel delivery package money received waiting what's",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos e esto mí antes algunos qué unos yo otro otras otra él tanto esa estos mucho nada muchos cual poco ella estar estas ha he han sido soy eres estoy está están fue era tengo tiene mi mis hola gracias buenos buenas días usted ustedes pedido aún todavía hemos favor saludos llegado quiero dónde cómo cuándo paquete dinero servicio reembolso envío entrega recibido",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec ou aux mais comme on cette ont été nous vous sa ses je mon ma mes votre vos notre nos leur leurs j'ai c'est n'ai n'est d'un d'une qu'il l'ai était être avoir fait faire bonjour merci toujours encore très bien aussi sans tout tous toute deux si même après depuis avant rien jamais car donc alors quand où elle ils elles moi lui y suis êtes avez avons jours cordialement commande colis remboursement livraison argent reçu",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde wenn ich mir mich mein meine meinen meiner wir uns unser unsere ihr ihre ihnen ihren kann können keine kein schon immer wieder seit sehr gehrte hallo bitte danke vielen dank grüßen grüße freundlichen habe hatte bin warum wo was wann jetzt leider bestellung doch mal gar nichts paket lieferung geld bestellt erhalten",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem nas me esse eles você essa num nem suas meu às minha numa pelos elas qual nós lhe deles essas esses pelas este dele tu te vocês vos lhes meus minhas estou está estão fui foi era tenho tem têm olá obrigado obrigada bom boa dia tarde ainda recebi pedido encomenda cumprimentos quero há estamos fazer agora sobre encomenda reembolso dinheiro entrega",
    "it": "di e il la che è un in per una sono del non le si con i da al lo dei come più ma ha gli alla nel della anche mi ho se o delle questo questa ci suo sua tra quando molto su sul dal dalla essere stato fatto hanno abbiamo mio mia miei nostro vostra vostro io lei noi voi loro già ancora dopo prima senza perché così dove chi cosa tutto tutti ogni solo sempre mai buongiorno salve grazie ordine ricevuto saluti cordiali vi ne era nella nei degli alle ai agli dello sto siete quanto vorrei però pacco rimborso consegna soldi spedizione",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als dan bij maar uit door over ze hij of naar nog wel kan werd worden deze dit geen mijn ik je u we wij uw jullie hun haar hem ons onze heb heeft hebben had was waren wat wie waar wanneer waarom hoe al zo nu meer zeer heel erg graag dank bedankt hallo beste geachte groet groeten vriendelijke bestelling sinds steeds weer nooit moet kunt kunnen wil zou worden geworden toch iets niets alleen want omdat pakket geld terugbetaling levering besteld ontvangen",
    "sv": "och att det i en jag hon som han på den med var sig för så till är men ett om hade de av icke mig du henne då sin nu har inte hans honom skulle hennes där min man ej vid kunde något från ut när efter upp vi dem vara vad över än kan sina här ha mot alla under någon eller allt mycket sedan ju denna själv detta åt utan varit hur ingen mitt ni bli blev oss din dessa några deras blir mina samma vilken er sådan vår hej tack fått",
    "da": "og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når være dog noget ville jo deres efter ned skulle denne end dette mit også under have dig anden hende mine alt meget sit sine vor mod disse hvis din nogle hos blive mange ad bliver hendes været jer sådan hej tak",
    "no": "og i jeg det at en et den til er som på de med han av ikke ikkje der så var meg seg men ett har om vi min mitt ha hadde hun nå over da ved fra du ut sin dem oss opp man kan hans hvor eller hva skal selv sjøl her alle vil bli ble blei blitt kunne inn når være kom noen noe ville dere deres kun ja etter ned skulle denne for deg si sine sitt mot å meget hvorfor dette disse uten hvordan ingen din ditt blir samme hvilken hvilke sånn inni mellom vår hver hvem vors hvis både bare enn fordi før mange også slik vært hei takk",
    "pl": "i w na z się nie do to że jest o jak za od po co tak dla ale czy być przez już tylko był była było są może jego jej ich mnie mi mam ja ty my wy oni ten ta te tego tej tym które który która jeszcze bardzo gdzie kiedy dlaczego proszę dzień dobry dziękuję zamówienie nadal moje mój moja pozdrawiam",
    "tr": "ve bir bu da de için ile çok ne daha gibi ama en o ben sen biz siz onlar var yok mi mı değil olarak kadar sonra önce şey her neden nasıl nerede merhaba teşekkürler lütfen sipariş hala bana benim sizin",
    "ro": "și în de la cu a nu o un pe că din este sunt mai pentru care au fost al ale lui ei se am ai are dar sau după când unde cum foarte bună ziua mulțumesc comanda mea meu vă rog încă",
    "cs": "a v se na je že to s z do o i ale jako za by si po jsem jsou být byl byla bylo pro tak které který která už jen jeho od když také dobrý den děkuji objednávka prosím mi mě můj moje není",
    "hu": "a az és hogy nem is egy de ez van volt csak már meg mint ha vagy még én te ő mi ti ők kell lesz nagyon köszönöm kérem rendelés jó napot",
    "fi": "ja on ei että se hän en oli mutta niin kun mitä olen tämä ovat myös kuin jos vain minä sinä me te he minun teidän hei kiitos tilaus vielä",
    "ca": "de la i el que a en per els les un amb del una no és al com més però ha són va aquest aquesta hem seva seu molt també fins quan on jo meu meva vostè bon dia gràcies comanda encara",
    "gl": "de a que e o en do da un unha non os se na por máis as dos como mais ao das súa ou cando moi xa eu tamén só pola ata iso ela grazas pedido aínda meu miña",
}  # fmt: skip


def _index() -> dict[str, tuple[tuple[str, float], ...]]:
    owners: dict[str, list[str]] = {}
    for language, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            owners.setdefault(word, []).append(language)
    return {word: tuple((language, 1 / len(who)) for language in who) for word, who in owners.items()}


_OWNERS = _index()
_WORD = re.compile(r"[^\W\d_]+(?:'(?:[mstd]|re|ve|ll)\b)?")
_NOT_WORDS = re.compile(r"\S*(?:https?://|www\.|@)\S*")

_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile("[\u4e00-\u9fff\u3400-\u4dbf]")),
    ("el", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_FOREIGN = re.compile("[\u0370-\u1cff\u1f00-\u1fff\u3040-\ud7af]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
SCRIPT_SHARE = (
    0.5  # of the letters; signs of Chinese, Japanese and Korean count double, being syllables or words
)


def tell_language(text: str) -> str | None:
    """The ISO 639-1 code of the language this is written in, or None when too little or too mixed to tell."""
    looked_at = text[:LOOKED_AT]
    if not looked_at.isascii():
        script = _by_script(looked_at)
        if script is not None:
            return script
    scores = word_scores(looked_at)
    if not scores:
        return None
    (best, score), *others = sorted(scores.items(), key=lambda one: -one[1])
    second = others[0][1] if others else 0.0
    return best if score >= LEAST_SCORE and score >= LEAST_LEAD * second else None


def word_scores(text: str) -> dict[str, float]:
    """For each language the function words of it that the text has, a word that several share counting a part for each."""
    lower = text[:LOOKED_AT].lower().replace("’", "'")
    if "@" in lower or "http" in lower or "www." in lower:
        lower = _NOT_WORDS.sub(" ", lower)
    scores: dict[str, float] = {}
    for word, count in Counter(_WORD.findall(lower)).items():
        owners = _OWNERS.get(word)
        if owners is not None:
            times = min(count, MOST_OF_A_WORD)
            for language, weight in owners:
                scores[language] = scores.get(language, 0.0) + weight * times
    return scores


def _by_script(text: str) -> str | None:
    foreign = len(_FOREIGN.findall(text))
    if not foreign:
        return None
    latin = len(_LATIN.findall(text))
    if 4 * foreign < latin:
        return None
    counts = {language: len(script.findall(text)) for language, script in _SCRIPTS}
    wide = counts["ja"] + counts["ko"] + counts["zh"]
    if foreign + wide < SCRIPT_SHARE * (foreign + wide + latin):
        return None
    if counts["ja"] * 10 > counts["zh"]:
        counts["ja"] += counts["zh"]
        counts["zh"] = 0
    best = max(counts, key=lambda language: counts[language])
    if best == "ru" and re.search("[іїєґ]", text.lower()):
        return "uk"
    if best == "ar" and re.search("[پچژگ]", text):
        return "fa"
    return best if counts[best] else None
