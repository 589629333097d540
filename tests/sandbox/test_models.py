"""Models: the base models, and those that jobs made until they are deleted."""

from typing import Any

import pytest

from tests.sandbox.conftest import call
from tests.sandbox_server import Server

LONG: dict[str, Any] = {
    "type": "supervised",
    "supervised": {"hyperparameters": {"n_epochs": 20, "batch_size": 4}},
}


@pytest.fixture(scope="module")
def done(shared):
    with call(shared) as api:
        return api.wait(api.order(model="gpt-4.1-nano")["id"], "succeeded")


def names(api):
    return [model["id"] for model in api.get("models").json()["data"]]


def checkpoints(api, job):
    return [each["fine_tuned_model_checkpoint"] for each in api.checkpoints(job["id"])]


def test_the_list_has_base_models_and_what_jobs_made(api, done):
    listed = names(api)

    assert "gpt-4o-mini-2024-07-18" in listed
    assert set(checkpoints(api, done)) <= set(listed)
    assert len(listed) == len(set(listed))


def test_a_model_goes_when_its_base_model_goes(api, done):
    base = api.get("models/gpt-4.1-nano").json()
    made = api.get(f"models/{done['fine_tuned_model']}").json()
    own = api.get("models/tiny-byte-lm").json()

    assert base["shutdown_date"] == made["shutdown_date"] == "2026-10-23"
    assert own["shutdown_date"] is None
    assert (base["owned_by"], made["owned_by"]) == ("system", "sandbox")
    assert made["created"] >= done["created_at"]
    assert (made["id"], made["object"]) == (done["fine_tuned_model"], "model")


def test_a_deleted_model_is_gone_and_others_stay(api):
    job = api.wait(api.order()["id"], "succeeded")
    final, earlier = checkpoints(api, job)

    deleted = api.delete(f"models/{earlier.replace(':', '%3A')}").json()

    assert deleted == {"id": earlier, "object": "model", "deleted": True}
    assert api.get(f"models/{earlier}").status_code == 404
    assert api.delete(f"models/{earlier}").status_code == 404
    assert final in names(api)
    refusal = api.post(
        "fine_tuning/jobs", json={"model": earlier, "training_file": job["training_file"]}
    )
    assert refusal.json()["error"]["code"] == "model_not_available"


@pytest.mark.parametrize("name", ["gpt-4o-mini", "gpt-4o-mini-2024-07-18", "tiny-byte-lm"])
def test_base_models_cannot_be_deleted(api, name):
    answer = api.delete(f"models/{name}")

    assert (answer.status_code, answer.json()["error"]["param"]) == (403, "model")
    assert api.get(f"models/{name}").status_code == 200


def test_a_job_that_trains_from_a_deleted_model_goes_on_with_its_copy(folder):
    with Server(folder, "--pace", "60") as server, call(server.url) as api:
        model = api.wait(api.order()["id"], "succeeded")["fine_tuned_model"]
        job = api.order(model=model, method=LONG)
        api.until(lambda: api.steps(job["id"]), bool)

        deleted = api.delete(f"models/{model}")

        assert deleted.json()["deleted"]
        assert api.wait(job["id"])["status"] == "succeeded"
        assert api.job(job["id"])["model"] == model


def test_a_checkpoint_may_be_deleted_while_its_job_trains_on(folder):
    with Server(folder, "--pace", "60") as server, call(server.url) as api:
        job = api.order(method=LONG)
        (name, *_) = api.until(lambda: checkpoints(api, job), bool)

        deleted = api.delete(f"models/{name}")

        assert deleted.json()["deleted"]
        assert api.wait(job["id"])["status"] == "succeeded"
        assert name not in names(api)
        assert len(api.steps(job["id"])) == 60
