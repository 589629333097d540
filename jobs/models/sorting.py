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

from jobs.models.account import Account
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


class Part(NamedTuple):
    """Jobs in the order of their `key` and, where that is equal, of their `tie`; or all of one key."""

    jobs: Any
    has_keys: bool = True
    key: Any = None

    def holds(self, place: Place) -> bool:
        return place.value is not None if self.has_keys else place.value == self.key

    def behind(self, place: Place, *, down: bool) -> Any:
        side = "lt" if down else "gt"
        further = Q(**{f"tie__{side}": place.pk})
        if self.has_keys:
            # The first condition is where an index begins; the second leaves out what is equal.
            further |= Q(**{f"key__{side}": place.value})
            further &= Q(**{f"key__{side}e": place.value})
        return self.jobs.filter(further)


@dataclass(frozen=True)
class Sort:
    """`read` takes a value of it from an address, and raises ValueError where it is none."""

    column: Any
    read: Read = words
    is_nullable: bool = False

    def parts(self, jobs: JobQuerySet, *, descending: bool) -> list[Part]:
        """Those that have a value, then the others."""
        keyed: Any = jobs.annotate(key=self.column, tie=F("pk"))
        if not self.is_nullable:
            return [Part(keyed)]
        others = keyed.filter(key__isnull=True)
        return [Part(keyed.filter(key__isnull=False)), Part(others, has_keys=False)]

    def page(
        self, jobs: JobQuerySet, place: Place | None, *, descending: bool, back: bool, size: int
    ) -> list[Row]:
        """The rows that come next behind this place, or `back` from it: the nearest first."""
        rows: list[Row] = []
        down = descending != back
        parts = self.parts(jobs, descending=descending)
        for part in since(place, parts[::-1] if back else parts):
            near = part.behind(place, down=down) if place and part.holds(place) else part.jobs
            names = ("key", "tie") if part.has_keys else ("tie",)
            found = near.order_by(*(f"-{name}" if down else name for name in names))
            rows += found.values_list("pk", "revision", "key")[: size - len(rows)]
            if len(rows) == size:
                break
        return rows


def since(place: Place | None, parts: list[Part]) -> list[Part]:
    """The part that holds the place, and all that follow."""
    first = next((n for n, part in enumerate(parts) if place and part.holds(place)), 0)
    return parts[first:]


@dataclass(frozen=True)
class SortByAccount(Sort):
    """By its name: they are few, and the jobs of each are in order already."""

    def parts(self, jobs: JobQuerySet, *, descending: bool) -> list[Part]:
        accounts = Account.objects.order_by("-name" if descending else "name")
        return [
            Part(
                jobs.filter(account=pk).annotate(key=Value(name), tie=F("pk")),
                has_keys=False,
                key=name,
            )
            for pk, name in accounts.values_list("pk", "name")
        ]


@dataclass(frozen=True)
class SortBeside(Sort):
    """By a column of a table beside the jobs', in which each has one row of this name, or none."""

    relation: str = ""
    name: str = ""

    def parts(self, jobs: JobQuerySet, *, descending: bool) -> list[Part]:
        named = Q(**{f"{self.relation}__name": self.name})
        valued = named & Q(**{f"{self.relation}__{self.column}__isnull": False})
        those: Any = jobs.annotate(beside=FilteredRelation(self.relation, condition=named))
        those = those.filter(**{f"beside__{self.column}__isnull": False})
        others: Any = jobs.exclude(pk__in=type(jobs)(jobs.model).filter(valued).values("pk"))
        return [
            Part(those.annotate(key=F(f"beside__{self.column}"), tie=F("beside__job_id"))),
            Part(others.annotate(key=Value(None, TextField()), tie=F("pk")), has_keys=False),
        ]


SORTS = {
    "created": Sort(F("created_at"), moment),
    "name": Sort(NAME),
    "state": Sort(F("state")),
    "model": Sort(BASE_MODEL),
    "method": Sort(METHOD),
    "account": SortByAccount("account"),
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
