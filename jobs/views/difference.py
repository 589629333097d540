"""In what a job's recipe differs from another's: the one that it was made after, or any that is named."""

from typing import Any, NamedTuple

from jobs import recipes
from jobs.compare import Entry
from jobs.models import Job, Order
from jobs.models.comparison import files_of
from jobs.models.mention import job_meant_by


class Difference(NamedTuple):
    other: Job
    is_original: bool  # this job was duplicated from it
    differing: list[recipes.Row]
    identical: list[recipes.Row]


def difference_context(job: Job, against: str) -> dict[str, Any]:
    """`against` is what a reader typed, or nothing; what is no job is said, and falls back."""
    order = Order.objects.for_job(job)
    original = order.duplicate_of if order else None
    against = against.replace("\0", "").strip()
    meant = job_meant_by(against)
    other = meant or original
    problem = f"There is no job “{against}”." if against and meant is None else ""
    difference = between(job, other, other == original) if other and other != job else None
    return {"difference": difference, "against": against, "no_such_job": problem}


def between(job: Job, other: Job, is_original: bool) -> Difference:
    rows = recipes.recipe([Entry(other, 0), Entry(job, 1)], files_of([other, job]))
    return Difference(
        other,
        is_original,
        [row for row in rows if not row.is_identical],
        [row for row in rows if row.is_identical],
    )
