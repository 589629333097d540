"""What faults do to the content of an answer."""

import math
from collections import Counter

import httpx
import pytest

from tests.sandbox.faulty import controls, faulty, job

__all__ = ["controls", "faulty", "job"]


def event_ids(page: httpx.Response) -> list[str]:
    return [event["id"] for event in page.json()["data"]]


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_measured_numbers_may_be_none(faulty, job, value):
    api = faulty("non-finite", value=value)

    event, *_ = [each for each in api.events(job) if each["type"] == "metrics"]
    checkpoint, *_ = api.checkpoints(job)

    for loss in (event["data"]["train_loss"], checkpoint["metrics"]["train_loss"]):
        assert str(loss) == str(float(value))
    assert isinstance(event["data"]["step"], int)


def test_events_may_come_twice(faulty, job):
    ids = event_ids(faulty("duplicate-events").get(f"fine_tuning/jobs/{job}/events"))

    assert set(Counter(ids).values()) == {2}


def test_events_may_come_in_no_order(faulty, api, job):
    path = f"fine_tuning/jobs/{job}/events"
    usual = event_ids(api.get(path))

    ids = event_ids(faulty("shuffle-events").get(path))

    assert ids != usual
    assert sorted(ids) == sorted(usual)


def test_events_may_share_a_second(faulty, job):
    events = faulty("same-second", value=1000).events(job)

    assert {event["created_at"] % 1000 for event in events} == {0}


def test_a_list_may_not_say_whether_it_goes_on(faulty, job):
    page = faulty("missing-has-more").get(f"fine_tuning/jobs/{job}/events").json()

    assert "has_more" not in page


def test_a_list_may_ignore_the_cursor(faulty, job):
    api = faulty("repeat-page")
    path = f"fine_tuning/jobs/{job}/events?limit=2"

    first = event_ids(api.get(path))

    assert event_ids(api.get(f"{path}&after={first[-1]}")) == first


def test_a_list_may_begin_with_the_oldest_on_every_page(faulty, api, job):
    usual = [event["id"] for event in api.events(job)]

    path = f"fine_tuning/jobs/{job}/events"
    oldest_first = [event["id"] for event in faulty("oldest-first").every(path, limit=3)]

    assert oldest_first == usual


def test_checkpoints_may_vanish(faulty, job):
    usual = faulty("latency", value=0).checkpoints(job)

    assert faulty("vanishing-checkpoints", value=1).checkpoints(job) == usual[:1]
    assert len(usual) > 1
    assert faulty("vanishing-checkpoints").checkpoints(job) == []


def test_a_job_may_have_a_status_that_nobody_knows(faulty, job):
    api = faulty("unknown-status", value="awaiting_review")

    assert api.job(job)["status"] == "awaiting_review"
    assert api.get("fine_tuning/jobs").json()["data"][0]["status"] == "awaiting_review"


def test_several_faults_meet_in_one_answer(controls, api, job):
    names = ("missing-has-more", "duplicate-events", "unknown-status")
    controls.put("faults", json={"faults": [{"name": name} for name in names]})

    page = api.get(f"fine_tuning/jobs/{job}/events").json()

    assert "has_more" not in page
    assert set(Counter(event["id"] for event in page["data"]).values()) == {2}


def test_without_faults_numbers_are_numbers(api, job):
    assert all(math.isfinite(step["train_loss"]) for step in api.steps(job))
