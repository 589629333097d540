"""Who takes part in a run, and how two of them are measured in turns."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from statistics import median
from typing import NamedTuple, Self

from playwright.sync_api import Browser

from bench import browser, peers
from bench.load import Ask, Load, load
from bench.ours import Ours
from bench.peers import Mlflow, TensorBoard
from bench.processes import Tree

ROUNDS = 5
SETTLED = 4.0  # seconds after the first page, when all parts are up and quiet


@dataclass
class Arena:
    """Ours, and the peers where they are installed. What runs is started once it is asked for."""

    ours: Ours
    mlflow: Mlflow | None
    tensorboard: TensorBoard | None
    running: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def prepare(cls) -> Self:
        are_there = peers.are_ready()
        return cls(
            Ours.prepare(),
            Mlflow() if are_there else None,
            TensorBoard() if are_there else None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.running.close()
        self.ours.remove()

    @cached_property
    def our_tree(self) -> Tree:
        tree = self.running.enter_context(self.ours.start())
        tree.until_answered(self.ours.url, self.ours.cookie)
        time.sleep(SETTLED)
        return tree

    @cached_property
    def mlflow_tree(self) -> Tree | None:
        if self.mlflow is None:
            return None
        tree = self.running.enter_context(self.mlflow.start())
        tree.until_answered(self.mlflow.url)
        time.sleep(SETTLED)
        return tree

    @cached_property
    def chromium(self) -> Browser:
        return self.running.enter_context(browser.chromium())


class Cost(NamedTuple):
    """What a round of requests cost, in milliseconds a request; CPU is the server's."""

    load: Load
    cpu: float

    @property
    def p50(self) -> float:
        return 1000 * median(self.load.times)

    @property
    def p99(self) -> float:
        return 1000 * self.load.percentile(0.99)


def cost(tree: Tree, ask: Ask, requests: int, clients: int = 1) -> Cost:
    before = tree.cpu()
    answered = load(ask, requests, clients)
    return Cost(answered, 1000 * (tree.cpu() - before) / requests)
