"""Which lines of a mail are the sender's own new words."""

import time
from itertools import pairwise

import pytest

from worker.domain.mail import InboundMail, Span, SpanKind
from worker.domain.text import forwarded_words, mark_spans


def mail_of(text: str, *, subject: str = "", enclosed: tuple[InboundMail, ...] = ()) -> InboundMail:
    return InboundMail(
        message_id=None,
        sender=None,
        subject=subject,
        text=text,
        spans=mark_spans(text, subject=subject),
        enclosed=enclosed,
    )


def new_words(text: str, *, subject: str = "") -> str:
    return mail_of(text, subject=subject).new_words


OWN = "The kettle still has not come.\nWhere is it?"

ATTRIBUTIONS = [
    "On Tue, 3 Nov 2026 at 09:12, Bea <bea@example.test> wrote:",
    "On Tue, Nov 3, 2026 at 9:12 AM Bea from Example Support\n<bea@example.test> wrote:",
    "On 3 Nov 2026, at 09:12, Bea\n<bea@example.test>\nwrote:",
    "Bea <bea@example.test> wrote:",
    "Bea wrote on 03/11/2026 09:12:",
    "El mar, 3 nov 2026 a las 9:12, Bea (<bea@example.test>) escribió:",
    "El 3/11/26 a las 9:12, Bea escribió:",
    "Le mar. 3 nov. 2026 à 09:12, Bea <bea@example.test> a écrit :",
    "Le 03/11/2026 à 09:12, Bea a écrit\u00a0:",
    "Am Di., 3. Nov. 2026 um 09:12 Uhr schrieb Bea <bea@example.test>:",
    "Am 03.11.2026 um 09:12 schrieb Bea von Example\n<bea@example.test>:",
    "Bea <bea@example.test> schrieb am Di., 3. Nov. 2026, 09:12:",
    "Em ter., 3 de nov. de 2026 às 09:12, Bea <bea@example.test> escreveu:",
    "A 03/11/2026 09:12, Bea escreveu:",
    "Il giorno mar 3 nov 2026 alle ore 09:12 Bea <bea@example.test> ha\nscritto:",
    "Il 03/11/2026 09:12, Bea ha scritto:",
    "Op di 3 nov 2026 om 09:12 schreef Bea <bea@example.test>:",
    "Op 03-11-2026 om 09:12 schreef Bea:",
    "2026-11-03 9:12 GMT+01:00 Bea <bea@example.test>:",
    "Quoting Bea <bea@example.test>:",
    "At 09:12 03/11/2026, Bea wrote:",
    "Bea wrote, On 03/11/2026 09:12:",
    "2026/11/3 Bea <bea@example.test>",
    "---\nBea wrote:",
    "Op 3 nov. 2026 om 09:12 heeft Bea <bea@example.test> het volgende geschreven:",
    "Le 3 nov. 2026 à 09:12, Bea <bea@example.test> a\u00a0écrit\u00a0:",
    "Zitat von Bea <bea@example.test>:",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_and_the_quote_below_it_are_not_the_senders_words(attribution: str) -> None:
    assert new_words(f"{OWN}\n\n{attribution}\n\n> Your kettle comes on Friday.\n>\n> Bea\n") == OWN


@pytest.mark.parametrize(
    "attribution",
    [a for a in ATTRIBUTIONS if "@" in a and not a.startswith(("Bea", "Zitat", "Quoting", "2026/"))],
)
def test_a_quote_without_marks_below_a_full_attribution_goes_to_the_end(attribution: str) -> None:
    assert new_words(f"{OWN}\n\n{attribution}\n\nYour kettle comes on Friday.\n\nBea\n") == OWN


HEADER_BLOCKS = [
    "From: Bea <bea@example.test>\nSent: Tuesday, November 3, 2026 9:12 AM\nTo: Ada <ada@example.org>\nSubject: RE: Kettle",
    "________________________________\nFrom: Bea <bea@example.test>\nSent: 03 November 2026 09:12\nTo: Ada\nSubject: Kettle",
    "-----Original Message-----\nFrom: Bea\nSent: 03 November 2026 09:12\nTo: Ada\nSubject: Kettle",
    "*From:* Bea <bea@example.test>\n*Sent:* Tuesday, November 3, 2026 9:12 AM\n*To:* Ada\n*Subject:* Kettle",
    "De: Bea <bea@example.test>\nEnviado: martes, 3 de noviembre de 2026 9:12\nPara: Ada\nAsunto: Tetera",
    "De : Bea <bea@example.test>\nEnvoyé : mardi 3 novembre 2026 09:12\nÀ : Ada\nObjet : Bouilloire",
    "Von: Bea <bea@example.test>\nGesendet: Dienstag, 3. November 2026 09:12\nAn: Ada\nBetreff: Kessel",
    "-----Ursprüngliche Nachricht-----\nVon: Bea\nGesendet: Dienstag\nAn: Ada\nBetreff: Kessel",
    "De: Bea <bea@example.test>\nEnviada em: terça-feira, 3 de novembro de 2026 09:12\nPara: Ada\nAssunto: Chaleira",
    "Da: Bea <bea@example.test>\nInviato: martedì 3 novembre 2026 09:12\nA: Ada\nOggetto: Bollitore",
    "Van: Bea <bea@example.test>\nVerzonden: dinsdag 3 november 2026 09:12\nAan: Ada\nOnderwerp: Ketel",
    "----- Original Message -----\nFrom: Bea\nTo: Ada\nSent: Tuesday\nSubject: Kettle",
    "-------- Original-Nachricht --------\nDatum: Tue, 03 Nov 2026\nVon: Bea",
    "-----Mensaje original-----\nDe: Bea",
    "-----Message d'origine-----\nDe : Bea",
    "-----Messaggio originale-----\nDa: Bea",
    "-----Mensagem original-----\nDe: Bea",
    "-----Oorspronkelijk bericht-----\nVan: Bea",
    "Date: Thu, 5 Nov 2026 13:53:45 +0100\nSubject: Kettle\nFrom: bea@example.test\nTo: ada@example.org",
    "Gesendet: Dienstag, 3. November 2026 um 09:12 Uhr\nVon: Bea <bea@example.test>\nAn: ada@example.org\nBetreff: Kessel",
    "From: Bea\nSent: Tuesday, November 3, 2026 9:12 AM\nTo: Ada",
    "Date: Tue, 3 Nov 2026 02:35:10 +0000 From: bea@example.test To: Ada Subject: Your kettle",
    "---- On Tue, 03 Nov 2026 09:12:00 +0000 Bea<bea@example.test> wrote ----",
    "##- Please type your reply above this line -##",
    "==========\nFrom: Bea\nTo: Ada\nSubject: Kettle",
]


@pytest.mark.parametrize("block", HEADER_BLOCKS)
def test_a_header_block_begins_an_earlier_mail(block: str) -> None:
    assert new_words(f"{OWN}\n\n{block}\n\nYour kettle comes on Friday.\nBea\n") == OWN


FORWARDS = [
    "---------- Forwarded message ---------\nFrom: Ada <ada@example.org>\nDate: Tue, Nov 3, 2026\nSubject: Kettle\nTo: <bea@example.test>",
    "-------- Forwarded Message --------\nSubject: Kettle\nDate: Tue, 3 Nov 2026\nFrom: Ada <ada@example.org>\nTo: bea@example.test",
    "Begin forwarded message:\n\nFrom: Ada <ada@example.org>\nSubject: Kettle\nDate: 3 November 2026\nTo: Bea",
    "---------- Mensaje reenviado ---------\nDe: Ada <ada@example.org>\nDate: mar, 3 nov\nSubject: Kettle\nTo: Bea",
    "---------- Message transféré ---------\nDe : Ada <ada@example.org>\nDate: mar. 3 nov.\nObjet : Kettle\nÀ : Bea",
    "-------- Weitergeleitete Nachricht --------\nVon: Ada <ada@example.org>\nBetreff: Kettle\nDatum: 3. Nov.\nAn: Bea",
    "Anfang der weitergeleiteten Nachricht:\n\nVon: Ada <ada@example.org>\nBetreff: Kettle\nDatum: 3. Nov.\nAn: Bea",
    "---------- Mensagem encaminhada ---------\nDe: Ada <ada@example.org>\nDate: ter\nSubject: Kettle\nTo: Bea",
    "---------- Messaggio inoltrato ---------\nDa: Ada <ada@example.org>\nDate: mar\nSubject: Kettle\nTo: Bea",
    "---------- Doorgestuurd bericht ---------\nVan: Ada <ada@example.org>\nDate: di\nSubject: Kettle\nTo: Bea",
]


@pytest.mark.parametrize("block", FORWARDS)
def test_the_mail_inside_a_forward_is_read_with_its_sender_and_subject(block: str) -> None:
    mail = mail_of(f"Can you look at this?\n\n{block}\n\n{OWN}\n", subject="Fwd: Kettle")
    inside = forwarded_words(mail)
    assert mail.new_words == "Can you look at this?"
    assert inside is not None
    assert inside.text == OWN
    assert inside.sender is not None
    assert inside.sender.address == "ada@example.org"
    assert inside.subject == "Kettle"


def test_a_header_block_under_a_forward_subject_is_a_forward() -> None:
    text = f"FYI\n\nVon: Ada <ada@example.org>\nGesendet: Dienstag\nAn: Bea\nBetreff: Kessel\n\n{OWN}"
    inside = forwarded_words(mail_of(text, subject="WG: Kessel"))
    assert inside is not None
    assert (inside.text, inside.subject, inside.sent) == (OWN, "Kessel", "Dienstag")


def test_a_quoted_forward_is_read_and_a_comment_below_it_kept() -> None:
    mail = mail_of(
        f"Begin forwarded message:\n\n> From: Ada <ada@example.org>\n> Subject: Kettle\n>\n> {OWN.splitlines()[0]}\n> > older\n\nWhat now?"
    )
    inside = forwarded_words(mail)
    assert mail.new_words == "What now?"
    assert inside is not None
    assert (inside.text, inside.subject) == (OWN.splitlines()[0], "Kettle")


def test_an_attached_mail_is_the_mail_inside() -> None:
    inner = mail_of(OWN, subject="Kettle")
    assert (inside := forwarded_words(mail_of("see attached", enclosed=(inner,)))) is not None
    assert inside.text == OWN


def test_an_ordinary_reply_forwards_nothing() -> None:
    assert forwarded_words(mail_of(f"{OWN}\n\n> old")) is None


def test_interleaved_answers_are_kept_in_order() -> None:
    text = "Bea wrote:\n> Which colour?\nBlue.\n\n> And which size?\n\nThe small one.\n"
    assert new_words(text) == "Blue.\nThe small one."


def test_an_answer_below_the_quote_is_kept() -> None:
    assert new_words(f"On 3 Nov 2026 at 09:12, Bea wrote:\n> Comes on Friday.\n\n{OWN}\n") == OWN


@pytest.mark.parametrize("mark", ["-- ", "--", "—"])
def test_a_signature_mark_ends_the_words_and_a_closing_stays(mark: str) -> None:
    assert (
        new_words(f"{OWN}\n\nKind regards\nAda\n{mark}\nAda Lang\n1 High Street\n")
        == f"{OWN}\n\nKind regards\nAda"
    )


def test_a_rule_of_dashes_in_a_long_letter_is_no_signature() -> None:
    letter = "First part.\n--\n" + "\n".join(f"Line {number} of what went wrong." for number in range(30))
    assert new_words(letter) == letter


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sent from my Samsung Galaxy smartphone.",
        "Sent from Mail for Windows 10",
        "Sent from Yahoo Mail on Android",
        "Get Outlook for iOS",
        "Get Outlook for Android<https://example.org/x>",
        "Von meinem iPhone gesendet",
        "Gesendet von Mail für Windows",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Envoyé de mon iPhone",
        "Envoyé depuis mon téléphone Orange",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Verzonden vanaf mijn mobiel",
    ],
)
def test_a_mobile_signature_is_one(line: str) -> None:
    assert new_words(f"{OWN}\n\n{line}\n") == OWN
    assert new_words(f"{OWN}\n\n{line}\n\n> old words") == OWN


@pytest.mark.parametrize(
    "sentence",
    [
        "Sent from your depot on Monday, and still nothing.",
        "On Monday your driver wrote: sorry, missed you.",
        "I wrote:",
        "From: Leeds\nTo: York\nDate: 3 May\nThat was the booking, and nobody came.",
        "This is confidential between us: your driver was rude.",
        "Enviado el lunes y todavía nada.",
        "I quote what your agent wrote:\nWe will call you on Tuesday.\nNobody called.",
        "> is the sign I see on the display" * 0 + "Price -- it was wrong.",
        "Original message not answered.",
        "I bought it on 3 May. Your shop at 10:30 wrote:\nnothing.",
        "On 12 October I wrote to bea@example.test:\nplease send my refund.\nNo answer since.",
        "On 12 Oct 2026 at 10:15 I emailed and your agent Cal wrote:\nWe will call you.\n\nNobody called me since.",
        "On 3 May 2026 Cal wrote:\nWe will call.\nNobody called.",
        "Am 12.10.2026 um 10:15 Uhr schrieb ich Ihnen:\nBitte erstatten Sie.\nKeine Antwort.",
        "Le 12 octobre 2026 à 10h15, votre agent m'a écrit :\nNous vous rappelons.\nRien depuis.",
        "El 12 de octubre de 2026 a las 10:15 su agente me escribió:\nLe llamaremos.\nNada.",
        "Il 12/10/2026 alle 10:15 il vostro agente mi ha scritto:\nRichiamiamo.\nNiente.",
        "Op 12-10-2026 om 10:15 schreef uw collega:\nWij bellen.\nNiets gehoord.",
        "Date: 3 May\nTo: the manager\nSubject: your service\nIt was poor.",
        "To: whom it may concern\nSent: twice\nno answer",
    ],
)
def test_on_doubt_words_are_kept(sentence: str) -> None:
    assert new_words(f"{OWN}\n{sentence}") == f"{OWN}\n{sentence}"


def test_a_web_form_is_not_taken_for_a_quoted_header() -> None:
    form = f"From: Ada <ada@example.org>\nSubject: Kettle\n\nMessage Body:\n{OWN}"
    assert new_words(form) == form


DISCLAIMERS = [
    "This e-mail and any attachments are confidential and intended solely for the addressee. If you have received it in error, please notify the sender and delete it.",
    "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte den Absender und vernichten Sie diese Mail.",
    "Ce message est confidentiel et destiné exclusivement à son destinataire. Si vous l'avez reçu par erreur, merci d'avertir l'expéditeur et de le détruire.",
    "Este mensaje es confidencial y va dirigido exclusivamente a su destinatario. Si lo ha recibido por error, elimínelo y avise al remitente.",
    "Esta mensagem é confidencial e destina-se exclusivamente ao destinatário. Se a recebeu por engano, apague-a e avise o remetente.",
    "Questo messaggio è riservato ed è destinato esclusivamente al destinatario. Se ricevuto per errore, si prega di cancellarlo e avvisare il mittente.",
    "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Hebt u het ten onrechte ontvangen, verwijder het dan en breng de afzender op de hoogte.",
    "Please consider the environment before printing this email.",
    "This email has been checked for viruses by an antivirus program.\nwww.example.org",
    "Virus-free. www.example.org",
]


@pytest.mark.parametrize("notice", DISCLAIMERS)
def test_a_disclaimer_is_marked(notice: str) -> None:
    assert new_words(f"{OWN}\n\nAda\n\n{notice}\n") == f"{OWN}\n\nAda"


def test_given_stretches_are_taken_over() -> None:
    text = "Mine.\nTheirs.\nMine again."
    spans = mark_spans(text, [Span(kind=SpanKind.QUOTED, start=6, end=14)])
    assert [(span.kind.value, text[span.start : span.end]) for span in spans] == [
        ("own", "Mine.\n"),
        ("quoted", "Theirs.\n"),
        ("own", "Mine again."),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "\n", "a", "\n\na\n\n", "> q", "a\n> q\n\nb\n-- \nsig\n\n> x\n", " \n \n", "\u3000x\n\u00a0\n>y"],
)
def test_spans_tile_the_text(text: str) -> None:
    spans = mark_spans(text)
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert all(one.end == other.start for one, other in pairwise(spans))


@pytest.mark.parametrize(
    "unit",
    [
        "still ",
        "\n",
        ">",
        ">\n",
        "On ",
        "On \n",
        "wrote:\n",
        "a:\n",
        "x\nx\nx\nx\nwrote:\n",
        "[",
        "(",
        "-- \n",
        "--\nx\n",
        "From: a\n",
        "From: a\nTo: b\n",
        "_" * 30 + "\n",
        " ",
        " \n",
    ],
    ids=repr,
)
def test_a_megabyte_of_anything_is_marked_within_a_second_of_work(unit: str) -> None:
    text = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]
    before = time.process_time()
    spans = mark_spans(text)
    assert time.process_time() - before < 1.5
    assert spans[-1].end == len(text)
