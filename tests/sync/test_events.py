import httpx
import pytest

from jobs import sync
from jobs.models import Account, Event, Job
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


def test_an_events_page_that_is_not_found_is_no_proof_that_the_job_is_gone(job, upstream):
    missing = httpx.Response(404, json={"error": {"message": "Unknown path"}})
    upstream.broken_paths["fine_tuning/jobs/ftjob-1/events"] = missing

    refreshed(job)

    assert job.gone_at is None
    assert job.failures == 1


def test_a_number_that_is_none_is_stored_as_null(job: Job, upstream: FakeUpstream):
    body = '{"data": [{"id": "e1", "created_at": 1, "data": {"step": 1, "train_loss": NaN}}]}'
    upstream.broken_paths["fine_tuning/jobs/ftjob-1/events"] = httpx.Response(200, text=body)

    refreshed(job)

    assert Event.objects.get().payload == {"step": 1, "train_loss": None}
    assert job.series.count() == 0
