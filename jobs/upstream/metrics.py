"""The numbers in what a provider measured, under flat names.

`{"scores": {"graders": [{"name": "exact", "reward": 0.5}]}}` is `scores.graders.exact.reward`.
Which numbers deserve a chart is decided elsewhere.
"""

from typing import Any

from jobs.upstream.decoding import DEEPEST, Json
from jobs.upstream.fields import real

POSITION = ("step", "total_steps")
RENAMED = {"train_accuracy": "train_mean_token_accuracy"}


def numbers(measured: Json) -> dict[str, float]:
    """Every finite number but the position, by dotted path. Booleans are no numbers."""
    found: dict[str, float] = {}
    _gather(measured, "", found, DEEPEST)
    for name in POSITION:
        found.pop(name, None)
    for old, new in RENAMED.items():
        if old in found:
            found.setdefault(new, found.pop(old))
    return found


def _gather(branch: Json, prefix: str, found: dict[str, float], levels: int) -> None:
    for name, value in branch.items():
        kind = type(value)
        if (number := real(value)) is not None:
            found[prefix + name] = number
        elif levels and kind is dict:
            _gather(value, f"{prefix}{name}.", found, levels - 1)
        elif levels and kind is list:
            _gather(_by_name(value), f"{prefix}{name}.", found, levels - 1)


def _by_name(items: list[Any]) -> Json:
    """Items of a list under their own `name`, which stays when the order changes."""
    named: Json = {}
    for index, item in enumerate(items):
        name = item.get("name") if isinstance(item, dict) else None
        own = isinstance(name, str) and name not in named
        named[str(name if own and name else index)] = item
    return named
