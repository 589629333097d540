"""The curves of one metric of many jobs, on the axis that is asked for, as one message."""

import hashlib
from collections.abc import Iterable, Sequence

from django.http import HttpRequest

from jobs import comparison_charts as drawing
from jobs.charts import Chunk
from jobs.compare import Entry
from jobs.models import Job, overlay
from jobs.models.comparison import AXES, LONGEST, Comparison, numbers
from jobs.views.caching import PROGRAM
from jobs.views.compared import is_known
from jobs.views.types import Request

# The longest run decides in what time is told: more than so many seconds, in units of so many.
UNITS = ((3 * 3600, 3600.0, "hours"), (180, 60.0, "minutes"), (-1, 1.0, "seconds"))


def curves(request: Request) -> bytes:
    """Of all jobs that are named, or `only` some of them: those that moved."""
    comparison = Comparison.read(request.GET)
    jobs = comparison.jobs()
    wanted = numbers(request.GET.get("only", "")) or comparison.keys
    entries = [
        Entry(job, place)
        for place, job in jobs.items()
        if job.pk in wanted and is_known(job, comparison.axis)
    ]
    metric = request.GET.get("metric", "")[:LONGEST]
    chunks = overlay.curves_of([entry.job.pk for entry in entries], [metric])
    scales, title = placing(entries, comparison.axis, jobs.values())
    lines = [
        drawing.Line(
            entry.job.pk,
            f"{entry.number} {entry.job}",
            entry.tone,
            entry.dash,
            tuple(Chunk(*chunk) for chunk in chunks[entry.job.pk]),
            scales.get(entry.job.pk),
        )
        for entry in entries
    ]
    return drawing.figure(lines, title, among=len(comparison.keys))


def placing(
    entries: Sequence[Entry], axis: str, jobs: Iterable[Job]
) -> tuple[dict[int, drawing.Placed], str]:
    """How steps of each job lie on this axis, and what the axis says."""
    own = [entry.job for entry in entries]
    if axis == "epoch":
        return {j.pk: drawing.times((j.n_epochs or 0) / (j.total_steps or 1)) for j in own}, "epoch"
    if axis == "tokens":
        scales = {j.pk: drawing.times((j.trained_tokens or 0) / (j.step or 1)) for j in own}
        return scales, "trained tokens, as if every step took the same"
    if axis == "elapsed":
        return elapsed(own, jobs)
    return {}, AXES[axis].lower()


def elapsed(own: Sequence[Job], jobs: Iterable[Job]) -> tuple[dict[int, drawing.Placed], str]:
    longest = max(map(lasted, jobs), default=0.0)
    size, unit = next((size, unit) for least, size, unit in UNITS if longest > least)
    moments = overlay.moments_of({job.pk: job.step or 0 for job in own})
    scales = {}
    for job in own:
        if not job.started_at:
            continue
        known = {
            step: (at - job.started_at).total_seconds() for step, at in moments[job.pk].items()
        }
        if job.step is not None:
            known[job.step] = lasted(job)
        known = known if len(known) > 1 else {0: 0.0, **known}
        scales[job.pk] = drawing.along({step: max(0.0, t) / size for step, t in known.items()})
    return scales, f"{unit} since the first step"


def lasted(job: Job) -> float:
    """Seconds from the first step to the newest."""
    last = job.stepped_at or job.ended_at
    return (last - job.started_at).total_seconds() if last and job.started_at else 0.0


def tag(request: HttpRequest) -> str:
    """Another one when any of these jobs has changed."""
    parts = (PROGRAM, request.get_full_path(), Comparison.read(request.GET).revisions())
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
