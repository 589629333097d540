"""Metric series, packed for charts: a chart of 10,000 steps reads a dozen rows, not ten thousand.

A row holds up to CHUNK points of one metric of one job, in step order. Values are float32 where that is
exact (the values of most services are), else float64, so what the API said is never rounded. Steps at
equal distances, which is the rule, are kept as `first_step` and `stride` alone.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from django.db import connection, models, transaction

from jobs.models.job import Job

CHUNK = 4096
MOST_STEPS = 1 << 32  # a step is a uint32
Points = dict[int, float]


class Packed(NamedTuple):
    """Consecutive points of one series as a reader gets them. Bytes are little-endian."""

    name: str
    first_step: int
    last_step: int
    size: int
    stride: int | None  # null: `steps` holds a uint32 per point
    steps: bytes
    kind: str  # "f": float32 values, "d": float64
    values: bytes


def as_packed(row: tuple[Any, ...]) -> Packed:
    """Bytes come from some databases as a memoryview."""
    chunk = Packed(*row)
    return chunk._replace(steps=bytes(chunk.steps), values=bytes(chunk.values))


class SeriesQuerySet(models.QuerySet["Series"]):
    def packed(self) -> list[Packed]:
        """The chunks, by name and step."""
        rows = self.order_by("name", "chunk").values_list(*Packed._fields)
        return [as_packed(row) for row in rows]

    def points(self, name: str) -> Points:
        """Every point of one metric, in step order."""
        return unpack(self.filter(name=name).packed())

    def values_of(self, name: str) -> array[float]:
        """Every value of one metric, in step order."""
        values = array("d")
        for chunk in self.filter(name=name).packed():
            values += array("d", from_bytes(chunk.kind, chunk.values))
        return values

    def lacking(self, points: Mapping[str, Points]) -> dict[str, Points]:
        """Those of these points whose metric has no value at their step."""
        known: dict[str, set[int]] = {name: set() for name in points}
        for chunk in self.filter(name__in=list(points)).packed():
            known[chunk.name].update(step for step, _ in pairs(chunk))
        absent = {
            name: {s: v for s, v in given.items() if s < MOST_STEPS and s not in known[name]}
            for name, given in points.items()
        }
        return {name: found for name, found in absent.items() if found}

    @transaction.atomic
    def add(self, job: Job, news: Mapping[str, Points], *, older: bool = False) -> bool:
        """Add points to the job's series. A step that is there already takes the newer value:
        the one that is given, unless it is `older` than what is stored. Say whether all points
        came behind the known ones, as a reader who asks for the newer ones alone must know.
        """
        spans = self.filter(job=job, name__in=list(news)).order_by("chunk")
        known: dict[str, list[tuple[int, int, int]]] = {}
        for name, *span in spans.values_list("name", "chunk", "size", "last_step"):
            known.setdefault(name, []).append(tuple(span))  # type: ignore[arg-type]
        for name, points in news.items():
            self._merge(job, name, points, known.get(name, []), older)
        return all(not known.get(name) or min(news[name]) > known[name][-1][2] for name in news)

    def _merge(
        self, job: Job, name: str, points: Points, spans: list[tuple[int, int, int]], older: bool
    ) -> None:
        """Rewrite the series from the first chunk that the points touch: mostly just its tail."""
        lowest = min(points)
        first = next((chunk for chunk, _, last in spans if last >= lowest), None)
        if first is None:
            tail = spans[-1] if spans else (-1, CHUNK, -1)
            first = tail[0] if tail[1] < CHUNK else tail[0] + 1
        touched = self.filter(job=job, name=name, chunk__gte=first)
        stored = unpack(touched.packed())
        merged = points | stored if older else stored | points
        steps = sorted(merged)
        rows = [
            Series(job=job, name=name, chunk=first + index, **pack(part, [merged[s] for s in part]))
            for index, part in enumerate(
                steps[start : start + CHUNK] for start in range(0, len(steps), CHUNK)
            )
        ]
        self.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["job", "name", "chunk"],
            update_fields=["first_step", "last_step", "size", "stride", "steps", "kind", "values"],
        )


class Series(models.Model):
    job = models.ForeignKey(Job, models.CASCADE, related_name="series")
    name = models.TextField()
    chunk = models.PositiveIntegerField()
    first_step = models.PositiveBigIntegerField()
    last_step = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    stride = models.PositiveBigIntegerField(null=True)
    steps = models.BinaryField()
    kind = models.CharField(max_length=1)
    values = models.BinaryField()

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(fields=["job", "name", "chunk"], name="series_chunk_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}[{self.first_step}…{self.last_step}]"

    @classmethod
    def counts(cls, job: int) -> dict[str, int]:
        """How many points each metric of the job has."""
        rows = fetch("SELECT name, SUM(size) FROM jobs_series WHERE job_id = %s GROUP BY name", job)
        return {name: int(count) for name, count in sorted(rows)}

    @classmethod
    def curves(cls, job: int, names: Iterable[str], after: int = -1) -> list[Packed]:
        """What a chart of these metrics draws: the chunks that reach beyond the step `after`."""
        wanted = list(names)
        if not wanted:
            return []
        places = ", ".join(["%s"] * len(wanted))
        rows = fetch(CURVES.format(places), job, after, *wanted)
        return [as_packed(row) for row in rows]


# A chart is asked for at every step, by all who look: plain SQL takes a tenth of the ORM's CPU.
CURVES = """
SELECT name, first_step, last_step, size, stride, steps, kind, "values"
  FROM jobs_series
 WHERE job_id = %s AND last_step > %s AND name IN ({})
 ORDER BY name, chunk
"""


def fetch(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def pack(steps: list[int], values: list[float]) -> dict[str, Any]:
    """Columns of a Series row for points in step order."""
    strides = {b - a for a, b in pairwise(steps)} or {1}
    stride = strides.pop() if len(strides) == 1 else None
    narrow = array("f", [clamped(value) for value in values])
    kind = "f" if list(narrow) == values else "d"
    return {
        "first_step": steps[0],
        "last_step": steps[-1],
        "size": len(steps),
        "stride": stride,
        "steps": b"" if stride else to_bytes(array("I", steps)),
        "kind": kind,
        "values": to_bytes(narrow if kind == "f" else array("d", values)),
    }


def clamped(value: float) -> float:
    """The value, or 0 where float32 cannot hold it at all (the comparison then shows the loss)."""
    return value if abs(value) < 3.4e38 else 0.0


def unpack(chunks: Iterable[Packed]) -> Points:
    points: Points = {}
    for chunk in chunks:
        points.update(pairs(chunk))
    return points


def pairs(chunk: Packed) -> Iterator[tuple[int, float]]:
    """The steps of a chunk with their values."""
    steps: Iterable[int] = (
        range(chunk.first_step, chunk.last_step + 1, chunk.stride)
        if chunk.stride
        else from_bytes("I", chunk.steps)
    )
    return zip(steps, from_bytes(chunk.kind, chunk.values), strict=True)


def by_step(chunks: Iterable[Packed]) -> Iterator[tuple[int, dict[str, float]]]:
    """Every step of several series, with the values that it has. Chunks come by name and step."""
    series = [told(list(parts)) for _, parts in groupby(chunks, key=attrgetter("name"))]
    for step, values in groupby(merge(*series), key=itemgetter(0)):
        yield step, {name: value for _, name, value in values}


def told(chunks: list[Packed]) -> Iterator[tuple[int, str, float]]:
    return ((step, chunk.name, value) for chunk in chunks for step, value in pairs(chunk))


def to_bytes(numbers: array[Any]) -> bytes:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def from_bytes(kind: str, raw: bytes) -> array[Any]:
    numbers = array(kind, raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
