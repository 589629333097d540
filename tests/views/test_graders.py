"""Graders on trial: what the service says of one, and what cannot be sent to it at all."""

import json
from typing import Any

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from tests.making import make_account
from tests.ordering import error
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db

GRADER = json.dumps({"type": "string_check", "name": "exact", "operation": "eq"})
GRADE = {"reward": 0.25, "metadata": {"execution_time": 0.5, "errors": {}}, "sub_rewards": {}}


def tried(browser: Client, what: str, **given: str) -> str:
    account = make_account()
    answer = browser.post(reverse(f"grader_{what}", args=[account.pk]), {"grader": GRADER} | given)
    assert answer.status_code == 200
    return answer.content.decode()


def graded(upstream: FakeUpstream, **told: Any) -> None:
    answer = httpx.Response(200, json=GRADE | told)
    upstream.broken_paths["fine_tuning/alpha/graders/run"] = answer


def test_a_grader_that_the_service_takes_is_said_to_be_valid(browser, upstream: FakeUpstream):
    path = "fine_tuning/alpha/graders/validate"
    upstream.broken_paths[path] = httpx.Response(200, json={"grader": {}})

    html = tried(browser, "validate")

    assert "The service accepts this grader." in html
    assert upstream.asked == [f"POST {path}"]


def test_a_refused_grader_shows_the_words_of_the_service(browser, upstream: FakeUpstream):
    path = "fine_tuning/alpha/graders/validate"
    upstream.broken_paths[path] = error(400, "operation must be one of eq, ne, like, ilike.")

    assert "operation must be one of eq" in tried(browser, "validate")


def test_a_run_tells_the_reward_and_those_it_is_made_of(browser, upstream: FakeUpstream):
    graded(upstream, sub_rewards={"exact": 0.0, "similar": 0.5})

    html = tried(browser, "run", sample="yes", item='{"reference": "yes"}')

    assert "<b>0.2500</b>" in html
    assert "in 0.5 s" in html
    assert "<dt>exact</dt><dd>0.000</dd>" in html
    assert "<dt>similar</dt><dd>0.5000</dd>" in html


def test_a_run_without_an_item_is_a_run(browser: Client, upstream: FakeUpstream):
    graded(upstream, reward=0)

    assert "<b>0.000</b>" in tried(browser, "run", sample="yes", item=" ")


def test_what_went_wrong_in_a_run_is_told(browser: Client, upstream: FakeUpstream):
    flags = {
        "python_grader_runtime_error": True,
        "python_grader_runtime_error_details": "NameError: itme",
        "other_error": False,
    }
    graded(upstream, reward=0, metadata={"errors": flags})

    html = tried(browser, "run")

    assert "NameError: itme" in html
    assert "Its code failed." in html
    assert "other_error" not in html


@pytest.mark.parametrize("what", ["validate", "run"])
@pytest.mark.parametrize("grader", ["", "{", "[NaN]", "[" * 100_000, '"\\ud800"'])
def test_what_is_no_json_is_not_sent(browser, upstream: FakeUpstream, what: str, grader: str):
    html = tried(browser, what, grader=grader)

    assert "The grader:" in html
    assert upstream.asked == []


def test_an_item_that_is_no_json_is_named(browser: Client, upstream: FakeUpstream):
    html = tried(browser, "run", item="{reference: 1}")

    assert "The item: This is no JSON" in html
    assert "line 1, column 2" in html
    assert upstream.asked == []


def test_a_service_that_does_not_answer_is_told(browser: Client, upstream: FakeUpstream):
    upstream.broken = httpx.ConnectError("refused")

    assert "circle-x" not in (html := tried(browser, "run"))
    assert 'class="wrong"' in html


def test_an_account_that_is_not_there_tries_nothing(browser: Client, upstream: FakeUpstream):
    assert browser.post(reverse("grader_run", args=[0]), {"grader": GRADER}).status_code == 404
    assert upstream.asked == []
