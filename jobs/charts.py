"""Packed points in, Plotly figures out. Nothing here knows a request or a model.

A figure travels as one binary message, so that ten thousand points cost neither JSON nor base64:

    uint32  length of the header (little-endian)
    header  JSON: {"figure": {"data", "layout"}, "counts": {name: points in all},
            "corrections": a number}, which is another one when earlier points have changed
    arrays  float32, float64 or uint32, each at a multiple of 8 bytes after the header

In a trace, {"at": offset, "count": n, "kind": "f"|"d"|"I"} stands for an array. Colours are not chosen
here: `meta.role` names what a trace is, and the page's style sheet knows how that looks.
"""

from __future__ import annotations

import json
import re
import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import plotly.graph_objects as go

Json = dict[str, Any]
ALIGNMENT = 8
SPARKLINE = (96, 24, 48)  # width, height, most points
HIGHEST = 1e300  # on a sparkline: twice as much is still a number
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


Mark = tuple[int, float | None, str, bool]  # step, loss, model, whether the service still lists it

FAMILIES = {
    "loss": "Loss",
    "accuracy": "Accuracy",
    "reward": "Reward",
    "errors": "Errors",
    "tokens": "Tokens",
    "timing": "Seconds",
    "other": "Other metrics",
}
NAMED = {
    "loss": re.compile(r"_loss$"),
    "accuracy": re.compile(r"_accuracy$"),
    "timing": re.compile(r"^timing\."),
    "errors": re.compile(r"^errors\.|error|unresponsive"),
    "tokens": re.compile(r"^usage\.|tokens"),
    "reward": re.compile(r"reward"),
}
"""What is measured in the same unit goes on one chart: the first pattern that fits a metric's name."""


def family_of(name: str) -> str:
    """The chart on which a metric is drawn."""
    return next((family for family, named in NAMED.items() if named.search(name)), "other")


def families(names: Iterable[str]) -> dict[str, list[str]]:
    """The charts that these metrics need, in the order in which a page shows them."""
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=rank):
        found.setdefault(family_of(name), []).append(name)
    return {family: found[family] for family in FAMILIES if family in found}


def rank(name: str) -> tuple[int, str]:
    """Train first, then batches of validation, then the whole validation set on top."""
    return (("train", "valid", "full").index(role(name)) if role(name) else 3, name)


def role(name: str) -> str:
    return next((part for part in ("train", "valid", "full") if name.startswith(part)), "")


def figure(
    family: str,
    chunks: Iterable[Chunk],
    marks: Sequence[Mark] = (),
    *,
    counts: Mapping[str, int],
    corrections: int = 0,
    after: int = -1,
) -> bytes:
    """The chart of one family of metrics, checkpoints as marks; only points of steps behind `after`."""
    arrays = Arrays()
    by_name = {name: list(parts) for name, parts in groupby(chunks, key=lambda chunk: chunk.name)}
    traces = [
        line(name, counts[name] <= MOST_DOTS) | points(by_name.get(name, []), after, arrays)
        for name in sorted(counts, key=rank)
    ]
    if marks:
        traces.append(checkpoint_trace(marks))
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


def points(chunks: Sequence[Chunk], after: int, arrays: Arrays) -> Json:
    """x and y of a trace. Steps at one distance throughout are told by the first one and it."""
    parts = [part for part in (behind(chunk, after) for chunk in chunks) if part.size]
    if not parts:
        return {"x": [], "y": []}
    kind = "d" if any(part.kind == "d" for part in parts) else "f"
    count = sum(part.size for part in parts)
    y = arrays.put(b"".join(widened(part, kind) for part in parts), kind, count)
    if stride := common_stride(parts):
        return {"x0": parts[0].first_step, "dx": stride, "y": y}
    steps = b"".join(part.steps or spelled_out(part).tobytes() for part in parts)
    return {"x": arrays.put(steps, "I", count), "y": y}


def behind(chunk: Chunk, after: int) -> Chunk:
    """The part of a chunk whose steps are greater than `after`."""
    if chunk.first_step > after:
        return chunk
    steps = array("I", chunk.steps) if chunk.steps else spelled_out(chunk)
    skipped = bisect_right(steps, after)
    size = array(chunk.kind).itemsize
    return chunk._replace(
        first_step=steps[skipped] if skipped < chunk.size else after + 1,
        size=chunk.size - skipped,
        steps=chunk.steps[skipped * steps.itemsize :],
        values=chunk.values[skipped * size :],
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
def line(name: str, is_sparse: bool) -> Json:
    """The trace of one metric: a line, with dots where it has few points and not one at every step."""
    part = role(name)
    trace = go.Scatter(
        name=name,
        mode="lines+markers" if is_sparse and part != "train" else "lines",
        meta={"role": part or "other"},
        hovertemplate="%{y:.5g}" if part == "train" else "%{y:.5g} at step %{x}",
    )
    return dict(trace.to_plotly_json())


def checkpoint_trace(marks: Sequence[Mark]) -> Json:
    placed = [mark for mark in marks if mark[1] is not None]
    return {
        "type": "scatter",
        "name": "checkpoint",
        "mode": "markers",
        "meta": {"role": "checkpoint"},
        "x": [step for step, _, _, _ in placed],
        "y": [loss for _, loss, _, _ in placed],
        "customdata": [
            [model, "" if listed else "no longer listed"] for _, _, model, listed in placed
        ],
        "hovertemplate": "of step %{x} %{customdata[1]}",
    }


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
            yaxis={"title": {"text": FAMILIES[family].lower()}, "zeroline": False},
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            margin={"l": 56, "r": 16, "t": 32, "b": 44},
        )
    )
    return dict(figure.layout.to_plotly_json())


def sparkline(values: Sequence[float]) -> str:
    """A series as the points of a small SVG polyline, "x,y x,y …": means of equal stretches."""
    width, height, most = SPARKLINE
    size = max(1, -(-len(values) // most))
    means = [
        max(-HIGHEST, min(sum(stretch) / len(stretch), HIGHEST))
        for stretch in (values[start : start + size] for start in range(0, len(values), size))
    ]
    if len(means) < 2:
        return ""
    low, high = min(means), max(means)
    scale = (height - 2) / (high - low) if high > low else 0
    return " ".join(
        f"{index * width / (len(means) - 1):.4g},{1 + (high - mean) * scale:.4g}"
        for index, mean in enumerate(means)
    )
