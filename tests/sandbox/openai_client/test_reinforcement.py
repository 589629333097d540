"""Jobs that learn by reward, with every grader."""

import pytest

from tests.sandbox.conftest import PROMPTS
from tests.sandbox.openai_client.conftest import connected, order, upload, wait
from tests.sandbox.openai_client.graders import ALONE, GRADERS, multi

SETTINGS = {
    "n_epochs": 1,
    "batch_size": 4,
    "learning_rate_multiplier": 0.5,
    "reasoning_effort": "low",
    "compute_multiplier": 0.25,
    "eval_interval": 1,
    "eval_samples": 1,
}


def method(grader, **given):
    return {"type": "reinforcement", "reinforcement": {"grader": grader, **given}}


def test_a_job_learns_by_reward(client):
    rewarding = method(GRADERS["text_similarity"], hyperparameters=SETTINGS)
    prompts = upload(client, PROMPTS)

    job = order(client, rewarding, training_file=prompts, validation_file=prompts)

    reinforcement = job.method.reinforcement
    assert job.hyperparameters.to_dict() == {}
    assert reinforcement.hyperparameters.to_dict() == SETTINGS
    assert reinforcement.grader.to_dict() == GRADERS["text_similarity"]
    done = wait(client, job.id, "succeeded")
    (last, *_) = (e for e in client.fine_tuning.jobs.list_events(job.id) if e.type == "metrics")
    assert (last.data["step"], last.data["total_steps"]) == (3, 3)
    assert 0 <= last.data["train_mean_reward"] <= 1
    checkpoints = list(client.fine_tuning.jobs.checkpoints.list(job.id))
    names = [checkpoint.fine_tuned_model_checkpoint for checkpoint in checkpoints]
    assert done.fine_tuned_model in names
    assert "train_mean_reward" in checkpoints[0].metrics.to_dict()
    assert done.trained_tokens > 0


@pytest.mark.parametrize("kind_of_grader", [kind for kind in ALONE if kind != "text_similarity"])
def test_a_job_learns_from_every_grader(client, kind_of_grader):
    grader = GRADERS[kind_of_grader]

    job = order(
        client, method(grader, hyperparameters=SETTINGS), training_file=upload(client, PROMPTS)
    )

    assert job.method.reinforcement.grader.to_dict() == grader
    wait(client, job.id, "succeeded")


@pytest.mark.parametrize("kind_of_grader", GRADERS)
def test_a_grader_may_be_within_another(client, kind_of_grader):
    """One alone is all that the client's types have room for."""
    grader = multi(GRADERS[kind_of_grader], "1")

    job = order(client, method(grader), training_file=upload(client, PROMPTS))

    assert job.method.reinforcement.grader.to_dict() == grader
    assert job.method.reinforcement.hyperparameters.reasoning_effort == "default"
    client.fine_tuning.jobs.cancel(job.id)


def test_graders_may_have_names_and_replies_a_form(kind, shared):
    """More than the client's types have room for: a strict one would refuse it."""
    grader = multi(
        {"check": GRADERS["string_check"], "close": GRADERS["text_similarity"]},
        "(check + close) / 2",
    )
    form = {
        "type": "json_schema",
        "json_schema": {"name": "reply", "schema": {"type": "object"}, "strict": True},
    }

    with connected(kind, shared, _strict_response_validation=False) as client:
        asked = method(grader, response_format=form, hyperparameters=SETTINGS)
        job = order(client, asked, training_file=upload(client, PROMPTS))
        answer = client.fine_tuning.jobs.with_raw_response.retrieve(job.id).http_response.json()

        told = answer["method"]["reinforcement"]
        assert (told["grader"], told["response_format"]) == (grader, form)
        wait(client, job.id, "succeeded")
