"""What a job reports while it runs. These rows are only ever added (a checkpoint may be marked gone)."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.db import connections, models
from django.db.models import Q

from jobs.models.job import Job

LOSSES = ("full_valid_loss", "valid_loss", "train_loss")  # the most telling first
REWARDS = ("full_valid_mean_reward", "train_mean_reward")  # of what learns by reward, likewise


class Line(NamedTuple):
    """An event that is to be stored."""

    upstream_id: str
    created_at: datetime
    level: str
    type: str
    message: str
    step: int | None
    payload: dict[str, Any]


ADD = """
INSERT INTO jobs_event (job_id, upstream_id, created_at, level, type, message, step, payload)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class EventQuerySet(models.QuerySet["Event"]):
    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def newer_than(self, event: "Event | None") -> Self:
        """What was logged after this event, newest first; after no event: everything."""
        if event is None:
            return self.newest_first()
        later = Q(created_at__gt=event.created_at) | Q(pk__gt=event.pk)
        # The first condition is where the index begins.
        return self.newest_first().filter(created_at__gte=event.created_at).filter(later)

    def older_than(self, event: "Event") -> Self:
        sooner = Q(created_at__lt=event.created_at) | Q(pk__lt=event.pk)
        return self.newest_first().filter(created_at__lte=event.created_at).filter(sooner)

    def named(self, pk: int) -> "Event | None":
        return self.filter(pk=pk).first()

    def known(self, job: Job, ids: list[str]) -> set[str]:
        """Which of these ids are stored already."""
        rows = self.filter(job=job, upstream_id__in=ids)
        return set(rows.values_list("upstream_id", flat=True))

    def add(self, job: Job, lines: Iterable[Line]) -> None:
        """Add those that are not there. In plain SQL: bulk_create takes ten times as long."""
        connection = connections[self.db]
        moment = connection.ops.adapt_datetimefield_value
        rows = [
            (job.pk, *line[:1], moment(line.created_at), *line[2:-1], json.dumps(line.payload))
            for line in lines
        ]
        with connection.cursor() as cursor:
            cursor.executemany(ADD, rows)


class Event(models.Model):
    """One line of the job's log. Events of the same second keep the order in which they came."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="events")
    upstream_id = models.TextField()
    created_at = models.DateTimeField()
    level = models.TextField()
    type = models.TextField(blank=True)
    message = models.TextField(blank=True)
    step = models.PositiveBigIntegerField(null=True)
    payload = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "upstream_id"], name="event_once"),
        ]
        indexes = [models.Index(fields=["job", "created_at", "id"], name="event_in_order")]

    def __str__(self) -> str:
        return self.message


class CheckpointQuerySet(models.QuerySet["Checkpoint"]):
    def marks(self) -> list[tuple[int, dict[str, float], str, bool]]:
        """(step, metrics, model, whether the service still lists it): what a chart needs to know."""
        return [(c.step, c.metrics, c.model, c.gone_at is None) for c in self if c.step is not None]


class Checkpoint(models.Model):
    """A model saved on the way. It stays here when the service no longer lists it."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="checkpoints")
    upstream_id = models.TextField()
    step = models.PositiveBigIntegerField(null=True)
    model = models.TextField(blank=True)
    created_at = models.DateTimeField(null=True)
    metrics = models.JSONField(default=dict)
    raw = models.JSONField(default=dict)
    gone_at = models.DateTimeField(null=True, help_text="When it was no longer listed.")

    objects = CheckpointQuerySet.as_manager()

    class Meta:
        ordering = ["step", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["job", "upstream_id"], name="checkpoint_once"),
        ]

    def __str__(self) -> str:
        return f"step {self.step}"

    @property
    def is_shareable(self) -> bool:
        """It has a model, which the service still lists."""
        return bool(self.model) and self.gone_at is None

    @property
    def loss_name(self) -> str:
        """The most telling loss it has: on the whole validation set, on a batch of it, in training."""
        return next((name for name in LOSSES if name in self.metrics), "")

    @property
    def loss(self) -> float | None:
        value = self.metrics.get(self.loss_name)
        return None if value is None else float(value)

    @property
    def accuracy(self) -> float | None:
        """The most telling accuracy it has, in the same order."""
        names = [name for name in self.metrics if name.endswith("_accuracy")]
        for part in ("full_valid", "valid", "train"):
            for name in names:
                if name.startswith(part):
                    return float(self.metrics[name])
        return None

    @property
    def gap(self) -> float | None:
        """How much worse it does on validation than on training: it grows when a model overfits."""
        if self.loss is None or self.loss_name == "train_loss" or "train_loss" not in self.metrics:
            return None
        return self.loss - float(self.metrics["train_loss"])
