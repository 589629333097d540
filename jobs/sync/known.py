"""What we know of some jobs before the service is asked: who asks then needs no database, and may be
one of many threads.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Max

from jobs.models import Account, Checkpoint, Job
from jobs.upstream import JobReply

NEWEST = (
    100  # events of a job: as many as a page of its log, so that what follows them is met there
)


class Known(NamedTuple):
    events: Sequence[str] = ()  # the newest that are stored, newest first
    checkpoint_step: int = 0  # of the newest checkpoint
    files: frozenset[str] = frozenset()  # those of its files that are known by name

    @property
    def newest_event(self) -> str:
        return self.events[0] if self.events else ""


def known_of(account: Account, jobs: Sequence[Job], *replies: JobReply) -> dict[int, Known]:
    """By job. `replies` may name files that the jobs do not have yet."""
    files = known_files(account, [*jobs, *replies])
    steps = dict(
        Checkpoint.objects.filter(job__in=jobs)
        .order_by()
        .values_list("job")
        .annotate(Max("step", default=0))
    )
    return {job.pk: Known(newest_events(job), steps.get(job.pk, 0), files) for job in jobs}


def newest_events(job: Job) -> list[str]:
    """All of them while a long history has a gap: some services list from the newest again."""
    ids = job.events.newest_first().values_list("upstream_id", flat=True)
    return list(ids if job.gap_after else ids[:NEWEST])


def known_files(account: Account, told: Iterable[Job | JobReply]) -> frozenset[str]:
    names = {name for each in told for name in files_of(each)}
    return frozenset(
        account.files.filter(upstream_id__in=names).values_list("upstream_id", flat=True)
    )


def files_of(told: Job | JobReply) -> list[str]:
    names = [told.training_file, told.validation_file, *told.result_files]
    return [name for name in dict.fromkeys(names) if name]
