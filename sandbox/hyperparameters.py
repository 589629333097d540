"""What a job may be told about its training: bounds, and what `auto` turns into."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from sandbox.bodies import refuse_extra
from sandbox.errors import ApiError
from sandbox.graders.fields import is_integer, is_number
from sandbox.records import Json

AIMED_STEPS = 320
"""`auto` chooses epochs so that a run has about this many steps."""


class Check(NamedTuple):
    fits: Callable[[Any], bool]
    expected: str
    default: str = "auto"

    def accepts(self, value: object) -> bool:
        return value in (None, self.default) or self.fits(value)


EFFORTS = ("default", "low", "medium", "high")

SUPERVISED = {
    "n_epochs": Check(
        lambda n: is_integer(n) and 1 <= n <= 50, "'auto' or an integer from 1 to 50"
    ),
    "batch_size": Check(
        lambda n: is_integer(n) and 1 <= n <= 256, "'auto' or an integer from 1 to 256"
    ),
    "learning_rate_multiplier": Check(
        lambda x: is_number(x) and x > 0, "'auto' or a number greater than 0"
    ),
}
PREFERENCE = {
    **SUPERVISED,
    "beta": Check(
        lambda x: is_number(x) and 0 < x <= 2, "'auto' or a number greater than 0 and at most 2"
    ),
}
REINFORCEMENT = {
    **SUPERVISED,
    "reasoning_effort": Check(
        lambda effort: effort in EFFORTS, f"one of {', '.join(EFFORTS)}", default="default"
    ),
    "compute_multiplier": Check(
        lambda x: is_number(x) and 1e-5 < x <= 10,
        "'auto' or a number greater than 0.00001 and at most 10",
    ),
    "eval_interval": Check(
        lambda n: is_integer(n) and n >= 1, "'auto' or an integer of at least 1"
    ),
    "eval_samples": Check(lambda n: is_integer(n) and n >= 1, "'auto' or an integer of at least 1"),
}
CHECKS = {"supervised": SUPERVISED, "dpo": PREFERENCE, "reinforcement": REINFORCEMENT}


def checked(given: object, method: str) -> Json:
    """The hyperparameters of a request, complete: what was not given is `auto`."""
    if given is None:
        given = {}
    if not isinstance(given, dict):
        raise ApiError("hyperparameters must be an object", param="hyperparameters")
    checks = CHECKS[method]
    refuse_extra(given, checks)
    for key, value in given.items():
        if not checks[key].accepts(value):
            message = f"invalid {key}: {value!r}, must be {checks[key].expected}"
            raise ApiError(message, param=key)
    return {
        key: check.default if given.get(key) is None else given[key]
        for key, check in checks.items()
    }


def resolved(hyperparameters: Json, examples: int) -> Json:
    """The numbers to train with.

    Batches grow with the data, the rate with the batch. Preferences need a gentle one; rewards
    need many steps, and bigger batches against their noise.
    """
    numbers = {key: None if value == "auto" else value for key, value in hyperparameters.items()}
    by_reward = "compute_multiplier" in numbers
    batch = numbers["batch_size"] or _clamp(round(examples / (15 if by_reward else 75)), 1, 16)
    pull = 0.05 if "beta" in numbers else 0.7 if by_reward else 0.9
    chosen = {
        "n_epochs": _clamp(round(AIMED_STEPS * batch / examples), 2, 25 if by_reward else 10),
        "batch_size": batch,
        "learning_rate_multiplier": round(pull * math.sqrt(batch), 2),
        "beta": 0.1,
        "compute_multiplier": 1.0,
        "eval_interval": math.ceil(examples / batch),
        "eval_samples": 4,
    }
    return {key: chosen[key] if value is None else value for key, value in numbers.items()}


def total_steps(numbers: Json, examples: int) -> int:
    return int(numbers["n_epochs"]) * math.ceil(examples / int(numbers["batch_size"]))


def _clamp(value: int, least: int, most: int) -> int:
    return max(least, min(most, value))
