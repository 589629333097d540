from datetime import timedelta

import httpx
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from jobs import actions
from jobs.models import Account, Action, Job
from tests.listening import refreshed
from tests.making import make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job(upstream: FakeUpstream) -> Job:
    upstream.add()
    return make_job(upstream_id="ftjob-1")


@pytest.mark.parametrize(
    ("ask", "became"),
    [(actions.cancel, "cancelled"), (actions.pause, "paused"), (actions.resume, "queued")],
)
def test_it_asks_and_records_who_and_why(job, alice: User, upstream: FakeUpstream, ask, became):
    action = ask(job, by=alice, why=" loss is nan ")

    assert upstream.jobs["ftjob-1"]["status"] == became
    assert (action.asked_by, action.why, action.outcome) == (alice, "loss is nan", "accepted")
    assert action.state_before == "running"


def test_the_action_is_on_record_while_it_travels(job: Job, alice: User, upstream: FakeUpstream):
    seen = []
    upstream.meanwhile = lambda: seen.append(
        (Action.objects.get().outcome, connection.in_atomic_block)
    )

    actions.cancel(job, by=alice)

    assert seen == [("asked", False)]


def test_it_never_writes_what_the_job_has_become(job: Job, alice: User):
    actions.cancel(job, by=alice)

    job.refresh_from_db()
    assert (job.status, job.state) == ("running", Job.State.RUNNING)


def test_it_asks_for_an_early_poll(job: Job, alice: User):
    later = timezone.now() + timedelta(hours=1)
    Job.objects.update(next_poll_at=later)
    Account.objects.update(next_poll_at=later)

    actions.cancel(job, by=alice)

    assert Job.objects.due(timezone.now()).contains(job)
    assert Account.objects.due(timezone.now()).exists()


def test_a_refusal_keeps_the_words_of_the_service(job: Job, alice: User, upstream: FakeUpstream):
    body = {"error": {"message": "Job has already completed", "code": None}}
    upstream.broken = httpx.Response(400, json=body)

    action = actions.cancel(job, by=alice)

    assert action.outcome == Action.Outcome.REFUSED
    assert "Job has already completed" in action.detail


def test_a_post_is_never_repeated(job: Job, alice: User, upstream: FakeUpstream):
    upstream.broken = httpx.Response(503, text="<html>busy</html>")

    actions.cancel(job, by=alice)

    assert upstream.asked == ["POST fine_tuning/jobs/ftjob-1/cancel"]


def test_a_lost_answer_is_settled_by_the_next_poll(job: Job, alice: User, upstream: FakeUpstream):
    upstream.broken = httpx.ReadTimeout("timed out")
    action = actions.cancel(job, by=alice, why="loss is nan")
    assert (action.outcome, action.settled_at) == (Action.Outcome.UNKNOWN, None)
    upstream.broken = None
    upstream.jobs["ftjob-1"]["status"] = "cancelled"

    refreshed(job)

    action.refresh_from_db()
    assert action.outcome == Action.Outcome.ACCEPTED


def test_an_action_left_open_by_a_crash_blocks_no_other_for_long(job: Job, alice: User):
    asked_at = timezone.now() - timedelta(minutes=6)
    action = Action.objects.create(
        job=job, verb=Action.Verb.PAUSE, asked_by=alice, asked_at=asked_at, state_before="running"
    )

    refreshed(job)

    action.refresh_from_db()
    assert (action.outcome, action.settled_at is None) == (Action.Outcome.UNKNOWN, False)
    assert "went on" in action.detail


def test_a_second_click_is_busy_and_sends_nothing(job: Job, alice: User, upstream: FakeUpstream):
    Action.objects.create(job=job, verb=Action.Verb.CANCEL, asked_by=alice, state_before="running")

    with pytest.raises(actions.Busy):
        actions.cancel(job, by=alice)

    assert upstream.asked == []
    assert job.actions.count() == 1


@pytest.mark.parametrize(
    ("state", "dialect", "legal"),
    [
        (Job.State.RUNNING, "openai", ["pause", "cancel"]),
        (Job.State.PAUSED, "azure_v1", ["resume", "cancel"]),
        (Job.State.FAILED, "openai", []),
        (Job.State.RUNNING, "azure", ["cancel"]),
        (Job.State.PAUSED, "nebius", ["cancel"]),
    ],
)
def test_offers_follow_the_state_and_what_the_service_can_do(state, dialect: str, legal: list[str]):
    job = Job(state=state, account=Account(dialect=dialect))

    offers = actions.offers(job)

    assert [verb for verb, offer in offers.items() if offer.is_legal] == legal


def test_the_outcome_is_told_in_words(job: Job, alice: User, upstream: FakeUpstream):
    upstream.broken = httpx.ReadTimeout("timed out")

    _, words = actions.tell(actions.cancel(job, by=alice))

    assert "no answer came" in words
    assert "ledger" in words


def test_a_cancel_does_not_wait_for_a_pause_without_an_answer(job: Job, alice: User, upstream):
    upstream.broken = httpx.ReadTimeout("timed out")
    actions.pause(job, by=alice)
    upstream.broken = None

    cancelled = actions.cancel(job, by=alice)

    assert cancelled.outcome == Action.Outcome.ACCEPTED
    pause = job.actions.get(verb=Action.Verb.PAUSE)
    assert pause.settled_at is not None


def test_a_lost_resume_of_a_job_that_runs_anyway_is_not_called_accepted(job: Job, alice, upstream):
    upstream.broken = httpx.ReadTimeout("timed out")
    action = actions.resume(job, by=alice)
    upstream.broken = None

    refreshed(job)

    action.refresh_from_db()
    assert action.outcome == Action.Outcome.UNKNOWN


def test_an_action_that_was_heard_late_is_accepted_in_the_end(job: Job, alice: User, upstream):
    upstream.broken = httpx.ReadTimeout("timed out")
    action = actions.cancel(job, by=alice)
    upstream.broken = None
    Action.objects.update(asked_at=timezone.now() - timedelta(minutes=9))
    refreshed(job)
    upstream.jobs["ftjob-1"]["status"] = "cancelled"
    Job.objects.update(confirmed_at=None)

    refreshed(job)

    action.refresh_from_db()
    assert action.outcome == Action.Outcome.ACCEPTED


def test_a_poll_does_not_settle_an_action_that_is_still_on_its_way(job: Job, alice: User, upstream):
    seen = []

    def poll() -> None:
        upstream.meanwhile = lambda: None
        upstream.jobs["ftjob-1"]["status"] = "cancelled"
        Job.objects.update(confirmed_at=None)
        refreshed(Job.objects.get())
        seen.append(Action.objects.get().outcome)

    upstream.meanwhile = poll

    action = actions.cancel(job, by=alice)

    assert seen == ["asked"]
    assert action.outcome == Action.Outcome.ACCEPTED


def test_an_action_on_a_job_that_the_service_forgot_is_settled(job: Job, alice: User, upstream):
    upstream.broken = httpx.ReadTimeout("timed out")
    action = actions.cancel(job, by=alice)
    upstream.broken = None
    del upstream.jobs["ftjob-1"]

    refreshed(job)

    action.refresh_from_db()
    assert action.settled_at is not None
    assert "no longer knows" in action.detail


def test_without_its_key_nothing_is_asked_and_that_is_said(job: Job, alice: User, upstream):
    Account.objects.update(sealed_key="gAAAAA-of-another-installation")

    action = actions.cancel(Job.objects.get(), by=alice)

    assert action.outcome == Action.Outcome.REFUSED
    assert "ENCRYPTION_KEYS" in action.detail
    assert upstream.asked == []
