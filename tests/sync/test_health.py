"""A finding is noted when it begins, once, and goes when it is over."""

from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from jobs.models import Account, Job
from tests.listening import listened, refreshed
from tests.making import make_account, make_job
from tests.wire import BORN, FakeUpstream

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return make_account()


def test_a_stall_is_noted_once_and_goes_with_the_next_step(account, upstream: FakeUpstream):
    upstream.add("ftjob-1")
    upstream.log(1, train_loss=2.5)
    upstream.log(2, train_loss=2.4)
    job = listened(account).jobs.get()
    assert job.health == Job.Health.STALLED  # its last step lies far back
    revision = job.revision

    again = refreshed(job)

    assert (again.revision, again.health) == (revision, Job.Health.STALLED)
    now = int(timezone.now().timestamp())
    upstream.say("Step 3/300", type="metrics", created_at=now, data={"step": 3, "train_loss": 2.3})
    assert refreshed(job).health == ""


def test_a_job_that_was_just_resumed_is_not_stalled(account, upstream: FakeUpstream):
    upstream.add("ftjob-1")
    upstream.log(1, train_loss=2.5)
    upstream.log(2, train_loss=2.4)
    upstream.say("Fine-tuning job paused at step 2")
    now = int(timezone.now().timestamp())
    upstream.say("Fine-tuning job resumed", created_at=now)

    job = listened(account).jobs.get()

    assert job.health == ""


def test_a_job_that_waits_longer_than_usual_is_noted(account, upstream: FakeUpstream):
    for number in range(12):
        created = timezone.now() - timedelta(days=1)
        started = created + timedelta(minutes=2)
        make_job(
            name=f"old-{number}", state=Job.State.SUCCEEDED, created_at=created, started_at=started
        )
    upstream.add("ftjob-late", status="queued", created_at=BORN)

    listened(account)

    job = Job.objects.get(upstream_id="ftjob-late")
    assert job.health == Job.Health.LATE
    assert "waited at most 2 minutes" in job.health_evidence


def test_another_reason_why_a_job_cannot_be_read_is_news(account, upstream: FakeUpstream):
    job = make_job(failures=2)
    about = f"fine_tuning/jobs/{job.upstream_id}"
    for path in (about, f"{about}/events"):
        upstream.broken_paths[path] = httpx.Response(502, text="Bad gateway")
    first = refreshed(job).revision
    for path in upstream.broken_paths:
        upstream.broken_paths[path] = httpx.Response(503, text="Overloaded")

    job = refreshed(job)

    assert (job.health, job.revision) == (Job.Health.UNREAD, first + 1)
    assert "Overloaded" in job.health_evidence
    assert refreshed(job).revision == job.revision


def test_what_the_service_forgot_is_no_longer_stalled(account, upstream: FakeUpstream):
    upstream.add("ftjob-1")
    upstream.log(1, train_loss=2.5)
    job = listened(account).jobs.get()
    assert job.health
    del upstream.jobs["ftjob-1"]
    Job.objects.update(confirmed_at=None)

    gone = refreshed(job)

    assert (bool(gone.gone_at), gone.health) == (True, "")
