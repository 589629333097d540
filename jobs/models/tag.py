from django.db import models

from jobs.models.job import Job


class Tag(models.Model):
    """A word that people put on a job to find it again."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="tag_once")]
        indexes = [models.Index(fields=["name", "job"], name="tag_name")]

    def __str__(self) -> str:
        return self.name
