"""Which clauses of a Spanish sentence commit us: the common shapes."""

import re

from worker.domain.commitment.patterns import Patterns

_OURS = r"(?:compañer[oa]|técnic[oa]|equipo|repartidor|conductor|responsable|departamento|taller|agente|colega|encargad[oa])"
_OBJECT = r"(?:(?:le|les|te|os|lo|la|los|las|se|nos|me) ){0,2}"
SPANISH = Patterns(
    heads=re.compile(
        rf"\b{_OBJECT}[^\W\d_]{{2,14}}(?:ré|remos)\b|\b(?:voy|vamos|va) a {_OBJECT}?[^\W\d_]{{2,14}}[aei]r(?:le|les|te|lo|la|los|se|nos)*\b"
        rf"|\b(?:nuestr[oa]|mi|un|una|el|la) {_OURS}\b[^,.;]{{0,40}}? {_OBJECT}[^\W\d_]{{2,14}}rán?\b|\b[^\W\d_]{{2,14}} (?:le|les|te) [^\W\d_]{{2,14}}rán?\b"
        r"|\b(?:recibirás?|tendrás? (?:noticias|una respuesta|el|la|su|un)|obtendrá|se le [^\W\d_]{3,14}rá)\b"
        r"|\b(?:su|tu|el|la|un|una) (?:[^\W\d_]{2,14} ){1,4}?(?:llegará|saldrá|estará (?:en|list[oa]|con|de vuelta|reparad[oa])|será [^\W\d_]{3,14}d[oa]|quedará|se [^\W\d_]{3,14}rá|le llegará)\b"
    ),
    hedges=re.compile(
        rf"\b(?:esperamos|espero|confiamos en|confío en|tenemos previsto|tengo previsto|prevemos|intentaré|intentaremos|trataré de|trataremos de|procuraré|procuraremos|haremos lo posible por|haré lo posible por) {_OBJECT}[^\W\d_]{{2,14}}r(?:le|les|te|lo|la|se)*\b"
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
