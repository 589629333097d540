"""The process that trains one job: `python -m sandbox.trainer`, started by `runner`.

It reads its assignment as the first line of stdin and tells its progress on stdout, one JSON
object a line. Later lines on stdin are wishes ("pause"); the end of stdin means that the server
is gone, and so is this process at once. It keeps no record of its own but snapshots of weights:
started again from one, it trains the same steps to the same numbers.
"""

import contextlib
import json
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Generic

import numpy as np

from sandbox.assignment import Assignment
from sandbox.catalog import BASES
from sandbox.model import Adam, TinyModel, Training, load, save
from sandbox.objectives.likelihood import DirectPreference, Supervised
from sandbox.objectives.objective import Diverged, Objective, T
from sandbox.objectives.reinforcement import Reinforcement

OBJECTIVES: dict[str, type[Objective[Any]]] = {
    "supervised": Supervised,
    "dpo": DirectPreference,
    "reinforcement": Reinforcement,
}


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
            try:
                self._take(step)
            except Diverged:
                tell(diverged=step)
                return
        tell(finished=self.objective.training.trained_tokens)

    def _take(self, step: int) -> None:
        """Train one step and tell it."""
        told = {"step": step, "total_steps": self.total_steps}
        told |= self.objective.learn(self._batch(step), step)
        milestone = self._is_milestone(step)
        if self.valid and (milestone or step > self.task.told_step):
            told |= self.objective.validate(self.valid, step, milestone=milestone)
        if milestone:
            self._snapshot(step)
        if step > self.task.told_step:
            tell(metrics=told)
        if milestone:
            tell(checkpoint=told)

    def _is_milestone(self, step: int) -> bool:
        """Whether a checkpoint is made of it."""
        every = self.task.eval_interval or self.epoch_steps
        return step % every == 0 or step == self.total_steps

    def _batch(self, step: int) -> list[T]:
        """Every epoch deals all examples once, in an order of its own."""
        epoch, place = divmod(step - 1, self.epoch_steps)
        order = np.random.default_rng((self.task.seed, epoch)).permutation(len(self.train))
        size = self.task.batch_size
        return [self.train[index] for index in order[place * size : (place + 1) * size]]

    def _snapshot(self, step: int) -> None:
        save(self.task.snapshot(step), self.objective.training)


@np.errstate(all="ignore")  # numbers that leave all bounds are told, as divergence
def start(task: Assignment, pause: threading.Event) -> None:
    origin = _origin(task)
    training = Training(origin.copy(), Adam(origin.weights))
    if task.snapshot_step:
        training = load(task.snapshot(task.snapshot_step))
    objective = OBJECTIVES[task.method](task, training, origin)
    train = objective.read(Path(task.training_file))
    valid = objective.read(Path(task.validation_file)) if task.validation_file else []
    with contextlib.closing(objective):
        Run(task, objective, train, valid).go(pause)


def _origin(task: Assignment) -> TinyModel:
    """The model that training began with."""
    if task.continues:
        return load(task.origin).model
    return TinyModel.base(task.base, BASES[task.base].hidden)


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
