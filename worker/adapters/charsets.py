"""Makes text of a mail's bytes: as declared where that is true, as what it evidently is where not.

Declared charsets are often absent, unknown or wrong. So: the declared one if it fits, else UTF-8, and a byte that is no
UTF-8 is read as Windows-1252, byte by byte, so that one stray byte does not garble a whole letter.
"""

import codecs
import re

_ALIASES = {
    "us-ascii": "utf-8", "ascii": "utf-8", "ansi_x3.4-1968": "utf-8", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "windows-1252": "cp1252",
    "x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "windows-31j": "cp932",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-9": "cp1254",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-2022-jp": "iso2022_jp_ext", "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6", "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "tis-620": "cp874", "windows-874": "cp874",
}  # fmt: skip
_UNCHARTED = frozenset(
    ("punycode", "idna", "undefined", "unicode_escape", "raw-unicode-escape", "palmos", "mbcs", "oem")
)
_JAPANESE = (b"\x1b$B", b"\x1b$@", b"\x1b(J")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error("amends.cp1252", _as_cp1252)


def decode_bytes(octets: bytes, charset: str | None) -> str:
    """Text of these bytes: as declared, or else UTF-8, with what is no UTF-8 read as Windows-1252."""
    if (
        octets.isascii()
        and b"\x1b" not in octets
        and (charset is None or not charset.startswith(("utf-7", "hz", "utf-16", "utf-32")))
    ):
        return octets.decode("ascii")
    if any(mark in octets for mark in _JAPANESE) and (charset in (None, "iso-2022-jp", "us-ascii", "utf-8")):
        return octets.decode("iso2022_jp_ext", "replace")
    codec = _codec(charset)
    if (
        codec is not None
        and codec != "utf-8"
        and not (codec.startswith(("utf-16", "utf-32")) and b"\0" not in octets)
    ):
        try:
            return octets.decode(codec)
        except (UnicodeError, ValueError):
            pass
        if codec == "cp1252":
            return octets.decode("latin-1") if b"\x81" in octets else octets.decode("utf-8", "amends.cp1252")
    return octets.decode("utf-8", "amends.cp1252")


def _codec(charset: str | None) -> str | None:
    if charset is None:
        return None
    known = _ALIASES.get(charset)
    if known is not None:
        return known
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError, TypeError):
        return None
    return None if name in _UNCHARTED else name


INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def clean_text(text: str) -> str:
    """LF line ends, no control, direction or invisible characters; otherwise the writer's text."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\f" in text or "\u2028" in text:
        text = text.replace("\f", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNSEEN.sub("", text) if _UNSEEN.search(text) else text
