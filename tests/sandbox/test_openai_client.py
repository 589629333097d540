"""The official client drives the sandbox over a real socket."""

import base64
import time

import openai
import pytest
from openai.types.fine_tuning import FineTuningJob
from openai.types.fine_tuning.job_create_params import Method

from tests.sandbox.conftest import CHATS, OTHER_CHATS
from tests.sandbox_server import Server


@pytest.fixture
def client(folder):
    with (
        Server(folder, "--pace", "60") as server,
        openai.OpenAI(base_url=server.url, api_key="sk-test", max_retries=0) as client,
    ):
        yield client


def wait(client: openai.OpenAI, job_id: str, *statuses: str) -> FineTuningJob:
    while (job := client.fine_tuning.jobs.retrieve(job_id)).status not in statuses:
        assert job.status not in ("failed", "cancelled"), job.error
        time.sleep(0.05)
    return job


def order(client: openai.OpenAI, n_epochs: int) -> FineTuningJob:
    train = client.files.create(file=("train.jsonl", CHATS), purpose="fine-tune")
    valid = client.files.create(file=("valid.jsonl", OTHER_CHATS), purpose="fine-tune")
    method: Method = {
        "type": "supervised",
        "supervised": {"hyperparameters": {"n_epochs": n_epochs, "batch_size": 4}},
    }
    return client.fine_tuning.jobs.create(
        model="gpt-4o-mini",
        training_file=train.id,
        validation_file=valid.id,
        method=method,
        suffix="client",
        seed=3,
        metadata={"from": "openai"},
    )


def test_a_job_from_upload_to_deleted_model(client):
    job = order(client, n_epochs=10)
    listed = [job.id for job in client.fine_tuning.jobs.list(limit=1)]
    wait(client, job.id, "running")
    paused = client.fine_tuning.jobs.pause(job.id)
    wait(client, job.id, "paused")
    resumed = client.fine_tuning.jobs.resume(job.id)

    done = wait(client, job.id, "succeeded")

    assert listed == [job.id]
    assert (job.status, paused.status, resumed.status) == ("validating_files", "pausing", "queued")
    assert (done.seed, done.metadata) == (3, {"from": "openai"})
    events = list(client.fine_tuning.jobs.list_events(job.id, limit=7))
    assert sum(event.type == "metrics" for event in events) == 30
    assert events[0].message == "The job has successfully completed"
    checkpoints = list(client.fine_tuning.jobs.checkpoints.list(job.id, limit=2))
    assert [checkpoint.step_number for checkpoint in checkpoints] == [30, 27, 24]
    assert checkpoints[0].metrics.full_valid_loss is not None
    result = client.files.content(done.result_files[0]).read()
    assert base64.b64decode(result).startswith(b"step,")
    assert client.models.retrieve(done.fine_tuned_model).id == done.fine_tuned_model
    assert done.fine_tuned_model in [model.id for model in client.models.list()]
    assert client.models.delete(done.fine_tuned_model).deleted
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve(done.fine_tuned_model)


def test_cancel_and_delete(client):
    job = order(client, n_epochs=50)
    wait(client, job.id, "running")

    cancelled = client.fine_tuning.jobs.cancel(job.id)

    assert cancelled.status == "cancelled"
    with pytest.raises(openai.BadRequestError, match="cancelled"):
        client.fine_tuning.jobs.resume(job.id)
    assert client.files.content(job.training_file).read() == CHATS
    assert client.files.delete(job.training_file).deleted
    assert job.training_file not in [file.id for file in client.files.list(purpose="fine-tune")]


def test_errors_arrive_as_the_clients_exceptions(client):
    with pytest.raises(openai.NotFoundError) as missing:
        client.fine_tuning.jobs.retrieve("ftjob-nowhere")
    with pytest.raises(openai.BadRequestError) as wrong:
        client.fine_tuning.jobs.create(model="gpt-9", training_file="file-1")
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="sk-invalid-key").models.list()

    assert missing.value.code == "fine_tune_not_found"
    assert wrong.value.param == "training_file"
    assert missing.value.request_id.startswith("req_")
