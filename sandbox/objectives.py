"""What training strives for: to say what was taught, or to prefer the better of two replies.

An objective owns the model and its optimiser; `learn` takes one step and measures the batch as
it was before that step, `measure` only looks. Nothing here knows steps, epochs or files.
"""

from collections.abc import Sequence, Sized
from typing import ClassVar, Generic, TypeVar

import numpy as np

from sandbox.lessons import Lesson, Preference
from sandbox.model import Adam, Bytes, Floats, Score, TinyModel

Metrics = dict[str, float]
T = TypeVar("T", bound=Sized)


class Objective(Generic[T]):
    told_of_full_validation: ClassVar[tuple[str, ...]]

    def __init__(self, model: TinyModel, adam: Adam, multiplier: float) -> None:
        self.model = model
        self.adam = adam
        self.multiplier = multiplier

    def learn(self, batch: Sequence[T], step: int) -> Metrics:
        raise NotImplementedError

    def measure(self, batch: Sequence[T]) -> Metrics:
        raise NotImplementedError


class Supervised(Objective[Lesson]):
    """Cross entropy over the taught bytes."""

    told_of_full_validation = ("loss", "mean_token_accuracy")

    def learn(self, batch: Sequence[Lesson], step: int) -> Metrics:
        contexts, targets = _stacked(batch)
        blame = np.full(len(targets), 1 / len(targets), np.float32)
        score, gradient = self.model.gradient(contexts, targets, blame)
        self.adam.step(self.model.weights, gradient, step, self.multiplier)
        return self._metrics(score)

    def measure(self, batch: Sequence[Lesson]) -> Metrics:
        return self._metrics(self.model.score(*_stacked(batch)))

    def _metrics(self, score: Score) -> Metrics:
        return {
            "loss": _reported(-score.log_probabilities.mean()),
            "mean_token_accuracy": _reported(score.hits.mean()),
        }


class DirectPreference(Objective[Preference]):
    """DPO: how much more than a frozen reference does the model prefer the better reply?

    reward(reply) = beta * (log p_model(reply) - log p_reference(reply))
    margin = reward(preferred) - reward(rejected);  loss = -log sigmoid(margin)
    """

    told_of_full_validation = ("loss",)

    def __init__(
        self, model: TinyModel, adam: Adam, multiplier: float, reference: TinyModel, beta: float
    ) -> None:
        super().__init__(model, adam, multiplier)
        self.reference = reference
        self.beta = np.float32(beta)

    def learn(self, batch: Sequence[Preference], step: int) -> Metrics:
        margins = self._margins(batch)
        push = self.beta / (1 + np.exp(margins)) / len(batch)
        blame = np.concatenate(
            [np.full(len(pair.preferred), weight) for pair, weight in zip(batch, push, strict=True)]
            + [
                np.full(len(pair.rejected), -weight)
                for pair, weight in zip(batch, push, strict=True)
            ]
        ).astype(np.float32)
        contexts, targets = _stacked(_sides(batch))
        _, gradient = self.model.gradient(contexts, targets, blame)
        self.adam.step(self.model.weights, gradient, step, self.multiplier)
        return self._metrics(margins)

    def measure(self, batch: Sequence[Preference]) -> Metrics:
        return self._metrics(self._margins(batch))

    def _margins(self, batch: Sequence[Preference]) -> Floats:
        sides = _sides(batch)
        contexts, targets = _stacked(sides)
        now = self.model.score(contexts, targets).log_probabilities
        before = self.reference.score(contexts, targets).log_probabilities
        begins = np.cumsum([0, *map(len, sides[:-1])])
        rewards: Floats = self.beta * np.add.reduceat(now - before, begins)
        return rewards[: len(batch)] - rewards[len(batch) :]

    def _metrics(self, margins: Floats) -> Metrics:
        return {
            "loss": _reported(np.logaddexp(np.float32(0), -margins).mean()),
            "reward_accuracy": _reported((margins > 0).mean()),
            "reward_margin": _reported(margins.mean()),
        }


def _sides(batch: Sequence[Preference]) -> list[Lesson]:
    """All preferred replies, then all rejected ones."""
    return [pair.preferred for pair in batch] + [pair.rejected for pair in batch]


def _stacked(batch: Sequence[Lesson]) -> tuple[Bytes, Bytes]:
    contexts = np.concatenate([lesson.contexts for lesson in batch])
    return contexts, np.concatenate([lesson.targets for lesson in batch])


def _reported(value: np.floating) -> float:
    """As the live service reports: a float32, read as a double."""
    return float(np.float32(value))
