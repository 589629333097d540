from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F
from django.utils import timezone

SILENCE = timedelta(seconds=30)  # after which we say that polling has stopped


class Pulse(models.Model):
    """The one row that the whole installation shares: a version for readers, a heartbeat of the poller.

    Every transaction that changes what a page of jobs shows raises `version` last, so the row's lock
    orders them: a reader who sees a version sees all that it stands for.
    """

    version = models.PositiveBigIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "pulse"

    def __str__(self) -> str:
        return f"version {self.version}"

    @classmethod
    def read(cls) -> Self:
        """In plain SQL, as every page and every part of one asks: a quarter of what the ORM takes."""
        rows = cls.objects.raw("SELECT id, version, beat_at FROM jobs_pulse WHERE id = 1")
        return next(iter(rows), cls(pk=1))

    @classmethod
    def raise_version(cls) -> None:
        cls.change(version=F("version") + 1)

    @classmethod
    def beat(cls, now: datetime) -> None:
        cls.change(beat_at=now)

    @classmethod
    def change(cls, **given: object) -> None:
        if not cls.objects.filter(pk=1).update(**given):
            cls.objects.get_or_create(pk=1)
            cls.objects.filter(pk=1).update(**given)

    @property
    def has_stopped(self) -> bool:
        return self.beat_at is None or timezone.now() - self.beat_at > SILENCE
