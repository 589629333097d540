"""Questions about many jobs: what is due, what is active, how many are in each state."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

if TYPE_CHECKING:
    from jobs.models.job import Job

MOST_WAITS = 200  # that tell what is usual in an account
# Everything but what an import found ended: that is history, and can wait.
PRESENT = Q(ended_at=None) | Q(end_seen_at__isnull=False)


class JobQuerySet(models.QuerySet["Job"]):
    def for_list(self) -> Self:
        """What a row or a header shows, without the parts that only the job page unfolds."""
        return self.select_related("account").defer("raw", "method_recipe", "integrations")

    def active(self) -> Self:
        """Jobs of which the API may still have news."""
        return self.filter(ended_at=None, gone_at=None)

    def due(self, now: datetime) -> Self:
        return self.filter(next_poll_at__lte=now).order_by("next_poll_at")

    def most_urgent(self, now: datetime, most: int = 1, but: Iterable[int] = ()) -> "list[Job]":
        """The jobs to read next: of those that live the ones that wait longest, then history."""
        due = self.due(now).exclude(pk__in=list(but))
        alive = list(due.filter(PRESENT)[:most])
        return alive + list(
            due.exclude(PRESENT).order_by("next_poll_at", "-created_at")[: most - len(alive)]
        )

    def poll_soon(self) -> None:
        self.update(next_poll_at=timezone.now())

    def was_asked(self) -> None:
        """Somebody has asked something of them: their pages show that, and the next poll what came of it."""
        self.update(next_poll_at=timezone.now(), revision=F("revision") + 1)

    def ask_anew(self, now: datetime) -> None:
        """What we know of their states is old: each is asked for by name."""
        self.update(confirmed_at=None, next_poll_at=now)

    def waits(self) -> list[timedelta]:
        """How long the newest that were started had waited for that."""
        started = self.exclude(started_at=None).order_by("-created_at")
        rows = started.values_list("created_at", "started_at")[:MOST_WAITS]
        return [max(began - created, timedelta(0)) for created, began in rows if began]

    def count_by_state(self) -> dict[str, int]:
        return dict(self.order_by().values_list("state").annotate(Count("pk")))
