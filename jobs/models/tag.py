"""Words that people put on jobs. The list shows them: their change raises what readers compare."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

from django.db import models, transaction
from django.db.models import Count, F

from jobs.models.job import Job
from jobs.models.pulse import Pulse
from jobs.search.writing import exact

LONGEST = 50
MOST = 30  # on one job
SUGGESTED = 50


class TagQuerySet(models.QuerySet["Tag"]):
    @transaction.atomic
    def change(
        self, jobs: Sequence[Job], *, on: Iterable[str] = (), off: Iterable[str] = ()
    ) -> list["Retagged"]:
        """Put these on all of the jobs, spelled as elsewhere, and take those off: what changed."""
        spelled = list(dict.fromkeys(self.spelling(name) for name in on))
        borne, unwanted = self.borne_by(jobs), set(off) - set(spelled)
        told = [Retagged.of(job, borne[job.pk], spelled, unwanted) for job in jobs]
        changed = [each for each in told if each.is_changed]
        gone = {name for each in changed for name in each.taken_off}
        self.filter(job__in=jobs, name__in=gone).delete()
        self.bulk_create(
            [Tag(job=each.job, name=name) for each in changed for name in each.put_on],
            ignore_conflicts=True,
        )
        if changed:
            shown_anew([each.job for each in changed])
        return told

    def borne_by(self, jobs: Sequence[Job]) -> dict[int, list[str]]:
        """By key of the job: its tags, in the order in which they were put on."""
        found: dict[int, list[str]] = {job.pk: [] for job in jobs}
        for job, name in self.filter(job__in=jobs).order_by("pk").values_list("job", "name"):
            found[job].append(name)
        return found

    def spelling(self, name: str) -> str:
        known = self.filter(name__iexact=name).values_list("name", flat=True).first()
        return known or name

    def suggested_for(self, *jobs: Job) -> list[str]:
        """What other jobs have and these have not, the most usual first."""
        others = self.exclude(name__in=self.filter(job__in=jobs).values("name"))
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
        return exact("tag", self.name)


class Retagged(NamedTuple):
    """What became of one job's tags; for `left_out` it has no room."""

    job: Job
    put_on: list[str]
    taken_off: list[str]
    left_out: list[str]

    @classmethod
    def of(cls, job: Job, borne: list[str], on: list[str], off: set[str]) -> Self:
        new = [name for name in on if name not in borne]
        gone = [name for name in borne if name in off]
        room = max(0, MOST - len(borne) + len(gone))
        return cls(job, new[:room], gone, new[room:])

    @property
    def is_changed(self) -> bool:
        return bool(self.put_on or self.taken_off)


def shown_anew(jobs: Sequence[Job]) -> None:
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(revision=F("revision") + 1)
    Pulse.raise_version()
