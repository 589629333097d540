"""Jobs that a person picked from the list, as an address or a form names them."""

from dataclasses import dataclass
from typing import Self

from django.db import transaction
from django.db.models import F, Q
from django.http import QueryDict
from django.utils import timezone

from jobs.models.job import Job
from jobs.models.pulse import Pulse

MOST = 100
MOST_DIGITS = 18


@dataclass(frozen=True)
class Selection:
    """`keys` in the order in which they were named; jobs that do not exist are passed over."""

    keys: tuple[int, ...] = ()

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """From `jobs=1&jobs=2` as a form sends it, or `jobs=1,2` as a person writes it."""
        named = ",".join(query.getlist("jobs")).split(",")
        keys = [int(each) for each in named if each.isdecimal() and len(each) <= MOST_DIGITS]
        return cls(tuple(dict.fromkeys(keys))[:MOST])

    def __bool__(self) -> bool:
        return bool(self.keys)

    def __str__(self) -> str:
        return ",".join(map(str, self.keys))

    def jobs(self) -> list[Job]:
        found = Job.objects.for_list().in_bulk(self.keys)
        return [found[key] for key in self.keys if key in found]

    @transaction.atomic
    def archive(self) -> int:
        """Put away those that have ended, or are gone; how many. What may still cost money stays."""
        over = Q(ended_at__isnull=False) | Q(gone_at__isnull=False)
        jobs = Job.objects.filter(over, pk__in=self.keys, archived_at=None)
        count = jobs.update(archived_at=timezone.now(), revision=F("revision") + 1)
        Pulse.raise_version()
        return count

    @transaction.atomic
    def restore(self) -> int:
        jobs = Job.objects.filter(pk__in=self.keys, archived_at__isnull=False)
        count = jobs.update(archived_at=None, revision=F("revision") + 1)
        Pulse.raise_version()
        return count
