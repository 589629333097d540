"""What can be made to go wrong on the wire, and for which requests, over a real socket."""

import json
import subprocess
import sys

import httpx
import pytest

from tests.sandbox.conftest import call
from tests.sandbox.faulty import controls, faulty, job
from tests.sandbox_server import ROOT, Server

__all__ = ["controls", "faulty", "job"]


def test_an_answer_may_come_late(faulty):
    api = faulty("latency", value=0.3)

    with pytest.raises(httpx.ReadTimeout):
        api.get("models", timeout=0.1)

    assert api.get("models", timeout=30).status_code == 200


@pytest.mark.parametrize("status", [401, 403, 409, 500, 503])
def test_a_refusal_has_the_ordered_status_and_the_envelope(faulty, status):
    answer = faulty("error", value=status).get("models")

    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("given", "headers"),
    [
        ({"retry_after": 1.5}, {"retry-after": "1.5"}),
        (
            {"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"},
            {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"},
        ),
        ({"retry_after_ms": 20}, {"retry-after-ms": "20"}),
        ({"should_retry": False}, {"x-should-retry": "false"}),
    ],
)
def test_a_refusal_says_when_to_come_again(faulty, given, headers):
    answer = faulty("error", value=429, **given).get("models")

    assert answer.json()["error"]["code"] == "rate_limit_exceeded"
    assert headers.items() <= dict(answer.headers).items()


def test_a_redirect_leads_to_another_host(faulty):
    answer = faulty("redirect", value="http://elsewhere.invalid").get("models")

    assert answer.status_code == 307
    assert answer.headers["location"] == "http://elsewhere.invalid/v1/models"


def test_an_answer_may_never_come(faulty):
    with pytest.raises(httpx.ReadTimeout):
        faulty("hang").get("models", timeout=0.2)


def test_a_connection_may_be_reset_before_the_answer(faulty):
    with pytest.raises(httpx.ReadError, match="reset"):
        faulty("reset").get("models")


def test_a_connection_may_be_reset_within_the_answer(faulty):
    parts = []

    with (
        pytest.raises(httpx.ReadError, match="reset"),
        faulty("cut").stream("GET", "models") as answer,
    ):
        parts.extend(answer.iter_raw())

    assert b"".join(parts).startswith(b'{"object":"list"')


def test_an_answer_may_drip(faulty):
    with faulty("drip", value=0.05).stream("GET", "models") as answer:
        first = next(answer.iter_raw())

    assert first.startswith(b"{")
    assert len(first) < 10 < int(answer.headers["content-length"])


def test_an_answer_may_end_too_early(faulty):
    answer = faulty("truncate").get("models")

    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


def test_an_answer_may_be_a_proxys_page(faulty):
    answer = faulty("html", value=502).get("models")

    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert answer.text.startswith("<html>")


def test_an_answer_may_be_far_too_long(faulty, api):
    usual = api.get("models/tiny-byte-lm").json()  # the list grows with the jobs of other tests

    answer = faulty("huge", value=3).get("models/tiny-byte-lm")

    assert len(answer.content) > 3 * 1024 * 1024
    assert answer.json() == usual


def test_a_fault_meets_only_what_it_was_ordered_for(faulty, api, job):
    faulty("error", path=r"/events$", method="get", times=2)
    path = f"fine_tuning/jobs/{job}/events"

    assert api.get("models").status_code == 200
    assert api.post(path).status_code == 405
    assert [api.get(path).status_code for _ in range(3)] == [500, 500, 200]


@pytest.mark.parametrize("name", ["error", "reset"])
def test_an_answer_may_be_lost_after_the_work_was_done(faulty, api, name):
    order = {"model": "tiny-byte-lm", "training_file": api.upload(), "suffix": f"lost-{name}"}
    faulty(name, path=r"/jobs$", method="POST", carried_out=True, times=1)

    try:
        api.post("fine_tuning/jobs", json=order)
    except httpx.ReadError:
        assert name == "reset"

    jobs = api.every("fine_tuning/jobs")
    assert [job["user_provided_suffix"] for job in jobs].count(f"lost-{name}") == 1


def test_the_same_seed_meets_the_same_requests(controls, api):
    def met(seed: int) -> list[bool]:
        fault = {"name": "error", "share": 0.5}
        controls.put("faults", json={"seed": seed, "faults": [fault]})
        return [api.get("models").status_code == 500 for _ in range(40)]

    assert met(1) == met(1) != met(2)
    assert 8 < sum(met(1)) < 32


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "boredom"},
        {"name": "error", "value": "much"},
        {"name": "error", "value": 200},
        {"name": "hang", "value": 1},
        {"name": "non-finite", "value": "several"},
        {"name": "error", "share": 1.5},
        {"name": "error", "times": 0},
        {"name": "error", "path": "("},
        {"name": "error", "path": "a{99999999999999}"},
        {"name": "error", "path": "(" * 5000},
        {"name": "error", "retry_after": "1\r\nset-cookie: a=b"},
        {"name": "error", "colour": "red"},
    ],
)
def test_an_order_that_cannot_be_carried_out_is_refused(controls, fault):
    answer = controls.put("faults", json={"faults": [fault]})

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert controls.get("faults").json() == {"faults": [], "seed": 0}


def test_the_controls_tell_what_is_still_to_come(controls, api):
    controls.put("faults", json={"faults": [{"name": "error", "value": 503, "times": 3}]})
    api.get("models")

    told = controls.get("faults").json()

    assert told == {"faults": [{"name": "error", "value": 503.0, "times": 2}], "seed": 0}
    assert controls.delete("faults").status_code == 204
    assert api.get("models").status_code == 200


def test_requests_are_counted_by_route(controls, api, job):
    controls.delete("requests")
    for path in ("models", f"fine_tuning/jobs/{job}", "fine_tuning/jobs/ftjob-none", "weather"):
        api.get(path)

    counts = {
        (entry["method"], entry["route"]): entry["count"]
        for entry in controls.get("requests").json()["requests"]
    }

    assert counts == {
        ("GET", "/v1/models"): 1,
        ("GET", "/v1/fine_tuning/jobs/{id}"): 2,
        ("GET", "/v1/weather"): 1,
    }


def test_faults_can_be_ordered_by_flags(folder):
    flags = ["--fault", "error=503", "--fault", '{"name": "hang", "path": "/files"}']
    with Server(folder, *flags) as server, call(server.url) as api:
        assert api.get("models").status_code == 503
        assert httpx.get(server.url.replace("v1", "_sandbox/faults")).json()["faults"] == [
            {"name": "error", "value": 503.0},
            {"name": "hang", "path": "/files"},
        ]


@pytest.mark.parametrize("fault", ["boredom", "error=often", "hang=1", "{}"])
def test_a_flag_that_orders_nothing_is_said(folder, fault):
    command = [sys.executable, "-m", "sandbox", "--data", str(folder), "--fault", fault]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)

    assert ended.returncode == 2
    assert f"argument --fault: {fault}: " in ended.stderr
