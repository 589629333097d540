"""Sets of jobs' keys, and what is tested to be in one: the words and bounds of a search as conditions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from jobs.models.words import Like, Words, like
from jobs.search import Ago, Pattern
from jobs.search.values import Test

FEW = 2000
Tests = tuple[Test, ...]


@dataclass(frozen=True)
class Keys:
    """Rows that each name a job."""

    rows: QuerySet[Any]
    column: str = "pk"

    def all(self) -> QuerySet[Any]:
        return self.rows.order_by().values(self.column)

    def few(self) -> set[int] | None:
        """The jobs, where they are few."""
        some = set(self.rows.order_by().values_list(self.column, flat=True)[: FEW + 1])
        return some if len(some) <= FEW else None

    def among(self, jobs: set[int]) -> set[int]:
        rows = self.rows.filter(**{f"{self.column}__in": sorted(jobs)}).order_by()
        return set(rows.values_list(self.column, flat=True))


@dataclass(frozen=True)
class WordKeys(Keys):
    """An index of words is quick to say where they are, and slow to say whether they are in one text."""

    parts: tuple[str, ...] = ()

    def among(self, jobs: set[int]) -> set[int]:
        texts = Words.objects.filter(job_id__in=sorted(jobs)).values_list("job_id", "text")
        small = [part.lower() for part in self.parts]
        return {job for job, text in texts if all(part in text.lower() for part in small)}


def any_of(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q(pk__in=[]))


def measured(column: str, test: Test, now: datetime) -> Q:
    """The column has a value, or one within the bounds."""
    if isinstance(test, Pattern):
        return Q(**{f"{column}__isnull": False})
    bounds = {
        f"{column}__{'gt' if test.is_above else 'gte'}": at(test.least, now),
        f"{column}__{'lt' if test.is_below else 'lte'}": at(test.most, now),
    }
    return Q(**{name: bound for name, bound in bounds.items() if bound is not None})


def at(bound: Any, now: datetime) -> Any:
    return bound.at(now) if isinstance(bound, Ago) else bound


def written(column: Any, test: Test) -> Q:
    """The text is as the pattern says, whatever its capitals; anything is any text but none."""
    if isinstance(test, Pattern) and not test.is_anything:
        return Q(Like(column, like(test.parts)))
    return ~Q(Like(column, ""))


def fitting(values: Iterable[str], tests: Tests) -> list[str]:
    """Those of a few values that the patterns mean."""
    patterns = [test for test in tests if isinstance(test, Pattern)]
    return [value for value in values if any(test.fits(value) for test in patterns)]
