"""Bring one job up to date: read everything new, then write it.

Who asks needs no database, so that many jobs are asked about at once. State is read before telemetry,
so that an end never outruns its last events. What can be read is stored, whatever else cannot: a file
that the key may not see does not hold up a loss.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from jobs.models import Job
from jobs.sync import store
from jobs.sync.events import Log, read_log
from jobs.sync.known import Known, files_of
from jobs.sync.schedule import is_stale
from jobs.upstream import (
    CheckpointReply,
    FileReply,
    FineTuningClient,
    JobReply,
    RateLimited,
    Rejected,
    Unreachable,
    UpstreamError,
)

CHECKPOINTS_AT_LEAST = timedelta(seconds=60)
MISSING_AT_LEAST = timedelta(seconds=3)
UNAUTHORIZED, NOT_FOUND = 401, 404
AT_REST = frozenset({Job.State.VALIDATING, Job.State.QUEUED, Job.State.PAUSED})


@dataclass
class News:
    """What one reading of a job brought. None stands for what was not asked for, or not told."""

    asked_at: datetime
    known: Known
    reply: JobReply | None = None
    log: Log | None = None
    checkpoints: list[CheckpointReply] | None = None
    asked_for_checkpoints: bool = False
    files: list[FileReply] = field(default_factory=list)
    trouble: UpstreamError | None = None
    is_forgotten: bool = False


@dataclass
class Reading:
    """One reading of one job: by any thread it is asked for, then written.

    A reply of the list, and when that was asked for, spare a request. `watched` is the pace while
    somebody looks.
    """

    job: Job
    news: News
    watched: timedelta | None = None

    def ask(self, client: FineTuningClient) -> None:
        """Raises what concerns the whole account: its key, its rate limit."""
        read(self.job, client, self.news)

    def write(self) -> bool:
        """Store what came, in one transaction; say whether a page would show it."""
        now = timezone.now()
        if self.news.is_forgotten:
            return store.forget(self.job, now)
        return store.store(self.job, self.news, now, self.watched)

    @property
    def trouble(self) -> UpstreamError | None:
        """What went wrong with this job."""
        return self.news.trouble


def read(job: Job, client: FineTuningClient, news: News) -> News:
    for part in (read_state, read_events, read_checkpoints, read_files):
        try:
            part(job, client, news)
        except UpstreamError as trouble:
            if concerns_account(trouble):
                raise
            news.trouble = news.trouble or trouble
            if isinstance(trouble, Unreachable):
                break
        if news.is_forgotten:
            break
    return news


def concerns_account(trouble: UpstreamError) -> bool:
    if isinstance(trouble, Rejected):
        return trouble.status == UNAUTHORIZED
    return isinstance(trouble, RateLimited)


def read_state(job: Job, client: FineTuningClient, news: News) -> None:
    if news.reply is None and is_stale(job, news.asked_at):
        ask_state(job, client, news)


def ask_state(job: Job, client: FineTuningClient, news: News) -> None:
    try:
        news.reply = client.job(job.upstream_id)
    except Rejected as refusal:
        news.is_forgotten = refusal.status == NOT_FOUND
        if not news.is_forgotten:
            raise


def read_events(job: Job, client: FineTuningClient, news: News) -> None:
    try:
        news.log = read_log(job, client, news.known)
    except Rejected as refusal:
        if refusal.status == NOT_FOUND and news.reply is None:
            ask_state(job, client, news)  # an events page that is not found is no proof
        if not news.is_forgotten:
            raise
    else:
        moves = any(event.step is not None for event in news.log.events)
        if moves and news.reply is None and job.state in AT_REST:
            ask_state(job, client, news)  # its steps say that it runs: the list is late


def read_checkpoints(job: Job, client: FineTuningClient, news: News) -> None:
    """A service without such a list is no trouble."""
    if not wants_checkpoints(job, news):
        return
    news.asked_for_checkpoints = True
    try:
        news.checkpoints = list(client.checkpoints(job.upstream_id))
    except Rejected as refusal:
        if refusal.status != NOT_FOUND:
            raise


def wants_checkpoints(job: Job, news: News) -> bool:
    """Checkpoints are made at the ends of epochs: asked for then, at the job's end, now and then."""
    if job.checkpoints_at is None:
        return news.reply is not None or news.log is not None
    events = news.log.events if news.log else []
    waited = news.asked_at - job.checkpoints_at
    return (
        job.ended_at is not None
        or (waited > MISSING_AT_LEAST and lacks_checkpoint(job, news))
        or (news.reply is not None and news.reply.status != job.status)
        or any("full_valid_loss" in event.metrics for event in events)
        or (bool(events) and waited > CHECKPOINTS_AT_LEAST)
    )


def lacks_checkpoint(job: Job, news: News) -> bool:
    """Whether an epoch has ended of which no checkpoint is known yet."""
    events = news.log.events if news.log else []
    step = max([job.step or 0, *(event.step or 0 for event in events)])
    if not (job.total_steps and job.n_epochs):
        return False
    epoch = job.total_steps / job.n_epochs
    boundary = int(step // epoch * epoch)
    return news.known.checkpoint_step < boundary


def read_files(job: Job, client: FineTuningClient, news: News) -> None:
    """What the service says of the job's files, asked for when the job is new or has changed."""
    if news.reply is None and job.checkpoints_at is not None:
        return
    for file_id in files_of(news.reply or job):
        if file_id not in news.known.files:
            news.files.append(described(client, file_id))


def described(client: FineTuningClient, file_id: str) -> FileReply:
    try:
        return client.file(file_id)
    except Rejected:  # deleted, or the key may not see files: its id is all that we will know
        return FileReply.parse({"id": file_id})
