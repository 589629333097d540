"""What a chart of a job draws: whole lines while they are short, outlines of those that are long.

A chart is asked for at every step, by all who look: plain SQL takes a tenth of the ORM's CPU.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from jobs.models.outline import level_for, outlined, thinned
from jobs.models.packing import CHUNK, MOST_STEPS, Packed, as_packed
from jobs.models.series import fetch, placeholders

WHOLE = 3 * CHUNK  # points of a line that is drawn with every one of them


class Drawing(NamedTuple):
    """The chunks of some lines by name and step; `outlined` names the lines that are thinned."""

    chunks: list[Packed]
    outlined: list[str]


def extent(job: int, since: int = 0, until: int = MOST_STEPS) -> dict[str, tuple[int, int]]:
    """By metric: how many points it has in all, and in the chunks that reach into these steps."""
    rows = fetch(EXTENT, until, since, job)
    return {name: (int(count), int(reached)) for name, count, reached in rows}


EXTENT = """
SELECT name, SUM(size), SUM(CASE WHEN first_step <= %s AND last_step >= %s THEN size ELSE 0 END)
  FROM jobs_series WHERE job_id = %s GROUP BY name ORDER BY name
"""


def drawing(
    job: int,
    reached: Mapping[str, int],
    since: int = 0,
    until: int = MOST_STEPS,
    most: int | None = WHOLE,
) -> Drawing:
    """The lines of these metrics between two steps; `reached` says how long each is there.

    A line of more than `most` points is thinned; None: none is.
    """
    short = [name for name, points in reached.items() if most is None or points <= most]
    levels: dict[int, list[str]] = {}
    for name, points in reached.items():
        if name not in short:
            levels.setdefault(level_for(points), []).append(name)
    chunks = whole(job, short, since, until)
    for level, names in levels.items():
        found = outlines(job, names, level, since, until)
        for _, parts in groupby(found, key=attrgetter("name")):
            chunks += thinned(list(parts))
    outlined = [name for names in levels.values() for name in names]
    return Drawing(sorted(chunks, key=attrgetter("name", "first_step")), outlined)


def whole(job: int, names: list[str], since: int, until: int) -> list[Packed]:
    if not names:
        return []
    rows = fetch(CHUNKS.format(placeholders(names)), job, since, until, *names)
    return [as_packed(row) for row in rows]


def outlines(job: int, names: list[str], level: int, since: int, until: int) -> list[Packed]:
    """Outlines of the full chunks, and of the tails of their series, made as they are read."""
    span = (job, since, until, *names)
    full = [as_packed(row) for row in fetch(OUTLINES.format(placeholders(names)), level, *span)]
    tails = [as_packed(row) for row in fetch(TAILS.format(placeholders(names)), *span)]
    return sorted(
        full + [outlined(tail, level) for tail in tails], key=attrgetter("name", "first_step")
    )


COLUMNS = 'name, first_step, last_step, size, stride, steps, kind, "values"'
SPAN = "job_id = %s AND last_step >= %s AND first_step <= %s AND name IN ({0})"
CHUNKS = f"SELECT {COLUMNS} FROM jobs_series WHERE {SPAN} ORDER BY name, chunk"  # noqa: S608 (constants)
OUTLINES = f"SELECT {COLUMNS} FROM jobs_outline WHERE level = %s AND {SPAN}"  # noqa: S608
TAILS = f"SELECT {COLUMNS} FROM jobs_series WHERE {SPAN} AND size < {CHUNK}"  # noqa: S608
