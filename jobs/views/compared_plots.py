"""What the plots of the compare page show: a hyperparameter against a metric, and all that vary."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from jobs import plots, recipes
from jobs.advisor import BASES
from jobs.compare import Entry
from jobs.models import overlay
from jobs.models.comparison import PLACES
from jobs.models.hyperparameters import PARAMETERS
from jobs.models.packing import from_bytes
from jobs.views.compared import Compared

LEAST_PARALLEL = 5  # jobs that parallel coordinates are worth
MOST_UPRIGHT = 6  # axes beside the metric's
WORDS = {"last": "newest value", "min": "lowest value", "max": "highest value"}


class Choice(NamedTuple):
    value: str
    label: str
    is_chosen: bool


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
    def across(self) -> str:
        asked = self.compared.comparison.across
        known = [*recipes.varying(self.values), *self.values]
        return asked if asked in self.values else next(iter(known), "")

    @cached_property
    def up(self) -> str:
        asked, metrics = self.compared.comparison.up, self.compared.metrics
        known = [name for name in BASES if name in metrics]
        return asked if asked in metrics else next(iter([*known, *metrics]), "")

    @property
    def acrosses(self) -> list[Choice]:
        usual = next(iter([*recipes.varying(self.values), *self.values]), "")
        return [
            Choice("" if name == usual else name, label(name), name == self.across)
            for name in self.values
        ]

    @property
    def ups(self) -> list[Choice]:
        return [Choice(name, name, name == self.up) for name in self.compared.metrics]

    @property
    def ats(self) -> list[Choice]:
        chosen = self.compared.comparison.up_at
        return [Choice(place, WORDS[place], place == chosen) for place in PLACES]

    @property
    def across_label(self) -> str:
        return label(self.across)

    @property
    def up_label(self) -> str:
        return f"{self.up}, {WORDS[self.compared.comparison.up_at]}"

    @cached_property
    def heights(self) -> dict[Hashable, float]:
        """By job, the metric's value: the newest, the lowest or the highest."""
        found: dict[Hashable, float] = {}
        chosen = self.compared.comparison.up_at
        curves = overlay.curves_of([entry.job.pk for entry in self.compared.shown], [self.up])
        for pk, chunks in curves.items():
            for chunk in chunks:
                values = from_bytes(chunk.kind, chunk.values)
                best = {"last": values[-1], "min": min(values), "max": max(values)}[chosen]
                known = found.get(pk, best)
                found[pk] = {"last": best, "min": min(known, best), "max": max(known, best)}[chosen]
        return found

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
