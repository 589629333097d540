"""What searches read of jobs beside their own columns: written again whenever that changes."""

from collections.abc import Iterable

from jobs.models.job import Job
from jobs.models.trait import Trait
from jobs.models.words import READ, Words

SHOWN_BY = frozenset(
    {
        *READ,
        "hyperparameters",
        "metadata",
        "method",
        "method_recipe",
        "result_files",
        "training_file",
        "validation_file",
    }
)


def remember(jobs: Iterable[Job]) -> None:
    known = list(jobs)
    Words.objects.remember(known)
    Trait.objects.remember(known)
