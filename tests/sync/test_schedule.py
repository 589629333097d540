from datetime import UTC, datetime, timedelta

import pytest

from jobs.models import Job
from jobs.sync import schedule

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def wait(watched: timedelta | None = None, **given: object) -> timedelta | None:
    moment = schedule.next_poll(Job(**given), NOW, watched)
    return moment - NOW if moment else None


def test_busy_jobs_are_polled_often_and_watched_ones_at_every_tick():
    running = wait(state=Job.State.RUNNING)
    watched = wait(state=Job.State.RUNNING, watched=timedelta(seconds=0.8))
    queued = wait(state=Job.State.QUEUED)
    paused = wait(state=Job.State.PAUSED)

    assert watched < schedule.TICK < running < queued < paused


def test_a_paused_job_is_polled_more_often_while_an_action_waits():
    job = Job(state=Job.State.PAUSED)

    assert schedule.next_poll(job, NOW, is_asked=True) == NOW + schedule.RUNNING


def test_an_ended_job_glows_for_a_while_from_when_we_saw_its_end():
    assert wait(state=Job.State.FAILED, end_seen_at=NOW) == timedelta(seconds=2)
    assert wait(state=Job.State.FAILED, end_seen_at=NOW - timedelta(minutes=1)) > timedelta(
        seconds=9
    )
    assert wait(state=Job.State.FAILED, end_seen_at=NOW - timedelta(minutes=3)) is None


def test_an_end_that_we_watched_glows_however_old_its_last_event_is():
    long_ago = NOW - timedelta(hours=1)

    assert schedule.end_seen(long_ago, NOW, was_known=True) == NOW
    assert schedule.end_seen(long_ago, NOW, was_known=False) == long_ago
    assert schedule.end_seen(NOW - timedelta(minutes=3), NOW, was_known=False) == NOW


def test_an_open_gap_is_read_on_at_once_even_when_the_job_ended_long_ago():
    ended = NOW - timedelta(days=9)

    assert wait(state=Job.State.FAILED, ended_at=ended, gap_after="ftevent-1") == timedelta(0)


def test_a_job_that_is_gone_is_never_asked_for():
    assert wait(state=Job.State.RUNNING, gone_at=NOW) is None


@pytest.mark.parametrize("failures", [1, 2, 10, 32_767])
def test_the_wait_after_failures_has_a_limit(failures: int):
    assert schedule.TICK <= schedule.backoff(failures) <= schedule.LONGEST_WAIT


def test_the_service_may_ask_for_a_longer_wait_but_not_for_ever():
    assert schedule.backoff(1, retry_after=3600) == timedelta(hours=1)
    assert schedule.backoff(1, retry_after=1e12) == timedelta(days=1)
