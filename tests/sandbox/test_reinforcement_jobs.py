"""A job that trains by reward, from the order to the model it leaves."""

import base64
import csv
import io
import re
from typing import Any

import psutil
import pytest

from tests.sandbox.conftest import CHATS, PROMPTS, Caller, call, jsonl, prompt
from tests.sandbox.training import BOTH, SIMILAR, without_times
from tests.sandbox_server import Server

OTHER_PROMPTS = jsonl([prompt(number) for number in range(20, 26)])


def by_reward(grader: dict[str, Any] = SIMILAR, **hyperparameters: Any) -> dict[str, Any]:
    """A reinforcement method with few and short replies, unless the test says otherwise."""
    small = {"batch_size": 4, "compute_multiplier": 0.25, "reasoning_effort": "low"}
    settings = {"grader": grader, "hyperparameters": {**small, **hyperparameters}}
    return {"type": "reinforcement", "reinforcement": settings}


def order(api: Caller, method: dict[str, Any], **given: Any) -> str:
    validation = api.upload(OTHER_PROMPTS)
    return str(api.order(PROMPTS, validation_file=validation, method=method, **given)["id"])


@pytest.fixture(scope="module")
def done(shared):
    """A job that succeeded: twelve prompts by four, 24 steps, evaluated after each."""
    with call(shared) as api:
        method = by_reward(BOTH, n_epochs=8, eval_interval=1, eval_samples=1)
        return api.wait(order(api, method, suffix="polite"))


def test_a_job_that_succeeded_says_what_it_made(api, done):
    said = [
        step["usage"]["samples"]["train_completion_tokens_count"] for step in api.steps(done["id"])
    ]

    assert done["status"] == "succeeded"
    assert re.fullmatch(r"ft:tiny-byte-lm:sandbox:polite:\w{8}", done["fine_tuned_model"])
    assert done["trained_tokens"] == sum(said)
    assert (done["hyperparameters"], done["usage_metrics"]) == ({}, None)
    assert done["method"]["reinforcement"]["grader"] == BOTH


def test_a_step_is_told_in_the_words_of_the_service(api, done):
    events = [event for event in api.events(done["id"]) if event["type"] == "metrics"]

    told = events[-1]["data"]
    assert events[-1]["message"] == (
        f"Step 24/24 , train mean reward={told['train_mean_reward']:.2f}"
        f", full validation mean reward={told['full_valid_mean_reward']:.2f}"
        ", full validation mean parse error=0.00"
    )
    assert "train_loss" not in told
    assert told["reasoning_tokens_mean"] == told["valid_reasoning_tokens_mean"] == 0


def test_a_step_without_evaluation_tells_of_training_only(api):
    job = api.wait(order(api, by_reward(n_epochs=1, eval_interval=2)))["id"]

    messages = [event["message"] for event in api.events(job) if event["type"] == "metrics"]

    assert re.fullmatch(r"Step 1/3 , train mean reward=0\.\d\d", messages[0])
    assert ["full validation" in message for message in messages] == [False, True, True]


def test_the_three_checkpoints_with_the_highest_validation_reward_are_kept(api, done):
    steps = sorted(
        api.steps(done["id"]), key=lambda told: (told["full_valid_mean_reward"], told["step"])
    )

    kept = api.checkpoints(done["id"])

    best = {step["step"] for step in steps[-3:]}
    assert best != {22, 23, 24}
    assert {checkpoint["step_number"] for checkpoint in kept} == best
    for checkpoint in kept:
        assert api.get(f"models/{checkpoint['fine_tuned_model_checkpoint']}").status_code == 200
        told = next(step for step in steps if step["step"] == checkpoint["step_number"])
        numbers = {k: v for k, v in told.items() if not isinstance(v, dict) and k != "total_steps"}
        assert checkpoint["metrics"] == numbers
        assert "completion_tokens_mean" in numbers


def test_without_a_validation_file_the_training_reward_decides(api):
    job = api.order(PROMPTS, method=by_reward(n_epochs=8, eval_interval=1))["id"]
    api.wait(job)

    kept = {checkpoint["step_number"] for checkpoint in api.checkpoints(job)}

    steps = sorted(api.steps(job), key=lambda told: (told["train_mean_reward"], told["step"]))
    assert kept == {step["step"] for step in steps[-3:]}


def test_the_final_model_is_the_last_one_whether_it_was_among_the_best_or_not(api, done):
    kept = [checkpoint["step_number"] for checkpoint in api.checkpoints(done["id"])]
    told = [event["message"] for event in api.events(done["id"])]

    onward = api.order(PROMPTS, model=done["fine_tuned_model"], method=by_reward(n_epochs=1))

    assert told[-2] == f"New fine-tuned model created: {done['fine_tuned_model']}"
    created = [message.split()[4] for message in told if message.startswith("Checkpoint created")]
    assert [int(step) for step in created] == sorted(step for step in kept if step != 24)
    assert api.get(f"models/{done['fine_tuned_model']}").status_code == 200
    assert api.wait(onward["id"])["status"] == "succeeded"


def test_the_result_table_has_a_column_for_every_path(api, done):
    text = base64.b64decode(api.get(f"files/{done['result_files'][0]}/content").content).decode()

    rows = list(csv.DictReader(io.StringIO(text)))

    assert len(rows) == 24
    for row, told in zip(rows, api.steps(done["id"]), strict=True):
        by_name = {grader["name"]: grader for grader in told["scores"]["graders"]}
        for column, value in {
            "train_mean_reward": told["train_mean_reward"],
            "scores/valid_reward_mean": told["scores"]["valid_reward_mean"],
            "scores/graders/similar/train_reward_mean": by_name["similar"]["train_reward_mean"],
            "timing/step/sampling": told["timing"]["step"]["sampling"],
        }.items():
            assert float(row[column]) == pytest.approx(value, abs=1e-5), column


def test_auto_becomes_numbers_and_effort_stays(api):
    method = {"type": "reinforcement", "reinforcement": {"grader": SIMILAR}}
    job = api.order(PROMPTS, method=method)["id"]
    api.wait(job, "running", "succeeded")

    chosen = api.job(job)["method"]["reinforcement"]["hyperparameters"]
    api.act(job, "cancel")

    assert chosen.pop("reasoning_effort") == "default"
    assert all(isinstance(value, int | float) for value in chosen.values())
    assert chosen["eval_interval"] == -(-12 // chosen["batch_size"])


def test_a_file_of_chats_fails_a_job_that_wants_prompts(api):
    job = api.wait(api.order(CHATS, method=by_reward())["id"])

    assert (job["status"], job["error"]["code"]) == ("failed", "invalid_training_file")
    assert "(provided method=reinforcement)" in job["error"]["message"]


def test_a_paused_job_goes_on_to_the_rewards_of_an_unbroken_one(folder):
    with Server(folder, "--pace", "40") as server, call(server.url) as api:
        method = by_reward(n_epochs=12)
        unbroken, broken = (order(api, method, suffix=suffix) for suffix in "ab")
        api.until(lambda: api.steps(broken), lambda steps: len(steps) >= 4)

        api.act(broken, "pause")
        api.wait(broken, "paused")
        stopped_after = len(api.steps(broken))
        api.act(broken, "resume")
        done, whole = api.wait(broken), api.wait(unbroken)

        assert 4 <= stopped_after < 36
        assert without_times(api.steps(broken)) == without_times(api.steps(unbroken))
        assert done["trained_tokens"] == whole["trained_tokens"]


@pytest.mark.faults
def test_a_killed_server_repeats_the_rewards_of_an_unbroken_run(folder):
    method = by_reward(n_epochs=15)
    with Server(folder, "--pace", "40") as server, call(server.url) as api:
        job = order(api, method)
        api.until(lambda: api.steps(job), lambda steps: len(steps) >= 8)
        before = api.events(job)
    with Server(folder, "--pace", "0") as server, call(server.url) as api:
        done = api.wait(job)
        whole = api.wait(order(api, method))

        assert api.events(job)[: len(before)] == before
        assert without_times(api.steps(job)) == without_times(api.steps(whole["id"]))
        assert done["trained_tokens"] == whole["trained_tokens"]
        kept, others = (
            [checkpoint["step_number"] for checkpoint in api.checkpoints(one["id"])]
            for one in (done, whole)
        )
        assert kept == others


def test_cancel_is_immediate(folder):
    with Server(folder, "--pace", "0.01") as server, call(server.url) as api:
        job = order(api, by_reward())
        api.until(lambda: api.steps(job), bool)

        assert api.act(job, "cancel").json()["status"] == "cancelled"
        assert api.events(job)[-1]["level"] == "warn"


@pytest.mark.faults
def test_a_graders_process_goes_with_its_trainer(folder):
    constant = {"type": "python", "name": "c", "source": "def grade(sample, item): return 0.5"}
    with Server(folder, "--pace", "0.01") as server, call(server.url) as api:
        job = order(api, by_reward(constant, compute_multiplier=0.1))
        steps = api.until(lambda: api.steps(job), bool)
        working = psutil.Process(server.process.pid).children(recursive=True)

        api.act(job, "cancel")

        assert steps[0]["train_mean_reward"] == 0.5
        assert len(working) == 2
        assert psutil.wait_procs(working, timeout=5)[1] == []
