"""Which words there are: names of metrics and hyperparameters, models and methods that jobs have."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, Model

from jobs.models.hyperparameters import PARAMETERS
from jobs.models.metric import MetricSummary
from jobs.models.telemetry import LOSSES
from jobs.models.trait import Trait

USUAL_METRICS = (*LOSSES, "train_mean_token_accuracy", "valid_mean_token_accuracy")
MOST = 1000  # distinct values that are looked at: people invent keys of metadata without end
HYPERPARAMETER = "hp."


def known(what: str) -> Collection[str]:
    """The names of metrics, or of hyperparameters, that a search may use."""
    if what == "metric":
        return [*USUAL_METRICS, *sorted(distinct(MetricSummary, F("name")) - set(USUAL_METRICS))]
    used = {
        name.removeprefix(HYPERPARAMETER) for name in distinct(Trait, F("name"), HYPERPARAMETER)
    }
    return sorted(PARAMETERS.keys() | used)


def distinct(model: type[Model], column: Any, prefix: str = "") -> set[str]:
    """The values of a column that begins an index, by leaps from one to the next: they are few."""
    found: set[str] = set()
    rows = model._default_manager.annotate(value=column).order_by("value")
    last = ""
    for _ in range(MOST):
        value = rows.filter(value__gt=last).values_list("value", flat=True).first()
        if value is None:
            break
        last = value
        found.add(value)
    return {value for value in found if value.startswith(prefix)}
