"""How a job really is: a state alone lies. Pure: what is known of a job in, a finding with its evidence out.

A job that runs and makes no step is stalled; one that waits far longer than this account's jobs do is late.
How long is long comes from the job's own pace and the account's own history, with a floor under both. The
evidence stays the same while the finding does, so that no page changes by the minute.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from jobs.models import Job

STEPS_MISSED = 20  # at the pace that the job has shown
STALLED_FLOOR = timedelta(minutes=5)
PATIENCE = timedelta(minutes=30)  # to a first step, and from the last one to the end
WAITING_FLOOR = timedelta(minutes=15)
UNUSUAL = 1.5  # times what 95 of 100 jobs waited
LEAST_HISTORY = 10  # jobs, below which nothing is called usual
UNUSUAL_WITHOUT_HISTORY = timedelta(hours=2)
FAILURES = 3  # readings in a row


WAITS = frozenset({Job.State.VALIDATING, Job.State.QUEUED, Job.State.RESUMING})


Kind = Job.Health


class Finding(NamedTuple):
    kind: Job.Health
    since: datetime
    evidence: str


def examine(
    job: Job,
    now: datetime,
    waits: Sequence[timedelta] = (),
    resumed_at: datetime | None = None,
) -> Finding | None:
    """What is wrong with it, the gravest first; None when nothing is. `waits` is how long jobs of its
    account have waited for their start; `resumed_at`, when it was resumed behind its last step.
    """
    if job.has_ended or job.gone_at:
        return None
    return unread(job) or stalled(job, now, resumed_at) or late(job, now, waits, resumed_at)


def unread(job: Job) -> Finding | None:
    if job.failures < FAILURES:
        return None
    evidence = f"It cannot be read: {job.last_error}"
    return Finding(Kind.UNREAD, job.confirmed_at or job.created_at, evidence)


def stalled(job: Job, now: datetime, resumed_at: datetime | None) -> Finding | None:
    if job.state != Job.State.RUNNING:
        return None
    since = resumed_at or job.stepped_at or job.started_at
    limit = PATIENCE if resumed_at else patience(job)
    if since is None or now - since <= limit:
        return None
    return Finding(Kind.STALLED, since, what_stands(job))


def is_silent(job: Job, now: datetime) -> bool:
    """It has made no step for a while, of which a pause may be a part."""
    return bool(job.stepped_at and not job.has_ended and now - job.stepped_at > STALLED_FLOOR)


def patience(job: Job) -> timedelta:
    """How long it may be silent."""
    pace = None if is_through(job) else job.seconds_per_step
    return max(timedelta(seconds=STEPS_MISSED * pace), STALLED_FLOOR) if pace else PATIENCE


def is_through(job: Job) -> bool:
    """It has made all its steps; services then test the model, which no event tells of."""
    return bool(job.step and job.total_steps and job.step >= job.total_steps)


def what_stands(job: Job) -> str:
    if not job.step:
        return "It runs, and has made no step."
    if is_through(job):
        return f"All {job.total_steps:,} steps are made, and it has not ended."
    pace = job.seconds_per_step
    tempo = f"; a step took {words(timedelta(seconds=pace))}" if pace else ""
    return f"The last was step {job.step:,}{tempo}."


def late(
    job: Job, now: datetime, waits: Sequence[timedelta], resumed_at: datetime | None
) -> Finding | None:
    """A job that has made steps was resumed: unless it is known when, nobody knows how long it waits."""
    since = resumed_at if job.stepped_at else job.created_at
    if job.state not in WAITS or since is None:
        return None
    usual = usual_wait(waits)
    limit = max(usual * UNUSUAL, WAITING_FLOOR) if usual else UNUSUAL_WITHOUT_HISTORY
    if now - since <= limit:
        return None
    history = f"95 of 100 jobs of this account waited at most {words(usual)}." if usual else ""
    return Finding(Kind.LATE, since, history)


def usual_wait(waits: Sequence[timedelta]) -> timedelta | None:
    """What 95 of 100 waited at most; None where too few are known."""
    if len(waits) < LEAST_HISTORY:
        return None
    return sorted(waits)[min(len(waits) - 1, int(0.95 * len(waits)))]


def words(length: timedelta) -> str:
    """In its largest unit, as people say it."""
    seconds = length.total_seconds()
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}s"
    return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"
