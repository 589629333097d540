from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from jobs.models.account import Account

if TYPE_CHECKING:
    from jobs.models.holdings import Use

NEAR = 90  # days within which people should look for another model
FINE_TUNED = Q(upstream_id__startswith="ft:") | Q(upstream_id__contains=".ft-")


class ServedModelQuerySet(models.QuerySet["ServedModel"]):
    def present(self) -> Self:
        return self.filter(gone_at=None)

    def named(self, upstream_id: str) -> "ServedModel | None":
        return self.filter(upstream_id=upstream_id).first()

    def fine_tuned(self) -> Self:
        """Those that jobs made, newest first."""
        newest = models.F("created_at").desc(nulls_last=True)
        return self.filter(FINE_TUNED).order_by(newest, "upstream_id")

    def bases(self) -> Self:
        """Those of the service; what it shuts down first comes first."""
        first = models.F("shutdown_date").asc(nulls_last=True)
        return self.exclude(FINE_TUNED).order_by(first, "upstream_id")


class ServedModel(models.Model):
    """A model that an account's key may use: one of the service's own, or one that a job made."""

    uses: "list[Use]"  # where a page has looked for them, see holdings

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

    @property
    def days_left(self) -> int | None:
        """Until the service shuts it down; negative afterwards; None while no date is set."""
        return (self.shutdown_date - timezone.now().date()).days if self.shutdown_date else None

    @property
    def sunset(self) -> str:
        """How near its end is: "over", "near" or nothing to worry about."""
        if self.days_left is None or self.days_left > NEAR:
            return ""
        return "near" if self.days_left >= 0 else "over"

    @property
    def is_over(self) -> bool:
        return self.sunset == "over"

    @property
    def ending(self) -> str:
        """When it is shut down, or was, to follow its name."""
        verb = "was shut down" if self.is_over else "shuts down"
        return f"{verb} {self.shutdown_date:%Y-%m-%d}" if self.shutdown_date else ""
