"""Which of a job's stored checkpoints is marked as the best, and what its table shows."""

import pytest
from django.utils import timezone

from jobs import advisor
from jobs.models import Checkpoint, Job
from jobs.views.checkpoints import checkpoints_context
from tests.making import make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    return make_job()


def make_checkpoint(job: Job, step: int, gone_at=None, **metrics: float) -> Checkpoint:
    return Checkpoint.objects.create(
        job=job, upstream_id=f"c{step}", step=step, metrics=metrics, gone_at=gone_at
    )


def marked(job: Job) -> dict[int | None, str]:
    rows = checkpoints_context(job)["rows"]
    return {checkpoint.step: mark for checkpoint, _, mark in rows if mark}


def test_the_best_checkpoint_has_the_lowest_full_validation_loss(job: Job):
    make_checkpoint(job, 10, full_valid_loss=0.5, train_loss=0.4)
    make_checkpoint(job, 20, full_valid_loss=0.3, train_loss=0.2)
    make_checkpoint(job, 30, full_valid_loss=0.4, train_loss=0.1)

    assert marked(job) == {20: "best"}


def test_losses_of_different_kinds_are_not_compared(job: Job):
    make_checkpoint(job, 10, train_loss=0.1)
    make_checkpoint(job, 20, full_valid_loss=0.3)

    assert marked(job) == {20: "best"}


def test_when_the_best_one_is_gone_the_best_of_those_left_is_told_too(job: Job):
    make_checkpoint(job, 10, gone_at=timezone.now(), full_valid_loss=0.1)
    make_checkpoint(job, 20, full_valid_loss=0.3)
    make_checkpoint(job, 30, full_valid_loss=0.4)

    assert marked(job) == {10: "best", 20: "best left"}


@pytest.mark.parametrize("metrics", [{"train_loss": 0.1}, {}])
def test_without_validation_none_is_the_best(job: Job, metrics: dict[str, float]):
    make_checkpoint(job, 10, **metrics)

    assert marked(job) == {}


def test_the_table_has_the_columns_that_the_job_has(job: Job):
    make_checkpoint(job, 10, train_mean_reward=0.2, full_valid_mean_reward=0.3)
    make_checkpoint(job, 20, train_mean_reward=0.4)

    context = checkpoints_context(job)

    assert context["labels"] == ["Training reward", "Validation reward"]
    assert [figures for _, figures, _ in context["rows"]] == [[0.2, 0.3], [0.4, None]]
    assert (context["has_gap"], context["has_accuracy"]) == (False, False)


def test_an_advice_looks_at_the_curves_that_are_stored(job: Job):
    for step, loss in ((10, 1.4), (20, 1.6)):
        make_checkpoint(job, step, full_valid_loss=loss)

    advice = advisor.of_job(job, list(job.checkpoints.all()))

    assert advice is not None
    assert (advice.best, advice.band) == (10, None)


def test_only_a_checkpoint_that_has_a_name_can_be_taken(job: Job):
    best = make_checkpoint(job, 10, full_valid_loss=0.1)
    assert checkpoints_context(job)["chosen"] is None

    Checkpoint.objects.update(model="ft:tiny:x")

    assert checkpoints_context(job)["chosen"] == best
