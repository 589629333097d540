from datetime import timedelta

import pytest

from jobs.models import Action, Job
from jobs.models.clock import clock_of, resumed_at
from tests.making import BORN, make_event, make_job, make_user

pytestmark = pytest.mark.django_db
START = BORN.timestamp()


def made(job: Job, step: int | None, seconds: int, message: str = "Step") -> None:
    given = {} if step is None else {"step": step, "type": "metrics"}
    make_event(job, message, created_at=BORN + timedelta(seconds=seconds), **given)


def test_a_step_has_the_moment_of_its_event():
    job = make_job(started_at=BORN)
    for step in (1, 2, 3):
        made(job, step, 10 * step)

    clock = clock_of(job)

    assert clock.moments == [(1, START + 10), (2, START + 20), (3, START + 30)]
    assert (clock.rests, clock.started) == ([], START)


def test_steps_of_one_second_share_its_first_moment():
    job = make_job()
    for step, seconds in ((1, 0), (2, 0), (3, 1), (4, 1)):
        made(job, step, seconds)

    assert clock_of(job).moments == [(1, START), (3, START + 1)]


def test_some_moments_tell_a_long_job():
    job = make_job(step=4_000)
    for step in range(1, 4_001, 25):
        made(job, step, step)

    moments = clock_of(job).moments

    assert moments[0] == (1, START + 1)
    assert moments[-1] == (3_976, START + 3_976)
    assert len(moments) < 160


def test_a_rest_has_its_edges_and_the_steps_beside_it():
    job = make_job(step=5_000)
    for step, seconds in ((6, 1), (7, 2), (8, 900), (12, 950)):
        made(job, step, seconds)
    made(job, None, 3, "Fine-tuning job paused at step 7")
    made(job, None, 899, "Fine-tuning job resumed")

    clock = clock_of(job)

    assert clock.rests == [(START + 3, START + 899)]
    assert {(7, START + 2), (8, START + 900)} <= set(clock.moments)


def test_a_rest_that_lasts_has_no_end():
    job = make_job()
    made(job, None, 5, "Job paused.")

    assert clock_of(job).rests == [(START + 5, None)]


def test_where_the_log_is_silent_the_ledger_tells_the_rest():
    job = make_job()
    for verb, seconds in ((Action.Verb.PAUSE, 10), (Action.Verb.RESUME, 70)):
        at = BORN + timedelta(seconds=seconds)
        Action.objects.create(
            job=job,
            verb=verb,
            asked_by=make_user(),
            asked_at=at,
            outcome=Action.Outcome.ACCEPTED,
            settled_at=at,
        )

    assert clock_of(job).rests == [(START + 10, START + 70)]


def test_a_job_without_a_log_has_no_clock():
    assert clock_of(make_job()) == ([], [], None)


def test_a_job_was_resumed_since_its_newest_step_as_the_log_says_or_as_it_was_asked():
    job = make_job(stepped_at=BORN)
    made(job, None, -20, "Fine-tuning job resumed")
    made(job, None, 5, "Fine-tuning job paused at step 7")
    assert resumed_at(job) is None

    asked_at = BORN + timedelta(seconds=60)
    given = {"asked_by": make_user(), "outcome": Action.Outcome.ACCEPTED, "asked_at": asked_at}
    job.actions.create(verb=Action.Verb.RESUME, settled_at=asked_at, **given)
    assert resumed_at(job) == asked_at

    made(job, None, 90, "Fine-tuning job resumed")
    assert resumed_at(job) == BORN + timedelta(seconds=90)
