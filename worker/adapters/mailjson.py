"""Writes a mail read in a child process as JSON and makes the same mail of it again."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from worker.domain.mail import Address, Attachment, InboundMail, Span, SpanKind


def mail_to_json(mail: InboundMail) -> dict[str, Any]:
    plain = asdict(mail)
    plain["sent_at"] = mail.sent_at.isoformat() if mail.sent_at else None
    plain["enclosed"] = [mail_to_json(inner) for inner in mail.enclosed]
    return plain


def mail_from_json(plain: dict[str, Any]) -> InboundMail:
    made = dict(plain)
    for name in ("reply_to", "to", "cc"):
        made[name] = tuple(Address(**one) for one in plain[name])
    made["sender"] = Address(**plain["sender"]) if plain["sender"] else None
    made["sent_at"] = datetime.fromisoformat(plain["sent_at"]) if plain["sent_at"] else None
    made["headers"] = {name: tuple(values) for name, values in plain["headers"].items()}
    made["spans"] = tuple(
        Span(kind=SpanKind(one["kind"]), start=one["start"], end=one["end"]) for one in plain["spans"]
    )
    made["attachments"] = tuple(Attachment(**one) for one in plain["attachments"])
    made["enclosed"] = tuple(mail_from_json(inner) for inner in plain["enclosed"])
    for name in ("in_reply_to", "references", "report_blocks"):
        made[name] = tuple(plain[name])
    return InboundMail(**made)
