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
        ({"method": "supervised"}, "method"),
        ({"method": {"type": "reinforcement"}}, "method"),
        ({"method": {"type": "supervised", "dpo": {}}}, "dpo"),
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
