"""HTML becomes the text a person would see, with what its containers mark."""

import time

import pytest

from worker.adapters.html import read_html
from worker.domain.mail import SpanKind
from worker.domain.text import mark_spans


def own(html: str) -> str:
    read = read_html(html)
    return "\n".join(
        read.text[span.start : span.end].strip()
        for span in mark_spans(read.text, read.spans)
        if span.kind is SpanKind.OWN
    ).strip()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two<br>Three</div>", "One\nTwo\nThree"),
        ("One &amp; two&nbsp;three &euro;5", "One & two three €5"),
        ("<b>bo</b>ld wor<i>ds</i>", "bold words"),
        ("see <a href='https://example.org'>this page</a> now", "see this page now"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<table><tr><td>Order</td><td>123</td></tr><tr><td>x</td></tr></table>", "Order 123\nx"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a\n   b\n\n c", "a b c"),
        ("<div><br></div><div>x</div><div><br></div><div><br></div><div>y</div>", "x\n\ny"),
        ("<style>p{}</style><script>1</script><p>x</p><!-- c -->", "x"),
        ("<title>t</title><p>x", "x"),
        ("", ""),
        ("re&shy;fu&#8203;nd&#1; &#x202e;now", "refund now"),
        ("<img alt='🙂' src='x'>", "🙂"),
        ("<img alt='Company logo' src='x'>x", "x"),
    ],
)
def test_text_is_what_a_person_sees(html: str, text: str) -> None:
    assert read_html(html).text == text


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "display: none !important",
        "visibility:hidden",
        "font-size:0",
        "font-size:0px;",
        "mso-hide:all",
        "max-height:0;overflow:hidden",
        "opacity:0",
    ],
)
def test_hidden_words_are_left_out(style: str) -> None:
    assert read_html(f'<p>seen</p><div style="{style}">unseen</div>').text == "seen"


def test_a_small_but_visible_style_is_not_hidden() -> None:
    assert read_html('<div style="font-size:0.9em">a</div><div style="opacity:0.5">b</div>').text == "a\nb"


def test_the_hidden_attribute_hides() -> None:
    assert read_html("<p hidden>x</p>y").text == "y"


QUOTES = [
    '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue Bea wrote:<br></div><blockquote class="gmail_quote">old</blockquote></div>',
    '<div class="moz-cite-prefix">On 03/11/2026 09:12, Bea wrote:<br></div><blockquote type="cite">old</blockquote>',
    '<blockquote type="cite"><div>On 3 Nov 2026, at 09:12, Bea wrote:</div><div>old</div></blockquote>',
    '<div class="yahoo_quoted" id="yahoo_quoted_1"><div>On Tuesday, Bea wrote:</div><div>old</div></div>',
    '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Bea<br><b>Sent:</b> Tuesday<br><b>To:</b> Ada<br><b>Subject:</b> Kettle</div><div>old</div>',
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Bea &lt;bea@example.test&gt; <br><b>Sent:</b> Tuesday<br><b>To:</b> Ada<br><b>Subject:</b> Kettle</p></div><p>old</p>',
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>Von:</b> Bea<br><b>Gesendet:</b> Dienstag<br><b>An:</b> Ada<br><b>Betreff:</b> Kessel</p></div><p>old</p>',
    '<div class="protonmail_quote">------- Original Message -------<br>On Tuesday, Bea wrote:<br><blockquote>old</blockquote></div>',
    '<div name="quote" style="margin:10px 5px 5px 10px"><div><b>Gesendet:</b> Dienstag<br><b>Von:</b> Bea</div><div name="quoted-content">old</div></div>',
    '<hr id="stopSpelling"><div>From: bea@example.test<br>To: ada@example.org<br>Subject: Kettle<br>Date: Tue</div><div>old</div>',
    '<div id="mail-editor-reference-message-container"><div>From: Bea</div><div>old</div></div>',
]


@pytest.mark.parametrize("quote", QUOTES)
def test_what_a_mail_program_quotes_is_marked_and_kept(quote: str) -> None:
    html = f"<html><body><div>My kettle has not come.</div><div><br></div>{quote}</body></html>"
    assert own(html) == "My kettle has not come."
    assert "old" in read_html(html).text


@pytest.mark.parametrize(
    "signature",
    [
        '<div class="gmail_signature" data-smartmail="gmail_signature">Ada Lang<br>1 High Street</div>',
        '<div class="gmail_signature_prefix">-- </div><div class="gmail_signature">Ada Lang</div>',
        '<div class="moz-signature">-- <br>Ada Lang</div>',
        '<div id="Signature"><p>Ada Lang</p></div>',
        '<div id="ms-outlook-mobile-signature">Get <a href="x">Outlook for iOS</a></div>',
        '<div id="AppleMailSignature">Sent from my iPhone</div>',
        "<div>Sent from my iPhone</div>",
    ],
)
def test_a_signature_container_is_marked(signature: str) -> None:
    assert own(f"<div>My kettle has not come.</div>{signature}") == "My kettle has not come."


def test_an_answer_below_a_quote_is_kept() -> None:
    assert (
        own('<blockquote type="cite">old</blockquote><div>My kettle has not come.</div>')
        == "My kettle has not come."
    )


def test_an_indented_paragraph_is_no_quote() -> None:
    assert "mine" in own(
        '<blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>mine</div></blockquote>'
    )


def test_a_forward_container_is_a_forward() -> None:
    read = read_html('<p>FYI</p><div class="moz-forward-container"><p>Words of Ada</p></div>')
    assert [span.kind for span in read.spans] == [SpanKind.FORWARDED]


@pytest.mark.parametrize("depth", [300, 20_000])
def test_text_below_deep_nesting_is_read(depth: int) -> None:
    assert read_html("<div>" * depth + "deep" + "</div>" * depth + "<p>after</p>").text.split() == [
        "deep",
        "after",
    ]


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<b>",
        "<",
        "<a href=x>y",
        "<p>x",
        "&",
        "<!--",
        "<table><tr><td>",
        "<blockquote>",
        "<br>",
        "a ",
        "</p>",
    ],
)
def test_a_megabyte_of_anything_is_linear(unit: str) -> None:
    html = unit * (1_000_000 // len(unit))
    before = time.process_time()
    read_html(html)
    assert time.process_time() - before < 4
