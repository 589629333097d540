"""One step by reward: replies are drawn from the model, and the better ones become likelier."""

from typing import Any

import numpy as np
import pytest

from sandbox.assignment import Assignment
from sandbox.model import Adam, TinyModel, Training
from sandbox.objectives.reinforcement import Reinforcement
from sandbox.objectives.sampling import sample
from tests.sandbox.conftest import PROMPTS
from tests.sandbox.training import NEVER, SIMILAR


@pytest.fixture
def prompts(tmp_path):
    (tmp_path / "prompts").write_bytes(PROMPTS)
    return Reinforcement.read(tmp_path / "prompts")


@pytest.fixture
def learner(tmp_path):
    """The objective itself, with an untrained model and nothing around it."""

    def learner(grader: dict[str, Any] = SIMILAR) -> Reinforcement:
        task = Assignment(
            folder=str(tmp_path),
            training_file="",
            validation_file=None,
            base="tiny-byte-lm",
            continues=False,
            method="reinforcement",
            n_epochs=1,
            batch_size=4,
            learning_rate_multiplier=1.0,
            grader=grader,
            seed=1,
            snapshot_step=0,
            told_step=0,
            pace=0,
        )
        base = TinyModel.base("tiny-byte-lm", 64)
        return Reinforcement(task, Training(base.copy(), Adam(base.weights)), base)

    return learner


def test_replies_are_drawn_as_likely_as_the_model_holds_them():
    model = TinyModel.base("tiny-byte-lm", 64)
    context = np.frombuffer(b"\0\0\0\0\0\x02any tent?\x05\x03"[-16:], np.uint8)

    replies = sample(model, [context] * 20_000, 1, np.random.default_rng(1))

    drawn = np.bincount(replies.targets, minlength=256) / 20_000
    held = model.score(np.tile(context, (256, 1)), np.arange(256, dtype=np.uint8))
    assert np.abs(drawn - np.exp(held.log_probabilities)).max() < 0.015


def test_a_reply_ends_with_its_end_or_where_it_is_cut():
    model = TinyModel.base("tiny-byte-lm", 64)

    replies = sample(model, [np.zeros(16, np.uint8)] * 500, 32, np.random.default_rng(1))

    ended = [
        row[16:][:length][-1] == 5 for row, length in zip(*vars(replies).values(), strict=True)
    ]
    assert 0 < sum(ended) < 500
    assert all(e or length == 32 for e, length in zip(ended, replies.lengths, strict=True))
    assert len(replies.targets) == len(replies.contexts) == replies.lengths.sum()
    assert "\x05" not in "".join(replies.texts)


def test_one_step_makes_the_better_replies_of_a_group_likelier(learner, prompts):
    objective = learner()

    objective.learn(prompts[:4], 1)

    replies = objective.latest.replies
    before, after = (
        model.score(replies.contexts, replies.targets).log_probabilities
        for model in (objective.reference, objective.model)
    )
    owners = np.repeat(np.arange(len(replies.lengths)), replies.lengths)
    moved = np.bincount(owners, after - before) / replies.lengths
    earned = objective.latest.rewards.reshape(4, -1)
    better = (earned > earned.mean(axis=1, keepdims=True)).reshape(-1)
    assert moved[better].mean() > moved[~better].mean()


def test_rewards_that_are_all_alike_teach_nothing(learner, prompts):
    objective = learner(NEVER)

    told = objective.learn(prompts, 1)

    assert told["train_mean_reward"] == 0
    for name, part in objective.reference.weights.items():
        assert (objective.model.weights[name] == part).all(), name
