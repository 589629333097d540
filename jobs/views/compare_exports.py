"""What of a comparison can be taken home: every point of its curves, and its recipes, as CSV and JSON."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from jobs.compare import Entry
from jobs.models import overlay
from jobs.models.comparison import Comparison, files_of
from jobs.models.packing import pairs
from jobs.recipes import settings
from jobs.views.compared import Compared
from jobs.views.downloads import attached, lines
from jobs.views.types import Request

POINT = ("job", "name", "metric", "step", "value")
RESULTS = ("job", "name", "state", "best_loss", "best_loss_of", "best_step", "final_loss")
RESULTS_AFTER = ("seconds", "trained_tokens")


@require_GET
def compare_curves_csv(request: Request) -> HttpResponseBase:
    """A line for each point of each metric of each job, every value as the service gave it."""
    compared = Compared.of(Comparison.read(request.GET))
    rows = (
        (entry.job.upstream_id, str(entry.job), name, step, value)
        for entry, name, points in every_curve(compared)
        for step, value in points
    )
    return attached(lines(POINT, rows), "comparison-curves.csv")


@require_GET
def compare_curves_json(request: Request) -> HttpResponseBase:
    compared = Compared.of(Comparison.read(request.GET))
    return attached_json(curves_told(compared), "comparison-curves.json")


@require_GET
def compare_recipes_csv(request: Request) -> HttpResponseBase:
    """A line for each job, a column for each thing that one of them was told."""
    told = recipes_told(Compared.of(Comparison.read(request.GET)))
    names = list(dict.fromkeys(name for each in told for name in each))
    rows = (map(each.get, names) for each in told)
    return attached(lines(names, rows), "comparison.csv")


@require_GET
def compare_recipes_json(request: Request) -> HttpResponseBase:
    return attached_json(recipes_told(Compared.of(Comparison.read(request.GET))), "comparison.json")


def every_curve(
    compared: Compared,
) -> Iterator[tuple[Entry, str, Iterator[tuple[int, float]]]]:
    """One job after the other, so that no more than one is in memory."""
    names = list(compared.metrics)
    for entry in compared.shown:
        chunks = overlay.curves_of([entry.job.pk], names)[entry.job.pk]
        for name, parts in groupby(chunks, key=attrgetter("name")):
            yield entry, name, (point for part in parts for point in pairs(part))


def curves_told(compared: Compared) -> Iterator[dict[str, Any]]:
    for entry, name, points in every_curve(compared):
        steps, values = zip(*points, strict=True)
        about = {"job": entry.job.upstream_id, "name": str(entry.job), "metric": name}
        yield {**about, "steps": steps, "values": values}


def recipes_told(compared: Compared) -> list[dict[str, Any]]:
    files = files_of(entry.job for entry in compared.shown)
    return [results(entry) | recipe(entry, files) for entry in compared.shown]


def results(entry: Entry) -> dict[str, Any]:
    job = entry.job
    told = (job.upstream_id, str(job), job.state, job.best_loss, job.best_loss_name, job.best_step)
    after = (entry.seconds, job.trained_tokens)
    return dict(zip(RESULTS + RESULTS_AFTER, (*told, entry.final, *after), strict=True))


def recipe(entry: Entry, files: Any) -> dict[str, Any]:
    """By group and name: hyperparameters.Epochs."""
    told: dict[str, Any] = {}
    for (group, name), setting in settings(entry.job, files).items():
        told[f"{group}.{name}"] = setting.text if setting.value else None
        if setting.asked:
            told[f"{group}.{name} (asked)"] = setting.asked
    return told


def attached_json(rows: Iterable[dict[str, Any]], name: str) -> StreamingHttpResponse:
    """A list, written one row at a time."""
    response = attached(listed(rows), name)
    response.headers["Content-Type"] = "application/json"
    return response


def listed(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield f"{before}\n{json.dumps(row, ensure_ascii=False)}"
        before = ","
    yield "\n]\n" if before == "," else "[]\n"
