"""What an account's client is given, seen from the other end of the wire."""

from functools import partial

import httpx
import pytest

from jobs import gateway
from jobs.upstream import FineTuningClient, Rejected
from tests.making import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """Every request that reaches the service, which answers with an empty list."""
    received: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(200, json={"data": [], "has_more": False})

    client = partial(FineTuningClient, transport=httpx.MockTransport(answer))
    monkeypatch.setattr(gateway, "FineTuningClient", client)
    return received


def test_sharing_goes_with_the_admin_key_and_nothing_else_does(requests):
    with gateway.connect(make_account(admin_key="sk-admin-secret")) as client:
        list(client.jobs())
        list(client.permissions("ft:base"))

    assert [request.headers["authorization"] for request in requests] == [
        "Bearer sk-test-secret",
        "Bearer sk-admin-secret",
    ]


def test_an_admin_key_that_cannot_be_read_is_told_before_anything_is_asked(requests):
    account = make_account()
    account.sealed_admin_key = "broken"

    with pytest.raises(Rejected) as caught:
        gateway.connect(account)

    assert caught.value.code == "seal_broken"
    assert requests == []
