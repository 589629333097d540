"""Whatever is sent: what was asked for, or a refusal in the envelope; never an error of ours."""

from typing import Any

import httpx
import pytest
from hypothesis import given, settings, strategies as st

from sandbox.bodies import MOST_JSON
from sandbox.openapi import document
from tests.sandbox.conftest import Caller, call
from tests.sandbox.good_bodies import BODIES, JOB, METHODS, Known, good, made
from tests.sandbox.hostile import escapes, forms, spoilt, texts
from tests.sandbox.parts import begin
from tests.sandbox_server import Server

NOT_NOW = {"cancel", "pause", "resume", "complete", "a test"}
FEW = settings(max_examples=30, deadline=None)
JSON = {"Content-Type": "application/json"}
PATHS = [path.lstrip("/") for path, item in document()["paths"].items() if "get" in item]
ASKED = ["limit", "after", "order", "purpose", "metadata", "metadata[a]", "project_id", "x"]


@pytest.fixture(scope="module")
def server(shared):
    with call(shared) as caller:
        yield caller


@pytest.fixture(scope="module")
def known(server: Caller) -> Known:
    return made(server)


def assert_is_answer(answer: httpx.Response) -> None:
    if answer.status_code >= 400:
        assert answer.status_code < 500, answer.text[:300]
        assert answer.json()["error"].keys() == {"message", "type", "param", "code"}


@pytest.mark.parametrize("name", sorted(BODIES.keys() - NOT_NOW))
def test_what_is_about_to_be_spoilt_is_good(server, known, name):
    method, path, body = good(name, known)

    assert server.request(method, path, json=body).status_code == 200


@pytest.mark.parametrize("name", BODIES)
def test_any_json_is_answered(server, known, name):
    method, path, body = good(name, known)

    @FEW
    @given(spoilt(body) | texts)
    def ask(content):
        answer = server.request(method, path, content=content.encode(), headers=JSON)

        assert_is_answer(answer)
        assert server.get("fine_tuning/jobs", params={"limit": 5}).status_code == 200

    ask()
    server.delete("../_sandbox/faults")


@pytest.mark.parametrize(("path", "field"), [("files", "file"), ("uploads/{upload}/parts", "data")])
def test_any_form_is_answered(server, path, field):
    path = path.format(upload=begin(server).json()["id"])

    @FEW
    @given(forms(field, "purpose", "expires_after[anchor]", "expires_after[seconds]"))
    def send(form):
        kind, content = form

        assert_is_answer(server.post(path, content=content, headers={"Content-Type": kind}))

    send()


@pytest.mark.parametrize("path", PATHS)
def test_any_address_is_answered(server, path):
    questions = st.dictionaries(st.sampled_from(ASKED), escapes, max_size=3)

    @FEW
    @given(escapes, escapes, questions)
    def look(first, second, question):
        asked = "&".join(f"{name}={value}" for name, value in question.items())
        place = path.replace("{", "\n{").split("\n")
        filled = [
            (ids + part.partition("}")[2]) if part.startswith("{") else part
            for part, ids in zip(place, ["", first, second], strict=False)
        ]

        assert_is_answer(server.get("".join(filled) + f"?{asked}"))

    look()


def test_after_all_that_a_job_is_trained(server):
    assert server.wait(server.order()["id"])["status"] == "succeeded"


# In another dialect


@pytest.fixture(scope="module", params=["azure", "nebius"])
def foreign(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param) / "sandbox"
    with Server(folder, "--pace", "0", "--dialect", request.param) as server:
        path, key = {"azure": ("/v1", "api-key"), "nebius": ("", "Authorization")}[request.param]
        with Caller(base_url=server.url + path, headers={key: "Bearer k"}) as caller:
            yield caller


def test_any_order_is_answered_in_another_dialect(foreign):
    method: dict[str, Any] = {"type": "supervised", "supervised": METHODS["supervised"]}
    order = {**JOB, "method": method, "training_file": foreign.upload(b"{}\n")}

    @FEW
    @given(spoilt(order) | texts)
    def ask(content):
        answer = foreign.post("fine_tuning/jobs", content=content.encode(), headers=JSON)

        assert answer.status_code < 500
        assert foreign.get("fine_tuning/jobs").status_code == 200

    ask()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ('{"model": "' + "a" * 1_000_000, 400),
        ("[" * 100_000, 400),
        ("{}" + " " * MOST_JSON, 413),
    ],
    ids=["long", "deep", "large"],
)
def test_a_vast_order_is_refused_at_once_in_another_dialect(foreign, content, status):
    answer = foreign.post("fine_tuning/jobs", content=content, headers=JSON)

    assert answer.status_code in (status, {400: 422}.get(status))
