"""Write what the API said. Every function may be called twice with the same words.

Those that write a job say whether a page would show it: who holds the transaction, which may be about
many jobs, announces them. translate() is where the two vocabularies meet. What a page shows changes
together with `revision`.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from jobs import health, live
from jobs.models import Account, Job, Pulse, ResultFile, searched
from jobs.models.clock import resumed_at
from jobs.sync import progress, telemetry
from jobs.sync.schedule import backoff, end_seen, next_poll
from jobs.upstream import DIALECTS, JobReply

if TYPE_CHECKING:
    from jobs.sync.refresh import News

SHORT_ID = 16  # characters of an id that stand for a job without a suffix
UNSTEADY = ("estimated_finish", "raw")  # its guess of the end moves all the time: that is no news

BOOKKEEPING = (
    "checkpoints_at",
    "confirmed_at",
    "corrections",
    "failures",
    "gap_after",
    "gone_at",
    "health",
    "health_evidence",
    "health_since",
    "last_error",
    "next_poll_at",
    "oldest_first",
    "revision",
)


@transaction.atomic
def store(job: Job, news: News, now: datetime, watched: timedelta | None = None) -> bool:
    """Write all that one reading brought, settle open actions, choose the next poll.

    `job` is the row as it was when the reading began: what others wrote since then stands.
    """
    row = locked(job)
    was_asked_for = row.next_poll_at != job.next_poll_at  # a person wants to know, meanwhile
    changed = telemetry.store_checkpoints(row, news.checkpoints, now)
    changed |= telemetry.store_files(row.account, news.files)
    fresh = telemetry.store_log(row, job, news.log) if news.log else []
    fields = spoken(row, news.reply, news.asked_at)
    if fresh:
        fields |= progress.after(row, fresh)
    changed |= bool(fresh) | conclude(row, fields, now)
    if news.asked_for_checkpoints:
        row.checkpoints_at = now
    if news.log or news.trouble is None:
        row.failures = 0
        reschedule(row, now, watched)
        if was_asked_for:
            row.next_poll_at = now
    else:
        row.failures += 1
        row.next_poll_at = now + backoff(row.failures)
    row.last_error = str(news.trouble or "")
    return save(row, fields, examine(row, now) | changed)


@transaction.atomic
def take_reply(job: Job, reply: JobReply, asked_at: datetime) -> bool:
    """Write what the list says of a job whose telemetry is not due."""
    row = locked(job)
    fields = spoken(row, reply, asked_at)
    changed = conclude(row, fields, timezone.now())
    if row.is_settled:  # unless it names its results only now
        row.next_poll_at = row.results.next_try()
    return save(row, fields, changed)


def locked(job: Job) -> Job:
    """The row, which nobody else changes until this transaction has ended."""
    row = Job.objects.select_for_update().get(pk=job.pk)
    row.account = job.account
    return row


def reschedule(row: Job, now: datetime, watched: timedelta | None = None) -> None:
    """Choose the next poll, unless the job could not be read: then it waits for that."""
    if row.failures:
        return
    is_asked = row.actions.open().exists()
    results_at = row.results.next_try() if row.has_ended else None
    row.next_poll_at = next_poll(row, now, watched, is_asked=is_asked, results_at=results_at)


def spoken(row: Job, reply: JobReply | None, asked_at: datetime) -> dict[str, Any]:
    """What the reply says, unless a later one was heard already."""
    if reply is None or (row.confirmed_at and asked_at < row.confirmed_at):
        return {}
    row.confirmed_at = asked_at
    return {**translate(row.account, reply), "gone_at": None}


def conclude(row: Job, fields: dict[str, Any], now: datetime) -> bool:
    """Set the fields and what follows from them; say whether a page would show it."""
    fields |= ending(row, fields, now)
    had_ended = row.has_ended
    changed = row.apply(fields)
    if row.state == Job.State.SUCCEEDED and not had_ended:  # there is a new model, and new files
        Account.objects.filter(pk=row.account_id).update(next_inventory_at=now)
    if changed & searched.SHOWN_BY:
        searched.remember([row])
    if row.has_ended and row.result_files:
        ResultFile.objects.expect(row)
    return settle_actions(row, now) | bool(changed.difference(UNSTEADY))


def examine(row: Job, now: datetime) -> bool:
    """Note how the job really is; say whether that is another finding than before."""
    waits = row.account.jobs.waits() if row.state in health.WAITS else ()
    went_on = resumed_at(row) if health.is_silent(row, now) else None
    finding = health.examine(row, now, waits, went_on)
    noted = (finding.kind, finding.since, finding.evidence) if finding else ("", None, "")
    was = (row.health, row.health_evidence)
    row.health, row.health_since, row.health_evidence = noted
    return was != (row.health, row.health_evidence)


def save(row: Job, fields: dict[str, Any], changed: bool) -> bool:
    """Whoever has the transaction announces what changed, at its end."""
    row.revision += changed
    row.save(update_fields=[*fields, *BOOKKEEPING])
    return changed


def announce(*jobs: Job) -> None:
    """Raise the version that readers compare, last in the transaction; ring when it is committed."""
    if not jobs:
        return
    Pulse.raise_version()
    pks = [job.pk for job in jobs]
    transaction.on_commit(lambda: live.announce(*pks))


def digest(reply: JobReply) -> str:
    """A mark of all that lasts in a reply: the same for the same job, whatever the database makes of it."""
    lasting = {key: value for key, value in reply.raw.items() if key != "estimated_finish"}
    return hashlib.blake2b(json.dumps(lasting, sort_keys=True).encode(), digest_size=16).hexdigest()


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
        "digest": digest(reply),
    }
    if reply.created_at:
        fields["created_at"] = reply.created_at
    return fields


def short_name(reply: JobReply) -> str:
    """A job without a suffix goes by that of its model, else by the start of its id."""
    parts = reply.fine_tuned_model.split(":")
    return (parts[3] if len(parts) >= 5 else "") or reply.id[:SHORT_ID]


def ending(row: Job, fields: dict[str, Any], now: datetime) -> dict[str, Any]:
    """When the job ended: as the API says, else when its last event came, else when we saw it."""
    if fields.get("state", row.state) not in Job.ENDED:
        return {"ended_at": None, "end_seen_at": None}
    ended_at = fields.get("finished_at", row.finished_at)
    if ended_at is None and row.end_seen_at:
        ended_at = row.ended_at
    if ended_at is None:
        last = row.events.newest_first().first()
        ended_at = last.created_at if last else now
    seen = row.end_seen_at or end_seen(ended_at, now, was_known=not row.has_ended)
    return {"ended_at": ended_at, "end_seen_at": seen}


def settle_actions(job: Job, now: datetime) -> bool:
    settled = [action.settle_from(job, now) for action in job.actions.without_answer()]
    return any(settled)


@transaction.atomic
def forget(job: Job, now: datetime) -> bool:
    """The service no longer knows this job. Ours stays, and is never asked for again."""
    row = locked(job)
    row.gone_at, row.confirmed_at, row.next_poll_at = now, now, None
    row.failures, row.last_error = 0, ""
    examine(row, now)
    settle_actions(row, now)
    return save(row, {}, changed=True)


def postpone(job: Job, why: str) -> None:
    """Nothing could be read or written: say so on the job, and try again later."""
    failures = job.failures + 1
    Job.objects.filter(pk=job.pk).update(
        failures=failures, last_error=why, next_poll_at=timezone.now() + backoff(failures)
    )
