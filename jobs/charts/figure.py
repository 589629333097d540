"""The chart of one family of metrics as one binary message.

It travels so that ten thousand points cost neither JSON nor base64:

    uint32  length of the header (little-endian)
    header  JSON: {"figure": {"data", "layout"}, "counts": {name: points in all},
            "corrections": a number}, which is another one when earlier points have changed
    arrays  float32, float64 or uint32, each at a multiple of 8 bytes after the header

In a trace, {"at": offset, "count": n, "kind": "f"|"d"|"I"} stands for an array. Colours are not chosen
here: `meta.role` names what a trace is, and the page's style sheet knows how that looks.
"""

from __future__ import annotations

import json
import struct
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import plotly.graph_objects as go

from jobs.charts.families import about, family_of, group, labels, rank, role, title

Json = dict[str, Any]
ALIGNMENT = 8
CHOSEN_BY = {"loss", "accuracy", "reward"}  # what checkpoints are judged by
MOST_DOTS = 200  # on a line; each is an element of the page


class Chunk(NamedTuple):
    """Consecutive points of one series. With a stride, `steps` is empty; else it is uint32 each."""

    name: str
    first_step: int
    last_step: int
    size: int
    stride: int | None
    steps: bytes
    kind: str  # of the values: "f" is float32, "d" float64
    values: bytes


class Span(NamedTuple):
    """Steps behind the one and up to the other."""

    after: int = -1
    until: int = (1 << 32) - 1


EVERYWHERE = Span()


class Mark(NamedTuple):
    """A checkpoint; `listed`: the service still has it."""

    step: int
    metrics: Mapping[str, float]
    model: str = ""
    listed: bool = True


def figure(
    family: str,
    chunks: Iterable[Chunk],
    marks: Sequence[Mark] = (),
    *,
    counts: Mapping[str, int],
    corrections: int = 0,
    span: Span = EVERYWHERE,
    outlined: Collection[str] = (),
) -> bytes:
    """The chart of one family of metrics, checkpoints as marks; only points within the span."""
    arrays = Arrays()
    by_name = {name: list(parts) for name, parts in groupby(chunks, key=lambda chunk: chunk.name)}
    words = labels(sorted(counts, key=rank))
    traces = [
        line(name, word, counts[name] <= MOST_DOTS)
        | points(by_name.get(name, []), span, arrays)
        | {"outlined": name in outlined}
        for name, word in words.items()
    ]
    traces += checkpoint_trace(family, marks)
    header = {
        "figure": {"data": traces, "layout": layout(family)},
        "counts": dict(counts),
        "corrections": corrections,
    }
    return arrays.message(header)


class Arrays:
    """The binary part of a message, collected piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.length = 0

    def put(self, raw: bytes, kind: str, count: int) -> Json:
        reference = {"at": self.length, "count": count, "kind": kind}
        padding = -len(raw) % ALIGNMENT
        self.pieces += [raw, bytes(padding)]
        self.length += len(raw) + padding
        return reference

    def message(self, header: Json) -> bytes:
        text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-(len(text) + 4) % ALIGNMENT)
        return b"".join([struct.pack("<I", len(text)), text, *self.pieces])


def points(chunks: Sequence[Chunk], span: Span, arrays: Arrays) -> Json:
    """x and y of a trace. Steps at one distance throughout are told by the first one and it."""
    parts = [part for part in (within(chunk, span) for chunk in chunks) if part.size]
    if not parts:
        return {"x": [], "y": []}
    kind = "d" if any(part.kind == "d" for part in parts) else "f"
    count = sum(part.size for part in parts)
    y = arrays.put(b"".join(widened(part, kind) for part in parts), kind, count)
    if stride := common_stride(parts):
        return {"x0": parts[0].first_step, "dx": stride, "y": y}
    steps = b"".join(part.steps or spelled_out(part).tobytes() for part in parts)
    return {"x": arrays.put(steps, "I", count), "y": y}


def within(chunk: Chunk, span: Span) -> Chunk:
    """The part of a chunk whose steps are in the span."""
    if span.after < chunk.first_step and chunk.last_step <= span.until:
        return chunk
    steps = array("I", chunk.steps) if chunk.steps else spelled_out(chunk)
    start, end = bisect_right(steps, span.after), bisect_right(steps, span.until)
    kept, size = steps[start:end], array(chunk.kind).itemsize
    return chunk._replace(
        first_step=kept[0] if kept else 0,
        last_step=kept[-1] if kept else 0,
        size=len(kept),
        steps=chunk.steps and kept.tobytes(),
        values=chunk.values[start * size : end * size],
    )


def spelled_out(chunk: Chunk) -> array[int]:
    return array("I", range(chunk.first_step, chunk.last_step + 1, chunk.stride or 1))


def widened(chunk: Chunk, kind: str) -> bytes:
    return chunk.values if chunk.kind == kind else array(kind, array("f", chunk.values)).tobytes()


def common_stride(parts: Sequence[Chunk]) -> int | None:
    """The distance of all steps, across chunks too; None where there is no such thing."""
    strides = {part.stride for part in parts if part.size > 1 or part.stride is None}
    strides |= {b.first_step - a.last_step for a, b in pairwise(parts)}
    return strides.pop() if len(strides) == 1 else 1 if not strides else None


@cache
def line(name: str, words: str, is_sparse: bool) -> Json:
    """The trace of one metric: a line, with dots where it has few points and not one at every step."""
    part = role(name)
    trace = go.Scatter(
        name=name,
        mode="lines+markers" if is_sparse and part != "train" else "lines",
        meta={"role": part or "other", "label": words, "about": about(name), "group": group(name)},
    )
    return dict(trace.to_plotly_json())


def checkpoint_trace(family: str, marks: Sequence[Mark]) -> list[Json]:
    """Each at the most telling of its metrics that is on this chart; no trace where none is, or
    where nobody would choose a checkpoint by it."""
    if family not in CHOSEN_BY:
        return []
    placed = [(mark, height) for mark in marks if (height := telling(family, mark)) is not None]
    if not placed:
        return []
    trace = {
        "type": "scatter",
        "name": "checkpoint",
        "mode": "markers",
        "meta": {"role": "checkpoint"},
        "x": [mark.step for mark, _ in placed],
        "y": [height for _, height in placed],
        "customdata": [[m.model, "" if m.listed else "no longer listed"] for m, _ in placed],
    }
    return [trace]


def telling(family: str, mark: Mark) -> float | None:
    """The figure of the highest role; of several, the one that is not of a part, such as a grader."""
    names = [name for name in mark.metrics if family_of(name) == family and role(name)]
    best = max(names, key=lambda name: (rank(name)[0], "." not in name, name), default=None)
    return mark.metrics[best] if best else None


@cache
def layout(family: str) -> Json:
    """Axes and behaviour; sizes and colours belong to the page."""
    figure = go.Figure(
        layout=go.Layout(
            template="none",
            hovermode="x unified",
            dragmode="zoom",
            uirevision="kept",  # a live update must not undo the reader's zoom
            xaxis={"title": {"text": "step"}, "rangemode": "tozero", "zeroline": False},
            yaxis={"title": {"text": title(family).lower()}, "zeroline": False},
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            margin={"l": 56, "r": 16, "t": 32, "b": 44},
        )
    )
    return dict(figure.layout.to_plotly_json())
