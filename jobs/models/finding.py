"""What a search finds. Each of its terms is a set of jobs' keys, so that `-` is all others, whatever
they lack.

If one term alone finds few jobs, these are held against the others, and the result is their keys. Else
a reader of the list walks it in its order, or counts it, and holds each job against the sets.
"""

from functools import reduce
from operator import and_, or_

from django.db.models import F, Q
from django.db.models.lookups import In
from django.utils import timezone

from jobs.models.keys import Keys
from jobs.models.measures import Aside
from jobs.models.sources import keys_of
from jobs.search import Query

Group = list[tuple[Keys, bool]]  # whether each is negated


def condition(query: Query) -> Q:
    """What a job must meet to be found."""
    now = timezone.now()
    groups = [[(keys_of(term, now), term.is_negated) for term in group] for group in query.groups]
    few = smallest(groups)
    if few is None:
        return reduce(and_, (reduce(or_, map(held, group)) for group in groups), Q())
    for group in groups:
        few = few and set().union(*(within(few, *each) for each in group))
    return Q(pk__in=sorted(few))


def smallest(groups: list[Group]) -> set[int] | None:
    """The jobs of the first term that must hold and finds few."""
    for group in groups:
        keys, is_negated = group[0]
        if len(group) == 1 and not is_negated and (few := keys.few()) is not None:
            return few
    return None


def within(few: set[int], keys: Keys, is_negated: bool) -> set[int]:
    found = keys.among(few)
    return few - found if is_negated else found


def held(each: tuple[Keys, bool]) -> Q:
    keys, is_negated = each
    is_in = Q(In(Aside(F("pk")), keys.all()))
    return ~is_in if is_negated else is_in
