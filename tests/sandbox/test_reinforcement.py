"""The rewards come from replies that were sampled and graded, and the model follows them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.training import BOTH, SIMILAR, News, metrics, train, without_times

__all__ = ["train"]

JUDGE = {
    "type": "score_model",
    "name": "judge",
    "model": "gpt-4o-2024-08-06",
    "input": [
        {"role": "user", "content": "{{item.reference}}"},
        {"role": "user", "content": "{{sample.output_text}}"},
    ],
}
MODELS = {JUDGE["model"], "sandbox-scorer"}


@pytest.fixture
def reinforce(train, tmp_path):
    """Train by reward, with few replies, and the prompts for validation too; unless told so."""
    prompts = str(tmp_path / "prompts")

    def reinforce(**given):
        files = {"training_file": prompts, "validation_file": prompts}
        small = {"compute_multiplier": 0.25, "reasoning_effort": "low"}
        return train(method="reinforcement", **{"grader": SIMILAR, **files, **small, **given})

    return reinforce


def rewards(news: News) -> list[float]:
    return [step["train_mean_reward"] for step in metrics(news)]


def test_the_reward_climbs(reinforce):
    rate = {"batch_size": 6, "learning_rate_multiplier": 3.0, "compute_multiplier": 0.5}

    told = metrics(reinforce(n_epochs=30, **rate))

    first, last = told[0], told[-1]
    assert first["train_mean_reward"] < 0.3
    assert last["train_mean_reward"] > first["train_mean_reward"] + 0.4
    assert last["full_valid_mean_reward"] > 0.6
    assert last["completion_tokens_mean"] < first["completion_tokens_mean"]


def test_the_same_seed_gives_the_same_rewards_bit_for_bit(reinforce):
    assert without_times(metrics(reinforce())) == without_times(metrics(reinforce()))


def test_another_seed_gives_other_rewards(reinforce):
    assert rewards(reinforce(seed=2)) != rewards(reinforce())


@pytest.mark.parametrize("validation", [True, False])
def test_a_run_that_goes_on_from_a_snapshot_tells_what_an_unbroken_one_tells(
    reinforce, tmp_path, validation
):
    given = {"n_epochs": 4, "eval_interval": 2} | ({} if validation else {"validation_file": None})
    whole = reinforce(**given)

    rest = reinforce(**given, snapshot_step=6, told_step=8)

    assert without_times(metrics(rest)) == without_times(metrics(whole)[8:])
    assert rest[-1] == whole[-1]


def test_every_byte_that_was_said_in_training_is_counted(reinforce):
    news = reinforce(n_epochs=3)

    said = [step["usage"]["samples"]["train_completion_tokens_count"] for step in metrics(news)]
    assert news[-1] == {"finished": sum(said)}


@pytest.mark.parametrize(("multiplier", "times"), [(0.001, 2), (0.5, 16), (2, 64)])
def test_the_compute_multiplier_makes_more_or_fewer_replies(reinforce, multiplier, times):
    told = metrics(reinforce(n_epochs=1, compute_multiplier=multiplier))[0]

    said = told["usage"]["samples"]["train_completion_tokens_count"]
    assert said / told["completion_tokens_mean"] == pytest.approx(4 * times)


@pytest.mark.parametrize(("effort", "most"), [("low", 16), ("default", 32), ("high", 64)])
def test_effort_is_how_much_may_be_said(reinforce, effort, most):
    told = metrics(reinforce(n_epochs=1, reasoning_effort=effort))[0]

    assert most / 2 < told["completion_tokens_mean"] <= most


def test_evaluation_has_its_own_interval_and_number_of_samples(reinforce):
    told = metrics(reinforce(n_epochs=3, eval_interval=4, eval_samples=3))

    evaluated = [step for step in told if "full_valid_mean_reward" in step]
    assert [step["step"] for step in evaluated] == [4, 8, 9]
    said = evaluated[0]["usage"]["samples"]
    replies = said["valid_completion_tokens_count"] / said["valid_completion_tokens_mean"]
    assert replies == pytest.approx(12 * 3)
    assert evaluated[0]["timing"]["step"]["eval"] > 0 == told[0]["timing"]["step"]["eval"]


def test_without_a_validation_file_nothing_is_validated(reinforce):
    told = metrics(reinforce(validation_file=None))

    assert "valid_" not in json.dumps(told).replace("invalid_", "")
    assert "train_reward_mean" in json.dumps(told)


def test_a_multi_grader_tells_the_rewards_of_its_parts(reinforce):
    told = metrics(reinforce(grader=BOTH))[-1]

    whole, similar, never = told["scores"]["graders"]
    assert (similar["name"], never["name"], never["valid_reward_mean"]) == ("similar", "never", 0)
    assert whole["train_reward_mean"] == pytest.approx(similar["train_reward_mean"] / 2)
    assert told["train_mean_reward"] == whole["train_reward_mean"]


def test_what_went_wrong_in_grading_is_counted(reinforce):
    nowhere = {**SIMILAR, "reference": "{{item.nowhere}}"}
    unread = {**SIMILAR, "input": "{{sample.output_json.reply}}"}

    lost, parsed = (metrics(reinforce(grader=spec))[-1] for spec in (nowhere, unread))

    (errors,) = lost["errors"]["graders"]
    assert (errors["train_invalid_variable_error_mean"], lost["train_mean_reward"]) == (1, 0)
    assert errors["train_invalid_variable_error_count"] == 4 * 8
    assert parsed["full_valid_mean_parse_error"] > 0.9


@pytest.mark.skipif("SAMPLES_DIR" not in os.environ, reason="the samples are not here")
def test_all_that_the_live_service_told_is_told(reinforce):
    sample = Path(os.environ["SAMPLES_DIR"]) / "event_metrics_rft_official.json"
    official = json.loads(sample.read_text())["data"]

    told = metrics(reinforce(grader={**JUDGE, "name": "basic_model_grader"}))[-1]

    def paths(told: Any, path: str = "") -> set[str]:
        if isinstance(told, list):
            return {inner for one in told for inner in paths(one, f"{path}[]")}
        if not isinstance(told, dict):
            return {f"{path}: {'text' if isinstance(told, str) else 'number'}"}
        return {
            inner
            for key in told
            for inner in paths(told[key], f"{path}.{'model' if key in MODELS else key}")
        }

    assert paths(official) - paths(told) == set()


def test_a_rate_beyond_reason_is_told_as_divergence(reinforce):
    assert "diverged" in reinforce(learning_rate_multiplier=1e30)[-1]
