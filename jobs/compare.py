"""Compares jobs that were read: who is better, and by how much. Pure; what they were told is in recipes.

What a template shows of a job beside others is an Entry; its number, tone and dashes are those of its
place, the same in every table and on every chart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jobs import charts
from jobs.advisor import Advice
from jobs.models import Checkpoint, Job, MetricSummary

JUDGED = ("best", "final")  # columns of which one figure is better than another
TONES = 8
# Dashes of a line: eight tones times thirteen patterns are more than a page compares.
DASHES = (
    "",
    "7 3",
    "2 3",
    "9 3 2 3",
    "14 4",
    "14 4 2 4",
    "4 8",
    "9 3 2 3 2 3",
    "1 6",
    "20 3",
    "5 2 5 8",
    "2 2 2 8",
    "20 4 4 4",
)


class Delta(NamedTuple):
    """How far a figure is from the baseline's; as a share of it where that makes sense."""

    amount: float
    share: float | None

    @property
    def is_none(self) -> bool:
        return not self.amount


@dataclass(frozen=True)
class Entry:
    job: Job
    place: int
    final: float | None = None  # the newest value of what the best figure is of
    reward: MetricSummary | None = (
        None  # what a job is told by that learns by reward, beside its loss
    )
    is_hidden: bool = False
    is_baseline: bool = False
    deltas: Mapping[str, Delta] | None = None

    @property
    def number(self) -> int:
        return self.place + 1

    @property
    def tone(self) -> int:
        return self.place % TONES

    @property
    def dash(self) -> str:
        return DASHES[self.place // TONES % len(DASHES)]

    def figure(self, column: str) -> float | None:
        """What can be set off against a baseline; the duration once it is final."""
        if column == "duration":
            return self.seconds if self.job.has_ended else None
        best = self.reward.max if self.reward else self.job.best_loss
        return {"best": best, "final": self.final}.get(column, self.job.trained_tokens)

    @property
    def measure(self) -> str:
        """The metric that its best and its final figure are of."""
        return self.reward.name if self.reward else self.job.best_loss_name

    @property
    def seconds(self) -> float | None:
        return self.job.duration.total_seconds() if self.job.duration else None

    def rank(self, column: str) -> Any:
        """What the table is sorted by; None comes last."""
        job = self.job
        words = {"name": str(job).lower(), "state": job.state, "model": job.base_model}
        words |= {"method": job.method}
        if column in words:
            return words[column] or None
        figures = {"place": self.place, "duration": self.seconds}
        if column in figures:
            return figures[column]
        figure = self.figure(column)
        if figure is None or not self.reward or column not in JUDGED:
            return figure
        return -figure  # the better first, as among losses


def ordered(entries: Iterable[Entry], column: str, descending: bool) -> list[Entry]:
    """Whoever lacks the figure comes last, whichever way the others are sorted."""
    rated = [(entry.rank(column), entry) for entry in entries]
    there = [pair for pair in rated if pair[0] is not None]
    there.sort(key=lambda pair: pair[0], reverse=descending)
    return [entry for _, entry in there] + [entry for rank, entry in rated if rank is None]


def deltas(entry: Entry, baseline: Entry) -> dict[str, Delta]:
    """Losses and rewards are set off against each other only where they are of the same kind."""
    columns = ["duration", "tokens"]
    if entry.measure == baseline.measure:
        columns += JUDGED
    pairs = ((column, entry.figure(column), baseline.figure(column)) for column in columns)
    return {
        column: Delta(own - other, (own - other) / abs(other) if other else None)
        for column, own, other in pairs
        if own is not None and other is not None
    }


class Option(NamedTuple):
    """What a control offers. The usual one has no value, so that addresses stay short."""

    value: str
    label: str
    is_chosen: bool


class Card(NamedTuple):
    """One chart: a family of metrics, of which it shows one."""

    family: str
    names: Sequence[str]
    metric: str
    usual: str

    @property
    def has_choice(self) -> bool:
        return len(self.names) > 1

    @property
    def title(self) -> str:
        return charts.title(self.family)

    @property
    def label(self) -> str:
        return charts.labels(self.names)[self.metric]

    @property
    def options(self) -> list[Option]:
        return options(charts.labels(self.names), self.metric, self.usual)


def options(labels: Mapping[str, str], chosen: str, usual: str) -> list[Option]:
    return [
        Option("" if name == usual else name, label, name == chosen)
        for name, label in labels.items()
    ]


def cards(counts: Mapping[str, int], chosen: Sequence[str]) -> list[Card]:
    """The charts of these metrics, each with what is chosen, or else what most of the jobs have."""
    found = []
    for family, names in charts.families(counts).items():
        usual = max(names, key=lambda name: counts[name])  # the first of those that are equal
        metric = next((name for name in chosen if name in names), usual)
        found.append(Card(family, names, metric, usual))
    return found


class Choice(NamedTuple):
    """The best checkpoint of a job, and what the advisor says of it."""

    entry: Entry
    advice: Advice | None
    checkpoint: Checkpoint | None


def choice(entry: Entry, advice: Advice | None, checkpoints: Sequence[Checkpoint]) -> Choice:
    best = [each for each in checkpoints if advice and each.step == advice.best]
    return Choice(entry, advice, best[0] if best else None)
