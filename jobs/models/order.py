"""What a person wants trained: a draft first, then an order on its way, then a job.

Every state is written before what it announces is done, so that whoever reads the row after a crash
knows how far it came. The model knows no wire: jobs.orders carries it out.
"""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jobs.models import order_checks
from jobs.models.account import Account
from jobs.models.hyperparameters import HYPERPARAMETERS, fitting
from jobs.models.job import Job
from jobs.models.lease import Leased
from jobs.models.order_checks import OURS
from jobs.models.order_query import OrderQuerySet
from jobs.models.price import base_of
from jobs.models.upload import Upload

OF_WANDB = ("project", "entity", "name", "tags")  # what may be asked for; a service answers more


class Order(Leased):
    """`sent_at` is when the request for the job last left, and null again once it was surely refused:
    while it is set and no job is known, there may be one.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ASKED = "asked", "Asked for"
        UPLOADING = "uploading", "Uploading files"
        WAITING = "waiting", "Waiting for the files"
        CREATING = "creating", "Creating the job"  # written before the request leaves
        UNKNOWN = "unknown", "Looking for the job"  # no answer came
        MISSING = "missing", "Not found"  # looked for long enough: a person decides
        CREATED = "created", "Created"
        REFUSED = "refused", "Refused"
        ABANDONED = "abandoned", "Abandoned"

    EDITABLE = frozenset({State.DRAFT, State.REFUSED})
    RECALLABLE = frozenset({State.ASKED, State.UPLOADING, State.WAITING})
    SENT = frozenset({State.CREATING, State.UNKNOWN, State.MISSING})
    UNDER_WAY = RECALLABLE | SENT
    SETTLED = frozenset({State.CREATED, State.ABANDONED})
    LONG_WORK = State.UPLOADING
    BEFORE_LONG_WORK = frozenset({State.ASKED, State.UPLOADING})

    class Method(models.TextChoices):
        SUPERVISED = "supervised", "Supervised"
        DPO = "dpo", "Preferences (DPO)"
        REINFORCEMENT = "reinforcement", "Reinforcement"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="orders")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    duplicate_of = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="duplicates")

    # What is wanted. A file is one that a person brought, or the id of one that the service has.
    base_model = models.TextField(blank=True)
    method = models.CharField(max_length=20, choices=Method, default=Method.SUPERVISED)
    training_upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, related_name="training_orders"
    )
    validation_upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, related_name="validation_orders"
    )
    training_file = models.TextField(blank=True)
    validation_file = models.TextField(blank=True)
    hyperparameters = models.JSONField(default=dict)
    grader = models.JSONField(null=True)
    response_format = models.JSONField(null=True)
    suffix = models.TextField(blank=True)
    seed = models.BigIntegerField(null=True)
    metadata = models.JSONField(default=dict)
    wandb = models.JSONField(null=True)

    # What became of it.
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    detail = models.TextField(blank=True, help_text="The same in words for people.")
    log = models.JSONField(default=list, help_text="[when, words] of each step.")
    progress = models.PositiveIntegerField(default=0, help_text="Percent of the upload.")
    attempts = models.PositiveIntegerField(default=0, help_text="At the present step.")
    stage_at = models.DateTimeField(null=True, help_text="When the present step began.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    absent_since = models.DateTimeField(null=True, help_text="The service listed no such job.")
    settled_at = models.DateTimeField(null=True)
    upstream_id = models.TextField(blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "upstream_id"],
                condition=~Q(upstream_id=""),
                name="one_order_per_job",
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], name="order_next"),
            models.Index(fields=["state", "changed_at"], name="order_state"),
        ]

    def __str__(self) -> str:
        return self.suffix or f"{self.method} {self.base_model}".strip()

    @property
    def is_kept(self) -> bool:
        """It is more than a form that somebody has just opened."""
        return not self._state.adding

    @property
    def version(self) -> str:
        """Another one after each change of what is wanted."""
        return self.changed_at.isoformat()

    @property
    def can_edit(self) -> bool:
        return self.state in self.EDITABLE

    @property
    def can_recall(self) -> bool:
        """It has not been sent: it may become a draft again."""
        return self.state in self.RECALLABLE and self.sent_at is None

    @property
    def can_send_again(self) -> bool:
        return self.state == self.State.MISSING

    @property
    def can_abandon(self) -> bool:
        return self.can_edit or self.can_send_again

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def job(self) -> Job | None:
        """The job that it became, once it was listed."""
        found = Job.objects.filter(account=self.account_id, upstream_id=self.upstream_id)
        return found.first() if self.upstream_id else None

    def uploads(self) -> list[Upload]:
        """The files that a person brought for it."""
        return [upload for upload in (self.training_upload, self.validation_upload) if upload]

    def file_id(self, role: str) -> str:
        """The name at the service of its "training" or "validation" file, empty while it has none."""
        upload: Upload | None = getattr(self, f"{role}_upload")
        chosen: str = getattr(self, f"{role}_file")
        return upload.file_id_at(self.account_id) if upload else chosen

    def resulting_model(self) -> str:
        """What the model will be called, as far as one can know."""
        made = self.account.jobs.filter(fine_tuned_model__startswith="ft:").first()
        parts = made.fine_tuned_model.split(":") if made else []
        owner = parts[2] if len(parts) > 3 else "your-organization"
        return f"ft:{base_of(self.base_model)}:{owner}:{self.suffix}:xxxxxxxx"

    def problems(self) -> dict[str, str]:
        """By field, what is wrong with it as far as can be known here; empty: it can be sent."""
        return order_checks.problems(self)

    def body(self) -> dict[str, Any]:
        """The request that creates the job."""
        recipe = {"hyperparameters": self.hyperparameters} if self.hyperparameters else {}
        if self.method == self.Method.REINFORCEMENT:
            recipe |= {"grader": self.grader}
            recipe |= {"response_format": self.response_format} if self.response_format else {}
        wandb = {"type": "wandb", "wandb": self.wandb}
        wanted = {
            "model": self.base_model,
            "training_file": self.file_id("training"),
            "validation_file": self.file_id("validation") or None,
            "method": {"type": self.method, self.method: recipe},
            "suffix": self.suffix or None,
            "seed": self.seed,
            "integrations": [wandb] if self.wandb else None,
            "metadata": {**self.metadata, OURS: str(self.key)},
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def edit(self, **fields: Any) -> bool:
        """Keep what a person typed; False when it is no longer theirs to edit."""
        fields["changed_at"] = timezone.now()
        editable = type(self).objects.filter(pk=self.pk, state__in=self.EDITABLE)
        changed = editable.update(**fields) == 1
        self.refresh_from_db()
        return changed

    @classmethod
    def duplicate(cls, job: Job, by: Any) -> "Order":
        """A draft of the same training: its recipe as it was asked for, where that is known."""
        recipe = job.method_recipe.get(job.method)
        recipe = recipe if isinstance(recipe, dict) else {}
        asked = recipe.get("hyperparameters")
        asked = asked if isinstance(asked, dict) else {}
        reports = (each.get("wandb") for each in job.integrations)
        wandb: dict[str, Any] = next((each for each in reports if isinstance(each, dict)), {})
        metadata = {name: value for name, value in job.metadata.items() if name != OURS}
        method = job.method if job.method in HYPERPARAMETERS else cls.Method.SUPERVISED
        return cls.objects.create(
            account=job.account,
            by=by,
            duplicate_of=job,
            base_model=job.base_model,
            method=method,
            training_file=job.training_file,
            validation_file=job.validation_file,
            hyperparameters=fitting(method, asked or job.hyperparameters),
            grader=recipe.get("grader"),
            response_format=recipe.get("response_format"),
            suffix=job.suffix,
            seed=job.seed,
            metadata=metadata,
            wandb={name: wandb[name] for name in OF_WANDB if wandb.get(name)} or None,
        )

    def move(self, state: State, words: str, next_at: datetime | None, **news: Any) -> None:
        """Go to this state, while we hold the order; raises LeaseLost when we do not."""
        story = {"detail": words} if state == self.state else self.story(state, words)
        self.keep(next_at, **(story | news))

    def story(self, state: State, words: str) -> dict[str, Any]:
        """What is written when it goes to another state."""
        now = timezone.now()
        return {
            "state": state,
            "detail": words,
            "log": [*self.log, [now.isoformat(), words]],
            "stage_at": now,
            "attempts": 0,
        }
