"""Which clauses of a French sentence commit us: the common shapes."""

import re

from worker.domain.commitment.patterns import Patterns

_OURS = r"(?:collègue|technicien(?:ne)?|équipe|livreur|chauffeur|responsable|service|atelier|conseill(?:er|ère)|plombier|dépanneur)"
_OBJECT = r"(?:(?:vous |te |le |la |les |lui |leur |nous |me |y |en |l'|m'|vous l'|vous en ))*?"
FRENCH = Patterns(
    heads=re.compile(
        r"\b(?:je|j'|nous|et|puis)(?: |(?<='))(?:(?:vous|te|le|la|les|lui|nous|me|y|en) |l'|m'){0,3}[^\W\d_]{2,15}(?:rai|rons)\b|\b(?:je m'engage à|nous nous engageons à|je fais le nécessaire|nous faisons le nécessaire|comptez sur (?:moi|nous) pour|(?:je vous tiens|nous vous tenons) (?:au courant|informée?))\b|\bon vous [^\W\d_]{2,15}ra\b"
        r"|\b(?:je vais|nous allons) (?:(?:vous|te|le|la|les|y|en|me|nous) |l'|m'){0,3}[^\W\d_]{2,15}(?:er|ir|re|oir)\b"
        rf"|\b(?:notre|mon|ma|un|une|le|la|l')(?: |(?<=')){_OURS}\b[^,.;]{{0,40}}? (?:(?:vous|te|se|le|la) |l'|s'){{0,2}}[^\W\d_]{{2,15}}ra\b|\b(?!(?:heures?|demain|midi|matin|soir|lundi|mardi|mercredi|jeudi|vendredi|semaine|jours?|mois|journée) )[^\W\d_]{{2,15}} vous (?!se)[^\W\d_]{{2,15}}ra\b"
        r"|\bvous (?:recevrez|saurez|obtiendrez|aurez (?!à|besoin)|serez (?:[^\W\d_]{3,15}ment )?(?:rembours|livr|contact|rappel|crédit|recontact|inform|dédommag)[^\W\d_]+)"
        r"|\b(?:votre|vos|le|la|un|une|il|elle|cela|ce)(?: [^\W\d_]{2,15}){0,4}? (?:vous )?(?:(?:sera|seront) (?:à nouveau |de nouveau )?(?:chez vous|rembours|livr|expédi|envoy|répar|rempla|crédit|vers|trait|effectu|corrig|annul|prêt|sur votre|de retour|récupér|rétabli|install|enlev)[^\W\d_]*|arriver(?:a|ont)|parviendr(?:a|ont)|partir(?:a|ont))"
    ),
    hedges=re.compile(
        r"\b(?:j'espère|nous espérons|je compte|nous comptons|nous prévoyons|je prévois|je pense|nous pensons) (?:pouvoir )?(?:(?:vous|te|le|la|les) |l'){0,2}[^\W\d_]{2,15}(?:er|ir|re|oir)\b|\b(?:je |nous )?(?:vous )?(?:essaierai|essayerai|essaierons|essayerons|tâcherai|tâcherons|tenterai|tenterons|ferai de mon mieux|ferons de notre mieux|ferons (?:tout )?notre possible)\b"
        r"|\b(?:(?:votre|vos|le|la|il|elle|cela)(?: [^\W\d_]{2,15}){0,3} )(?:vous )?devrai(?:t|ent) (?:être|arriver|partir|parvenir|vous)\b|\bvous devriez (?:recevoir|avoir|être)\b|\bnous devrions (?:avoir|pouvoir|recevoir|être)\b"
    ),
    present=re.compile(
        r"\b(?:je |j'|nous )(?:(?:vous|te|le|la|les|lui|leur|nous|me|y|en) |l'|m'){0,3}[^\W\d_]{2,15}(?:e|s|ds|ts|ons|x)\b(?! que\b| pas\b)"
        r"|\b(?:votre|vos|le|la|les|un|une|notre|nos|mon|ma|cette|ce|il|elle|ils|elles|cela|tout)(?! (?:journée|semaine|mois|matinée|soirée|lundi|mardi|mercredi|jeudi|vendredi)\b)(?: [^\W\d_]{1,15}| [ld]'[^\W\d_]{2,15}){0,5}? (?:(?:vous|y|se|lui|le|la|les) |s'|l'|m'){0,2}[^\W\d_]{2,15}(?:ra|ront)\b|\bl'[^\W\d_]{2,15}(?: [^\W\d_]{1,15}){0,4}? (?:vous |se |s'|y )?[^\W\d_]{2,15}(?:ra|ront)\b"
        r"|(?:\b(?:m\.|mme|monsieur|madame) |^|, |et )(?P<v>[^\W\d_]{2,15} (?:vous |y |le |la |les )?[^\W\d_]{2,15}ra)\b|\b(?:votre|la|le|l')[^,.;]{2,40} (?:est|a été) (?:prévue?|programmée?|fixée?|planifiée?) (?:pour|le|au|lundi|mardi|mercredi|jeudi|vendredi)\b"
        r"|\b(?:votre|vos|notre|un|une) [^\W\d_]{2,15}(?: [^\W\d_]{2,15}){0,3} (?:part|partent|arrive|arrivent|passe|vient|vous (?:appelle|rappelle|livre|contacte|écrit))\b|\b[^\W\d_]{2,15} vous (?:téléphone|appelle|rappelle|écrit|livre|contacte|recontacte|envoie|apporte|rejoint)\b|\bj'ai demandé à [^,.;]{2,30} de\b|\b\b(?:je|nous|et) (?:vous|te) (?:rappelle|rappelons|appelle|appelons|envoie|envoyons|tiens|tenons|rembourse|remboursons|recontacte|recontactons|écris|écrivons|réponds|répondons|livre|livrons|expédie|expédions)\b|\b(?:je reviens|nous revenons|et reviens) vers vous\b|\b(?:notre|un|le) technicien (?:passe|vient)\b"
    ),
    denials=re.compile(
        r"\b(?:mairie|préfecture|gouvernement|grève|tribunal|vous recevra|à (?:votre )?disposition)\b|\bne [^,.;]{2,40}?\b(?:pas|plus|jamais)\b|\bn'[^,.;]{2,40}?\b(?:pas|plus|jamais)\b|\b(?:ravis?|ravie|heureux|heureuse|disponibles?|à votre (?:disposition|écoute)|pourra|pourront|devra|coûtera|durera|restera|expirera|ouvrira|fermera|aura lieu|sera (?:possible|nécessaire)|faudrait|pourrai|pourrons|devrez|pourrez|verrez|trouverez|faudra|fermée?s?|ouverte?s?|veillerons à ce que (?:cela|ça)|tiendrons compte|aurai besoin|aurons besoin|demanderai de|demanderons de|plaisir|continuerons|améliorer|verrons|reverrons|dirai franchement)\b"
    ),
    general=re.compile(
        r"\b(?:généralement|en général|habituellement|d'habitude|normalement|d'ordinaire|toujours|tous les(?! (?:lundis|mardis|mercredis|jeudis|vendredis|jours))|toutes les (?:commandes|demandes)|les (?:commandes|remboursements|clients|demandes|livraisons)|ne (?:peux|pouvons) (?:pas )?(?:promettre|garantir|vous (?:promettre|garantir))|peut-être|il se peut|j'ignore|ne sais pas|ne savons pas)\b"
    ),
    strangers=re.compile(
        r"\b(?:a|ai|ont|avez|avons|avait|aviez|avions|avais) (?:dit|écrit|promis|annoncé|assuré|pensé|cru|espéré)\b[^.;]{0,30}$|^(?:colissimo|chronopost|dhl|ups|gls|fedex|dpd|mondial relay)\b|(?:.{0,30})\b(?:votre banque|la banque|la poste|colissimo|chronopost|dhl|ups|gls|fedex|le fabricant|le fournisseur|l'assureur|l'assurance|le transporteur|les clients)\b[^,.;]{0,20}$|^(?:(?:le|la|votre) )?(?:banque|fabricant|fournisseur|transporteur|assurance|poste)\b"
    ),
    conditions=re.compile(
        r"\b(?:si|s'il|sauf si|à moins que|à condition|sous réserve|au cas où|en cas de)\b(?! possible)|\b(?:dès que|lorsque|quand|une fois que|aussitôt que|après que) vous\b|\b(?:dès|à|après) (?:la )?réception de v|\bune fois (?:votre|que votre)|^(?:merci de|veuillez|envoyez|renvoyez|dites|il vous suffit)"
    ),
    states=re.compile(
        r"(?:^(?:je|nous|j') ?(?:(?:vous|le|la|les|en|y|me|m') ?)*)(?:suis|sommes|ai(?! demandé à)|avons(?! demandé à)|remerci|regrett|compren|croi|croy|pens|sais|savons|vois|voyons|pri|espér|espèr|constat|join|joign|dois|devons|peux|pouvons|veux|voulons|reconnai|reconnaiss|excus|parl|viens|venons|demand|souhait|trouv|assur|confirm|écris pour|présent|propos|not|accus|(?:vous|les|des|dans|nous|mes|ses|tous|très|sans|plus)$|(?!fais|vais)[^\W\d_]{2,15}(?:ais|ions)$)"
    ),
    asked=re.compile(
        r"\b(?:savoir|saurai|saurez|saurons|voir|verrai|vérifi\w{1,6}|dire|dirai|dirons|confirm\w{1,6}|demand\w{1,6}|précis\w{1,6}|regard\w{1,6})(?: \w{1,12}){0,3} s(?:i\b|'il)"
    ),
    aside=re.compile(
        r",? (?:et|mais|ou) (?:si\b|s'il|en cas de)|, (?:ce que|ce qui|pourquoi|comment|car|parce que|puisque|bien que)\b"
    ),
    hedge_words=re.compile(
        r"\b(?:j'espère|espérons|essa[iy]e|tâcher|tenter|de (?:mon|notre) mieux|si possible|probablement|sans doute|normalement|en principe|devrai(?:t|ent)|devriez|devrions)"
    ),
    EVENT=re.compile(r"\b(?:dès que|lorsque|quand|une fois que|aussitôt que) (?!possible)"),
    CUT=re.compile(
        r",? \b(?:parce que|car|puisque|bien que|alors que|que vous (?:avez|nous)|merci de|et vous pouvez|veuillez)\b"
    ),
    LEADS=re.compile(
        r"(?:(?:et|mais|donc|ainsi)[, ]+)?(?:(?:le|la|au|d'ici|avant|dans|sous|dès|pour|les|plus tard|à|en|un délai de|moins|de|courant|chaque|pendant|cours)[ ,]*){0,4}$"
    ),
)
