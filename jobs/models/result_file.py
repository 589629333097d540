"""Result files: what a job wrote of its steps, kept here so that the curves outlive the service."""

import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Self

from django.db import models
from django.urls import reverse
from django.utils import timezone

from jobs.models.account import Account
from jobs.models.job import Job

MOST_FILES = 10  # of one job; services write one
PIECE = 2**16


class ResultFileQuerySet(models.QuerySet["ResultFile"]):
    def expect(self, job: Job) -> None:
        """Make room for the files that the job names: each is asked for once, from now on."""
        names = [name for name in dict.fromkeys(job.result_files) if name][:MOST_FILES]
        rows = [ResultFile(job=job, upstream_id=name) for name in names]
        self.bulk_create(rows, ignore_conflicts=True)

    def due(self, now: datetime) -> Self:
        """What can be asked for. Events that are still to be read know better than a file."""
        return self.filter(next_try_at__lte=now, job__gap_after="", job__gone_at=None)

    def next_try(self) -> datetime | None:
        moment: datetime | None = self.aggregate(first=models.Min("next_try_at"))["first"]
        return moment

    def without_content(self) -> Self:
        return self.defer("content")


class ResultFile(models.Model):
    """A file of a job's results: what has come of asking for it, and its content.

    The content is packed (zlib). It is the table, freed of its base64 text; of a file in which
    there is no table, it is all of it as it came.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="results")
    upstream_id = models.TextField()
    content = models.BinaryField(null=True)
    is_table = models.BooleanField(default=False)
    asked_at = models.DateTimeField(null=True, help_text="When it was first asked for.")
    read_at = models.DateTimeField(null=True, help_text="When its content came.")
    next_try_at = models.DateTimeField(null=True, default=timezone.now, help_text="Null: never.")
    problem = models.TextField(blank=True)

    objects = ResultFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "upstream_id"], name="result_file_once_per_job")
        ]

    def __str__(self) -> str:
        return self.upstream_id

    def get_absolute_url(self) -> str:
        return reverse("result_file", args=[self.job_id, self.pk])

    @property
    def is_here(self) -> bool:
        return self.read_at is not None

    @property
    def is_awaited(self) -> bool:
        return self.next_try_at is not None

    def keep(self, content: bytes, now: datetime) -> None:
        self.content = zlib.compress(content)
        self.read_at, self.next_try_at = now, None

    def ask_again(self) -> None:
        """A person has reason to believe that it can be had now."""
        self.next_try_at, self.asked_at = timezone.now(), None
        self.save(update_fields=["next_try_at", "asked_at"])
        Job.objects.filter(pk=self.job_id).poll_soon()
        Account.objects.filter(jobs=self.job_id).poll_soon()

    def pieces(self) -> Iterator[bytes]:
        """The content, piece by piece."""
        unpacker = zlib.decompressobj()
        packed = memoryview(self.content or b"")
        for start in range(0, len(packed), PIECE):
            yield unpacker.decompress(packed[start : start + PIECE])
        yield unpacker.flush()
