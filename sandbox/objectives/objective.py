"""What all objectives are: owners of a model in training, who `learn` from a batch in one step and
`validate` without one. Both say what they measured in the words of the service. Nothing here
knows epochs, snapshots or how a step is told.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from sandbox.assignment import Assignment
from sandbox.model import Bytes, Floats, Score, TinyModel, Training
from sandbox.records import Json

T = TypeVar("T")


class Diverged(ArithmeticError):
    """The numbers have left all bounds: there is nothing left to train."""


class Objective(ABC, Generic[T]):
    def __init__(self, task: Assignment, training: Training, origin: TinyModel) -> None:
        self.task = task
        self.training = training
        self.model = training.model
        self.reference = origin
        """The model that training began with, frozen."""

    @classmethod
    @abstractmethod
    def read(cls, path: Path) -> list[T]:
        """The examples of a file."""

    @abstractmethod
    def learn(self, batch: Sequence[T], step: int) -> Json:
        """Take one step; what the batch showed, as it was before that step."""

    @abstractmethod
    def validate(self, examples: Sequence[T], step: int, *, milestone: bool) -> Json:
        """What these examples show after that step, as far as it is due."""

    def close(self) -> None:
        """Let go of what it holds."""

    def descend(self, contexts: Bytes, targets: Bytes, blame: Floats, step: int) -> Score:
        """Make the targets likelier, each as much as its blame says."""
        score, gradient = self.model.gradient(contexts, targets, blame)
        multiplier = self.task.learning_rate_multiplier
        self.training.adam.step(self.model.weights, gradient, step, multiplier)
        return score


def reported(value: np.floating) -> float:
    """As the live service reports: a float32, read as a double."""
    return float(np.float32(value))
