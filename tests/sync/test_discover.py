from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from jobs.models import Account, Job
from jobs.sync import discover as discovery, listen
from tests.listening import listened, refreshed
from tests.making import make_account
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db
LIST = "GET fine_tuning/jobs"


@pytest.fixture
def account() -> Account:
    return make_account()


def test_unknown_jobs_are_added_with_what_the_list_says(account: Account, upstream: FakeUpstream):
    upstream.add("ftjob-1", metadata={"team": "search"}, seed=7)

    listened(account)

    job = Job.objects.get()
    assert (job.name, job.state, job.seed) == ("support-bot", Job.State.RUNNING, 7)
    assert job.metadata == {"team": "search"}
    assert job.checkpoints_at is not None


def test_a_hundred_jobs_that_may_change_cost_one_request(account: Account, upstream: FakeUpstream):
    for number in range(100):
        upstream.add(f"ftjob-{number}", status="queued")
    listened(account)
    upstream.asked.clear()

    listened(account)

    assert upstream.asked == [LIST]
    assert Job.objects.filter(confirmed_at=None).count() == 0


def test_ended_jobs_are_not_read_again_page_by_page(account: Account, upstream: FakeUpstream):
    for number in range(350):
        upstream.add(f"ftjob-{number}", status="succeeded", finished_at=1_790_000_000)
    listened(account)
    assert Job.objects.count() == 350
    Job.objects.update(next_poll_at=None)  # what a round of ten seconds could not read
    upstream.asked.clear()

    listened(account)

    assert upstream.asked == [LIST]


def test_a_changed_job_is_refreshed_on_the_spot(account: Account, upstream: FakeUpstream):
    upstream.add("ftjob-1", status="running")
    listened(account)
    upstream.log(300, train_loss=0.5)
    upstream.jobs["ftjob-1"]["status"] = "succeeded"

    listened(account)

    job = Job.objects.get()
    assert (job.state, job.step) == (Job.State.SUCCEEDED, 300)


def test_a_moving_guess_of_the_end_is_no_news(account: Account, upstream: FakeUpstream):
    upstream.add("ftjob-1", estimated_finish=1_790_000_900)
    listened(account)
    revision = Job.objects.get().revision
    upstream.jobs["ftjob-1"]["estimated_finish"] = 1_790_000_950
    upstream.asked.clear()

    listened(account)

    assert upstream.asked == [LIST]
    assert Job.objects.get().revision == revision


def test_a_long_first_listing_goes_on_where_it_stopped(account, upstream, monkeypatch):
    monkeypatch.setattr(discovery, "MOST_PAGES", 2)
    for number in range(550):
        upstream.add(f"ftjob-{number}", status="succeeded", finished_at=1_790_000_000)

    listened(account)

    assert account.listed_at is not None
    assert Job.objects.count() == 550


def test_a_job_missing_from_a_complete_listing_is_marked_gone(account, upstream: FakeUpstream):
    upstream.add("ftjob-1", status="succeeded", finished_at=1_790_000_000)
    upstream.add("ftjob-2", status="succeeded", finished_at=1_790_000_000)
    listened(account)
    del upstream.jobs["ftjob-1"]
    Job.objects.update(confirmed_at=timezone.now() - timedelta(hours=8), ended_at=timezone.now())
    Account.objects.update(listed_at=timezone.now() - timedelta(hours=7))

    listened(account)

    gone = {job.upstream_id: job.gone_at is not None for job in Job.objects.all()}
    assert gone == {"ftjob-1": True, "ftjob-2": False}


def test_a_job_that_comes_back_is_no_longer_gone(account: Account, upstream: FakeUpstream):
    upstream.add("ftjob-1", status="succeeded", finished_at=1_790_000_000)
    listened(account)
    Job.objects.update(gone_at=timezone.now())

    listened(account)

    assert Job.objects.get().gone_at is None


def test_a_job_that_comes_back_is_read_on_and_shown_anew(account, upstream: FakeUpstream):
    upstream.add("ftjob-1")
    job = listened(account).jobs.get()
    kept = upstream.jobs.pop("ftjob-1")
    Job.objects.update(confirmed_at=None)
    gone = refreshed(job)
    assert gone.gone_at
    revision = gone.revision
    upstream.jobs["ftjob-1"] = kept

    listened(account)

    back = Job.objects.get()
    assert (back.gone_at, back.revision) == (None, revision + 1)
    assert back.next_poll_at > timezone.now()


def test_a_refused_key_is_told_on_the_account_and_the_wait_grows(account, upstream: FakeUpstream):
    upstream.broken = httpx.Response(401, json={"error": {"message": "Incorrect API key"}})

    listened(account)
    since = account.failing_since
    listened(account)

    assert "Incorrect API key" in account.last_error
    assert "sk-test-secret" not in account.last_error
    assert (account.failures, account.failing_since) == (2, since)
    assert account.next_poll_at > timezone.now() + timedelta(seconds=2)


def test_an_answer_ends_the_failing(account: Account, upstream: FakeUpstream):
    upstream.broken = httpx.ConnectError("no route")
    listened(account)
    upstream.broken = None

    listened(account)

    assert (account.last_error, account.failing_since) == ("", None)
    assert account.confirmed_at is not None


def test_two_accounts_may_know_the_same_id(upstream: FakeUpstream):
    upstream.add("ftjob-1")

    for name in ("One", "Other"):
        listened(make_account(name=name))

    assert Job.objects.count() == 2


def test_a_job_without_a_suffix_goes_by_its_model_or_its_id(account, upstream: FakeUpstream):
    upstream.add("ftjob-abcdefghijklmnop", user_provided_suffix=None)
    upstream.add("ftjob-2", user_provided_suffix=None, fine_tuned_model="ft:base:org:pricer:abc")

    listened(account)

    names = set(Job.objects.values_list("name", flat=True))
    assert names == {"ftjob-abcdefghij", "pricer"}


def test_active_jobs_behind_the_first_page_are_still_confirmed(account, upstream: FakeUpstream):
    upstream.add("ftjob-old", status="running")
    for number in range(150):
        upstream.add(f"ftjob-{number}", status="succeeded", finished_at=1_790_000_000)
    listened(account)
    old = Job.objects.get(upstream_id="ftjob-old")
    long_ago = timezone.now() - timedelta(minutes=1)
    Job.objects.filter(pk=old.pk).update(confirmed_at=long_ago, next_poll_at=long_ago)
    upstream.jobs["ftjob-old"]["status"] = "failed"

    listened(account)

    old.refresh_from_db()
    assert old.state == Job.State.FAILED


def test_what_moved_is_asked_for_by_name_when_its_reader_dies(account, upstream: FakeUpstream):
    upstream.add("ftjob-1")
    listened(account)
    upstream.jobs["ftjob-1"]["status"] = "failed"
    upstream.broken_paths["fine_tuning/jobs/ftjob-1/events"] = SystemExit()
    with pytest.raises(SystemExit):
        listened(account)
    job = Job.objects.get()
    assert (job.state, job.confirmed_at) == (Job.State.RUNNING, None)
    del upstream.broken_paths["fine_tuning/jobs/ftjob-1/events"]
    Account.objects.update(next_list_at=timezone.now() + timedelta(hours=1))
    upstream.asked.clear()

    Account.objects.update(next_poll_at=timezone.now())
    Account.objects.claim_due(timezone.now())
    listen(account.pk)

    assert "GET fine_tuning/jobs/ftjob-1" in upstream.asked
    assert Job.objects.get().state == Job.State.FAILED
