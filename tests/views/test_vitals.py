"""What programs that watch us are told, and who is told it."""

import re
from datetime import timedelta

import pytest
import redis
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from dashboard.env import networks
from jobs.counting import Counts
from jobs.models import Job, Process, Pulse
from tests.making import make_account, make_job

pytestmark = pytest.mark.django_db

TOKEN = "correct-horse-battery"
SAMPLE = re.compile(r'(tuneboard_\w+)(?:\{((?:\w+="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? (\S+)')


def make_process(kind: Process.Kind, **given: object) -> Process:
    usual = {"host": "web-1", "pid": 7, "worked_at": timezone.now()}
    return Process.objects.create(kind=kind, **usual | given)


def all_is_well() -> None:
    make_process(Process.Kind.BEAT)
    Pulse.beat(timezone.now())


def readiness(client: Client) -> tuple[int, dict[str, bool], str]:
    reply = client.get(reverse("readyz"))
    told = reply.json()
    assert told["ready"] == (reply.status_code == 200)
    return reply.status_code, {k: v["ok"] for k, v in told["checks"].items()}, reply.text


def read(client: Client, **headers: str) -> dict[str, dict[str, float]]:
    """What Prometheus would make of it: by name, then by labels."""
    reply = client.get(reverse("prometheus"), headers=headers)
    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found: dict[str, dict[str, float]] = {}
    typed = set()
    for line in reply.text.splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split()[2])
        elif not line.startswith("# HELP "):
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            assert re.sub("_(bucket|sum|count)$", "", sample[1]) in typed or sample[1] in typed
            labels = found.setdefault(sample[1], {})
            assert (sample[2] or "") not in labels, f"twice: {line}"
            labels[sample[2] or ""] = float(sample[3])
    return found


def test_it_is_ready_when_all_is_there(client: Client, valkey: redis.Redis):
    all_is_well()

    status, parts, _ = readiness(client)

    assert status == 200
    assert parts == {"database": True, "broker": True, "beat": True, "polling": True}


def test_a_broker_that_is_away_is_told_without_its_address(client: Client, settings: Settings):
    all_is_well()

    status, parts, words = readiness(client)

    assert status == 503
    assert parts == {"database": True, "broker": False, "beat": True, "polling": True}
    assert "nothing is polled until it is back" in words
    assert settings.REDIS_URL not in words
    assert str(settings.DATA_DIR) not in words


def test_beat_and_polling_are_told_apart(client: Client, valkey: redis.Redis):
    long_ago = timezone.now() - timedelta(seconds=95)
    make_process(Process.Kind.BEAT)
    Pulse.beat(long_ago)

    status, parts, words = readiness(client)

    assert (status, parts["beat"], parts["polling"]) == (503, True, False)
    assert "The last poll was 95 s ago. Start a worker again" in words
    Process.objects.update(worked_at=long_ago)
    assert readiness(client)[1]["beat"] is False


def test_what_has_never_run_is_not_ready(client: Client, valkey: redis.Redis):
    status, parts, words = readiness(client)

    assert status == 503
    assert (parts["beat"], parts["polling"]) == (False, False)
    assert "It has never run. Start beat again." in words


def test_a_database_that_is_away_is_told(client: Client, valkey: redis.Redis):
    def gone(*_: object) -> None:
        raise OperationalError("no route to db.internal")

    with connection.execute_wrapper(gone):
        status, parts, words = readiness(client)

    assert status == 503
    assert parts == {"database": False, "broker": True, "beat": False, "polling": False}
    assert "db.internal" not in words


def test_metrics_are_closed_until_somebody_is_let_in(client: Client, browser: Client):
    for visitor in (client, browser):
        reply = visitor.get(reverse("prometheus"), headers={"Authorization": "Bearer "})
        assert reply.status_code == 403
        assert b"METRICS_TOKEN" in reply.content
        assert b"tuneboard_" not in reply.content


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer ü"])
def test_metrics_are_for_the_bearer_of_the_token(client: Client, settings: Settings, given: str):
    settings.METRICS_TOKEN = TOKEN

    assert client.get(reverse("prometheus"), headers={"Authorization": given}).status_code == 403
    assert read(client, Authorization=f"Bearer {TOKEN}")


@pytest.mark.parametrize(
    ("address", "status"),
    [("10.1.2.3", 200), ("::ffff:10.1.2.3", 200), ("10.2.0.1", 403), ("", 403), ("::1", 403)],
)
def test_metrics_are_for_those_who_are_near(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings, address: str, status: int
):
    monkeypatch.setenv("METRICS_NETWORKS", "10.1.0.0/16, 192.0.2.1")
    settings.METRICS_NETWORKS = networks("METRICS_NETWORKS")

    assert client.get(reverse("prometheus"), REMOTE_ADDR=address).status_code == status


def test_metrics_tell_how_late_everything_is(
    client: Client, settings: Settings, valkey: redis.Redis
):
    settings.METRICS_TOKEN = TOKEN
    now = timezone.now()
    all_is_well()
    valkey.rpush("celery", "{}", "{}")
    valkey.hset("unacked", "1", "{}")
    account = make_account(name='The "first"', next_poll_at=now - timedelta(seconds=40), failures=3)
    make_job(account=account, next_poll_at=now - timedelta(seconds=90))
    make_job(account=account, next_poll_at=now - timedelta(seconds=10))
    make_job(account=account, next_poll_at=now + timedelta(seconds=10))
    history = {"state": Job.State.SUCCEEDED, "ended_at": now - timedelta(days=9)}
    make_job(account=account, next_poll_at=now - timedelta(days=1), **history)
    make_job(account=make_account(name="left", next_poll_at=None), next_poll_at=now)

    told = read(client, Authorization=f"Bearer {TOKEN}")

    first, left = r'account="The \"first\""', 'account="left"'
    assert told["tuneboard_jobs_due"] == {first: 2, left: 0}
    assert told["tuneboard_jobs_late_seconds"][first] == pytest.approx(90, abs=5)
    assert told["tuneboard_account_late_seconds"][first] == pytest.approx(40, abs=5)
    assert told["tuneboard_account_late_seconds"][left] == 0
    assert told["tuneboard_account_failures"] == {first: 3, left: 0}
    assert told["tuneboard_queue_tasks"] == {'state="waiting"': 2, 'state="taken"': 1}
    assert told["tuneboard_broker_up"] == {"": 1}
    assert told["tuneboard_processes"]['kind="beat"'] == 1
    assert told["tuneboard_last_poll_timestamp_seconds"][""] == pytest.approx(
        now.timestamp(), abs=5
    )


def test_metrics_add_up_what_all_processes_have_counted(client: Client, settings: Settings):
    settings.METRICS_TOKEN = TOKEN
    account = make_account()
    for kind, seconds in ((Process.Kind.WEB, 0.02), (Process.Kind.WORKER, 0.3)):
        counts = Counts()
        counts.add("requests", account.pk, "GET events", "ok")
        counts.add("rounds", 4711, "ok")
        counts.took(seconds, "page_seconds", "job_list", "2xx")
        counts.tell(60, "budget_limit", account.pk, "requests")
        counts.tell(59, "budget_remaining", account.pk, "requests")
        make_process(kind, tally=counts.tally())

    told = read(client, Authorization=f"Bearer {TOKEN}")

    asked = 'account="Test",kind="GET events",outcome="ok"'
    page = 'page="job_list",status="2xx"'
    buckets = told["tuneboard_page_seconds_bucket"]
    assert told["tuneboard_requests_total"] == {asked: 2}
    assert told["tuneboard_rounds_total"] == {'account="4711",outcome="ok"': 2}, "it was removed"
    assert [buckets[f'{page},le="{bound}"'] for bound in (0.01, 0.025, 0.25, 0.5, "+Inf")] == [
        0,
        1,
        1,
        2,
        2,
    ]
    assert told["tuneboard_page_seconds_count"][page] == 2
    assert told["tuneboard_page_seconds_sum"][page] == 0.32
    assert told["tuneboard_budget_remaining"] == {'account="Test",of="requests"': 59}


def test_what_a_service_said_long_ago_is_not_told_as_true(client: Client, settings: Settings):
    settings.METRICS_TOKEN = TOKEN
    account = make_account()
    levels = {f"budget_{each}|{account.pk}|requests": [1.0, 9] for each in ("limit", "remaining")}
    make_process(Process.Kind.WORKER, tally={"numbers": {}, "times": {}, "levels": levels})

    assert "tuneboard_budget_remaining" not in read(client, Authorization=f"Bearer {TOKEN}")


def test_every_metric_is_in_the_guide_for_operators(client: Client, settings: Settings):
    settings.METRICS_TOKEN = TOKEN
    headers = {"Authorization": f"Bearer {TOKEN}"}
    told = re.findall(
        r"^# TYPE tuneboard_(\w+)",
        client.get(reverse("prometheus"), headers=headers).text,
        re.MULTILINE,
    )

    guide = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    table = guide.split("### Metrics")[1].split("### Alerts")[0]
    first_cells = "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))
    assert set(told) == set(re.findall(r"`(\w+)`", first_cells))
    in_alerts = set(
        re.findall(r"tuneboard_(\w+?)(?:_bucket)?\b[{\[)( ]", guide.split("### Alerts")[1])
    )
    assert in_alerts <= set(told)
