"""Brings what a job wrote of its steps: its result files, once it has ended.

Events are exact: a file, which may be rounded, fills the steps that they lack and changes none. It is
asked for when the telemetry is stored already, so that it holds nothing up. What cannot be had now is
asked for again for as long as the job glows, and then given up; either is told on the file.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from jobs.models import Job, ResultFile
from jobs.models.series import Points
from jobs.sync import progress, store, telemetry
from jobs.sync.schedule import afterglow
from jobs.upstream import (
    FineTuningClient,
    Malformed,
    Rejected,
    Unreachable,
    UpstreamError,
    plain_csv,
    read_results,
)

NOT_FETCHED = "The result file could not be fetched: {why}"
NOT_READ = "The result file could not be read: {why}"
NO_TABLE = "it holds no table of steps, neither plain nor as base64. It is kept as it came."
NO_NUMBER = "its table holds no number. It is kept as it came."
CUT_SHORT = "not to its end. What was read is drawn; the file is kept whole."


@dataclass(frozen=True)
class Findings:
    """What a file holds: its content freed of base64, the points in it, and what is wrong with it."""

    content: bytes
    is_table: bool
    points: dict[str, Points]
    problem: str


@dataclass
class Fetching:
    """One file of one job: by any thread it is asked for, then written."""

    result: ResultFile
    job: Job
    came: Findings | UpstreamError = field(init=False)

    def ask(self, client: FineTuningClient) -> None:
        try:
            self.came = examined(client.file_content(self.result.upstream_id))
        except UpstreamError as refusal:
            self.came = refusal

    def write(self) -> bool:
        if isinstance(self.came, Findings):
            return keep(self.result, self.came, timezone.now())
        return put_off(self.result, self.came, timezone.now())

    @property
    def trouble(self) -> UpstreamError | None:
        """A refusal is told on the file: only silence is trouble."""
        return self.came if isinstance(self.came, Unreachable) else None


def due_files(job: Job) -> list[Fetching]:
    return [Fetching(result, job) for result in job.results.due(timezone.now())]


def examined(content: bytes) -> Findings:
    plain = plain_csv(content)
    results = read_results(plain)
    why = ""
    if not results.is_csv:
        why = NO_TABLE
    elif not results.is_whole:
        why = CUT_SHORT
    elif not results.points:
        why = NO_NUMBER
    problem = NOT_READ.format(why=why) if why else ""
    return Findings(plain, results.is_csv, results.points, problem)


@transaction.atomic
def keep(result: ResultFile, findings: Findings, now: datetime) -> bool:
    """Store the file, and those of its points that no event has told."""
    row = store.locked(result.job)
    lacking = row.series.lacking(findings.points)
    telemetry.store_points(row, lacking, older=True)
    result.asked_at = result.asked_at or now
    result.is_table, result.problem = findings.is_table, findings.problem
    result.keep(findings.content, now)
    result.save()
    fields = progress.filled(row, lacking) if lacking else {}
    row.apply(fields)
    store.reschedule(row, now)
    return store.save(row, fields, changed=True)


@transaction.atomic
def put_off(result: ResultFile, trouble: UpstreamError, now: datetime) -> bool:
    """Say why the file is not here, and choose when to ask for it again, or never.

    A refusal may be withdrawn while the job's end is settling in; no answer says nothing of the file.
    """
    row = store.locked(result.job)
    result.asked_at = result.asked_at or now
    began = row.end_seen_at if isinstance(trouble, Rejected) else result.asked_at
    again = None if isinstance(trouble, Malformed) else afterglow(began or result.asked_at, now)
    if again and trouble.retry_after:
        again = max(again, now + timedelta(seconds=trouble.retry_after))
    result.next_try_at = again
    known, result.problem = result.problem, NOT_FETCHED.format(why=trouble)
    result.save()
    store.reschedule(row, now)
    return store.save(row, {}, changed=known != result.problem or again is None)
