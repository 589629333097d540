"""How far the first reading of an account's past has come: the jobs that had ended before we knew them."""

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Self

from django.db.models import Count, Min
from django.utils import timezone

if TYPE_CHECKING:
    from jobs.models.account import Account

FEW = 20  # jobs of which less are read sooner than said
LATELY = timedelta(minutes=1)  # long enough for a steady pace, short enough to follow it


class History(NamedTuple):
    """Of `total` jobs so many are `read`. There may be more until the list `is_whole`."""

    read: int
    total: int
    is_whole: bool
    left: timedelta | None  # at the pace of the last minute; None where there is none

    @classmethod
    def of(cls, account: "Account") -> Self:
        """Of an account with its counts."""
        now = timezone.now()
        done = account.jobs.filter(next_poll_at=None, checkpoints_at__gt=now - LATELY)
        lately = done.aggregate(count=Count("pk"), first=Min("checkpoints_at"))
        read = account.job_count - account.unread_count
        took = now - (lately["first"] or now)  # less than a minute at the beginning
        left = took * account.unread_count / lately["count"] if took else None
        return cls(read, account.job_count, account.listed_at is not None, left)

    @property
    def percent(self) -> int:
        return 100 * self.read // self.total
