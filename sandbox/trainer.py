"""The process that trains one job: `python -m sandbox.trainer`, started by `runner`.

It reads its assignment as the first line of stdin and tells its progress on stdout, one JSON
object a line. Later lines on stdin are wishes ("pause"); the end of stdin means that the server
is gone, and so is this process at once. It keeps no record of its own but snapshots of weights:
started again from one, it trains the same steps to the same numbers.
"""

import json
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

import numpy as np

from sandbox.catalog import BASES
from sandbox.lessons import read_lessons, read_preferences
from sandbox.model import Adam, TinyModel, load, save
from sandbox.objectives import DirectPreference, Metrics, Objective, Supervised, T

VALIDATE_EVERY = 10


@dataclass(frozen=True, kw_only=True)
class Assignment:
    folder: str
    training_file: str
    validation_file: str | None
    base: str
    continues: bool
    """Training goes on from a model that was fine-tuned before: its weights are in `folder`."""
    method: str
    n_epochs: int
    batch_size: int
    learning_rate_multiplier: float
    beta: float = 0.1
    seed: int
    snapshot_step: int
    """The step to go on from; 0 is the start."""
    told_step: int
    """The newest step that was told before: up to there the work is repeated in silence."""
    pace: float


class Run(Generic[T]):
    def __init__(
        self, task: Assignment, objective: Objective[T], train: Sequence[T], valid: Sequence[T]
    ) -> None:
        self.task = task
        self.objective = objective
        self.train = train
        self.valid = valid
        self.epoch_steps = math.ceil(len(train) / task.batch_size)
        self.total_steps = self.epoch_steps * task.n_epochs

    def go(self, pause: threading.Event) -> None:
        due = time.monotonic()
        for step in range(self.task.snapshot_step + 1, self.total_steps + 1):
            if step > self.task.told_step and self.task.pace:
                pause.wait(max(0.0, due - time.monotonic()))
                due = max(due, time.monotonic() - 1) + 1 / self.task.pace
            if pause.is_set():
                self._snapshot(step - 1)
                tell(paused=step - 1)
                return
            if not self._take(step):
                return
        tell(finished=sum(map(len, self.train)) * self.task.n_epochs)

    def _take(self, step: int) -> bool:
        """Train one step, tell it, and say whether there is a model left to train."""
        metrics = self.objective.learn(self._batch(step), step)
        if not all(map(math.isfinite, metrics.values())):
            tell(diverged=step)
            return False
        told = {"step": step, "total_steps": self.total_steps, **_named("train", metrics)}
        epoch_ends = step % self.epoch_steps == 0
        if step > self.task.told_step or epoch_ends:
            told |= self._validation(step, epoch_ends)
        if epoch_ends:
            self._snapshot(step)
        if step > self.task.told_step:
            tell(metrics=told)
        if epoch_ends:
            tell(checkpoint=told)
        return True

    def _batch(self, step: int) -> list[T]:
        """Every epoch deals all examples once, in an order of its own."""
        epoch, place = divmod(step - 1, self.epoch_steps)
        order = np.random.default_rng((self.task.seed, epoch)).permutation(len(self.train))
        size = self.task.batch_size
        return [self.train[index] for index in order[place * size : (place + 1) * size]]

    def _validation(self, step: int, epoch_ends: bool) -> dict[str, float]:
        if not self.valid or not (epoch_ends or step % VALIDATE_EVERY == 0):
            return {}
        random = np.random.default_rng((self.task.seed, self.task.n_epochs, step))
        size = min(self.task.batch_size, len(self.valid))
        some = [self.valid[index] for index in random.choice(len(self.valid), size, replace=False)]
        told = _named("valid", self.objective.measure(some))
        if epoch_ends:
            full = self.objective.measure(self.valid)
            wanted = {name: full[name] for name in self.objective.told_of_full_validation}
            told |= _named("full_valid", wanted)
        return told

    def _snapshot(self, step: int) -> None:
        path = Path(self.task.folder) / f"step-{step}.npz"
        save(path, self.objective.model, self.objective.adam)


@np.errstate(all="ignore")  # numbers that leave all bounds are told, as divergence
def start(task: Assignment, pause: threading.Event) -> None:
    origin = _origin(task)
    model, adam = origin, Adam(origin.weights)
    if task.snapshot_step:
        model, adam = load(Path(task.folder) / f"step-{task.snapshot_step}.npz")
    train, valid = Path(task.training_file), task.validation_file and Path(task.validation_file)
    if task.method == "supervised":
        supervised = Supervised(model, adam, task.learning_rate_multiplier)
        lessons = read_lessons(valid) if valid else []
        Run(task, supervised, read_lessons(train), lessons).go(pause)
    else:
        reference = TinyModel({name: part.copy() for name, part in origin.weights.items()})
        dpo = DirectPreference(model, adam, task.learning_rate_multiplier, reference, task.beta)
        pairs = read_preferences(valid) if valid else []
        Run(task, dpo, read_preferences(train), pairs).go(pause)


def _origin(task: Assignment) -> TinyModel:
    """The model that training began with."""
    if task.continues:
        return load(Path(task.folder) / "origin.npz")[0]
    return TinyModel.base(task.base, BASES[task.base].hidden)


def _named(kind: str, metrics: Metrics) -> Metrics:
    return {f"{kind}_{name}": value for name, value in metrics.items()}


def tell(**news: Any) -> None:
    sys.stdout.write(json.dumps(news) + "\n")
    sys.stdout.flush()


def listen(pause: threading.Event) -> None:
    for line in sys.stdin:
        if line.strip() == "pause":
            pause.set()
    os._exit(0)


def main() -> None:
    # The terminal's Ctrl-C and a service manager's SIGTERM are for the server; this process
    # ends when its stdin does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.nice(10)
    assignment = sys.stdin.readline()
    if not assignment:
        return
    pause = threading.Event()
    threading.Thread(target=listen, args=[pause], daemon=True).start()
    start(Assignment(**json.loads(assignment)), pause)


if __name__ == "__main__":
    main()
