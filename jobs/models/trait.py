"""What can be asked of a job under a name of its own: its hyperparameters, metadata and files.

The same stands in the job as JSON. Looking into that takes 300 ms where there are 100,000 jobs, an index
here less than one; and names that nobody knows beforehand cannot be indexed within JSON.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from jobs.models.job import Job

LONGEST_NAME = 200
LONGEST_WORD = 400  # characters: an index takes no more
GREATEST = 1e300


class TraitQuerySet(models.QuerySet["Trait"]):
    def remember(self, jobs: Iterable[Job]) -> None:
        known = list(jobs)
        self.filter(job__in=known).delete()
        self.bulk_create(
            Trait(job=job, name=name, word=word, number=number)
            for job in known
            for name, word, number in values_of(job)
        )


class Trait(models.Model):
    job = models.ForeignKey(Job, models.CASCADE, related_name="traits")
    name = models.TextField(help_text="hp.NAME, meta.KEY or file")
    word = models.TextField(help_text="Its value in small letters.")
    number = models.FloatField(null=True, help_text="The same where it is a number.")

    objects = TraitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "name", "word"], name="trait_once"),
        ]
        indexes = [
            models.Index(fields=["name", "word", "job"], name="trait_word"),
            models.Index(fields=["name", "number", "job"], name="trait_number"),
        ]

    def __str__(self) -> str:
        return f"{self.name}:{self.word}"


def values_of(job: Job) -> Iterator[tuple[str, str, float | None]]:
    """(name, word, number) of all that a job has. Of a hyperparameter that was asked for in a word,
    such as "auto", that word as well as what it was resolved to, which alone is its number.
    """
    named: list[tuple[str, Any]] = [
        ("file", file) for file in (job.training_file, job.validation_file, *job.result_files)
    ]
    for name, asked, resolved in Job.recipe(
        job
    ):  # in this form: a migration's jobs have no methods
        named += [(f"hp.{name}", resolved)]
        named += [(f"hp.{name}", asked)] if is_word(asked) else []
    named += [(f"meta.{key}", value) for key, value in job.metadata.items()]
    distinct = {(name, folded(value)): value for name, value in named}
    for (name, word), value in distinct.items():
        if word and len(name) <= LONGEST_NAME:
            yield name, word, number_of(value)


def is_word(asked: Any) -> bool:
    return isinstance(asked, str) and number_of(asked) is None


def folded(value: Any) -> str:
    return str(value).replace("\0", "").lower()[:LONGEST_WORD]


def number_of(value: Any) -> float | None:
    """Also of a text that is nothing but a number: metadata has no others."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) <= GREATEST else None
