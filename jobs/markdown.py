"""What people write in Markdown, as HTML that is safe to show to others.

No HTML of their own comes through, and no picture: one from elsewhere would tell its server who reads.
Markdown makes the HTML; what it made is then cleaned by a reader that knows nothing of Markdown.
"""

from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

MOST_KEPT = 500  # texts, as they were rendered
TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "a"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
}
SCHEMES = {"http", "https", "mailto"}

reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
reader.disable("image")


@lru_cache(MOST_KEPT)
def as_html(text: str) -> str:
    made = reader.renderer.render(lowered(reader.parse(text)), reader.options, {})
    return nh3.clean(
        made,
        tags=TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        allowed_classes={"p": {"heading"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


def lowered(tokens: Sequence[Token]) -> Sequence[Token]:
    """A heading in a note is a line in bold: the page has an order of headings of its own."""
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "p"
        if token.type == "heading_open":
            token.attrSet("class", "heading")
    return tokens
