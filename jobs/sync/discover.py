"""Bring one account up to date: one list request tells the state of a hundred jobs.

Jobs that the list shows unchanged are confirmed by one UPDATE; a job that became something else is
refreshed on the spot; unknown ones are added. Usually reading stops with the first page that brings
nothing to do; now and then the whole list is read, in stretches, to notice what the service forgot.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from jobs import gateway, live
from jobs.models import Account, Job, Pulse
from jobs.sync import store
from jobs.sync.refresh import PAGE, batches, refresh
from jobs.sync.schedule import account_wait, backoff, wants_listing
from jobs.upstream import FineTuningClient, JobReply, RateLimited, UpstreamError

MOST_PAGES = 30  # in one go; a longer complete listing is continued at the next poll


def discover_jobs(pk: int) -> None:
    account = Account.objects.get(pk=pk)
    was_failing = account.is_failing
    try:
        with gateway.connect(account) as client:
            read_list(account, client, timezone.now())
    except UpstreamError as trouble:
        retry_after = trouble.retry_after if isinstance(trouble, RateLimited) else None
        account.failed(str(trouble), timezone.now(), backoff(account.failures + 1, retry_after))
    else:
        active = account.jobs.active().count()
        wait = account_wait(active, watched=live.is_watched())
        if account.listing_after:
            wait *= 0
        account.answered(timezone.now(), wait)
    if was_failing != account.is_failing:
        Pulse.raise_version()
        live.announce()


def read_list(account: Account, client: FineTuningClient, now: datetime) -> None:
    """Read the head of the list, or a stretch of the complete listing when one is due; or both."""
    begins = account.listing_began_at is None and wants_listing(account, now)
    if begins:
        account.listing_began_at = now
    else:
        read_head(account, client, now)
    if account.listing_began_at is not None:
        read_stretch(account, client, now)


def read_head(account: Account, client: FineTuningClient, now: datetime) -> None:
    """Newest jobs first, until no page has news and every job that may change was seen."""
    unseen = set(account.jobs.active().values_list("upstream_id", flat=True))
    for number, page in enumerate(batches(client.jobs(), PAGE), 1):
        news = note(account, page, client, now)
        unseen -= {reply.id for reply in page}
        if number == MOST_PAGES or not (news or len(unseen) > PAGE // 10):
            break  # the few that are left are asked one by one when they are due


def read_stretch(account: Account, client: FineTuningClient, now: datetime) -> None:
    pages = batches(client.jobs(after=account.listing_after), PAGE)
    for number, page in enumerate(pages, 1):
        note(account, page, client, now)
        if number == MOST_PAGES:
            account.listing_after = page[-1].id
            return
    notice_the_gone(account, now)
    account.listing_after, account.listing_began_at, account.listed_at = "", None, now


def note(account: Account, page: list[JobReply], client: FineTuningClient, now: datetime) -> bool:
    """Take in one page of the list; say whether it brought unknown or changed jobs."""
    rows = account.jobs.filter(upstream_id__in=[reply.id for reply in page])
    known = {job.upstream_id: job for job in rows.select_related("account")}
    fresh = [reply for reply in page if reply.id not in known]
    pairs = [(known[reply.id], reply) for reply in page if reply.id in known]
    changed = [(job, reply) for job, reply in pairs if differs(job, reply)]
    touched = {job.pk for job, _ in changed}
    add(account, fresh, now)
    Job.objects.filter(pk__in=[job.pk for job, _ in pairs if job.pk not in touched]).confirm(now)
    for job, reply in changed:
        refresh(job, client, reply)
    return bool(fresh or changed)


def differs(job: Job, reply: JobReply) -> bool:
    """Whether the list says anything new of the job. The guess of its end moves all the time."""
    return job.gone_at is not None or lasting(reply.raw) != lasting(job.raw)


def lasting(raw: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key != "estimated_finish"}


@transaction.atomic
def add(account: Account, replies: list[JobReply], now: datetime) -> None:
    """Jobs that we did not know, with what the list says of them; their events are read when due."""
    if not replies:
        return
    jobs = []
    for reply in replies:
        job = Job(account=account, upstream_id=reply.id, confirmed_at=now, next_poll_at=now)
        job.apply(store.translate(account, reply))
        if job.has_ended:
            job.ended_at = job.finished_at
        jobs.append(job)
    Job.objects.bulk_create(jobs, ignore_conflicts=True)
    store.announce(*account.jobs.filter(upstream_id__in=[job.upstream_id for job in jobs]))


@transaction.atomic
def notice_the_gone(account: Account, now: datetime) -> None:
    """Ended jobs that a complete listing did not hold. (Others are asked for one by one first.)"""
    began = account.listing_began_at
    gone = account.jobs.exclude(ended_at=None).filter(gone_at=None, confirmed_at__lt=began)
    for job in gone:
        job.gone_at, job.next_poll_at, job.revision = now, None, job.revision + 1
        job.save(update_fields=["gone_at", "next_poll_at", "revision"])
    if gone:
        store.announce(*gone)
