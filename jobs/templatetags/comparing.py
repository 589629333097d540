"""What the compare page's templates ask of a Comparison: other addresses of it, and how entries look."""

from datetime import timedelta
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from jobs.compare import JUDGED, Entry
from jobs.models.comparison import Comparison
from jobs.recipes import Cell, Row
from jobs.templatetags.tuneboard import icon, loss, share, span

register = template.Library()

MINUS = "\N{MINUS SIGN}"


@register.filter
def adding(comparison: Comparison, pk: int) -> str:
    return comparison.adding(pk).query()


@register.filter
def removing(comparison: Comparison, pk: int) -> str:
    return comparison.without(pk).query()


@register.filter
def toggling(comparison: Comparison, pk: int) -> str:
    return comparison.toggled(pk).query()


@register.filter
def measuring_by(comparison: Comparison, pk: int) -> str:
    return comparison.against(pk).query()


@register.filter
def curve_of(comparison: Comparison, metric: str) -> str:
    """The address of one metric's curves. What only the page shows is no part of it."""
    told = [(name, value) for name, value in comparison.pairs() if name in ("jobs", "x")]
    return urlencode([*told, ("metric", metric)], safe=",")


@register.filter
def remembered(comparison: Comparison, controls: str) -> list[tuple[str, str]]:
    """What a form that has these controls must carry along."""
    own = controls.split()
    return [(name, value) for name, value in comparison.pairs() if name not in own]


@register.simple_tag
def recipe_cell(cell: Cell) -> SafeString:
    """Plain text, not a template, as a page may have some thousand of them."""
    if cell.is_left_out:
        return mark_safe('<td class="muted"><span class="unseen">the same</span></td>')
    setting = cell.setting
    asked = format_html('<span class="muted">{} →</span> ', setting.asked) if setting.asked else ""
    return format_html(
        '<td{}>{}<span class="told" title="{}">{}{}</span></td>',
        mark_safe(' class="differs"') if cell.differs else "",
        mark_safe('<i aria-hidden="true">≠</i><span class="unseen">differs: </span>')
        if cell.differs
        else "",
        setting.text,
        asked,
        setting.text,
    )


@register.simple_tag
def swatch(entry: Entry) -> SafeString:
    """The job's line as charts draw it, with its number: colour is never all there is."""
    return format_html(
        '<span class="swatch tone-{}"><svg viewBox="0 0 28 8" aria-hidden="true">'
        '<line x1="0" y1="4" x2="28" y2="4" stroke-dasharray="{}"/></svg>{}</span>',
        entry.tone,
        entry.dash,
        entry.number,
    )


@register.simple_tag
def told(row: Row, entry: Entry) -> SafeString:
    """What this job was told of a thing in which they differ."""
    setting = row.of(entry)
    return format_html(
        '<td{}><span class="short" title="{}">{}</span></td>',
        mark_safe(' class="number"') if row.is_number else "",
        setting.text if setting else "",
        setting.text if setting else "",
    )


@register.simple_tag
def delta(entry: Entry, column: str) -> SafeString | str:
    """How far a figure is from the baseline's, in its unit and as a share of it."""
    found = (entry.deltas or {}).get(column)
    if found is None:
        return ""
    if found.is_none:
        return format_html('<small class="delta">{}</small>', "\N{PLUS-MINUS SIGN}0")
    sign = "+" if found.amount > 0 else MINUS
    part = "" if found.share is None else f" ({sign}{share(abs(found.share))})"
    is_better = (found.amount > 0) if entry.reward else (found.amount < 0)
    tone = "" if column not in JUDGED else " better" if is_better else " worse"
    words = f"{sign}{amount(abs(found.amount), column)}{part}"
    return format_html('<small class="delta{}">{}</small>', tone, words)


def amount(value: float, column: str) -> str:
    if column == "duration":
        return span(timedelta(seconds=value))
    return f"{value:,.0f}".replace(",", "\u202f") if column == "tokens" else loss(value)


@register.simple_tag
def compare_head(
    comparison: Comparison, column: str, label: str, is_number: bool = False
) -> SafeString:
    """A column's head: a link that sorts by it, and says how the table is sorted now."""
    is_sorted = comparison.sort == column
    direction = "descending" if comparison.descending else "ascending"
    return format_html(
        '<th scope="col"{}{}><a id="sort-{}" href="?{}">{}{}</a></th>',
        mark_safe(' class="number"') if is_number else "",
        format_html(' aria-sort="{}"', direction) if is_sorted else "",
        column,
        comparison.sorted_by(column).query(),
        label,
        icon("arrow-down" if comparison.descending else "arrow-up") if is_sorted else "",
    )
