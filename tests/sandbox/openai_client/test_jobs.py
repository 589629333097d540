"""Jobs, from their order to their results."""

import base64
import csv
import io

import openai
import pytest

from tests.sandbox.conftest import CHATS, OTHER_CHATS, PREFERENCES, chat, jsonl
from tests.sandbox.openai_client.conftest import LONG, order, upload, wait

WANDB = {"project": "support", "name": "first", "entity": "team", "tags": ["a", "b"]}


def results_of(client, job):
    """The rows of the table, one for each step."""
    content = client.files.content(job.result_files[0])
    table = base64.b64decode(content.text, validate=True).decode()
    return list(csv.DictReader(io.StringIO(table)))


def metrics_of(client, job):
    """The newest first."""
    events = client.fine_tuning.jobs.list_events(job.id)
    return [event for event in events if event.type == "metrics"]


def test_a_job_is_given_everything_that_can_be_asked_for(client):
    training, validation = upload(client), upload(client, OTHER_CHATS)
    hyperparameters = {"n_epochs": 3, "batch_size": 4, "learning_rate_multiplier": 0.5}
    metadata = {f"key {number}": "x" * 512 for number in range(16)}

    job = client.fine_tuning.jobs.create(
        model="gpt-4o-mini",
        training_file=training,
        validation_file=validation,
        method={"type": "supervised", "supervised": {"hyperparameters": hyperparameters}},
        suffix="a" * 64,
        seed=2_147_483_647,
        metadata=metadata,
        integrations=[{"type": "wandb", "wandb": WANDB}],
    )

    assert job.id.startswith("ftjob-")
    assert job.model == "gpt-4o-mini-2024-07-18"
    assert (job.training_file, job.validation_file) == (training, validation)
    assert job.method.type == "supervised"
    assert job.method.supervised.hyperparameters.to_dict() == hyperparameters
    assert job.hyperparameters.to_dict() == hyperparameters
    assert (job.seed, job.metadata) == (2_147_483_647, metadata)
    assert job.integrations[0].wandb.to_dict() == {**WANDB, "run_id": job.id}
    assert job.to_dict()["user_provided_suffix"] == "a" * 64
    assert job.status == "validating_files"
    assert (job.error, job.finished_at, job.fine_tuned_model, job.trained_tokens) == (None,) * 4
    assert job.result_files == []
    assert client.fine_tuning.jobs.retrieve(job.id).seed == job.seed


def test_a_job_that_is_asked_for_in_few_words_gets_numbers_of_its_own(client):
    job = client.fine_tuning.jobs.create(model="tiny-byte-lm", training_file=upload(client))

    assert job.hyperparameters.n_epochs == "auto"
    assert (job.metadata, job.integrations, job.validation_file) == (None, [], None)
    done = wait(client, job.id, "succeeded")
    assert done.hyperparameters.n_epochs > 1
    assert done.hyperparameters.to_dict() == done.method.supervised.hyperparameters.to_dict()
    assert done.fine_tuned_model.startswith("ft:tiny-byte-lm:sandbox::")


def test_hyperparameters_are_heard_where_they_were_before_methods(client):
    job = client.fine_tuning.jobs.create(
        model="tiny-byte-lm",
        training_file=upload(client),
        hyperparameters={"n_epochs": 1, "batch_size": 6, "learning_rate_multiplier": 2},
    )

    done = wait(client, job.id, "succeeded")

    assert done.method.supervised.hyperparameters.batch_size == 6
    assert [event.data["step"] for event in metrics_of(client, job)] == [2, 1]


def test_preferences_are_learnt(client):
    hyperparameters = {
        "n_epochs": 2,
        "batch_size": 4,
        "learning_rate_multiplier": 0.2,
        "beta": 0.5,
    }
    method = {"type": "dpo", "dpo": {"hyperparameters": hyperparameters}}

    job = order(client, method, training_file=upload(client, PREFERENCES))

    assert job.hyperparameters.to_dict() == {}
    assert job.method.dpo.hyperparameters.to_dict() == hyperparameters
    wait(client, job.id, "succeeded")
    assert "train_reward_margin" in metrics_of(client, job)[0].data


def test_training_goes_on_from_a_model_that_a_job_made(client, done):
    job = client.fine_tuning.jobs.create(
        model=done.fine_tuned_model, training_file=upload(client), suffix="more"
    )

    assert job.model == done.fine_tuned_model
    assert wait(client, job.id, "succeeded").fine_tuned_model.startswith("ft:tiny-byte-lm:")


def test_a_job_that_succeeded_tells_what_came_of_it(client, done):
    rows = results_of(client, done)
    events = list(client.fine_tuning.jobs.list_events(done.id))

    assert done.finished_at >= done.created_at
    assert done.trained_tokens > 0
    assert done.fine_tuned_model.startswith("ft:tiny-byte-lm:sandbox:done:")
    assert [row["step"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    told = [round(event.data["train_loss"], 5) for event in metrics_of(client, done)]
    assert [float(row["train_loss"]) for row in rows[::-1]] == told
    assert events[0].message == "The job has successfully completed"
    assert {event.level for event in events} == {"info"}


def test_a_job_that_failed_says_why(client):
    few = upload(client, jsonl([chat(number) for number in range(7)]))
    job = order(client, training_file=few)

    failed = wait(client, job.id, "failed")

    assert (failed.error.code, failed.error.param) == ("invalid_n_examples", "training_file")
    assert "7 example(s)" in failed.error.message
    assert (failed.finished_at, failed.fine_tuned_model) == (None, None)
    event = client.fine_tuning.jobs.list_events(job.id, limit=1).data[0]
    assert (event.level, event.message) == ("error", failed.error.message)
    assert event.data == {"error_code": "invalid_n_examples", "error_param": "training_file"}


def test_a_job_is_cancelled_once(client):
    job = order(client, LONG)

    cancelled = client.fine_tuning.jobs.cancel(job.id)

    assert cancelled.status == "cancelled"
    for action in ("cancel", "pause", "resume"):
        with pytest.raises(openai.BadRequestError, match="cancelled"):
            getattr(client.fine_tuning.jobs, action)(job.id)
    assert client.files.content(job.training_file).read() == CHATS
