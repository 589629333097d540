"""Bring jobs up to date: of each, read everything new first, then write it in one transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from typing import TypeVar

from django.utils import timezone

from jobs import gateway, live
from jobs.models import Event, File, Job
from jobs.sync import store
from jobs.sync.schedule import backoff, is_stale
from jobs.upstream import (
    CheckpointReply,
    EventReply,
    FileReply,
    FineTuningClient,
    JobReply,
    RateLimited,
    Rejected,
    UpstreamError,
)

PAGE = 100
MOST_EVENTS = 2000  # one refresh stays short; the rest of a long history waits for the next one
CHECKPOINTS_AT_LEAST = timedelta(seconds=60)
NOT_FOUND = 404

EPOCH = datetime.fromtimestamp(0, UTC)

T = TypeVar("T")


@dataclass
class News:
    """What one reading of a job brought. Events are oldest first."""

    reply: JobReply | None = None
    events: list[EventReply] = field(default_factory=list)
    gap_after: str = ""
    checkpoints: list[CheckpointReply] | None = None
    files: list[FileReply] = field(default_factory=list)


def refresh_jobs(pks: Iterable[int]) -> None:
    jobs = Job.objects.filter(pk__in=list(pks)).select_related("account").order_by("account")
    for account, members in groupby(jobs, key=lambda job: job.account):
        with gateway.connect(account) as client:
            for job in members:
                refresh(job, client)


def refresh_job(pk: int) -> None:
    refresh_jobs([pk])


def refresh(job: Job, client: FineTuningClient, reply: JobReply | None = None) -> None:
    """Read the job's news and store it. `reply` spares a request where the list brought it already.

    State is read before telemetry, so that an end never outruns its last events.
    """
    now = timezone.now()
    try:
        news = read(job, client, reply, now)
    except UpstreamError as trouble:
        if is_forgotten(job, client, trouble):
            store.forget(job, now)
        else:
            postpone(job, trouble, now)
    else:
        store.store(job, news, now, watched=live.is_watched(job.pk))


def read(job: Job, client: FineTuningClient, reply: JobReply | None, now: datetime) -> News:
    if reply is None and is_stale(job, now):
        reply = client.job(job.upstream_id)
    events, gap_after = unseen_events(job, client)
    news = News(reply, events, gap_after)
    if wants_checkpoints(job, news, now):
        news.checkpoints = listed_checkpoints(job, client)
    news.files = unseen_files(job, client, reply)
    return news


def is_forgotten(job: Job, client: FineTuningClient, trouble: UpstreamError) -> bool:
    """Whether the service no longer knows the job. An events page that is not found is no proof."""
    if not is_not_found(trouble):
        return False
    try:
        client.job(job.upstream_id)
    except UpstreamError as answer:
        return is_not_found(answer)
    return False


def is_not_found(trouble: UpstreamError) -> bool:
    return isinstance(trouble, Rejected) and trouble.status == NOT_FOUND


def unseen_events(job: Job, client: FineTuningClient) -> tuple[list[EventReply], str]:
    """The events that are not stored yet, oldest first, and where to read on when there are more.

    A list that comes newest first is read until a page holds a known event: all behind it is known
    too, for a gap left by a long history is closed before anything newer is read.
    """
    after = job.gap_after
    if not after and not client.dialect.newest_first:
        after = newest_known(job)
    fresh: list[EventReply] = []
    ascending = not client.dialect.newest_first
    for page in batches(client.events(job.upstream_id, after=after), PAGE):
        ascending = is_ascending(page, ascending)
        known = Event.objects.known(job, [event.id for event in page])
        fresh += [event for event in page if event.id not in known]
        if known and not ascending:
            break
        if len(fresh) >= MOST_EVENTS:
            return in_order(fresh, ascending), page[-1].id
    return in_order(fresh, ascending), ""


def newest_known(job: Job) -> str:
    event = job.events.newest_first().first()
    return event.upstream_id if event else ""


def is_ascending(page: list[EventReply], otherwise: bool) -> bool:
    """Whether the service lists oldest first; what it does counts more than what it should do."""
    first, last = page[0].created_at, page[-1].created_at
    if first is None or last is None or first == last:
        return otherwise
    return first < last


def in_order(events: list[EventReply], ascending: bool) -> list[EventReply]:
    """Oldest first. Events of the same second keep the list's order."""
    ordered = events if ascending else events[::-1]
    if all(event.created_at for event in ordered):
        ordered = sorted(ordered, key=lambda event: event.created_at or EPOCH)
    return ordered


def wants_checkpoints(job: Job, news: News, now: datetime) -> bool:
    """Checkpoints are made at the ends of epochs: asked for then, at the job's end, and now and then."""
    if news.reply is None and job.step is None and not news.events:
        return False
    return (
        job.checkpoints_at is None
        or job.ended_at is not None
        or (news.reply is not None and news.reply.status != job.status)
        or any("full_valid_loss" in event.metrics for event in news.events)
        or (bool(news.events) and now - job.checkpoints_at > CHECKPOINTS_AT_LEAST)
    )


def listed_checkpoints(job: Job, client: FineTuningClient) -> list[CheckpointReply] | None:
    """What is listed now; None from a service that has no such list."""
    try:
        return list(client.checkpoints(job.upstream_id))
    except Rejected:
        return None


def unseen_files(job: Job, client: FineTuningClient, reply: JobReply | None) -> list[FileReply]:
    """What the service says of the job's files, asked once a file. A file may be gone: no matter."""
    told = reply or job
    wanted = [
        name for name in (told.training_file, told.validation_file, *told.result_files) if name
    ]
    rows = File.objects.filter(account=job.account, upstream_id__in=wanted)
    known = set(rows.values_list("upstream_id", flat=True))
    return [described(client, file_id) for file_id in dict.fromkeys(wanted) if file_id not in known]


def described(client: FineTuningClient, file_id: str) -> FileReply:
    try:
        return client.file(file_id)
    except Rejected:  # deleted, or the key may not see files: its id is all that we will know
        return FileReply.parse({"id": file_id})


def postpone(job: Job, trouble: UpstreamError, now: datetime) -> None:
    retry_after = trouble.retry_after if isinstance(trouble, RateLimited) else None
    failures = job.failures + 1
    job.apply(
        {
            "failures": failures,
            "last_error": str(trouble),
            "next_poll_at": now + backoff(failures, retry_after),
        }
    )
    job.save(update_fields=["failures", "last_error", "next_poll_at"])


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
