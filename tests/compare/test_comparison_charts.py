import json
import struct
from array import array
from typing import Any

import pytest
from hypothesis import given, strategies as st

from jobs import comparison_charts as drawing
from jobs.charts import Chunk


def chunk(values: list[float], first: int = 1, stride: int = 1) -> Chunk:
    last = first + stride * (len(values) - 1)
    kept = array("f", values)
    return Chunk("loss", first, last, len(values), stride, b"", "f", kept.tobytes())


def line(job: int, *chunks: Chunk, **given: Any) -> drawing.Line:
    return drawing.Line(job, f"job-{job}", job % 8, "", chunks, **given)


def traces(message: bytes) -> list[dict[str, Any]]:
    """As static/js/wire.js reads them."""
    (length,) = struct.unpack_from("<I", message)
    found = json.loads(message[4 : 4 + length])["figure"]["data"]
    for trace in found:
        for side in ("x", "y"):
            at, kind, count = (trace[side][name] for name in ("at", "kind", "count"))
            size = array(kind).itemsize * count
            trace[side] = list(array(kind, message[4 + length + at :][:size]))
    return found


def test_each_job_has_a_line_that_says_whose_it_is():
    lines = [line(3, chunk([2.5, 1.5])), line(4, chunk([2.0, 1.0], first=10, stride=5))]

    first, second = traces(drawing.figure(lines, "step"))

    assert (first["meta"]["job"], first["x"], first["y"]) == (3, [1, 2], [2.5, 1.5])
    assert (second["meta"]["job"], second["x"]) == (4, [10, 15])


def test_a_job_without_such_points_has_no_line():
    assert traces(drawing.figure([line(1)], "step")) == []


def test_a_name_is_never_markup():
    named = line(1, chunk([1.0]))._replace(name="<a href='x'>b</a>")

    assert "<" not in traces(drawing.figure([named], "step"))[0]["name"]


def test_a_long_line_keeps_its_ends_and_its_extremes():
    values = [1.0] * 50_000
    values[20_001], values[30_003] = 9.0, -3.0
    parts = (chunk(values[:4096]), chunk(values[4096:], first=4097))

    (trace,) = traces(drawing.figure([line(1, *parts)], "step"))

    points = dict(zip(trace["x"], trace["y"], strict=True))
    assert len(points) <= drawing.MOST_OF_A_LINE
    assert (points[20_002], points[30_004]) == (9.0, -3.0)
    assert {1, 50_000} <= points.keys()
    assert trace["x"] == sorted(trace["x"])


def test_a_hundred_lines_cost_as_many_points_as_twenty():
    def points(count: int) -> int:
        lines = [line(job, chunk([float(job)] * 5_000)) for job in range(count)]
        return sum(len(trace["x"]) for trace in traces(drawing.figure(lines, "step")))

    assert points(100) <= drawing.MOST_POINTS
    assert points(20) <= drawing.MOST_POINTS


def test_lines_that_come_alone_are_as_fine_as_among_all():
    long = line(1, chunk([float(step % 7) for step in range(5_000)]))
    others = [line(job, chunk([1.0])) for job in range(2, 101)]

    alone = traces(drawing.figure([long], "step", among=100))
    among = traces(drawing.figure([long, *others], "step"))

    assert alone[0] == among[0]


def test_what_is_kept_is_not_given_for_other_values():
    one, other = chunk([1.0] * 9_000), chunk([2.0] * 9_000)

    first = traces(drawing.figure([line(1, one)], "step"))
    second = traces(drawing.figure([line(1, other)], "step"))

    assert (first[0]["y"][0], second[0]["y"][0]) == (1.0, 2.0)


def test_steps_may_lie_on_another_axis():
    by_epoch = line(1, chunk([2.0, 1.0], first=10, stride=10), placed=drawing.times(1 / 20))
    by_time = line(2, chunk([2.0, 1.0, 0.5]), placed=drawing.along({1: 0.0, 3: 10.0}))

    epochs, times = traces(drawing.figure([by_epoch, by_time], "any"))

    assert epochs["x"] == pytest.approx([0.5, 1.0])
    assert times["x"] == [0.0, 5.0, 10.0]


@given(st.dictionaries(st.integers(0, 99), st.floats(0, 1e6), min_size=1), st.integers(0, 200))
def test_time_never_leaves_what_is_known_of_it(anchors: dict[int, float], step: int):
    (at,) = drawing.along(anchors)([step])

    assert min(anchors.values()) * (1 - 1e-9) <= at <= max(anchors.values()) * (1 + 1e-9)
