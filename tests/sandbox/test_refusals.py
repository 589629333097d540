"""What the service refuses, and how it says so."""

from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import CHATS


@pytest.fixture
def refused(api):
    """The status and the error of a create that says too much or too little."""
    file_id = api.upload()

    def refused(**given):
        body = {"model": "gpt-4o-mini", "training_file": file_id, **given}
        answer = api.post("fine_tuning/jobs", json={k: v for k, v in body.items() if v != "-"})
        return answer.status_code, answer.json()["error"]

    return refused


def of(kind: str, **hyperparameters: Any) -> dict[str, Any]:
    return {"type": kind, kind: {"hyperparameters": hyperparameters}}


WANDB = {"type": "wandb", "wandb": {"project": "p"}}
EXACT = {
    "type": "string_check",
    "name": "exact",
    "input": "{{sample.output_text}}",
    "reference": "{{item.reference}}",
    "operation": "eq",
}


def wandb(**given: Any) -> dict[str, Any]:
    return {"type": "wandb", "wandb": {"project": "p", **given}}


def by_reward(**given: Any) -> dict[str, Any]:
    """A reinforcement method; what is no hyperparameter stands beside them."""
    beside = {key: given.pop(key) for key in ("grader", "response_format", "colour") & given.keys()}
    settings = {"grader": EXACT, "hyperparameters": given, **beside}
    return {"type": "reinforcement", "reinforcement": settings}


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"model": "-"}, "model"),
        ({"model": "gpt-9"}, "model"),
        ({"training_file": "-"}, "training_file"),
        ({"training_file": "file-nowhere"}, "training_file"),
        ({"validation_file": "file-nowhere"}, "validation_file"),
        ({"colour": "red"}, "colour"),
        ({"suffix": ""}, "suffix"),
        ({"suffix": "x" * 65}, "suffix"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**31}, "seed"),
        ({"seed": "1"}, "seed"),
        ({"metadata": {str(n): "" for n in range(17)}}, "metadata"),
        ({"metadata": {"k" * 65: ""}}, "metadata"),
        ({"metadata": {"k": "v" * 513}}, "metadata"),
        ({"metadata": {"k": 1}}, "metadata"),
        ({"integrations": [{"type": "wandb"}]}, "integrations"),
        ({"integrations": [WANDB] * 6}, "integrations"),
        ({"integrations": [wandb(tags="a")]}, "integrations"),
        ({"integrations": [wandb(tags=[1])]}, "integrations"),
        ({"integrations": [wandb(entity=1)]}, "integrations"),
        ({"integrations": [wandb(colour="red")]}, "colour"),
        ({"method": "supervised"}, "method"),
        ({"method": {"type": "guesswork"}}, "method"),
        ({"method": {"type": "supervised", "dpo": {}}}, "dpo"),
        ({"method": {"type": "dpo", "dpo": []}}, "dpo"),
        ({"method": {"type": "dpo", "dpo": {"grader": EXACT}}}, "grader"),
        ({"hyperparameters": {"nepochs": 2}}, "nepochs"),
        ({"hyperparameters": {"n_epochs": 0}}, "n_epochs"),
        ({"method": of("supervised", n_epochs=51)}, "n_epochs"),
        ({"method": of("supervised", n_epochs=True)}, "n_epochs"),
        ({"method": of("supervised", batch_size=257)}, "batch_size"),
        ({"method": of("supervised", batch_size=1.5)}, "batch_size"),
        ({"method": of("supervised", learning_rate_multiplier=0)}, "learning_rate_multiplier"),
        ({"method": of("supervised", beta=0.1)}, "beta"),
        ({"method": of("dpo", beta=0)}, "beta"),
        ({"method": of("dpo", beta=2.1)}, "beta"),
        ({"method": of("dpo", learning_rate_multiplier=10**400)}, "learning_rate_multiplier"),
        ({"method": {"type": "reinforcement"}}, "grader"),
        ({"method": by_reward(grader={**EXACT, "operation": "near"})}, "grader.operation"),
        ({"method": by_reward(response_format="json")}, "response_format"),
        ({"method": by_reward(colour="red")}, "colour"),
        ({"method": by_reward(beta=0.1)}, "beta"),
        ({"method": by_reward(n_epochs=51)}, "n_epochs"),
        ({"method": by_reward(batch_size=0)}, "batch_size"),
        ({"method": by_reward(reasoning_effort="auto")}, "reasoning_effort"),
        ({"method": by_reward(reasoning_effort={})}, "reasoning_effort"),
        ({"method": by_reward(compute_multiplier=0.00001)}, "compute_multiplier"),
        ({"method": by_reward(compute_multiplier=10.1)}, "compute_multiplier"),
        ({"method": by_reward(eval_interval=0)}, "eval_interval"),
        ({"method": by_reward(eval_samples=1.5)}, "eval_samples"),
    ],
)
def test_a_wrong_field_is_named(refused, given, param):
    status, error = refused(**given)

    assert (status, error["type"], error["param"]) == (400, "invalid_request_error", param)


def test_an_unknown_hyperparameter_is_refused_in_the_services_words(refused):
    _, error = refused(hyperparameters={"nepochs": 2})

    assert error["message"] == "invalid nepochs: 2, extra inputs are not permitted"


def test_a_file_for_another_purpose_is_refused(api, refused):
    status, error = refused(training_file=api.upload(purpose="user_data"))

    assert (status, error["param"]) == (400, "training_file")


def test_the_widest_bounds_are_allowed(api):
    dpo = of("dpo", n_epochs=50, batch_size=256, learning_rate_multiplier=0.001, beta=2)
    metadata = {("k" * 62) + f"{n:02}": "v" * 512 for n in range(16)}

    job = api.order(suffix="x" * 64, seed=2**31 - 1, metadata=metadata, method=dpo)

    assert (job["seed"], job["metadata"], job["method"]) == (2**31 - 1, metadata, dpo)


def test_the_widest_bounds_of_a_reinforcement_job_are_allowed(api):
    method = by_reward(
        n_epochs=50,
        batch_size=256,
        learning_rate_multiplier=0.001,
        reasoning_effort="high",
        compute_multiplier=10,
        eval_interval=1000,
        eval_samples=1,
        response_format={"type": "json_schema", "json_schema": {"name": "reply"}},
    )

    job = api.order(model="o4-mini", method=method, integrations=[WANDB])

    assert job["method"] == method
    assert job["hyperparameters"] == {}
    assert job["integrations"][0]["wandb"]["run_id"] == job["id"]


def test_what_a_reinforcement_job_does_not_say_is_auto_and_default(api):
    method = {"type": "reinforcement", "reinforcement": {"grader": EXACT}}

    chosen = api.order(method=method)["method"]["reinforcement"]

    assert set(chosen["hyperparameters"].values()) == {"auto", "default"}
    assert chosen["hyperparameters"]["reasoning_effort"] == "default"
    assert (chosen["grader"], chosen["response_format"]) == (EXACT, None)


@pytest.mark.parametrize("kind", ["supervised", "dpo"])
@pytest.mark.parametrize("inner", [{}, None])
def test_a_method_without_a_grader_needs_nothing_but_its_name(api, kind, inner):
    job = api.order(method={"type": kind, kind: inner})

    assert set(job["method"][kind]["hyperparameters"].values()) == {"auto"}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"model": "\\ud800"}'])
def test_a_body_that_is_no_object_is_refused(api, body):
    assert api.post("fine_tuning/jobs", content=body).status_code == 400


@pytest.mark.parametrize("key", [None, "Bearer", "Basic abc", "Bearer sk-invalid-1"])
def test_without_a_good_key_every_door_is_shut(shared, key):
    headers = {"Authorization": key} if key else {}

    answer = httpx.get(f"{shared}/models", headers=headers)

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_api_key"
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "param", "code"),
    [
        ("GET", "fine_tuning/jobs/ftjob-0", "fine_tune_id", "fine_tune_not_found"),
        ("GET", "fine_tuning/jobs/ftjob-0/events", "fine_tune_id", "fine_tune_not_found"),
        ("GET", "fine_tuning/jobs/ftjob-0/checkpoints", "fine_tune_id", "fine_tune_not_found"),
        ("POST", "fine_tuning/jobs/ftjob-0/cancel", "fine_tune_id", "fine_tune_not_found"),
        ("GET", "files/file-0", "id", None),
        ("GET", "files/file-0/content", "id", None),
        ("DELETE", "files/file-0", "id", None),
        ("GET", "models/ft:a:b::c", "model", "model_not_found"),
        ("DELETE", "models/ft%3Aa%3Ab%3A%3Ac", "model", "model_not_found"),
        ("GET", "weather", None, None),
        ("GET", "files/", None, None),
    ],
)
def test_what_is_not_there_is_not_found(api, method, path, param, code):
    answer = api.request(method, path)

    assert answer.status_code == 404
    error = answer.json()["error"]
    assert (error["param"], error["code"]) == (param, code)
    assert set(error) == {"message", "type", "param", "code"}


def test_a_method_that_is_not_served_is_refused_in_the_envelope(api):
    answer = api.put("models")

    assert answer.status_code == 405
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_every_answer_carries_the_services_headers(api):
    headers = api.get("models").headers

    assert headers["x-request-id"].startswith("req_")
    assert headers["openai-version"] == "2020-10-01"
    assert headers["openai-organization"].startswith("org-")
    assert int(headers["openai-processing-ms"]) >= 0


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"data": {"purpose": "fine-tune"}}, "file"),
        ({"files": {"file": ("a", CHATS)}}, "purpose"),
        ({"files": {"file": ("a", CHATS)}, "data": {"purpose": "fun"}}, "purpose"),
    ],
)
def test_an_incomplete_upload_is_refused(api, form, param):
    answer = api.post("files", **form)

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def test_base_models_stay(api):
    assert api.delete("models/gpt-4o-mini").status_code == 403
