"""Listens: the only writer of what a job has become.

discover  one account: the state of many jobs from one list request, unknown and forgotten jobs
refresh   one job: read everything new, then write it in one transaction
store     replies -> rows; idempotent; where the API's vocabulary meets ours
progress  what the events say of a job's steps, pace and losses
schedule  when to listen next; pure
"""

from jobs.sync.discover import discover_jobs
from jobs.sync.refresh import batches, refresh_job, refresh_jobs

__all__ = ["batches", "discover_jobs", "refresh_job", "refresh_jobs"]
