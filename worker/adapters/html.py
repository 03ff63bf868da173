"""Turns the HTML of a mail into the text a person would see, and marks the quotes and signatures its containers give away.

Own walk over selectolax's tree, because the usual converters stop at 256 nested levels (text below that would escape the
rules) and none keeps the containers by which mail programs mark what they quote. Hidden nodes are left out first:
what the reader does not see shall not be judged. Iterative, and linear in the size of the HTML.
"""

import re
from dataclasses import dataclass, field
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.adapters.charsets import clean_text
from worker.domain.mail import Span, SpanKind


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlText:
    """The text and, in order, the stretches that containers mark; what no span covers is unmarked."""

    text: str
    spans: tuple[Span, ...] = ()


def read_html(html: str) -> HtmlText:
    """The visible text of this HTML, LF line ends, blocks on lines of their own."""
    if _nests_too_deep(html):
        return HtmlText(text=_without_tags(html))
    body = LexborHTMLParser(html).body
    if body is None:
        return HtmlText(text="")
    writer = _Writer()
    _walk(body, writer)
    return writer.finished()


_SKIPPED = frozenset((
    "script", "style", "head", "title", "meta", "link", "noscript", "template", "svg", "math", "iframe", "object", "embed", "select", "option", "textarea", "button", "map", "audio", "video", "canvas", "input", "-comment", "-doctype"
))  # fmt: skip
_PARAGRAPHS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "table", "pre"
))  # fmt: skip
_BLOCKS = frozenset((
    "div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "li", "dt", "dd", "table", "tr", "pre", "section", "article", "header", "footer", "main", "aside", "nav", "address", "center", "form", "fieldset", "hr", "figure", "figcaption"
))  # fmt: skip
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|\Z)|max-height\s*:\s*0(?:px)?\s*(?:;|!|\Z)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|\Z)"
)
_QUOTE_CLASSES = frozenset((
    "gmail_quote", "gmail_quote_container", "gmail_extra_quote", "gmail_attr", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix",
    "tutanota_quote", "zmail_extra", "aolmail_quote", "ms-outlook-mobile-reference-message",
))  # fmt: skip
_QUOTE_IDS = (
    "mail-editor-reference-message-container",
    "yahoo_quoted",
    "isforwardcontent",
    "replybody",
    "zmailextra",
)
_QUOTE_NAMES = frozenset(("quote", "quoted-content"))
# Outlook on the web puts these before what it quotes, with no container round it: all that follows is the earlier mail.
_REST_IDS = ("divrplyfwdmsg", "appendonsend", "ms-outlook-mobile-body-separator-line", "orimsghtmlseperator")
_SIGNATURE_CLASSES = frozenset((
    "gmail_signature", "gmail_signature_prefix", "moz-signature", "protonmail_signature_block", "aolmail_signature",
))  # fmt: skip
_SIGNATURE_IDS = (
    "signature", "ms-outlook-mobile-signature", "applemailsignature", "applelinksignature", "ymail_android_signature", "composer_signature",
)  # fmt: skip
_FORWARD_CLASSES = frozenset(("moz-forward-container",))
_INDENT = re.compile(r"margin:\s*0(?:px)?\s+0(?:px)?\s+0(?:px)?\s+40px")

# The standard's parser looks up the whole stack of open elements at every block: nesting is what costs it, quadratically.
TAGS_TRUSTED = 5_000  # below it no nesting can hurt
NESTING_CAP = 3_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_DEEP = frozenset(
    (
        "br",
        "img",
        "hr",
        "meta",
        "link",
        "input",
        "p",
        "li",
        "td",
        "tr",
        "th",
        "tbody",
        "dd",
        "dt",
        "option",
        "col",
        "area",
        "base",
        "wbr",
    )
)
_ANY_TAG = re.compile(r"<(/?[a-zA-Z!][^<>]*)>?")


def _nests_too_deep(html: str) -> bool:
    if html.count("<") < TAGS_TRUSTED:
        return False
    depth = 0
    for closing, tag in _TAG.findall(html):
        if tag.lower() not in _NEVER_DEEP:
            depth += -1 if closing and depth else 1
            if depth > NESTING_CAP:
                return True
    return False


def _without_tags(html: str) -> str:
    """The bare words, for HTML that no mail program wrote."""
    pieces = _ANY_TAG.sub(
        lambda tag: "\n" if tag[1].strip("/").split(" ", 1)[0].lower() in _BLOCKS else " ", html
    )
    lines = (" ".join(line.split()) for line in clean_text(unescape(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)


def _walk(body: LexborNode, writer: "_Writer") -> None:
    node: LexborNode | None = body
    open_nodes: list[tuple[LexborNode, str, bool]] = []
    while node is not None:
        tag = node.tag or ""
        child: LexborNode | None = None
        if tag == "-text":
            writer.words(node.text_content or "")
        elif tag == "br":
            writer.line_end()
        elif tag == "img":
            _picture(node, writer)
        elif tag not in _SKIPPED and tag:
            attributes = node.attributes
            if not (attributes and _is_hidden(attributes)):
                marked = writer.open(tag, attributes)
                child = node.first_child
                if child is not None:
                    open_nodes.append((node, tag, marked))
                else:
                    writer.close(tag, marked=marked)
        if child is not None:
            node = child
            continue
        after = node.next if node.mem_id != body.mem_id else None
        while after is None and open_nodes:
            parent, tag, marked = open_nodes.pop()
            writer.close(tag, marked=marked)
            after = parent.next if open_nodes else None
        node = after


def _picture(node: LexborNode, writer: "_Writer") -> None:
    alt = (node.attributes.get("alt") or "").strip()
    if alt and len(alt) <= 8 and not alt.isascii():  # an emoji shown as a picture
        writer.words(alt)


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return style is not None and _HIDDEN.search(style.lower()) is not None


@dataclass(slots=True)
class _Writer:
    """Collects the text line by line and the marked stretches with it."""

    lines: list[str] = field(default_factory=list)
    kinds: list[SpanKind | None] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    stack: list[SpanKind] = field(default_factory=list)
    pre: int = 0
    rest: SpanKind | None = None  # from here on, to the end

    @property
    def kind(self) -> SpanKind | None:
        if self.rest is not None:
            return self.rest
        return self.stack[-1] if self.stack else None

    def words(self, text: str) -> None:
        if self.pre:
            first, *others = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self.current.append(first)
            for other in others:
                self.line_end()
                self.current.append(other)
            return
        self.current.append(text)

    def line_end(self) -> None:
        line = "".join(self.current)
        self.current.clear()
        line = line.replace("\u00a0", " ") if self.pre else " ".join(line.split())
        self.lines.append(
            line if line.isascii() and line.isprintable() else clean_text(line)
        )  # &#1; and &shy; too
        self.kinds.append(self.kind)

    def end_block(self, *, paragraph: bool) -> None:
        if any(not piece.isspace() for piece in self.current if piece):
            self.line_end()
        else:
            self.current.clear()
        if paragraph and self.lines and self.lines[-1]:
            self.lines.append("")
            self.kinds.append(self.kind)

    def open(self, tag: str, attributes: dict[str, str | None]) -> bool:
        if tag in ("td", "th"):
            if any(not piece.isspace() for piece in self.current if piece):
                self.current.append(" ")
        elif tag in _BLOCKS:
            self.end_block(paragraph=tag in _PARAGRAPHS)
        if tag == "pre":
            self.pre += 1
        elif tag == "li":
            self.current.append("- ")
        kind = self._marks(tag, attributes)
        if kind is None:
            return False
        if tag not in _BLOCKS:
            self.end_block(paragraph=False)
        self.stack.append(self.stack[-1] if self.stack and self.stack[-1] is not SpanKind.SIGNATURE else kind)
        return True

    def close(self, tag: str, *, marked: bool) -> None:
        if tag in _BLOCKS or marked:
            self.end_block(paragraph=tag in _PARAGRAPHS)
        if tag == "pre":
            self.pre -= 1
        if marked:
            self.stack.pop()

    def _marks(self, tag: str, attributes: dict[str, str | None]) -> SpanKind | None:
        if not attributes:
            return SpanKind.QUOTED if tag == "blockquote" else None
        classes = (attributes.get("class") or "").lower().split()
        ident = (attributes.get("id") or "").lower()
        if ident and ident.endswith(_REST_IDS):
            self.rest = SpanKind.QUOTED
        if not _FORWARD_CLASSES.isdisjoint(classes):
            return SpanKind.FORWARDED
        if (
            not _QUOTE_CLASSES.isdisjoint(classes)
            or ident.endswith(_QUOTE_IDS)
            or attributes.get("name") in _QUOTE_NAMES
        ):
            return SpanKind.QUOTED
        if not _SIGNATURE_CLASSES.isdisjoint(classes) or ident.endswith(_SIGNATURE_IDS):
            return SpanKind.SIGNATURE
        if tag == "blockquote" and not (
            attributes.get("type") != "cite" and _INDENT.search(attributes.get("style") or "")
        ):
            return SpanKind.QUOTED
        return None

    def finished(self) -> HtmlText:
        self.end_block(paragraph=False)
        text_lines: list[str] = []
        kinds: list[SpanKind | None] = []
        for line, kind in zip(self.lines, self.kinds, strict=True):
            if not line.strip() and (not text_lines or not text_lines[-1].strip()):
                continue  # one empty line is enough between paragraphs
            text_lines.append(line)
            kinds.append(kind)
        return HtmlText(text="\n".join(text_lines).rstrip("\n"), spans=_spans(text_lines, kinds))


def _spans(lines: list[str], kinds: list[SpanKind | None]) -> tuple[Span, ...]:
    spans: list[Span] = []
    at = start = 0
    kind: SpanKind | None = None
    for line, line_kind in zip(lines, kinds, strict=True):
        if line and line_kind is not kind:
            if kind is not None:
                spans.append(Span(kind=kind, start=start, end=at))
            start, kind = at, line_kind
        at += len(line) + 1
    if kind is not None:
        spans.append(Span(kind=kind, start=start, end=at))
    return tuple(spans)
