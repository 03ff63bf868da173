"""Which clauses of a French sentence commit us: the common shapes."""

import re

from worker.domain.commitment.patterns import Patterns

_OURS = r"(?:collègue|technicien(?:ne)?|équipe|livreur|chauffeur|responsable|service|atelier|conseill(?:er|ère)|plombier|dépanneur)"
_OBJECT = r"(?:(?:vous |te |le |la |les |lui |leur |nous |me |y |en |l'|m'|vous l'|vous en ))*?"
FRENCH = Patterns(
    heads=re.compile(
        r"\b(?:je|j'|nous|et|puis)(?: |(?<='))(?:(?:vous|te|le|la|les|lui|nous|me|y|en) |l'|m'){0,3}[^\W\d_]{2,15}(?:rai|rons)\b|\bon vous [^\W\d_]{2,15}ra\b"
        r"|\b(?:je vais|nous allons) (?:(?:vous|te|le|la|les|y|en|me|nous) |l'|m'){0,3}[^\W\d_]{2,15}(?:er|ir|re|oir)\b"
        rf"|\b(?:notre|mon|ma|un|une|le|la|l')(?: |(?<=')){_OURS}\b[^,.;]{{0,40}}? (?:(?:vous|te|se|le|la) |l'|s'){{0,2}}[^\W\d_]{{2,15}}ra\b|\b[^\W\d_]{{2,15}} vous (?!se)[^\W\d_]{{2,15}}ra\b"
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
