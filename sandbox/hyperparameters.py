"""What a job may be told about its training: bounds, and what `auto` turns into."""

import math
from collections.abc import Callable
from typing import Any

from sandbox.errors import ApiError
from sandbox.records import Json

AIMED_STEPS = 320
"""`auto` chooses epochs so that a run has about this many steps."""


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


Check = tuple[Callable[[Any], bool], str]

SUPERVISED: dict[str, Check] = {
    "n_epochs": (lambda n: _is_int(n) and 1 <= n <= 50, "an integer from 1 to 50"),
    "batch_size": (lambda n: _is_int(n) and 1 <= n <= 256, "an integer from 1 to 256"),
    "learning_rate_multiplier": (lambda x: _is_number(x) and x > 0, "a number greater than 0"),
}
PREFERENCE: dict[str, Check] = {
    **SUPERVISED,
    "beta": (lambda x: _is_number(x) and 0 < x <= 2, "a number greater than 0 and at most 2"),
}
CHECKS = {"supervised": SUPERVISED, "dpo": PREFERENCE}


def checked(given: object, method: str) -> Json:
    """The hyperparameters of a request, complete: what was not given is `auto`."""
    if given is None:
        given = {}
    if not isinstance(given, dict):
        raise ApiError("hyperparameters must be an object", param="hyperparameters")
    checks = CHECKS[method]
    for key, value in given.items():
        if key not in checks:
            raise ApiError(f"invalid {key}: {value}, extra inputs are not permitted", param=key)
        fits, expected = checks[key]
        if value not in ("auto", None) and not fits(value):
            raise ApiError(f"invalid {key}: {value!r}, must be 'auto' or {expected}", param=key)
    return {key: "auto" if given.get(key) is None else given[key] for key in checks}


def resolved(hyperparameters: Json, examples: int) -> Json:
    """The numbers to train with.

    Batches grow with the data, the rate with the batch; preferences need a gentle one.
    """
    numbers = {key: None if value == "auto" else value for key, value in hyperparameters.items()}
    batch = numbers["batch_size"] or _clamp(round(examples / 75), 1, 16)
    pull = 0.05 if "beta" in numbers else 0.9
    chosen = {
        "n_epochs": _clamp(round(AIMED_STEPS * batch / examples), 2, 10),
        "batch_size": batch,
        "learning_rate_multiplier": round(pull * math.sqrt(batch), 2),
        "beta": 0.1,
    }
    return {key: chosen[key] if value is None else value for key, value in numbers.items()}


def total_steps(numbers: Json, examples: int) -> int:
    return int(numbers["n_epochs"]) * math.ceil(examples / int(numbers["batch_size"]))


def _clamp(value: int, least: int, most: int) -> int:
    return max(least, min(most, value))
