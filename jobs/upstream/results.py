"""What a result file measured. Services send it as CSV, or as base64 text of that.

A file that is neither stays what it is: nothing is made up from it. Whoever wrote it may have meant ill:
names, rows and numbers have bounds, and `is_whole` tells when one was reached.
"""

import csv
from base64 import b64decode
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from msgspec import Struct

from jobs.upstream.decoding import storable
from jobs.upstream.fields import real, whole
from jobs.upstream.metrics import POSITION, RENAMED

STEP = "step"
LONGEST_HEADER = 2**16
LONGEST_NAME = 200
MOST_METRICS = 500
MOST_ROWS = MOST_NUMBERS = 1_000_000


class Results(Struct, frozen=True):
    """`points` holds each metric's values by step; a step without a value is not there."""

    points: dict[str, dict[int, float]]
    is_csv: bool
    is_whole: bool = True


def plain_csv(content: bytes) -> bytes:
    """The CSV in a result file, or the file as it is when there is none in it."""
    return _csv_in(content) or content


def read_results(content: bytes) -> Results:
    found = _csv_in(content)
    if found is None:
        return Results({}, is_csv=False)
    points: dict[str, dict[int, float]] = {}
    numbers = _numbers(found.lstrip().decode("utf-8-sig", "replace"))
    try:
        for metric, step, number in islice(numbers, MOST_NUMBERS):
            points.setdefault(metric, {})[step] = number
        is_whole = next(numbers, None) is None
    except csv.Error:
        is_whole = False
    return Results(points, is_csv=True, is_whole=is_whole)


def _csv_in(content: bytes) -> bytes | None:
    if _is_csv(content):
        return content
    try:
        # Without `validate`, rubbish would be decoded to other rubbish without an error.
        decoded = b64decode(content.translate(None, b" \t\r\n"), validate=True)
    except ValueError:
        return None
    return decoded if _is_csv(decoded) else None


def _is_csv(content: bytes) -> bool:
    """Whether it begins with a line that names a step and something else."""
    first = content.lstrip()[:LONGEST_HEADER].splitlines()[:1]
    try:
        names = [name.strip() for name in next(csv.reader([b"".join(first).decode("utf-8-sig")]))]
    except (UnicodeDecodeError, csv.Error, StopIteration):
        return False
    return STEP in names and len(names) > 1


def _numbers(text: str) -> Iterator[tuple[str, int, float]]:
    rows = csv.reader(StringIO(text, newline=""))
    names = [name.strip() for name in next(rows, [])]
    if STEP not in names:  # it was there, but in quotes that a later line closes
        return
    position, metrics = names.index(STEP), _metrics(names)
    for count, row in enumerate(rows):
        if count == MOST_ROWS:
            raise csv.Error("too many rows")
        step = whole(_number(row, position))
        if step is None:
            continue
        for column, metric in metrics.items():
            if (number := _number(row, column)) is not None:
                yield metric, step, number


def _metrics(names: list[str]) -> dict[int, str]:
    """Which columns hold a metric, and how we call it: as in events, a path has dots."""
    metrics: dict[int, str] = {}
    for column, name in enumerate(names[:MOST_METRICS]):
        metric: str = storable(name.replace("/", "."))
        if RENAMED.get(metric) in names:
            continue
        metric = RENAMED.get(metric, metric)
        if metric and metric not in POSITION and len(metric) <= LONGEST_NAME:
            metrics[column] = metric
    return metrics


def _number(row: list[str], column: int) -> float | None:
    try:
        return real(float(row[column]))
    except (IndexError, ValueError):
        return None
