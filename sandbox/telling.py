"""How training is told: a step's words, and the table of all steps. Knows no store."""

import csv
import io
from collections.abc import Iterable, Iterator

from sandbox.records import Json

COLUMNS = {
    "supervised": {
        "train_loss": "train_loss",
        "train_accuracy": "train_mean_token_accuracy",
        "valid_loss": "valid_loss",
        "valid_mean_token_accuracy": "valid_mean_token_accuracy",
    },
    "dpo": {
        name: name
        for name in (
            *("train_loss", "train_reward_accuracy", "train_reward_margin"),
            *("valid_loss", "valid_reward_accuracy", "valid_reward_margin"),
        )
    },
}
"""The result file's column -> the metric in it. Only the live service's columns; a job by reward
has one for whatever it told.
"""


def step_message(told: Json) -> str:
    if "train_mean_reward" in told:
        return _reward_message(told)
    message = f"Step {told['step']}/{told['total_steps']}: training loss={told['train_loss']:.2f}"
    for name, words in (
        ("valid_loss", "validation loss"),
        ("full_valid_loss", "full validation loss"),
    ):
        if name in told:
            message += f", {words}={told[name]:.2f}"
    return message


def _reward_message(told: Json) -> str:
    """With the live service's blank before the comma."""
    message = f"Step {told['step']}/{told['total_steps']} "
    for name, words in (
        ("train_mean_reward", "train mean reward"),
        ("full_valid_mean_reward", "full validation mean reward"),
        ("full_valid_mean_parse_error", "full validation mean parse error"),
    ):
        if name in told:
            message += f", {words}={told[name]:.2f}"
    return message


def result_table(method: str, steps: Iterable[Json]) -> bytes:
    rows = [dict(_numbers(told)) for told in steps]
    columns = COLUMNS.get(method) or {name: name for name in _names(rows)}
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["step", *columns])
    for row in rows:
        cells = [row.get(metric) for metric in columns.values()]
        writer.writerow([row["step"], *("" if x is None else round(x, 5) for x in cells)])
    return table.getvalue().encode()


def _numbers(told: Json, path: str = "") -> Iterator[tuple[str, float]]:
    """All numbers with their paths; what is in a list goes by its name or model."""
    for key, value in told.items():
        if isinstance(value, dict):
            yield from _numbers(value, f"{path}{key}/")
        elif isinstance(value, list):
            named = {one.get("model") or one["name"]: one for one in value}
            yield from _numbers(named, f"{path}{key}/")
        elif isinstance(value, int | float):
            yield path + key, value


def _names(rows: list[dict[str, float]]) -> list[str]:
    """Of all columns, as they came up."""
    seen = dict.fromkeys(name for row in rows for name in row)
    return [name for name in seen if name not in ("step", "total_steps")]
