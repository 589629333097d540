"""What people write about a job. Nothing of it is lost: an edit adds a wording, and the newest counts."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from jobs.models.job import Job

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST = 10_000


class NoteQuerySet(models.QuerySet["Note"]):
    def for_page(self) -> Self:
        """Oldest first, with all their wordings."""
        return self.select_related("by").prefetch_related("wordings")

    def write(self, job: Job, by: Any, text: str) -> "Note":
        with transaction.atomic():
            note = self.create(job=job, by=by)
            note.wordings.create(text=text)
        return note


class Note(models.Model):
    job = models.ForeignKey(Job, models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["job", "written_at", "id"], name="note_in_order")]

    def __str__(self) -> str:
        return f"note by {self.by}"

    @property
    def wording(self) -> "Wording":
        """What it says now."""
        return list(self.wordings.all())[-1]

    @property
    def is_edited(self) -> bool:
        return len(self.wordings.all()) > 1

    def is_by(self, person: "User") -> bool:
        return self.by_id == person.pk

    def edit(self, text: str) -> bool:
        """Say it in other words; False when they are the same."""
        if text == self.wording.text:
            return False
        self.wordings.create(text=text)
        return True


class Wording(models.Model):
    """What a note said from a moment on."""

    note = models.ForeignKey(Note, models.CASCADE, related_name="wordings")
    text = models.TextField(max_length=LONGEST)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:50]
