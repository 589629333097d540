"""Rows that wait for a worker: due, claimed by one, due again when its lease runs out."""

from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import models
from django.utils import timezone

# How long a worker may hold a row before another takes it: longer than a poll takes, and short
# enough that a killed worker is not missed.
LEASE = timedelta(seconds=40)

Row = TypeVar("Row", bound=models.Model, covariant=True)


class Claimable(models.QuerySet[Row]):
    """A queryset of rows with `next_poll_at`: null means never again."""

    def due(self, now: datetime) -> Self:
        return self.filter(next_poll_at__lte=now).order_by("next_poll_at")

    def claim_due(self, now: datetime, limit: int = 200) -> list[int]:
        """Take up to `limit` rows that are due; give the keys this process holds."""
        due: list[Any] = list(self.due(now).values_list("pk", "next_poll_at")[:limit])
        return [pk for pk, seen in due if self.claim(pk, seen, now)]

    def claim(self, pk: int, seen: datetime | None, now: datetime) -> bool:
        """Lease one row, unless another worker did so since `seen` was read.

        The UPDATE matches only while the row still holds `seen`: of two workers that
        race for it, the database gives 1 to one and 0 to the other.
        """
        return self.filter(pk=pk, next_poll_at=seen).update(next_poll_at=now + LEASE) == 1

    def poll_soon(self) -> None:
        self.update(next_poll_at=timezone.now())
