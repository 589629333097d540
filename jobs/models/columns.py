"""Which columns the jobs list can show, and what stands in those that are not in every row.

A hyperparameter and a metric are named as a search names them: hp.n_epochs, valid_loss, min(valid_loss).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from jobs.models.job import Job
from jobs.models.metric import MetricSummary
from jobs.search.fields import lower_is_better

STANDARD = {
    "state": "State",
    "name": "Name",
    "model": "Base model",
    "method": "Method",
    "account": "Account",
    "progress": "Progress",
    "curve": "Training curve",
    "loss": "Best loss or reward",
    "started": "Started",
    "ended": "Duration",
}
FIELDS = {  # of a job: where it stands, and what it is called
    "created": ("created_at", "Created"),
    "tokens": ("trained_tokens", "Trained tokens"),
    "id": ("upstream_id", "Id"),
    "suffix": ("suffix", "Suffix"),
    "seed": ("seed", "Seed"),
    "file": ("training_file", "Training file"),
}
SORTS = {"progress": "step", "ended": "duration"}  # where it is called otherwise
UNSORTED = frozenset({"curve", "id", "suffix", "seed", "file"})
NUMBERS = frozenset({"created", "tokens", "seed"})
PARAMETER = re.compile(r"hp\.([^\s,()]{1,100})")
METRIC = re.compile(r"(?:(last|min|max|best)\()?([^\s,()]{1,100})(?(1)\))")
MOST = 24
STAYS = ("None", "The first column", "The first two", "The first three")  # by their number


class Column(NamedTuple):
    """`kind` tells how it is shown: as it stands in every row, a field, a hyperparameter or a metric."""

    name: str
    kind: str
    label: str
    subject: str = ""
    way: str = ""

    @property
    def sort(self) -> str:
        """What the list can be sorted by, empty where it cannot by this."""
        return "" if self.name in UNSORTED else SORTS.get(self.name, self.name)

    @property
    def is_number(self) -> bool:
        return self.kind == "metric" or self.name in NUMBERS

    @property
    def measure(self) -> str:
        if self.way != "best":
            return self.way
        return "min" if lower_is_better(self.subject) else "max"


def column(name: str) -> Column | None:
    if name in STANDARD:
        return Column(name, "standard", STANDARD[name])
    if name in FIELDS:
        field, label = FIELDS[name]
        return Column(name, "field", label, field)
    if found := PARAMETER.fullmatch(name):
        return Column(name, "parameter", found[1], found[1])
    if found := METRIC.fullmatch(name):
        way = found[1] or "last"
        return Column(name, "metric", f"{found[2]}, {way}", found[2], way)
    return None


def columns_of(names: Iterable[str]) -> list[Column]:
    return [known for name in names if (known := column(name))]


def read_columns(asked: str, problems: list[str]) -> tuple[str, ...]:
    """The columns that an address names, empty where they are the usual ones. Names are always there:
    they lead to the jobs.
    """
    names = list(dict.fromkeys(filter(None, (each.strip() for each in asked.split(",")))))
    known = [name for name in names if column(name)][:MOST]
    problems += [f"There is no column “{name}”." for name in names if not column(name)]
    if not known or known == list(STANDARD):
        return ()
    return tuple(known if "name" in known else ["name", *known])


def read_stay(asked: str, problems: list[str]) -> int:
    """How many of the first columns an address pins."""
    if asked in ("", *map(str, range(len(STAYS)))):
        return int(asked or 0)
    problems.append(f"{len(STAYS) - 1} columns at most can stay in view: none does.")
    return 0


def values(columns: Sequence[Column], keys: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What stands in the columns that are not standard: by job, then by column."""
    wanted = [each for each in columns if each.kind != "standard"]
    if not wanted:
        return {}
    found: dict[int, dict[str, Any]] = {}
    for job in Job.objects.filter(pk__in=keys).defer("raw", "integrations", "metadata"):
        resolved = {name: value for name, _, value in job.recipe()}
        found[job.pk] = {
            each.name: resolved.get(each.subject)
            if each.kind == "parameter"
            else getattr(job, each.subject, None)
            for each in wanted
            if each.kind != "metric"
        }
    metrics = [each for each in wanted if each.kind == "metric"]
    names = {each.subject for each in metrics}
    for summary in MetricSummary.objects.filter(job__in=found, name__in=names):
        for each in metrics:
            if each.subject == summary.name:
                found[summary.job_id][each.name] = getattr(summary, each.measure)
    return found


def moved(names: Sequence[str], move: str) -> list[str]:
    """The columns with one of them a place nearer to the front, "up:loss", or to the end."""
    way, _, name = move.partition(":")
    order = list(names)
    if name in order and way in ("up", "down"):
        at = order.index(name)
        order.insert(max(0, at - 1) if way == "up" else at + 1, order.pop(at))
    return order
