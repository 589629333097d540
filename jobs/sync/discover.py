"""The list of one account's jobs: one request tells the state of a hundred of them.

Jobs that the list shows unchanged are confirmed by one UPDATE; those that came to another state are
handed back, to be read at once; unknown ones are added. Usually reading stops with the first page that brings
nothing new; now and then the whole list is read, in stretches, to notice what the service forgot.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from jobs.models import Account, Job, searched
from jobs.sync import store
from jobs.sync.events import PAGE, batches
from jobs.sync.schedule import wants_listing
from jobs.upstream import FineTuningClient, JobReply, Rejected

MOST_PAGES = 10  # in one go; a longer complete listing is continued at once


class Moved(NamedTuple):
    """A job that is in another state than we know, as the list said when it was asked."""

    job: Job
    reply: JobReply
    asked_at: datetime


def read_list(account: Account, client: FineTuningClient) -> list[Moved]:
    """Read the head of the list, or a stretch of the complete listing when one is due; or both."""
    now = timezone.now()
    moved: list[Moved] = []
    begins = account.listing_began_at is None and wants_listing(account, now)
    if begins:
        account.listing_began_at = now
    else:
        read_head(account, client, moved)
    if account.listing_began_at is not None:
        read_stretch(account, client, moved)
    return moved


def read_head(account: Account, client: FineTuningClient, moved: list[Moved]) -> None:
    """The newest jobs, until no page has news and nearly every job that may change was seen."""
    unseen = set(account.jobs.active().values_list("upstream_id", flat=True))
    asked_at = timezone.now()
    for number, page in enumerate(batches(client.jobs(), PAGE), 1):
        news = note(account, page, asked_at, moved)
        unseen -= {reply.id for reply in page}
        more = news or len(unseen) > PAGE // 10 or is_oldest_first(page)
        if number == MOST_PAGES or not more:
            break  # the few that are left are asked for one by one when they are due
        asked_at = timezone.now()


def is_oldest_first(page: list[JobReply]) -> bool:
    """Then what is new comes on the last page."""
    first, last = page[0].created_at, page[-1].created_at
    return first is not None and last is not None and first < last


def read_stretch(account: Account, client: FineTuningClient, moved: list[Moved]) -> None:
    asked_at = timezone.now()
    try:
        for number, page in enumerate(batches(client.jobs(after=account.listing_after), PAGE), 1):
            note(account, page, asked_at, moved, complete=True)
            if number == MOST_PAGES:
                account.listing_after = page[-1].id
                return
            asked_at = timezone.now()
    except Rejected:
        if not account.listing_after:
            raise
        account.listing_after, account.listing_began_at = "", None  # begin anew: it lost its place
        return
    ask_for_the_missing(account, asked_at)
    account.listed_at = account.listing_began_at
    account.listing_after, account.listing_began_at = "", None


@transaction.atomic
def note(
    account: Account,
    page: list[JobReply],
    asked_at: datetime,
    moved: list[Moved],
    *,
    complete: bool = False,
) -> bool:
    """Take in one page of the list; say whether it brought unknown or changed jobs.

    Jobs that are settled need no confirming but by a complete listing.
    """
    listed = account.jobs.filter(upstream_id__in=[reply.id for reply in page])
    rows = listed.values_list("upstream_id", "digest", "gone_at")
    known = {upstream_id: (digest, gone_at) for upstream_id, digest, gone_at in rows}
    live_rows = listed if complete else listed.exclude(next_poll_at=None)
    live_rows.update(confirmed_at=asked_at)
    shown = add(account, [reply for reply in page if reply.id not in known], asked_at)
    changed = [reply for reply in page if reply.id in known and differs(reply, *known[reply.id])]
    for reply in changed:
        job = listed.get(upstream_id=reply.id)
        if job.status != reply.status or job.gone_at:
            moved.append(Moved(due_anew(job, asked_at), reply, asked_at))
        elif store.take_reply(job, reply, asked_at):
            shown.append(job)
    store.announce(*shown)
    return bool(changed) or len(known) < len(page)


def due_anew(job: Job, now: datetime) -> Job:
    """What moved is asked for by name, should nobody come to read it with the list's reply."""
    Job.objects.filter(pk=job.pk).ask_anew(now)
    job.confirmed_at, job.next_poll_at = None, now
    return job


def differs(reply: JobReply, digest: str, gone_at: datetime | None) -> bool:
    return gone_at is not None or digest != store.digest(reply)


def add(account: Account, replies: list[JobReply], now: datetime) -> list[Job]:
    """Jobs that we did not know, with what the list says of them; their events are read when due."""
    if not replies:
        return []
    jobs = []
    for reply in replies:
        job = Job(account=account, upstream_id=reply.id, confirmed_at=now, next_poll_at=now)
        job.apply(store.translate(account, reply))
        if job.has_ended:
            job.ended_at = job.finished_at or job.created_at  # the events will say it better
        jobs.append(job)
    Job.objects.bulk_create(jobs, ignore_conflicts=True)
    added = list(account.jobs.filter(upstream_id__in=[job.upstream_id for job in jobs]))
    searched.remember(added)
    return added


def ask_for_the_missing(account: Account, now: datetime) -> None:
    """Jobs that a complete listing did not hold are asked for by name before we call them gone."""
    missing = account.jobs.filter(gone_at=None, confirmed_at__lt=account.listing_began_at)
    missing.ask_anew(now)
