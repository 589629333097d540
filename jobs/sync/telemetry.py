"""Writes what is only ever added: events and their points, checkpoints, files. All idempotent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max

from jobs.models import Account, Checkpoint, Event, File, Job, MetricSummary, Series
from jobs.models.series import MOST_STEPS, Points
from jobs.models.telemetry import Line
from jobs.upstream import CheckpointReply, EventReply, FileReply

if TYPE_CHECKING:
    from jobs.sync.events import Log


def store_log(row: Job, job: Job, log: Log) -> list[EventReply]:
    """Add the events and their points; give those that were not there before.

    Where the log is to be read on is ours to say only if nobody else read it meanwhile.
    """
    if row.gap_after == job.gap_after:
        row.gap_after = log.gap_after
    row.oldest_first = log.oldest_first
    overtaken = last_told(row, log.events) if log.is_older else {}
    fresh = store_events(row, log.events)
    late: list[EventReply] = []
    news: list[EventReply] = []
    for event in fresh:
        (late if is_overtaken(event, overtaken) else news).append(event)
    store_points(row, points_of(late), older=True)
    store_points(row, points_of(news))
    return fresh


def last_told(row: Job, events: list[EventReply]) -> dict[int, datetime]:
    """When the steps of these events were told last, as far as it is stored: what closes a gap is older
    than what was read before it, and newer than what was known before that.
    """
    steps = {event.step for event in events if event.step is not None}
    told = row.events.filter(step__in=steps).order_by().values_list("step")
    return dict(told.annotate(Max("created_at")))


def is_overtaken(event: EventReply, told: dict[int, datetime]) -> bool:
    """In doubt it is: most of what closes a gap is older than what is stored."""
    if event.step not in told:
        return False
    return event.created_at is None or event.created_at <= told[event.step]


def points_of(events: list[EventReply]) -> dict[str, Points]:
    points: dict[str, Points] = {}
    for event in events:
        if event.step is not None and event.step < MOST_STEPS:
            for name, value in event.metrics.items():
                points.setdefault(name, {})[event.step] = value
    return points


def store_points(row: Job, points: dict[str, Points], *, older: bool = False) -> None:
    """Add the points, and what they say of their metrics; count it where they came out of order."""
    if not points:
        return
    in_order = Series.objects.add(row, points, older=older)
    MetricSummary.objects.follow(row, points, in_order=in_order)
    row.corrections += not in_order


def store_events(job: Job, events: Iterable[EventReply]) -> list[EventReply]:
    """Add the events, oldest first; give those that were not there before."""
    unique = {event.id: event for event in events}
    known = Event.objects.known(job, list(unique)) if job.events.exists() else set()
    fresh = [event for event in unique.values() if event.id not in known]
    if not fresh:
        return []
    Event.objects.add(
        job,
        [
            Line(
                event.id,
                event.created_at or job.created_at,
                event.level,
                event.type,
                event.message,
                event.step,
                event.payload,
            )
            for event in fresh
        ],
    )
    return fresh


def store_checkpoints(job: Job, replies: list[CheckpointReply] | None, now: datetime) -> bool:
    """Add the unknown ones and mark those that are no longer listed; say whether anything changed."""
    if replies is None:
        return False
    known = {checkpoint.upstream_id: checkpoint for checkpoint in job.checkpoints.all()}
    fresh = [reply for reply in replies if reply.id not in known]
    Checkpoint.objects.bulk_create(
        [
            Checkpoint(
                job=job,
                upstream_id=reply.id,
                step=reply.step,
                model=reply.model,
                created_at=reply.created_at,
                metrics=reply.metrics,
                raw=reply.raw,
            )
            for reply in fresh
        ],
        ignore_conflicts=True,
    )
    listed = {reply.id for reply in replies}
    came = [c.pk for c in known.values() if c.gone_at and c.upstream_id in listed]
    went = [c.pk for c in known.values() if not c.gone_at and c.upstream_id not in listed]
    job.checkpoints.filter(pk__in=came).update(gone_at=None)
    job.checkpoints.filter(pk__in=went).update(gone_at=now)
    renamed = rename(known, replies)
    return bool(fresh or came or went or renamed)


def rename(known: dict[str, Checkpoint], replies: list[CheckpointReply]) -> int:
    """The newest checkpoint takes the final model's name when the job succeeds, under its old id."""
    renamed = 0
    for reply in replies:
        old = known.get(reply.id)
        if old and (old.model, old.metrics) != (reply.model, reply.metrics):
            old.model, old.metrics, old.raw = reply.model, reply.metrics, reply.raw
            old.save(update_fields=["model", "metrics", "raw"])
            renamed += 1
    return renamed


def store_files(account: Account, replies: list[FileReply]) -> bool:
    """Add the unknown ones; those that the inventory has listed are better known there."""
    File.objects.bulk_create([as_file(account, reply) for reply in replies], ignore_conflicts=True)
    return bool(replies)


def as_file(account: Account, reply: FileReply) -> File:
    return File(
        account=account,
        upstream_id=reply.id,
        filename=reply.filename,
        bytes=reply.bytes,
        purpose=reply.purpose,
        status=reply.status,
        created_at=reply.created_at,
        expires_at=reply.expires_at,
    )
