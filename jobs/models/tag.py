"""Words that people put on jobs. The list shows them: their change raises what readers compare."""

import re
from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import Count, F

from jobs.models.job import Job
from jobs.models.pulse import Pulse

LONGEST = 50
MOST = 30  # on one job
SUGGESTED = 50


class TagQuerySet(models.QuerySet["Tag"]):
    def put_on(self, job: Job, names: Iterable[str]) -> None:
        """Each once, spelled as it is elsewhere."""
        room = MOST - self.filter(job=job).count()
        with transaction.atomic():
            tags = [Tag(job=job, name=self.spelling(name)) for name in list(names)[:room]]
            self.bulk_create(tags, ignore_conflicts=True)
            shown_anew(job)

    def take_off(self, job: Job, name: str) -> None:
        with transaction.atomic():
            self.filter(job=job, name=name).delete()
            shown_anew(job)

    def spelling(self, name: str) -> str:
        known = self.filter(name__iexact=name).values_list("name", flat=True).first()
        return known or name

    def suggested_for(self, job: Job) -> list[str]:
        """What other jobs have and this one has not, the most usual first."""
        others = self.exclude(name__in=self.filter(job=job).values("name"))
        usual = others.values("name").annotate(number=Count("pk")).order_by("-number", "name")
        return list(usual.values_list("name", flat=True)[:SUGGESTED])


class Tag(models.Model):
    """A word that people put on a job to find it again."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=LONGEST)

    objects = TagQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="tag_once")]
        indexes = [models.Index(fields=["name", "job"], name="tag_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def term(self) -> str:
        """What finds it in the list's search."""
        is_plain = re.fullmatch(r"[\w.-]+", self.name)
        quoted = self.name.replace("\\", r"\\").replace('"', r"\"")
        return f"tag:{self.name}" if is_plain else f'tag:"{quoted}"'


def shown_anew(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(revision=F("revision") + 1)
    Pulse.raise_version()
