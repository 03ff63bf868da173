"""A mail's language is told by its function words and script, or not at all."""

import pytest

from worker.domain.language import tell_language

SENTENCES = [
    ("en", "My kettle has not come and nobody has called me back."),
    ("en", "Where is my order?"),
    ("en", "I'm still waiting for the refund you promised."),
    ("es", "Todavía no he recibido mi pedido y nadie me contesta."),
    ("es", "¿Dónde está mi paquete?"),
    ("fr", "Je n'ai toujours pas reçu ma commande."),
    ("fr", "Bonjour, où est mon colis ? Merci"),
    ("de", "Meine Bestellung ist immer noch nicht angekommen."),
    ("de", "Wo bleibt mein Paket? Ich warte seit zwei Wochen."),
    ("pt", "Ainda não recebi a minha encomenda e ninguém responde."),
    ("pt", "Onde está o meu pedido? Já foi pago."),
    ("it", "Non ho ancora ricevuto il mio ordine e nessuno risponde."),
    ("it", "Dov'è il mio pacco? Grazie"),
    ("nl", "Ik heb mijn bestelling nog steeds niet ontvangen."),
    ("nl", "Waar is mijn pakket? Het zou gisteren komen."),
    ("sv", "Jag har inte fått mitt paket och ingen svarar."),
    ("da", "Jeg har ikke fået min pakke endnu, hvad sker der?"),
    ("pl", "Nadal nie mam mojej paczki, kiedy ją dostanę?"),
    ("tr", "Siparişim hâlâ gelmedi, neden bu kadar uzun sürüyor ve bana bir şey söylenmedi?"),
    ("ro", "Nu am primit încă pachetul meu și nu răspunde nimeni."),
    ("ru", "Я до сих пор не получил посылку."),
    ("uk", "Я досі не отримав свою посилку, де її шукати?"),
    ("el", "Δεν έχω λάβει ακόμα το δέμα μου."),
    ("ja", "注文した品がまだ届きません。"),
    ("zh", "我的包裹还没有到。"),
    ("ko", "아직 주문한 물건을 받지 못했습니다."),
    ("ar", "لم أستلم طلبي حتى الآن."),
    ("he", "עדיין לא קיבלתי את ההזמנה שלי."),
    ("hi", "मुझे अभी तक मेरा ऑर्डर नहीं मिला है।"),
    ("th", "ฉันยังไม่ได้รับพัสดุ"),
]


@pytest.mark.parametrize(("language", "sentence"), SENTENCES)
def test_a_sentence_is_told(language: str, sentence: str) -> None:
    assert tell_language(sentence) == language


@pytest.mark.parametrize(
    "text",
    ["", "Ada", "12345", "OK", "??? !!!", "https://example.org/the/order/is/not/here", "ada@example.org"],
)
def test_too_little_is_not_guessed(text: str) -> None:
    assert tell_language(text) is None


def test_a_foreign_name_or_order_title_does_not_turn_a_mail() -> None:
    assert tell_language("My order of 注文の品 has not come and I have had no answer from you.") == "en"
    assert (
        tell_language(
            "Ich habe am Montag das Buch 'The Lord of the Rings' bestellt und es ist noch nicht da."
        )
        == "de"
    )


def test_shouting_is_told_too() -> None:
    assert tell_language("WHERE IS MY ORDER? I HAVE BEEN WAITING FOR TWO WEEKS") == "en"


def test_one_word_repeated_is_no_language() -> None:
    assert tell_language("de " * 500) is None
