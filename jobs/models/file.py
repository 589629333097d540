from django.db import models

from jobs.models.account import Account


class File(models.Model):
    """What the service said of a file that a job reads or wrote. Its content stays there."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="files")
    upstream_id = models.TextField()
    filename = models.TextField(blank=True)
    bytes = models.PositiveBigIntegerField(null=True)
    purpose = models.TextField(blank=True)
    created_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "upstream_id"], name="file_once_per_account")
        ]

    def __str__(self) -> str:
        return self.filename or self.upstream_id
