"""An action that never left: known at once, told as such, and in nobody's way."""

from datetime import timedelta

import httpx
import pytest
from django.contrib import messages
from django.contrib.auth.models import User
from django.utils import timezone

from jobs import actions
from jobs.models import Action, Job
from tests.listening import refreshed
from tests.making import make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db(transaction=True)

UNSENT = Action.Outcome.UNSENT


@pytest.fixture
def job(upstream: FakeUpstream) -> Job:
    upstream.add()
    return make_job(upstream_id="ftjob-1")


@pytest.fixture(autouse=True)
def no_connection(upstream: FakeUpstream) -> None:
    upstream.broken = httpx.ConnectError("[Errno 111] Connection refused")


def test_without_a_connection_the_ledger_says_that_it_was_not_sent(job: Job, alice: User):
    action = actions.cancel(job, by=alice, why="loss is nan")

    assert (action.outcome, action.settled_at is None) == (UNSENT, False)
    level, words = actions.tell(action)
    assert level == messages.ERROR
    assert words == (
        "Cancel job-1: not sent. No connection to api.test: Connection refused."
        " The request never left: try again."
    )


@pytest.mark.parametrize("ask", [actions.cancel, actions.pause, actions.resume])
def test_the_next_click_is_free(job: Job, alice: User, upstream: FakeUpstream, ask):
    ask(job, by=alice)
    upstream.broken = None

    again = ask(job, by=alice)

    assert again.outcome == Action.Outcome.ACCEPTED
    assert job.actions.count() == 2


def test_what_the_job_becomes_by_itself_is_not_put_down_to_it(job: Job, alice: User, upstream):
    action = actions.cancel(job, by=alice)
    upstream.broken = None
    Action.objects.update(asked_at=timezone.now() - timedelta(minutes=9))
    upstream.jobs["ftjob-1"]["status"] = "cancelled"

    refreshed(job)

    job.refresh_from_db()
    action.refresh_from_db()
    assert (job.state, action.outcome) == (Job.State.CANCELLED, UNSENT)
