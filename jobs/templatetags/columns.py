"""Heads of the columns that a reader chose, and the page on which they choose them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from jobs.models import Listing
from jobs.models.columns import Column
from jobs.models.sorting import sort_named
from jobs.templatetags.listing import sort_head

register = template.Library()

KINDS = {"loss": "loss number", "started": "started number", "ended": "ended number"}


@register.simple_tag
def column_head(listing: Listing, column: Column) -> SafeString:
    """The name of a column; a link that sorts by it where that can be done."""
    own = "own number" if column.is_number else "own"
    kind = KINDS.get(column.name, column.name) if column.kind == "standard" else own
    if sort_named(column.sort):
        return sort_head(listing, column.sort, column.label, kind)
    return format_html('<th scope="col" class="of-{}">{}</th>', kind, column.label)


@register.simple_tag
def was_moved(move: str | None, way: str, column: Column) -> SafeString | str:
    """The button that was pressed has the focus on the page that follows."""
    return mark_safe(" autofocus") if move == f"{way}:{column.name}" else ""
