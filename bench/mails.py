"""Generated support mail for benchmarks: the same mails for the same seed, shaped like a real inbox.

About 21 kB a mail on average: plain text, HTML alternatives, quoted replies, attachments, other scripts.
"""

import base64
import email.utils
import random
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

OPENERS = (
    "I ordered {thing} from you on {date} and it still has not arrived.",
    "Could you tell me whether {thing} comes in green?",
    "This is the third time I am writing about {thing}.",
    "Thank you, {thing} came this morning and works well.",
    "The {thing} you sent is broken and I would like my money back.",
    "Your colleague promised to call me on Tuesday about {thing}. Nobody called.",
    "Please change the delivery address for {thing} to the one below.",
    "I was charged twice for {thing}, order {number}.",
)
FILLERS = (
    "The box had been opened when it came, and the paper inside was wet.",
    "My neighbour has the same one and speaks well of it.",
    "I have the receipt here and can send a photograph if that helps.",
    "We are at home in the mornings until about eleven.",
    "It was meant as a present for my sister, who moves house next month.",
    "The order number is {number}, and I paid by card.",
    "Die Größe stimmt, nur die Farbe ist eine andere als im Katalog.",
    "La pièce manquante coûte 12 € dans votre boutique.",
    "Your website shows it as delivered, which it is not.",
    "I look forward to hearing from you.",
)
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
    paragraphs, written = [], 0
    while written < size:
        sentences = [chance.choice(OPENERS), *(chance.choice(FILLERS) for _ in range(chance.randint(2, 6)))]
        facts = {"thing": chance.choice(THINGS), "date": "3 November", "number": chance.randrange(10**6)}
        paragraph = " ".join(sentence.format(**facts) for sentence in sentences)
        paragraphs.append(paragraph)
        written += len(paragraph) + 2
    return "\n\n".join(paragraphs)


def _html(text: str, chance: random.Random) -> str:
    paragraphs = "".join(
        f'<p class="p{chance.randrange(24)}" style="margin:0 0 12px 0"><span lang="EN-GB">{one}</span></p>'
        for one in text.split("\n\n")
    )
    return f"<html><head><style>{STYLE}</style></head><body>{paragraphs}</body></html>"
