"""To say what a grader rewards: a policy gradient over sampled, graded replies.

Each prompt of a batch is answered many times. Of the replies in such a group, those that earn
more than the others become likelier, the rest less likely:

advantage(reply) = (reward - mean reward of its group) / spread of its group

A pull back to the frozen model that training began with (the gradient of the KL divergence from
it) keeps the replies from becoming all alike before something better was found.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sandbox.assignment import Assignment
from sandbox.graders import read as read_grader
from sandbox.lessons import Prompt, read_prompts
from sandbox.model import Floats, TinyModel, Training
from sandbox.objectives import verdicts
from sandbox.objectives.objective import Diverged, Objective
from sandbox.objectives.sampling import sample
from sandbox.objectives.verdicts import Verdicts, judge
from sandbox.records import Json

GROUP = 32
"""Replies to a prompt, times the compute multiplier; two at least, or there is no comparison."""
MOST_SAID = {"low": 16, "default": 32, "medium": 32, "high": 64}
"""How many bytes a reply may have, by effort: a model that does not think can only say more."""
PULL = np.float32(0.12)
LEAST_SPREAD = np.float32(1e-4)


class Reinforcement(Objective[Prompt]):
    latest: Verdicts
    """On the batch that was learnt from last."""

    def __init__(self, task: Assignment, training: Training, origin: TinyModel) -> None:
        super().__init__(task, training, origin)
        self.grader = read_grader(task.grader)
        self.group = max(2, round(GROUP * task.compute_multiplier))
        self.most_said = MOST_SAID[task.reasoning_effort]

    @classmethod
    def read(cls, path: Path) -> list[Prompt]:
        return read_prompts(path)

    def learn(self, batch: Sequence[Prompt], step: int) -> Json:
        began = time.perf_counter()
        self.latest = self._ask(batch, self.group, (step, 0))
        asked = time.perf_counter()
        self._follow(self.latest, step)
        self.training.trained_tokens += int(self.latest.replies.lengths.sum())
        self._seconds = {"sampling": asked - began, "training": time.perf_counter() - asked}
        return self._told(None, evaluation=0.0)

    def validate(self, examples: Sequence[Prompt], step: int, *, milestone: bool) -> Json:
        if not milestone:
            return {}
        began = time.perf_counter()
        valid = self._ask(examples, self.task.eval_samples, (step, 1))
        return self._told(valid, evaluation=time.perf_counter() - began)

    def close(self) -> None:
        self.grader.close()

    def _ask(self, prompts: Sequence[Prompt], times: int, draw: tuple[int, int]) -> Verdicts:
        asked = [prompt for prompt in prompts for _ in range(times)]
        random = np.random.default_rng((self.task.seed, *draw))
        contexts = [prompt.context for prompt in asked]
        replies = sample(self.model, contexts, self.most_said, random)
        return judge(self.grader, replies, [prompt.item for prompt in asked])

    def _follow(self, train: Verdicts, step: int) -> None:
        contexts, targets = train.replies.contexts, train.replies.targets
        drift = self.model.score(contexts, targets).log_probabilities
        drift -= self.reference.score(contexts, targets).log_probabilities
        blame = np.repeat(self._advantages(train), train.replies.lengths)
        blame -= PULL * (drift - drift.mean())
        if not np.isfinite(blame).all():
            raise Diverged
        self.descend(contexts, targets, blame / np.float32(len(blame)), step)

    def _advantages(self, train: Verdicts) -> Floats:
        rewards = train.rewards.astype(np.float32).reshape(-1, self.group)
        better = rewards - rewards.mean(axis=1, keepdims=True)
        spread = rewards.std(axis=1, keepdims=True)
        advantages: Floats = (better / (spread + LEAST_SPREAD)).reshape(-1)
        return advantages

    def _told(self, valid: Verdicts | None, *, evaluation: float) -> Json:
        seconds = {"eval": evaluation, **self._seconds}
        seconds["full_iteration"] = sum(seconds.values())
        return {
            **verdicts.flat(self.latest, valid),
            **verdicts.nested(self.grader, self.latest, valid, seconds),
        }
