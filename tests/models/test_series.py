import random
import struct

import pytest

from jobs.models import Series
from jobs.models.series import CHUNK, pack
from tests.making import make_job

pytestmark = pytest.mark.django_db


def f32(value: float) -> float:
    return struct.unpack("f", struct.pack("f", value))[0]


def test_points_come_back_exactly_as_they_were_given():
    job = make_job()
    given = {1: 0.8681986331939697, 2: 0.1, 3: 1e-300, 4: 1e300, 7: -5.5}

    Series.objects.add(job, {"train_loss": given})

    assert job.series.points("train_loss") == given


def test_values_that_float32_holds_exactly_take_four_bytes():
    exact = pack([1, 2], [f32(0.1), f32(0.7)])
    wide = pack([1, 2], [0.1, f32(0.7)])

    assert (exact["kind"], len(exact["values"])) == ("f", 8)
    assert (wide["kind"], len(wide["values"])) == ("d", 16)


def test_steps_at_equal_distances_take_no_bytes():
    regular, irregular = pack([10, 20, 30], [1.0] * 3), pack([10, 20, 31], [1.0] * 3)

    assert (regular["stride"], regular["steps"]) == (10, b"")
    assert (irregular["stride"], len(irregular["steps"])) == (None, 12)


def test_a_long_series_grows_by_its_tail_alone():
    job = make_job()
    Series.objects.add(job, {"train_loss": dict.fromkeys(range(1, CHUNK + 11), 1.0)})
    first = job.series.get(chunk=0)

    Series.objects.add(job, {"train_loss": {CHUNK + 11: 2.0}})

    assert job.series.count() == 2
    assert job.series.get(chunk=0).pk == first.pk
    assert len(job.series.points("train_loss")) == CHUNK + 11
    assert Series.curves(job.pk, ["train_loss"], after=CHUNK)[0].first_step == CHUNK + 1


def test_points_may_come_in_any_order_and_more_than_once():
    job = make_job()
    steps = list(range(1, 3 * CHUNK, 7))
    points = {step: step / 10 for step in steps}
    random.Random(4).shuffle(steps)  # noqa: S311 (an order, not a secret)

    for start in range(0, len(steps), 500):
        part = {step: points[step] for step in steps[start : start + 600]}
        Series.objects.add(job, {"valid_loss": part})

    assert job.series.points("valid_loss") == points
    assert list(job.series.points("valid_loss")) == sorted(points)


def test_a_step_takes_the_newer_value_unless_it_is_told_that_it_is_older():
    job = make_job()
    Series.objects.add(job, {"train_loss": {1: 5.0, 2: 4.0}})

    Series.objects.add(job, {"train_loss": {2: 3.0}})
    Series.objects.add(job, {"train_loss": {1: 9.0, 0: 8.0}}, older=True)

    assert job.series.points("train_loss") == {0: 8.0, 1: 5.0, 2: 3.0}


def test_jobs_and_metrics_do_not_mix():
    one, other = make_job(), make_job()

    Series.objects.add(one, {"train_loss": {1: 1.0}, "valid_loss": {1: 2.0, 2: 2.5}})
    Series.objects.add(other, {"train_loss": {1: 3.0}})

    assert Series.counts(one.pk) == {"train_loss": 1, "valid_loss": 2}
    assert other.series.points("train_loss") == {1: 3.0}
