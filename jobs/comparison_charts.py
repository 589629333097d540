"""One metric of many jobs as a figure: a line a job, thinned so that a hundred cost little more than ten.

It travels as jobs.charts sends figures. `meta` says whose a line is and how it is told from others; what
the tones look like is up to the page. Nothing here knows a model or a request.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from html import escape
from typing import Any, NamedTuple

from jobs.charts.figure import Arrays, Chunk, Json, spelled_out

MOST_POINTS = 40_000  # of all lines together …
MOST_OF_A_LINE, LEAST_OF_A_LINE = 2_000, 200
MOST_DOTS = 24  # on a line; each is an element of the page
KEPT_LINES = 1_000

Thin = tuple["array[int]", "array[float]"]
kept: dict[bytes, Thin] = {}
Placed = Callable[[Sequence[int]], "array[float]"]  # steps to places on another axis


class Line(NamedTuple):
    """A job's curve. Without `placed` it lies by its steps."""

    job: int
    name: str
    tone: int
    dash: str
    chunks: tuple[Chunk, ...]
    placed: Placed | None = None


def figure(lines: Sequence[Line], axis: str, *, among: int = 0) -> bytes:
    """The message of these lines, drawn `among` so many, as what each may cost depends on that."""
    arrays = Arrays()
    most = points_each(among or len(lines))
    drawn = [line for line in lines if line.chunks]
    thin = {line.job: thinned(line.chunks, most) for line in drawn}
    traces = [trace(line, *thin[line.job], arrays) for line in drawn]
    header = {"figure": {"data": traces, "layout": layout(axis)}, "counts": {}, "corrections": 0}
    return arrays.message(header)


def points_each(lines: int) -> int:
    return max(LEAST_OF_A_LINE, min(MOST_OF_A_LINE, MOST_POINTS // max(1, lines)))


def trace(line: Line, steps: array[int], values: array[float], arrays: Arrays) -> Json:
    places = line.placed(steps) if line.placed else steps
    return {
        "type": "scatter",
        "name": escape(line.name),  # Plotly takes names for markup
        "mode": "lines+markers" if len(steps) <= MOST_DOTS else "lines",
        "meta": {"role": "job", "job": line.job, "tone": line.tone, "dash": line.dash},
        "x": arrays.put(little(places), places.typecode, len(places)),
        "y": arrays.put(little(values), values.typecode, len(values)),
    }


def little(numbers: array[Any]) -> bytes:
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def layout(axis: str) -> Json:
    return {"xaxis": {"title": {"text": axis}, "rangemode": "tozero"}, "yaxis": {}}


def thinned(chunks: tuple[Chunk, ...], most: int) -> Thin:
    """At most so many points. What that took is kept by content, for whoever asks for it again."""
    if sum(chunk.size for chunk in chunks) <= most:
        return whole(chunks)
    key = digest(chunks, most)
    known = kept.get(key)  # at once: another thread may begin anew
    if known:
        return known
    steps, values = whole(chunks)
    at = extremes(values, most // 2 - 1)
    thin = (
        array("I", [steps[index] for index in at]),
        array(values.typecode, [values[index] for index in at]),
    )
    if len(kept) >= KEPT_LINES:
        kept.clear()
    kept[key] = thin
    return thin


def digest(chunks: tuple[Chunk, ...], most: int) -> bytes:
    found = blake2b(most.to_bytes(4), digest_size=16)
    for chunk in chunks:
        found.update(repr((chunk.first_step, chunk.stride, chunk.kind)).encode())
        found.update(chunk.steps)
        found.update(chunk.values)
    return found.digest()


def whole(chunks: tuple[Chunk, ...]) -> Thin:
    steps, values = array("I"), array("d" if any(c.kind == "d" for c in chunks) else "f")
    for chunk in chunks:
        steps.extend(array("I", chunk.steps) if chunk.steps else spelled_out(chunk))
        values.extend(array(values.typecode, array(chunk.kind, chunk.values)))
    return steps, values


def extremes(values: array[float], stretches: int) -> list[int]:
    """Where the lowest and the highest of equal stretches are, and both ends."""
    kept = {0, len(values) - 1}
    for index in range(stretches):
        start = index * len(values) // stretches
        part = values[start : (index + 1) * len(values) // stretches]
        kept |= {start + part.index(min(part)), start + part.index(max(part))}
    return sorted(kept)


def times(factor: float) -> Placed:
    """Places that are proportional to the steps."""
    return lambda steps: array("d", [step * factor for step in steps])


def along(anchors: Mapping[int, float]) -> Placed:
    """Places between known ones; before the first and behind the last they stand still."""
    known = sorted(anchors)

    def place(step: int) -> float:
        at = bisect_left(known, step)
        if at == 0 or at == len(known):
            return anchors[known[min(at, len(known) - 1)]]
        before, after = known[at - 1], known[at]
        part = (step - before) / (after - before)
        return (1 - part) * anchors[before] + part * anchors[after]

    return lambda steps: array("d", map(place, steps))
