import httpx
import pytest

from jobs import gateway
from jobs.models import Account, Event, Job
from jobs.sync import events
from jobs.sync.readings import Readings
from tests.listening import refreshed
from tests.making import make_account, make_job
from tests.wire import BORN, FakeUpstream

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(upstream: FakeUpstream) -> Job:
    upstream.add()
    return make_job(upstream_id="ftjob-1")


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
    monkeypatch.setattr(events, "MOST_EVENTS", 200)
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


def test_two_readings_at_once_lose_nothing_of_a_long_history(
    job: Job, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(events, "MOST_EVENTS", 200)
    for step in range(1, 501):
        upstream.log(step, train_loss=1 / step)
    job = Job.objects.select_related("account").get()
    with gateway.connect(job.account) as client:
        readings = Readings(job.account, client)
        [early] = readings.readings_of([job])
        early.ask(client)
        refreshed(job)
        [late] = readings.readings_of([Job.objects.get()])
        late.ask(client)
        early.write()
        late.write()

    for _ in range(5):
        refreshed(job)

    assert job.events.count() == 500


def test_a_service_that_ignores_where_to_read_on_loses_nothing(
    job: Job, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(events, "MOST_EVENTS", 200)
    rows = [
        {"id": f"e{n}", "created_at": BORN + n, "data": {"step": n, "train_loss": 1.0}}
        for n in range(500, 0, -1)
    ]
    everything = httpx.Response(200, json={"data": rows, "has_more": False})
    upstream.broken_paths["fine_tuning/jobs/ftjob-1/events"] = everything

    for _ in range(4):
        refreshed(job)

    assert job.events.count() == 500


def test_a_place_that_the_service_refuses_is_given_up(job: Job, upstream: FakeUpstream):
    for step in range(1, 21):
        upstream.log(step, train_loss=1 / step)
    Job.objects.update(gap_after="ftevent-forgotten")
    upstream.refused_after = "ftevent-forgotten"

    refreshed(job)

    assert (job.events.count(), job.gap_after) == (20, "")


def test_an_order_that_is_not_what_the_dialect_promises_is_noticed(upstream: FakeUpstream):
    upstream.add()
    job = make_job(upstream_id="ftjob-1", account=make_account(name="Azure", dialect="azure_v1"))
    upstream.prefix = "/v1/openai/v1/"
    for step in range(1, 11):
        upstream.log(step, train_loss=1 / step)
    refreshed(job)
    for step in range(11, 31):
        upstream.log(step, train_loss=1 / step)

    refreshed(job)

    assert (job.events.count(), job.oldest_first) == (30, False)


def test_a_cut_between_two_readings_does_not_tear_a_second_apart(
    job: Job, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(events, "MOST_EVENTS", 100)
    for number in range(250):
        upstream.say(f"{number}", created_at=BORN + number // 30)

    for _ in range(6):
        refreshed(job)

    told = [event.message for event in job.events.newest_first()]
    assert told == [str(number) for number in range(249, -1, -1)]
