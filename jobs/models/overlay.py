"""Curves of many jobs at once, in plain SQL: one question for all of them, whatever their number."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F

from jobs.models.metric import MetricSummary
from jobs.models.packing import Packed, as_packed
from jobs.models.series import fetch, placeholders
from jobs.models.telemetry import Checkpoint, Event

ANCHORS = 240  # moments of a job, between which time is taken to pass evenly


def metrics_of(jobs: Sequence[int]) -> dict[str, int]:
    """How many of these jobs have each metric."""
    if not jobs:
        return {}
    known = (
        "SELECT name, COUNT(*) FROM jobs_series WHERE chunk = 0 AND job_id IN ({}) GROUP BY name"
    )
    return dict(sorted(fetch(known.format(placeholders(jobs)), *jobs)))


def curves_of(jobs: Sequence[int], names: Iterable[str]) -> dict[int, list[Packed]]:
    """By job, the chunks of these metrics, by name and step."""
    wanted = list(names)
    found: dict[int, list[Packed]] = {pk: [] for pk in jobs}
    if jobs and wanted:
        query = CURVES.format(placeholders(jobs), placeholders(wanted))
        for pk, *row in fetch(query, *jobs, *wanted):
            found[pk].append(as_packed(tuple(row)))
    return found


CURVES = """
SELECT job_id, name, first_step, last_step, size, stride, steps, kind, "values"
  FROM jobs_series
 WHERE job_id IN ({}) AND name IN ({})
 ORDER BY job_id, name, chunk
"""


def summaries_of(jobs: Sequence[int], names: Iterable[str]) -> dict[tuple[int, str], MetricSummary]:
    """By job and metric, its newest value, its lowest and its highest."""
    found = MetricSummary.objects.filter(job__in=jobs, name__in=list(names))
    return {(each.job_id, each.name): each for each in found}


def moments_of(steps: dict[int, int]) -> dict[int, dict[int, datetime]]:
    """By job, when its steps were made: of a job that made many, some hundred of them, evenly."""
    strides: dict[int, list[int]] = {}
    for pk, count in steps.items():
        strides.setdefault(1 << max(0, (count // ANCHORS).bit_length()), []).append(pk)
    found: dict[int, dict[int, datetime]] = {pk: {} for pk in steps}
    for stride, jobs in strides.items():
        logged = Event.objects.filter(job__in=jobs).annotate(rest=F("step") % stride)
        rows = logged.filter(rest=0).order_by("created_at", "pk")
        for pk, step, at in rows.values_list("job", "step", "created_at"):
            found[pk].setdefault(step or 0, at)
    return found


def checkpoints_of(jobs: Sequence[int]) -> dict[int, list[Checkpoint]]:
    found: dict[int, list[Checkpoint]] = {pk: [] for pk in jobs}
    for checkpoint in Checkpoint.objects.filter(job__in=jobs).defer("raw"):
        found[checkpoint.job_id].append(checkpoint)
    return found
