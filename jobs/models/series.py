"""Metric series, packed for charts: a chart of 10,000 steps reads a dozen rows, not ten thousand.

A row holds up to CHUNK points of one metric of one job, in step order. Values are float32 where that is
exact (the values of most services are), else float64, so what the API said is never rounded. Steps at
equal distances, which is the rule, are kept as `first_step` and `stride` alone.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models, transaction

from jobs.models.chunk import Chunk
from jobs.models.job import Job
from jobs.models.outline import Outline
from jobs.models.packing import (
    CHUNK,
    MOST_STEPS,
    Packed,
    Points,
    as_packed,
    by_step,
    from_bytes,
    pack,
    pairs,
    unpack,
)

__all__ = [
    "CHUNK",
    "MOST_STEPS",
    "Packed",
    "Points",
    "Series",
    "as_packed",
    "by_step",
    "fetch",
    "from_bytes",
    "pack",
    "placeholders",
]


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
        merged: list[Series] = []
        for name, points in news.items():
            merged += self._merged(job, name, points, known.get(name, []), older)
        self.bulk_create(
            merged,
            update_conflicts=True,
            unique_fields=["job", "name", "chunk"],
            update_fields=Chunk.COLUMNS,
        )
        return all(not known.get(name) or min(news[name]) > known[name][-1][2] for name in news)

    def _merged(
        self, job: Job, name: str, points: Points, spans: list[tuple[int, int, int]], older: bool
    ) -> list[Series]:
        """The series from the first chunk that the points touch: mostly just its tail."""
        lowest = min(points)
        first = next((chunk for chunk, _, last in spans if last >= lowest), None)
        if first is None:
            tail = spans[-1] if spans else (-1, CHUNK, -1)
            first = tail[0] if tail[1] < CHUNK else tail[0] + 1
        if spans and first <= spans[-1][0]:
            stored = unpack(self.filter(job=job, name=name, chunk__gte=first).packed())
            points = points | stored if older else stored | points
        steps = sorted(points)
        parts = [steps[start : start + CHUNK] for start in range(0, len(steps), CHUNK)]
        for chunk, part in enumerate(parts, first):
            if len(part) == CHUNK:
                Outline.objects.trace(job, name, chunk, {step: points[step] for step in part})
        return [
            Series(job=job, name=name, chunk=chunk, **pack(part, [points[s] for s in part]))
            for chunk, part in enumerate(parts, first)
        ]


class Series(Chunk):
    job = models.ForeignKey(Job, models.CASCADE, related_name="series")

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
        rows = fetch(CURVES.format(placeholders(wanted)), job, after, *wanted)
        return [as_packed(row) for row in rows]


# A chart is asked for at every step, by all who look: plain SQL takes a tenth of the ORM's CPU.
CURVES = """
SELECT name, first_step, last_step, size, stride, steps, kind, "values"
  FROM jobs_series
 WHERE job_id = %s AND last_step > %s AND name IN ({})
 ORDER BY name, chunk
"""


def placeholders(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def fetch(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
