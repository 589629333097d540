"""What a list of jobs can be sorted by, and how a page of it is found: by keys, never by counting.

Jobs without a value come last, whichever way the others are sorted: they are a part of their own, so
that each part is a walk along one index.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db.models import F, FilteredRelation, Q, TextField, Value

from jobs.models.measures import BASE_MODEL, DURATION, METHOD, NAME
from jobs.models.sources import column_of
from jobs.models.vocabulary import known
from jobs.search.fields import NotKnown
from jobs.search.grammar import read_subject

if TYPE_CHECKING:
    from jobs.models.job_query import JobQuerySet

Read = Callable[[Any], Any]
Row = tuple[int, int, Any]  # a job's key and revision, and the value that it is sorted by


class Place(NamedTuple):
    """A row's place: the value it is sorted by, and its key where values are equal."""

    value: Any
    pk: int

    @classmethod
    def read(cls, text: str, sort: Sort) -> Self | None:
        """None where this is no place in this order: anybody may write an address."""
        try:
            value, pk = json.loads(base64.urlsafe_b64decode(text.encode()))
            if value is None and not sort.is_nullable:
                return None
            return cls(None if value is None else sort.read(value), whole(pk))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None

    def __str__(self) -> str:
        value = {"at": self.value.isoformat()} if isinstance(self.value, datetime) else self.value
        return base64.urlsafe_b64encode(json.dumps([value, self.pk]).encode()).decode()


def words(value: Any) -> str:
    """Text as every database takes it."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    return value.encode().decode()


def whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError
    return value


def finite(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError
    return float(value)


def moment(value: Any) -> datetime:
    return datetime.fromisoformat(value["at"]).astimezone(UTC)


@dataclass(frozen=True)
class Sort:
    """`read` takes a value of it from an address, and raises ValueError where it is none."""

    column: Any
    read: Read = words
    is_nullable: bool = False

    def parts(self, jobs: JobQuerySet) -> list[Any]:
        """The jobs with the `key` that they are sorted by: those that have one, then the others.
        A `tie` orders those with equal keys."""
        keyed: Any = jobs.annotate(key=self.column, tie=F("pk"))
        if not self.is_nullable:
            return [keyed]
        return [keyed.filter(key__isnull=False), keyed.filter(key__isnull=True)]

    def page(
        self, jobs: JobQuerySet, place: Place | None, *, down: bool, back: bool, size: int
    ) -> list[Row]:
        """The rows that come next behind this place, or `back` from it."""
        rows: list[Row] = []
        parts = self.parts(jobs)
        first = len(parts) - 1 if place and place.value is None else 0
        for number in range(first, -1, -1) if back else range(first, len(parts)):
            part = parts[number]
            if place and number == first:
                part = part.filter(behind(place, down=down))
            has_keys = number == 0
            names = ("key", "tie") if has_keys else ("tie",)
            found = part.order_by(*(f"-{name}" if down else name for name in names))
            rows += found.values_list("pk", "revision", "key")[: size - len(rows)]
            if len(rows) == size:
                break
        return rows


def behind(place: Place, *, down: bool) -> Q:
    side = "lt" if down else "gt"
    further = Q(**{f"tie__{side}": place.pk})
    if place.value is None:
        return further
    # The first condition is where an index begins; the second leaves out what is equal.
    return Q(**{f"key__{side}e": place.value}) & (Q(**{f"key__{side}": place.value}) | further)


@dataclass(frozen=True)
class SortBeside(Sort):
    """By a column of a table beside the jobs', in which each has one row of this name, or none."""

    relation: str = ""
    name: str = ""

    def parts(self, jobs: JobQuerySet) -> list[Any]:
        named = Q(**{f"{self.relation}__name": self.name})
        valued = named & Q(**{f"{self.relation}__{self.column}__isnull": False})
        those: Any = jobs.annotate(beside=FilteredRelation(self.relation, condition=named))
        those = those.filter(**{f"beside__{self.column}__isnull": False})
        others: Any = jobs.exclude(pk__in=type(jobs)(jobs.model).filter(valued).values("pk"))
        return [
            those.annotate(key=F(f"beside__{self.column}"), tie=F("beside__job_id")),
            others.annotate(key=Value(None, TextField()), tie=F("pk")),
        ]


SORTS = {
    "created": Sort(F("created_at"), moment),
    "name": Sort(NAME),
    "state": Sort(F("state")),
    "model": Sort(BASE_MODEL),
    "method": Sort(METHOD),
    "account": Sort(F("account__name")),
    "step": Sort(F("step"), whole, is_nullable=True),
    "loss": Sort(F("best_loss"), finite, is_nullable=True),
    "tokens": Sort(F("trained_tokens"), whole, is_nullable=True),
    "started": Sort(F("started_at"), moment, is_nullable=True),
    "ended": Sort(F("ended_at"), moment, is_nullable=True),
    "duration": Sort(DURATION, finite, is_nullable=True),
}
NEWEST_FIRST = frozenset({"created", "started", "ended"})


def sort_named(name: str) -> Sort | None:
    """One of the list's own columns, hp.NAME, meta.KEY, or a metric as a search names it."""
    return SORTS.get(name) or sort_beside(name)


def sort_beside(name: str) -> Sort | None:
    try:
        about = read_subject(name, known)
    except NotKnown:
        return None
    if about.what == "metric":
        return SortBeside(column_of(about), finite, True, "metrics", about.name)
    if about.what == "hp":
        return SortBeside("number", finite, True, "traits", f"hp.{about.name}")
    if about.what == "meta":
        return SortBeside("word", words, True, "traits", f"meta.{about.name}")
    return None
