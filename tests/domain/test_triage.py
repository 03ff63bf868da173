"""Verdict, severity and route of whole mails, by the rules that ship."""

from functools import cache

import pytest

from worker.adapters.rulefiles import load_rules
from worker.domain.rules.ruleset import RuleSet
from worker.domain.triage import judge
from worker.domain.verdict import Judgement, MachineKind, Route, Severity, Verdict


@cache
def shipped() -> RuleSet:
    return load_rules()


def judged(text: str, language: str | None = "en", *, subject: str = "", machine: MachineKind | None = None, held: bool = False) -> Judgement:  # fmt: skip
    return judge(subject=subject, text=text, language=language, machine=machine, rules=shipped(), held=held)


COMPLAINTS = [
    ("en", "It's been eleven days and my kettle still hasn't arrived."),
    ("en", "My contract said fibre by June. We are in November."),
    ("en", "What a treat to spend my birthday listening to your recorded music for fifty minutes."),
    ("en", "When I asked for a chair for my father she said this was not a hospital and went on typing."),
    ("en", "May I have the address of whoever deals with complaints? I hold the account ending 331."),
    ("es", "Es la tercera vez que escribo y nadie me contesta."),
    ("fr", "Mon colis n'est toujours pas arrivé et personne ne me répond."),
    ("de", "Ich warte seit drei Wochen auf meine Lieferung und niemand antwortet."),
    ("pt", "A encomenda ainda não chegou e ninguém responde."),
    ("it", "Il pacco non è ancora arrivato e nessuno risponde."),
    ("nl", "Mijn pakket is nog steeds niet aangekomen en niemand reageert."),
]

INNOCENT = [
    ("en", "Thank you! The broken mirror was replaced within a day. Wonderful service."),
    ("en", "I was furious with my old provider, which is why I joined you. How do I port my number?"),
    ("en", "Would I get a refund if the concert were cancelled?"),
    ("en", "I have no complaints whatsoever; five stars."),
    ("en", "I ordered the wrong size by mistake. What is the best way to exchange it?"),
    ("es", "¿Cómo puedo cambiar la dirección de mi pedido?"),
    ("fr", "Merci beaucoup pour votre gentillesse, je suis ravie."),
    ("de", "Haben Sie das Modell auch in Grün?"),
    ("pt", "Muito obrigada pela ajuda, fiquei muito satisfeita."),
    ("it", "Grazie mille per la gentilezza, sono molto contenta."),
    ("nl", "Bedankt voor de snelle hulp, ik ben heel tevreden."),
]


@pytest.mark.parametrize(("language", "text"), COMPLAINTS)
def test_these_are_complaints(language: str, text: str) -> None:
    found = judged(text, language)
    assert (found.verdict, found.route) == (Verdict.COMPLAINT, Route.DRAFT)


@pytest.mark.parametrize(("language", "text"), INNOCENT)
def test_these_are_not(language: str, text: str) -> None:
    found = judged(text, language)
    assert (found.verdict, found.route, found.severity) == (Verdict.NOT_COMPLAINT, Route.NONE, None)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I will come down there and break your driver's legs."),
        ("en", "The heater caught fire last night."),
        ("en", "There is no point in living any more."),
        ("en", "Thank you for everything. My son got an electric shock from the lamp."),
        ("es", "Sé dónde vive el repartidor."),
        ("fr", "Le chargeur a pris feu."),
        ("de", "Ich will so nicht mehr leben."),
        ("pt", "O carregador pegou fogo."),
        ("it", "Mia figlia si è bruciata la mano."),
        ("nl", "Ik weet waar uw bezorger woont."),
    ],
)
def test_danger_goes_to_a_named_person_whatever_the_verdict(language: str, text: str) -> None:
    assert judged(text, language).route is Route.SAFETY


@pytest.mark.parametrize(
    "text",
    [
        "My boss will kill me if it is late.",
        "This deal is on fire!",
        "Could the battery catch fire?",
        "I nearly died laughing at your advert.",
        "I would kill for that lamp.",
    ],
)
def test_idiom_and_worry_are_no_danger(text: str) -> None:
    assert judged(text).route is not Route.SAFETY


def test_machine_mail_is_never_a_complaint_and_gets_no_draft() -> None:
    found = judged("The parcel has not arrived.", machine=MachineKind.BOUNCE)
    assert (found.verdict, found.route, found.severity) == (Verdict.NOT_COMPLAINT, Route.NONE, None)


def test_machine_mail_with_strong_signs_goes_to_a_person() -> None:
    text = "I am disgusted, nobody replied, my order never arrived and I will go to the ombudsman."
    assert judged(text, machine=MachineKind.AUTO_REPLY).route is Route.PERSON
    assert judged("The charger caught fire.", machine=MachineKind.NOTIFICATION).route is Route.PERSON


@pytest.mark.parametrize("language", ["sv", None])
def test_a_language_no_rule_covers_is_unclassified_never_no(language: str | None) -> None:
    found = judged("Paketet har inte kommit.", language)
    assert (found.verdict, found.route) == (Verdict.UNCLASSIFIED, Route.PERSON)


def test_held_and_empty_mails_go_to_a_person() -> None:
    assert judged("How do I change my address?", held=True).route is Route.PERSON
    assert judged("  \n").route is Route.PERSON


def test_danger_comes_before_held() -> None:
    assert judged("The heater caught fire.", held=True).route is Route.SAFETY


def test_severity_follows_the_gravest_rule() -> None:
    assert judged("My solicitor has been informed; you never replied.").severity is Severity.HIGH
    assert (
        judged("You have charged me twice and taken my money. I am switching to another supplier.").severity
        is Severity.MEDIUM
    )
    assert judged("The lid does not close. I want a replacement.").severity is Severity.LOW


def test_evidence_points_at_the_words_in_the_mail() -> None:
    text = "It still hasn’t\narrived."
    (found,) = (one for one in judged(text).evidence if one.rule == "not-arrived")
    assert text[found.start : found.end] == found.text == "still hasn’t\narrived"


def test_a_sign_in_the_subject_counts_once() -> None:
    twice = judged("My order has not arrived.", subject="My order has not arrived.")
    assert twice.score == judged("My order has not arrived.").score
    assert {one.field for one in twice.evidence} == {"subject", "text"}


def test_a_heap_of_sharp_words_does_not_outweigh_that_somebody_else_is_meant() -> None:
    text = (
        "My landlord keeps ignoring me, six months without heating, it is a disgrace, appalling, I am furious. "
        "Not your doing at all! I only need a copy of my last statement."
    )
    told = judge(subject="", text=text, language="en", machine=None, rules=shipped())
    assert told.verdict is Verdict.NOT_COMPLAINT


def test_a_subject_taken_over_from_another_mail_says_nothing() -> None:
    told = judge(
        subject="Re: Where is my parcel?",
        text="It came, bless you.",
        language="en",
        machine=None,
        rules=shipped(),
    )
    assert told.verdict is Verdict.NOT_COMPLAINT


def test_danger_from_our_goods_is_a_complaint_and_danger_to_the_writer_is_not() -> None:
    hazard = judge(
        subject="", text="There is smoke from the plug.", language="en", machine=None, rules=shipped()
    )
    person = judge(
        subject="", text="I do not want to live any more.", language="en", machine=None, rules=shipped()
    )
    assert (hazard.route, hazard.verdict) == (Route.SAFETY, Verdict.COMPLAINT)
    assert (person.route, person.verdict) == (Route.SAFETY, Verdict.NOT_COMPLAINT)
