from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from jobs.models.account import Account

FINE_TUNED = Q(upstream_id__startswith="ft:") | Q(upstream_id__contains=".ft-")


class ServedModelQuerySet(models.QuerySet["ServedModel"]):
    def present(self) -> Self:
        return self.filter(gone_at=None)

    def fine_tuned(self) -> Self:
        return self.filter(FINE_TUNED)

    def bases(self) -> Self:
        return self.exclude(FINE_TUNED)


class ServedModel(models.Model):
    """A model that an account's key may use: one of the service's own, or one that a job made."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="served_models")
    upstream_id = models.TextField()
    owned_by = models.TextField(blank=True)
    created_at = models.DateTimeField(null=True)
    shutdown_date = models.DateField(null=True)
    gone_at = models.DateTimeField(null=True, help_text="When the service no longer listed it.")

    objects = ServedModelQuerySet.as_manager()

    class Meta:
        ordering = ["upstream_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "upstream_id"], name="model_once_per_account"
            )
        ]

    def __str__(self) -> str:
        return self.upstream_id

    @property
    def is_fine_tuned(self) -> bool:
        return self.upstream_id.startswith("ft:") or ".ft-" in self.upstream_id

    def days_left(self, today: date) -> int | None:
        """Until the service shuts it down; negative afterwards; None while no date is set."""
        return (self.shutdown_date - today).days if self.shutdown_date else None
