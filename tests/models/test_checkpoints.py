import pytest

from jobs.models import Checkpoint
from tests.making import make_job

pytestmark = pytest.mark.django_db


def make_checkpoint(step: int, **given):
    job = given.pop("job", None) or make_job()
    metrics = {name: value for name, value in given.items() if name != "gone_at"}
    return Checkpoint.objects.create(
        job=job, upstream_id=f"c{step}", step=step, metrics=metrics, gone_at=given.get("gone_at")
    )


def test_the_gap_is_validation_minus_training():
    assert make_checkpoint(1, full_valid_loss=1.5, train_loss=0.5).gap == 1.0
    assert make_checkpoint(2, train_loss=0.5).gap is None
    assert make_checkpoint(3, valid_loss=0.5).gap is None


def test_accuracy_is_the_most_telling_one():
    both = {"train_mean_token_accuracy": 0.9, "full_valid_mean_token_accuracy": 0.7}

    assert make_checkpoint(1, **both).accuracy == 0.7
    assert make_checkpoint(2, train_reward_accuracy=0.8).accuracy == 0.8
    assert make_checkpoint(3, train_loss=0.8).accuracy is None
