"""Which word forms belong together: the stem of a word, and the irregular forms a stemmer leaves apart."""

import unicodedata
from functools import cache, lru_cache

import snowballstemmer

_STEMMERS = {
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "de": "german",
    "pt": "portuguese",
    "it": "italian",
    "nl": "dutch",
}
_SMALLEST_ROOT = 2

# One group a line: the forms of one word that the stemmer does not bring together.
_IRREGULAR = {
    "en": """
be am is are was were been being|become became|begin began begun|break broke broken breaking|bring brought
build built|buy bought|catch caught|choose chose chosen|come came coming|cost costs|cut cutting|deal dealt
do does did done doing|draw drew drawn|drive drove driven driving|eat ate eaten|fall fell fallen|feel felt
fight fought|find found|forget forgot forgotten|freeze froze frozen freezing|get got gotten getting
give gave given giving|go goes went gone going|grow grew grown|hang hung|have has had having|hear heard
hold held|hurt hurting|keep kept|know knew known|lay laid|lead led|learn learnt|leave left leaving|lend lent
let letting|lie lied lying|lose lost losing|make made making|mean meant|meet met|pay paid payed|put putting
read reads|ring rang rung|rise rose risen|run ran running|say said|see saw seen|sell sold|send sent
shake shook shaken|shut shutting|sit sat|sleep slept|smell smelt|speak spoke spoken|spend spent|spill spilt
stand stood|steal stole stolen|stick stuck|swear swore sworn|take took taken taking|teach taught|tear tore torn
tell told|think thought|throw threw thrown|understand understood|wake woke woken|wear wore worn|write wrote written writing
deliver delivery deliveries|refuse refusal|arrive arrival|reply replies replied|cancel cancelled canceled cancellation cancelling
complain complaint complaints|die dies died dying dead|choose choosing|bite bit bitten|burn burnt|blow blew blown
fit fitted|quit quitting|mislead misled|overcharge overcharged|resend resent|repay repaid|rebook rebooked
apologise apologize apologised apologized apologising apologizing apology apologies|organise organize
recognise recognize|cheque check|child children|person people|woman women|man men|foot feet|tooth teeth
""",
    "es": """
ser soy es eres son somos era eran fui fue fueron sido sea siendo|estar estoy está están estamos estaba estaban estuvo estuve estuvieron esté estado
ir voy va van vamos iba iban ido yendo|tener tengo tiene tienen tenemos tenía tuve tuvo tuvieron tenga tenido
hacer hago hace hacen hacemos hacía hice hizo hicieron haga hecho haciendo|decir digo dice dicen decían dije dijo dijeron diga dicho diciendo
poder puedo puede pueden podemos podía pude pudo pudieron pueda podido|poner pongo pone ponen puso pusieron ponga puesto
venir vengo viene vienen venía vino vinieron venga venido|querer quiero quiere quieren queremos quería quise quiso quiera querido
saber sé sabe saben sabía supe supo sepa sabido|dar doy da dan daba di dio dieron dé dado dando|ver veo ve ven veía vi vio vieron vea visto
romper rompe rompió rompieron roto rota rotos rotas|volver vuelvo vuelve vuelven volví volvió volvieron vuelva vuelto
devolver devuelvo devuelve devuelven devolví devolvió devolvieron devuelva devuelvan devuelto devolución
perder pierdo pierde pierden perdí perdió perdieron perdido|pedir pido pide piden pedí pidió pidieron pida pedido
recibir recibo recibe recibí recibió recibieron recibido|seguir sigo sigue siguen seguimos seguía siguió siguieron siga seguido siguiendo
haber he ha han hemos había habían hubo haya hayan|responder responde responden respondió respondieron respondan respondido respuesta
contestar contesta contestan contestó contestaron contestado|cerrar cierro cierra cerró cerrado|funcionar funciona funcionan funcionó funcionaba
cobrar cobro cobra cobran cobró cobraron cobrado cobraran|llegar llego llega llegan llegó llegaron llegado llegue
""",
    "fr": """
être suis es est sommes êtes sont étais était étaient fut été soit sera serait étant|avoir ai as a avons avez ont avais avait avaient eu ait aura aurait
aller vais va allons allez vont allait allé allée allés|faire fais fait faites font faisons faisait faite faits fera
dire dis dit dites disent disait dite|pouvoir peux peut pouvons pouvez peuvent pouvait pu puisse pourrait
devoir dois doit devons devez doivent devait devait dû due|vouloir veux veut voulons voulez veulent voulait voulu voudrais
venir viens vient venons viennent venait venu venue|recevoir reçois reçoit recevons reçoivent recevais reçu reçue reçus reçues
attendre attends attend attendons attendez attendent attendais attendu attendue|perdre perds perd perdent perdu perdue perdus
répondre réponds répond répondez répondent répondait répondu réponse réponses|rendre rends rend rendez rendent rendu rendue
mettre mets met mettez mettent mis mise|prendre prends prend prenez prennent pris prise|tenir tiens tient tenez tiennent tenu tenue
écrire écris écrit écrivez écrivent écrite|promettre promets promet promettez promis promise|savoir sais sait savez savent su
voir vois voit voyez voient vu vue|payer paie paye payé payée payer|envoyer envoie envoyé envoyée envoyez envoyés
appeler appelle appelé appelez appelée rappeler rappelle rappelé|fonctionner fonctionne fonctionnent fonctionnait
casser cassé cassée cassés cassées|livrer livré livrée livrés livraison|rembourser remboursé remboursée remboursement
""",
    "de": """
sein bin bist ist sind seid war waren warst gewesen wäre|haben habe hast hat habt hatte hatten gehabt hätte|werden werde wirst wird wurde wurden worden geworden würde
kommen komme kommst kommt kam kamen gekommen|ankommen angekommen ankam|gehen gehe geht ging gingen gegangen|geben gebe gibt gab gaben gegeben
bekommen bekomme bekommt bekam bekamen|erhalten erhalte erhält erhielt erhielten|schreiben schreibe schreibt schrieb schrieben geschrieben
sprechen spreche spricht sprach gesprochen|versprechen verspricht versprach versprochen|lassen lasse lässt ließ gelassen
nehmen nehme nimmt nahm genommen|finden finde findet fand fanden gefunden|brechen bricht brach gebrochen|zerbrechen zerbrach zerbrochen
verlieren verliere verliert verlor verloren|rufen rufe ruft rief riefen gerufen angerufen|stehen stehe steht stand standen gestanden
können kann kannst könnt konnte konnten gekonnt könnte|müssen muss musst müsst musste mussten gemusst müsste|wollen will willst wollt wollte wollten gewollt
sollen soll sollst sollte sollten|sagen sage sagt sagte sagten gesagt|antworten antworte antwortet antwortete geantwortet antwort antworten
schicken schicke schickt schickte geschickt verschickt|liefern liefert lieferte geliefert lieferung|fallen fällt fiel gefallen ausgefallen
bleiben bleibe bleibt blieb geblieben|ziehen zieht zog gezogen abgezogen eingezogen|buchen bucht buchte gebucht abgebucht
beschweren beschwere beschwert beschwerde|bezahlen bezahle bezahlt bezahlte|enttäuschen enttäuscht enttäuschend|warten warte wartet wartete gewartet
""",
    "pt": """
ser sou é és são somos era eram fui foi foram sido seja|estar estou está estão estamos estava estavam esteve estive esteja
ter tenho tem têm temos tinha teve tive tenha tido|ir vou vai vão vamos ia foi|fazer faço faz fazem fez fizeram fiz faça feito
dizer digo diz dizem disse disseram dito|poder posso pode podem podia pude pôde possa|pôr ponho põe pôs posto
vir venho vem vêm veio vieram vindo|querer quero quer querem queria quis|dar dou dá dão deu deram dado|ver vejo vê viu viram visto
receber recebo recebe recebi recebeu receberam recebido|chegar chega chegam cheguei chegou chegaram chegado chegue
perder perco perde perdi perdeu perderam perdido|pedir peço pede pedi pediu pedido|responder responde respondem respondeu responderam resposta
""",
    "it": """
essere sono sei è siamo siete era erano stato stata stati fu sia|avere ho hai ha abbiamo avete hanno aveva avevo avuto abbia
andare vado va andiamo vanno andava andato|fare faccio fa fanno faceva fatto faccia|dire dico dice dicono diceva detto
potere posso può possiamo possono poteva potuto|volere voglio vuole vogliamo vogliono voleva voluto|dovere devo deve dobbiamo devono doveva dovuto
venire vengo viene vengono veniva venuto|rompere rompe rotto rotta rotti rotte|perdere perdo perde perso persa persi
chiedere chiedo chiede chiesto|rispondere rispondo risponde rispondono risposto risposta|ricevere ricevo riceve ricevuto ricevuta
arrivare arriva arrivano arrivato arrivata arrivati arrivate|promettere promette promesso|scrivere scrivo scrive scritto|prendere preso presa|mettere messo
""",
    "nl": """
zijn ben bent is was waren geweest|hebben heb hebt heeft had hadden gehad|worden word wordt werd werden geworden
komen kom komt kwam kwamen gekomen aangekomen|gaan ga gaat ging gingen gegaan|geven geef geeft gaf gaven gegeven|krijgen krijg krijgt kreeg kregen gekregen
ontvangen ontvang ontvangt ontving ontvingen|schrijven schrijf schrijft schreef geschreven|bellen bel belt belde belden gebeld
kunnen kan kun kunt kon konden gekund|moeten moet moest moesten|willen wil wilt wilde wilden gewild|zeggen zeg zegt zei zeiden gezegd
wachten wacht wachtte gewacht|leveren lever levert leverde geleverd levering|reageren reageer reageert reageerde gereageerd reactie
antwoorden antwoord antwoordt antwoordde geantwoord|betalen betaal betaalt betaalde betaald|sturen stuur stuurt stuurde gestuurd verstuurd|breken breekt brak gebroken
verliezen verlies verliest verloor verloren|doen doe doet deed gedaan|beloven beloofde beloofd|werken werk werkt werkte gewerkt
""",
}


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer | None":
    name = _STEMMERS.get(language)
    return snowballstemmer.stemmer(name) if name else None


def without_accents(word: str, language: str) -> str:
    """The word as it is compared: "médico" and "medico" are one; German "für" and "fuer" are one."""
    if word.isascii():
        return word
    if language == "de":
        word = word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    apart = unicodedata.normalize("NFKD", word)
    return "".join(character for character in apart if not unicodedata.combining(character))


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word, accents away; the word itself where the language has no stemmer."""
    stemmer = _stemmer(language)
    return without_accents(stemmer.stemWord(word) if stemmer else word, language)


@cache
def _groups(language: str) -> dict[str, tuple[frozenset[str], ...]]:
    found: dict[str, list[frozenset[str]]] = {}
    for line in _IRREGULAR.get(language, "").replace("\n", "|").split("|"):
        group = frozenset(without_accents(form, language) for form in line.split())
        for form in group:
            found.setdefault(form, []).append(group)
    return {form: tuple(groups) for form, groups in found.items()}


def forms(word: str, language: str) -> frozenset[str]:
    """The irregular forms that go with a folded word, accents away; German and Dutch verbs get their regular ones."""
    bare = without_accents(word, language)
    together = {bare}
    for group in _groups(language).get(bare, ()):
        together |= group
    if language in {"de", "nl"}:
        together |= _verb_forms(bare, language)
    return frozenset(together)


def _verb_forms(bare: str, language: str) -> set[str]:
    """The regular forms of a verb given as its infinitive: the stemmers leave "geliefert" apart from "liefern"."""
    if not bare.endswith(("en", "ern", "eln")) or len(bare) < 2 * _SMALLEST_ROOT + 1:
        return set()
    root = bare[:-2] if bare.endswith("en") else bare[:-1]
    german = ["", "e", "st", "t", "et", "te", "ten", "tet", "ete", "eten", "end"]
    endings = german if language == "de" else ["", "t", "te", "ten", "de", "den"]
    past = {f"ge{root}{ending}" for ending in ("t", "et", "d", "en")}
    return {root + ending for ending in endings} | past
