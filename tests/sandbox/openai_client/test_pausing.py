"""A pause, as the live service words it and as its documents do."""

import openai
import pytest

from tests.sandbox.conftest import OTHER_CHATS
from tests.sandbox.openai_client.conftest import LONG, connected, order, upload, wait
from tests.sandbox_server import Server

TEN_EPOCHS = {
    "type": "supervised",
    "supervised": {"hyperparameters": {"n_epochs": 10, "batch_size": 4}},
}


@pytest.fixture(scope="module")
def unhurried(tmp_path_factory):
    """A sandbox whose jobs train long enough to be paused."""
    with Server(tmp_path_factory.mktemp("unhurried") / "sandbox", "--pace", "30") as server:
        yield server.url


@pytest.fixture(scope="module")
def documented(tmp_path_factory):
    """One that speaks of pauses as the documents do, and takes its time with files."""
    flags = ("--pace", "30", "--quirks", "schema-status", "slow-files")
    with Server(tmp_path_factory.mktemp("documented") / "sandbox", *flags) as server:
        yield server.url


def test_a_paused_job_goes_on_and_succeeds(kind, unhurried):
    """The live service's words are none of the documents': a client that is strict refuses them."""
    with connected(kind, unhurried, _strict_response_validation=False) as client:
        jobs = client.fine_tuning.jobs
        job = order(client, TEN_EPOCHS, validation_file=upload(client, OTHER_CHATS))
        wait(client, job.id, "running")

        paused = jobs.pause(job.id)
        wait(client, job.id, "paused")
        resumed = jobs.resume(job.id)

        assert (paused.status, resumed.status) == ("pausing", "queued")
        wait(client, job.id, "succeeded")
        events, checkpoints = jobs.list_events(job.id), list(jobs.checkpoints.list(job.id))
        assert sum(event.type == "metrics" for event in events) == 30
        assert [checkpoint.step_number for checkpoint in checkpoints] == [30, 27, 24]
        assert all(checkpoint.metrics.full_valid_loss for checkpoint in checkpoints)


def test_a_strict_client_refuses_the_live_word(kind, unhurried):
    with connected(kind, unhurried) as client:
        job = order(client, LONG)
        wait(client, job.id, "running")

        with pytest.raises(openai.APIResponseValidationError):
            client.fine_tuning.jobs.pause(job.id)


def test_a_strict_client_pauses_what_speaks_as_documented(kind, documented):
    with connected(kind, documented) as client:
        jobs, file_id = client.fine_tuning.jobs, upload(client)
        with pytest.raises(openai.BadRequestError, match=f"File {file_id} is not ready"):
            order(client, training_file=file_id)
        ready = client.files.wait_for_processing(file_id, poll_interval=0.1, max_wait_seconds=30)
        job = order(client, TEN_EPOCHS, training_file=file_id)
        wait(client, job.id, "running")

        paused = jobs.pause(job.id)
        wait(client, job.id, "queued")
        resumed = jobs.resume(job.id)

        assert ready.status == "processed"
        assert (paused.status, resumed.status) == ("running", "queued")
        wait(client, job.id, "succeeded")
