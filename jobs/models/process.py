import os
import socket
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models, transaction
from django.utils import timezone

from jobs import counting
from jobs.models.pulse import SILENCE

FORGOTTEN = timedelta(hours=1)  # after which a silent process is taken for one of former times …
PAST = timedelta(minutes=10)  # … and one of which we know that it ended


class ProcessQuerySet(models.QuerySet["Process"]):
    def for_status(self) -> Self:
        """The living before those that have ended."""
        last = models.F("ended_at").desc(nulls_first=True)
        found = self.exclude(kind=Process.Kind.FORMER).defer("tally")
        return found.order_by("kind", last, "host", "pid")

    def alive(self, kind: "Process.Kind", now: datetime) -> Self:
        return self.filter(kind=kind, ended_at=None, seen_at__gt=now - SILENCE)

    def bury(self, host: str) -> None:
        """Note the end of those of this host that were killed, and could not say so."""
        for process in self.exclude(kind=Process.Kind.FORMER).filter(host=host, ended_at=None):
            if process.pid == os.getpid() or not is_running(process.pid):
                self.filter(pk=process.pk).update(ended_at=models.F("seen_at"))

    def gather(self, now: datetime) -> None:
        """Add what those of former times have counted to one row, so that no count is ever lost."""
        past = models.Q(seen_at__lte=now - FORGOTTEN) | models.Q(ended_at__lte=now - PAST)
        old = self.exclude(kind=Process.Kind.FORMER).filter(past)
        if not old.exists():
            return
        Process.objects.get_or_create(kind=Process.Kind.FORMER)
        with transaction.atomic():
            former = Process.objects.select_for_update().get(kind=Process.Kind.FORMER)
            gone = list(old.select_for_update())
            former.tally = counting.total([former.tally, *(each.tally for each in gone)])
            former.save(update_fields=["tally"])
            self.filter(pk__in=[each.pk for each in gone]).delete()

    def tally(self) -> counting.Tally:
        """What all have counted, those of former times too."""
        return counting.total(self.values_list("tally", flat=True))


class Process(models.Model):
    """One process of ours, and what it has counted. It alone writes its row, whole, every few seconds.

    So a write that was lost is made up for by the next one, and one that came twice does no harm. That is
    why counts are here and not in Redis, which may be wiped at any time, nor added to rows that all share.
    """

    class Kind(models.TextChoices):
        WEB = "web", "Web server"
        WORKER = "worker", "Worker"
        BEAT = "beat", "Beat"
        FORMER = "former", "Those of former times"

    kind = models.CharField(max_length=10, choices=Kind)
    host = models.CharField(max_length=255, blank=True)
    pid = models.PositiveIntegerField(default=0)
    version = models.CharField(max_length=20, blank=True)
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    worked_at = models.DateTimeField(null=True, help_text="When it last did what it is there for.")
    ended_at = models.DateTimeField(null=True)
    tally: Any = models.JSONField(default=dict)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind="former"), name="process_one_former"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pid} on {self.host}"

    @classmethod
    def begin(cls, kind: Kind, version: str) -> Self:
        host = socket.gethostname()[:255]
        cls.objects.bury(host)
        return cls.objects.create(kind=kind, host=host, pid=os.getpid(), version=version)

    @property
    def is_silent(self) -> bool:
        """It has not ended that we know of, and gives no sign of life."""
        return self.ended_at is None and timezone.now() - self.seen_at > SILENCE

    def write(self, tally: counting.Tally) -> bool:
        """False when the row is no more: it was silent for so long that it was taken for gone."""
        self.seen_at = timezone.now()
        news = {name: getattr(self, name) for name in ("seen_at", "worked_at", "ended_at")}
        is_ours = type(self).objects.filter(pk=self.pk).update(tally=tally, **news) == 1
        self.tally = tally if is_ours else self.tally
        return is_ours


def is_running(pid: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
