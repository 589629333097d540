"""What templates need beyond Django: icons, moments, sizes, durations. No logic of the domain."""

from datetime import datetime, timedelta
from functools import cache

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from jobs.failures import explain as explain_failure

register = template.Library()
register.filter("explain_failure", explain_failure)

STATE_ICONS = {
    "validating": "file-check",
    "queued": "clock",
    "running": "play",
    "pausing": "pause",
    "paused": "pause",
    "resuming": "play",
    "cancelling": "ban",
    "succeeded": "circle-check",
    "failed": "circle-x",
    "cancelled": "ban",
    "unknown": "circle-help",
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon of the installed Lucide set as inline SVG, hidden from screen readers: say the word too."""
    drawing = (settings.NODE_MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text()
    start = drawing.index(">", drawing.index("<svg")) + 1
    shapes = " ".join(drawing[start : drawing.index("</svg>")].split())
    return mark_safe(  # noqa: S308 (a file of an installed package)
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{shapes}</svg>'
    )


@register.simple_tag
def state_icon(state: str) -> SafeString:
    return icon(STATE_ICONS.get(state, "circle-help"))


@register.filter
def moment(at: datetime | None, kind: str = "") -> SafeString | str:
    """A point in time for the browser to show in the reader's zone: "age" (3 s ago), "left", or plain."""
    if at is None:
        return ""
    return format_html(
        '<time datetime="{}" data-moment="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        kind,
        f"{at:%Y-%m-%d %H:%M} UTC",
    )


@register.filter
def span(length: timedelta | None) -> str:
    """A duration in its two largest units: 2 h 5 min, 42 s."""
    if length is None:
        return ""
    seconds = int(length.total_seconds())
    units = [(seconds // 86400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min")]
    units.append((seconds % 60, "s"))
    first = next((index for index, (number, _) in enumerate(units) if number), len(units) - 1)
    return " ".join(
        f"{number} {unit}" for number, unit in units[first : first + 2] if number or unit == "s"
    )


@register.filter
def loss(value: float | None) -> str:
    """A loss as people compare it: four digits that matter."""
    return "" if value is None else f"{value:.4g}"


@register.filter
def grouped(number: int | None) -> str:
    """12 345 678, with thin spaces that do not break."""
    return "" if number is None else f"{number:,}".replace(",", "\u202f")
