"""Our own mark on a letter, so that an answer finds its case: signed, short, readable on the telephone.

A reference such as `AM-42-K7Q2XW9BMD` names the case and carries ten letters of an HMAC-SHA256 under the
workspace's key. It stands in a line of the letter and in its Message-ID. A valid one proves that the
writer has seen a letter of ours, and nothing more: it makes no stranger a participant.
"""

import base64
import hashlib
import hmac
import re

PREFIX = "AM"
SIGNED = 10  # base32 letters: 50 bits

_MARK = re.compile(
    rf"(?<![A-Za-z0-9]){PREFIX}-(\d{{1,12}})-([A-Z2-7]{{{SIGNED}}})(?![A-Za-z0-9])", re.IGNORECASE
)


def make_reference(key: bytes, case_id: int) -> str:
    """The reference of a case, the same in every letter of it."""
    return f"{PREFIX}-{case_id}-{_signature(key, case_id)}"


def referenced_case(key: bytes, text: str) -> int | None:
    """The case that the first valid reference in `text` names; forged ones are passed over."""
    for number, signature in _MARK.findall(text):
        if hmac.compare_digest(signature.upper(), _signature(key, int(number))):
            return int(number)
    return None


def make_message_id(reference: str, nonce: str, domain: str) -> str:
    """A Message-ID that carries the reference and is the letter's own."""
    return f"<{reference.lower()}.{nonce}@{domain}>"


def _signature(key: bytes, case_id: int) -> str:
    digest = hmac.new(key, f"case:{case_id}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:SIGNED]
