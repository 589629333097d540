"""Fixtures to order faults with; import them where faults are tested."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import Caller, call


@pytest.fixture(scope="module")
def job(shared: str) -> str:
    """A job that has ended, with events and checkpoints."""
    with call(shared) as api:
        return str(api.wait(api.order()["id"])["id"])


@pytest.fixture
def controls(shared: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shared.removesuffix("/v1") + "/_sandbox/") as client:
        yield client
        client.delete("faults")


@pytest.fixture
def faulty(controls: httpx.Client, api: Caller) -> Callable[..., Caller]:
    """Order a fault, and go on with a client that meets it."""

    def order(name: str, **given: Any) -> Caller:
        answer = controls.put("faults", json={"faults": [{"name": name, **given}]})
        assert answer.status_code == 200, answer.text
        return api

    return order
