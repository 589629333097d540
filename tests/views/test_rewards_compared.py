"""Jobs that learn by reward beside each other, and beside others that are told by their loss."""

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Job
from jobs.sync.telemetry import store_points
from tests.comparing import trained
from tests.making import make_job

pytestmark = pytest.mark.django_db


def make_rewarded(name: str, rewards: dict[int, float]) -> Job:
    job = make_job(name=name)
    store_points(job, {"full_valid_mean_reward": rewards})
    return job


def page(browser: Client, query: str) -> str:
    return browser.get(f"{reverse('compare')}?{query}").content.decode()


def test_jobs_that_learn_by_reward_are_measured_by_it(browser: Client):
    polite = make_rewarded("polite", {2: 0.25, 4: 0.625, 6: 0.5})
    kind = make_rewarded("kind", {2: 0.125, 4: 0.25})

    html = page(browser, f"jobs={polite.pk},{kind.pk}&base={polite.pk}")

    assert "Best reward" in html
    assert "0.6250 <small" in html
    assert html.count('<small class="delta worse">') == 2
    assert 'delta better"' not in html


def test_a_reward_is_not_set_off_against_a_loss(browser: Client):
    polite, bot = make_rewarded("polite", {2: 0.25}), trained("bot")

    html = page(browser, f"jobs={polite.pk},{bot.pk}&base={bot.pk}")

    assert "Best loss or reward" in html
    assert 'class="delta ' not in html
