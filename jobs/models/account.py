from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from jobs.models.claims import Claimable
from jobs.models.fields import EncryptedTextField
from jobs.models.pulse import Pulse


class AccountQuerySet(Claimable["Account"]):
    def for_list(self) -> Self:
        return self.order_by("name").annotate(
            job_count=models.Count("jobs"),
            active_count=models.Count("jobs", filter=Q(jobs__ended_at=None, jobs__gone_at=None)),
        )

    def failing(self) -> Self:
        return self.exclude(last_error="").order_by("name")


class Account(models.Model):
    """One API key at one service. The key rests encrypted and is never shown again.

    `listing_began_at` and `listing_after` belong to a complete listing that is under way: when it
    began and the job to read on from. `listed_at` is when the last one came to its end.
    """

    class Dialect(models.TextChoices):
        OPENAI = "openai", "OpenAI"
        AZURE = "azure", "Azure OpenAI (dated API)"
        AZURE_V1 = "azure_v1", "Azure OpenAI (v1 API)"
        NEBIUS = "nebius", "Nebius Token Factory"
        GENERIC = "generic", "Another compatible server"

    name = models.CharField(max_length=100, unique=True)
    base_url = models.URLField("base URL", max_length=500)
    dialect = models.CharField(max_length=20, choices=Dialect, default=Dialect.OPENAI)
    api_key = EncryptedTextField("API key")
    organization = models.CharField(max_length=100, blank=True)
    project = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    next_poll_at = models.DateTimeField(default=timezone.now, null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    listing_after = models.CharField(max_length=200, blank=True, editable=False)
    listing_began_at = models.DateTimeField(null=True, editable=False)
    listed_at = models.DateTimeField(null=True, editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["next_poll_at"], name="account_next_poll")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("account_detail", args=[self.pk])

    @property
    def is_failing(self) -> bool:
        return bool(self.last_error)

    def changed(self) -> None:
        """A person changed it: listen at once, and let pages show its jobs anew."""
        self.jobs.update(revision=models.F("revision") + 1)
        self.next_poll_at = timezone.now()
        self.save(update_fields=["next_poll_at"])
        Pulse.raise_version()

    def failed(self, why: str, now: datetime, wait: timedelta) -> None:
        """Remember that the service could not be read, and when to try again."""
        self.failures += 1
        self.failing_since = self.failing_since or now
        self.last_error = why
        self.next_poll_at = now + wait
        self.save(update_fields=["failures", "failing_since", "last_error", "next_poll_at"])

    def answered(self, now: datetime, wait: timedelta) -> None:
        """Remember that the service was read, and when to read it again."""
        self.failures, self.failing_since, self.last_error = 0, None, ""
        self.confirmed_at, self.next_poll_at = now, now + wait
        self.save(
            update_fields=[
                "failures",
                "failing_since",
                "last_error",
                "confirmed_at",
                "next_poll_at",
                "listing_after",
                "listing_began_at",
                "listed_at",
            ]
        )
