import json
import struct

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Checkpoint, Job, Series
from tests.making import make_event, make_job

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["job_row", "job_state", "job_checkpoints"])
def test_an_unchanged_fragment_is_empty(browser: Client, name: str):
    job = make_job(revision=4)

    reply = browser.get(reverse(name, args=[job.pk]), {"revision": 4})

    assert (reply.status_code, reply.content) == (204, b"")
    assert browser.get(reverse(name, args=[job.pk]), {"revision": 3}).status_code == 200


def test_news_of_the_log_come_after_the_newest_shown(browser: Client):
    job = make_job()
    shown = make_event(job, "shown already")
    make_event(job, "quite new")
    make_event(make_job(), "of another job")

    reply = browser.get(reverse("newer_events", args=[job.pk, shown.pk])).content.decode()

    assert "quite new" in reply
    assert "shown already" not in reply
    assert "of another job" not in reply


def test_no_news_are_no_answer(browser: Client):
    job = make_job()
    last = make_event(job)

    assert browser.get(reverse("newer_events", args=[job.pk, last.pk])).status_code == 204


def test_a_flood_of_news_comes_in_stretches_without_a_hole(browser: Client):
    job = make_job()
    events = [make_event(job, f"event {number};") for number in range(150)]

    first = browser.get(reverse("newer_events", args=[job.pk, events[0].pk])).content.decode()
    second = browser.get(reverse("newer_events", args=[job.pk, events[100].pk])).content.decode()

    assert "event 100;" in first
    assert "event 101;" not in first
    assert "event 101;" in second
    assert "event 149;" in second


def test_the_log_goes_back_to_its_beginning(browser: Client):
    job = make_job()
    events = [make_event(job, f"event {number};") for number in range(3)]

    reply = browser.get(reverse("older_events", args=[job.pk, events[2].pk])).content.decode()

    assert "event 0;" in reply
    assert "event 2;" not in reply


def test_events_of_another_job_cannot_be_named(browser: Client):
    job, other = make_job(), make_job()
    event = make_event(other)

    assert browser.get(reverse("newer_events", args=[job.pk, event.pk])).status_code == 404


def test_a_chart_sends_only_what_is_new(browser: Client):
    job = make_job()
    Series.objects.add(job, {"train_loss": {1: 2.5, 2: 2.0}, "train_mean_token_accuracy": {1: 0.5}})

    reply = browser.get(reverse("chart", args=[job.pk, "loss"]), {"after": 1})

    (length,) = struct.unpack_from("<I", reply.content)
    header = json.loads(reply.content[4 : 4 + length])
    (trace,) = header["figure"]["data"]
    assert (trace["name"], trace["x0"], trace["y"]["count"]) == ("train_loss", 2, 1)
    assert header["counts"] == {"train_loss": 2}


@pytest.mark.parametrize(
    ("after", "points"),
    [("soon", 1), ("9" * 5000, 1), ("-1", 1), ("٣", 0), ("9999999999", 0)],
)
def test_a_place_that_is_no_step_gives_the_whole_chart(browser: Client, after: str, points: int):
    job = make_job()
    Series.objects.add(job, {"train_loss": {1: 2.5}})

    reply = browser.get(reverse("chart", args=[job.pk, "loss"]), {"after": after})

    (length,) = struct.unpack_from("<I", reply.content)
    (trace,) = json.loads(reply.content[4 : 4 + length])["figure"]["data"]
    assert (trace["y"]["count"] if trace["y"] else 0) == points


def test_an_unknown_chart_does_not_exist(browser: Client):
    job = make_job()

    assert browser.get(reverse("chart", args=[job.pk, "nope"])).status_code == 404


def test_a_chart_tells_when_points_came_out_of_order(browser: Client):
    job = make_job(corrections=3)

    reply = browser.get(reverse("chart", args=[job.pk, "loss"]))

    (length,) = struct.unpack_from("<I", reply.content)
    assert json.loads(reply.content[4 : 4 + length])["corrections"] == 3


def overfitted(state: str) -> Job:
    job = make_job(state=state)
    for step, loss in ((8, 1.4), (16, 1.6)):
        Checkpoint.objects.create(
            job=job,
            upstream_id=f"c{step}",
            step=step,
            model=f"ft:x:ckpt-step-{step}",
            metrics={"full_valid_loss": loss},
        )
    return job


def test_while_a_job_runs_the_advice_stands_beside_its_checkpoints(browser: Client):
    job = overfitted(Job.State.RUNNING)

    html = browser.get(reverse("job_checkpoints", args=[job.pk])).content.decode()

    assert html.index("Step 8 is best so far") < html.index("<table")
    assert 'id="advice"' not in html


def test_when_a_job_ends_the_advice_moves_above_the_charts(browser: Client):
    job = overfitted(Job.State.SUCCEEDED)

    html = browser.get(reverse("job_checkpoints", args=[job.pk])).content.decode()

    table, above = html.split('id="advice" hx-swap-oob="true"')
    assert "is best" not in table
    assert "Step 8 is best: loss on the whole validation file 1.400." in above
    assert 'data-copy="ft:x:ckpt-step-8"' in above
