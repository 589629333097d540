import json
import struct
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Checkpoint, Job, Series
from jobs.models.curves import WHOLE
from tests.making import BORN, make_event, make_job

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def header(reply: Any) -> dict[str, Any]:
    (length,) = struct.unpack_from("<I", reply.content)
    told: dict[str, Any] = json.loads(reply.content[4 : 4 + length])
    return told


def long_job() -> Job:
    job = make_job()
    points = {step: 1.0 + step % 7 for step in range(1, 2 * WHOLE)}
    Series.objects.add(job, {"train_loss": points})
    return job


def test_a_long_chart_comes_in_outline_and_says_so(browser: Client):
    job = long_job()

    told = header(browser.get(reverse("chart", args=[job.pk, "loss"])))

    (trace,) = told["figure"]["data"]
    assert trace["outlined"]
    assert trace["y"]["count"] <= 2000
    assert told["counts"] == {"train_loss": 2 * WHOLE - 1}


def test_a_part_of_it_comes_with_every_point(browser: Client):
    job = long_job()

    reply = browser.get(reverse("chart", args=[job.pk, "loss"]), {"after": 99, "until": 299})

    (trace,) = header(reply)["figure"]["data"]
    assert (trace["outlined"], trace["x0"], trace["y"]["count"]) == (False, 100, 200)


def test_an_unknown_metric_has_a_chart_of_its_own(browser: Client):
    job = make_job()
    Series.objects.add(job, {"train_kl": {1: 0.5}, "train_loss": {1: 2.5}})

    page = browser.get(job.get_absolute_url()).content.decode()
    told = header(browser.get(reverse("chart", args=[job.pk, "kl"])))

    assert reverse("chart", args=[job.pk, "kl"]) in page
    assert told["counts"] == {"train_kl": 1}


def test_checkpoints_are_on_the_chart_of_their_rewards(browser: Client):
    job = make_job()
    Series.objects.add(job, {"train_mean_reward": {1: 0.5}})
    Checkpoint.objects.create(
        job=job, upstream_id="c", step=8, metrics={"full_valid_mean_reward": 0.75}
    )

    told = header(browser.get(reverse("chart", args=[job.pk, "reward"])))

    assert told["figure"]["data"][-1]["y"] == [0.75]


def test_the_clock_tells_when_steps_were_made(browser: Client):
    job = make_job(started_at=BORN)
    make_event(job, step=1, type="metrics", created_at=BORN + timedelta(seconds=30))

    clock = browser.get(reverse("clock", args=[job.pk])).json()

    start = BORN.timestamp()
    assert clock == {"moments": [[1, start + 30]], "rests": [], "started": start}


def test_the_table_has_a_row_for_each_step_and_a_column_for_each_line(browser: Client):
    job = make_job()
    Series.objects.add(job, {"train_loss": {1: 2.5, 2: 1.25}, "full_valid_loss": {2: 1.5}})

    page = browser.get(reverse("chart_table", args=[job.pk, "loss"]), headers=HTMX).content.decode()

    cells = [part.split("<")[0] for part in page.split('class="number">')[1:]]
    assert cells == ["Step", "training", "validation (full)", "1", "2.5", "", "2", "1.25", "1.5"]


def test_a_long_table_leads_on_and_back(browser: Client):
    job = make_job()
    Series.objects.add(job, {"train_loss": dict.fromkeys(range(1, 251), 1.0)})
    address = reverse("chart_table", args=[job.pk, "loss"])

    first = browser.get(address).content.decode()
    last = browser.get(address, {"after": 200}).content.decode()

    assert first.count('<th scope="row"') == 100
    assert f'href="{address}?after=100"' in first
    assert "First steps" not in first
    assert last.count('<th scope="row"') == 50
    assert "?after=250" not in last
    assert "First steps" in last


@pytest.mark.parametrize("name", ["chart", "chart_table"])
def test_a_chart_that_the_job_has_not_does_not_exist(browser: Client, name: str):
    job = make_job()

    assert browser.get(reverse(name, args=[job.pk, "nope"])).status_code == 404
    assert browser.get(reverse(name, args=[job.pk, "loss"])).status_code == 200
