from importlib import import_module

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings, strategies

from jobs.models import MetricSummary, Trait, Words, searched
from jobs.sync.telemetry import store_points
from tests.making import make_job

pytestmark = pytest.mark.django_db

VALUES = strategies.floats(-1e6, 1e6, width=32)
POINTS = strategies.dictionaries(strategies.integers(1, 30), VALUES, min_size=1, max_size=5)
FIELDS = ("last", "last_step", "min", "max", "count")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strategies.lists(strategies.tuples(POINTS, strategies.booleans()), max_size=5))
def test_a_summary_is_that_of_all_points_in_whatever_order_they_came(batches):
    job = make_job(upstream_id="ftjob-summed")
    known: dict[int, float] = {}

    for points, is_older in batches:
        store_points(job, {"loss": points}, older=is_older)
        known = points | known if is_older else known | points

    summaries = list(job.metrics.values_list(*FIELDS))
    last = max(known, default=0)
    values = known.values()
    told = [(known[last], last, min(values), max(values), len(known))] if known else []
    assert summaries == told
    job.delete()


def test_a_migration_sums_up_and_remembers_what_is_there_already():
    job = make_job(name="old", hyperparameters={"n_epochs": 3}, metadata={"team": "a"})
    store_points(job, {"loss": {step: 1 / step for step in range(1, 5000)}, "accuracy": {1: 0.5}})
    before = list(MetricSummary.objects.order_by("name").values(*FIELDS, "name"))
    traits = set(Trait.objects.values_list("job", "name", "word", "number"))
    for model in (MetricSummary, Trait, Words):
        model.objects.all().delete()
    migration = import_module("jobs.migrations.0010_search")

    migration.sum_up(apps, None)
    migration.remember(apps, None)

    assert list(MetricSummary.objects.order_by("name").values(*FIELDS, "name")) == before
    assert set(Trait.objects.values_list("job", "name", "word", "number")) == traits
    assert Words.objects.get().job_id == job.pk


def test_what_a_job_no_longer_has_is_forgotten():
    job = make_job(metadata={"team": "a", "stage": "x"}, hyperparameters={"n_epochs": "auto"})

    job.metadata, job.hyperparameters, job.name = {"team": "b"}, {"n_epochs": 4}, "renamed"
    searched.remember([job])

    assert set(job.traits.values_list("name", "word", "number")) == {
        ("meta.team", "b", None),
        ("hp.n_epochs", "4", 4.0),
    }
    assert Words.objects.get(job_id=job.pk).text.startswith("renamed")


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3.0), ("3e2", 300.0), (True, None), ("nan", None), ("inf", None), (10**400, None)],
)
def test_a_trait_is_a_number_only_where_a_database_can_hold_it(value: object, number: float | None):
    job = make_job(metadata={"x": value})

    assert job.traits.get().number == number
