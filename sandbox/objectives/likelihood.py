"""To say what was taught, or to prefer the better of two replies: both move the likelihood of
bytes that are given.
"""

from abc import abstractmethod
from collections.abc import Sequence, Sized
from pathlib import Path
from typing import ClassVar, TypeVar

import numpy as np

from sandbox.lessons import Lesson, Preference, read_lessons, read_preferences
from sandbox.model import Bytes, Floats, Score
from sandbox.objectives.objective import Diverged, Objective, reported
from sandbox.records import Json

VALIDATE_EVERY = 10

Metrics = dict[str, float]
S = TypeVar("S", bound=Sized)


class Likelihood(Objective[S]):
    told_of_full_validation: ClassVar[tuple[str, ...]]

    def learn(self, batch: Sequence[S], step: int) -> Json:
        metrics = self._learn(batch, step)
        if not all(map(np.isfinite, metrics.values())):
            raise Diverged
        self.training.trained_tokens += sum(map(len, batch))
        return _named("train", metrics)

    def validate(self, examples: Sequence[S], step: int, *, milestone: bool) -> Json:
        if not (milestone or step % VALIDATE_EVERY == 0):
            return {}
        random = np.random.default_rng((self.task.seed, self.task.n_epochs, step))
        size = min(self.task.batch_size, len(examples))
        chosen = random.choice(len(examples), size, replace=False)
        told = _named("valid", self._measure([examples[index] for index in chosen]))
        if milestone:
            full = self._measure(examples)
            wanted = {name: full[name] for name in self.told_of_full_validation}
            told |= _named("full_valid", wanted)
        return told

    @abstractmethod
    def _learn(self, batch: Sequence[S], step: int) -> Metrics:
        """Take one step; what the batch showed before it."""

    @abstractmethod
    def _measure(self, batch: Sequence[S]) -> Metrics:
        """Only look."""


class Supervised(Likelihood[Lesson]):
    """Cross entropy over the taught bytes."""

    told_of_full_validation = ("loss", "mean_token_accuracy")

    @classmethod
    def read(cls, path: Path) -> list[Lesson]:
        return read_lessons(path)

    def _learn(self, batch: Sequence[Lesson], step: int) -> Metrics:
        contexts, targets = _stacked(batch)
        blame = np.full(len(targets), 1 / len(targets), np.float32)
        return self._metrics(self.descend(contexts, targets, blame, step))

    def _measure(self, batch: Sequence[Lesson]) -> Metrics:
        return self._metrics(self.model.score(*_stacked(batch)))

    def _metrics(self, score: Score) -> Metrics:
        return {
            "loss": reported(-score.log_probabilities.mean()),
            "mean_token_accuracy": reported(score.hits.mean()),
        }


class DirectPreference(Likelihood[Preference]):
    """DPO: how much more than a frozen reference does the model prefer the better reply?

    reward(reply) = beta * (log p_model(reply) - log p_reference(reply))
    margin = reward(preferred) - reward(rejected);  loss = -log sigmoid(margin)
    """

    told_of_full_validation = ("loss",)

    @classmethod
    def read(cls, path: Path) -> list[Preference]:
        return read_preferences(path)

    def _learn(self, batch: Sequence[Preference], step: int) -> Metrics:
        margins = self._margins(batch)
        push = np.float32(self.task.beta) / (1 + np.exp(margins)) / len(batch)
        blame = np.concatenate(
            [np.full(len(pair.preferred), weight) for pair, weight in zip(batch, push, strict=True)]
            + [
                np.full(len(pair.rejected), -weight)
                for pair, weight in zip(batch, push, strict=True)
            ]
        ).astype(np.float32)
        self.descend(*_stacked(_sides(batch)), blame, step)
        return self._metrics(margins)

    def _measure(self, batch: Sequence[Preference]) -> Metrics:
        return self._metrics(self._margins(batch))

    def _margins(self, batch: Sequence[Preference]) -> Floats:
        sides = _sides(batch)
        contexts, targets = _stacked(sides)
        now = self.model.score(contexts, targets).log_probabilities
        before = self.reference.score(contexts, targets).log_probabilities
        begins = np.cumsum([0, *map(len, sides[:-1])])
        rewards: Floats = np.float32(self.task.beta) * np.add.reduceat(now - before, begins)
        return rewards[: len(batch)] - rewards[len(batch) :]

    def _metrics(self, margins: Floats) -> Metrics:
        return {
            "loss": reported(np.logaddexp(np.float32(0), -margins).mean()),
            "reward_accuracy": reported((margins > 0).mean()),
            "reward_margin": reported(margins.mean()),
        }


def _sides(batch: Sequence[Preference]) -> list[Lesson]:
    """All preferred replies, then all rejected ones."""
    return [pair.preferred for pair in batch] + [pair.rejected for pair in batch]


def _stacked(batch: Sequence[Lesson]) -> tuple[Bytes, Bytes]:
    contexts = np.concatenate([lesson.contexts for lesson in batch])
    return contexts, np.concatenate([lesson.targets for lesson in batch])


def _named(kind: str, metrics: Metrics) -> Json:
    return {f"{kind}_{name}": value for name, value in metrics.items()}
