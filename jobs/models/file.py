from typing import Self

from django.db import models

from jobs.models.account import Account


class FileQuerySet(models.QuerySet["File"]):
    def present(self) -> Self:
        return self.filter(gone_at=None)

    def trainable(self) -> Self:
        """What a job may be trained or validated with, newest first."""
        return self.present().filter(purpose="fine-tune").order_by("-created_at", "-pk")


class File(models.Model):
    """What the service said of a file in an account. Its content stays there."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="files")
    upstream_id = models.TextField()
    filename = models.TextField(blank=True)
    bytes = models.PositiveBigIntegerField(null=True)
    purpose = models.TextField(blank=True)
    status = models.TextField(blank=True)
    created_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True, help_text="When the service no longer listed it.")

    objects = FileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "upstream_id"], name="file_once_per_account")
        ]

    def __str__(self) -> str:
        return self.filename or self.upstream_id
