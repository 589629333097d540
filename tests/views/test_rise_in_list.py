"""Jobs whose loss has risen from its best: the list tells by how much, so that overfitting is seen there."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Job
from jobs.sync.telemetry import store_points
from tests.making import make_job

pytestmark = pytest.mark.django_db


def cell(browser: Client, job: Job, **losses: float) -> str:
    """What stands where its best loss is told, once it has these of the second step."""
    store_points(job, {name: {1: 0.5, 2: loss} for name, loss in losses.items()})
    html = browser.get(reverse("job_row", args=[job.pk])).content.decode()
    (found,) = re.findall(r'<td class="of-loss number">(.*?)</td>', html)
    return " ".join(re.sub("<[^>]*>", "", found).replace("&nbsp;", " ").split())


@pytest.mark.parametrize(
    ("newest", "told"),
    [
        (0.64, "28 % above the best by now 0.5000 full validation"),
        (0.52, "0.5000 full validation"),  # too little to tell
        (0.5, "0.5000 full validation"),
    ],
)
def test_how_far_the_newest_lies_above_the_best_is_told(browser: Client, newest: float, told: str):
    job = make_job(best_loss=0.5, best_loss_name="full_valid_loss")

    assert cell(browser, job, full_valid_loss=newest) == told


@pytest.mark.parametrize("best", [{"best_loss_name": "valid_loss"}, {"best_loss": 0.0}])
def test_of_a_loss_that_jumps_or_is_nothing_no_rise_is_told(
    browser: Client, best: dict[str, object]
):
    job = make_job(**{"best_loss": 0.5, "best_loss_name": "full_valid_loss"} | best)

    assert "above the best" not in cell(browser, job, full_valid_loss=0.9, valid_loss=0.9)


def test_a_view_can_be_saved_where_the_list_is_narrowed(browser: Client):
    link = f'href="{reverse("view_list")}?state=running">'

    plain = browser.get(reverse("job_list")).content.decode()
    narrowed = browser.get(reverse("job_list"), {"state": "running"}).content.decode()
    opened = browser.get(reverse("job_list"), {"state": "running", "view": "7"}).content.decode()

    assert "save-view" not in plain
    assert link in narrowed.split("save-view")[1]
    assert "save-view" not in opened
