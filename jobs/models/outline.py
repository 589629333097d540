"""The outlines of long series: the lowest and the highest of every few points, stored beside them.

Whoever draws a hundred thousand points reads two thousand. A chunk gets its outlines, a fine one and a
coarse one, when it is full; the tail of a series, which still grows, is outlined as it is read. An
outline is packed as the chunk itself is, so a reader need not know which of the two it holds. Exports
never read outlines.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from jobs.models.chunk import Chunk
from jobs.models.job import Job
from jobs.models.packing import Packed, from_bytes, pack, steps_of

GRAINS = (16, 128)  # points of which two stay; the index is the level
MOST = 2000  # points of a line that is drawn in outline


class OutlineQuerySet(models.QuerySet["Outline"]):
    def trace(self, job: Job, name: str, chunk: int, points: dict[int, float]) -> None:
        """Outline a full chunk anew at every level."""
        steps, values = list(points), list(points.values())
        rows = [
            Outline(job=job, name=name, chunk=chunk, level=level, **pack(*thinned))
            for level, thinned in enumerate(extremes(steps, values, grain) for grain in GRAINS)
        ]
        self.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["job", "name", "level", "chunk"],
            update_fields=Chunk.COLUMNS,
        )


class Outline(Chunk):
    """What is left of the `Series` row of that number."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()

    objects = OutlineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "name", "level", "chunk"], name="outline_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}[{self.first_step}…{self.last_step}] at 1:{GRAINS[self.level]}"


def extremes(
    steps: Sequence[int], values: Sequence[float], grain: int
) -> tuple[list[int], list[float]]:
    """The first and the last point, and of every `grain` points the lowest and the highest."""
    kept = {0, len(steps) - 1}
    for start in range(0, len(steps), grain):
        part = values[start : start + grain]
        kept.add(start + part.index(min(part)))
        kept.add(start + part.index(max(part)))
    places = sorted(kept)
    return [steps[place] for place in places], [values[place] for place in places]


def outlined(chunk: Packed, level: int) -> Packed:
    """The outline of a chunk that has none yet."""
    values = from_bytes(chunk.kind, chunk.values)
    return Packed(name=chunk.name, **pack(*extremes(steps_of(chunk), values, GRAINS[level])))


def thinned(chunks: list[Packed]) -> list[Packed]:
    """The line in MOST points at most, where it has more."""
    size = sum(chunk.size for chunk in chunks)
    if size <= MOST:
        return chunks
    steps: list[int] = []
    values: list[float] = []
    for chunk in chunks:
        steps.extend(steps_of(chunk))
        values.extend(from_bytes(chunk.kind, chunk.values))
    grain = -(-size // (MOST // 2 - 1))
    return [Packed(name=chunks[0].name, **pack(*extremes(steps, values, grain)))]


def level_for(points: int) -> int:
    """The finest level that gives not much more than what is drawn."""
    fits = (level for level, grain in enumerate(GRAINS) if 2 * points / grain <= 2 * MOST)
    return next(fits, len(GRAINS) - 1)
