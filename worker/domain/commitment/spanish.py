"""Which clauses of a Spanish sentence commit us: the common shapes."""

import re

from worker.domain.commitment.patterns import Patterns

_OURS = r"(?:compañer[oa]|técnic[oa]|equipo|repartidor|conductor|responsable|departamento|taller|agente|colega|encargad[oa])"
_OBJECT = r"(?:(?:le|les|te|os|lo|la|los|las|se|nos|me) ){0,2}"
SPANISH = Patterns(
    heads=re.compile(
        rf"\b{_OBJECT}(?!queremos)[^\W\d_]{{1,14}}(?:ré|remos)\b|\b(?:me comprometo|nos comprometemos) a [^\W\d_]{{2,14}}r|\b(?:me encargo|nos encargamos|me ocupo|nos ocupamos)(?: [^\W\d_]{{3,15}})? de\b|\bdéjeme [^\W\d_]{{2,14}}r|\b(?:voy|vamos|va) a {_OBJECT}?[^\W\d_]{{2,14}}[aei]r(?:le|les|te|lo|la|los|se|nos)*\b"
        rf"|\b(?:nuestr[oa]|mi|un|una|el|la) {_OURS}\b[^,.;]{{0,40}}? {_OBJECT}[^\W\d_]{{2,14}}rán?\b|\b(?!(?:una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|media|hora|horas|tarde|mañana|noche|día|días|semana|mes|hoy|lunes|martes|miércoles|jueves|viernes) )[^\W\d_]{{2,14}} (?:le|les|te) [^\W\d_]{{2,14}}rán?\b"
        r"|\b(?:recibirás?|sabrás?|tendrás? (?:usted )?(?:noticias|respuesta|una|el|la|los|las|su|sus|un|mi|nuestra|todo|de vuelta)\b|obtendrá|se le [^\W\d_]{3,14}rá)\b"
        r"|\b(?:su|tu|el|la|un|una) (?:[^\W\d_]{2,14} ){1,4}?(?:llegará|saldrá|estará (?:en|list[oa]|con|de vuelta|reparad[oa])|será [^\W\d_]{3,14}d[oa]|quedará|se [^\W\d_]{3,14}rá|le llegará)\b"
    ),
    hedges=re.compile(
        rf"\b(?:esperamos|espero|confiamos en|confío en|tenemos previsto|tengo previsto|prevemos|intentaré|intentaremos|trataré de|trataremos de|procuraré|procuraremos|haremos lo posible por|haré lo posible por) {_OBJECT}[^\W\d_]{{2,14}}r(?:le|les|te|lo|la|se)*\b"
        r"|\b(?:(?:su|el|la) (?:[^\W\d_]{2,14} ){1,3})?deberían?(?: de)? (?:llegar|recibir|estar|tener|salir)(?:le|les)?\b|\bdeberíamos (?:tener|poder|saber|recibir)(?:l[aeo]s?)?\b"
    ),
    present=re.compile(
        r"\b(?:(?:yo|y|pero|nosotros|hoy(?: mismo)?|mañana(?: mismo)?|lunes|martes|miércoles|jueves|viernes|semana|tarde|mañana|noche|hora|horas|días?|hábil(?:es)?),? |^)(?P<v>(?:(?:le|les|te|os|se|lo|la|los|las) ){0,2}[^\W\d_]{2,14}(?:o|amos|emos|imos))\b"
        r"|\b(?:le|les|te|os|se l[oa]s?) [^\W\d_]{2,14}(?:o|amos|emos|imos)\b"
        r"|\b(?:le|les|te) [^\W\d_]{2,12}[ae] (?:el|la|nuestr[oa]|mi|un|una|don|doña) [^\W\d_]{2,15}|\b(?:nuestr[oa]|mi) [^\W\d_]{2,15}(?: [^\W\d_]{2,15})? (?:le |les |te )?(?:pasa|va|visita|llama|escribe|lleva|recoge|entrega|instala|trae|cambia|repara|acude|viene)\b"
        r"|\b(?:su|sus|tu|el|la|los|las|un|una|nuestr[oa]s?|mi|todo|lo|esto)(?! (?:una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|día|semana|mes|tarde|mañana|noche|jornada|lunes|martes|miércoles|jueves|viernes|sábado|domingo|que)\b)(?: [^\W\d_]{1,15}){0,5}? (?:le |les |se |se le |te )?[^\W\d_]{1,14}rán?\b|\bverá (?:el|la|su|reflejad[oa])\b|\b(?:pasa|va|viene|acude|llama|sale|llega|vuelve) (?!(?:el|la|su) (?:banco|fabricante|proveedor|transportista|aseguradora|cartero|mensajero))(?:el|la|un|una|nuestr[oa]|su) [^\W\d_]{3,15}|\b(?:su|el|la|un|una)(?: [^\W\d_]{2,14}){1,4}? (?:sale|llega|le llega|(?:está|queda|ha quedado) (?:previst|programad|concertad|fijad)[oa])\b"
        r"|\b(?:hemos|he) (?:programado|concertado|reservado|fijado|pedido a) \b|\b(?:don|doña|señora?|sr\.|sra\.) [^\W\d_]{2,15} (?:se |le |les )?[^\W\d_]{2,14}rá\b|\bse (?:pondrán?|encargarán?|ocuparán?)\b|(?<=, )que (?:le |les )?[^\W\d_]{2,14}rán?\b|\b(?:lo|la|los|las|le|les|se l[oa]s?) [^\W\d_]{2,14}rán? (?:nuestr[oa]s?|mi|el|la|un|una) [^\W\d_]{3,15}|\b\b(?:le|les|te|se lo|se la|lo|la) (?:llamo|llamamos|envío|enviamos|mando|mandamos|escribo|escribimos|confirmo|confirmamos|aviso|avisamos|digo|ingreso|ingresamos|devuelvo|devolvemos|abonamos|reembolsamos)\b"
    ),
    denials=re.compile(
        r"\b(?:ayuntamiento|gobierno|huelga|juzgado|le (?:recibirá|atenderá))\b|^(?:no )|\bno (?:\w{1,4} ){0,2}\w{2,14}(?:ré|remos|rá|rán)\b|\b(?:ser(?:á|ía) un placer|encantad[oa]s?|a su disposición|tendrá que|deberá|podrán?|podré|podremos|verá(?! (?:el|su|la|reflejad[oa]) )|(?:abrirá|cerrará|costará|durará|habrá|seguirá|permanecerá|continuará|necesitará|expirará|caducará|será (?:necesario|posible))n?|volverá a (?:ocurrir|suceder|pasar)|tendremos en cuenta|le esperamos|veremos|seguiremos|mejoraremos|necesitar(?:é|emos)|pediremos que|cerrad[oa]s?|abiert[oa]s?|disponibles?|esperamos (?:verle|poder atender))\b"
    ),
    general=re.compile(
        r"\b(?:normalmente|habitualmente|por lo general|generalmente|suelen?|siempre|tod[oa]s l[oa]s(?! (?:lunes|martes|miércoles|jueves|viernes|semanas))|los (?:pedidos|reembolsos|clientes|envíos)|como norma|no (?:puedo|podemos) (?:prometer|garantizar|asegurar)|no (?:sé|sabemos)|quizás?|tal vez|puede que)\b"
    ),
    strangers=re.compile(
        r"\b(?:dij\w{1,5}|prometi\w{1,5}|(?:ha|han|había|habían|habíamos|he|hemos) (?:dicho|prometido|asegurado)|aseguraron|esperaba)\b[^.;]{0,30}$|^(?:correos|seur|mrw|dhl|ups|gls|fedex|nacex)\b|(?:.{0,30})\b(?:su banco|el banco|la entidad|correos|seur|mrw|dhl|ups|gls|fedex|el fabricante|el proveedor|la aseguradora|el transportista|la agencia|los clientes|usted)\b[^,.;]{0,20}$|^(?:(?:el|la|su) )?(?:banco|fabricante|proveedor|transportista|aseguradora|entidad)\b"
    ),
    conditions=re.compile(
        r"\b(?:si|siempre que|a menos que|salvo que|en caso de)\b|\b(?:cuando|en cuanto|una vez(?: que)?|tan pronto como|después de que|tras) [^,.;]{0,30}\b(?:usted|nos (?:envíe|mande|devuelva|confirme|facilite|diga|remita|llegue su)|recibamos su|recibir su|su (?:respuesta|confirmación|formulario|devolución)|haya \w+)\b|^(?:por favor|envíenos|mándenos|díganos|rellene|confirme)"
    ),
    states=re.compile(
        r"\b(?:agradec|siento|sentimos|lament|rog|ruego|pido|pedimos|adjunt|recuerdo|recordamos|entend|entiend|dese[oa]|compren|damos|doy|salud|somos|estamos|hemos|tenemos|tengo|podemos|puedo|debemos|debo|queremos|quiero|sabemos|vemos|temprano|próximo|pasado|menos|mucho|luego|mismos|cómo|como|cuando|mismo|nuestro|medio|correo|número|pedido|dinero|reembolso|plazo|cargo|abono|espero|esperamos|ejemplo|promet|asegur|garantiz|jur|favor|tiempo|centro|para|ahora|fuera)"
    ),
    asked=re.compile(
        r"\b(?:saber|sabré|sabremos|sabrá|ver|veré|comprobar|comprobaré|confirmar|confirmaré|confirmaremos|decir|decirle|diré|diremos|preguntar|preguntaré|averiguar|averiguaré|mirar|miraré|revisar|verificar|valorar)(?: \w{1,12}){0,2} si\b"
    ),
    aside=re.compile(
        r",? (?:y|pero|o) (?:si|en caso de)\b|, (?:qué|cuál|cómo|por qué|cuándo|porque|ya que|aunque)\b"
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
        r"(?:(?:y|pero|así que|además)[, ]+)?(?:(?:el|la|a|en|antes|del?|para|dentro|las|más tardar|lo|un|plazo|de|menos|durante|desde|sobre|no más de|como muy tarde|como máximo)[ ,]*){0,4}$"
    ),
)
