"""Which words there are: names of metrics and hyperparameters, models and methods that jobs have."""

from collections.abc import Collection

from django.db.models import Model

from jobs.models.hyperparameters import PARAMETERS
from jobs.models.metric import MetricSummary
from jobs.models.series import fetch
from jobs.models.telemetry import LOSSES
from jobs.models.trait import Trait

USUAL_METRICS = (*LOSSES, "train_mean_token_accuracy", "valid_mean_token_accuracy")
MOST = 1000  # distinct values that are looked at: people invent keys of metadata without end

# Each step leaps along the index to the next value: as many steps as there are values, not rows.
LEAPS = """
WITH RECURSIVE leap(value) AS (
  SELECT MIN({column}) FROM {table} WHERE {column} > ''
  UNION ALL
  SELECT (SELECT MIN({column}) FROM {table} WHERE {column} > leap.value)
    FROM leap WHERE leap.value IS NOT NULL
)
SELECT value FROM leap WHERE value IS NOT NULL LIMIT %s
"""


def known(what: str) -> Collection[str]:
    """The names of metrics, or of hyperparameters, that a search may use."""
    if what == "metric":
        return [*USUAL_METRICS, *sorted(distinct(MetricSummary, "name") - set(USUAL_METRICS))]
    names = distinct(Trait, "name")
    used = {name.removeprefix("hp.") for name in names if name.startswith("hp.")}
    return sorted(PARAMETERS.keys() | used)


def distinct(model: type[Model], column: str) -> set[str]:
    """The values of a column, or of the head of one, that begins an index: they are few."""
    return {
        value for (value,) in fetch(LEAPS.format(column=column, table=model._meta.db_table), MOST)
    }
