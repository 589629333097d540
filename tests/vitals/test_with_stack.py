"""Signs of life, counts and logs of the real processes, with a real broker."""

import json
import re

import httpx
import pytest

from tests.stack import Stack

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("watched")]

LIVING = "SELECT kind FROM jobs_process WHERE kind != 'former' AND ended_at IS NULL"
TOKEN = "correct-horse-battery"


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    told = {"METRICS_TOKEN": TOKEN, "LOG_FORMAT": "json", "LOG_LEVEL": "INFO"}
    with Stack(tmp_path_factory.mktemp("watched") / "var", **told) as stack:
        yield stack


def metrics(stack: Stack) -> dict[str, float]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    text = httpx.get(f"{stack.url}/metrics", headers=headers).raise_for_status().text
    return {name: float(n) for name, n in re.findall(r"^(tuneboard\S+?\}?) (\S+)$", text, re.M)}


def test_every_process_gives_signs_of_life_and_says_when_it_worked(watched: Stack):
    parts = {kind: watched.pids[kind] for kind in ("web", "worker", "beat")}
    sql = f"{LIVING} AND pid = ? AND (worked_at IS NOT NULL OR kind = 'web')"

    def living() -> dict[str, int]:
        return {kind: pid for pid in parts.values() for (kind,) in watched.rows(sql, pid)}

    assert watched.wait_until(lambda: living() == parts, "all are at work")


def test_what_web_and_worker_count_comes_together(watched: Stack):
    def has_all() -> bool:
        told = metrics(watched)
        rounds = told.get('tuneboard_rounds_total{account="Sandbox",outcome="ok"}', 0)
        pages = told.get('tuneboard_page_seconds_count{page="readyz",status="2xx"}', 0)
        return rounds > 0 and pages > 0 and told["tuneboard_broker_up"] == 1

    def is_ready() -> bool:
        return httpx.get(f"{watched.url}/readyz").status_code == 200

    watched.wait_until(is_ready, "it is ready")
    assert watched.wait_until(has_all, "both are counted")


def test_counts_outlive_a_killed_worker(watched: Stack):
    name = 'tuneboard_rounds_total{account="Sandbox",outcome="ok"}'
    before = watched.wait_until(lambda: metrics(watched).get(name), "a round is counted")

    killed = watched.kill("worker")
    watched.wait_until(lambda: watched.is_back("worker", killed), "the worker is back")
    end = "SELECT ended_at FROM jobs_process WHERE pid = ? AND ended_at IS NOT NULL"
    watched.wait_until(lambda: watched.rows(end, killed), "its end is noted")

    after = watched.wait_until(lambda: metrics(watched)[name] > before, "the new one counts on")
    assert after


def test_lines_are_json_and_carry_ids_and_no_secret(watched: Stack):
    with watched.visitor() as visitor:
        answer = visitor.get("/accounts")
    request = answer.headers["X-Request-ID"]

    def told(**ids: object) -> list[dict[str, object]]:
        lines = [json.loads(line) for line in watched.lines if line.startswith("{")]
        return [line for line in lines if ids.items() <= line.items()]

    watched.wait_until(lambda: told(request=request), "the request is told")
    assert [line["page"] for line in told(request=request)] == ["account_list"]
    watched.wait_until(lambda: told(account=1), "the account is told")
    logged = "\n".join(line for line in watched.lines if line.startswith("{"))
    assert "sk-sandbox" not in logged
    assert "/sign-in/" not in logged
