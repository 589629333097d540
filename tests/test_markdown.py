"""What people write is shown as they meant it, and does nothing to those who read it."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given, strategies as some

from jobs.markdown import SCHEMES, TAGS, as_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://elsewhere.test/pixel.png)",
    "![x](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    '<https://a.test/" onmouseover=alert(1)>',
    '[x](https://a.test/ "t\\" onclick=alert(1)")',
    "[x]: javascript:alert(1)\n\n[x]",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<!-- x --> <a href=x>",
    "`<b>` ``` <i> ```",
    "|a|<script>|\n|-|-|\n|1|2|",
    "&lt;script&gt;",
    "&#106;avascript:alert(1)",
    "]]>",
    "\\<b>",
    "\x00\x1b\ufffe",
    "# <h1>",
    "> " * 40,
    "- " * 40,
    "[" * 60,
    "**" * 60,
]


class Reader(HTMLParser):
    """Whatever a browser would find in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**loss** is *fine*, ~~not~~", "<strong>loss</strong> is <em>fine</em>, <s>not</s>"),
        ("- a\n- b", "<li>a</li>\n<li>b</li>"),
        ("# Why", '<p class="heading">Why</p>'),
        ("`x < y`", "<code>x &lt; y</code>"),
        ("|a|\n|-|\n|1|", "<td>1</td>"),
        ("two\nlines", "<p>two\nlines</p>"),
    ],
)
def test_markdown_is_shown_as_it_was_meant(text: str, html: str):
    assert html in as_html(text)


def test_a_link_leads_out_and_tells_nobody_whence():
    html = as_html("[run](https://a.test/x)")

    assert html == (
        '<p><a href="https://a.test/x" rel="noopener noreferrer nofollow">run</a></p>\n'
    )


def test_a_picture_becomes_a_link_that_is_loaded_by_a_press_only():
    found = Reader(as_html("![curve](https://elsewhere.test/pixel.png)"))

    assert found.tags == {"p", "a"}


@given(some.lists(some.sampled_from(HOSTILE) | some.text(max_size=20), max_size=6).map(" ".join))
def test_nothing_that_is_written_does_anything(text: str):
    found = Reader(as_html(text))

    assert found.tags <= TAGS
    assert {name for name, _ in found.attributes} <= {"href", "title", "rel", "start", "class"}
    for name, value in found.attributes:
        if name == "href" and urlsplit(value or "").scheme:
            assert urlsplit(value or "").scheme in SCHEMES
        if name == "class":
            assert value == "heading"


@pytest.mark.parametrize("tag", ["<b>bold</b>", "<script>alert(1)</script>", "<a href='x'>y</a>"])
def test_html_of_their_own_is_shown_as_the_text_that_it_is(tag: str):
    found = Reader(as_html(tag))

    assert found.tags == {"p"}
    assert found.text.strip() == tag
