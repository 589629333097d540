"""When to listen again. Pure functions of what is known."""

from datetime import datetime, timedelta

from jobs.models import Account, Job

TICK = timedelta(seconds=1)  # how often the clock looks for what is due
WATCHED = timedelta(seconds=0.8)  # under a tick, so that every tick finds it due
RUNNING = timedelta(seconds=5)
WAITING = timedelta(seconds=20)
PAUSED = timedelta(seconds=60)
IDLE = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=10)

# Checkpoints, the last events and finished_at trail the end of a job.
AFTERGLOW = timedelta(minutes=2)

BUSY = frozenset({Job.State.RUNNING, Job.State.PAUSING, Job.State.RESUMING, Job.State.CANCELLING})


def next_poll(job: Job, now: datetime, *, watched: bool = False) -> datetime | None:
    """When to read this job's telemetry again; None: never."""
    if job.gap_after:
        return now
    if job.gone_at or (job.ended_at and now - job.ended_at > AFTERGLOW):
        return None
    return now + usual_wait(job, now, watched)


def usual_wait(job: Job, now: datetime, watched: bool) -> timedelta:
    if job.ended_at:
        return max(timedelta(seconds=2), (now - job.ended_at) / 2)
    if job.state in BUSY:
        return WATCHED if watched else RUNNING
    return PAUSED if job.state == Job.State.PAUSED else WAITING


def account_wait(active: int, *, watched: bool) -> timedelta:
    """How long an account's list may go unread, with this many jobs that can change."""
    if watched:
        return WATCHED if active else RUNNING
    return RUNNING if active else IDLE


def backoff(failures: int, retry_after: float | None = None) -> timedelta:
    """How long to wait after this many failures in a row, 1 or more; the service may ask for more."""
    doubled = TICK * (1 << min(failures, 12))
    asked = timedelta(seconds=min(retry_after or 0, 24 * 3600))
    return max(min(doubled, LONGEST_WAIT), asked)


def is_stale(job: Job, now: datetime) -> bool:
    """Whether the list has not told this job's state lately, so that we must ask for it."""
    if job.ended_at:
        return False
    return job.confirmed_at is None or now - job.confirmed_at > WAITING


def wants_listing(account: Account, now: datetime) -> bool:
    """Whether it is time for a complete listing, which also notices forgotten jobs."""
    return account.listed_at is None or now - account.listed_at > timedelta(hours=6)
