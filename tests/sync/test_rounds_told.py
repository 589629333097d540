"""What a round comes to is counted, and told in the log with its account, never with its key."""

import json
import logging

import httpx
import pytest

from dashboard.logs import JsonLines, begin
from jobs import counting
from jobs.models import Account, Job
from jobs.sync import listen
from tests.making import make_account
from tests.wire import FakeUpstream

pytestmark = pytest.mark.django_db


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> counting.Counts:
    fresh = counting.Counts()
    monkeypatch.setattr(counting, "here", fresh)
    return fresh


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    begin()
    caplog.set_level(logging.INFO, logger="jobs.sync")
    caplog.handler.setFormatter(JsonLines())
    return caplog


def told(lines: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    """By us: there is no broker here, and the bell says so."""
    found = [json.loads(line) for line in lines.text.splitlines()]
    return [each for each in found if each["logger"].startswith("jobs.sync")]


def poll(account: Account) -> None:
    Account.objects.listen_now()
    listen(account.pk)


def test_rounds_are_counted_with_what_ended_them(counts: counting.Counts, upstream: FakeUpstream):
    account = make_account()

    poll(account)
    upstream.broken = httpx.Response(401, json={"error": {"message": "no"}})
    poll(account)
    upstream.broken = httpx.ConnectError("refused")
    poll(account)

    numbers = counts.tally()["numbers"]
    rounds = {key: n for key, n in numbers.items() if not key.startswith("requests")}
    assert rounds == {
        f"rounds|{account.pk}|ok": 1,
        f"rounds|{account.pk}|failed": 2,
        f"errors|{account.pk}|Rejected": 1,
        f"errors|{account.pk}|Unsent": 1,
    }
    assert sum(counts.tally()["times"]["round_seconds"][:-1]) == 3


def test_an_account_that_begins_to_fail_is_told_once_and_so_is_its_return(lines, upstream):
    account = make_account()

    upstream.broken = httpx.Response(401, json={"error": {"message": "The key is revoked."}})
    poll(account)
    listen(account.pk)
    upstream.broken = None
    poll(account)

    assert [(each["level"], each["message"], each["account"]) for each in told(lines)] == [
        ("WARNING", "The account fails: The key is revoked.", account.pk),
        ("INFO", "The account answers again", account.pk),
    ]


def test_a_fault_of_our_own_is_told_with_its_job(lines, upstream: FakeUpstream):
    upstream.add()
    upstream.broken_paths["fine_tuning/jobs/ftjob-1/events"] = TypeError("nobody thought of this")

    poll(make_account())

    fault = told(lines)[0]
    assert fault["error"] == "TypeError"
    assert fault["job"] == Job.objects.get().pk


def test_a_key_within_an_exception_or_its_url_is_not_in_the_log(lines, upstream: FakeUpstream):
    account = make_account(api_key="odd+key/of='us'")
    address = "https://api.test/v1?key=odd%2Bkey%2Fof%3D%27us%27"
    upstream.broken = ValueError(f"{address} said no to odd+key/of='us' (Bearer 3f9c1a77e0)")

    poll(account)

    assert told(lines)[0]["error"] == "ValueError"
    assert told(lines)[0]["account"] == account.pk
    for part in ("odd+key", "odd%2Bkey", "3f9c1a77e0"):
        assert part not in lines.text
