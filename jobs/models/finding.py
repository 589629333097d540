"""What a search finds. Each of its terms is a set of jobs' keys, so that `-` is all others, whatever
they lack.

The nearest rows of a list are held against the sets first: what many jobs meet fills a page from them.
If one term alone finds few jobs, these are held against the others, and the result is their keys. Else
whoever reads the list walks it in its order, until a page is full; whoever counts, and must see them all,
makes a set of every term first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import In
from django.utils import timezone

from jobs.models.job import Job
from jobs.models.keys import Keys
from jobs.models.measures import Aside
from jobs.models.sources import Asked, Reader, keys_of
from jobs.search import Query

Group = list[tuple[Keys, bool]]  # whether each is negated


@dataclass(frozen=True)
class Found:
    """The same jobs for those who have keys, for those who walk a list, and for those who count."""

    groups: list[Group]

    @cached_property
    def few(self) -> set[int] | None:
        """All of them, if there is a term that must hold and that few jobs meet."""
        for group in self.groups:
            keys, is_negated = group[0]
            few = keys.few() if len(group) == 1 and not is_negated else None
            if few is not None:
                return narrowed(few, [other for other in self.groups if other is not group])
        return None

    def among(self, jobs: set[int]) -> set[int]:
        return narrowed(jobs, self.groups)

    @property
    def to_walk(self) -> Q:
        return self.met(is_there)

    @property
    def to_count(self) -> Q:
        return self.met(is_in)

    def met(self, test: Callable[[Keys], Q]) -> Q:
        return met(self.groups, test) if self.few is None else Q(pk__in=sorted(self.few))


def find(query: Query, reader: Reader) -> Found:
    asked = Asked(timezone.now(), reader)
    groups = [[(keys_of(term, asked), term.is_negated) for term in group] for group in query.groups]
    return Found(groups)


def narrowed(jobs: set[int], groups: list[Group]) -> set[int]:
    """Those of the jobs of which each group has a term that holds."""
    for group in groups:
        jobs = set().union(*(within(jobs, *each) for each in group)) if jobs else jobs
    return jobs


def within(few: set[int], keys: Keys, is_negated: bool) -> set[int]:
    found = keys.among(few)
    return few - found if is_negated else found


def met(groups: list[Group], test: Callable[[Keys], Q]) -> Q:
    """Of each group one term holds."""
    return reduce(
        and_,
        (
            reduce(or_, (~test(keys) if is_negated else test(keys) for keys, is_negated in group))
            for group in groups
        ),
        Q(),
    )


def is_there(keys: Keys) -> Q:
    """Of a job itself one look tells; the tables beside it are quicker to read at once."""
    if keys.rows.model is Job:
        return Q(Exists(keys.rows.filter(pk=OuterRef("pk"))))
    return is_in(keys)


def is_in(keys: Keys) -> Q:
    return Q(In(Aside(F("pk")), keys.all()))
