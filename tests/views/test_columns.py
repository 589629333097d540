import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Job, MetricSummary
from jobs.models.columns import columns_of, moved, read_columns
from jobs.views.cells import NOTHING
from jobs.views.rows import render_rows
from tests.making import make_job

pytestmark = pytest.mark.django_db


def summary(job: Job, name: str, **given: float) -> None:
    numbers = {"last": 3.0, "min": 1.0, "max": 5.0, "last_step": 9, "count": 9}
    MetricSummary.objects.create(job=job, name=name, **numbers | given)


def row(job: Job, *columns: str) -> str:
    return render_rows([(job.pk, job.revision)], columns)


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        ("hp.n_epochs", "3"),
        ("valid_loss", "3.000"),
        ("max(valid_loss)", "5.000"),
        ("best(valid_loss)", "1.000"),
        ("best(reward)", "5.000"),
        ("seed", "42"),
    ],
)
def test_any_hyperparameter_field_or_metric_is_a_column(column: str, shown: str):
    job = make_job(hyperparameters={"n_epochs": 3}, seed=42)
    summary(job, "valid_loss")
    summary(job, "reward")

    (label,) = (each.label for each in columns_of([column]))

    assert f'data-label="{label}">{shown}</td>' in row(job, "name", column)


def test_what_a_job_does_not_have_is_a_dash():
    assert f'data-label="lr">{NOTHING}</td>' in row(make_job(), "name", "hp.lr")


def test_cells_stand_in_the_order_that_was_asked_for_and_no_other_does():
    html = row(make_job(), "model", "name", "hp.lr", "state")

    places = [html.index(f"of-{each}") for each in ("pick", "model")]
    places += [html.index("<th"), html.index("of-own"), html.index("of-state")]
    assert places == sorted(places)
    assert "of-progress" not in html
    assert html.startswith("<tr data-job=")
    assert html.rstrip().endswith("</tr>")


def test_names_and_values_of_jobs_are_neither_markup_nor_cells():
    job = make_job(name='a\n<td class="of-state">', hyperparameters={"lr": "<b>\n<td "})

    html = row(job, "name", "hp.lr")

    assert html.count("<td") == 2
    assert "&lt;b&gt;" in html


def test_chosen_columns_do_not_change_what_others_see(browser: Client):
    make_job(hyperparameters={"lr": 7})
    plain = browser.get(reverse("job_rows")).content

    own = browser.get(reverse("job_rows"), {"columns": "name,hp.lr"}).content.decode()

    assert 'data-label="lr">7</td>' in own
    assert "of-progress" not in own
    assert browser.get(reverse("job_rows")).content == plain


def test_a_single_row_keeps_the_columns(browser: Client):
    job = make_job(hyperparameters={"lr": 7})

    html = browser.get(reverse("job_row", args=[job.pk]), {"columns": "name,hp.lr"})

    assert 'data-label="lr">7</td>' in html.content.decode()


def test_a_column_that_is_none_is_told_and_the_name_is_never_lost():
    problems: list[str] = []

    assert read_columns("state,o no,<x(>", problems) == (
        "name",
        "state",
    )
    assert len(problems) == 2


def test_the_usual_columns_need_no_address():
    usual = "state,name,model,method,account,progress,curve,loss,started,ended"

    assert read_columns(usual, []) == read_columns("", []) == ()


@pytest.mark.parametrize(
    ("move", "order"),
    [
        ("up:b", "bac"),
        ("up:a", "abc"),
        ("down:c", "abc"),
        ("down:a", "bac"),
        ("down:x", "abc"),
        ("over:a", "abc"),
    ],
)
def test_a_column_moves_a_place(move: str, order: str):
    assert "".join(moved("abc", move)) == order


def test_columns_are_chosen_without_script(browser: Client):
    make_job()
    chosen = {"columns": ["state", "name", "hp.lr, seed"], "q": "job", "move": "up:name"}

    moved_page = browser.get(reverse("columns"), chosen).content.decode()
    shown = browser.get(reverse("columns"), chosen | {"show": ""})

    assert 'value="up:name" aria-label="Name: further to the front"' in moved_page
    assert shown.headers["Location"] == "/?q=job&columns=name,state,hp.lr,seed"


def test_the_first_columns_can_be_pinned(browser: Client):
    make_job()
    own = {"columns": "name,state,hp.lr"}

    assert "stays stay-2" in browser.get(reverse("job_list"), own | {"stay": "2"}).content.decode()
    assert "stays" not in browser.get(reverse("job_list"), own).content.decode()
    assert "stays" not in browser.get(reverse("job_list"), {"stay": "2"}).content.decode()

    form = browser.get(reverse("columns"), own | {"stay": "2", "move": "up:state"}).content.decode()
    assert '<option value="2" selected>' in form
    told = browser.get(reverse("columns"), own | {"stay": "1", "show": ""}).headers["Location"]
    assert told.endswith("?columns=name,state,hp.lr&stay=1")


@pytest.mark.parametrize("asked", ["4", "-1", "many", "2.0"])
def test_a_number_of_pinned_columns_that_cannot_be_pins_none_and_says_so(
    browser: Client, asked: str
):
    query = {"columns": "name,state", "stay": asked}

    html = browser.get(reverse("job_list"), query).content.decode()

    assert "3 columns at most can stay in view" in html
    assert "stays" not in html
