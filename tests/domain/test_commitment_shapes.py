"""Promises of general shape, in words no list of verbs holds, and the traps beside them."""

from datetime import UTC, datetime

import pytest

from worker.domain.calendar import BusinessCalendar
from worker.domain.commitment import find_promises, same_thing

SENT = datetime(2026, 11, 19, 10, 30, tzinfo=UTC)  # a Thursday
CALENDARS = {
    "en": BusinessCalendar(country="GB", subdivision="ENG"),
    "es": BusinessCalendar(zone="Europe/Madrid", country="ES"),
    "fr": BusinessCalendar(zone="Europe/Paris", country="FR"),
    "de": BusinessCalendar(zone="Europe/Berlin", country="DE"),
}

PROMISED: dict[str, list[tuple[str, list[tuple[str, str]]]]] = {
    "en": [
        ("The proper repair will happen once the scaffold is down.", [("vague", "")]),
        ("I will call you by Tuesday 5 pm and tell you which day it will be with you.", [("firm", "2026-11-24 17:00")]),
        ("I've put a note in my diary to ring you on Friday.", [("firm", "2026-11-20 17:00")]),
        ("Give me until Friday and I will have an answer.", [("firm", "2026-11-20 17:00")]),
        ("I will not forget to ring you.", [("vague", "")]),
        ("I won't forget to send it on Friday.", [("firm", "2026-11-20 17:00")]),
        ("I'll review and, if there is an error, correct it by Friday.", [("firm", "2026-11-20 17:00")]),
        ("It is in hand. Friday.", [("firm", "2026-11-20 17:00")]),
        ("We will sort this out. Friday at the latest.", [("firm", "2026-11-20 17:00")]),
        ("I will ring you tomorrow, and by Friday the parts will be here.", [("firm", "2026-11-20 17:00")]),
        ("We will ring you today and on Monday our fitter will come.", [("firm", "2026-11-19 17:00"), ("firm", "2026-11-23 17:00")]),
        ("You can count on us to have the boiler running by Wednesday noon.", [("firm", "2026-11-25 12:00")]),
        ("I am putting the cheque in the post today.", [("firm", "2026-11-19 17:00")]),
        ("A cheque for £40 is going out to you today.", [("firm", "2026-11-19 17:00")]),
        ("Rest assured that the room will be repainted by the end of next week.", [("firm", "2026-11-27 17:00")]),
        ("Bea, our floor manager, is going to phone you this afternoon.", [("firm", "2026-11-19 17:00")]),
        ("We are on course to get the part to you by Friday.", [("hedged", "2026-11-20 17:00")]),
        ("I've asked our driver to drop it off on Saturday morning.", [("firm", "2026-11-21 12:00")]),
        ("You'll find the refund on your statement by the 30th.", [("firm", "2026-11-30 17:00")]),
        ("Expect to hear from our finance lead no later than Wednesday.", [("firm", "2026-11-25 17:00")]),
        ("We'll be reconnecting you between 2 and 4 tomorrow afternoon.", [("firm", "2026-11-20 16:00")]),
        ("Come Monday, your line will be working again.", [("firm", "2026-11-23 17:00")]),
        ("Your new card is being posted this evening.", [("firm", "2026-11-19 23:59")]),
        ("We intend to have this settled before the month is out.", [("hedged", "2026-11-30 17:00")]),
        ("I'd hope to be back to you by Tuesday lunchtime.", [("hedged", "2026-11-24 13:00")]),
        ("The crew returns on Monday to finish the tiling.", [("firm", "2026-11-23 17:00")]),
        ("We have moved your slot to Thursday, and our fitter will be there by 10 am.", [("firm", "unsure")]),
        ("Your keys will be cut and couriered to you by Saturday noon.", [("firm", "2026-11-21 12:00")]),
        ("I shall personally walk the parcel to the depot at four today.", [("firm", "2026-11-19 16:00")]),
        ("Nobody else will handle this; I will write again on Monday.", [("firm", "2026-11-23 17:00")]),
        ("Within the next two working days somebody senior will have read your file and rung you.", [("firm", "2026-11-23 17:00")]),
        ("By this time tomorrow you will have your deposit back.", [("firm", "2026-11-20 10:30")]),
        ("I'm on it and will report back by six.", [("firm", "2026-11-19 18:00")]),
        ("Your deposit comes back to you on Friday.", [("firm", "2026-11-20 17:00")]),
        ("We'll have an answer for you a week today.", [("firm", "2026-11-26 17:00")]),
        ("Delivery of the new lamp is set for Tuesday.", [("firm", "2026-11-24 17:00")]),
        ("I commit to having the fence up by the end of the month.", [("firm", "2026-11-30 17:00")]),
        ("We're working on it and expect to have it fixed by 8 pm tonight.", [("hedged", "2026-11-19 20:00")]),
        ("I'm looking into this and will be back in touch.", [("vague", "")]),
        ("Our courier's van will be outside by noon.", [("firm", "2026-11-19 12:00")]),
        ("I reckon we'll have it fixed by Monday.", [("hedged", "2026-11-23 17:00")]),
        ("It goes out tonight and should be with you on Monday.", [("firm", "2026-11-19 23:59"), ("hedged", "2026-11-23 17:00")]),
        ("Bear with us until Monday and you'll have a full answer.", [("firm", "2026-11-23 17:00")]),
        ("The cleaning of your van will be complete by noon on Saturday.", [("firm", "2026-11-21 12:00")]),
        ("Bea is at the depot on Monday. I'll ring you that afternoon.", [("firm", "2026-11-23 17:00")]),
    ],
    "es": [
        ("Hoy mismo le cancelo la segunda cuota.", [("firm", "2026-11-19 17:00")]),
        ("El lunes la llamo yo para saber si ya funciona.", [("firm", "2026-11-23 17:00")]),
        ("En 24 horas le llamo.", [("firm", "2026-11-20 11:30")]),
        ("Mañana a primera hora le llamo.", [("firm", "unsure")]),
        ("El técnico irá a su casa el martes por la tarde.", [("firm", "2026-11-24 17:00")]),
        ("Su pedido saldrá de nuestro almacén esta tarde.", [("firm", "2026-11-19 17:00")]),
        ("Nos comprometemos a devolverle el importe antes del 30 de noviembre.", [("firm", "2026-11-27 17:00")]),
        ("Mi compañera Lucía le llamará mañana a las 11:30.", [("firm", "2026-11-20 11:30")]),
        ("El importe le será abonado en 3 días laborables.", [("firm", "2026-11-24 17:00")]),
        ("Intentaremos tenerlo listo el viernes a mediodía.", [("hedged", "2026-11-20 12:00")]),
        ("Le tendré al corriente.", [("vague", "")]),
        ("Estamos revisando su caso y le responderemos a más tardar el miércoles.", [("firm", "2026-11-25 17:00")]),
        ("Esta misma tarde pasa el fontanero.", [("firm", "2026-11-19 17:00")]),
        ("Le mantendremos informado.", [("vague", "")]),
        ("Su nuevo contador quedará instalado el lunes 23.", [("firm", "2026-11-23 17:00")]),
        ("Antes de que termine la semana tendrá el dinero en su cuenta.", [("firm", "2026-11-20 17:00")]),
        ("Dentro de dos horas como máximo le devuelvo la llamada.", [("firm", "2026-11-19 13:30")]),
        ("El jueves recogemos el sofá y el viernes le entregamos el nuevo.", [("firm", "2026-11-26 17:00"), ("firm", "2026-11-20 17:00")]),
        ("Me encargo personalmente de que el lunes esté arreglado.", [("firm", "2026-11-23 17:00")]),
        ("Quedo en llamarle el martes.", [("firm", "2026-11-24 17:00")]),
        ("Recibirá la factura corregida en las próximas 24 horas.", [("firm", "2026-11-20 11:30")]),
        ("Lo tendrá todo resuelto a finales de mes.", [("firm", "2026-11-30 17:00")]),
        ("Volveré a escribirle el próximo miércoles 25.", [("firm", "2026-11-25 17:00")]),
        ("Le prometo que mañana tendrá la factura.", [("firm", "2026-11-20 17:00")]),
        ("Ya hemos pedido la pieza, que llegará el lunes.", [("firm", "2026-11-23 17:00")]),
        ("Don Ramón se pondrá en contacto con usted esta tarde.", [("firm", "2026-11-19 17:00")]),
    ],
    "fr": [
        ("Mardi à 11 h, notre vitrier sera chez vous avec le bon carreau.", [("firm", "2026-11-24 11:00")]),
        ("Je vous téléphone aujourd'hui à 16 heures.", [("firm", "2026-11-19 16:00")]),
        ("Je vous appelle demain à 16 heures.", [("firm", "2026-11-20 16:00")]),
        ("Je m'en occupe dès demain matin.", [("firm", "unsure")]),
        ("Nous vous remboursons aujourd'hui même.", [("firm", "2026-11-19 17:00")]),
        ("Votre dossier sera traité d'ici vendredi.", [("firm", "2026-11-20 17:00")]),
        ("Le plombier passera chez vous jeudi entre 14 h et 16 h.", [("firm", "2026-11-26 16:00")]),
        ("Vous aurez une réponse de ma part avant la fin de la semaine.", [("firm", "2026-11-20 17:00")]),
        ("Mme Renaud vous appellera demain à 9 h 30.", [("firm", "2026-11-20 09:30")]),
        ("La somme apparaîtra sur votre compte sous 48 heures.", [("firm", "2026-11-21 11:30")]),
        ("Nous devrions recevoir la pièce lundi.", [("hedged", "2026-11-23 17:00")]),
        ("Je vous tiens au courant.", [("vague", "")]),
        ("Je reviendrai vers vous dans les plus brefs délais.", [("vague", "")]),
        ("Un nouveau colis part ce soir.", [("firm", "2026-11-19 23:59")]),
        ("Il vous sera livré mercredi au plus tard.", [("firm", "2026-11-25 17:00")]),
        ("J'ai demandé à Karim de vous rappeler cet après-midi.", [("firm", "2026-11-19 17:00")]),
        ("Je vous envoie l'étiquette aujourd'hui et nous récupérons le fauteuil lundi.", [("firm", "2026-11-19 17:00"), ("firm", "2026-11-23 17:00")]),
        ("D'ici la fin du mois, vous serez intégralement remboursée.", [("firm", "2026-11-30 17:00")]),
        ("Nous ferons tout notre possible pour vous livrer samedi.", [("hedged", "2026-11-21 17:00")]),
        ("Comptez sur moi pour vous rappeler demain avant midi.", [("firm", "2026-11-20 12:00")]),
        ("Demain, dès 9 h, je vérifie votre dossier et je vous écris.", [("firm", "unsure")]),
        ("Le nécessaire sera fait avant 18 h.", [("firm", "2026-11-19 18:00")]),
        ("Chaque vendredi, je vous écrirai.", [("firm", "2026-11-20 17:00")]),
        ("Je vous appelle avant 17 heures.", [("firm", "2026-11-19 17:00")]),
    ],
    "de": [
        ("Ich prüfe das heute und sage Ihnen, was ich gefunden habe.", [("firm", "2026-11-19 17:00")]),
        ("Ich rufe Sie morgen an und sage Ihnen, was ich gefunden habe.", [("firm", "2026-11-20 17:00")]),
        ("Morgen Vormittag rufe ich Sie zurück.", [("firm", "2026-11-20 12:00")]),
        ("Wir tauschen das Gerät am Montag aus.", [("firm", "2026-11-23 17:00")]),
        ("Ihr Geld ist bis Freitag auf Ihrem Konto.", [("firm", "2026-11-20 17:00")]),
        ("Der Installateur kommt am Dienstag zwischen 8 und 10 Uhr.", [("firm", "2026-11-24 10:00")]),
        ("Herr Brandt meldet sich heute noch bei Ihnen.", [("firm", "2026-11-19 17:00")]),
        ("Die Gutschrift geht heute raus.", [("firm", "2026-11-19 17:00")]),
        ("Sie hören spätestens am Mittwoch von mir.", [("firm", "2026-11-25 17:00")]),
        ("Ich lasse die Rechnung bis morgen berichtigen.", [("firm", "2026-11-20 17:00")]),
        ("Innerhalb von zwei Stunden haben Sie eine Antwort.", [("firm", "2026-11-19 13:30")]),
        ("Wir bemühen uns, das bis Montag zu klären.", [("hedged", "2026-11-23 17:00")]),
        ("Das Ersatzteil sollte am Donnerstag eintreffen.", [("hedged", "2026-11-26 17:00")]),
        ("Ich gebe Ihnen bis Freitagmittag Bescheid.", [("firm", "unsure")]),
        ("Bis Ende der Woche erhalten Sie eine neue Tür.", [("firm", "2026-11-20 17:00")]),
        ("Meine Kollegin Frau Kaya bringt Ihnen das Paket morgen vorbei.", [("firm", "2026-11-20 17:00")]),
        ("Ich werde den Fahrer befragen und Ihnen bis 16 Uhr schreiben.", [("firm", "2026-11-19 16:00")]),
        ("Wir holen das Sofa am Montag ab und bringen das neue am Mittwoch.", [("firm", "2026-11-23 17:00"), ("firm", "2026-11-25 17:00")]),
        ("Spätestens am 30. November ist das Bad fertig.", [("firm", "2026-11-30 17:00")]),
        ("Jeden Freitag schicke ich Ihnen einen Bericht.", [("firm", "2026-11-20 17:00")]),
        ("Die Reparatur dürfte am Montag abgeschlossen sein.", [("hedged", "2026-11-23 17:00")]),
        ("Ich sorge dafür, dass Sie das Geld bis Freitag haben.", [("firm", "2026-11-20 17:00")]),
        ("Das neue Schloss wird morgen eingebaut.", [("firm", "2026-11-20 17:00")]),
        ("Heute Abend schaue ich mir die Aufnahmen an.", [("firm", "2026-11-19 23:59")]),
        ("Wir kümmern uns darum.", [("vague", "")]),
        ("Die Kollegen aus der Werkstatt schauen sich das am Dienstag an.", [("firm", "2026-11-24 17:00")]),
        ("Herr Klein von der Technik ruft Sie bis 15 Uhr an.", [("firm", "2026-11-19 15:00")]),
    ],
}  # fmt: skip

NOT_PROMISED: dict[str, list[str]] = {
    "en": [
        "We should have dealt with it the first time.",
        "Does Tuesday work? We will bring the new door.",
        "Zoomparcel will deliver it on Friday.",
        "Norrow Freight will collect it on Friday.",
        "Our winter hours will start on 1 December.",
        "The bridge will be closed on Sunday.",
        "Your subscription will renew on 1 December.",
        "Your contract will end on 31 December.",
        "The new timetable comes into force on Monday.",
        "Your payment will be due on Friday.",
        "You will be charged on Friday.",
        "The council will collect the bins on Thursday.",
        "Refunds arrive within five days as a rule.",
        "If the part comes on Monday we will fit it on Tuesday.",
        "You will need to be in on Tuesday.",
        "We would be glad to ring you on Tuesday.",
        "I can ring you on Tuesday, or would Wednesday be better?",
        "She said she would call on Monday.",
        "We told you on Friday that it would come on Monday.",
        "We sent it on Monday and it arrived on Tuesday.",
        "I will be out of the office until Monday.",
        "Our shop will be open until 8 tonight.",
        "Your appointment is on Tuesday at 10.",
        "We look forward to seeing you on Tuesday.",
        "It might be with you on Friday.",
        "We cannot say whether it will be ready by Friday.",
        "You asked when the engineer will come on Friday.",
        "I understand that you were told it would be with you on Friday.",
        "The museum will reopen on Monday.",
        "The offer runs until Friday.",
        "The film starts at eight.",
        "Please tell us by Friday which colour you want.",
        "Once we have your photo we will refund you by Friday.",
        "We never share your details.",
        "Parcels will be left with a neighbour.",
        "The warranty will cover this until May.",
        "The price will go up on Monday.",
        "Your flight leaves on Monday at 9.",
        "Should you wish, we will collect it on Friday.",
    ],
    "es": [
        "Sentimos mucho lo ocurrido el martes.",
        "Le agradecemos su mensaje del lunes.",
        "El banco tardará tres días en abonarlo.",
        "Nuestra tienda abrirá el lunes a las 10.",
        "Le enviamos el paquete el lunes pasado.",
        "Ayer le enviamos el paquete.",
        "¿Le viene bien el martes?",
        "Por favor, envíenos la foto antes del viernes.",
        "Si lo desea, le llamamos mañana.",
        "La oferta termina el viernes.",
        "No sabemos si llegará el viernes.",
        "Correos entregará el paquete el viernes.",
        "Los reembolsos se hacen en 5 días.",
        "Entiendo que esperaba el paquete el martes.",
        "Su cita es el martes a las 10.",
        "El fabricante nos enviará la pieza el lunes.",
        "Podría llegar el viernes.",
        "Si la pieza llega el lunes, la montaremos el martes.",
        "Estaremos cerrados el lunes.",
        "Su suscripción caducará el 1 de diciembre.",
    ],
    "fr": [
        "Nous vous remercions de votre message de mardi.",
        "Je regrette ce qui s'est passé lundi.",
        "Je comprends que vous attendiez le colis vendredi.",
        "Notre magasin ouvrira lundi à 10 h.",
        "La banque vous créditera sous 3 jours.",
        "Colissimo livrera vendredi.",
        "Merci de nous envoyer la photo avant vendredi.",
        "Si vous le souhaitez, je vous rappelle demain.",
        "Le colis est parti hier.",
        "Nous vous avons écrit mardi.",
        "Est-ce que mardi vous convient ?",
        "Nous ne savons pas si la pièce arrivera vendredi.",
        "Votre rendez-vous est mardi à 10 h.",
        "Le fabricant nous enverra la pièce lundi.",
        "Vous avez commandé mardi et nous avons livré jeudi.",
        "Nous sommes fermés lundi.",
        "Je suis désolée pour le retard de vendredi.",
        "Vous pourrez nous joindre jusqu'à vendredi.",
        "Vous trouverez ci-joint la facture de mardi.",
        "Votre abonnement expirera le 1er décembre.",
        "Les remboursements prennent 5 jours en général.",
        "Il se peut que le colis arrive vendredi.",
    ],
    "de": [
        "Vielen Dank für Ihre Nachricht vom Dienstag.",
        "Es tut uns leid, dass das Paket am Montag nicht kam.",
        "Wir haben Ihnen das Paket am Montag geschickt.",
        "Ihre Bank schreibt den Betrag am Freitag gut.",
        "DHL liefert am Freitag.",
        "Bitte schicken Sie uns das Foto bis Freitag.",
        "Wenn Sie möchten, rufe ich Sie morgen an.",
        "Unser Laden öffnet am Montag um 10 Uhr.",
        "Wir haben am Montag geschlossen.",
        "Ihr Termin ist am Dienstag um 10 Uhr.",
        "Passt Ihnen Dienstag?",
        "Ich verstehe, dass Sie am Freitag mit dem Paket gerechnet haben.",
        "Der Hersteller schickt uns das Teil am Montag.",
        "Wir wissen nicht, ob es am Freitag kommt.",
        "Sie haben am Dienstag bestellt.",
        "Erstattungen dauern in der Regel fünf Tage.",
        "Ich bin bis Montag nicht im Büro.",
        "Das Angebot gilt bis Freitag.",
        "Ihr Vertrag endet am 31. Dezember.",
        "Vielleicht kommt es am Freitag.",
        "Die Preise steigen am Montag.",
        "Wir sagten Ihnen am Freitag, dass es am Montag kommt.",
        "Sie können uns bis 18 Uhr erreichen.",
    ],
}  # fmt: skip


def told(text: str, language: str) -> list[tuple[str, str]]:
    """Strength and due time of each promise found; the time is local, or "unsure", or empty."""
    found = find_promises(text, sent_at=SENT, calendar=CALENDARS[language], language=language)
    return [
        (str(p.strength), f"{p.due_at:%Y-%m-%d %H:%M}" if p.due_at else "unsure" if p.unsure else "")
        for p in found
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"), [(code, *row) for code, rows in PROMISED.items() for row in rows]
)
def test_a_promise_is_found_by_its_shape(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"), [(code, row) for code, rows in NOT_PROMISED.items() for row in rows]
)
def test_what_only_looks_like_a_promise_is_left_alone(language: str, text: str) -> None:
    assert told(text, language) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I'll look into the invoice by Friday", "I will have checked the invoice by Monday"),
        ("Our driver will collect the sofa on Monday", "The sofa will be picked up on Wednesday"),
        ("Le llamaré el martes", "Le llamo el jueves"),
        ("Wir holen das Sofa am Montag ab", "Die Abholung erfolgt am Mittwoch"),
    ],
)
def test_another_form_of_the_verb_is_still_the_same_thing(one: str, other: str) -> None:
    assert same_thing(one, other)


@pytest.mark.parametrize("language", sorted(CALENDARS))
@pytest.mark.parametrize(
    "unit", ["will ", "su a ", "je vous ", "ich werde ", "le ", "by 5, and ", "la fin de ", "und "]
)
def test_many_sentences_of_nonsense_cost_no_more_than_their_length(language: str, unit: str) -> None:
    text = f"{(unit * 700)[:1_900]}. " * 20
    find_promises(text, sent_at=SENT, calendar=CALENDARS[language], language=language)
