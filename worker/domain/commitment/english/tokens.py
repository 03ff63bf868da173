"""The words of a sentence and where they stand."""

import re
from typing import NamedTuple

TOKEN = re.compile(
    r"[£$€]?\d+(?:[.,:]\d+)*[^\W_]*|'(?:ll|re|m|ve|d|s)\b|[^\W_]+(?:-[^\W_]+)*(?:'t\b)?|[^\w\s]"
)


class Token(NamedTuple):
    word: str
    start: int
    end: int
