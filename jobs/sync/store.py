"""Write what the API said. Every function may be called twice with the same words.

translate() is where the two vocabularies meet. What a page shows changes together with `revision`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from jobs import live
from jobs.models import Account, Checkpoint, Event, File, Job, Pulse, Series
from jobs.models.series import MOST_STEPS
from jobs.sync import progress
from jobs.sync.schedule import next_poll
from jobs.upstream import DIALECTS, CheckpointReply, EventReply, FileReply, JobReply

if TYPE_CHECKING:
    from jobs.sync.refresh import News

SHORT_ID = 16  # characters of an id that stand for a job without a suffix


@transaction.atomic
def store(job: Job, news: News, now: datetime, *, watched: bool = False) -> None:
    """Write all that one reading brought, settle open actions, choose the next poll."""
    row = Job.objects.select_for_update(of=("self",)).select_related("account").get(pk=job.pk)
    events = store_events(row, news.events, backfill=bool(job.gap_after))
    changed = store_checkpoints(row, news.checkpoints, now)
    changed |= store_files(row.account, news.files)
    fields = translate(row.account, news.reply) if news.reply else {}
    if events:
        fields |= progress.after(row, events)
        changed = True
    fields |= ending(row, fields, now)
    changed |= bool(row.apply(fields))
    changed |= settle_actions(row, now)
    if news.reply:
        row.confirmed_at = now
    if news.checkpoints is not None:
        row.checkpoints_at = now
    row.gap_after, row.failures, row.last_error, row.gone_at = news.gap_after, 0, "", None
    row.next_poll_at = next_poll(row, now, watched=watched)
    row.revision += changed
    row.save(update_fields=[*fields, *BOOKKEEPING])
    if changed:
        announce(row)


BOOKKEEPING = (
    "checkpoints_at",
    "confirmed_at",
    "failures",
    "gap_after",
    "gone_at",
    "last_error",
    "next_poll_at",
    "revision",
)


def announce(*jobs: Job) -> None:
    """Raise the version that readers compare, last in the transaction, and ring when it is committed."""
    Pulse.raise_version()
    pks = [job.pk for job in jobs]
    transaction.on_commit(lambda: live.announce(*pks))


def translate(account: Account, reply: JobReply) -> dict[str, Any]:
    """The API's words in ours."""
    error = reply.error
    fields: dict[str, Any] = {
        "status": reply.status,
        "state": Job.State(DIALECTS[account.dialect].state_of(reply.status)),
        "name": reply.suffix or short_name(reply),
        "base_model": reply.model,
        "fine_tuned_model": reply.fine_tuned_model,
        "suffix": reply.suffix,
        "method": reply.method,
        "method_recipe": reply.method_recipe,
        "hyperparameters": reply.hyperparameters,
        "seed": reply.seed,
        "organization_id": reply.organization_id,
        "training_file": reply.training_file,
        "validation_file": reply.validation_file,
        "result_files": list(reply.result_files),
        "trained_tokens": reply.trained_tokens,
        "error_code": error.code if error else "",
        "error_message": error.message if error else "",
        "error_param": error.param if error else "",
        "integrations": list(reply.integrations),
        "metadata": dict(reply.metadata),
        "finished_at": reply.finished_at,
        "estimated_finish": reply.estimated_finish,
        "raw": reply.raw,
    }
    if reply.created_at:
        fields["created_at"] = reply.created_at
    return fields


def short_name(reply: JobReply) -> str:
    """A job without a suffix goes by that of its model, else by the start of its id."""
    parts = reply.fine_tuned_model.split(":")
    return (parts[3] if len(parts) >= 5 else "") or reply.id[:SHORT_ID]


def ending(job: Job, fields: dict[str, Any], now: datetime) -> dict[str, Any]:
    """When the job ended: as the API says, else when its last event came, else when we saw it."""
    if fields.get("state", job.state) not in Job.ENDED:
        return {"ended_at": None}
    finished = fields.get("finished_at", job.finished_at)
    if finished or job.ended_at:
        return {"ended_at": finished or job.ended_at}
    last = job.events.newest_first().first()
    return {"ended_at": last.created_at if last else now}


def store_events(job: Job, events: Iterable[EventReply], *, backfill: bool) -> list[EventReply]:
    """Add the events, oldest first, and their points; give those that were not there before."""
    unique = {event.id: event for event in events}
    known = Event.objects.known(job, list(unique))
    fresh = [event for event in unique.values() if event.id not in known]
    Event.objects.bulk_create(
        [
            Event(
                job=job,
                upstream_id=event.id,
                created_at=event.created_at or job.created_at,
                level=event.level,
                type=event.type,
                message=event.message,
                step=event.step,
                payload=event.payload,
            )
            for event in fresh
        ],
        ignore_conflicts=True,
    )
    points: dict[str, dict[int, float]] = {}
    for event in fresh:
        if event.step is not None and event.step < MOST_STEPS:
            for name, value in event.metrics.items():
                points.setdefault(name, {})[event.step] = value
    Series.objects.add(job, points, older=backfill)
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
    File.objects.bulk_create(
        [
            File(
                account=account,
                upstream_id=reply.id,
                filename=reply.filename,
                bytes=reply.bytes,
                purpose=reply.purpose,
                created_at=reply.created_at,
            )
            for reply in replies
        ],
        ignore_conflicts=True,
    )
    return bool(replies)


def settle_actions(job: Job, now: datetime) -> bool:
    settled = [action.settle_from(job, now) for action in job.actions.open()]
    return any(settled)


@transaction.atomic
def forget(job: Job, now: datetime) -> None:
    """The service no longer knows this job. Ours stays, and is never asked for again."""
    row = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    row.gone_at, row.confirmed_at, row.next_poll_at = now, now, None
    row.failures, row.last_error = 0, ""
    row.revision += 1
    row.save(update_fields=list(BOOKKEEPING))
    announce(row)
