"""When to listen again. Pure functions of what is known."""

from datetime import datetime, timedelta

from jobs.models import Account, Job

TICK = timedelta(seconds=1)  # how often the clock looks for what is due
RUNNING = timedelta(seconds=5)
WAITING = timedelta(seconds=20)
PAUSED = timedelta(seconds=60)
IDLE = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=10)

# Checkpoints, the last events and finished_at trail the end of a job.
AFTERGLOW = timedelta(minutes=2)
RECENT = timedelta(minutes=10)

BUSY = frozenset({Job.State.RUNNING, Job.State.PAUSING, Job.State.RESUMING, Job.State.CANCELLING})


def next_poll(
    job: Job,
    now: datetime,
    watched: timedelta | None = None,
    *,
    is_asked: bool = False,
    results_at: datetime | None = None,
) -> datetime | None:
    """When to read this job's telemetry again; None: never.

    `watched` is the pace while somebody looks; `is_asked`, whether an action waits to be settled;
    `results_at`, when one of its result files is to be asked for.
    """
    if job.gap_after:
        return now
    if job.gone_at:
        return None
    usual = usual_poll(job, now, watched)
    if usual and is_asked:
        usual = min(usual, now + RUNNING)
    return min(filter(None, (usual, results_at)), default=None)


def usual_poll(job: Job, now: datetime, watched: timedelta | None) -> datetime | None:
    if job.end_seen_at:
        return afterglow(job.end_seen_at, now)
    if job.state in BUSY:
        return now + (watched or RUNNING)
    return now + (PAUSED if job.state == Job.State.PAUSED else WAITING)


def afterglow(began: datetime, now: datetime) -> datetime | None:
    """When to ask again for what trails an end: soon, then later, then never."""
    passed = now - began
    return None if passed > AFTERGLOW else now + max(timedelta(seconds=2), passed / 2)


def end_seen(ended_at: datetime, now: datetime, *, was_known: bool) -> datetime:
    """When the afterglow of an end begins: now, if it may still glow. What ended long before we
    first saw it is history, and one reading tells all of it.
    """
    return now if was_known or now - ended_at < RECENT else ended_at


def list_wait(active: int, watched: timedelta | None = None) -> timedelta:
    """How long an account's list may go unread, with this many jobs that can change."""
    if watched:
        return watched if active else RUNNING
    return RUNNING if active else IDLE


def backoff(failures: int, retry_after: float | None = None) -> timedelta:
    """How long to wait after this many failures in a row, 1 or more; the service may ask for more."""
    doubled = TICK * (1 << min(failures, 12))
    asked = timedelta(seconds=min(retry_after or 0, 24 * 3600))
    return max(min(doubled, LONGEST_WAIT), asked)


def is_stale(job: Job, now: datetime) -> bool:
    """Whether the list has not told this job's state lately, so that we must ask for it."""
    if job.confirmed_at is None:
        return True
    return job.ended_at is None and now - job.confirmed_at > WAITING


def wants_listing(account: Account, now: datetime) -> bool:
    """Whether it is time for a complete listing, which also notices forgotten jobs."""
    return account.listed_at is None or now - account.listed_at > timedelta(hours=6)
