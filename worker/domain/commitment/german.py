"""Which clauses of a German sentence commit us: the common shapes."""

import re

from worker.domain.commitment.patterns import Patterns

_VERB = r"(?:rufen?|schicken?|senden?|melden?|erstatten?|überweisen?|liefern|liefere|versenden?|geben?|informieren?|kümmern|kümmere|prüfen?|schreiben?|holen?|tauschen?|reparieren?|antworten?|kommen?|bringen?|ersetzen?|erledigen?|buchen?|veranlassen?|bestellen?|klären?|schauen?|teilen?|lassen?|besprechen?|benachrichtigen?)"
_OURS = r"(?:kolleg(?:e|in|en)|techniker(?:in)?|team|fahrer(?:in)?|mitarbeiter(?:in)?|monteur(?:in)?|werkstatt|abteilung|kundendienst|leiter(?:in)?|chef(?:in)?|buchhaltung)"
_THING = r"(?:erstattung|geld|paket|ersatz[^\W\d_]*|lieferung|sendung|gutschrift|betrag|bestellung|ware|gerät|konto|rückzahlung|neue[rsn]? [^\W\d_]+|[^\W\d_]+teil|kessel|schrank|rechnung|anschluss|es|sie)"
GERMAN = Patterns(
    heads=re.compile(
        rf"\b(?:ich|wir) (?:werden?)\b|\bwerden? (?:ich|wir)\b|\b(?:mein|meine|unser|unsere|ein|eine|der|die|das) {_OURS}\b[^,.;]{{0,40}}? (?:wird|werden|kommt|ruft|meldet|schreibt|holt|bringt)\b"
        rf"|\b(?:wird|kommt|ruft|meldet)(?: sich| sie)? (?:mein|meine|unser|unsere|ein|eine|jemand)\b|\bund (?:werde|melde|rufe)\b|\b(?:ihre?|die|das|der|den|ein|eine) {_THING}\b[^,.;]{{0,40}}? (?:wird|werden|kommt|trifft|geht)\b"
        rf"|\b(?:wird|werden|kommt|trifft|geht) (?:ihnen |wird )?(?:ihre?|die|das|der) {_THING}\b|\b[^\W\d_]{{3,15}} wird (?:sie|sich|ihnen)\b|\bwird (?:ihnen|sich) (?:[^\W\d_]{{3,15}})\b|\b(?:ich melde mich|melde ich mich|wir melden uns|melden wir uns|ich kümmere mich|ich komme (?:auf sie zu|auf sie zurück)|(?:ich halte|wir halten|halte ich|halten wir) sie (?:weiter )?auf dem laufenden|(?:ich gehe|wir gehen|gehe ich|gehen wir) (?:dem|der sache) nach|(?:ich|wir) bleiben? dran|(?:ich sorge|wir sorgen|sorge ich|sorgen wir) dafür|(?:ich verspreche|wir versprechen) ihnen|(?:kümmern wir uns|wir kümmern uns|kümmere ich mich))\b"
    ),
    hedges=re.compile(
        r"\b(?:ich|wir) (?:hoffen?|versuchen?|planen?|bemühen?|beabsichtigen?|rechnen damit|rechne damit)\b|\b(?:hoffen?|versuchen?|planen?) (?:ich|wir)\b"
        rf"|\b(?:(?:ihre?|die|das|der|es|sie|ein|eine)(?: {_THING})?|wir|ich)(?: [^\W\d_]{{2,12}}){{0,2}} sollten?\b|\bsollten? (?:ihre?|die|das|der|es|wir|ich)\b|\b(?:ihre?|die|das|der|es|ein|eine)(?: [^\W\d_]{{2,20}}){{0,3}} (?:dürften?|sollen?)\b|\b(?:dürften?|sollen?) (?:ihre?|die|das|der|es|ein|eine)\b"
    ),
    present=re.compile(
        rf"\bich [^\W\d_]{{2,15}}e\b|\b(?!sie |sehr )[^\W\d_]{{2,15}}e ich\b|\bwir [^\W\d_]{{2,15}}n\b|\b[^\W\d_]{{2,15}}n wir\b|\bund [^\W\d_]{{2,15}}(?:e|en) (?:sie|ihnen|ihre?[mnrs]?|mich bei|uns bei|das|den|die|es)\b"
        r"|\b(?:frau|herr) [^\W\d_]{2,20}(?:-[^\W\d_]{2,20})?(?: (?:von|aus) (?:der|dem|unserem|unserer) [^\W\d_]{2,20})? (?:sie |ihnen |sich )?[^\W\d_]{2,15}t\b|\b(?:die|unsere|meine) (?:kollegen|kolleginnen|techniker|monteure|fahrer|leute)\b[^,.;]{0,30}? [^\W\d_]{3,15}en\b|\b[^\W\d_]{2,15}t (?:sie |ihnen |sich |ihr [^\W\d_]{2,15} )?(?:frau|herr|unsere?|meine?|jemand) [^\W\d_]{2,20}"
        r"|\b(?:unsere?|meine?) [^\W\d_]{2,20}(?: [^\W\d_]{2,20})? [^\W\d_]{2,15}t\b|\b(?:haben|erhalten|bekommen|hören|wissen|sehen|erfahren) sie\b|\bsie (?:haben|wissen|erfahren)\b"
        r"|\b(?:ihre?|die|das|der|den|ein|eine|es|alles|beide)(?! (?:woche|tag|tage|tagen|monat|stunde|stunden|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\b)(?: [^\W\d_]{2,20}){0,4}? (?:wird|werden|kommt|kommen|geht|gehen|liegt|steht|trifft|läuft|verlässt|erreicht|folgt|(?:ist|sind) (?:wieder|bei ihnen|fertig|da|zurück|für))\b|\b(?:ist|sind) (?:ihre?|die|das|der) [^.;,]{2,40} (?:wieder|bei ihnen|fertig|da|zurück|erledigt|auf ihrem)\b|\b(?:wird|werden|kommt|geht|liegt|steht|trifft|läuft|verlässt|erreicht|folgt) (?:ihre?|die|das|der|den|ein|eine|es|alles)\b"
        rf"|\b(?:ich|wir) {_VERB}\b|\b{_VERB} (?:ich|wir)\b|\b(?:sie|und) (?:erhalten|bekommen|hören)\b|\b(?:erhalten|bekommen|hören) sie\b|\b(?:ihre?|die|das|der|ein|eine) {_THING}\b[^,.;]{{0,30}}? (?:ist|sind|haben sie)\b|\bist (?:ihre?|die|das|der) {_THING}\b"
    ),
    denials=re.compile(
        r"\b(?:stadtwerke|gemeinde|behörde|streik|gericht|stadtverwaltung|empfängt sie|bereit)\b|\bhaben\b[^,;]{1,60} (?:ge[^\W\d_]{2,12}(?:t|en)|(?:be|er|ver|ent)[^\W\d_]{3,12}t|[^\W\d_]{3,12}iert)[.! ]*$|\b(?:öffne[nt]|schließ(?:t|en)|endet|enden|steigt|steigen|gilt|gelten|dauer(?:t|n)|kostet|kosten)\b|\b(?:nicht(?! später)|kein[^\W\d_]*|nie|niemals|würden?|könnten?|freuen?|verfügung|bitten|müssen sie|brauchen|benötigen|geschlossen|geöffnet|zusammen|sehen uns|wiedersehen|künftig|zukunft|verbessern|erreichbar|sollten sie|waren|wurden?|worden|hatten?|haben (?:ich|wir)|habe|gegeben|vielleicht|eventuell|möglicherweise)\b"
    ),
    general=re.compile(
        r"\b(?:vielleicht|eventuell|möglicherweise|in der regel|normalerweise|üblicherweise|grundsätzlich|meist(?:ens)?|immer|generell|gewöhnlich|alle (?:bestellungen|anfragen|kunden)|erfahrungsgemäß|(?:kann|können) (?:ich |wir )?(?:ihnen )?nicht (?:versprechen|garantieren|sagen))\b"
    ),
    strangers=re.compile(
        r"\bob [^,.;]{0,15}$|\bob$|\b(?:sagten?|hieß|meinten?|versprachen?|versprochen|geschrieben|gesagt|zugesagt|erwartet|gerechnet|gehofft|wissen nicht)\b[^.;]{0,40}$|^(?:dhl|hermes|gls|ups|dpd|fedex)\b|(?:.{0,30})\b(?:ihre bank|die bank|dhl|hermes|gls|ups|dpd|fedex|die post|der hersteller|der lieferant|die versicherung|der versanddienst[^\W\d_]*|der paketdienst|kunden)\b[^,.;]{0,20}$|^(?:(?:die|der|ihre) )?(?:bank|hersteller|lieferant|versicherung|paketdienst|post)\b"
    ),
    conditions=re.compile(
        r"\b(?:wenn|falls|sofern|vorausgesetzt|sollten sie|es sei denn|außer)\b(?! möglich)|\b(?:sobald|nachdem) (?:sie|uns ihre?|wir (?:ihre?|von ihnen)|ihre?)\b|\b(?:nach|bei) (?:eingang|erhalt|rücksendung|rückfragen)\b|^(?:bitte|schicken sie|senden sie|geben sie|teilen sie)"
    ),
    states=re.compile(
        r"\b(?:habe|bin|sind|weiß|wissen wir|wir wissen|kann|können|muss|müssen|möchte[n]?|wollen|hatte[n]?|hätte[n]?|wurde[n]?|würde[n]?|wäre[n]?|danke[n]?|denke[n]?|glaube[n]?|verstehe[n]?|bedau\w{2,6}|freue[n]?|bitte[n]?|entschuldig\w{1,3}|sehe[n]? (?:ich|wir)|(?:ich|wir) sehen?|finden?|stelle[n]? fest|arbeite[n]?|dürfen?|sollen?|heiße[n]?|wünsche[n]?|kenne[n]?|brauche[n]?|warte[n]?|meine[n]? (?:ich|wir)|schäme[n]?|konnte[n]?|wollte[n]?|sollte[n]?|musste[n]?|gestern|letzte\w?|haben wir|wir haben|waren?|wird ich)\b"
        r"|\b(?:ich|wir) (?:\w{3,12}(?<!hal)(?<!lei)(?<!bei)(?<!stat)(?<!rich)(?<!bie)(?<!war)(?<!schal)(?<!tre)(?<!mie)(?<!brei)(?<!gleich)ten?)\b(?<!bearbeite)(?<!bearbeiten)"
    ),
    asked=re.compile(r"(?!)"),
    aside=re.compile(
        r",? (?:und|aber|oder|sondern) (?:wenn|falls|sollten sie|sofern)\b|, (?:was|wie|warum|weshalb|wann|wo|ob|welche[rsnm]?|weil|denn|obwohl)\b"
    ),
    hedge_words=re.compile(
        r"\b(?:hoff|versuch|bemüh|planen?|voraussichtlich|wahrscheinlich|hoffentlich|wenn möglich|möglichst|sollten?|vermutlich)"
    ),
    EVENT=re.compile(r"\b(?:sobald|nachdem|wenn|sowie) "),
    CUT=re.compile(
        r",? \b(?:(?<=, )(?:was|warum|wie|weshalb)|weil|da (?:wir|sie|die|der|das)|obwohl|während|die sie|das sie|den sie|bitte|und sie können)\b"
    ),
    LEADS=re.compile(
        r"(?:(?:und|aber|also|daher)[, ]+)?(?:(?:bis|am|im|in|spätestens|noch|um|innerhalb|binnen|zum|vor|von|den|der|jeden|gleich|schon|bereits|ab|laufe|des|etwa)[ ,]*){0,4}$"
    ),
)
