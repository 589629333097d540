"""What the client asks again by itself, and what the limits say to it."""

import openai
import pytest

from tests.sandbox.openai_client.conftest import connected, order, upload
from tests.sandbox_server import Server


@pytest.fixture(scope="module")
def persistent(kind, shared):
    """A client that asks again, as often as clients do unless they are told."""
    with connected(kind, shared, max_retries=openai.DEFAULT_MAX_RETRIES) as client:
        yield client


@pytest.mark.parametrize("status", [409, 429, 500, 503])
def test_what_may_pass_is_asked_again(persistent, fault, count, status):
    fault("error", value=status, retry_after_ms=1, times=2)

    answer = persistent.models.with_raw_response.list()

    assert (answer.retries_taken, count()) == (2, 3)
    assert "tiny-byte-lm" in [model.id for model in answer.parse().data]


@pytest.mark.parametrize(
    "given",
    [
        {"value": 400},
        {"value": 429, "should_retry": False},
        {"value": 503, "should_retry": False},
    ],
)
def test_what_will_not_pass_is_not_asked_again(persistent, fault, count, given):
    fault("error", retry_after_ms=1, **given)

    with pytest.raises(openai.APIStatusError):
        persistent.models.list()

    assert count() == 1


def test_what_does_not_pass_is_given_up(persistent, fault, count):
    fault("error", value=429, retry_after_ms=1)

    with pytest.raises(openai.RateLimitError) as refusal:
        persistent.models.list()

    assert (refusal.value.code, count()) == ("rate_limit_exceeded", 3)


def test_a_lost_connection_is_tried_again(persistent, fault, count):
    fault("reset", times=1)

    assert persistent.models.list().data

    assert count() == 2


def test_a_model_has_its_jobs_a_day(kind, tmp_path):
    with (
        Server(tmp_path / "sandbox", "--jobs-per-day", "1") as server,
        connected(kind, server.url) as client,
    ):
        file_id = upload(client)
        order(client, training_file=file_id)
        with pytest.raises(
            openai.RateLimitError, match="1 fine-tuning requests per day"
        ) as refusal:
            order(client, training_file=file_id)

    assert (refusal.value.type, refusal.value.code) == (
        "invalid_request_error",
        "daily_rate_limit_exceeded",
    )


def test_who_asks_too_often_waits_as_long_as_is_said(kind, tmp_path):
    with (
        Server(tmp_path / "sandbox", "--requests-per-minute", "60") as server,
        connected(kind, server.url, max_retries=2) as client,
    ):
        answers = (client.models.with_raw_response.list() for _ in range(300))
        late = next(answer for answer in answers if answer.retries_taken)

    assert late.headers["x-ratelimit-limit-requests"] == "60"
    assert late.headers["x-ratelimit-remaining-requests"] == "0"
