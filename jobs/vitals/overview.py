"""All that an administrator looks at when something seems wrong, read at once."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from jobs import live
from jobs.models import Account, Process
from jobs.vitals.checks import Check, checks
from jobs.vitals.figures import Lag, lags


class Overview(NamedTuple):
    checks: list[Check]
    queue: live.Queue | None
    processes: QuerySet[Process]
    lags: list[Lag]

    @property
    def is_well(self) -> bool:
        return all(each.is_well for each in self.checks) and not any(
            lag.remedy for lag in self.lags
        )


def overview(now: datetime) -> Overview:
    queue = live.queue()
    found = lags(Account.objects.for_list(), now, Process.objects.tally())
    return Overview(checks(queue), queue, Process.objects.for_status(), found)
