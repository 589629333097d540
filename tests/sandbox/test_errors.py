"""How the service says no, wherever it does: the envelope, the headers, the status."""

import socket

import httpx
import pytest

from sandbox.bodies import MOST_JSON
from tests.sandbox.conftest import call
from tests.sandbox.in_process import ask
from tests.sandbox_server import Server

JOB = "fine_tuning/jobs/ftjob-0"


@pytest.fixture
def job(api):
    return api.order(b"{}\n")["id"]


def assert_is_refusal(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status
    assert answer.json()["error"].keys() == {"message", "type", "param", "code"}
    assert answer.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "weather", 404),
        ("GET", "fine_tuning/jobs/", 404),
        ("POST", "files/", 404),
        ("GET", "../weather", 404),
        ("PATCH", "models", 405),
        ("DELETE", "fine_tuning/jobs", 405),
        ("GET", f"{JOB}/cancel", 405),
        ("OPTIONS", "models", 405),
    ],
)
def test_what_is_not_served_is_refused_in_the_envelope(api, method, path, status):
    assert_is_refusal(api.request(method, path), status)


def test_what_is_not_there_has_no_head_either(api):
    answers = [api.head(path) for path in ("models", "weather")]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert all(answer.content == b"" for answer in answers)


@pytest.mark.parametrize("path", ["fine_tuning/jobs", "files", "models/ft%3Aa%3Ab%3A%3Ac"])
def test_a_refused_key_is_refused_in_the_envelope(shared, path):
    answer = httpx.get(f"{shared}/{path}", headers={"Authorization": "Bearer sk-invalid"})

    assert_is_refusal(answer, 401)


def test_a_body_that_is_too_large_is_refused(api):
    body = b'{"model": "' + b"x" * MOST_JSON + b'"}'

    answer = api.post("fine_tuning/jobs", content=body)

    assert_is_refusal(answer, 413)


def test_a_body_that_is_no_json_is_refused(api):
    answer = api.post("fine_tuning/jobs", data={"model": "gpt-4o-mini"})

    assert_is_refusal(answer, 415)
    assert answer.json()["error"]["code"] == "unsupported_content_type"


@pytest.mark.parametrize("odd", ["NaN", "-Infinity", "1e400", '"\\ud800"', "[" * 100 + "]" * 100])
def test_json_that_could_not_be_answered_is_refused(api, odd):
    body = f'{{"grader": {{}}, "model_sample": "", "item": {{"odd": {odd}}}}}'

    answer = api.post(
        "fine_tuning/alpha/graders/run", content=body, headers={"Content-Type": "application/json"}
    )

    assert_is_refusal(answer, 400)
    assert "The JSON body" in answer.text or "the JSON body" in answer.text


@pytest.mark.parametrize("path", ["fine_tuning/jobs", "files"])
def test_a_client_that_leaves_while_it_talks_breaks_nothing(folder, capfd, path):
    kind = "multipart/form-data; boundary=b" if path == "files" else "application/json"
    with Server(folder) as server, call(server.url) as api:
        address = api.base_url.host, api.base_url.port
        with socket.create_connection(address) as leaving:
            head = f"POST /v1/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer k\r\n"
            about = f"Content-Type: {kind}\r\nContent-Length: 999\r\n\r\n--b"
            leaving.sendall(head.encode() + about.encode())
            api.get("models")

        assert [api.get("models").status_code for _ in range(3)] == [200] * 3

    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("action", ["cancel", "pause", "resume"])
def test_an_action_takes_no_arguments(api, job, action):
    answer = api.post(f"fine_tuning/jobs/{job}/{action}", json={"why": "loss is nan"})

    assert_is_refusal(answer, 400)
    assert answer.json()["error"]["param"] == "why"


@pytest.mark.parametrize(
    ("kind", "body"), [("application/json", b""), ("application/json", b"{}"), ("text/plain", b"")]
)
def test_an_action_takes_an_empty_body(api, kind, body):
    job = api.order(method={"type": "supervised"}, model="gpt-4.1-mini")["id"]

    answer = api.post(
        f"fine_tuning/jobs/{job}/cancel", content=body, headers={"Content-Type": kind}
    )

    assert answer.json()["status"] == "cancelled"


def test_a_deletion_takes_an_empty_json_body(api):
    answer = api.request(
        "DELETE", f"files/{api.upload()}", headers={"Content-Type": "application/json"}
    )

    assert answer.json()["deleted"] is True


def test_colons_in_a_path_may_be_plain_or_encoded(api):
    name = api.wait(api.order()["id"])["fine_tuned_model"]

    plain, encoded = (api.get(f"models/{each}") for each in (name, name.replace(":", "%3A")))

    assert plain.json()["id"] == encoded.json()["id"] == name


def test_what_nobody_foresaw_is_said_in_the_envelope_too(folder, monkeypatch):
    monkeypatch.setattr("sandbox.store.Store.page", lambda *_, **__: 1 / 0)

    assert_is_refusal(ask(folder, "files"), 500)
