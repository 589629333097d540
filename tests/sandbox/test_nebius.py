"""The sandbox as Nebius Token Factory."""

import httpx
import pytest

from tests.sandbox.conftest import call
from tests.sandbox_server import Server


@pytest.fixture(scope="module")
def nebius(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nebius") / "sandbox"
    with Server(folder, "--pace", "0", "--dialect", "nebius") as server, call(server.url) as caller:
        yield caller


@pytest.fixture
def order(nebius):
    def order(**given):
        file_id = nebius.upload()
        body = {"model": "tiny-byte-lm", "training_file": file_id, **given}
        return nebius.post("fine_tuning/jobs", json=body)

    return order


@pytest.fixture(scope="module")
def job(nebius):
    body = {"model": "tiny-byte-lm", "training_file": nebius.upload(), "suffix": "mine"}
    return nebius.wait(nebius.post("fine_tuning/jobs", json=body).json()["id"])


def test_a_job_tells_its_recipe_and_how_far_it_is(job):
    assert job["hyperparameters"] == {
        "batch_size": 8,
        "learning_rate": 1e-05,
        "n_epochs": 3,
        "warmup_ratio": 0,
        "weight_decay": 0,
        "packing": True,
        "max_grad_norm": 1,
        "context_length": 8192,
        "lora": False,
        "lora_r": 8,
        "lora_alpha": 8,
        "lora_dropout": 0,
    }
    assert (job["trained_steps"], job["total_steps"]) == (6, 6)
    assert (job["suffix"], job["organization_id"]) == ("mine", "")
    assert "fine_tuned_model" not in job


@pytest.mark.parametrize("place", ["top", "method"])
def test_what_the_model_can_do_is_done(order, nebius, place):
    recipe = {"hyperparameters": {"n_epochs": 1, "batch_size": 3, "learning_rate": 3e-05}}
    method = {"type": "supervised", "supervised": recipe}

    job = order(**(recipe if place == "top" else {"method": method})).json()

    told = nebius.wait(job["id"])["hyperparameters"]
    assert (told["n_epochs"], told["batch_size"], told["learning_rate"]) == (1, 3, 3e-05)
    assert len(nebius.steps(job["id"])) == 4


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"hyperparameters": {"lora_r": 16}}, "lora_r"),
        ({"hyperparameters": {"n_epochs": 0}}, "n_epochs"),
        ({"hyperparameters": 3}, "hyperparameters"),
        ({"hyperparameters": {"learning_rate": 10**400}}, "learning_rate_multiplier"),
        ({"method": {"type": ["supervised"]}}, "method"),
        ({"method": {"type": {}}}, "method"),
        ({"model": "gpt-9"}, "model"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_body_is_refused_as_fastapi_does(order, given, param):
    answer = order(**given)

    assert answer.status_code == 422
    (fault,) = answer.json()["detail"]
    assert fault["loc"] == ["body", param]
    assert fault.keys() == {"type", "loc", "msg"}


def test_a_bad_query_is_refused_as_fastapi_does(nebius):
    answer = nebius.get("fine_tuning/jobs?limit=many")

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", "limit"]


def test_one_checkpoint_can_be_looked_at(nebius, job):
    path = f"fine_tuning/jobs/{job['id']}/checkpoints"
    newest, *_ = nebius.checkpoints(job["id"])

    assert newest["result_files"] == job["result_files"]
    assert nebius.get(f"{path}/{newest['id']}").json() == newest
    assert nebius.get(f"{path}/ftckpt_none").status_code == 404


def test_what_nebius_does_not_have_is_not_there(nebius, job):
    answer = nebius.act(job["id"], "pause")

    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


def test_a_refusal_has_a_detail(nebius, job):
    for answer in (nebius.act(job["id"], "cancel"), httpx.get(f"{nebius.base_url}models")):
        assert answer.status_code in (400, 401)
        assert isinstance(answer.json()["detail"], str)


def test_openai_has_no_such_endpoint(shared):
    with call(shared) as api:
        assert api.get("fine_tuning/jobs/ftjob-0/checkpoints/ftckpt_0").status_code == 404
        assert "Invalid URL" in api.get("fine_tuning/jobs/a/checkpoints/b").text
