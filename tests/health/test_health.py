"""How a job really is: one test for each way in which a state lies."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.health import Finding, examine, usual_wait
from jobs.models import Job

NOW = timezone.now()
WAITS = [timedelta(minutes=minutes) for minutes in range(1, 101)]


def ago(**span: float):
    return NOW - timedelta(**span)


def running(**given) -> Job:
    """A job that makes a step every two seconds, the last one just now."""
    usual = {
        "state": Job.State.RUNNING,
        "created_at": ago(hours=1),
        "started_at": ago(seconds=200),
        "pace_step": 0,
        "pace_at": ago(seconds=200),
        "step": 100,
        "stepped_at": NOW,
    }
    return Job(**usual | given)


def found(job: Job, waits=()) -> Finding:
    finding = examine(job, NOW, waits)
    assert finding is not None
    return finding


def test_a_job_that_steps_is_well():
    assert examine(running(), NOW) is None


def test_a_job_that_makes_no_step_is_stalled():
    job = running(pace_at=ago(minutes=20, seconds=200), stepped_at=ago(minutes=20))

    finding = found(job)

    assert (finding.kind, finding.since) == (Job.Health.STALLED, ago(minutes=20))
    assert finding.evidence == "The last was step 100; a step took 2.0 seconds."


def test_a_slow_job_is_given_its_own_time():
    slow = running(pace_at=ago(hours=11), stepped_at=ago(hours=1))  # a step takes six minutes

    assert examine(slow, NOW) is None


def test_a_short_silence_of_a_fast_job_is_nothing():
    assert examine(running(stepped_at=ago(minutes=4)), NOW) is None


@pytest.mark.parametrize(("minutes", "is_stalled"), [(29, False), (31, True)])
def test_the_first_step_may_take_a_while(minutes: int, is_stalled: bool):
    job = Job(state=Job.State.RUNNING, created_at=ago(hours=2), started_at=ago(minutes=minutes))

    finding = examine(job, NOW)

    assert (finding is not None) == is_stalled


@pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.VALIDATING])
def test_a_job_that_waits_longer_than_others_did_is_late(state: str):
    job = Job(state=state, created_at=ago(hours=3))

    finding = found(job, WAITS)

    assert finding.kind == Job.Health.LATE
    assert finding.evidence == "95 of 100 jobs of this account waited at most 2 hours."


def test_what_is_usual_in_an_account_is_not_late():
    assert examine(Job(state=Job.State.QUEUED, created_at=ago(hours=2)), NOW, WAITS) is None
    assert examine(Job(state=Job.State.QUEUED, created_at=ago(minutes=10)), NOW, WAITS[:10]) is None


def test_without_a_history_only_hours_are_long():
    assert examine(Job(state=Job.State.QUEUED, created_at=ago(minutes=100)), NOW) is None
    assert found(Job(state=Job.State.QUEUED, created_at=ago(hours=5))).evidence == ""


def test_too_few_jobs_make_no_history():
    assert usual_wait(WAITS[:9]) is None
    assert usual_wait(WAITS) == timedelta(minutes=96)


def test_a_job_that_cannot_be_read_says_why():
    job = running(failures=3, last_error="You may not.", confirmed_at=ago(minutes=9))

    finding = found(job)

    assert (finding.kind, finding.since) == (Job.Health.UNREAD, ago(minutes=9))
    assert finding.evidence == "It cannot be read: You may not."


def test_a_job_that_the_service_forgot_is_no_longer_judged():
    assert examine(running(gone_at=ago(days=1), failures=9), NOW) is None


def test_the_evidence_stays_while_the_finding_does():
    job = running(stepped_at=ago(hours=1), pace_at=ago(hours=1, seconds=200))

    assert examine(job, NOW) == examine(job, NOW + timedelta(hours=5))


@pytest.mark.parametrize("state", sorted(Job.ENDED))
def test_what_has_ended_is_neither_stalled_nor_late(state: str):
    assert examine(Job(state=state, created_at=ago(days=9), failures=9), NOW) is None


def test_a_pause_is_no_stall():
    paused = running(state=Job.State.PAUSED, stepped_at=ago(days=2))

    assert examine(paused, NOW) is None


def test_a_resumed_job_is_judged_from_there():
    job = running(stepped_at=ago(days=2), pace_at=ago(days=2, seconds=200))

    assert examine(job, NOW, resumed_at=ago(minutes=29)) is None
    stalled = examine(job, NOW, resumed_at=ago(minutes=31))

    assert stalled is not None
    assert (stalled.kind, stalled.since) == (Job.Health.STALLED, ago(minutes=31))


@pytest.mark.parametrize("state", [Job.State.RESUMING, Job.State.QUEUED])
def test_a_job_waits_since_it_was_resumed_not_since_its_last_step(state: str):
    job = running(state=state, stepped_at=ago(days=2))

    assert examine(job, NOW, resumed_at=ago(minutes=10)) is None
    assert examine(job, NOW) is None  # nobody knows since when
    late = examine(job, NOW, resumed_at=ago(hours=3))

    assert late is not None
    assert (late.kind, late.since) == (Job.Health.LATE, ago(hours=3))


def test_behind_its_last_step_a_job_is_given_time_for_what_no_event_tells():
    through = running(total_steps=100, stepped_at=ago(minutes=29))

    assert examine(through, NOW) is None
    through.stepped_at = ago(minutes=31)

    assert found(through).evidence == "All 100 steps are made, and it has not ended."
