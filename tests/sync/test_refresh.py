from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from jobs import sync
from jobs.models import Account, Event, File, Job, Pulse
from jobs.sync import refresh
from tests.making import make_account, make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(upstream: FakeUpstream) -> Job:
    upstream.add()
    return make_job(upstream_id="ftjob-1")


def refreshed(job: Job) -> Job:
    sync.refresh_job(job.pk)
    job.refresh_from_db()
    return job


def test_an_event_becomes_a_row_and_its_metrics_points(job: Job, upstream: FakeUpstream):
    upstream.log(1, train_loss=2.5, valid_loss=2.7)

    refreshed(job)

    event = job.events.get()
    assert (event.upstream_id, event.step) == ("ftevent-ftjob-1-1", 1)
    assert event.payload["train_loss"] == 2.5
    assert job.series.points("train_loss") == {1: 2.5}
    assert job.series.points("valid_loss") == {1: 2.7}


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


def test_it_asks_only_for_pages_with_unseen_events(job: Job, upstream: FakeUpstream):
    for step in range(1, 251):
        upstream.log(step, train_loss=1 / step)
    refreshed(job)
    assert upstream.count("/events") == 3
    upstream.log(251, train_loss=0.1)
    upstream.asked.clear()

    refreshed(job)

    assert job.events.count() == 251
    assert upstream.count("/events") == 1


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


def test_a_long_history_is_read_in_stretches_until_nothing_is_missing(
    job: Job, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(refresh, "MOST_EVENTS", 200)
    for step in range(1, 701):
        upstream.log(step, train_loss=1 / step)

    rounds = 0
    while rounds < 20:
        refreshed(job)
        rounds += 1
        if rounds == 2:
            upstream.log(701, train_loss=0.5)  # news while the gap is open
        if not job.gap_after and job.events.count() == 701:
            break

    assert job.events.count() == 701
    assert job.series.points("train_loss") == {s: 1 / s for s in range(1, 701)} | {701: 0.5}
    assert (job.step, job.next_poll_at is not None) == (701, True)


def test_a_list_that_comes_oldest_first_loses_nothing(job: Job, upstream: FakeUpstream):
    upstream.newest_first = False
    for step in range(1, 151):
        upstream.log(step, train_loss=1 / step)
    refreshed(job)
    for step in range(151, 301):
        upstream.log(step, train_loss=1 / step)

    refreshed(job)

    assert job.events.count() == 300
    assert [e.step for e in job.events.newest_first()[:3]] == [300, 299, 298]


def test_a_service_known_to_list_oldest_first_is_read_on_from_the_newest_known(upstream):
    upstream.newest_first = False
    upstream.add()
    job = make_job(upstream_id="ftjob-1", account=make_account(name="Azure", dialect="azure"))
    upstream.jobs["ftjob-1"]["status"] = "running"
    for step in range(1, 301):
        upstream.log(step, train_loss=1 / step)
    # The dated Azure API has another path, which the fake does not serve: ask it the plain way.
    Account.objects.update(dialect="generic")
    refreshed(job)
    upstream.log(301, train_loss=0.2)

    refreshed(job)

    assert job.events.count() == 301


def test_events_of_one_second_keep_the_order_of_the_list(job: Job, upstream: FakeUpstream):
    for message in ("first", "second", "third"):
        upstream.say(message, created_at=1_790_000_500)

    refreshed(job)

    assert [e.message for e in job.events.newest_first()] == ["third", "second", "first"]


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

    assert (job.last_error, job.gone_at) == ("", None)


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

    refreshed(job)

    assert job.next_poll_at >= before + timedelta(seconds=90)


def test_a_job_that_the_service_forgot_stays_ours(job: Job, upstream: FakeUpstream):
    upstream.log(1, train_loss=2.5)
    refreshed(job)
    del upstream.jobs["ftjob-1"]

    refreshed(job)

    assert job.gone_at is not None
    assert job.next_poll_at is None
    assert job.events.count() == 1


def test_an_events_page_that_is_not_found_is_no_proof_that_the_job_is_gone(job, upstream):
    missing = httpx.Response(404, json={"error": {"message": "Unknown path"}})
    upstream.broken_paths["fine_tuning/jobs/ftjob-1/events"] = missing

    refreshed(job)

    assert job.gone_at is None
    assert job.failures == 1


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
    Job.objects.update(ended_at=long_ago, finished_at=long_ago)

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


def test_a_number_that_is_none_is_stored_as_null(job: Job, upstream: FakeUpstream):
    body = '{"data": [{"id": "e1", "created_at": 1, "data": {"step": 1, "train_loss": NaN}}]}'
    upstream.broken_paths["fine_tuning/jobs/ftjob-1/events"] = httpx.Response(200, text=body)

    refreshed(job)

    assert Event.objects.get().payload == {"step": 1, "train_loss": None}
    assert job.series.count() == 0


def test_words_and_numbers_beyond_all_measure_are_borne(job: Job, upstream: FakeUpstream):
    upstream.jobs["ftjob-1"] |= {"status": "odd " * 100, "model": "m" * 5000}
    upstream.log(2**40, train_loss=2.5)
    upstream.log(3, train_loss=1e308)

    refreshed(job)

    assert (job.state, len(job.base_model)) == (Job.State.UNKNOWN, 5000)
    assert job.events.count() == 2
    assert job.series.points("train_loss") == {3: 1e308}
