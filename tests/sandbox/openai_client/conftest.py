"""The official client, unmodified, over a real socket; it refuses what is not as documented."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import openai
import pytest

from tests.sandbox.conftest import CHATS, ENDED
from tests.sandbox.faulty import controls
from tests.sandbox.openai_client.in_step import InStep

__all__ = ["controls"]

SMALL = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": 4}}}
LONG = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 50, "batch_size": 1}}}


@contextmanager
def connected(kind: Any, url: str, **given: Any) -> Iterator[Any]:
    """A strict client. It does not ask again, unless the test wants it to."""
    settings = {"api_key": "sk-test", "max_retries": 0, "_strict_response_validation": True}
    client = kind(base_url=url, **{**settings, **given})
    if kind is openai.OpenAI:
        with client:
            yield client
    else:
        with asyncio.Runner() as runner, InStep(client, runner) as in_step:
            yield in_step


def upload(client: Any, content: bytes = CHATS) -> str:
    return str(client.files.create(file=("a.jsonl", content), purpose="fine-tune").id)


def order(client: Any, method: Any = SMALL, **given: Any) -> Any:
    """A job that trains for a moment, unless the test says otherwise."""
    given.setdefault("training_file", upload(client))
    return client.fine_tuning.jobs.create(model="tiny-byte-lm", method=method, seed=1, **given)


def wait(client: Any, job_id: str, *statuses: str) -> Any:
    give_up = time.monotonic() + 30
    while (job := client.fine_tuning.jobs.retrieve(job_id)).status not in (statuses or ENDED):
        assert job.status not in ENDED, job.error
        assert time.monotonic() < give_up, job.status
        time.sleep(0.02)
    return job


@pytest.fixture(scope="module", params=[openai.OpenAI, openai.AsyncOpenAI])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(scope="module")
def client(kind: Any, shared: str) -> Iterator[Any]:
    with connected(kind, shared) as client:
        yield client


@pytest.fixture(scope="module")
def done(shared: str) -> Any:
    """A job that has succeeded, for both kinds of client."""
    with connected(openai.OpenAI, shared) as client:
        return wait(client, order(client, suffix="done").id, "succeeded")


@pytest.fixture
def fault(controls: httpx.Client) -> Callable[..., None]:
    def order_one(name: str, **given: Any) -> None:
        answer = controls.put("faults", json={"faults": [{"name": name, **given}]})
        assert answer.status_code == 200, answer.text

    return order_one


@pytest.fixture
def count(controls: httpx.Client) -> Callable[[], int]:
    """How often the service was asked since the test began."""
    controls.delete("requests")
    return lambda: sum(entry["count"] for entry in controls.get("requests").json()["requests"])
