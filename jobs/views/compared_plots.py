"""What the plots of the compare page show: a hyperparameter against a metric, and all that vary."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from jobs import charts, plots, recipes
from jobs.advisor import BASES
from jobs.compare import Entry, Option, options
from jobs.models import overlay
from jobs.models.hyperparameters import PARAMETERS
from jobs.views.compared import Compared

LEAST_PARALLEL = 5  # jobs that parallel coordinates are worth
MOST_UPRIGHT = 6  # axes beside the metric's
WORDS = {"last": "newest value", "min": "lowest value", "max": "highest value"}


class Drawn(NamedTuple):
    """A job's dot, or the pieces of its line."""

    entry: Entry
    place: plots.Dot | plots.Line
    words: str


@dataclass(frozen=True)
class Plots:
    compared: Compared

    @cached_property
    def values(self) -> dict[str, dict[int, object]]:
        return recipes.hyperparameters(self.compared.shown)

    @cached_property
    def usual_across(self) -> str:
        return next(iter([*recipes.varying(self.values), *self.values]), "")

    @property
    def across(self) -> str:
        asked = self.compared.comparison.across
        return asked if asked in self.values else self.usual_across

    @cached_property
    def usual_up(self) -> str:
        metrics = self.compared.metrics
        return next(iter([*(name for name in BASES if name in metrics), *metrics]), "")

    @property
    def up(self) -> str:
        asked = self.compared.comparison.up
        return asked if asked in self.compared.metrics else self.usual_up

    @property
    def acrosses(self) -> list[Option]:
        labels = {name: label(name) for name in self.values}
        return options(labels, self.across, self.usual_across)

    @property
    def ups(self) -> list[Option]:
        return options(self.up_labels, self.up, self.usual_up)

    @cached_property
    def up_labels(self) -> dict[str, str]:
        return {
            name: f"{card.title}: {words}"
            for card in self.compared.cards
            for name, words in charts.labels(card.names).items()
        }

    @property
    def ats(self) -> list[Option]:
        return options(WORDS, self.compared.comparison.up_at, "last")

    @property
    def across_label(self) -> str:
        return label(self.across)

    @property
    def up_label(self) -> str:
        return f"{self.up_labels.get(self.up, '')}, {WORDS[self.compared.comparison.up_at]}"

    @cached_property
    def heights(self) -> dict[Hashable, float]:
        """By job, the metric's value: the newest, the lowest or the highest."""
        known = overlay.summaries_of(self.compared.keys, [self.up])
        shown = [
            (entry.job.pk, known.get((entry.job.pk, self.up))) for entry in self.compared.shown
        ]
        return {pk: getattr(each, self.compared.comparison.up_at) for pk, each in shown if each}

    @cached_property
    def scatter(self) -> plots.Scatter:
        return plots.scatter(whole(self.values.get(self.across, {})), self.heights)

    @property
    def dots(self) -> list[Drawn]:
        across = self.values.get(self.across, {})
        by_pk = {entry.job.pk: entry for entry in self.compared.shown}
        return [
            Drawn(
                by_pk[int(str(dot.key))],
                dot,
                f"{recipes.read(across[int(str(dot.key))])}, {self.heights[dot.key]:.5g}",
            )
            for dot in self.scatter.dots
        ]

    @cached_property
    def parallel(self) -> plots.Parallel | None:
        """None where there are too few jobs, or nothing in which they differ."""
        names = recipes.varying(self.values)[:MOST_UPRIGHT]
        if len(self.compared.shown) < LEAST_PARALLEL or not names or not self.heights:
            return None
        columns = [(label(name), whole(self.values[name])) for name in names]
        return plots.parallel([*columns, (self.up_label, self.heights)])

    @property
    def lines(self) -> list[Drawn]:
        by_pk: Mapping[Hashable, Entry] = {entry.job.pk: entry for entry in self.compared.shown}
        lines = self.parallel.lines if self.parallel else []
        return [Drawn(by_pk[line.key], line, "") for line in lines]


def whole(values: Mapping[int, object]) -> dict[Hashable, object]:
    return {key: value for key, value in values.items()}  # noqa: C416 - of any keys


def label(name: str) -> str:
    return PARAMETERS[name].label if name in PARAMETERS else name.capitalize()
