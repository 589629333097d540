"""How many jobs a search finds in each state, for the chips above the list.

Of many jobs, counting takes longer than a page of them. Then the counts follow the page where a script
can ask for them; until they come, it shows those that were true last.
"""

from typing import NamedTuple

from django.db.models import Max

from jobs.models import Job, Listing, Pulse
from jobs.models.vocabulary import distinct
from jobs.views.kept import Kept

MANY = 5000  # jobs

Counts = dict[str, int]
counts: Kept[Counts] = Kept(50)


class Told(NamedTuple):
    """Jobs by state, None where they were never counted; and whether newer numbers are to follow."""

    numbers: dict[str, int | None]
    is_due: bool = False


def counted(listing: Listing, pulse: Pulse) -> Told:
    """Whatever is shown of them, in whatever order."""
    make = listing.matching().count_by_state
    return Told({**counts.piece(key_of(listing), pulse, make)})


def counted_later(listing: Listing, pulse: Pulse) -> Told:
    """What is known without counting many jobs."""
    key = key_of(listing)
    if counts.has(key, pulse) or not has_many_jobs():
        return counted(listing, pulse)
    known = counts.last(key)
    return Told({**known} if known else dict.fromkeys(distinct(Job, "state")), is_due=True)


def key_of(listing: Listing) -> tuple[object, ...]:
    return listing.text, listing.minute, listing.reader


def has_many_jobs() -> bool:
    """As their keys tell, which is told at once."""
    return (Job.objects.aggregate(last=Max("pk"))["last"] or 0) > MANY
