"""What a job may be told about its training: names, bounds and meaning, method by method. Pure."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

AUTO = "auto"


@dataclass(frozen=True)
class Hyperparameter:
    """`expects` completes the sentence "It must be …"; with `choices` it is one of them."""

    name: str
    label: str
    expects: str
    fits: Callable[[Any], bool]
    help: str
    choices: tuple[str, ...] = ()

    def problem(self, value: object) -> str:
        if (value == AUTO and not self.choices) or self.fits(value):
            return ""
        return f"{self.label} must be {self.expects}."


def whole(least: int, most: float) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def number(above: float, most: float) -> Callable[[Any], bool]:
    return lambda value: type(value) in (int, float) and above < value <= most and value != math.inf


EFFORTS = ("default", "low", "medium", "high")

EPOCHS = Hyperparameter(
    "n_epochs",
    "Epochs",
    "auto or a whole number from 1 to 50",
    whole(1, 50),
    "How often training goes through the whole file. More cost more, and may overfit.",
)
BATCH_SIZE = Hyperparameter(
    "batch_size",
    "Batch size",
    "auto or a whole number from 1 to 256",
    whole(1, 256),
    "Examples per step. Larger batches make fewer, steadier steps.",
)
LEARNING_RATE = Hyperparameter(
    "learning_rate_multiplier",
    "Learning rate multiplier",
    "auto or a number above 0",
    number(0, math.inf),
    "Scales the service's own rate. Lower it when the loss jumps, or the model forgets.",
)
BETA = Hyperparameter(
    "beta",
    "Beta",
    "auto or a number above 0 and up to 2",
    number(0, 2),
    "How closely the model stays to where it began. Higher is more cautious.",
)
EFFORT = Hyperparameter(
    "reasoning_effort",
    "Reasoning effort",
    f"one of {', '.join(EFFORTS)}",
    lambda value: value in EFFORTS,
    "How long the model thinks on each sample while it is trained.",
    EFFORTS,
)
COMPUTE = Hyperparameter(
    "compute_multiplier",
    "Compute multiplier",
    "auto or a number above 0.00001 and up to 10",
    number(0.00001, 10),
    "Scales how much is explored for each example, and with it time and cost.",
)
EVAL_INTERVAL = Hyperparameter(
    "eval_interval",
    "Evaluation interval",
    "auto or a whole number from 1",
    whole(1, math.inf),
    "Steps between two evaluations on the validation file.",
)
EVAL_SAMPLES = Hyperparameter(
    "eval_samples",
    "Evaluation samples",
    "auto or a whole number from 1",
    whole(1, math.inf),
    "Samples drawn for each validation example at an evaluation.",
)

USUAL = (EPOCHS, BATCH_SIZE, LEARNING_RATE)
HYPERPARAMETERS: dict[str, tuple[Hyperparameter, ...]] = {
    "supervised": USUAL,
    "dpo": (*USUAL, BETA),
    "reinforcement": (*USUAL, EFFORT, COMPUTE, EVAL_INTERVAL, EVAL_SAMPLES),
}
PARAMETERS = {each.name: each for known in HYPERPARAMETERS.values() for each in known}


def problems(method: str, given: dict[str, Any]) -> dict[str, str]:
    """By name, what is wrong with each value that is."""
    known = {each.name: each for each in HYPERPARAMETERS.get(method, ())}
    strange = dict.fromkeys(given.keys() - known, f"{method} has no such hyperparameter.")
    wrong = {name: known[name].problem(value) for name, value in given.items() if name in known}
    return strange | {name: words for name, words in wrong.items() if words}


def fitting(method: str, given: dict[str, Any]) -> dict[str, Any]:
    """What of this may be asked for again."""
    wrong = problems(method, given)
    return {name: value for name, value in given.items() if name not in wrong}
