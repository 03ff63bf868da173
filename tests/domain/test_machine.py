"""Which mail no person wrote, and what a bounce says."""

from collections.abc import Mapping

import pytest

from worker.domain.machine import machine_kind, read_bounce
from worker.domain.mail import Address, InboundMail
from worker.domain.text import mark_spans
from worker.domain.verdict import MachineKind


def mail_of(
    *,
    sender: str = "ada@example.org",
    name: str = "",
    subject: str = "Kettle",
    text: str = "My kettle has not come.",
    headers: Mapping[str, str] | None = None,
    reply_to: str = "",
    report_type: str | None = None,
    blocks: tuple[Mapping[str, str], ...] = (),
    enclosed: tuple[InboundMail, ...] = (),
) -> InboundMail:
    merged: dict[str, str] = {}
    for block in blocks:
        for key, value in block.items():
            merged.setdefault(key, value)
    return InboundMail(
        message_id="<1@example.org>",
        sender=Address(address=sender, name=name) if sender else None,
        reply_to=(Address(address=reply_to),) if reply_to else (),
        to=(Address(address="support@example.test"),),
        subject=subject,
        text=text,
        spans=mark_spans(text, subject=subject),
        headers={key.lower(): (value,) for key, value in (headers or {}).items()},
        report_type=report_type,
        report=merged,
        report_blocks=blocks,
        enclosed=enclosed,
    )


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Auto-Submitted": "auto-replied"}, MachineKind.AUTO_REPLY),
        ({"Auto-Submitted": "auto-replied (vacation)"}, MachineKind.AUTO_REPLY),
        ({"Auto-Submitted": "auto-generated"}, MachineKind.NOTIFICATION),
        ({"X-Autoreply": "yes"}, MachineKind.AUTO_REPLY),
        ({"X-Autorespond": "Re: your mail"}, MachineKind.AUTO_REPLY),
        ({"Precedence": "auto_reply"}, MachineKind.AUTO_REPLY),
        ({"Precedence": "bulk"}, MachineKind.LIST),
        ({"List-Id": "<news.example.org>"}, MachineKind.LIST),
        ({"List-Unsubscribe": "<https://example.org/u>"}, MachineKind.LIST),
        ({"X-Failed-Recipients": "dan@example.org"}, MachineKind.BOUNCE),
        ({"Return-Path": "<>"}, MachineKind.NOTIFICATION),
        ({"X-GitHub-Reason": "mention"}, MachineKind.NOTIFICATION),
    ],
    ids=str,
)
def test_headers_give_a_machine_away(headers: dict[str, str], kind: MachineKind) -> None:
    assert machine_kind(mail_of(headers=headers)) is kind


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Auto-Submitted": "no"},
        {"X-Auto-Response-Suppress": "All"},
        {"X-Autoreply": "no"},
        {"Precedence": "normal"},
        {"Return-Path": "<ada@example.org>"},
        {"X-MS-Exchange-Inbox-Rules-Loop": "support@example.test"},
    ],
    ids=str,
)
def test_headers_that_persons_send_too(headers: dict[str, str]) -> None:
    assert machine_kind(mail_of(headers=headers)) is None


AUTO_SUBJECTS = [
    "Automatic reply: Kettle", "Out of office: Kettle", "Out of Office", "Out of the office until 3 May", "AUTO: Bea is out of the office (returning 3 May)", "Autoreply: Kettle", "Auto-Reply: Kettle",
    "Automatische Antwort: Kessel", "Abwesenheitsnotiz: Kessel", "Réponse automatique : Bouilloire", "Absence du bureau : Bouilloire", "Message d'absence",
    "Respuesta automática: Tetera", "Fuera de la oficina: Tetera", "Resposta automática: Chaleira", "Fora do escritório", "Risposta automatica: Bollitore", "Fuori ufficio",
    "Automatisch antwoord: Ketel", "Afwezig: Ketel", "Afwezigheidsbericht",
]  # fmt: skip


@pytest.mark.parametrize("subject", AUTO_SUBJECTS)
def test_the_subject_of_an_automatic_reply_is_known_in_seven_languages(subject: str) -> None:
    assert machine_kind(mail_of(subject=subject)) is MachineKind.AUTO_REPLY


@pytest.mark.parametrize("subject", AUTO_SUBJECTS)
def test_an_answer_to_an_automatic_reply_is_a_persons(subject: str) -> None:
    assert machine_kind(mail_of(subject=f"Re: {subject}")) is None
    assert machine_kind(mail_of(subject=f"Fwd: {subject}")) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Delivery failure", "You failed to deliver my kettle on Monday."),
        ("Undelivered parcel", "My parcel came back undelivered."),
        ("Returned mail order", "I returned the mail order kettle."),
        ("Automatic reply from your team is useless", "I got three of them."),
        ("Out of office hours calls", "Nobody answers."),
        ("Read: your terms", "I read your terms and they say ten days."),
        ("Your ticket has been closed", "You closed my ticket and nothing is solved."),
        ("Fwd: Undelivered Mail Returned to Sender", "What does this mean?\n\n550 5.1.1 user unknown"),
        ("Message not answered", "Still waiting."),
        ("Failed delivery", "The courier failed to deliver, status 5.1.1 on the label?"),
        ("Ausente", "El repartidor dice que estaba ausente. No es verdad."),
        ("Absence de réponse", "Toujours rien."),
        ("On holiday without luggage", "Where is it?"),
        ("Assenza di risposte", "Nessuno risponde."),
        ("Ferien verdorben", "Danke für nichts."),
        ("Im Urlaub ohne Heizung", "Die Heizung ging nicht."),
        ("On vacation: no heating in the cottage", "It was cold."),
        ("Warning: message to all customers", "Your kettle is dangerous."),
        (
            "Undeliverable: what now?",
            "I got this from you: 550 5.1.1 user unknown. The following address failed: bea@example.test.",
        ),
        (
            "Ticket 123 closed",
            "Please do not reply to this message is what your mails say. How am I to complain?",
        ),
        ("Delivered: wrong item", "Your message said it was read, but the item is wrong."),
        ("Urlaub ruiniert", "Ich bin im Urlaub und die Heizung ist aus. Bis zum Abend keine Hilfe."),
        ("Absence of any reply", "I am on holiday until Friday and nobody rings."),
        ("Ausencia de respuesta", "Estoy de vacaciones hasta el viernes y nadie contesta."),
    ],
)
def test_a_person_is_never_taken_for_a_machine(subject: str, text: str) -> None:
    assert machine_kind(mail_of(subject=subject, text=text)) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("On holiday", "I am on annual leave until 3 May. For urgent matters write to Cal."),
        ("Abwesend", "Ich bin bis zum 3. Mai im Urlaub."),
        ("Absence", "Bonjour, je suis absent jusqu'au 3 mai."),
        ("Ausente", "Estoy de vacaciones hasta el 3 de mayo."),
        ("Ausência", "Estou de férias até 3 de maio."),
        ("Assente", "Sono in ferie fino al 3 maggio."),
        ("Afwezig", "Ik ben op vakantie tot 3 mei."),
        ("Estoy fuera de la oficina", "Estoy fuera de la oficina hasta el lunes."),
        ("Congés", "Je suis en congé jusqu'au 3 mai."),
        ("Auto: Kettle", "I am out of the office until 3 May."),
    ],
)
def test_an_absence_in_subject_and_text_is_an_automatic_reply(subject: str, text: str) -> None:
    assert machine_kind(mail_of(subject=subject, text=text)) is MachineKind.AUTO_REPLY


def test_an_acknowledgement_from_a_role_address_is_a_notification() -> None:
    text = "Thank you for contacting us. We have received your request and will get back to you."
    assert (
        machine_kind(mail_of(sender="support@example.org", subject="Re: Kettle", text=text))
        is MachineKind.NOTIFICATION
    )
    complaint = "Thank you for your email. The kettle is still broken."
    assert machine_kind(mail_of(sender="info@example.org", subject="Re: Kettle", text=complaint)) is None


def test_a_web_form_from_a_no_reply_address_is_a_person() -> None:
    text = "Name: Ada Lang\nEmail: ada@example.org\nMessage: My kettle has not come."
    assert machine_kind(mail_of(sender="no-reply@example.test", text=text)) is None
    assert machine_kind(mail_of(sender="no-reply@example.test", reply_to="ada@example.org")) is None


def test_a_no_reply_address_without_a_customer_is_a_notification() -> None:
    assert (
        machine_kind(
            mail_of(sender="no-reply@example.org", subject="Your invoice", text="Your invoice is ready.")
        )
        is MachineKind.NOTIFICATION
    )


def test_a_ticket_systems_receipt_is_a_notification() -> None:
    text = "This is an automated message. We have received your request."
    assert (
        machine_kind(mail_of(sender="help@example.org", subject="[Request received] Kettle", text=text))
        is MachineKind.NOTIFICATION
    )


def test_our_own_mail_come_back_is_ours_but_our_forward_is_not() -> None:
    ours = frozenset({"support@example.test"})
    assert machine_kind(mail_of(sender="support@example.test"), ours) is MachineKind.OWN
    text = "See below\n\n---------- Forwarded message ---------\nFrom: Ada <ada@example.org>\nSubject: Kettle\n\nMy kettle has not come."
    assert (
        machine_kind(mail_of(sender="support@example.test", text=text, subject="Fwd: Kettle"), ours) is None
    )


def test_a_group_address_of_ours_is_no_list() -> None:
    headers = {
        "List-Id": "<support.example.test>",
        "Precedence": "list",
        "List-Post": "<mailto:support@example.test>",
    }
    assert machine_kind(mail_of(headers=headers), frozenset({"support@example.test"})) is None
    assert machine_kind(mail_of(headers=headers)) is MachineKind.LIST


def test_reports_say_what_they_are() -> None:
    failed = (
        {"reporting-mta": "dns; mx.example.test"},
        {"final-recipient": "rfc822; dan@example.org", "action": "failed", "status": "5.1.1"},
    )
    assert machine_kind(mail_of(report_type="delivery-status", blocks=failed)) is MachineKind.BOUNCE
    delivered = ({"final-recipient": "rfc822; dan@example.org", "action": "delivered"},)
    assert machine_kind(mail_of(report_type="delivery-status", blocks=delivered)) is MachineKind.RECEIPT
    assert (
        machine_kind(
            mail_of(
                report_type="disposition-notification",
                blocks=({"disposition": "manual-action/MDN-sent-manually; displayed"},),
            )
        )
        is MachineKind.RECEIPT
    )
    assert (
        machine_kind(mail_of(report_type="feedback-report", blocks=({"feedback-type": "abuse"},)))
        is MachineKind.FEEDBACK_REPORT
    )


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Read: Kettle", "Your message\n\n   To: Ada\n   Subject: Kettle\n\nwas read on 3 May."),
        ("Gelesen: Kessel", "Ihre Nachricht\n\nAn: Ada\nBetreff: Kessel\n\nwurde am 3. Mai gelesen."),
        ("Lu : Bouilloire", "Votre message à Ada a été lu le 3 mai."),
        ("Leído: Tetera", "Su mensaje para Ada se ha leído el 3 de mayo."),
    ],
)
def test_read_receipts_without_a_report_are_receipts(subject: str, text: str) -> None:
    assert machine_kind(mail_of(subject=subject, text=text)) is MachineKind.RECEIPT


def test_a_standard_bounce_names_recipient_reason_and_our_letter() -> None:
    blocks = (
        {"reporting-mta": "dns; mx.example.test"},
        {
            "final-recipient": "rfc822; Dan@Example.org",
            "action": "failed",
            "status": "5.1.1",
            "diagnostic-code": "smtp; 550 5.1.1 <dan@example.org>: user unknown",
        },
    )
    letter = InboundMail(message_id="<ours@example.test>", sender=None, references=("<a@example.org>",))
    bounce = read_bounce(
        mail_of(
            sender="mailer-daemon@example.test",
            report_type="delivery-status",
            blocks=blocks,
            enclosed=(letter,),
        )
    )
    assert bounce is not None
    assert bounce.recipients == ("dan@example.org",)
    assert (bounce.status, bounce.final) == ("5.1.1", True)
    assert bounce.reason == "550 5.1.1 <dan@example.org>: user unknown"
    assert (bounce.original_message_id, bounce.original_references) == (
        "<ours@example.test>",
        ("<a@example.org>",),
    )


def test_a_delayed_letter_is_not_lost() -> None:
    blocks = ({"final-recipient": "rfc822; dan@example.org", "action": "delayed", "status": "4.4.1"},)
    bounce = read_bounce(
        mail_of(sender="mailer-daemon@example.test", report_type="delivery-status", blocks=blocks)
    )
    assert bounce is not None
    assert not bounce.final


PLAIN_BOUNCES = [
    (
        "failure notice",
        """\
Hi. This is the qmail-send program at mx.example.test.
I'm afraid I wasn't able to deliver your message to the following addresses.

<dan@example.org>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 User unknown

--- Below this line is a copy of the message.

Return-Path: <support@example.test>
Message-ID: <ours@example.test>
To: dan@example.org
""",
    ),
    (
        "Mail delivery failed: returning message to sender",
        """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. The following address(es) failed:

  dan@example.org
    550 5.1.1 unknown user

------ This is a copy of the message, including all the headers. ------

Message-ID: <ours@example.test>
""",
    ),
    (
        "Undeliverable: Kettle",
        """\
Delivery has failed to these recipients or groups:

dan@example.org
The e-mail address could not be found. 550 5.1.1 RESOLVER.ADR.RecipNotFound

Original message headers:

Received: from x
Message-ID: <ours@example.test>
""",
    ),
]


@pytest.mark.parametrize(("subject", "text"), PLAIN_BOUNCES)
@pytest.mark.parametrize("sender", ["mailer-daemon@example.org", "postmaster@example.org", ""])
def test_bounces_of_no_standard_are_read_too(subject: str, text: str, sender: str) -> None:
    bounce = read_bounce(mail_of(sender=sender, subject=subject, text=text))
    assert bounce is not None
    assert bounce.recipients == ("dan@example.org",)
    assert bounce.status == "5.1.1"
    assert bounce.final
    assert bounce.original_message_id == "<ours@example.test>"
    assert "\n" not in bounce.reason
    assert "5.1.1" in bounce.reason or "550" in bounce.reason


def test_a_warning_that_will_be_retried_is_a_delay() -> None:
    text = "THIS IS A WARNING MESSAGE ONLY.\nYOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\n  dan@example.org\n    451 4.4.1 timed out\nDelivery will be retried."
    bounce = read_bounce(
        mail_of(
            sender="mailer-daemon@example.org", subject="Warning: message 1abc delayed 24 hours", text=text
        )
    )
    assert bounce is not None
    assert not bounce.final
    assert bounce.recipients == ("dan@example.org",)


def test_a_persons_mail_is_no_bounce() -> None:
    assert read_bounce(mail_of()) is None
