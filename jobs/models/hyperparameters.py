"""What a job may be told about its training: names, bounds and meaning. Pure.

OpenAI's are known method by method. What else there is belongs to services that name all they take.
"""

import math
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any

AUTO = "auto"


@dataclass(frozen=True)
class Hyperparameter:
    """`expects` completes the sentence "It must be …"; `choices` are the values by their words,
    empty for the one that is left to the service.
    """

    name: str
    label: str
    expects: str
    fits: Callable[[Any], bool]
    help: str
    choices: dict[str, Any] = field(default_factory=dict)

    def problem(self, value: object) -> str:
        if (value == AUTO and not self.choices) or self.fits(value):
            return ""
        return f"{self.label} must be {self.expects}, or left to the service."


def whole(least: int, most: float) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def number(above: float, most: float) -> Callable[[Any], bool]:
    return lambda value: type(value) in (int, float) and above < value <= most and value != math.inf


def between(least: float, most: float) -> Callable[[Any], bool]:
    return lambda value: (
        type(value) in (int, float) and least <= value <= most and value != math.inf
    )


EFFORTS = ("default", "low", "medium", "high")
YES_OR_NO = {"default": "", "yes": True, "no": False}


def yes_or_no(name: str, label: str, help: str) -> Hyperparameter:
    return Hyperparameter(
        name, label, "yes or no", lambda value: type(value) is bool, help, YES_OR_NO
    )


EPOCHS = Hyperparameter(
    "n_epochs",
    "Epochs",
    "a whole number from 1 to 50",
    whole(1, 50),
    "How often training goes through the whole file. More cost more, and may overfit.",
)
BATCH_SIZE = Hyperparameter(
    "batch_size",
    "Batch size",
    "a whole number from 1 to 256",
    whole(1, 256),
    "Examples per step. Larger batches make fewer, steadier steps.",
)
LEARNING_RATE = Hyperparameter(
    "learning_rate_multiplier",
    "Learning rate multiplier",
    "a number above 0",
    number(0, math.inf),
    "Scales the service's own rate. Lower it when the loss jumps, or the model forgets.",
)
BETA = Hyperparameter(
    "beta",
    "Beta",
    "a number above 0 and up to 2",
    number(0, 2),
    "How closely the model stays to where it began. Higher is more cautious.",
)
EFFORT = Hyperparameter(
    "reasoning_effort",
    "Reasoning effort",
    f"one of {', '.join(EFFORTS)}",
    lambda value: value in EFFORTS,
    "How long the model thinks on each sample while it is trained.",
    {each: each for each in EFFORTS},
)
COMPUTE = Hyperparameter(
    "compute_multiplier",
    "Compute multiplier",
    "a number above 0.00001 and up to 10",
    number(0.00001, 10),
    "Scales how much is explored for each example, and with it time and cost.",
)
EVAL_INTERVAL = Hyperparameter(
    "eval_interval",
    "Evaluation interval",
    "a whole number from 1",
    whole(1, math.inf),
    "Steps between two evaluations on the validation file.",
)
EVAL_SAMPLES = Hyperparameter(
    "eval_samples",
    "Evaluation samples",
    "a whole number from 1",
    whole(1, math.inf),
    "Samples drawn for each validation example at an evaluation.",
)

OTHERS = (
    Hyperparameter(
        "learning_rate",
        "Learning rate",
        "a number above 0",
        number(0, math.inf),
        "The size of each step, such as 0.00001; LoRA bears about ten times more."
        " Lower it when the loss jumps, or the model forgets.",
    ),
    Hyperparameter(
        "warmup_ratio",
        "Warm-up",
        "a number from 0 to 1",
        between(0, 1),
        "The share of all steps in which the learning rate rises from nothing to its full size.",
    ),
    Hyperparameter(
        "weight_decay",
        "Weight decay",
        "a number from 0",
        between(0, math.inf),
        "Draws the weights towards zero. More keeps a model from learning the examples by heart.",
    ),
    Hyperparameter(
        "max_grad_norm",
        "Gradient limit",
        "a number above 0",
        number(0, math.inf),
        "Longer gradients are cut to this length, so that no single batch spoils the model.",
    ),
    Hyperparameter(
        "context_length",
        "Context length",
        "a whole number from 8192 to 131072",
        whole(8192, 131072),
        "Tokens of the longest example that is learnt. More need more memory, and take longer.",
    ),
    yes_or_no(
        "packing",
        "Packing",
        "Puts several short examples into one sequence: faster, and fewer steps.",
    ),
    yes_or_no(
        "lora",
        "LoRA",
        "Trains a small adapter and leaves the model as it is. Without, all weights are trained.",
    ),
    Hyperparameter(
        "lora_r",
        "LoRA rank",
        "a whole number from 8 to 128",
        whole(8, 128),
        "The size of the adapter. Larger ones learn more, and overfit more easily.",
    ),
    Hyperparameter(
        "lora_alpha",
        "LoRA alpha",
        "a whole number from 8",
        whole(8, math.inf),
        "How much the adapter counts: alpha divided by rank is what it is multiplied by.",
    ),
    Hyperparameter(
        "lora_dropout",
        "LoRA dropout",
        "a number from 0 to 1",
        between(0, 1),
        "The share of the adapter that is left out at random in each step, against overfitting.",
    ),
)

USUAL = (EPOCHS, BATCH_SIZE, LEARNING_RATE)
HYPERPARAMETERS: dict[str, tuple[Hyperparameter, ...]] = {
    "supervised": USUAL,
    "dpo": (*USUAL, BETA),
    "reinforcement": (*USUAL, EFFORT, COMPUTE, EVAL_INTERVAL, EVAL_SAMPLES),
}
PARAMETERS = {each.name: each for some in (*HYPERPARAMETERS.values(), OTHERS) for each in some}


def offered(method: str, names: Container[str] | None) -> list[Hyperparameter]:
    """What a job of this method may be told by a service that takes these; None stands for OpenAI's."""
    usual = HYPERPARAMETERS.get(method, ())
    if names is None:
        return list(usual)
    return [each for each in (*usual, *OTHERS) if each.name in names]


def problems(method: str, given: dict[str, Any]) -> dict[str, str]:
    """By name, what is wrong with each value that is, whatever service it is for."""
    known = {each.name: each for each in offered(method, PARAMETERS)}
    strange = dict.fromkeys(given.keys() - known, f"{method} has no such hyperparameter.")
    wrong = {name: known[name].problem(value) for name, value in given.items() if name in known}
    return strange | {name: words for name, words in wrong.items() if words}


def fitting(method: str, given: dict[str, Any]) -> dict[str, Any]:
    """What of this may be asked for again."""
    wrong = problems(method, given)
    return {name: value for name, value in given.items() if name not in wrong}
