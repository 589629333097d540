"""What the chart cards of a job ask for: figures, the clock, and the same points as a table."""

from itertools import islice
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from jobs import charts
from jobs.models import Job, Series
from jobs.models.clock import clock_of
from jobs.models.curves import WHOLE, drawing, extent
from jobs.models.packing import MOST_STEPS, by_step
from jobs.views.types import Request

LONGEST_STEP = 10  # digits
ROWS = 100  # of a table at a time


@require_GET
def chart(request: Request, pk: int, family: str) -> HttpResponse:
    """The figure of one family of metrics as jobs.charts sends it; ?after=N&until=M only these steps,
    ?points=all every one of them."""
    job = get_object_or_404(Job.objects.only("corrections"), pk=pk)
    most = None if request.GET.get("points") == "all" else WHOLE
    message = message_of(job, family, span_of(request), most)
    return HttpResponse(message, content_type="application/octet-stream")


@require_GET
def clock(request: Request, pk: int) -> HttpResponse:
    """When steps were made and when the job rested, for axes of time."""
    job = get_object_or_404(Job.objects.only("step", "started_at"), pk=pk)
    return JsonResponse(clock_of(job)._asdict())


@require_GET
def chart_table(request: Request, pk: int, family: str) -> HttpResponse:
    """The points of a chart, some at a time, in six digits: the CSV has all that was reported."""
    job = get_object_or_404(Job.objects.for_list(), pk=pk)
    context = {"job": job, "family": family, "title": charts.title(family)}
    context |= rows_of(pk, family, span_of(request).after)
    template = "jobs/_chart_table.html" if request.htmx else "jobs/chart_table.html"
    return render(request, template, context)


def message_of(job: Job, family: str, span: charts.Span, most: int | None) -> bytes:
    lengths = lengths_of(job.pk, family, span)
    reached = {name: near for name, (_, near) in lengths.items()}
    chunks, outlined = drawing(job.pk, reached, span.after + 1, span.until, most)
    return charts.figure(
        family,
        [charts.Chunk(*chunk) for chunk in chunks],
        [charts.Mark(*mark) for mark in job.checkpoints.marks()],
        counts={name: count for name, (count, _) in lengths.items()},
        corrections=job.corrections,
        span=span,
        outlined=outlined,
    )


def rows_of(pk: int, family: str, after: int) -> dict[str, Any]:
    """The next steps behind this one, a value or nothing for each line of the chart."""
    names = sorted(lengths_of(pk, family), key=charts.rank)
    steps = by_step(Series.curves(pk, names, after))
    behind = ((step, values) for step, values in steps if step > after)
    rows = [
        (step, [shown(values.get(name)) for name in names])
        for step, values in islice(behind, ROWS + 1)
    ]
    return {
        "columns": charts.labels(names).values(),
        "rows": rows[:ROWS],
        "is_first": after < 0,
        "next": rows[ROWS - 1][0] if len(rows) > ROWS else None,
        "page_size": ROWS,
    }


def shown(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def lengths_of(
    pk: int, family: str, span: charts.Span = charts.EVERYWHERE
) -> dict[str, tuple[int, int]]:
    """The metrics on this chart, and how many points each has: in all, and in this span or so."""
    lengths = extent(pk, span.after + 1, span.until).items()
    found = {name: length for name, length in lengths if charts.family_of(name) == family}
    if not found and family not in charts.TITLES:
        raise Http404(f"There is no chart “{family}”.")
    return found


def span_of(request: Request) -> charts.Span:
    after = whole(request.GET.get("after", ""), -1)
    return charts.Span(after, whole(request.GET.get("until", ""), MOST_STEPS))


def whole(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) <= LONGEST_STEP else otherwise
