"""Downloads: every step of a job as CSV, and the result files as their service wrote them."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from jobs import charts
from jobs.models import Job, ResultFile, Series
from jobs.models.series import by_step
from jobs.views.types import Request

PIECE = 2**16  # characters
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would begin to reckon with
NOT_HERE = 404
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "jsonl": "application/jsonl",
}


@require_GET
def metrics(request: Request, pk: int) -> HttpResponseBase:
    """A line for each step, a column for each metric, every value as the service gave it."""
    job = get_object_or_404(Job.objects.only("upstream_id"), pk=pk)
    names = sorted(Series.counts(pk), key=charts.rank)
    steps = by_step(Series.curves(pk, names))
    rows = ([step, *map(values.get, names)] for step, values in steps)
    return attached(lines(["step", *names], rows), f"{job.upstream_id}-metrics.csv")


@require_GET
def result_file(request: Request, pk: int, result_pk: int) -> HttpResponseBase:
    """The file from our own store, or why it is not there."""
    found = ResultFile.objects.select_related("job__account")
    result = get_object_or_404(found, job=pk, pk=result_pk)
    if not result.is_here:
        context = {"job": result.job, "result": result}
        return render(request, "jobs/result_missing.html", context, status=NOT_HERE)
    ending = "csv" if result.is_table else "bin"
    return attached(result.pieces(), f"{result.job.upstream_id}-{result}.{ending}")


@require_POST
def result_file_again(request: Request, pk: int, result_pk: int) -> HttpResponse:
    result = get_object_or_404(ResultFile.objects.without_content(), job=pk, pk=result_pk)
    if not result.is_here:
        result.ask_again()
    return redirect(result)


def attached(content: Iterable[str] | Iterable[bytes], name: str) -> StreamingHttpResponse:
    """A file to be saved, under a name that any system bears."""
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name)
    kind = KINDS.get(safe.rpartition(".")[2], "application/octet-stream")
    disposition = content_disposition_header(True, safe[-200:])
    return StreamingHttpResponse(content, kind, headers={"Content-Disposition": str(disposition)})


def lines(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """CSV, in pieces that are worth sending. A float is told in the digits that give it exactly."""
    piece = StringIO()
    writer = csv.writer(piece, lineterminator="\n")
    writer.writerow(map(harmless, head))
    for row in rows:
        writer.writerow(map(harmless, row))
        if piece.tell() > PIECE:
            yield piece.getvalue()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue()


def in_pieces(texts: Iterable[str]) -> Iterator[str]:
    """The same text, in pieces that are worth sending."""
    piece = StringIO()
    for text in texts:
        piece.write(text)
        if piece.tell() > PIECE:
            yield piece.getvalue()
            piece = StringIO()
    yield piece.getvalue()


def harmless(cell: object) -> object:
    """What a service wrote must not slip a formula into somebody's spreadsheet."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
