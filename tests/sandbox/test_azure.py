"""The sandbox as Azure OpenAI: the dated API of 2024-10-21, and the v1 API."""

import json
import os
from pathlib import Path

import httpx
import openai
import pytest
from hypothesis import given, strategies as st

from sandbox.dialects.azure_names import our_names, their_names
from tests.sandbox.conftest import CHATS, Caller
from tests.sandbox_server import Server

LONG = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 50, "batch_size": 2}}}


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    folder = tmp_path_factory.mktemp("azure") / "sandbox"
    with Server(folder, "--pace", "60", "--dialect", "azure") as server:
        yield server.url.removesuffix("/openai")


@pytest.fixture(scope="module")
def dated(host):
    version = {"api-version": "2024-10-21"}
    with Caller(base_url=f"{host}/openai", headers={"api-key": "k"}, params=version) as caller:
        yield caller


@pytest.fixture(scope="module")
def v1(host):
    with Caller(base_url=f"{host}/openai/v1", headers={"api-key": "k"}) as caller:
        yield caller


@pytest.fixture(scope="module")
def job(v1):
    """The id of a job that succeeded, with validation and a suffix."""
    order = v1.order(suffix="my-bot", validation_file=v1.upload(), model="gpt-4o-mini")
    return v1.wait(order["id"])["id"]


def test_a_new_job_is_pending_and_what_is_automatic_is_minus_one(dated):
    answer = dated.post(
        "fine_tuning/jobs", json={"model": "tiny-byte-lm", "training_file": dated.upload()}
    )

    assert answer.status_code == 201
    job = answer.json()
    automatic = {"n_epochs": -1, "batch_size": -1, "learning_rate_multiplier": 1}
    assert (job["status"], job["hyperparameters"]) == ("pending", automatic)
    assert job["organization_id"] is job["result_files"] is job["integrations"] is None
    assert "method" not in job


def test_minus_one_is_understood(dated):
    order = {
        "model": "tiny-byte-lm",
        "training_file": dated.upload(),
        "hyperparameters": {"n_epochs": -1, "batch_size": 3},
        "trainingType": 1,
    }

    job = dated.post("fine_tuning/jobs", json=order).json()

    assert job["hyperparameters"]["n_epochs"] == -1
    assert dated.wait(job["id"])["hyperparameters"]["batch_size"] == 3


@pytest.mark.skipif("SAMPLES_DIR" not in os.environ, reason="needs real samples")
def test_a_job_has_all_that_a_published_one_has(dated, job):
    name = "azure_job_2024-10-21.json"
    published = json.loads((Path(os.environ["SAMPLES_DIR"]) / name).read_text())

    assert published.keys() <= dated.job(job).keys()


def test_a_job_that_ended_names_its_model_after_its_base(dated, job):
    told = dated.job(job)

    base, _, rest = told["fine_tuned_model"].partition(".ft-")
    assert (base, rest[32:]) == ("gpt-4o-mini-2024-07-18", "-my-bot")
    assert told["updated_at"] >= told["created_at"]
    assert len(told["result_files"]) == 1


def test_a_model_is_found_by_its_name(dated, v1, job):
    name = dated.job(job)["fine_tuned_model"]

    assert dated.get(f"models/{name}").json()["fine_tune"] == job
    assert v1.get(f"models/{name}").json()["id"] == name
    assert v1.order(model=name)["model"] == name


def test_models_say_what_they_can_and_until_when(dated):
    models = {model["id"]: model for model in dated.get("models").json()["data"]}

    assert models["gpt-4o-mini-2024-07-18"]["deprecation"] == {
        "fine_tune": 1799884800,
        "inference": 1799884800,
    }
    assert models["tiny-byte-lm"]["capabilities"]["fine_tune"] is True


def test_dated_events_come_oldest_first_in_azures_words_and_without_numbers(dated, job):
    events = dated.every(f"fine_tuning/jobs/{job}/events", limit=4)

    messages = [event["message"] for event in events]
    assert messages[0] == "Job enqueued. Waiting for jobs ahead to complete."
    assert messages[-1] == "Job succeeded."
    assert [m.split(":")[0] for m in messages if "Step" in m] == [f"Step {n}" for n in range(1, 7)]
    assert not any("data" in event for event in events)


def test_v1_events_have_the_numbers_of_their_step(v1, job):
    events = v1.every(f"fine_tuning/jobs/{job}/events")

    steps = [event["data"] for event in events if event["type"] == "metrics"]
    assert [step["step"] for step in steps] == [1, 2, 3, 4, 5, 6]
    assert all(step["train_loss"] > 0 and "total_steps" not in step for step in steps)


@pytest.mark.parametrize("api", ["dated", "v1"])
def test_checkpoints_come_oldest_first_and_lists_have_no_ends(request, job, api):
    page = request.getfixturevalue(api).get(f"fine_tuning/jobs/{job}/checkpoints").json()

    assert page.keys() == {"object", "data", "has_more"}
    assert [one["step_number"] for one in page["data"]] == [3, 6]
    assert page["data"][0]["fine_tuned_model_checkpoint"].endswith("-my-bot:ckpt-step-3")


@pytest.mark.parametrize("purpose", ["fine-tune", "batch"])  # the second has none
def test_files_come_all_at_once(dated, job, purpose):
    page = dated.get("files", params={"purpose": purpose}).json()

    assert page.keys() == {"object", "data"}
    assert bool(page["data"]) == (purpose == "fine-tune")


@pytest.mark.parametrize("api", ["dated", "v1"])
def test_an_upload_answers_201(request, api):
    files = {"file": ("a.jsonl", CHATS)}
    answer = request.getfixturevalue(api).post("files", files=files, data={"purpose": "fine-tune"})

    assert answer.status_code == 201


def test_results_are_a_plain_table(dated, job):
    result = dated.job(job)["result_files"][0]

    assert dated.get(f"files/{result}/content").text.startswith("step,train_loss")


def test_a_cancelled_job_warns(dated, v1):
    job = v1.order(method=LONG)["id"]

    assert dated.act(job, "cancel").json()["status"] == "cancelled"

    last = dated.every(f"fine_tuning/jobs/{job}/events")[-1]
    assert (last["level"], last["message"]) == ("warning", "Job canceled.")


def test_v1_pauses_and_resumes_and_the_dated_api_knows_nothing_of_it(dated, v1):
    job = v1.order(method=LONG)["id"]
    v1.until(lambda: v1.steps(job), bool)

    assert dated.act(job, "pause").status_code == 404
    assert v1.act(job, "pause").json()["status"] == "pausing"
    v1.wait(job, "paused")
    assert dated.job(job)["status"] == "pending"
    assert v1.act(job, "resume").json()["status"] == "resuming"
    assert v1.act(job, "cancel").json()["status"] == "cancelled"


@pytest.mark.parametrize(
    "path",
    [
        "/openai/fine_tuning/jobs",
        "/v1/fine_tuning/jobs",
        "/openai/fine_tuning/checkpoints/m/permissions?api-version=2024-10-21",
        "/openai/weather?api-version=2024-10-21",
    ],
)
def test_what_is_not_served_or_has_no_version_is_not_found(host, path):
    answer = httpx.get(host + path, headers={"api-key": "k"})

    assert answer.status_code == 404
    assert answer.json() == {"error": {"code": "404", "message": "Resource not found"}}
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("headers", [{}, {"api-key": "sk-invalid"}, {"api-key": ""}])
def test_a_wrong_key_is_refused_in_azures_words(host, headers):
    answer = httpx.get(f"{host}/openai/v1/models", headers=headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "401")


def test_a_refusal_of_the_dated_api_has_an_inner_error(dated):
    answer = dated.post("fine_tuning/jobs", json={"model": "gpt-9", "training_file": "file-0"})

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error.keys() == {"code", "message", "innererror"}
    assert (error["code"], error["innererror"]) == ("invalidPayload", {"code": "invalidPayload"})


def test_v1_refuses_in_openais_envelope(v1):
    error = v1.get("fine_tuning/jobs/ftjob-0").json()["error"]

    assert error["code"] == "fine_tune_not_found"


def test_microsofts_client_goes_the_whole_way(host):
    with openai.AzureOpenAI(azure_endpoint=host, api_key="k", api_version="2024-10-21") as client:
        file = client.files.create(file=("a.jsonl", CHATS), purpose="fine-tune")
        job = client.fine_tuning.jobs.create(
            model="tiny-byte-lm", training_file=file.id, hyperparameters={"n_epochs": 1}
        )
        events = client.fine_tuning.jobs.list_events(job.id, limit=2)

        assert str(job.status) == "pending"
        assert next(iter(events)).message.startswith("Job enqueued")
        assert client.fine_tuning.jobs.cancel(job.id).status == "cancelled"


letters = st.text("abcXYZ019", min_size=8, max_size=8)
suffixes = st.text("ab.Z_9-", max_size=20)
steps = st.sampled_from(["", ":ckpt-step-7"])


@given(letters, suffixes, steps)
def test_names_of_models_go_both_ways(letters, suffix, step):
    name = f"ft:gpt-4.1-mini-2025-04-14:sandbox:{suffix}:{letters}{step}"

    theirs = their_names(f'"{name}"')

    assert theirs.startswith('"gpt-4.1-mini-2025-04-14.ft-')
    assert our_names(theirs) == f'"{name}"'
