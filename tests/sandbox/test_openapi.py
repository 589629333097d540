"""The sandbox's own document: it tells all that is served, and what is served is as it tells."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from starlette.routing import Route

from sandbox.app import make_app
from sandbox.context import Sandbox
from sandbox.courier import Courier
from sandbox.openapi import document
from sandbox.records import Job
from sandbox.runner import Runner
from sandbox.seed import fill
from sandbox.store import Store
from tests.sandbox.conftest import Caller, call
from tests.sandbox.contracts import Answer, contracts
from tests.sandbox.in_process import ask
from tests.sandbox.recorder import heard
from tests.sandbox_server import Server

LIVE = {"validating_files", "queued", "running", "pausing", "paused"}
STATES = [*sorted(LIVE), "succeeded", "failed", "cancelled"]
ALLOWED = {"cancel": LIVE, "pause": {"running"}, "resume": {"paused"}}
GRADER = {
    "type": "string_check",
    "name": "says yes",
    "input": "{{sample.output_text}}",
    "reference": "yes",
    "operation": "ilike",
}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation


def nameless(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def faults(answer: Answer) -> list[str]:
    return [fault for contract in contracts() for fault in contract.faults(answer)]


# The document


def test_it_is_served_without_a_key(shared):
    answer = httpx.get(shared.replace("/v1", "/openapi.json"))

    assert answer.json() == document()


def test_it_tells_every_endpoint_and_no_other(folder):
    with closing(Store(folder)) as store:
        runner, courier = Runner(store, slots=1, pace=0), Courier(store, patience=1)
        app = make_app(Sandbox(store, runner=runner, courier=courier, quirks=frozenset()))

        served = {
            (method, nameless(route.path.removeprefix("/v1")))
            for route in app.routes
            if isinstance(route, Route) and route.path.startswith("/v1/")
            for method in (route.methods or set()) - {"HEAD"}
        }

        assert {(method, nameless(path)) for method, path, _ in operations()} == served


def test_its_schemas_are_schemas_and_its_references_lead_somewhere():
    schemas = document()["components"]["schemas"]

    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)

    used = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document())))
    assert used == schemas.keys()


# Every job, whatever its state


@pytest.fixture(scope="module")
def resting(tmp_path_factory):
    """A folder full of jobs that nobody works on."""
    folder = tmp_path_factory.mktemp("resting") / "sandbox"
    with closing(Store(folder)) as store:
        fill(store, jobs=100, events=4000, seed=1)
    return folder


@pytest.fixture
def job(resting, state) -> str:
    """A job in that state; one that was stopped is put into it if there is none."""
    with closing(Store(resting)) as store:
        if not (found := store.all(Job, "status = ?", [state])):
            stopped = store.all(Job, "status = 'cancelled'")[0]
            found = [store.update(Job, stopped.id, status=state, finished_at=None)]
    return found[0].id


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("part", ["", "/events", "/checkpoints"])
def test_a_job_is_told_as_documented_in_every_state(resting, job, part):
    answer = heard(ask(resting, f"fine_tuning/jobs/{job}{part}"))

    assert answer.status == 200
    assert faults(answer) == []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ALLOWED)
def test_an_action_is_answered_as_documented_in_every_state(resting, job, state, action):
    answer = heard(ask(resting, f"fine_tuning/jobs/{job}/{action}", method="POST"))

    assert answer.status == (200 if state in ALLOWED[action] else 400)
    assert faults(answer) == []


# Every endpoint


def test_every_endpoint_is_answered_as_documented(folder, recorder):
    """What the answers hold is held against the documents as they are heard."""
    with Server(folder, "--pace", "100") as server, call(server.url) as api:
        recorder.answered.clear()

        walk_jobs(api)
        walk_files(api)
        walk_webhooks(api, receiver=f"{server.url}/models")

        assert recorder.answered == {(method, path) for method, path, _ in operations()}


def walk_jobs(api: Caller) -> None:
    long = {"supervised": {"hyperparameters": {"n_epochs": 50, "batch_size": 1}}}
    job = api.order(method={"type": "supervised", **long})["id"]
    api.wait(job, "running")
    api.until(lambda: api.act(job, "pause").status_code, lambda status: status == 200)
    api.wait(job, "paused")
    for action in ("resume", "cancel"):
        api.act(job, action)
    done = api.wait(api.order()["id"])
    for path in ("", f"/{done['id']}", f"/{done['id']}/events", f"/{done['id']}/checkpoints"):
        api.get(f"fine_tuning/jobs{path}")
    for body in ({"grader": GRADER}, {"grader": GRADER, "model_sample": "Yes"}):
        kind = "run" if "model_sample" in body else "validate"
        api.post(f"fine_tuning/alpha/graders/{kind}", json=body)
    model = f"models/{done['fine_tuned_model']}"
    sharing = f"fine_tuning/checkpoints/{done['fine_tuned_model']}/permissions"
    granted = api.post(sharing, json={"project_ids": ["proj_1"]}).json()["data"]
    for method, path in (
        *(("GET", sharing), ("DELETE", f"{sharing}/{granted[0]['id']}")),
        *(("GET", "models"), ("GET", model), ("DELETE", model)),
    ):
        api.request(method, path)


def walk_files(api: Caller) -> None:
    file = f"files/{api.upload()}"
    for method, path in (
        *(("GET", "files"), ("GET", file), ("GET", f"{file}/content"), ("DELETE", file)),
    ):
        api.request(method, path)
    order = {"filename": "a", "purpose": "fine-tune", "bytes": 2, "mime_type": "text/jsonl"}
    whole, broken = (api.post("uploads", json=order).json()["id"] for _ in range(2))
    part = api.post(f"uploads/{whole}/parts", files={"data": b"{}"}).json()["id"]
    api.post(f"uploads/{whole}/complete", json={"part_ids": [part]})
    api.post(f"uploads/{broken}/cancel")


def walk_webhooks(api: Caller, receiver: str) -> None:
    kind = "fine_tuning.job.failed"
    order = {"name": "me", "url": receiver, "event_types": [kind]}
    endpoint = f"webhook_endpoints/{api.post('webhook_endpoints', json=order).json()['id']}"
    api.post(endpoint, json={"name": "you"})
    api.post(f"{endpoint}/rotate_secret")
    api.post(f"{endpoint}/test", json={"event_type": kind})
    for method, path in (
        *(("GET", "webhook_event_types"), ("GET", "webhook_endpoints")),
        *(("GET", endpoint), ("DELETE", endpoint)),
    ):
        api.request(method, path)


# Who watches the watchman

FILE = {"object": "file", "id": "file-1", "bytes": 1, "created_at": 1, "filename": "a"}


@pytest.mark.parametrize(
    ("path", "status", "told", "fault"),
    [
        ("/files/1", 200, FILE | {"purpose": "fun", "status": "processed"}, "'fun' is not one of"),
        ("/files/1", 200, FILE | {"purpose": "batch"}, "'status' is a required property"),
        ("/files/1", 200, [], "[] is not of type 'object'"),
        ("/files/1", 404, {"error": "gone"}, "'gone' is not of type 'object'"),
        ("/files/1", 409, {"error": {}}, "409 is not documented"),
        ("/weather", 200, {}, "200 is not documented"),
        ("/weather", 404, {}, "'error' is a required property"),
    ],
)
def test_what_is_wrong_is_seen(path, status, told, fault):
    own = contracts()[0]

    faults = own.faults(Answer("GET", path, status, "application/json", json.dumps(told).encode()))

    assert any(fault in found for found in faults)


def test_another_kind_of_content_is_seen():
    own = contracts()[0]

    assert own.faults(Answer("GET", "/models", 200, "text/html", b"")) == [
        "text/html is not documented"
    ]
