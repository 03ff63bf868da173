"""Turns the HTML of a mail into the text a person would see, and marks the quotes and signatures its containers give away.

Own walk over selectolax's tree, because the usual converters stop at 256 nested levels (text below that would escape the
rules) and none keeps the containers by which mail programs mark what they quote. Hidden nodes are left out first:
what the reader does not see shall not be judged. Iterative, and linear in the size of the HTML.
"""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.domain.mail import Span, SpanKind


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlText:
    """The text and, in order, the stretches that containers mark; what no span covers is unmarked."""

    text: str
    spans: tuple[Span, ...] = ()


def read_html(html: str) -> HtmlText:
    """The visible text of this HTML, LF line ends, blocks on lines of their own."""
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
_QUOTE_CLASSES = frozenset(
    (
        "gmail_quote",
        "gmail_quote_container",
        "gmail_extra_quote",
        "yahoo_quoted",
        "protonmail_quote",
        "moz-cite-prefix",
        "tutanota_quote",
        "zmail_extra",
        "aolmail_quote",
        "ms-outlook-mobile-reference-message",
        "gmail_attr",
        "hcsig_quote",
    )
)
_QUOTE_IDS = (
    "divrplyfwdmsg",
    "replybody",
    "isforwardcontent",
    "mailcontentcontainer_quote",
    "appendonsend",
    "ms-outlook-mobile-body-separator-line",
    "yahoo_quoted",
    "oriMsgHtmlSeperator".lower(),
)
_SIGNATURE_CLASSES = frozenset(
    (
        "gmail_signature",
        "moz-signature",
        "protonmail_signature_block",
        "signature_block",
        "aolmail_signature",
        "elementtoproof_signature",
    )
)
_SIGNATURE_IDS = (
    "signature",
    "ms-outlook-mobile-signature",
    "applemailsignature",
    "applelinksignature",
    "zm-_id_-sign",
    "ymail_android_signature",
    "composer_signature",
)
_FORWARD_CLASSES = frozenset(("moz-forward-container", "gmail_forward"))
_BORDER_TOP = re.compile(
    r"border:\s*none;\s*border-top:\s*(?:solid|[\w#.]+ (?:1(?:\.0)?pt|1px))|border-top:\s*(?:solid )?#[be]\w{5} 1(?:\.0)?pt"
)


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
        self.lines.append(line)
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
        style = (attributes.get("style") or "").lower()
        if any(name in _FORWARD_CLASSES for name in classes):
            return SpanKind.FORWARDED
        if any(name in _QUOTE_CLASSES for name in classes) or (ident and ident.endswith(_QUOTE_IDS)):
            return SpanKind.QUOTED
        if any(name in _SIGNATURE_CLASSES for name in classes) or (ident and ident.endswith(_SIGNATURE_IDS)):
            return SpanKind.SIGNATURE
        if tag == "blockquote":
            plain_indent = attributes.get("type") != "cite" and "margin:0 0 0 40px" in style.replace(
                ": ", ":"
            ).replace("0px", "0")
            return None if plain_indent else SpanKind.QUOTED
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
