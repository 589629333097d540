"""How points lie in a row: float32 where that is exact, equal distances of steps told by one number.

Pure: bytes in and out, nothing of the database. Bytes are little-endian whatever the machine.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

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


def pack(steps: Sequence[int], values: Sequence[float]) -> dict[str, Any]:
    """Columns of a Series row for points in step order."""
    strides = {b - a for a, b in pairwise(steps)} or {1}
    stride = strides.pop() if len(strides) == 1 else None
    narrow = array("f", [clamped(value) for value in values])
    kind = "f" if list(narrow) == list(values) else "d"
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
    return zip(steps_of(chunk), from_bytes(chunk.kind, chunk.values), strict=True)


def steps_of(chunk: Packed) -> Sequence[int]:
    if chunk.stride:
        return range(chunk.first_step, chunk.last_step + 1, chunk.stride)
    return from_bytes("I", chunk.steps)


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
