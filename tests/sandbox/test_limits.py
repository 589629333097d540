"""How often the service may be asked, and how it says that this was too often."""

import httpx
import pytest

from sandbox.limits import Limits, duration
from tests.sandbox.conftest import call
from tests.sandbox_server import Server


class Clock:
    def __init__(self) -> None:
        self.moment = 0.0

    def __call__(self) -> float:
        return self.moment


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limits(clock):
    return Limits(requests_per_minute=3, clock=clock)


def granted(limits: Limits, key: str = "a") -> bool:
    allowance = limits.take(key)
    assert allowance
    return allowance.is_granted


def test_a_bucket_holds_a_minutes_requests_for_each_key(limits):
    assert [granted(limits) for _ in range(4)] == [True, True, True, False]
    assert granted(limits, "b")


def test_a_bucket_fills_steadily_and_not_beyond(limits, clock):
    for _ in range(3):
        granted(limits)

    clock.moment += 19.9
    assert not granted(limits)
    clock.moment += 0.1
    assert granted(limits)
    clock.moment += 3600
    assert [granted(limits) for _ in range(4)] == [True, True, True, False]


def test_every_answer_says_how_much_is_left(limits):
    allowance = limits.take("a")

    assert allowance.headers() == {
        "x-ratelimit-limit-requests": "3",
        "x-ratelimit-remaining-requests": "2",
        "x-ratelimit-reset-requests": "20s",
    }


def test_a_refusal_says_when_to_come_again(limits, clock):
    for _ in range(3):
        limits.take("a")
    clock.moment += 11.36

    allowance = limits.take("a")

    headers, error = allowance.headers(), allowance.refusal()
    assert (headers["retry-after"], headers["retry-after-ms"]) == ("9", "8640")
    assert headers["x-ratelimit-remaining-requests"] == "0"
    assert "Please try again in 8.64s. Visit" in error.message
    assert (error.status, error.kind, error.code) == (429, "requests", "rate_limit_exceeded")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0ms"), (0.012, "12ms"), (1, "1s"), (8.64, "8.64s"), (60, "1m0s"), (361.5, "6m1.5s")],
)
def test_durations_are_written_as_the_service_does(seconds, words):
    assert duration(seconds) == words


def test_too_many_requests_are_refused_over_the_wire(folder):
    with Server(folder, "--requests-per-minute", "2") as server, call(server.url) as api:
        answers = [api.get("models") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].json()["error"]["code"] == "rate_limit_exceeded"
        assert int(answers[2].headers["retry-after"]) <= 30
        assert answers[0].headers["x-ratelimit-remaining-requests"] == "1"
        assert answers[2].headers["x-request-id"]
        other_key = httpx.get(f"{server.url}/models", headers={"Authorization": "Bearer sk-other"})
        assert other_key.status_code == 200


def test_too_many_jobs_a_day_are_refused_for_their_model_only(folder):
    with Server(folder, "--jobs-per-day", "1") as server, call(server.url) as api:
        file_id = api.upload(b"{}\n")

        def order(model: str) -> httpx.Response:
            return api.post("fine_tuning/jobs", json={"model": model, "training_file": file_id})

        answers = [order("gpt-4o-mini-2024-07-18"), order("gpt-4o-mini"), order("tiny-byte-lm")]

        assert [answer.status_code for answer in answers] == [200, 429, 200]
        assert answers[1].json()["error"] == {
            "message": "This fine-tune request has been rate-limited. Your organization has reached"
            " the maximum of 1 fine-tuning requests per day for the model"
            " 'gpt-4o-mini-2024-07-18'.",
            "type": "invalid_request_error",
            "param": None,
            "code": "daily_rate_limit_exceeded",
        }


def test_by_default_nothing_is_limited_and_nothing_said_of_it(api):
    headers = [name for name in api.get("models").headers if name.startswith("x-ratelimit")]

    assert headers == []
