"""Rows that are work: one worker at a time holds such a row, and none is lost with a worker.

A row is due when `next_at` has come; null: never. Who takes it moves `next_at` on by a lease, in a
conditional UPDATE. If its worker dies, the lease runs out and the row is due again.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

if TYPE_CHECKING:
    from django.db.models.manager import Manager

LEASE = timedelta(
    seconds=40
)  # longer than a request for a job may last, and short enough to wait for

M = TypeVar("M", bound="Leased")


class LeaseLost(Exception):
    """Another has taken the row over, or changed what is to be done: leave it alone."""


class LeasedQuerySet(models.QuerySet[M]):
    def claim_due(self, now: datetime) -> list[int]:
        """Take the rows that are due; give the keys of those that this process holds now.

        What keeps a worker for long is done one after the other: the others have accounts to listen to.
        """
        held = []
        is_busy = self.filter(state=self.model.LONG_WORK, next_at__gt=now).exists()
        due = self.filter(next_at__lte=now).order_by("next_at")
        for pk, state, seen in due.values_list("pk", "state", "next_at"):
            is_long = state in self.model.BEFORE_LONG_WORK
            if is_long and is_busy:
                continue
            if self.filter(pk=pk, next_at=seen).update(next_at=now + LEASE):
                held.append(pk)
                is_busy = is_busy or is_long
        return held


class Leased(models.Model):
    LONG_WORK: str  # the state of a row that keeps its worker for long …
    BEFORE_LONG_WORK: frozenset[str]  # … and those out of which it comes to that

    next_at = models.DateTimeField(null=True, editable=False, help_text="Null: never.")

    if TYPE_CHECKING:
        objects: "Manager[Any]"

    class Meta:
        abstract = True

    def keep(self, next_at: datetime | None, **news: Any) -> None:
        """Write these columns while we hold the row; raises LeaseLost when we do not."""
        held = type(self).objects.filter(pk=self.pk, next_at=self.next_at)
        if not held.update(next_at=next_at, **news):
            raise LeaseLost(str(self))
        for name, value in {"next_at": next_at, **news}.items():
            setattr(self, name, value)
