"""A fine-tuning job as the API last described it, with what we worked out from its telemetry.

Only jobs.sync writes these rows. `archived_at` is people's; others may `poll_soon` and say `was_asked`.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from jobs.models.account import Account
from jobs.models.file import File
from jobs.models.job_query import PRESENT, JobQuerySet
from jobs.models.measures import BASE_MODEL, DURATION, METHOD, NAME

if TYPE_CHECKING:
    from jobs.models.result_file import ResultFile


class Job(models.Model):
    class State(models.TextChoices):
        """Our own words for a job's status, the same for every provider."""

        VALIDATING = "validating", "Validating"
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        PAUSING = "pausing", "Pausing"
        PAUSED = "paused", "Paused"
        RESUMING = "resuming", "Resuming"
        CANCELLING = "cancelling", "Cancelling"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        UNKNOWN = "unknown", "Unknown"

    class Health(models.TextChoices):
        STALLED = "stalled", "Stalled"
        LATE = "late", "Waits unusually long"
        UNREAD = "unread", "Not readable"

    ENDED = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})
    CANCELLABLE = frozenset(State) - ENDED - {State.CANCELLING}
    PAUSABLE = frozenset({State.RUNNING})
    RESUMABLE = frozenset({State.PAUSED})

    account = models.ForeignKey(Account, models.PROTECT, related_name="jobs")
    upstream_id = models.TextField()

    # What the API says of it, of any length. `status` is its own word, `state` is ours for it.
    status = models.TextField(blank=True)
    base_model = models.TextField(blank=True)
    fine_tuned_model = models.TextField(blank=True)
    suffix = models.TextField(blank=True)
    method = models.TextField(blank=True)
    method_recipe = models.JSONField(default=dict)
    hyperparameters = models.JSONField(default=dict)
    seed = models.BigIntegerField(null=True)
    organization_id = models.TextField(blank=True)
    training_file = models.TextField(blank=True)
    validation_file = models.TextField(blank=True)
    result_files = models.JSONField(default=list)
    trained_tokens = models.PositiveBigIntegerField(null=True)
    error_code = models.TextField(blank=True)
    error_message = models.TextField(blank=True)
    error_param = models.TextField(blank=True)
    integrations = models.JSONField(default=list)
    metadata = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    estimated_finish = models.DateTimeField(null=True)
    raw = models.JSONField(default=dict)
    digest = models.CharField(max_length=32, blank=True, help_text="Of what lasts in `raw`.")

    # What we make of it.
    state = models.CharField(max_length=20, choices=State, default=State.UNKNOWN)
    name = models.TextField()
    step = models.PositiveBigIntegerField(null=True)
    total_steps = models.PositiveBigIntegerField(null=True)
    started_at = models.DateTimeField(null=True, help_text="The first step, or what came before.")
    ended_at = models.DateTimeField(null=True, help_text="Null while it may still change.")
    end_seen_at = models.DateTimeField(null=True, help_text="When we first knew of its end.")
    pace_step = models.PositiveBigIntegerField(null=True, help_text="Where this stretch began …")
    pace_at = models.DateTimeField(null=True, help_text="… and when, to measure its pace.")
    stepped_at = models.DateTimeField(null=True, help_text="When the newest step was made.")
    best_loss = models.FloatField(null=True)
    best_loss_name = models.TextField(blank=True)
    best_step = models.PositiveBigIntegerField(null=True)
    health = models.CharField(max_length=10, choices=Health, blank=True)
    health_since = models.DateTimeField(null=True)
    health_evidence = models.TextField(blank=True)
    sparkline = models.TextField(blank=True, help_text="Points of an SVG polyline.")

    # What people make of it.
    archived_at = models.DateTimeField(null=True, help_text="When somebody put it away.")

    # How we listen to it.
    revision = models.PositiveIntegerField(default=0, help_text="Grows with each change.")
    next_poll_at = models.DateTimeField(null=True, default=timezone.now, help_text="Null: never.")
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True, help_text="When the service forgot it.")
    gap_after = models.TextField(blank=True, help_text="Read on from this event.")
    oldest_first = models.BooleanField(null=True, help_text="How the service orders its events.")
    corrections = models.PositiveIntegerField(default=0, help_text="Points that came out of order.")
    checkpoints_at = models.DateTimeField(null=True, help_text="When checkpoints were last read.")

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "upstream_id"], name="job_once_per_account")
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="job_created"),
            models.Index(fields=["state", "created_at", "id"], name="job_state_created"),
            models.Index(fields=["account", "next_poll_at"], name="job_next_poll"),
            models.Index(fields=["account", "next_poll_at"], condition=PRESENT, name="job_urgent"),
            # What the list is sorted and searched by.
            models.Index(fields=["account", "id"], name="job_account"),
            models.Index(fields=["state", "id"], name="job_state"),
            models.Index(fields=["state"], condition=Q(archived_at=None), name="job_present"),
            models.Index(
                fields=["archived_at"], condition=Q(archived_at__isnull=False), name="job_archived"
            ),
            models.Index(NAME, "id", name="job_name"),
            models.Index(BASE_MODEL, "id", name="job_base_model"),
            models.Index(METHOD, "id", name="job_method"),
            models.Index(DURATION, "id", name="job_duration"),
            models.Index(fields=["best_loss", "id"], name="job_best_loss"),
            models.Index(fields=["step", "id"], name="job_step"),
            models.Index(fields=["trained_tokens", "id"], name="job_tokens"),
            models.Index(fields=["started_at", "id"], name="job_started"),
            models.Index(fields=["ended_at", "id"], name="job_ended"),
        ]

    def __str__(self) -> str:
        return self.name or self.upstream_id

    def get_absolute_url(self) -> str:
        return reverse("job_detail", args=[self.pk])

    @property
    def has_ended(self) -> bool:
        return self.state in self.ENDED

    @property
    def is_settled(self) -> bool:
        """Nothing more will change: it has ended and was read to its end, or it is gone."""
        return self.next_poll_at is None

    @property
    def can_cancel(self) -> bool:
        return self.state in self.CANCELLABLE and self.gone_at is None

    @property
    def can_pause(self) -> bool:
        return self.state in self.PAUSABLE and self.gone_at is None

    @property
    def can_resume(self) -> bool:
        return self.state in self.RESUMABLE and self.gone_at is None

    @property
    def progress(self) -> int | None:
        """Whole percent of its steps, null while the number of steps is unknown."""
        if self.state == self.State.SUCCEEDED:
            return 100
        if not self.total_steps or self.step is None:
            return None
        return min(100, 100 * self.step // self.total_steps)

    @property
    def seconds_per_step(self) -> float | None:
        """Measured since the job last began or resumed, so that a pause does not count."""
        if None in (self.pace_at, self.pace_step, self.stepped_at, self.step):
            return None
        steps = self.step - self.pace_step  # type: ignore[operator]
        elapsed = (self.stepped_at - self.pace_at).total_seconds()  # type: ignore[operator]
        return elapsed / steps if steps > 0 and elapsed > 0 else None

    @property
    def eta(self) -> datetime | None:
        """When its last step is to be expected: the measured pace, else what the API guesses."""
        if self.state != self.State.RUNNING:
            return None
        pace = self.seconds_per_step
        if pace is not None and self.total_steps and self.stepped_at:
            return self.stepped_at + timedelta(seconds=pace * (self.total_steps - (self.step or 0)))
        return self.estimated_finish

    @property
    def duration(self) -> timedelta | None:
        if self.started_at is None:
            return None
        rested_at = self.stepped_at if self.is_resting else None
        return max((self.ended_at or rested_at or timezone.now()) - self.started_at, timedelta(0))

    @property
    def is_resting(self) -> bool:
        """It costs nothing now, and its clock stands still."""
        return self.state == self.State.PAUSED

    @property
    def n_epochs(self) -> int | None:
        """How many epochs it trains, where that is a number by now."""
        found = self.hyperparameters.get("n_epochs")
        found = found or told(self, "hyperparameters").get("n_epochs")
        return found if isinstance(found, int) and found > 0 else None

    @property
    def grader(self) -> dict[str, Any] | None:
        """What rewards its answers, where it learns by reward."""
        return told(self, "grader") or None

    def recipe(self) -> list[tuple[str, Any, Any]]:
        """(hyperparameter, as asked, as resolved); as asked is None where it is the same."""
        asked, resolved = told(self, "hyperparameters"), self.hyperparameters
        return [
            (name, asked[name] if name in asked and asked[name] != value else None, value)
            for name, value in (asked | resolved).items()
        ]

    def files(self) -> "list[tuple[str, str, File | None, ResultFile | None]]":
        """(role, id, what is known of it, what came of it) of each file that it reads or wrote."""
        roles = [("training", self.training_file), ("validation", self.validation_file)]
        roles += [("result", result) for result in self.result_files]
        files = self.account.files.filter(upstream_id__in=[name for _, name in roles])
        known = {file.upstream_id: file for file in files}
        came = {result.upstream_id: result for result in self.results.without_content()}
        return [(role, name, known.get(name), came.get(name)) for role, name in roles if name]

    def apply(self, news: dict[str, Any]) -> set[str]:
        """Set the fields on the unsaved job; give the names of those that were different."""
        changed = {name for name, value in news.items() if getattr(self, name) != value}
        for name in changed:
            setattr(self, name, news[name])
        return changed


def told(job: Job, name: str) -> dict[str, Any]:
    """What the job's method was told under this name."""
    inner = job.method_recipe.get(job.method)
    part = inner.get(name) if isinstance(inner, dict) else None
    return part if isinstance(part, dict) else {}
