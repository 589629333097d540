from typing import TYPE_CHECKING, Self

from django.db import models
from django.template.defaultfilters import filesizeformat

from jobs.models.account import Account

if TYPE_CHECKING:
    from jobs.models.holdings import Use


class FileQuerySet(models.QuerySet["File"]):
    def present(self) -> Self:
        return self.filter(gone_at=None)

    def trainable(self) -> Self:
        """What a job may be trained or validated with, newest first."""
        return self.present().filter(purpose="fine-tune").newest_first()

    def named(self, upstream_id: str) -> "File | None":
        return self.filter(upstream_id=upstream_id).first()

    def newest_first(self) -> Self:
        return self.order_by(models.F("created_at").desc(nulls_last=True), "-pk")

    def search(self, text: str) -> Self:
        """By a part of the name, the id or the purpose; newest first."""
        text = text.replace("\0", "")
        words = models.Q(filename__icontains=text) | models.Q(upstream_id__icontains=text)
        return self.filter(words | models.Q(purpose__icontains=text)).newest_first()


class File(models.Model):
    """What the service said of a file in an account. Its content stays there."""

    uses: "list[Use]"  # where a page has looked for them, see holdings

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

    def described(self) -> str:
        """What tells it from others of its name, in a line."""
        size = filesizeformat(self.bytes) if self.bytes is not None else ""
        day = f"{self.created_at:%Y-%m-%d}" if self.created_at else ""
        return " · ".join(filter(None, (self.filename, size, day, self.upstream_id)))
