"""A hundred and more mails, each with the number, the time and the words that may be taken from it."""

import pytest

from worker.domain.particulars import ReferenceKind, find_particulars

ORDER, BOOKING, INVOICE = ReferenceKind.ORDER, ReferenceKind.BOOKING, ReferenceKind.INVOICE
PARCEL, ACCOUNT, CONTRACT = ReferenceKind.PARCEL, ReferenceKind.ACCOUNT, ReferenceKind.CONTRACT
CASE, TICKET, REFERENCE = ReferenceKind.CASE, ReferenceKind.TICKET, ReferenceKind.REFERENCE

# subject, text, the number taken, its kind
NUMBERS = [
    ("Kettle", "My order #12345 has not arrived.", "12345", ORDER),
    ("Kettle", "Order AB-123-456 came broken.", "AB-123-456", ORDER),
    ("", "I placed order no. 4711 two weeks ago and nothing came.", "4711", ORDER),
    ("", "Order No 4711 never came.", "4711", ORDER),
    ("", "order nr 812 is wrong", "812", ORDER),
    ("Order 55123", "The lamp is broken.", "55123", ORDER),
    ("Re: Your order 55123 has been dispatched", "It has not come.", "55123", ORDER),
    ("Fwd: Order confirmation 2210934", "Nothing has arrived yet.", "2210934", ORDER),
    ("Your Tea Room order confirmation - #TR100234", "Still waiting.", "TR100234", ORDER),
    ("[Order #88123] is incomplete", "One cup is missing.", "88123", ORDER),
    ("", "Order number:\n\nWEB-99812\n\nThe glass was smashed.", "WEB-99812", ORDER),
    ("", "Order number\n    4455667\nDate 3/11/2026\nThe glass was smashed.", "4455667", ORDER),
    ("", "Order number is: 99-4410-2. It is late.", "99-4410-2", ORDER),
    ("", "Order ID=7718 is late.", "7718", ORDER),
    ("", "Order(#1234) never came", "1234", ORDER),
    ("", "My order with the number 4711 has not come.", "4711", ORDER),
    ("", "The order, number 60021, was left in the rain.", "60021", ORDER),
    ("", "order number 123 456 789 has not come", "123 456 789", ORDER),
    ("", "Order GB 1234 5678 was not delivered.", "GB 1234 5678", ORDER),
    ("", "order 123-4567890-1234567 was never delivered", "123-4567890-1234567", ORDER),
    ("", "order 4711 is three days late", "4711", ORDER),
    ("", "order 4711 3 days late now", "4711", ORDER),
    ("", "4711-88 is my order number. It has not come.", "4711-88", ORDER),
    ("", "The kettle (order 4711) leaks.", "4711", ORDER),
    ("", "I ordered a kettle (4411223) and it leaks.", "4411223", ORDER),
    ("", "I'm writing about 20391 (order number). It never came.", "20391", ORDER),
    ("", "PO 4500012345 is incomplete.", "4500012345", ORDER),
    ("", "Purchase order: 4500012345. Two pallets are missing.", "4500012345", ORDER),
    ("", "order ref WX/2026/00123 has not come", "WX/2026/00123", ORDER),
    ("", "my order reference is k7-22104 and it has not come", "k7-22104", ORDER),
    ("", "Order No.: A1B2C3D4. Wrong colour.", "A1B2C3D4", ORDER),
    ("", "Order no.4711 has not come.", "4711", ORDER),
    ("", "order#4711 has not come", "4711", ORDER),
    ("", "*Order number:* **70221**\nThe cup is chipped.", "70221", ORDER),
    ("", "Order: 70221; the cup is chipped.", "70221", ORDER),
    ("", "#45120 never arrived", "45120", REFERENCE),
    ("", "My order is late. Its number? 70221. Please look.", "70221", ORDER),
    ("Complaint", "Hi,\nthe invoice INV-20411 is wrong.", "INV-20411", INVOICE),
    ("Invoice 9981", "You charged me twice.", "9981", INVOICE),
    ("", "Invoice no 2026-0019 charges me twice.", "2026-0019", INVOICE),
    ("", "bill number 776655 is too high and wrong", "776655", INVOICE),
    ("", "Booking reference QX7PLM: nobody met us at the door.", "QX7PLM", BOOKING),
    ("", "Our booking reference XKJDPQ was cancelled without a word.", "XKJDPQ", BOOKING),
    ("", "PNR QWERTZ, the flight was cancelled.", "QWERTZ", BOOKING),
    ("", "Reservation 338812 was cancelled.", "338812", BOOKING),
    ("", "Booking BK-5541 has gone missing", "BK-5541", BOOKING),
    ("", "Account number 10023345: my internet has been down since Monday.", "10023345", ACCOUNT),
    ("", "Customer number 558812. The line is dead.", "558812", ACCOUNT),
    ("", "My contract 889-11 was cancelled by you without a word.", "889-11", CONTRACT),
    ("", "policy number HH/889/2211: my claim was ignored", "HH/889/2211", CONTRACT),
    ("", "Tracking number JD0002233445566 has not moved for six days.", "JD0002233445566", PARCEL),
    ("", "parcel RR123456789GB is lost", "RR123456789GB", PARCEL),
    ("", "tracking 1Z999AA10123456784 says delivered, nothing came", "1Z999AA10123456784", PARCEL),
    ("", "your ref 20/4471 - still no reply", "20/4471", REFERENCE),
    ("", "Ref: CMP-3321. Still no answer.", "CMP-3321", REFERENCE),
    ("", "case number 77120 has been ignored", "77120", CASE),
    ("", "Ticket 99120 has been open for weeks and nobody answers.", "99120", TICKET),
    ("", "Order 4711, tracking JD0002233445566: not arrived.", "4711", ORDER),
    ("", "Invoice 8812 for order 4711 is wrong.", "4711", ORDER),
    ("", "My previous order 4710 was fine. Order 4711 came broken.", "4711", ORDER),
    ("", "Unlike order 4710, order 4711 came broken.", "4711", ORDER),
    ("", "Order 4710 arrived fine. Order 4711 never came.", "4711", ORDER),
    ("", "Call me on 07700 900123. Order 4711 never came.", "4711", ORDER),
    ("", "I paid 1,250.00 for order 4711 and it never came.", "4711", ORDER),
    ("", "Card ending 4242, order 887123, charged twice.", "887123", ORDER),
    ("", "Sent from 12345 Berlin. Order 4711 never came.", "4711", ORDER),
    ("", "The model is KX-5000, the order number 4711. It leaks.", "4711", ORDER),
    ("[Ticket#2026112155] Re: order 4711", "Still nothing.", "4711", ORDER),
    ("", "order number 2024 never came", "2024", ORDER),
    ("", "Hi team,\n\nORDER NUMBER 447120\n\nWRONG SIZE AGAIN", "447120", ORDER),
    ("", "o.k. here goes: order-no: 51-220, wrong size", "51-220", ORDER),
    ("", "Order number - 5531 - the wrong size came", "5531", ORDER),
    ("", "It's about ordernumber 5531, the wrong size came", "5531", ORDER),
    ("", "My orders 4711 and 4712 never came.", "4711", ORDER),
    ("Pedido 88231", "No ha llegado nada.", "88231", ORDER),
    ("", "Mi pedido nº 77-120 no ha llegado.", "77-120", ORDER),
    ("", "El número de pedido es 554120 y no ha llegado.", "554120", ORDER),
    ("", "Factura 2026/113: me han cobrado dos veces.", "2026/113", INVOICE),
    ("", "Número de reserva: HX99120. La habitación estaba sucia, falta todo.", "HX99120", BOOKING),
    ("", "La commande n° 77120 n'est pas arrivée.", "77120", ORDER),
    ("", "Ma commande numéro 77120 n'est pas arrivée.", "77120", ORDER),
    ("", "Numéro de commande : FR-88-120. Colis perdu.", "FR-88-120", ORDER),
    ("", "Votre facture n°F2026-22 est erronée.", "F2026-22", INVOICE),
    ("", "Réservation 88123 annulée sans prévenir.", "88123", BOOKING),
    ("", "Bestellnummer 99-1234: es fehlt die Hälfte.", "99-1234", ORDER),
    ("", "Bestell-Nr. 4711 ist nicht angekommen.", "4711", ORDER),
    ("", "Meine Bestellung Nr. 4711 ist nicht angekommen.", "4711", ORDER),
    ("", "Die Bestellung mit der Nummer 4711 ist nicht da.", "4711", ORDER),
    ("", "Rechnungsnummer: RE-2026-113. Doppelt abgebucht.", "RE-2026-113", INVOICE),
    ("", "Kundennummer 448812, die Heizung ist kalt.", "448812", ACCOUNT),
    ("", "Sendungsnummer 00340434161094042557 ist verschwunden.", "00340434161094042557", PARCEL),
    ("", "Auftrag 77812 wurde nicht ausgeführt, niemand meldet sich.", "77812", ORDER),
]

# What is no reference: subject, text
NO_NUMBERS = [
    ("", "My kettle has not come. Call me on 07700 900123."),
    ("", "Ring +44 20 7946 0018, nobody answered me."),
    ("", "I rang 0800 123 4567 and nobody answered."),
    ("", "I ordered on 3 November 2026 and it has not come."),
    ("", "I ordered on 03/11/2026 and it has not come."),
    ("", "I ordered on 2026-11-03 and it has not come."),
    ("", "You charged me £389.00 twice."),
    ("", "You charged me 389 euros twice for my order."),
    ("", "You took 12345.67 from me, twice"),
    ("", "My order of 12 chairs has not come."),
    ("", "I want to order 1200 bricks, but the site is broken."),
    ("", "The KX-5000 is broken."),
    ("", "My iPhone 14 came cracked."),
    ("", "model WM1200X is faulty"),
    ("", "Serial number 8812309912 is dead."),
    ("", "Card ending in 4242 was charged twice."),
    ("", "My card 4929 1234 5678 9012 was charged twice."),
    ("", "Pay it back to DE89 3704 0044 0532 0130 00, I am still waiting."),
    ("", "Pay it back to GB29NWBK60161331926819, I am still waiting."),
    ("", "I live at 14 Example Street, AB12 3CD, and nothing came."),
    ("", "12345 Musterstadt: nichts ist angekommen."),
    ("", "I have been a customer since 2019 and never had this."),
    ("", "The driver said 10:30 and never came."),
    ("", "It has been 11 days and my order has not come."),
    ("", "My order is 3 days late."),
    ("", "You said 24-hour delivery and it never came."),
    ("[Ticket#2026112155] your mail", "Still no answer."),
    ("Re: [example.test #8812] heating", "Still no answer."),
    ("[Case 99120] heating", "Still no answer."),
    ("", "See https://example.test/orders?order=998812 - nothing came."),
    ("", "Write to ada1977@example.test, nothing came."),
    ("", "My order from 2024 was fine, this one is broken."),
    ("", "It is 100% your fault, the lamp is broken."),
    ("", "Error code 5012 on your site, it is broken."),
    ("", "discount code SAVE2026 is not working"),
    ("", "The size 44 boots are wrong."),
    ("", "Room 2114 was dirty."),
    ("", "The 5000 mAh battery is dead."),
    ("", "It weighs 1200 g and is broken."),
    ("", "Flight BA2490 was cancelled."),
    ("", "The engineer never came on the 14th."),
    ("", "Version 4.12.1 crashes."),
]


@pytest.mark.parametrize(("subject", "text", "number", "kind"), NUMBERS)
def test_the_stated_number_is_taken_verbatim(subject, text, number, kind):
    found = find_particulars(subject, text, _language(text)).reference
    assert found is not None
    assert (found.text, found.kind) == (number, kind)
    assert (subject if found.field == "subject" else text)[found.start : found.end] == number


@pytest.mark.parametrize(("subject", "text"), NO_NUMBERS)
def test_what_is_no_reference_is_left_alone(subject, text):
    assert find_particulars(subject, text, "en").references == ()


SINCE = [
    ("My heating has been off since Tuesday.", "since Tuesday"),
    ("The internet has not worked since last Tuesday morning.", "since last Tuesday morning"),
    ("I have had no hot water since yesterday.", "since yesterday"),
    ("The lift has been broken since 3 November.", "since 3 November"),
    ("The lift has been broken since the 3rd of November 2026.", "since the 3rd of November 2026"),
    ("The lift has been broken since November 3rd.", "since November 3rd"),
    ("Nobody has answered since 03/11/2026.", "since 03/11/2026"),
    ("The line has been dead since the weekend.", "since the weekend"),
    ("It has not worked since Christmas.", "since Christmas"),
    ("Our heating has been off for eleven days.", "for eleven days"),
    ("I have been waiting for over three weeks now.", "for over three weeks now"),
    ("I have been waiting for\nmore than two weeks.", "for\nmore than two weeks"),
    ("Nobody has answered for a fortnight.", "for a fortnight"),
    ("I was left waiting for two hours on the phone.", "for two hours"),
    ("It's been eleven days.", "It's been eleven days"),
    ("My order has not come. It has now been three weeks.", "It has now been three weeks"),
    ("The parcel is two weeks late.", "two weeks late"),
    ("The boiler stopped working on 3 November.", "on 3 November"),
    ("The boiler broke last Friday.", "last Friday"),
    ("La calefacción no funciona desde el lunes.", "desde el lunes"),
    ("Llevo tres semanas esperando.", "Llevo tres semanas"),
    ("El pedido no ha llegado desde hace dos semanas.", "desde hace dos semanas"),
    ("Le chauffage ne marche pas depuis lundi.", "depuis lundi"),
    ("J'attends depuis trois semaines.", "depuis trois semaines"),
    ("Die Heizung ist seit Dienstag kalt.", "seit Dienstag"),
    ("Ich warte seit über drei Wochen.", "seit über drei Wochen"),
    ("Das Internet ist seit dem 3. November ausgefallen.", "seit dem 3. November"),
]

NO_SINCE = [
    "I ordered on 3 November and it has not come.",
    "You promised delivery on Tuesday and nothing came.",
    "I have been a customer for ten years and never had this.",
    "I have been with you since 2009 and you never answered.",
    "Since you do not answer, I am writing again.",
    "It came with a guarantee for two years and is broken.",
    "We are going away for two weeks and it has not come.",
    "Has it been broken since Tuesday?",
    "It was supposed to arrive on Friday and never came.",
    "I called on Monday and nobody answered.",
    "The kettle is broken.",
    "It has not worked since Tuesday's update.",
]


@pytest.mark.parametrize(("text", "since"), SINCE)
def test_since_when_is_taken_verbatim(text, since):
    found = find_particulars("", text, _language(text)).since
    assert found is not None
    assert found.text == since
    assert text[found.start : found.end] == since


@pytest.mark.parametrize("text", NO_SINCE)
def test_a_time_that_is_not_the_failures_is_left_alone(text):
    assert find_particulars("", text, "en").since is None


WHAT = [
    (
        "Hello, my kettle arrived with a cracked lid. Please send another.",
        "my kettle arrived with a cracked lid",
    ),
    ("Dear all,\n\nMy heating has been off since Tuesday.\n\nAda", "My heating has been off since Tuesday"),
    ("But the parcel never arrived!", "the parcel never arrived"),
    ("You sent the wrong size. Phone me on 07700 900123.", "You sent the wrong size"),
    ("Useless idiots. The lamp is broken.", "The lamp is broken"),
    ("I am sorry to bother you, but the lamp is broken.", "the lamp is broken"),
    ("Great job! My order still hasn't\narrived.", "My order still hasn't\narrived"),
    ("We were charged twice for the same room.", "We were charged twice for the same room"),
    ("El pedido no ha llegado. Espero una solución.", "El pedido no ha llegado"),
    ("Bonjour,\nla lampe est cassée.\nMerci", "la lampe est cassée"),
    ("Guten Tag,\ndie Lampe ist kaputt.\nDanke", "die Lampe ist kaputt"),
    ("Your engineer was rude to my mother.", "Your engineer was rude to my mother"),
]

NOTHING_TO_QUOTE = [
    "Hello.",
    "",
    "I want my money.",
    "You are all liars and thieves!",
    "Why has my order not arrived?",
    "WHERE IS MY STUFF",
    "If it is broken, what then?",
    "I will take this to court because you never answered.",
    "What a wonderful way to treat a broken lamp, thank you so much.",
    "My lamp [[broken]] is {{broken}}.",
]


@pytest.mark.parametrize(("text", "what"), WHAT)
def test_the_clause_that_tells_the_failure_is_quoted(text, what):
    found = find_particulars("", text, _language(text)).what
    assert found is not None
    assert found.text == what
    assert text[found.start : found.end] == what


@pytest.mark.parametrize("text", NOTHING_TO_QUOTE)
def test_nothing_is_quoted_where_nothing_plain_is_told(text):
    assert find_particulars("", text, "en").what is None


def _language(text):
    words = set(text.casefold().replace(".", " ").replace(",", " ").split())
    marks = {
        "es": {"no ha", "pedido", "factura", "reserva", "desde", "llevo", "el"},
        "fr": {"la", "commande", "votre", "numéro", "réservation", "depuis", "le"},
        "de": {"die", "ist", "bestellnummer", "rechnungsnummer:", "kundennummer", "seit", "auftrag", "das"},
    }
    best = max(marks, key=lambda language: len(words & marks[language]))
    return best if words & marks[best] else "en"
