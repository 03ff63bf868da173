"""Spanish, French and German letters, their language told from the text."""

from datetime import UTC, datetime

import pytest

from worker.domain.calendar import BusinessCalendar
from worker.domain.commitment import find_promises

SENT = datetime(2026, 11, 19, 10, 30, tzinfo=UTC)  # a Thursday
LONDON = BusinessCalendar(country="GB", subdivision="ENG")

PROMISED: list[tuple[str, list[tuple[str, str]]]] = [
    ("Le llamaré el martes.", [("firm", "2026-11-24 17:00")]),
    ("Le reembolsaremos los 20 euros en un plazo de 3 días hábiles.", [("firm", "2026-11-24 17:00")]),
    ("Mañana por la mañana le escribiré con la respuesta.", [("firm", "2026-11-20 12:00")]),
    ("Nuestro técnico le visitará el viernes entre las 10 y las 12.", [("firm", "2026-11-20 12:00")]),
    ("Recibirá el paquete antes del jueves.", [("firm", "2026-11-25 17:00")]),
    ("Esperamos tener una respuesta el lunes.", [("hedged", "2026-11-23 17:00")]),
    ("Le llamo mañana.", [("firm", "2026-11-20 17:00")]),
    ("Voy a hablar con el taller y le diré algo en breve.", [("vague", "")]),
    ("Je vous rappellerai mardi.", [("firm", "2026-11-24 17:00")]),
    ("Nous vous rembourserons sous 3 jours ouvrés.", [("firm", "2026-11-24 17:00")]),
    ("Vous recevrez votre colis avant jeudi.", [("firm", "2026-11-25 17:00")]),
    ("Notre technicien passera vendredi entre 10 h et 12 h.", [("firm", "2026-11-20 12:00")]),
    ("Je reviens vers vous demain matin.", [("firm", "2026-11-20 12:00")]),
    ("Nous espérons vous envoyer la pièce d'ici la fin de la semaine.", [("hedged", "2026-11-20 17:00")]),
    ("Votre remboursement sera effectué au plus tard le 24 novembre.", [("firm", "2026-11-24 17:00")]),
    ("Nous vous tiendrons informée dès que possible.", [("vague", "")]),
    ("Ich rufe Sie am Dienstag an.", [("firm", "2026-11-24 17:00")]),
    ("Wir werden Ihnen den Betrag innerhalb von 3 Werktagen erstatten.", [("firm", "2026-11-24 17:00")]),
    ("Morgen früh melde ich mich bei Ihnen.", [("firm", "2026-11-20 12:00")]),
    ("Unser Techniker kommt am Freitag zwischen 10 und 12 Uhr zu Ihnen.", [("firm", "2026-11-20 12:00")]),
    ("Ihr Paket wird bis Donnerstag bei Ihnen sein.", [("firm", "2026-11-26 17:00")]),
    ("Sie erhalten das Geld bis Ende der Woche.", [("firm", "2026-11-20 17:00")]),
    ("Wir hoffen, Ihnen bis Montag eine Antwort geben zu können.", [("hedged", "2026-11-23 17:00")]),
    ("Wir melden uns in Kürze bei Ihnen.", [("vague", "")]),
    ("Meine Kollegin Bea wird Sie morgen Vormittag anrufen.", [("firm", "2026-11-20 12:00")]),
    ("Die Erstattung sollte bis Freitag bei Ihnen sein.", [("hedged", "2026-11-20 17:00")]),
]  # fmt: skip

NOT_PROMISED = [
    "Si nos envía la foto, le reembolsaremos mañana.",
    "¿Quiere que le llamemos el martes?",
    "Su banco tardará unos días.",
    "Le hemos reembolsado los 20 euros.",
    "No podremos enviarlo antes del viernes.",
    "Si vous nous envoyez la photo, nous vous rembourserons demain.",
    "Votre banque vous créditera vendredi.",
    "Nous vous avons remboursé hier.",
    "Nous ne pourrons pas livrer avant vendredi.",
    "Voulez-vous que je vous rappelle mardi ?",
    "Wenn Sie uns ein Foto schicken, erstatten wir Ihnen das Geld morgen.",
    "Ihre Bank wird den Betrag am Freitag gutschreiben.",
    "Wir haben Ihnen das Geld gestern erstattet.",
    "Soll ich Sie am Dienstag anrufen?",
    "Wir können bis Freitag nicht liefern.",
]  # fmt: skip


def told(text: str) -> list[tuple[str, str]]:
    """Strength and due time of each promise found; the time is local, or "unsure", or empty."""
    found = find_promises(text, sent_at=SENT, calendar=LONDON)
    return [
        (str(p.strength), f"{p.due_at:%Y-%m-%d %H:%M}" if p.due_at else "unsure" if p.unsure else "")
        for p in found
    ]


@pytest.mark.parametrize(("text", "expected"), PROMISED)
def test_what_we_commit_to_is_found_with_its_due_time(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize("text", NOT_PROMISED)
def test_what_commits_us_to_nothing_is_left_alone(text: str) -> None:
    assert told(text) == []
