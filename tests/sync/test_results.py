"""What a job wrote of its steps: it fills what the events lack, and is kept."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jobs.models import Account, Job, Series
from jobs.sync import results
from tests.listening import caught_up, listened
from tests.making import make_account, make_job
from tests.wire import BORN, FakeUpstream

pytestmark = pytest.mark.django_db

TABLE = b"step,train_loss,train_accuracy,valid_loss\n1,2.5,0.5,\n2,1.25,,3.5\n3,6e-05,1.0,\n"
CONTENT = "files/file-result/content"
ENDED: dict[str, Any] = {
    "status": "succeeded",
    "finished_at": BORN + 600,
    "result_files": ["file-result"],
}


@pytest.fixture
def account() -> Account:
    return make_account()


def just_now() -> int:
    return int(timezone.now().timestamp())


def content_of(job: Job) -> bytes:
    return b"".join(job.results.get().pieces())


@pytest.mark.parametrize("wrap", [bytes, base64.b64encode], ids=["plain", "base64"])
def test_a_job_without_metrics_in_its_events_gets_its_curve_from_the_file(account, upstream, wrap):
    upstream.add(**ENDED)
    upstream.say("Job started.")
    upstream.contents["file-result"] = wrap(TABLE)

    job = caught_up(account)

    assert job.series.points("train_loss") == {1: 2.5, 2: 1.25, 3: 6e-05}
    assert job.series.points("train_mean_token_accuracy") == {1: 0.5, 3: 1.0}
    assert job.series.points("valid_loss") == {2: 3.5}
    assert (job.step, job.total_steps) == (3, 3)
    assert (job.best_loss, job.best_loss_name, job.best_step) == (3.5, "valid_loss", 2)
    assert job.sparkline.startswith("0,1 ")
    assert content_of(job) == TABLE
    assert (job.results.get().problem, job.next_poll_at) == ("", None)


def test_what_an_event_said_is_never_changed_by_a_file(account, upstream: FakeUpstream):
    upstream.add(**ENDED)
    upstream.log(1, train_loss=2.498765)
    upstream.log(3, train_loss=0.125)
    upstream.contents["file-result"] = TABLE

    job = caught_up(account)

    assert job.series.points("train_loss") == {1: 2.498765, 2: 1.25, 3: 0.125}
    assert job.corrections == 1  # whoever has drawn it draws it anew
    assert job.total_steps == 300


def test_an_event_that_comes_after_the_file_still_counts_more(account, upstream: FakeUpstream):
    upstream.add(**ENDED | {"finished_at": just_now()})
    upstream.log(1, train_loss=2.5)
    upstream.contents["file-result"] = TABLE
    caught_up(account)
    upstream.log(3, train_loss=0.0000612)

    job = caught_up(account)

    assert job.series.points("train_loss") == {1: 2.5, 2: 1.25, 3: 0.0000612}


def test_a_file_waits_until_a_long_history_is_read_to_its_beginning(account, upstream, monkeypatch):
    monkeypatch.setattr("jobs.sync.events.MOST_EVENTS", 100)
    upstream.add(**ENDED)
    for step in range(1, 301):
        upstream.log(step, train_loss=step + 0.123)
    rounded = "".join(f"{step},{step}\n" for step in range(1, 301))
    upstream.contents["file-result"] = f"step,train_loss\n{rounded}".encode()

    job = caught_up(account)

    assert job.series.points("train_loss") == {step: step + 0.123 for step in range(1, 301)}
    assert upstream.count("/content") == 1


def test_a_file_is_fetched_once_and_a_second_reading_adds_nothing(account, upstream: FakeUpstream):
    upstream.add(**ENDED | {"finished_at": just_now()})
    upstream.contents["file-result"] = TABLE
    first = caught_up(account)

    job = caught_up(account)
    assert job.revision == first.revision
    results.keep(job.results.get(), results.examined(TABLE), timezone.now())

    job.refresh_from_db()
    assert upstream.count(CONTENT) == 1
    assert job.corrections == first.corrections
    assert job.results.count() == 1
    assert Series.counts(job.pk) == {
        "train_loss": 3,
        "train_mean_token_accuracy": 2,
        "valid_loss": 1,
    }


def test_telemetry_is_stored_before_a_file_is_asked_for(account, upstream: FakeUpstream):
    upstream.add(**ENDED)
    upstream.log(1, train_loss=2.5)
    stored: list[int] = []

    def look() -> None:
        if upstream.asked[-1].endswith("/content"):
            stored.append(Job.objects.get().events.count())

    upstream.meanwhile = look
    caught_up(account)

    assert stored == [1]


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_job_that_ended_otherwise_gives_its_file_too(account, upstream, status: str):
    upstream.add(**ENDED | {"status": status})
    upstream.contents["file-result"] = TABLE

    job = caught_up(account)

    assert (job.step, job.total_steps) == (3, None)  # how many it should have been is not told
    assert job.series.points("train_loss")


def test_results_that_are_named_late_are_fetched_nevertheless(account, upstream: FakeUpstream):
    upstream.add(**ENDED | {"result_files": []})
    upstream.contents["file-result"] = TABLE
    assert caught_up(account).next_poll_at is None
    upstream.jobs["ftjob-1"]["result_files"] = ["file-result"]

    job = caught_up(account)

    assert content_of(job) == TABLE
    assert job.next_poll_at is None


def test_jobs_that_live_go_before_the_files_of_an_import(account, upstream: FakeUpstream):
    for number in range(5):
        upstream.add(f"ftjob-{number}", **ENDED)
    upstream.contents["file-result"] = TABLE
    upstream.add("ftjob-live")

    listened(account)

    first = next(path for path in upstream.asked if path.endswith(("/events", "/content")))
    assert first == "GET fine_tuning/jobs/ftjob-live/events"
    assert upstream.count("/content") == 5


def test_a_service_that_names_many_files_is_not_asked_for_all(account, upstream: FakeUpstream):
    upstream.add(**ENDED | {"result_files": [f"file-{number}" for number in range(50)] + [""]})

    caught_up(account)

    assert upstream.count("/content") == 10


def test_nothing_is_asked_for_a_job_that_lives(account, upstream: FakeUpstream):
    upstream.add(result_files=["file-result"])

    job = caught_up(account)

    assert (job.results.count(), upstream.count("/content")) == (0, 0)


def test_the_steps_of_a_file_do_not_take_the_times_of_events_for_theirs(upstream: FakeUpstream):
    stepped_at = timezone.now()
    began_at = stepped_at - timedelta(minutes=1)
    job = make_job(step=1, stepped_at=stepped_at, pace_at=began_at, pace_step=0)
    job.results.create(upstream_id="file-result")

    results.keep(job.results.get(), results.examined(TABLE), timezone.now())

    job.refresh_from_db()
    assert (job.step, job.seconds_per_step) == (3, None)
