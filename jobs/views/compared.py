"""What the compare page shows, gathered: a fixed number of questions for any number of jobs.

The advice on a job's checkpoints costs more than all else, and changes only with the job: it is kept by
the job's revision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

from jobs import advisor, compare, recipes
from jobs.advisor import Advice
from jobs.compare import Entry
from jobs.models import Checkpoint, Job, overlay
from jobs.models.comparison import AXES, Comparison, files_of
from jobs.models.metric import best_reward
from jobs.models.packing import pairs

MOST_KEPT = 5_000
MOST_TOLD = 3  # settings beside the figures; the others are among the recipes
UNKNOWN = {
    "epoch": "how many steps an epoch has is not known",
    "elapsed": "none has begun",
    "tokens": "a service tells them at the end",
}

kept: dict[tuple[int, int], Advice | None] = {}


class Choosable(NamedTuple):
    """A way to align curves, and why it cannot be chosen."""

    name: str
    label: str
    is_chosen: bool
    obstacle: str


@dataclass(frozen=True)
class Compared:
    comparison: Comparison
    entries: Sequence[Entry]  # in the order of the table

    @classmethod
    def of(cls, comparison: Comparison) -> Self:
        jobs = comparison.jobs()
        losses = {job.best_loss_name for job in jobs.values()}
        known = overlay.summaries_of([job.pk for job in jobs.values()], losses)
        entries = []
        for place, job in jobs.items():
            reward = best_reward(job)
            told = reward or known.get((job.pk, job.best_loss_name))
            is_hidden, is_baseline = job.pk in comparison.hidden, job.pk == comparison.baseline
            final = told.last if told else None
            entries.append(Entry(job, place, final, reward, is_hidden, is_baseline))
        baseline = next((entry for entry in entries if entry.is_baseline), None)
        if baseline:
            entries = [
                each if each is baseline else replace(each, deltas=compare.deltas(each, baseline))
                for each in entries
            ]
        return cls(comparison, compare.ordered(entries, comparison.sort, comparison.descending))

    @property
    def problems(self) -> list[str]:
        """What of the address could not be followed."""
        there = {entry.job.pk for entry in self.entries}
        lost = [str(pk) for pk in self.comparison.keys if pk not in there]
        told = [*self.comparison.problems]
        if lost:
            some = f"{', '.join(lost[:5])}{' and more' if len(lost) > 5 else ''}"
            told.append(f"There is no job {some}, or none that you may see: left out.")
        strange = [name for name in self.comparison.metrics if name not in self.metrics]
        if self.entries and strange:
            told.append(f"None of these jobs has a metric “{strange[0]}”: the usual one is drawn.")
        return told

    @cached_property
    def by_place(self) -> list[Entry]:
        return sorted(self.entries, key=lambda entry: entry.place)

    @cached_property
    def shown(self) -> list[Entry]:
        """Those that are not hidden, by their places."""
        return [entry for entry in self.by_place if not entry.is_hidden]

    @property
    def judged(self) -> str:
        """What the best and the final figures are of."""
        kinds = {"reward" if entry.reward else "loss" for entry in self.entries}
        return " or ".join(sorted(kinds or {"loss"}))

    @property
    def columns(self) -> int:
        """Of the table of recipes: what is told, and what each was told."""
        return 1 + len(self.shown)

    @cached_property
    def keys(self) -> list[int]:
        return [entry.job.pk for entry in self.by_place]

    @cached_property
    def metrics(self) -> dict[str, int]:
        return overlay.metrics_of(self.keys)

    @cached_property
    def cards(self) -> list[compare.Card]:
        return compare.cards(self.metrics, self.comparison.metrics)

    @cached_property
    def recipe(self) -> list[recipes.Row]:
        files = files_of(entry.job for entry in self.entries)
        chosen = self.comparison
        return recipes.recipe(
            self.shown, files, only_rows=chosen.only_rows, only_cells=chosen.only_cells
        )

    @cached_property
    def differing(self) -> list[recipes.Row]:
        """What stands beside the figures: in what these jobs differ."""
        return recipes.telling(self.recipe)[:MOST_TOLD]

    @property
    def untold(self) -> int:
        """How many more settings differ."""
        return len(recipes.telling(self.recipe)) - len(self.differing)

    @property
    def axes(self) -> list[Choosable]:
        return [
            Choosable(name, label, name == self.comparison.axis, self.obstacle(name))
            for name, label in AXES.items()
        ]

    def obstacle(self, axis: str) -> str:
        knows = any(is_known(entry.job, axis) for entry in self.entries)
        return "" if knows or not self.entries else UNKNOWN.get(axis, "")

    @property
    def unaligned(self) -> list[Entry]:
        """Those of which the axis is not known, and whose curves are left out for that."""
        return [e for e in self.shown if not is_known(e.job, self.comparison.axis)]

    @cached_property
    def choices(self) -> list[compare.Choice]:
        """The best checkpoint of each."""
        checkpoints = overlay.checkpoints_of([entry.job.pk for entry in self.shown])
        advices = advised([entry.job for entry in self.shown], checkpoints)
        return [
            compare.choice(entry, advices[entry.job.pk], checkpoints[entry.job.pk])
            for entry in self.shown
        ]


def version(job: Job) -> tuple[int, int]:
    return job.pk, job.revision


def advised(
    jobs: Sequence[Job], checkpoints: Mapping[int, Sequence[Checkpoint]]
) -> dict[int, Advice | None]:
    """By job, the advice on its checkpoints: as it is kept, or made now."""
    known = kept.copy()  # another thread may begin anew
    found = {job.pk: known[version(job)] for job in jobs if version(job) in known}
    missing = [job for job in jobs if job.pk not in found]
    told = {job.pk: advisor.candidates(checkpoints[job.pk]) for job in missing}
    names = {name for each in told.values() for name in advisor.curves_for(each)}
    chunks = overlay.curves_of(list(told), names)
    if len(kept) + len(missing) > MOST_KEPT:
        kept.clear()
    for job in missing:
        curves: dict[str, list[tuple[int, float]]] = {}
        for chunk in chunks[job.pk]:
            curves.setdefault(chunk.name, []).extend(pairs(chunk))
        found[job.pk] = advisor.advise(told[job.pk], curves, state=job.state)
        kept[version(job)] = found[job.pk]
    return found


def is_known(job: Job, axis: str) -> bool:
    known: dict[str, Any] = {
        "epoch": job.n_epochs and job.total_steps,
        "elapsed": job.started_at,
        "tokens": job.trained_tokens and job.step,
    }
    return bool(known.get(axis, True))
