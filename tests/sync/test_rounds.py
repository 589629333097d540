"""A round of an account: who is asked, in which order, and what becomes of trouble."""

from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from jobs.models import Account, Job
from jobs.sync import store
from jobs.upstream import JobReply
from tests.listening import listened
from tests.making import make_account
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db
DOWN = httpx.Response(500, json={"error": {"message": "The server had an error"}})


@pytest.fixture
def account() -> Account:
    return make_account()


def events_of(job_id: str) -> str:
    return f"fine_tuning/jobs/{job_id}/events"


def test_a_job_that_lives_is_read_before_the_history_of_an_import(account, upstream: FakeUpstream):
    for number in range(20):
        upstream.add(f"ftjob-old-{number}", status="succeeded", finished_at=1_790_000_000)
    upstream.add("ftjob-live")

    listened(account)

    asked = [path for path in upstream.asked if path.endswith("/events")]
    assert asked[0] == f"GET {events_of('ftjob-live')}"
    assert len(asked) == 21


def test_history_is_read_once_and_then_left_alone(account: Account, upstream: FakeUpstream):
    upstream.add("ftjob-old", status="failed")
    upstream.say("It broke", "ftjob-old")

    listened(account)

    assert Job.objects.get().next_poll_at is None


def test_an_end_that_we_watched_is_read_on_however_old_its_last_event_is(account, upstream):
    upstream.add("ftjob-1")
    upstream.say("the last that was heard for an hour")
    listened(account)
    upstream.jobs["ftjob-1"] |= {"status": "failed", "error": {"code": "x", "message": "It broke"}}
    listened(account)
    assert Job.objects.get().next_poll_at is not None
    upstream.say("It broke", level="error")
    Job.objects.update(next_poll_at=timezone.now())

    listened(account)

    assert Job.objects.get().events.filter(level="error").exists()


def test_a_job_that_cannot_be_read_waits_longer_though_the_list_confirms_it(account, upstream):
    upstream.add("ftjob-1")
    upstream.broken_paths[events_of("ftjob-1")] = DOWN
    waits = []
    for _ in range(4):
        Job.objects.update(next_poll_at=timezone.now())
        listened(account)
        waits.append(Job.objects.get().next_poll_at - timezone.now())

    job = Job.objects.get()
    assert waits == sorted(waits)
    assert job.failures >= 4
    assert "The server had an error" in job.last_error
    assert not Account.objects.get().is_failing


def test_one_job_that_cannot_be_read_does_not_hold_up_its_state(account, upstream: FakeUpstream):
    upstream.add("ftjob-1")
    listened(account)
    upstream.broken_paths[events_of("ftjob-1")] = DOWN
    upstream.jobs["ftjob-1"]["status"] = "succeeded"

    listened(account)

    assert Job.objects.get().state == Job.State.SUCCEEDED


def test_a_file_that_cannot_be_read_does_not_hold_up_a_loss(account, upstream: FakeUpstream):
    upstream.add("ftjob-1")
    upstream.log(1, train_loss=2.5)
    upstream.broken_paths["files/file-train"] = httpx.Response(502, text="<html>Bad gateway</html>")

    listened(account)

    job = Job.objects.get()
    assert job.series.points("train_loss") == {1: 2.5}
    assert (job.failures, "502" in job.last_error) == (0, True)


def test_after_two_troubles_the_list_is_asked_whether_the_service_is_well(account, upstream):
    for number in range(10):
        upstream.add(f"ftjob-{number}")
        upstream.broken_paths[events_of(f"ftjob-{number}")] = DOWN

    listened(account)

    asked = {path for path in upstream.asked if path.endswith("/events")}
    assert len(asked) == 2


def test_a_worker_does_not_sleep_long_before_it_asks_again(account, upstream):
    upstream.broken = httpx.Response(429, headers={"retry-after": "2.5"})

    listened(account)

    assert len(upstream.asked) == 1
    assert account.next_poll_at > timezone.now() + timedelta(seconds=2)


def test_a_rate_limit_stops_the_round_for_as_long_as_the_service_asks(account, upstream):
    for number in range(5):
        upstream.add(f"ftjob-{number}")
        upstream.broken_paths[events_of(f"ftjob-{number}")] = httpx.Response(
            429, headers={"retry-after": "600"}, json={"error": {"message": "Slow down"}}
        )

    listened(account)

    account.refresh_from_db()
    assert upstream.count("/events") == 1
    assert account.next_poll_at > timezone.now() + timedelta(seconds=590)
    assert "Slow down" in account.last_error


def test_what_waits_since_a_failure_is_read_as_soon_as_the_account_answers(account, upstream):
    upstream.add("ftjob-1")
    listened(account)
    later = timezone.now() + timedelta(minutes=10)
    Job.objects.update(failures=9, next_poll_at=later)
    Account.objects.update(last_error="no route", failures=9, failing_since=timezone.now())
    upstream.log(1, train_loss=2.5)

    listened(account)

    assert Job.objects.get().events.count() == 1


def test_a_fault_of_ours_is_told_on_the_account_and_tried_again(account, upstream, caplog):
    upstream.broken = ImportError("Using SOCKS proxy, but the 'socksio' package is not installed")

    listened(account)

    account.refresh_from_db()
    assert "socksio" in account.last_error
    assert account.next_poll_at > timezone.now()


def test_a_fault_of_ours_with_one_job_spares_the_others(account, upstream, monkeypatch):
    upstream.add("ftjob-odd")
    upstream.add("ftjob-fine")
    upstream.log(1, "ftjob-fine", train_loss=2.5)
    answer = upstream.about
    upstream.about = lambda request, job_id, what="": (
        (_ for _ in ()).throw(ZeroDivisionError("odd"))
        if job_id == "ftjob-odd" and what == "events"
        else answer(request, job_id, what)
    )

    listened(account)

    odd, fine = (Job.objects.get(upstream_id=f"ftjob-{name}") for name in ("odd", "fine"))
    assert "ZeroDivisionError" in odd.last_error
    assert odd.next_poll_at > timezone.now()
    assert fine.events.count() == 1


def test_an_account_whose_key_cannot_be_opened_says_so(account: Account, upstream: FakeUpstream):
    Account.objects.update(sealed_key="gAAAAA-of-another-installation")

    listened(account)

    account.refresh_from_db()
    assert "enter the API key anew" in account.last_error
    assert upstream.asked == []


def test_a_job_listed_is_not_gone_though_its_own_page_is_not_found(account, upstream):
    upstream.add("ftjob-1")
    listened(account)
    missing = httpx.Response(404, json={"error": {"message": "No such job"}})
    upstream.broken_paths["fine_tuning/jobs/ftjob-1"] = missing
    upstream.broken_paths[events_of("ftjob-1")] = missing
    upstream.jobs["ftjob-1"]["status"] = "failed"

    listened(account)

    job = Job.objects.get()
    assert (job.state, job.gone_at) == (Job.State.FAILED, None)


def test_an_empty_answer_to_a_complete_listing_forgets_nothing(account, upstream: FakeUpstream):
    upstream.add("ftjob-1", status="succeeded", finished_at=1_790_000_000)
    listened(account)
    Account.objects.update(listed_at=timezone.now() - timedelta(hours=7))
    Job.objects.update(confirmed_at=timezone.now() - timedelta(hours=8))
    upstream.broken_paths["fine_tuning/jobs"] = httpx.Response(200, json={})

    listened(account)

    job = Job.objects.get()
    assert job.gone_at is None
    assert job.confirmed_at > timezone.now() - timedelta(minutes=1)


def test_a_reply_from_before_does_not_undo_what_came_later(account, upstream: FakeUpstream):
    upstream.add("ftjob-1")
    listened(account)
    job = Job.objects.select_related("account").get()
    early = upstream.jobs["ftjob-1"] | {"status": "queued"}

    store.take_reply(job, JobReply.parse(early), timezone.now() - timedelta(seconds=30))

    assert Job.objects.get().state == Job.State.RUNNING


def test_a_new_field_in_every_reply_costs_no_request_for_each_job(account, upstream: FakeUpstream):
    for number in range(60):
        upstream.add(f"ftjob-{number}", status="succeeded", finished_at=1_790_000_000)
    listened(account)
    for job in upstream.jobs.values():
        job["new_field"] = 7
    upstream.asked.clear()

    listened(account)

    assert upstream.asked == ["GET fine_tuning/jobs"]
    assert Job.objects.filter(raw__new_field=7).count() == 60


def test_an_early_poll_that_a_person_asked_for_is_not_forgotten(account, upstream: FakeUpstream):
    upstream.add("ftjob-1")
    upstream.meanwhile = lambda: Account.objects.poll_soon()

    listened(account)

    assert Account.objects.due(timezone.now()).exists()
