"""Reads a job's log up to what is known, in whichever order the service lists it.

Newest first, which is the rule: page by page until a page holds a known event, for all behind it is
known too. Oldest first: on from the newest known one. A very long history is read in stretches; while
`gap_after` says where to go on, nothing newer is read, and known events do not end the reading.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple, TypeVar

from jobs.models import Job
from jobs.sync.known import Known
from jobs.upstream import EventReply, FineTuningClient, Rejected

PAGE = 100
MOST_EVENTS = 1000  # one reading stays short; the rest of a long history waits for the next one
EPOCH = datetime.fromtimestamp(0, UTC)

T = TypeVar("T")


class Log(NamedTuple):
    """What one reading brought. `events` are the unknown ones, oldest first."""

    events: list[EventReply]
    gap_after: str
    oldest_first: bool | None  # how the service lists them; None: it could not be seen
    is_older: bool  # than what is stored: they close a gap


def read_log(job: Job, client: FineTuningClient, known: Known) -> Log:
    cursor = job.gap_after or (known.newest_event if job.oldest_first else "")
    if not cursor:
        return read_from(job, client, known, "")
    try:
        log = read_from(job, client, known, cursor)
    except Rejected:  # the event to read on from is no longer known there
        return read_from(job, client, known, "")
    turned_round = job.oldest_first and log.oldest_first is False
    return read_from(job, client, known, "") if turned_round else log


def read_from(job: Job, client: FineTuningClient, known: Known, after: str) -> Log:
    fresh: list[EventReply] = []
    stored = frozenset(known.events)
    seen, guess = job.oldest_first, not client.dialect.newest_first
    in_gap = bool(job.gap_after)
    for page in batches(client.events(job.upstream_id, after=after), PAGE):
        seen = order_of(page, seen)
        ascending = guess if seen is None else seen
        unknown = [event for event in page if event.id not in stored]
        fresh += unknown
        if len(unknown) < len(page) and not ascending and not in_gap:
            break
        if len(fresh) >= MOST_EVENTS:
            stretch = fresh if ascending else whole_seconds(fresh)
            ordered = in_order(stretch, ascending)
            return Log(ordered, stretch[-1].id, seen, is_older=in_gap and not ascending)
    ascending = guess if seen is None else seen
    return Log(in_order(fresh, ascending), "", seen, is_older=in_gap and not ascending)


def order_of(page: list[EventReply], otherwise: bool | None) -> bool | None:
    """Whether a page is oldest first; what the service does counts more than what it should do."""
    first, last = page[0], page[-1]
    if first.created_at and last.created_at and first.created_at != last.created_at:
        return first.created_at < last.created_at
    if first.step is not None and last.step is not None and first.step != last.step:
        return first.step < last.step
    return otherwise


def whole_seconds(events: list[EventReply]) -> list[EventReply]:
    """Newest first, without the last second if it may go on: its order must not be torn apart."""
    kept = [event for event in events if event.created_at != events[-1].created_at]
    return kept or events


def in_order(events: list[EventReply], ascending: bool) -> list[EventReply]:
    """Oldest first. Events of the same second keep the list's order."""
    ordered = events if ascending else events[::-1]
    if all(event.created_at for event in ordered):
        ordered = sorted(ordered, key=lambda event: event.created_at or EPOCH)
    return ordered


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
