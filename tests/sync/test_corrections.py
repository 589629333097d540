"""A step that is told again with another value: the one that was told last stays."""

import pytest

from jobs.models import Job
from jobs.sync import events
from tests.listening import refreshed
from tests.making import make_job
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Read a hundred events at a time."""
    monkeypatch.setattr(events, "MOST_EVENTS", 100)
    upstream.add()
    return make_job(upstream_id="ftjob-1")


def tell_again(upstream: FakeUpstream, step: int, loss: float) -> None:
    upstream.log(step, train_loss=loss)
    upstream.events["ftjob-1"][-1]["id"] = "again"


def test_a_step_reported_again_by_a_service_that_lists_oldest_first_takes_the_newer_value(
    job: Job, upstream: FakeUpstream
):
    upstream.newest_first = False
    for step in range(1, 101):
        upstream.log(step, train_loss=1.0)
    tell_again(upstream, 50, 9.0)

    for _ in range(3):
        refreshed(job)

    assert job.series.points("train_loss")[50] == 9.0
    assert job.corrections > 0


def test_a_step_corrected_inside_a_gap_takes_the_newer_value(job: Job, upstream: FakeUpstream):
    upstream.log(1, train_loss=1.0)
    refreshed(job)
    tell_again(upstream, 1, 2.0)
    for step in range(2, 152):
        upstream.log(step, train_loss=1.0)

    for _ in range(3):
        refreshed(job)

    assert job.events.count() == 152
    assert job.series.points("train_loss")[1] == 2.0


def test_what_closes_a_gap_without_times_corrects_nothing(job: Job, upstream: FakeUpstream):
    for step in range(1, 151):
        upstream.log(step, train_loss=1.0)
    tell_again(upstream, 1, 2.0)
    for event in upstream.events["ftjob-1"]:
        event["created_at"] = None

    for _ in range(3):
        refreshed(job)

    assert job.events.count() == 151
    assert job.series.points("train_loss")[1] == 2.0
