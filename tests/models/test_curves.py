import random

import pytest

from jobs.models import Job, Outline, Series
from jobs.models.curves import WHOLE, drawing, extent
from jobs.models.outline import MOST, extremes
from jobs.models.packing import CHUNK, Points, unpack
from tests.making import make_job

pytestmark = pytest.mark.django_db
SPIKES = {5_003: 99.0, 31_234: -99.0}


def curve(count: int) -> Points:
    noise = random.Random(count)  # noqa: S311 (a curve, not a secret)
    return {step: noise.random() for step in range(1, count + 1)}


def drawn(job: Job, since: int = 0, until: int = 1 << 31) -> tuple[Points, list[str]]:
    reached = {name: near for name, (_, near) in extent(job.pk, since, until).items()}
    chunks, outlined = drawing(job.pk, reached, since, until)
    return unpack(chunks), outlined


def test_a_short_line_is_drawn_with_every_point():
    job, points = make_job(), curve(WHOLE)
    Series.objects.add(job, {"train_loss": points})

    assert drawn(job) == (points, [])


def test_a_long_line_is_drawn_by_its_extremes():
    job, points = make_job(), curve(40_000) | SPIKES
    Series.objects.add(job, {"train_loss": points})

    found, outlined = drawn(job)

    assert outlined == ["train_loss"]
    assert len(found) <= MOST
    assert SPIKES.items() <= found.items() <= points.items()
    assert (min(found), max(found)) == (1, 40_000)


def test_a_part_of_a_long_line_has_every_point_again():
    job, points = make_job(), curve(40_000)
    Series.objects.add(job, {"train_loss": points})

    found, outlined = drawn(job, since=20_000, until=21_000)

    assert outlined == []
    assert {step: points[step] for step in range(20_000, 21_001)}.items() <= found.items()
    assert len(found) <= 2 * CHUNK


def test_an_outline_grows_with_its_line():
    job, points = make_job(), curve(30_000)
    steps = list(points)
    for start in range(0, len(steps), 3_000):
        part = {step: points[step] for step in steps[start : start + 3_000]}
        Series.objects.add(job, {"train_loss": part})

    Series.objects.add(job, {"train_loss": {12: 50.0, 30_001: 1.5}})

    found, _ = drawn(job)
    assert found[12] == 50.0
    assert found[30_001] == 1.5
    assert Outline.objects.filter(level=0).count() == 30_000 // CHUNK


def test_a_line_is_as_dense_at_its_end_as_before():
    job = make_job()
    Series.objects.add(job, {"train_loss": curve(10 * CHUNK - 100)})

    steps = list(drawn(job)[0])

    last = sum(step > 9 * CHUNK for step in steps)
    before = sum(8 * CHUNK < step <= 9 * CHUNK for step in steps)
    assert abs(last - before) < before / 10


def test_short_lines_and_long_ones_share_a_chart():
    job = make_job()
    Series.objects.add(job, {"train_loss": curve(20_000), "valid_loss": curve(10)})

    found, outlined = drawn(job)

    assert outlined == ["train_loss"]
    assert {step: found[step] for step in range(1, 11)} == curve(10)
    assert extent(job.pk) == {"train_loss": (20_000, 20_000), "valid_loss": (10, 10)}


def test_extremes_keep_the_ends_and_the_order():
    steps, values = extremes([1, 2, 3, 4, 5, 6], [3.0, 9.0, 1.0, 2.0, 2.0, 2.5], 3)

    assert (steps, values) == ([1, 2, 3, 4, 6], [3.0, 9.0, 1.0, 2.0, 2.5])
