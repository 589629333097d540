"""What the files and models of an account are for: which jobs they feed, and which they come from."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Q

from jobs.models.account import Account
from jobs.models.file import File
from jobs.models.job import Job
from jobs.models.telemetry import Checkpoint

Uses = dict[str, list["Use"]]
OF_JOB = ("account", "name", "state", "ended_at", "base_model", "fine_tuned_model", "upstream_id")


class Use(NamedTuple):
    """`role` is what the thing is to the job: training, validation, result; base, made, checkpoint."""

    role: str
    job: Job

    @property
    def is_needed(self) -> bool:
        """The job still works with it."""
        return self.role in ("training", "validation", "base") and not self.job.has_ended


def uses_of_files(account: Account, files: Iterable[File]) -> Uses:
    """By the file's id, newest job first."""
    wanted = {file.upstream_id: file.purpose for file in files}
    fed = Q(training_file__in=wanted) | Q(validation_file__in=wanted)
    wrote = writers(account, wanted) if "fine-tune-results" in wanted.values() else []
    uses: Uses = defaultdict(list)
    jobs = account.jobs.filter(fed | Q(pk__in=wrote))
    for job in jobs.only(*OF_JOB, "training_file", "validation_file", "result_files"):
        named = [("training", job.training_file), ("validation", job.validation_file)]
        for role, name in [*named, *(("result", name) for name in job.result_files)]:
            if name in wanted:
                uses[name].append(Use(role, job))
    return uses


def writers(account: Account, wanted: Collection[str]) -> list[int]:
    """The jobs whose results are among these: looked for here, as no question to both databases would."""
    rows = account.jobs.exclude(result_files=[]).order_by().values_list("pk", "result_files")
    return [pk for pk, names in rows if any(name in wanted for name in names)]


def uses_of_models(account: Account, names: Iterable[str]) -> Uses:
    """By the model's name, newest job first. A checkpoint that became the model is not told twice."""
    wanted = set(names)
    uses: Uses = defaultdict(list)
    concerned = Q(fine_tuned_model__in=wanted) | Q(base_model__in=wanted)
    for job in account.jobs.filter(concerned).only(*OF_JOB):
        for role, name in (("made", job.fine_tuned_model), ("base", job.base_model)):
            if name in wanted:
                uses[name].append(Use(role, job))
    saved = Checkpoint.objects.filter(job__account=account, model__in=wanted)
    for checkpoint in saved.select_related("job"):
        if checkpoint.model != checkpoint.job.fine_tuned_model:
            uses[checkpoint.model].append(Use("checkpoint", checkpoint.job))
    return uses
