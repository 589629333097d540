"""Goals 11 and 12: how soon the first page is there after a start, and what the idle program then holds.

Ours is the whole stack (web, worker, clock, broker) and its first page the jobs list, signed in; of the
peers it is enough that their empty first page answers. Files are in the system's cache for all.
"""

import time
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from bench.arena import ROUNDS, SETTLED, Arena
from bench.processes import Tree
from bench.table import Finding, against, within

NUMBERS = (11, 12)
HELD, FIRST = "memory of the idle stack (PSS)", "start to the first list page"


class Start(NamedTuple):
    ms: float
    mib: float


def begin(tree: Tree, url: str, headers: Mapping[str, str] | None = None) -> Start:
    with tree:
        seconds = tree.until_answered(url, headers)
        time.sleep(SETTLED)
        return Start(1000 * seconds, tree.memory() / 2**20)


def measure(arena: Arena) -> list[Finding]:
    ours: list[Start] = []
    mlflow: list[Start] = []
    tensorboard: list[Start] = []
    for _ in range(ROUNDS):
        ours.append(begin(arena.ours.start(), arena.ours.url, arena.ours.cookie))
        if arena.mlflow:
            mlflow.append(begin(arena.mlflow.start(), arena.mlflow.url))
        if arena.tensorboard:
            tensorboard.append(begin(arena.tensorboard.start(), arena.tensorboard.url))
    ms, mib = [each.ms for each in ours], [each.mib for each in ours]
    tenth, twentieth, most = Fraction(1, 10), Fraction(1, 20), Fraction(3, 5)
    return [
        against("MLflow", tenth, 11, HELD, "MiB", mib, [each.mib for each in mlflow]),
        within(120, 11, HELD, "MiB", mib),
        against("MLflow", twentieth, 12, FIRST, "ms", ms, [each.ms for each in mlflow]),
        against("TensorBoard", most, 12, FIRST, "ms", ms, [each.ms for each in tensorboard]),
    ]
