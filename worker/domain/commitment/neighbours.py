"""Which clauses of a Spanish, French or German sentence commit us: the common shapes, as patterns."""

import re
from dataclasses import dataclass

from worker.domain.commitment.clause import Clause

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """One language. A head is where we commit; the other patterns take it back."""

    heads: re.Pattern[str]  # plain
    hedges: re.Pattern[str]
    present: re.Pattern[str]  # promises only with a time
    denials: re.Pattern[str]  # in the clause: not a promise
    general: re.Pattern[str]
    strangers: re.Pattern[str]  # before the head: somebody outside the firm
    conditions: re.Pattern[str]  # on the customer, or on what may not happen
    hedge_words: re.Pattern[str]
    EVENT: re.Pattern[str]
    CUT: re.Pattern[str]
    LEADS: re.Pattern[str]
    SPLIT: re.Pattern[str] = _NEVER

    def clauses(self, folded: str, _original: str, _before: str) -> list[Clause]:
        if folded.rstrip("\"' )»”").endswith("?") or "¿" in folded:
            return []
        found = [clause for clause in _bounded(self._heads(folded), folded) if self._stands(clause, folded)]
        return found if not self._conditional(folded) else []

    def hedged_by_words(self, inside: str) -> bool:
        return bool(self.hedge_words.search(inside))

    def _heads(self, folded: str) -> list[Clause]:
        hits = [
            *((found, True, False) for found in self.hedges.finditer(folded)),
            *((found, False, False) for found in self.heads.finditer(folded)),
            *((found, False, True) for found in self.present.finditer(folded)),
        ]
        clauses: list[Clause] = []
        end = -1
        for found, hedged, needs_time in sorted(hits, key=lambda hit: hit[0].start()):
            if found.start() >= end:
                clauses.append(
                    Clause(start=found.start(), head=found.start(), hedged=hedged, needs_time=needs_time)
                )
                end = found.end()
            elif hedged and clauses:
                clauses[-1] = clauses[-1].hedging(needs_time=False)
        return clauses

    def _stands(self, clause: Clause, folded: str) -> bool:
        inside = folded[clause.start : clause.end]
        left = folded[max(0, clause.start - 40) : clause.start]
        return not (
            self.denials.search(inside)
            or self.general.search(folded)
            or self.strangers.search(left)
            or self.strangers.match(inside)
        )

    def _conditional(self, folded: str) -> bool:
        return bool(self.conditions.search(folded))


def _bounded(found: list[Clause], folded: str) -> list[Clause]:
    bounded = []
    for clause, following in zip(found, [*found[1:], None], strict=False):
        end = following.start if following else len(folded)
        semicolon = folded.find(";", clause.head, end)
        bounded.append(clause.reaching(semicolon if semicolon >= 0 else end))
    return bounded


_ES_OURS = r"(?:compañer[oa]|técnic[oa]|equipo|repartidor|conductor|responsable|departamento|taller|agente|colega|encargad[oa])"
_ES_OBJECT = r"(?:(?:le|les|te|os|lo|la|los|las|se|nos|me) ){0,2}"
SPANISH = Patterns(
    heads=re.compile(
        rf"\b{_ES_OBJECT}[^\W\d_]{{2,14}}(?:ré|remos)\b|\b(?:voy|vamos|va) a {_ES_OBJECT}?[^\W\d_]{{2,14}}[aei]r(?:le|les|te|lo|la|los|se|nos)*\b"
        rf"|\b(?:nuestr[oa]|mi|un|una|el|la) {_ES_OURS}\b[^,.;]{{0,40}}? {_ES_OBJECT}[^\W\d_]{{2,14}}rán?\b|\b[^\W\d_]{{2,14}} (?:le|les|te) [^\W\d_]{{2,14}}rán?\b"
        r"|\b(?:recibirás?|tendrás? (?:noticias|una respuesta|el|la|su|un)|obtendrá|se le [^\W\d_]{3,14}rá)\b"
        r"|\b(?:su|tu|el|la|un|una) (?:[^\W\d_]{2,14} ){1,4}?(?:llegará|saldrá|estará (?:en|list[oa]|con|de vuelta|reparad[oa])|será [^\W\d_]{3,14}d[oa]|quedará|se [^\W\d_]{3,14}rá|le llegará)\b"
    ),
    hedges=re.compile(
        rf"\b(?:esperamos|espero|confiamos en|confío en|tenemos previsto|tengo previsto|prevemos|intentaré|intentaremos|trataré de|trataremos de|procuraré|procuraremos|haremos lo posible por|haré lo posible por) {_ES_OBJECT}[^\W\d_]{{2,14}}r(?:le|les|te|lo|la|se)*\b"
        r"|\b(?:(?:su|el|la) (?:[^\W\d_]{2,14} ){1,3})?deberían?(?: de)? (?:llegar|recibir|estar|tener|salir)(?:le|les)?\b|\bdeberíamos (?:tener|poder|saber|recibir)\b"
    ),
    present=re.compile(
        r"\b(?:le|les|te|se lo|se la|lo|la) (?:llamo|llamamos|envío|enviamos|mando|mandamos|escribo|escribimos|confirmo|confirmamos|aviso|avisamos|digo|ingreso|ingresamos|devuelvo|devolvemos|abonamos|reembolsamos)\b"
    ),
    denials=re.compile(
        r"^(?:no )|\bno (?:\w{1,4} ){0,2}\w{2,14}(?:ré|remos|rá|rán)\b|\b(?:ser(?:á|ía) un placer|encantad[oa]s?|a su disposición|tendrá que|deberá|podrá|podré|podremos|verá|volverá a (?:ocurrir|suceder|pasar)|tendremos en cuenta|le esperamos|veremos|seguiremos|mejoraremos|necesitar(?:é|emos)|pediremos que|cerrad[oa]s?|abiert[oa]s?|disponibles?|esperamos (?:verle|poder atender))\b"
    ),
    general=re.compile(
        r"\b(?:normalmente|habitualmente|por lo general|generalmente|suelen?|siempre|tod[oa]s l[oa]s|los (?:pedidos|reembolsos|clientes|envíos)|como norma|no (?:puedo|podemos) (?:prometer|garantizar|asegurar)|no (?:sé|sabemos)|quizás?|tal vez|puede que)\b"
    ),
    strangers=re.compile(
        r"(?:.{0,30})\b(?:su banco|el banco|la entidad|correos|seur|mrw|dhl|ups|gls|fedex|el fabricante|el proveedor|la aseguradora|el transportista|la agencia|los clientes|usted)\b[^,.;]{0,20}$|^(?:(?:el|la|su) )?(?:banco|fabricante|proveedor|transportista|aseguradora|entidad)\b"
    ),
    conditions=re.compile(
        r"\b(?:si|siempre que|a menos que|salvo que|en caso de)\b|\b(?:cuando|en cuanto|una vez(?: que)?|tan pronto como|después de que|tras) [^,.;]{0,30}\b(?:usted|nos (?:envíe|mande|devuelva|confirme|facilite|diga|remita|llegue su)|recibamos su|recibir su|su (?:respuesta|confirmación|formulario|devolución)|haya \w+)\b|^(?:por favor|envíenos|mándenos|díganos|rellene|confirme)"
    ),
    hedge_words=re.compile(
        r"\b(?:esper(?:o|amos)|intentar|procurar|tratar(?:é|emos) de|si es posible|probablemente|previsiblemente|seguramente|con suerte|en principio|ojalá)"
    ),
    EVENT=re.compile(
        r"\b(?:cuando|en cuanto|una vez que|tan pronto como) (?:llegue|tenga|tengamos|sepa|sepamos|esté|recib|hay|el|la|nos)"
    ),
    CUT=re.compile(
        r",? \b(?:porque|ya que|aunque|mientras que|puesto que|que (?:usted|compró|envió|recibió)|por favor|y (?:puede|por favor))\b"
    ),
    LEADS=re.compile(
        r"(?:(?:y|pero|así que|además)[, ]+)?(?:(?:el|la|a|en|antes|del?|para|dentro|las|más tardar|lo|un|plazo|de)[ ,]*){0,4}$"
    ),
)

_FR_OURS = r"(?:collègue|technicien(?:ne)?|équipe|livreur|chauffeur|responsable|service|atelier|conseill(?:er|ère)|plombier|dépanneur)"
_FR_OBJECT = r"(?:(?:vous |te |le |la |les |lui |leur |nous |me |y |en |l'|m'|vous l'|vous en ))*?"
FRENCH = Patterns(
    heads=re.compile(
        r"\b(?:je|j'|nous|et|puis)(?: |(?<='))(?:(?:vous|te|le|la|les|lui|nous|me|y|en) |l'|m'){0,3}[^\W\d_]{2,15}(?:rai|rons)\b|\bon vous [^\W\d_]{2,15}ra\b"
        r"|\b(?:je vais|nous allons) (?:(?:vous|te|le|la|les|y|en|me|nous) |l'|m'){0,3}[^\W\d_]{2,15}(?:er|ir|re|oir)\b"
        rf"|\b(?:notre|mon|ma|un|une|le|la|l')(?: |(?<=')){_FR_OURS}\b[^,.;]{{0,40}}? (?:(?:vous|te|se|le|la) |l'|s'){{0,2}}[^\W\d_]{{2,15}}ra\b|\b[^\W\d_]{{2,15}} vous (?!se)[^\W\d_]{{2,15}}ra\b"
        r"|\bvous (?:recevrez|aurez (?!à)|serez (?:rembours|livr|contact|rappel|crédit|recontact|inform|dédommag)[^\W\d_]+)"
        r"|\b(?:votre|vos|le|la|un|une|il|elle|cela|ce)(?: [^\W\d_]{2,15}){0,4}? (?:vous )?(?:(?:sera|seront) (?:à nouveau |de nouveau )?(?:chez vous|rembours|livr|expédi|envoy|répar|rempla|crédit|vers|trait|effectu|corrig|annul|prêt|sur votre|de retour|récupér|rétabli|install|enlev)[^\W\d_]*|arriver(?:a|ont)|parviendr(?:a|ont)|partir(?:a|ont))"
    ),
    hedges=re.compile(
        r"\b(?:j'espère|nous espérons|je compte|nous comptons|nous prévoyons|je prévois|je pense|nous pensons) (?:pouvoir )?(?:(?:vous|te|le|la|les) |l'){0,2}[^\W\d_]{2,15}(?:er|ir|re|oir)\b|\b(?:je |nous )?(?:vous )?(?:essaierai|essayerai|essaierons|essayerons|tâcherai|tâcherons|tenterai|tenterons|ferai de mon mieux|ferons de notre mieux|ferons (?:tout )?notre possible)\b"
        r"|\b(?:(?:votre|vos|le|la|il|elle|cela)(?: [^\W\d_]{2,15}){0,3} )(?:vous )?devrai(?:t|ent) (?:être|arriver|partir|parvenir|vous)\b|\bvous devriez (?:recevoir|avoir|être)\b|\bnous devrions (?:avoir|pouvoir|recevoir|être)\b"
    ),
    present=re.compile(
        r"\b(?:je|nous|et) (?:vous|te) (?:rappelle|rappelons|appelle|appelons|envoie|envoyons|tiens|tenons|rembourse|remboursons|recontacte|recontactons|écris|écrivons|réponds|répondons|livre|livrons|expédie|expédions)\b|\b(?:je reviens|nous revenons|et reviens) vers vous\b|\b(?:notre|un|le) technicien (?:passe|vient)\b"
    ),
    denials=re.compile(
        r"\bne [^,.;]{2,40}?\b(?:pas|plus|jamais)\b|\bn'[^,.;]{2,40}?\b(?:pas|plus|jamais)\b|\b(?:ravis?|ravie|heureux|heureuse|disponibles?|à votre (?:disposition|écoute)|pourrai|pourrons|devrez|pourrez|verrez|trouverez|faudra|fermée?s?|ouverte?s?|veillerons à ce que (?:cela|ça)|tiendrons compte|aurai besoin|aurons besoin|demanderai de|demanderons de|plaisir|continuerons|améliorer|verrons|reverrons|dirai franchement)\b"
    ),
    general=re.compile(
        r"\b(?:généralement|en général|habituellement|d'habitude|normalement|d'ordinaire|toujours|tous les|toutes les (?:commandes|demandes)|les (?:commandes|remboursements|clients|demandes|livraisons)|ne (?:peux|pouvons) (?:pas )?(?:promettre|garantir|vous (?:promettre|garantir))|peut-être|il se peut|j'ignore|ne sais pas|ne savons pas)\b"
    ),
    strangers=re.compile(
        r"(?:.{0,30})\b(?:votre banque|la banque|la poste|colissimo|chronopost|dhl|ups|gls|fedex|le fabricant|le fournisseur|l'assureur|l'assurance|le transporteur|les clients)\b[^,.;]{0,20}$|^(?:(?:le|la|votre) )?(?:banque|fabricant|fournisseur|transporteur|assurance|poste)\b"
    ),
    conditions=re.compile(
        r"\b(?:si|s'il|sauf si|à moins que|à condition|sous réserve|au cas où|en cas de)\b(?! possible)|\b(?:dès que|lorsque|quand|une fois que|aussitôt que|après que) vous\b|\b(?:dès|à|après) (?:la )?réception de v|\bune fois (?:votre|que votre)|^(?:merci de|veuillez|envoyez|renvoyez|dites|il vous suffit)"
    ),
    hedge_words=re.compile(
        r"\b(?:j'espère|espérons|essa[iy]e|tâcher|tenter|de (?:mon|notre) mieux|si possible|probablement|sans doute|normalement|en principe|devrai(?:t|ent)|devriez|devrions)"
    ),
    EVENT=re.compile(r"\b(?:dès que|lorsque|quand|une fois que|aussitôt que) (?!possible)"),
    CUT=re.compile(
        r",? \b(?:parce que|car|puisque|bien que|alors que|que vous (?:avez|nous)|merci de|et vous pouvez|veuillez)\b"
    ),
    LEADS=re.compile(
        r"(?:(?:et|mais|donc|ainsi)[, ]+)?(?:(?:le|la|au|d'ici|avant|dans|sous|dès|pour|les|plus tard|à|en|un délai de)[ ,]*){0,4}$"
    ),
)

_DE_VERB = r"(?:rufen?|schicken?|senden?|melden?|erstatten?|überweisen?|liefern|liefere|versenden?|geben?|informieren?|kümmern|kümmere|prüfen?|schreiben?|holen?|tauschen?|reparieren?|antworten?|kommen?|bringen?|ersetzen?|erledigen?|buchen?|veranlassen?|bestellen?|klären?|schauen?|teilen?|lassen?|besprechen?|benachrichtigen?)"
_DE_OURS = r"(?:kolleg(?:e|in|en)|techniker(?:in)?|team|fahrer(?:in)?|mitarbeiter(?:in)?|monteur(?:in)?|werkstatt|abteilung|kundendienst|leiter(?:in)?|chef(?:in)?|buchhaltung)"
_DE_THING = r"(?:erstattung|geld|paket|ersatz[^\W\d_]*|lieferung|sendung|gutschrift|betrag|bestellung|ware|gerät|konto|rückzahlung|neue[rsn]? [^\W\d_]+|[^\W\d_]+teil|kessel|schrank|rechnung|anschluss|es|sie)"
GERMAN = Patterns(
    heads=re.compile(
        rf"\b(?:ich|wir) (?:werden?)\b|\bwerden? (?:ich|wir)\b|\b(?:mein|meine|unser|unsere|ein|eine|der|die|das) {_DE_OURS}\b[^,.;]{{0,40}}? (?:wird|werden|kommt|ruft|meldet|schreibt|holt|bringt)\b"
        rf"|\b(?:wird|kommt|ruft|meldet)(?: sich| sie)? (?:mein|meine|unser|unsere|ein|eine|jemand)\b|\bund (?:werde|melde|rufe)\b|\b(?:ihre?|die|das|der|den|ein|eine) {_DE_THING}\b[^,.;]{{0,40}}? (?:wird|werden|kommt|trifft|geht)\b"
        rf"|\b(?:wird|werden|kommt|trifft|geht) (?:ihnen |wird )?(?:ihre?|die|das|der) {_DE_THING}\b|\b[^\W\d_]{{3,15}} wird (?:sie|sich|ihnen)\b|\bwird (?:ihnen|sich) (?:[^\W\d_]{{3,15}})\b|\b(?:ich melde mich|melde ich mich|wir melden uns|melden wir uns|ich kümmere mich|ich komme (?:auf sie zu|auf sie zurück))\b"
    ),
    hedges=re.compile(
        r"\b(?:ich|wir) (?:hoffen?|versuchen?|planen?|bemühen?|beabsichtigen?|rechnen damit|rechne damit)\b|\b(?:hoffen?|versuchen?|planen?) (?:ich|wir)\b"
        rf"|\b(?:(?:ihre?|die|das|der|es|sie|ein|eine)(?: {_DE_THING})?|wir|ich)(?: [^\W\d_]{{2,12}}){{0,2}} sollten?\b|\bsollten? (?:ihre?|die|das|der|es|wir|ich)\b"
    ),
    present=re.compile(
        rf"\b(?:ich|wir) {_DE_VERB}\b|\b{_DE_VERB} (?:ich|wir)\b|\b(?:sie|und) (?:erhalten|bekommen|hören)\b|\b(?:erhalten|bekommen|hören) sie\b|\b(?:ihre?|die|das|der|ein|eine) {_DE_THING}\b[^,.;]{{0,30}}? (?:ist|sind|haben sie)\b|\bist (?:ihre?|die|das|der) {_DE_THING}\b"
    ),
    denials=re.compile(
        r"\b(?:nicht(?! später)|kein[^\W\d_]*|nie|niemals|würden?|könnten?|freuen?|verfügung|bitten|müssen sie|brauchen|benötigen|geschlossen|geöffnet|zusammen|sehen uns|wiedersehen|künftig|zukunft|verbessern|erreichbar|sollten sie|waren|wurden?|worden|hatten?|haben (?:ich|wir)|habe|gegeben|vielleicht|eventuell|möglicherweise)\b"
    ),
    general=re.compile(
        r"\b(?:in der regel|normalerweise|üblicherweise|grundsätzlich|meist(?:ens)?|immer|generell|gewöhnlich|alle (?:bestellungen|anfragen|kunden)|erfahrungsgemäß|(?:kann|können) (?:ich |wir )?(?:ihnen )?nicht (?:versprechen|garantieren|sagen))\b"
    ),
    strangers=re.compile(
        r"(?:.{0,30})\b(?:ihre bank|die bank|dhl|hermes|gls|ups|dpd|fedex|die post|der hersteller|der lieferant|die versicherung|der versanddienst[^\W\d_]*|der paketdienst|kunden)\b[^,.;]{0,20}$|^(?:(?:die|der|ihre) )?(?:bank|hersteller|lieferant|versicherung|paketdienst|post)\b"
    ),
    conditions=re.compile(
        r"\b(?:wenn|falls|sofern|vorausgesetzt|sollten sie|es sei denn|außer)\b(?! möglich)|\b(?:sobald|nachdem) (?:sie|uns ihre?|wir (?:ihre?|von ihnen)|ihre?)\b|\b(?:nach|bei) (?:eingang|erhalt|rücksendung|rückfragen)\b|^(?:bitte|schicken sie|senden sie|geben sie|teilen sie)"
    ),
    hedge_words=re.compile(
        r"\b(?:hoff|versuch|bemüh|planen?|voraussichtlich|wahrscheinlich|hoffentlich|wenn möglich|möglichst|sollten?|vermutlich)"
    ),
    EVENT=re.compile(r"\b(?:sobald|nachdem|wenn|sowie) "),
    CUT=re.compile(
        r",? \b(?:weil|da (?:wir|sie|die|der|das)|obwohl|während|die sie|das sie|den sie|bitte|und sie können)\b"
    ),
    LEADS=re.compile(
        r"(?:(?:und|aber|also|daher)[, ]+)?(?:(?:bis|am|im|in|spätestens|noch|um|innerhalb|binnen|zum|vor|von|den|der)[ ,]*){0,4}$"
    ),
)
