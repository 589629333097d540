"""What an account's client is given, seen from the other end of the wire."""

from functools import partial

import httpx
import pytest

from jobs import counting, gateway
from jobs.upstream import FineTuningClient, Rejected
from tests.making import make_account
from tests.wire import FakeUpstream

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


def test_what_goes_through_it_is_counted_by_account_question_and_outcome(
    monkeypatch: pytest.MonkeyPatch, upstream: FakeUpstream
):
    monkeypatch.setattr(counting, "here", counting.Counts())
    account = make_account()
    upstream.add()

    with gateway.connect(account) as client:
        client.job("ftjob-1")
        upstream.broken = httpx.Response(403, json={"error": {"message": "no"}})
        with pytest.raises(Rejected):
            client.cancel("ftjob-1")

    tally = counting.here.tally()
    assert tally["numbers"] == {
        f"requests|{account.pk}|GET job|ok": 1,
        f"requests|{account.pk}|POST cancel|rejected": 1,
    }
    assert sum(tally["times"][f"request_seconds|{account.pk}"][:-1]) == 2


def test_what_is_left_of_an_allowance_is_remembered(monkeypatch: pytest.MonkeyPatch, upstream):
    monkeypatch.setattr(counting, "here", counting.Counts())
    account = make_account()
    allowance = {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "59"}
    odd = {"x-ratelimit-limit-made-up": "1", "x-ratelimit-remaining-made-up": "1"}
    upstream.broken = httpx.Response(200, json={"data": []}, headers=allowance | odd)

    with gateway.connect(account) as client:
        list(client.jobs())

    levels = {key: level for key, (_, level) in counting.here.tally()["levels"].items()}
    assert levels == {
        f"budget_limit|{account.pk}|requests": 60,
        f"budget_remaining|{account.pk}|requests": 59,
    }
