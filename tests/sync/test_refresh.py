from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from jobs.models import File, Job, Pulse
from tests.listening import listened, refreshed
from tests.making import make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(upstream: FakeUpstream) -> Job:
    upstream.add()
    return make_job(upstream_id="ftjob-1")


def test_the_same_words_twice_change_nothing(job: Job, upstream: FakeUpstream):
    upstream.log(1, train_loss=2.5)
    refreshed(job)
    revision, version = job.revision, Pulse.read().version

    refreshed(job)

    assert job.events.count() == 1
    assert (job.revision, Pulse.read().version) == (revision, version)


def test_news_raise_the_revision_and_the_version_once(job: Job, upstream: FakeUpstream):
    refreshed(job)
    revision, version = job.revision, Pulse.read().version
    upstream.log(1, train_loss=2.5)
    upstream.log(2, train_loss=2.4)

    refreshed(job)

    assert (job.revision, Pulse.read().version) == (revision + 1, version + 1)


def test_a_running_job_costs_one_request_while_its_list_is_fresh(job: Job, upstream: FakeUpstream):
    upstream.log(1, train_loss=2.5)
    refreshed(job)
    upstream.log(2, train_loss=2.4)
    upstream.asked.clear()

    refreshed(job)

    assert upstream.asked == ["GET fine_tuning/jobs/ftjob-1/events"]


def test_its_state_is_asked_for_when_the_list_has_not_told_it_lately(job, upstream: FakeUpstream):
    refreshed(job)
    Job.objects.update(confirmed_at=timezone.now() - timedelta(minutes=2))
    upstream.jobs["ftjob-1"]["status"] = "succeeded"

    refreshed(job)

    assert job.state == Job.State.SUCCEEDED


def test_checkpoints_that_vanish_are_kept_and_marked(job: Job, upstream: FakeUpstream):
    for step in (100, 200, 300):
        upstream.save(step, train_loss=1 / step)
    upstream.log(300, full_valid_loss=1.0)
    refreshed(job)

    upstream.save(400, train_loss=0.1)
    upstream.log(400, full_valid_loss=0.9)
    refreshed(job)

    marks = {c.step: c.gone_at is not None for c in job.checkpoints.all()}
    assert marks == {100: True, 200: False, 300: False, 400: False}


def test_a_checkpoint_may_take_its_final_name_later(job: Job, upstream: FakeUpstream):
    upstream.save(100)
    refreshed(job)
    upstream.checkpoints["ftjob-1"][0]["fine_tuned_model_checkpoint"] = "ft:final"
    upstream.jobs["ftjob-1"]["status"] = "succeeded"
    Job.objects.update(confirmed_at=None)

    refreshed(job)

    assert job.checkpoints.get().model == "ft:final"


def test_a_service_without_checkpoints_is_borne(job: Job, upstream: FakeUpstream):
    missing = httpx.Response(404, json={"error": {"message": "Unknown path"}})
    upstream.broken_paths["fine_tuning/jobs/ftjob-1/checkpoints"] = missing

    refreshed(job)
    upstream.log(1, train_loss=2.5)
    refreshed(job)

    assert (job.last_error, job.gone_at) == ("", None)
    assert upstream.count("/checkpoints") == 1


def test_files_are_asked_for_once(job: Job, upstream: FakeUpstream):
    refreshed(job)
    refreshed(job)

    assert File.objects.get().filename == "file-train.jsonl"
    assert upstream.count("files/file-train") == 1


def test_a_failure_is_on_the_row_and_the_wait_grows(job: Job, upstream: FakeUpstream):
    upstream.broken = httpx.ConnectError("no route")

    waits = []
    for _ in range(3):
        before = timezone.now()
        refreshed(job)
        waits.append(job.next_poll_at - before)

    assert waits == sorted(waits)
    assert waits[2] > timedelta(seconds=7)
    assert job.failures == 3
    assert "no route" in job.last_error


def test_an_answer_clears_the_failure(job: Job, upstream: FakeUpstream):
    upstream.broken = httpx.ConnectError("no route")
    refreshed(job)
    upstream.broken = None

    refreshed(job)

    assert (job.failures, job.last_error) == (0, "")


def test_a_rate_limit_is_obeyed(job: Job, upstream: FakeUpstream):
    upstream.broken = httpx.Response(
        429, headers={"retry-after": "90"}, json={"error": {"message": "Slow down"}}
    )
    before = timezone.now()

    account = listened(job.account)

    assert account.next_poll_at >= before + timedelta(seconds=90)
    assert "Slow down" in account.last_error


def test_a_job_that_the_service_forgot_stays_ours(job: Job, upstream: FakeUpstream):
    upstream.log(1, train_loss=2.5)
    refreshed(job)
    del upstream.jobs["ftjob-1"]

    refreshed(job)

    assert job.gone_at is not None
    assert job.next_poll_at is None
    assert job.events.count() == 1


def test_an_ended_job_is_read_a_little_longer_and_then_left_alone(job, upstream: FakeUpstream):
    upstream.jobs["ftjob-1"] |= {
        "status": "succeeded",
        "finished_at": int(timezone.now().timestamp()),
    }
    refreshed(job)
    assert job.next_poll_at is not None
    upstream.say("The job has successfully completed")
    refreshed(job)
    assert job.events.count() == 1
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.update(end_seen_at=long_ago)

    refreshed(job)

    assert job.next_poll_at is None


@pytest.mark.parametrize("error", [None, {}, {"code": None, "message": None, "param": None}])
def test_an_empty_error_is_none(job: Job, upstream: FakeUpstream, error: object):
    upstream.jobs["ftjob-1"]["error"] = error

    assert refreshed(job).error_message == ""


def test_an_unknown_status_is_kept_and_polled_on(job: Job, upstream: FakeUpstream):
    upstream.jobs["ftjob-1"]["status"] = "contemplating"

    refreshed(job)

    assert (job.status, job.state) == ("contemplating", Job.State.UNKNOWN)
    assert job.next_poll_at is not None


def test_unknown_fields_survive(job: Job, upstream: FakeUpstream):
    upstream.jobs["ftjob-1"]["eval_id"] = "eval_77"

    assert refreshed(job).raw["eval_id"] == "eval_77"


def test_words_and_numbers_beyond_all_measure_are_borne(job: Job, upstream: FakeUpstream):
    upstream.jobs["ftjob-1"] |= {"status": "odd " * 100, "model": "m" * 5000}
    upstream.log(2**40, train_loss=2.5)
    upstream.log(3, train_loss=1e308)

    refreshed(job)

    assert (job.state, len(job.base_model)) == (Job.State.UNKNOWN, 5000)
    assert job.events.count() == 2
    assert job.series.points("train_loss") == {3: 1e308}


def test_the_checkpoint_of_an_epoch_without_validation_is_asked_for_when_it_ends(job, upstream):
    upstream.jobs["ftjob-1"]["hyperparameters"] = {"n_epochs": 3}
    upstream.log(50, train_loss=1.0)
    refreshed(job)
    Job.objects.update(checkpoints_at=timezone.now() - timedelta(seconds=5))
    upstream.log(100, train_loss=0.5)
    upstream.save(100, train_loss=0.5)

    refreshed(job)

    assert job.checkpoints.get().step == 100


def test_a_paused_job_is_not_counted_on(job: Job):
    now = timezone.now()
    job.started_at, job.stepped_at = now - timedelta(hours=2), now - timedelta(hours=1)
    job.state = Job.State.PAUSED

    assert job.duration == timedelta(hours=1)


def test_steps_of_a_job_that_we_took_for_queued_tell_that_it_runs(job: Job, upstream):
    upstream.jobs["ftjob-1"]["status"] = "queued"
    refreshed(job)
    upstream.jobs["ftjob-1"]["status"] = "running"
    upstream.log(1, train_loss=2.5)

    refreshed(job)

    assert (job.state, job.step) == (Job.State.RUNNING, 1)
