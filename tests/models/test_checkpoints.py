import pytest
from django.utils import timezone

from jobs.models import Checkpoint
from tests.making import make_job

pytestmark = pytest.mark.django_db


def make_checkpoint(step: int, **given):
    job = given.pop("job", None) or make_job()
    metrics = {name: value for name, value in given.items() if name != "gone_at"}
    return Checkpoint.objects.create(
        job=job, upstream_id=f"c{step}", step=step, metrics=metrics, gone_at=given.get("gone_at")
    )


def best(job) -> list[int | None]:
    return [c.step for c in job.checkpoints.with_best() if c.is_best]


def test_the_best_checkpoint_has_the_lowest_full_validation_loss():
    job = make_job()
    make_checkpoint(10, job=job, full_valid_loss=0.5, train_loss=0.4)
    make_checkpoint(20, job=job, full_valid_loss=0.3, train_loss=0.2)
    make_checkpoint(30, job=job, full_valid_loss=0.4, train_loss=0.1)

    assert best(job) == [20]


def test_losses_of_different_kinds_are_not_compared():
    job = make_job()
    make_checkpoint(10, job=job, train_loss=0.1)
    make_checkpoint(20, job=job, full_valid_loss=0.3)

    assert best(job) == [20]


def test_when_the_best_one_is_gone_the_best_of_those_left_is_told_too():
    job = make_job()
    make_checkpoint(10, job=job, full_valid_loss=0.1, gone_at=timezone.now())
    make_checkpoint(20, job=job, full_valid_loss=0.3)
    make_checkpoint(30, job=job, full_valid_loss=0.4)

    assert best(job) == [10]
    assert [c.step for c in job.checkpoints.with_best() if c.is_best_left] == [20]


def test_training_loss_alone_makes_none_the_best():
    job = make_job()
    make_checkpoint(10, job=job, train_loss=0.1)

    assert best(job) == []


def test_without_losses_none_is_the_best():
    job = make_job()
    make_checkpoint(10, job=job)

    assert best(job) == []


def test_the_gap_is_validation_minus_training():
    assert make_checkpoint(1, full_valid_loss=1.5, train_loss=0.5).gap == 1.0
    assert make_checkpoint(2, train_loss=0.5).gap is None
    assert make_checkpoint(3, valid_loss=0.5).gap is None


def test_accuracy_is_the_most_telling_one():
    both = {"train_mean_token_accuracy": 0.9, "full_valid_mean_token_accuracy": 0.7}

    assert make_checkpoint(1, **both).accuracy == 0.7
    assert make_checkpoint(2, train_reward_accuracy=0.8).accuracy == 0.8
    assert make_checkpoint(3, train_loss=0.8).accuracy is None
