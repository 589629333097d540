"""The order of a list: by any column, hyperparameter, key or metric, page by page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job, Listing
from jobs.models.sorting import SORTS
from jobs.models.sources import NOBODY, Asked, keys_of
from jobs.sync.telemetry import store_points
from tests.making import BORN, make_account, make_job

pytestmark = pytest.mark.django_db


def names(sort: str, size: int = 100) -> list[str]:
    """Of all pages, from the first to the last."""
    found: list[str] = []
    after = ""
    while True:
        page = Listing.read({"sort": sort, "after": after}).page(size)
        found += [str(Job.objects.get(pk=pk)) for pk, _ in page.rows]
        after = page.next
        if not after:
            return found


@pytest.fixture
def _three() -> None:
    for name, epochs, team, loss in (("b", 2, "x", 0.9), ("a", 10, "y", 0.1)):
        job = make_job(name=name, hyperparameters={"n_epochs": epochs}, metadata={"team": team})
        store_points(job, {"valid_loss": {1: 0.5, 2: loss}})
    make_job(name="none", hyperparameters={"n_epochs": "auto"})


@pytest.mark.usefixtures("_three")
@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("hp.n_epochs", ["b", "a", "none"]),
        ("-hp.n_epochs", ["a", "b", "none"]),
        ("meta.team", ["b", "a", "none"]),
        ("-meta.team", ["a", "b", "none"]),
        ("valid_loss", ["a", "b", "none"]),
        ("-valid_loss", ["b", "a", "none"]),
        ("-max(valid_loss)", ["b", "a", "none"]),
        ("best(valid_loss)", ["a", "b", "none"]),
    ],
)
def test_jobs_are_sorted_by_what_only_some_have(sort: str, order: list[str], size: int):
    assert names(sort, size) == order


def test_a_job_has_one_place_however_its_number_was_asked_for():
    asked = {"supervised": {"hyperparameters": {"rate": "1e-4"}}}
    make_job(name="a", method="supervised", method_recipe=asked, hyperparameters={"rate": 0.0001})
    make_job(name="b", hyperparameters={"rate": 0.5})

    assert names("hp.rate") == ["a", "b"]


@pytest.mark.usefixtures("_three")
def test_the_way_back_leads_over_the_jobs_that_have_no_value():
    first = Listing.read({"sort": "valid_loss"}).page(2)
    last = Listing.read({"sort": "valid_loss", "after": first.next}).page(2)

    back = Listing.read({"sort": "valid_loss", "before": last.previous}).page(2)

    assert (back.rows, back.previous, back.next) == (first.rows, "", first.next)


@pytest.mark.usefixtures("_three")
@pytest.mark.parametrize("sort", ["moon", "hp.moon", "min(loss)", "min(", "hp.", "owner", "hp.a b"])
def test_what_nothing_is_sorted_by_falls_back_and_says_so(sort: str):
    listing = Listing.read({"sort": sort})

    assert listing.sort == "created"
    assert len(listing.page().rows) == 3
    assert sort in listing.problems[0]


def test_a_duration_orders_what_has_ended():
    for name, minutes in (("long", 90), ("short", 5)):
        make_job(
            name=name, started_at=BORN, ended_at=BORN + timedelta(minutes=minutes, seconds=1 / 3)
        )
    make_job(name="runs", started_at=BORN)

    assert names("duration", 1) == ["short", "long", "runs"]
    assert names("-duration", 1) == ["long", "short", "runs"]


@pytest.mark.parametrize("sort", [*SORTS, "hp.n_epochs", "meta.team", "min(valid_loss)"])
@pytest.mark.parametrize("side", ["", "-"])
def test_a_page_of_any_order_is_a_walk_along_an_index(sort: str, side: str):
    if connection.vendor != "sqlite":
        connection.cursor().execute("SET enable_seqscan = off; SET enable_sort = off")
    account = make_account()
    for number in range(9):
        job = make_job(
            account=account,
            step=number,
            best_loss=number,
            started_at=BORN,
            hyperparameters={"n_epochs": number},
            metadata={"team": f"{number}"},
        )
        store_points(job, {"valid_loss": {1: number}})
    place = Listing.read({"sort": side + sort}).page(3).next

    with CaptureQueriesContext(connection) as queries:
        Listing.read({"sort": side + sort, "after": place}).page(3)

    assert queries
    for query in queries.captured_queries:
        assert is_a_walk(query["sql"]), query["sql"]


def test_what_was_put_away_is_found_along_an_index():
    if connection.vendor != "sqlite":
        connection.cursor().execute("SET enable_seqscan = off")
    make_job(archived_at=BORN)
    ((term,),) = Listing.read({"q": "is:archived"}).search.groups

    plan = keys_of(term, Asked(BORN, NOBODY)).all().explain()

    assert "job_archived" in plan


def is_a_walk(query: str) -> bool:
    """Postgres, which plans by what it has counted, may choose a nearly sorted index here."""
    on_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if on_sqlite else ''}{query}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    return "INDEX" in plan and "B-TREE" not in plan if on_sqlite else "Index" in plan
