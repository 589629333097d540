"""What templates need beyond Django: icons, moments, sizes, durations. No logic of the domain."""

import json
from datetime import datetime, timedelta
from functools import cache

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from jobs.datasets.cost import dollars
from jobs.failures import explain as explain_failure, explain_grader
from jobs.models import Job
from jobs.models.hyperparameters import PARAMETERS
from jobs.models.metric import best_reward, risen

register = template.Library()
register.filter("explain_failure", explain_failure)
register.filter("explain_grader", explain_grader)
register.filter("best_reward", best_reward)
register.filter("risen", risen)
register.filter("dollars", dollars)

STATE_ICONS = {
    "validating": "file-check",
    "queued": "clock",
    "running": "circle-play",
    "pausing": "circle-pause",
    "paused": "circle-pause",
    "resuming": "circle-play",
    "cancelling": "ban",
    "succeeded": "circle-check",
    "failed": "circle-x",
    "cancelled": "ban",
    "unknown": "circle-help",
}


@cache
def shapes(name: str) -> SafeString:
    """What the installed Lucide set draws for this name."""
    drawing = (settings.NODE_MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text()
    start = drawing.index(">", drawing.index("<svg")) + 1
    return mark_safe(" ".join(drawing[start : drawing.index("</svg>")].split()))  # noqa: S308 (a file of an installed package)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """An icon as inline SVG, hidden from screen readers: say the word too."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', shapes(name)
    )


@register.simple_tag
def state_icon(state: str) -> SafeString:
    return icon(STATE_ICONS.get(state, "circle-help"))


VERB_ICONS = {"cancel": "ban", "pause": "pause", "resume": "play"}
OUTCOME_ICONS = {
    "accepted": "check",
    "refused": "circle-x",
    "unsent": "circle-x",
    "success": "circle-check",
    "warning": "triangle-alert",
    "error": "circle-x",
    "info": "minus",
}
LEVEL_ICONS = {"warn": "triangle-alert", "warning": "triangle-alert", "error": "circle-x"}


METHODS = {
    "supervised": "It imitates the answers in your file.",
    "dpo": "It learns which of two answers people prefer.",
    "reinforcement": "It tries answers, and a grader rewards them.",
}


@register.filter
def explain_method(method: str) -> str:
    return METHODS.get(method, "")


@register.simple_tag
def verb_icon(verb: str) -> SafeString:
    return icon(VERB_ICONS.get(verb, "circle-help"))


@register.simple_tag
def outcome_icon(outcome: str) -> SafeString:
    return icon(OUTCOME_ICONS.get(outcome, "clock"))


@register.simple_tag
def level_icon(level: str) -> SafeString | str:
    """Only what deserves attention has an icon, with its word for those who do not see it."""
    if level not in LEVEL_ICONS:
        return ""
    return format_html('{}<span class="unseen">{}: </span>', icon(LEVEL_ICONS[level]), level)


@register.simple_tag
@cache
def state_symbols() -> SafeString:
    """The icons of all states, once a page: its many rows refer to them."""
    symbols = format_html_join(
        "",
        '<symbol id="state-{}" viewBox="0 0 24 24">{}</symbol>',
        [(state, shapes(name)) for state, name in STATE_ICONS.items()],
    )
    return format_html("<svg hidden>{}</svg>", symbols)


@register.filter
def own_status(job: Job) -> str:
    """The service's own word for the job's state, where it is not ours."""
    return "" if job.status == job.state else job.status


# What a length of time says until, or unless, a script tells it: true words, whatever the clock.
PREFIXES = {"left": "until ", "in": "at ", "since": "since "}


@register.filter
def moment(at: datetime | None, kind: str = "") -> SafeString | str:
    """A point in time for the browser to show in the reader's zone. The kind is "age"
    (3 s ago), "left" (3 s left), "since" (3 s), "clock" (seconds too) or plain.
    """
    if at is None:
        return ""
    return format_html(
        '<time datetime="{}" data-moment="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        kind,
        f"{PREFIXES.get(kind, '')}{at:%Y-%m-%d %H:%M} UTC",
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
def about(length: timedelta) -> str:
    """A duration of which nobody knows the seconds: 12 min, 2 h 5 min."""
    hours, minutes = divmod(-(-length // timedelta(minutes=1)), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


@register.filter
def seconds(length: float) -> str:
    """Of a program's run, whose millionths nobody asks for."""
    return "less than 10 ms" if length < 0.01 else f"{length:.3g} s"


@register.simple_tag
def days_left(days: int | None) -> str:
    """What is left of something in days, or since when it is over."""
    if days is None:
        return ""
    unit = "day" if abs(days) == 1 else "days"
    return f"in {days} {unit}" if days > 0 else f"{-days} {unit} ago" if days else "today"


@register.simple_tag(takes_context=True)
def current(context: template.Context, url: str) -> SafeString | str:
    """Marks the link that leads to the page that is shown."""
    is_here = context["request"].path == url
    return mark_safe(' aria-current="page"') if is_here else ""


@register.filter
def loss(value: float | str | None) -> str:
    """A loss as people compare it: four digits that matter. A metric that is not there is nothing."""
    return f"{value:#.4g}".rstrip(".") if isinstance(value, int | float) else ""


@register.filter
def share(part: float | None) -> str:
    return "" if part is None else f"{100 * part:.1f}\u202f%"


@register.filter
def pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


@register.filter
def short_name(model: str) -> str:
    """What tells models of one job apart: their names differ at the end, ft:base:org:suffix:id:step."""
    parts = model.split(":")
    return ":".join(["…", *parts[3:]]) if len(parts) > 4 else model


@register.filter
def metric(name: str) -> str:
    """A metric's name in words: full_valid_loss is "full validation". A reward on validation is of
    the whole file always.
    """
    if name.endswith("_mean_reward"):
        name = name.removeprefix("full_").replace("_mean_", "_")
    words = name.removesuffix("_loss").replace("valid", "validation").replace("train", "training")
    return words.replace("_", " ")


@register.filter
def parameter(name: str) -> str:
    """A hyperparameter's name in words, where it is one that we know."""
    known = PARAMETERS.get(name)
    return known.label if known else name


@register.filter
def setting(value: object) -> object:
    """A hyperparameter's value as people say it."""
    return ("no", "yes")[value] if isinstance(value, bool) else value


@register.filter
def grouped(number: int | None) -> str:
    """12 345 678, with thin spaces that do not break."""
    return "" if number is None else f"{number:,}".replace(",", "\u202f")
