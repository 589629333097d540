"""A metric of a job in a few numbers: what lists search, sort and show without reading its points."""

from collections.abc import Mapping
from typing import Self

from django.db import models

from jobs.models.job import Job
from jobs.models.series import Points, Series
from jobs.models.telemetry import REWARDS

LONGEST_NAME = 200
WHOLE = "full_valid_loss"
LEAST_RISE = 5  # percent


class MetricSummaryQuerySet(models.QuerySet["MetricSummary"]):
    def follow(self, job: Job, news: Mapping[str, Points], *, in_order: bool) -> None:
        """Take account of points that are stored by now, of which all, or not, were the newest."""
        points = {name: each for name, each in news.items() if each and len(name) <= LONGEST_NAME}
        known = {each.name: each for each in self.filter(job=job, name__in=list(points))}
        counts = {} if known.keys() >= points.keys() else Series.counts(job.pk)
        told = []
        for name, new in points.items():
            if in_order and name in known:
                told.append(known[name].joined_with(new))
            elif counts.get(name) == len(new):
                told.append(MetricSummary.of(job, name, new))
            else:
                told.append(
                    MetricSummary.of(job, name, Series.objects.filter(job=job).points(name))
                )
        self.bulk_create(
            told,
            update_conflicts=True,
            unique_fields=["job", "name"],
            update_fields=["last", "last_step", "min", "max", "count"],
        )


class MetricSummary(models.Model):
    """Of a reward the greatest is the best, of a loss the least."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="metrics")
    name = models.TextField()
    last = models.FloatField()
    last_step = models.PositiveBigIntegerField()
    min = models.FloatField()
    max = models.FloatField()
    count = models.PositiveBigIntegerField()

    objects = MetricSummaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "metric summaries"
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="metric_once")]
        indexes = [
            models.Index(fields=["name", "last", "job"], name="metric_last"),
            models.Index(fields=["name", "min", "job"], name="metric_min"),
            models.Index(fields=["name", "max", "job"], name="metric_max"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.last}"

    @classmethod
    def of(cls, job: Job, name: str, points: Points) -> Self:
        step = max(points)
        values = points.values()
        numbers = {"last": points[step], "min": min(values), "max": max(values)}
        return cls(job=job, name=name, last_step=step, count=len(points), **numbers)

    def joined_with(self, newer: Points) -> Self:
        """The summary with points behind those that it knows."""
        new = type(self).of(self.job, self.name, newer)
        self.last, self.last_step = new.last, new.last_step
        self.min, self.max = min(self.min, new.min), max(self.max, new.max)
        self.count += new.count
        return self


def best_reward(job: Job) -> MetricSummary | None:
    """The most telling reward that the job reports, of which `max` is the best; None without any."""
    found = {each.name: each for each in job.metrics.all()}
    return next((found[name] for name in REWARDS if name in found), None)


def risen(job: Job) -> int | None:
    """By how many percent the newest loss on the whole validation file lies above the best, in a job that
    overfits; None where that is too little to tell.
    """
    told = next((each for each in job.metrics.all() if each.name == WHOLE), None)
    if told is None or job.best_loss_name != WHOLE or not job.best_loss:
        return None
    rise = round(100 * (told.last / job.best_loss - 1))
    return rise if rise >= LEAST_RISE else None


def with_figures() -> "models.Prefetch[str]":
    """What `best_reward` and `risen` read of many jobs, in one query."""
    return models.Prefetch("metrics", MetricSummary.objects.filter(name__in=(*REWARDS, WHOLE)))
