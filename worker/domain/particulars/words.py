"""The words by which a complaint's particulars are recognised, by language."""

from worker.domain.particulars.found import ReferenceKind

FALLBACK = "en"


def word_set(words: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(words.split())


# Words that by themselves tell that something went wrong.
FAILURE = {
    "en": word_set(
        """broken broke damaged damage scratch crack hole cracked smashed dented torn ripped scratched bent shattered chipped stained faulty
        defective wrong incorrect incorrectly missing incomplete late delayed delay overdue lost failed fails failing stopped leaking leaks
        leaked dead ruined mouldy moldy rotten rude rudely shouted swore sneered ignored overcharged overbilled waiting chasing chased cancelled
        canceled stuck unusable crashes crashed dirty filthy unanswered disappeared vanished stranded
        soaked burst misprinted misspelt snapped melted swollen expired leaky stolen dumped unhelpful dismissive dripping
        blocked frozen freezes jammed rattles squeaks hung mocked laughed insulted tripped flooded spoiled spoilt
        disconnected locked peeling faded shrunk shrank unsealed noisy refuses refused rusty loose wobbly wobbles"""
    ),
    "es": word_set(
        """roto rota rotos rotas dañado dañada dañados defectuoso defectuosa equivocado equivocada erróneo errónea falta faltan
        faltaba retraso retrasado perdido perdida averiado averiada estropeado estropeada esperando cancelado cancelada
        grosero grosera maleducado incorrecto incorrecta rajado rajada gotea fuga avería ignorado colgado incompleto
        vacío vacía quemado mojado rayado rayada"""
    ),
    "fr": word_set(
        """cassé cassée cassés cassées abîmé abîmée abîmés endommagé endommagée défectueux défectueuse mauvais mauvaise erroné erronée
        manque manquait manquant manquante retard perdu perdue panne attente j'attends attends attendons annulé annulée impoli grossier fissuré
        fissurée fêlé fuit fuite coupé coupée incomplet incomplète raccroché ignoré vide rayé rayée déchiré mouillé"""
    ),
    "de": word_set(
        """kaputt defekt defekte defekter defektes beschädigt beschädigte beschädigtes zerbrochen zerkratzt gerissen gesprungen falsch falsche
        falschen falscher falsches fehlt fehlen fehlte fehlten verspätet verspätung verloren ausgefallen ausfall doppelt
        warte warten wartet storniert unfreundlich unverschämt undicht tropft kalt gesperrt vergeblich unvollständig
        verschwunden aufgelegt verdorben verschimmelt leer"""
    ),
}

# These tell it only together: that it is not, or is so again, and what should have been.
NEGATIONS = {
    "en": word_set(
        """not never no isn't wasn't hasn't haven't hadn't didn't doesn't don't won't can't cannot couldn't aren't weren't
        nobody nothing none still again twice third fourth fifth without instead off down out cold double only half"""
    ),
    "es": word_set(
        "no nunca aún todavía sin nadie nada tampoco otra dos doble sigue sigo seguimos ni ningún ninguna"
    ),
    "fr": word_set(
        "pas jamais toujours encore sans personne rien deux double aucun aucune fois n'est n'a n'ai"
    ),
    "de": word_set(
        "nicht nie niemals kein keine keinen keiner noch immer ohne zweimal niemand nichts wieder dreimal"
    ),
}
EXPECTED = {
    "en": word_set(
        """arrive arrived arriving come came turned showed shown delivered delivery receive received get got work works working worked
        reply replied replies answer answered answers answering called call calls rang ring back refunded refund money
        charged billed debited taken open opens close closes fit fits start starts load loads log logged hear heard word
        response credited sent send fixed repaired resolved sorted collected picked dispatched shipped contacted
        included heating boiler internet broadband wifi power water electricity gas line service app website lift signal phone hot
        size colour color cut happened turn connect connected return returned here appeared up"""
    ),
    "es": word_set(
        """llegado llegó llega recibido recibimos entregado entregaron funciona funcionan funcionaba contesta contestan contestado responde
        responden respondido llamado llamó devuelto reembolsado devolución reembolso dinero cobrado cobraron cargado calefacción agua luz internet
        línea servicio pedido paquete respuesta noticias arreglado venido vino apareció abre carga enciende"""
    ),
    "fr": word_set(
        """arrivé arrivée arrivés reçu reçue livré livrée marche marchent fonctionne fonctionnent fonctionnait répond répondu réponse rappelé
        appelé remboursé remboursée remboursement argent débité débitée facturé prélevé chauffage eau électricité internet ligne
        connexion service colis commande nouvelles réparé venu venue passé s'allume s'ouvre chaud chaude"""
    ),
    "de": word_set(
        """angekommen gekommen geliefert erhalten bekommen da funktioniert funktionieren geht meldet gemeldet geantwortet antwortet antwort
        erstattet erstattung zurückgerufen rückruf geld abgebucht berechnet heizung wasser strom internet leitung anschluss
        dienst paket sendung bestellung repariert erschienen aufgetaucht passt startet öffnet warm warmes zurück reagiert"""
    ),
}

# Words that make a sentence no good to be quoted back: feelings at full heat, requests, threats, what is to come,
# and words of apology that would read as ours.
UNQUOTABLE = {
    "en": word_set(
        """useless idiot idiots idiotic stupid moron morons clown clowns shit shite crap bloody fuck fucking fucked damn bastard
        bastards liar liars scam scammers fraud thieves crooks joke pathetic disgrace disgraceful disgusting appalling
        shambles incompetent incompetence hell hate sue solicitor lawyer court ombudsman regulator press twitter
        sorry apologise apologize apology apologies regret inconvenience inconvenienced inconvenient mistake mistakes
        unfortunately unfortunate policy policies misunderstanding confusion error errors
        will i'll we'll you'll he'll they'll shall won't would i'd we'd tomorrow please kindly thank thanks regards wonderful great
        brilliant fantastic lovely marvellous bravo congratulations perfect expect demand hope hoping suggest if unless
        should could can't might may maybe perhaps assume guess suppose wondering wonder advise refuse
        dear hello hi hey sincerely yours cheers best feel feels felt feeling"""
    ),
    "es": word_set(
        """buenos buenas idiotas idiota estafa estafadores ladrones sinvergüenzas mierda vergüenza inútiles abogado juzgado demanda
        siento disculpa disculpas lamento lamentamos inconveniente inconvenientes molestia molestias error errores política
        por_favor favor gracias saludos atentamente hola estimado estimada estimados genial fantástico enhorabuena bravo
        espero exijo quiero quisiera podrían podría pueden puede si mañana ruego solicito agradecería voy vamos"""
    ),
    "fr": word_set(
        """idiots idiot arnaque arnaqueurs voleurs escrocs merde honte incapables avocat tribunal plainte
        désolé désolée excuse excuses regrette regrettons inconvénient désagrément désagréments erreur erreurs politique
        merci cordialement bonjour bonsoir madame monsieur bravo génial félicitations parfait super
        j'espère exige voudrais souhaite souhaiterais pourriez pouvez veuillez prie si demain j'attends vais allons"""
    ),
    "de": word_set(
        """idioten idiot betrug betrüger abzocke scheiße scheiß saftladen frechheit unfähig anwalt gericht klage
        entschuldigung entschuldigen leid bedauern bedauere bedauert unannehmlichkeit unannehmlichkeiten fehler
        richtlinie bitte danke dank grüße gruß hallo guten sehr_geehrte geehrte geehrter toll super bravo glückwunsch
        prima erwarte fordere hoffe könnten können würde würden möchte wenn falls sollte werde werden morgen wird"""
    ),
}

# First words that lead in and are left out of a quotation.
LEAD_INS = word_set(
    """and but so well anyway also now then however honestly basically actually because plus yet although though while
    y pero pues además bueno ahora aunque et mais donc alors enfin or und aber also nun doch denn leider"""
)

_LABELS = {
    ReferenceKind.ORDER: """order orders s.o ordernumber orderno orderid ord po purchase bestellung bestellungen bestell best
        bestellnummer bestellnr bestellnummern auftrag auftrags auftragsnummer auftragsnr commande commandes cde pedido pedidos
        orden compra bestelling bestelnummer ordine encomenda""",
    ReferenceKind.BOOKING: """booking bookings reservation reservations pnr locator itinerary buchung buchungen buchungs buchungsnummer
        buchungsnr buchungscode reservierung reservierungs reservierungsnummer réservation reserva reservas localizador
        appointment""",
    ReferenceKind.INVOICE: """invoice invoices bill receipt rechnung rechnungen rechnungs rechnungsnummer rechnungsnr
        facture factures factura facturas recibo beleg belegnummer""",
    ReferenceKind.CONTRACT: """contract policy agreement subscription membership vertrag vertrags vertragsnummer vertragsnr
        police versicherungsnummer contrat contrato póliza abonnement abo""",
    ReferenceKind.ACCOUNT: """account acct a/c customer client member kundennummer kundennr kunden kunde konto kundenkonto compte client
        cuenta cliente mitgliedsnummer mitglied""",
    ReferenceKind.PARCEL: """tracking parcel parcels package consignment shipment shipping delivery waybill awb sendung sendungs
        sendungsnummer sendungsverfolgung paket paketnummer lieferung liefernummer lieferscheinnummer colis suivi livraison
        expédition envío paquete seguimiento albarán""",
    ReferenceKind.CASE: """case claim complaint incident dossier vorgang vorgangs vorgangsnummer vorgangsnr aktenzeichen fall fallnummer
        caso expediente reclamación incidencia réclamation beschwerde beschwerdenummer schadennummer""",
    ReferenceKind.TICKET: """ticket tickets ticketnummer ticketnr return rma return-id""",
    ReferenceKind.REFERENCE: """application file project job wo transaction payment reference ref refs réf référence references referencia referenz referenznummer refno reference-number
        zeichen""",
}
LABELS = {word: kind for kind, words in _LABELS.items() for word in words.split()}

NUMBER_WORDS = word_set(
    """no nos nr nrs number numbers numero número números nº n° num n id code nummer nummern numéro numéros confirmation ref reference
    référence referencia réf conf # ids no's numbered nbr"""
)
LINKS = word_set(
    """is was are were reads being the my our your under with its this that of for which lautet ist die der das dem den
    meine meiner mein ihre mit unter von es son con la el mi mis su de del que est le les ma mon mes notre votre avec sous du des
    its quoted and & y et und e confirmed confirmation code details"""
)
NOT_LABELS = word_set(
    """tel telephone phone mobile cell call ring fax whatsapp text sms tél téléphone teléfono móvil telefon handy rufnummer portable ext
    extension card ending ends visa mastercard amex sort iban bic swift bank vat tax postcode zip plz cp model modell
    modèle modelo type typ version serial seriennummer sku item article artikel artikelnummer product produkt part size page room
    flat apartment apt house street road floor level gate platform bus line route error fehler step section clause
    paragraph pin passcode password voucher discount promo coupon gift flight train vuelo vol flug zug meter zähler
    zählerstand year since until by before on at extension aged age channel aisle shop store branch unit suite kontonummer article-number
    tarjeta carte karte postal código"""
)
UNITS = word_set(
    """day days week weeks month months year years hour hours hrs hr minute minutes min mins second seconds times time
    people persons items pieces pcs chairs miles mile km kilometres metres meters cm mm kg g grams litres l ml gb mb tb w kw kwh
    watts volts v mbps euros euro eur usd gbp chf dollars pounds quid pence cents pm am percent per cent o'clock
    tage tagen tag wochen woche monate monaten stunden stunde minuten jahre jahren uhr mal stück
    días dia día semanas semana meses mes horas hora minutos años veces
    jours jour semaines semaine mois heures heure minutes ans fois
    january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec januar februar märz mai juni juli oktober dezember enero febrero marzo abril mayo junio julio
    agosto septiembre octubre noviembre diciembre janvier février mars avril juin juillet août septembre octobre novembre décembre
    street road avenue lane drive close way st rd ave"""
)
# Directly after these a number of two or three characters is an order's, unless what follows counts something.
SHORT_ORDERS = word_set(
    """order orders ord s.o po bestellung bestellungen auftrag commande commandes cde pedido pedidos orden bestelling
    ordine encomenda"""
)
QUANTIFIED = UNITS | word_set(
    """more extra other others further additional new of off free or per a an each odd plus working business calendar
    whole full weekdays different units boxes packs bags bottles bricks tiles copies parts
    weitere weiteren mehr werktage stücke piezas unidades más autres pièces unités jours altri pezzi stuks meer"""
)
# Words with an "s" at the end that are no plural: what follows an order's number, not what it counts.
PLAIN_S = word_set(
    """is was has does this as its us yes thus always says shows keeps needs contains arrives comes remains plus vs
    es está nos las los tras les des dans sans vous nous pas n'est depuis toujours
    ist was das als aus bis alles nichts bereits seines ihres is ons"""
)
MONTHS = word_set(
    """january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec januar februar märz mai juni juli oktober dezember enero febrero marzo abril mayo junio julio
    agosto septiembre octubre noviembre diciembre janvier février mars avril juin juillet août septembre octobre novembre
    décembre"""
)
# In the same clause these say that the number is not the one complained about.
ELSEWHERE = word_set(
    """previous earlier another other others last different unlike old former first replacement anterior
    otro otra autre précédente andere anderen anderer frühere vorige"""
)
