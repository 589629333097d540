"""Jobs that learn by reward in the list, where all others are told by their loss."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jobs.models import Job
from jobs.sync.telemetry import store_points
from jobs.views import rows
from tests.making import make_job

pytestmark = pytest.mark.django_db

CURVE = "0,23 96,1"


def make_rewarded(**given) -> Job:
    job = make_job(method="reinforcement", sparkline=CURVE, **given)
    points = {"train_mean_reward": {1: 0.9, 2: 0.4}, "scores.train_reward_mean": {1: 0.9}}
    store_points(job, points)
    return job


def page(browser: Client, **query: str) -> str:
    return browser.get(reverse("job_list"), query).content.decode()


def best_of(html: str) -> list[str]:
    return [
        " ".join(re.sub("<[^>]*>", " ", cell).split())
        for cell in re.findall(r'<td class="of-loss number">(.*?)</td>', html)
    ]


def test_the_greatest_reward_stands_where_others_have_their_loss(browser: Client):
    make_job(best_loss=0.25, best_loss_name="valid_loss", sparkline=CURVE)
    make_rewarded()

    html = page(browser)

    assert best_of(html) == ["0.9000 training reward", "0.2500 validation"]
    assert re.findall(r'aria-label="(Training \w+)"', html) == ["Training reward", "Training loss"]


def test_a_reward_on_validation_tells_more(browser: Client):
    store_points(make_rewarded(), {"full_valid_mean_reward": {2: 0.5, 4: 0.625, 6: 0.375}})

    assert best_of(page(browser)) == ["0.6250 validation reward"]


def test_a_rewarded_job_is_told_by_its_reward_even_if_it_has_a_loss(browser: Client):
    job = make_rewarded(best_loss=0.0, best_loss_name="train_loss")

    assert best_of(page(browser)) == ["0.9000 training reward"]
    assert "Best reward" in browser.get(job.get_absolute_url()).content.decode()


def test_rewards_are_not_sorted_among_losses(browser: Client):
    make_rewarded(name="rewarded")
    make_job(name="low", best_loss=0.1, best_loss_name="train_loss")
    make_job(name="high", best_loss=5.0, best_loss_name="train_loss")

    for sort, order in (("loss", ["low", "high"]), ("-loss", ["high", "low"])):
        found = re.findall(r'<a id="job-\d+"[^>]*>([^<]*)<', page(browser, sort=sort))
        assert found == [*order, "rewarded"]


def test_an_export_tells_losses_and_rewards_apart(browser: Client):
    make_rewarded()

    (told,) = json.loads(browser.get(reverse("jobs_json")).getvalue())

    assert (told["best_loss"], told["best_reward"]) == (None, 0.9)
    assert told["best_reward_of"] == "train_mean_reward"


def test_rows_of_many_jobs_cost_as_many_queries_as_one():
    keys = [(make_rewarded().pk, 0) for _ in range(20)]
    counts = []
    for some in (keys[:1], keys):
        rows.kept.clear()
        with CaptureQueriesContext(connection) as queries:
            assert "training reward" in rows.render_rows(some)
        counts.append(len(queries))

    assert counts[0] == counts[1]
