from datetime import timedelta

import pytest

from jobs.models import Job
from tests.listening import refreshed
from tests.making import BORN, make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(upstream: FakeUpstream) -> Job:
    upstream.add()
    return make_job(upstream_id="ftjob-1")


def test_steps_tell_progress_and_pace(job: Job, upstream: FakeUpstream):
    for step in range(1, 31):
        upstream.log(step, train_loss=1 / step)

    refreshed(job)

    assert (job.step, job.total_steps, job.progress) == (30, 300, 10)
    assert job.seconds_per_step == pytest.approx(1.0)
    assert job.eta == job.stepped_at + timedelta(seconds=270)


def test_training_begins_with_the_event_that_says_so(job: Job, upstream: FakeUpstream):
    upstream.say("Validating training file: file-train")
    upstream.say("Fine-tuning job started")
    upstream.log(1, train_loss=1.0)

    assert refreshed(job).started_at == BORN + timedelta(seconds=1)


def test_a_pause_does_not_slow_the_pace(job: Job, upstream: FakeUpstream):
    for step in range(1, 31):
        upstream.log(step, train_loss=1 / step)
    refreshed(job)
    for step in range(31, 61):
        upstream.log(step, train_loss=1 / step)
        upstream.events["ftjob-1"][-1]["created_at"] += 5000

    refreshed(job)

    assert job.seconds_per_step == pytest.approx(1.0)


def test_a_job_that_is_resumed_from_a_checkpoint_is_where_it_makes_steps_again(
    job: Job, upstream: FakeUpstream
):
    for step in range(1, 31):
        upstream.log(step, train_loss=1 / step)
    refreshed(job)
    for step in range(21, 26):
        upstream.log(step, train_loss=1 / step)
        upstream.events["ftjob-1"][-1] |= {
            "id": f"again-{step}",
            "created_at": upstream.events["ftjob-1"][-1]["created_at"] + 5000,
        }

    refreshed(job)

    assert (job.step, job.stepped_at) == (25, BORN + timedelta(seconds=5034))
    assert job.seconds_per_step == pytest.approx(1.0)


def test_what_is_told_late_of_an_earlier_step_does_not_lead_back(job: Job, upstream: FakeUpstream):
    for step in range(1, 31):
        upstream.log(step, train_loss=1 / step)
    refreshed(job)
    upstream.log(20, full_valid_loss=0.5)
    upstream.events["ftjob-1"][-1] |= {"id": "late", "created_at": int(BORN.timestamp()) + 5000}

    refreshed(job)

    assert (job.step, job.best_step) == (30, 20)


def test_the_best_loss_is_of_the_most_telling_kind(job: Job, upstream: FakeUpstream):
    upstream.log(1, train_loss=0.1)
    assert refreshed(job).best_loss_name == "train_loss"
    upstream.log(2, train_loss=0.1, valid_loss=0.9)
    upstream.log(3, train_loss=0.1, valid_loss=0.7, full_valid_loss=0.8)
    upstream.log(4, train_loss=0.1, valid_loss=0.6, full_valid_loss=0.85)

    refreshed(job)

    assert (job.best_loss, job.best_loss_name, job.best_step) == (0.8, "full_valid_loss", 3)


def test_the_sparkline_follows_the_training_loss(job: Job, upstream: FakeUpstream):
    for step in range(1, 101):
        upstream.log(step, train_loss=1 / step)

    assert refreshed(job).sparkline.startswith("0,1 ")


def test_the_sparkline_of_a_job_by_reward_follows_its_reward(job: Job, upstream: FakeUpstream):
    for step in range(1, 11):
        upstream.log(step, train_mean_reward=step / 10, train_kl=0.1, train_loss=0.0)

    height = [float(point.split(",")[1]) for point in refreshed(job).sparkline.split()]

    assert height == sorted(height, reverse=True)
    assert height[0] > height[-1]


def test_a_failed_job_without_an_end_ended_with_its_last_event(job: Job, upstream: FakeUpstream):
    upstream.jobs["ftjob-1"] |= {
        "status": "failed",
        "error": {"code": "invalid_n_examples", "message": "7 examples", "param": "training_file"},
    }
    upstream.say("7 examples", level="error")

    refreshed(job)

    assert (job.finished_at, job.ended_at) == (None, BORN)
    assert (job.error_code, job.error_param) == ("invalid_n_examples", "training_file")
