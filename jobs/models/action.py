from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from jobs.models.job import Job

PATIENCE = timedelta(minutes=5)  # after which a lost answer counts as refused


class ActionQuerySet(models.QuerySet["Action"]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def for_ledger(self) -> Self:
        return self.select_related("asked_by").order_by("-asked_at", "-pk")


class Action(models.Model):
    """Who asked what of a job, why, and how it ended: the ledger."""

    class Verb(models.TextChoices):
        CANCEL = "cancel", "Cancel"
        PAUSE = "pause", "Pause"
        RESUME = "resume", "Resume"

    class Outcome(models.TextChoices):
        ASKED = "asked", "Asked"  # written before the request leaves
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        UNKNOWN = "unknown", "Unknown"  # no answer came: the next polls will tell

    AIM: dict[str, frozenset[Job.State]] = {
        Verb.CANCEL: frozenset({Job.State.CANCELLED, Job.State.CANCELLING}),
        Verb.PAUSE: frozenset({Job.State.PAUSED, Job.State.PAUSING}),
        Verb.RESUME: frozenset({Job.State.QUEUED, Job.State.RUNNING, Job.State.RESUMING}),
    }

    job = models.ForeignKey(Job, models.PROTECT, related_name="actions")
    verb = models.CharField(max_length=10, choices=Verb)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    why = models.CharField(max_length=500, blank=True)
    state_before = models.CharField(max_length=20, choices=Job.State)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.ASKED)
    detail = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, help_text="Null while it is open.")

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["job"],
                condition=models.Q(settled_at=None),
                name="one_open_action_per_job",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.job} by {self.asked_by}: {self.outcome}"

    def settle(self, outcome: Outcome, detail: str = "") -> None:
        self.settled_at = timezone.now()
        self.note(outcome, detail)

    def note(self, outcome: Outcome, detail: str = "") -> None:
        self.outcome = outcome
        self.detail = detail
        self.save(update_fields=["outcome", "detail", "settled_at"])

    def settle_from(self, job: Job, now: datetime) -> bool:
        """Settle an action whose answer was lost by what the job has become; say whether it is."""
        if job.state in self.AIM[self.verb]:
            self.settle(self.Outcome.ACCEPTED, "No answer came, but the job did what was asked.")
        elif job.has_ended:
            self.settle(self.Outcome.REFUSED, f"No answer came, and the job has {job.state}.")
        elif now - self.asked_at > PATIENCE:
            self.settle(self.Outcome.REFUSED, "No answer came, and the job went on without it.")
        return self.settled_at is not None
