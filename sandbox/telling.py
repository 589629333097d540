"""How training is told: a step's words, and the table of all steps. Knows no store."""

import csv
import io
from collections.abc import Iterable

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
"""The result file's column -> the metric in it. Only the live service's columns."""


def step_message(told: Json) -> str:
    message = f"Step {told['step']}/{told['total_steps']}: training loss={told['train_loss']:.2f}"
    for name, words in (
        ("valid_loss", "validation loss"),
        ("full_valid_loss", "full validation loss"),
    ):
        if name in told:
            message += f", {words}={told[name]:.2f}"
    return message


def result_table(method: str, steps: Iterable[Json]) -> bytes:
    columns = COLUMNS[method]
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["step", *columns])
    for told in steps:
        cells = [told.get(metric) for metric in columns.values()]
        writer.writerow([told["step"], *("" if x is None else round(x, 5) for x in cells)])
    return table.getvalue().encode()
