"""What a search finds. Each of its terms is a set of jobs' keys, so that `-` is all others, whatever
they lack.

If one term alone finds few jobs, these are held against the others, and the result is their keys. Else
whoever reads the list walks it in its order, until a page is full, and holds each job against the sets
of the others; whoever counts, and must see them all, makes a set of every term first.
"""

from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import In
from django.utils import timezone

from jobs.models.job import Job
from jobs.models.keys import Keys
from jobs.models.measures import Aside
from jobs.models.sources import Asked, Reader, keys_of
from jobs.search import Query

Group = list[tuple[Keys, bool]]  # whether each is negated


class Found(NamedTuple):
    """The same jobs as a condition for those who read a page of them, and for those who count."""

    to_walk: Q
    to_count: Q


def find(query: Query, reader: Reader) -> Found:
    asked = Asked(timezone.now(), reader)
    groups = [[(keys_of(term, asked), term.is_negated) for term in group] for group in query.groups]
    few = looked_up(groups)
    if few is None:
        return Found(met(groups, is_there), met(groups, is_in))
    return Found(Q(pk__in=sorted(few)), Q(pk__in=sorted(few)))


def looked_up(groups: list[Group]) -> set[int] | None:
    """All that is found, if there is a term that must hold and that few jobs meet."""
    for group in groups:
        keys, is_negated = group[0]
        few = keys.few() if len(group) == 1 and not is_negated else None
        if few is not None:
            for other in groups:
                if other is not group and few:
                    few = set().union(*(within(few, *each) for each in other))
            return few
    return None


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
