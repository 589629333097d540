"""The numbers come from training, and from nothing else."""

import math
from typing import Any

import numpy as np
import pytest

from sandbox.demo import DATASETS
from sandbox.lessons import lesson, read_lessons
from sandbox.model import TinyModel
from tests.sandbox.conftest import chat
from tests.sandbox.training import metrics, train

__all__ = ["train"]


def losses(news: list[dict[str, Any]]) -> list[float]:
    return [step["train_loss"] for step in metrics(news)]


def test_the_same_seed_gives_the_same_numbers_bit_for_bit(train):
    assert train() == train()


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"learning_rate_multiplier": 2.0}, {"base": "gpt-3.5-turbo-0125"}]
)
def test_seed_rate_and_base_model_change_the_losses(train, change):
    assert losses(train(**change))[1:] != losses(train())[1:]


def test_epochs_and_batch_size_make_the_number_of_steps(train):
    assert len(losses(train(n_epochs=3, batch_size=5))) == 3 * math.ceil(12 / 5)


def test_the_first_loss_is_that_of_the_untrained_model(train, tmp_path):
    told = metrics(train(batch_size=12, n_epochs=1))[0]

    lessons = read_lessons(tmp_path / "a")
    contexts = np.concatenate([one.contexts for one in lessons])
    targets = np.concatenate([one.targets for one in lessons])
    score = TinyModel.base("tiny-byte-lm", 64).score(contexts, targets)
    assert told["train_loss"] == pytest.approx(-score.log_probabilities.mean(), rel=1e-5)
    assert told["train_mean_token_accuracy"] == pytest.approx(score.hits.mean(), rel=1e-5)


def test_the_gradient_is_the_slope_of_the_loss():
    one = lesson(chat(3)["messages"])
    blame = np.linspace(-1, 2, len(one), dtype=np.float32)
    model = TinyModel.base("tiny-byte-lm", 64)
    _, gradient = model.gradient(one.contexts, one.targets, blame)

    def loss(name: str, where: Any, shift: float) -> float:
        model.weights[name][where] += shift
        score = model.score(one.contexts, one.targets)
        model.weights[name][where] -= shift
        return -float((score.log_probabilities.astype(float) * blame).sum())

    for name, slopes in gradient.items():
        steepest = np.unravel_index(np.abs(slopes).argmax(), slopes.shape)
        measured = (loss(name, steepest, 5e-3) - loss(name, steepest, -5e-3)) / 1e-2
        assert slopes[steepest] == pytest.approx(measured, rel=0.02), name


def test_only_the_assistant_is_learnt_and_only_where_it_has_weight():
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": "question"},
        {"role": "assistant", "content": "wrong", "weight": 0},
        {"role": "assistant", "content": "right"},
    ]

    assert bytes(lesson(messages).targets) == b"right\x05"


def test_reported_numbers_are_floats_of_single_precision(train):
    told = metrics(train())[-1]

    assert all(float(np.float32(value)) == value for value in told.values())


def test_validation_is_told_every_tenth_step_and_in_full_at_the_end_of_each_epoch(train):
    told = metrics(train(batch_size=1))

    assert [step["step"] for step in told if "valid_loss" in step] == [10, 12, 20, 24]
    assert [step["step"] for step in told if "full_valid_loss" in step] == [12, 24]


def test_without_a_validation_file_nothing_is_validated(train):
    told = metrics(train(validation_file=None))

    assert {key for step in told for key in step if "valid" in key} == set()


def test_a_long_run_overfits(train, tmp_path):
    for name, source in {"few": "support-train", "others": "support-validation"}.items():
        lines = (DATASETS / f"{source}.jsonl").read_bytes().splitlines(keepends=True)
        (tmp_path / name).write_bytes(b"".join(lines[:24]))
    files = {"training_file": str(tmp_path / "few"), "validation_file": str(tmp_path / "others")}

    told = metrics(train(**files, n_epochs=30, batch_size=8, learning_rate_multiplier=4.0))

    full = [step["full_valid_loss"] for step in told if "full_valid_loss" in step]
    assert told[-1]["train_loss"] < 0.3 < 3 < told[0]["train_loss"]
    assert min(full) < full[0]
    assert full[-1] > min(full) * 1.2


def test_preferences_begin_at_indifference_and_are_learnt(train, tmp_path):
    pairs = str(tmp_path / "pairs")
    told = metrics(
        train(method="dpo", training_file=pairs, validation_file=pairs, n_epochs=4, beta=0.1)
    )

    assert told[0]["train_loss"] == pytest.approx(math.log(2))
    assert told[0]["train_reward_margin"] == 0
    assert told[-1]["train_reward_accuracy"] == told[-1]["valid_reward_accuracy"] == 1
    assert told[-1]["full_valid_loss"] < told[2]["full_valid_loss"] < math.log(2)


def test_beta_scales_what_a_preference_is_worth(train, tmp_path):
    pairs = {"method": "dpo", "training_file": str(tmp_path / "pairs"), "validation_file": None}

    assert losses(train(**pairs, beta=0.5))[1] != losses(train(**pairs, beta=0.1))[1]


@pytest.mark.parametrize("method", ["supervised", "dpo"])
def test_a_run_that_goes_on_from_a_snapshot_tells_what_an_unbroken_one_tells(
    train, tmp_path, method
):
    file = str(tmp_path / ("a" if method == "supervised" else "pairs"))
    given = {"method": method, "training_file": file, "validation_file": file, "n_epochs": 4}
    whole = metrics(train(**given))

    rest = metrics(train(**given, snapshot_step=6, told_step=8))

    assert rest == whole[8:]


def test_a_rate_beyond_reason_is_told_as_divergence(train):
    news = train(learning_rate_multiplier=1e30)

    assert "diverged" in news[-1]
