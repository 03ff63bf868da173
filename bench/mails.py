"""Generated support mail for benchmarks: the same mails for the same seed, shaped like a real inbox.

About 21 kB a mail on average: plain text, HTML alternatives, quoted replies, attachments, other scripts.
"""

import base64
import email.utils
import random
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

# What a mail is about, said once; the rest of it is what people write around it. One language a mail.
OPENERS = {
    "en": (
        "I ordered {thing} from you on {date} and it still has not arrived.",
        "Could you tell me whether {thing} comes in green?",
        "This is the third time I am writing about {thing}.",
        "Thank you, {thing} came this morning and works well.",
        "The {thing} you sent is broken and I would like my money back.",
        "Your colleague promised to call me on Tuesday about {thing}. Nobody called.",
        "Please change the delivery address for {thing} to the one below.",
        "I was charged twice for {thing}, order {number}.",
    ),
    "de": (
        "Ich habe {thing} am {date} bestellt und bis heute nichts bekommen.",
        "Gibt es {thing} auch in Grün?",
        "Vielen Dank, {thing} ist heute früh angekommen.",
    ),
    "fr": (
        "J'ai commandé {thing} le {date} et je n'ai toujours rien reçu.",
        "Est-ce que {thing} existe aussi en vert ?",
        "Merci, {thing} est arrivé ce matin.",
    ),
}
FILLERS = {
    "en": (
        "My neighbour has the same one and speaks well of it.",
        "I have the receipt here and can send a photograph if that helps.",
        "We are at home in the mornings until about eleven.",
        "It is meant as a present for my sister, who moves house next month.",
        "The order number is {number}, and I paid by card.",
        "I read about your shop in the paper and came by on a Saturday in October.",
        "The colour in the catalogue is the one I have in mind, not the one on the website.",
        "My husband says the café round the corner uses two of them every day.",
        "You can reach me at this address, or by telephone in the evening.",
        "I look forward to hearing from you.",
    ),
    "de": (
        "Die Rechnung liegt mir vor, und ein Foto kann ich gern schicken.",
        "Vormittags sind wir bis etwa elf Uhr zu Hause.",
        "Die Bestellnummer ist {number}, bezahlt habe ich mit Karte.",
        "Meine Nachbarin hat das gleiche Modell und ist sehr zufrieden damit.",
        "Ich freue mich auf Ihre Antwort.",
    ),
    "fr": (
        "J'ai la facture sous les yeux et je peux vous envoyer une photo.",
        "Nous sommes à la maison le matin jusqu'à onze heures environ.",
        "Le numéro de commande est {number}, et j'ai payé par carte.",
        "Ma voisine a le même modèle et en dit beaucoup de bien.",
        "Dans l'attente de votre réponse, je vous remercie.",
    ),
}
THINGS = (
    "the kettle",
    "the reading lamp",
    "the blue teapot",
    "the clothes airer",
    "the toaster",
    "the bread bin",
)
NAMES = ("Ada Lindqvist", "Jürgen Möller", "Priti Nair", "Tomás Ruiz", "花子 田中", "Chloé Dubois")
STYLE = "".join(
    f".p{n}{{font-family:Calibri,sans-serif;font-size:{9 + n}pt;margin:0 0 {n}pt 0}}" for n in range(24)
)


def generate(count: int, *, seed: int = 7) -> Iterator[bytes]:
    """`count` mails as CRLF bytes, the same for the same seed."""
    chance = random.Random(seed)
    earlier: list[tuple[str, tuple[str, ...]]] = []
    for number in range(count):
        yield _mail(chance, number, earlier)


def _mail(chance: random.Random, number: int, earlier: list[tuple[str, tuple[str, ...]]]) -> bytes:
    message = EmailMessage(policy=SMTP)
    _headers(message, chance, number)
    message_id = f"<{chance.getrandbits(72):x}.{number}@mail.example.org>"
    message["Message-ID"] = message_id
    thread: tuple[str, ...] = ()
    if earlier and chance.random() < 0.4:
        parent, before = chance.choice(earlier[-300:])
        thread = (*before[-8:], parent)
        message["In-Reply-To"], message["References"] = parent, " ".join(thread)
    earlier.append((message_id, thread))
    _body(message, chance, quoted=bool(thread))
    return message.as_bytes()


def _headers(message: EmailMessage, chance: random.Random, number: int) -> None:
    at = email.utils.formatdate(1_793_000_000 + number * 60)
    for hop in range(2):
        message["Received"] = (
            f"from mx{hop}.example.net by in.example.test with ESMTPS id {chance.getrandbits(48):X}; {at}"
        )
    signature = base64.b64encode(chance.randbytes(256)).decode()
    message["DKIM-Signature"] = (
        f"v=1; a=rsa-sha256; d=example.org; s=s1; h=from:to:subject:date; b={signature}"
    )
    message["From"] = email.utils.formataddr(
        (chance.choice(NAMES), f"customer{chance.randrange(2000)}@example.org")
    )
    message["To"] = "Support <support@example.test>"
    message["Subject"] = chance.choice(
        ("Order {}", "Re: your order {}", "Question about {}", "Where is {}?")
    ).format(chance.randrange(10**6))
    message["Date"] = at


def _body(message: EmailMessage, chance: random.Random, *, quoted: bool) -> None:
    size = int(min(36_000, max(900, chance.lognormvariate(8.2, 0.8))))
    text = _text(chance, size)
    if quoted:
        old = _text(chance, size // 2).replace("\n", "\n> ")
        text += f"\n\nOn Mon, 2 Nov 2026 at 09:12, Support <support@example.test> wrote:\n> {old}\n"
    if chance.random() < 0.35:
        message.set_content(text, cte=chance.choice(("quoted-printable", "8bit", "base64")))
    else:
        message.set_content(text[: size // 3])
        message.add_alternative(_html(text[: size // 3], chance), subtype="html")
    if chance.random() < 0.18:
        photograph = chance.randbytes(int(min(300_000, chance.lognormvariate(10.4, 0.7))))
        message.add_attachment(photograph, maintype="image", subtype="jpeg", filename="Foto März.jpg")


def _text(chance: random.Random, size: int) -> str:
    """One matter told at the beginning, and as much around it as `size` asks for."""
    language = chance.choices(("en", "de", "fr"), (90, 5, 5))[0]
    facts = {"thing": chance.choice(THINGS), "date": "3 November", "number": chance.randrange(10**6)}
    sentences = [chance.choice(OPENERS[language])]
    paragraphs: list[str] = []
    written = 0
    while written < size:
        sentences += [chance.choice(FILLERS[language]) for _ in range(chance.randint(2, 6))]
        paragraphs.append(" ".join(sentences).format(**facts))
        written += len(paragraphs[-1]) + 2
        sentences = []
    return "\n\n".join(paragraphs)


def _html(text: str, chance: random.Random) -> str:
    paragraphs = "".join(
        f'<p class="p{chance.randrange(24)}" style="margin:0 0 12px 0"><span lang="EN-GB">{one}</span></p>'
        for one in text.split("\n\n")
    )
    return f"<html><head><style>{STYLE}</style></head><body>{paragraphs}</body></html>"
