"""What the steps of a run could have told: metrics drawn from a formula, for load, not measured."""

import math
import random
import struct
from typing import NamedTuple

from sandbox.records import Json

VALIDATES_EVERY = 10


class Curve(NamedTuple):
    start: float
    end: float
    most: float = math.inf

    def near(self, learnt: float, chance: random.Random) -> float:
        """A point beside it, as float32 like those that are measured."""
        span = self.end - self.start
        value = self.start + span * learnt + chance.gauss(0, 0.04 * abs(span))
        return float(struct.unpack("f", struct.pack("f", min(self.most, max(0.0, value))))[0])


CURVES = {
    "supervised": {"loss": Curve(3.2, 0.8), "mean_token_accuracy": Curve(0.2, 0.75, 1)},
    "dpo": {
        "loss": Curve(0.69, 0.3),
        "reward_accuracy": Curve(0.5, 0.9, 1),
        "reward_margin": Curve(0, 2.5),
    },
    "reinforcement": {"mean_reward": Curve(0.25, 0.85, 1)},
}


def measured(chance: random.Random, method: str, step: int, total: int, *, ends: bool) -> Json:
    """Of a step; `ends`: it is the last one of an epoch."""
    learnt = 1 - math.exp(-4 * step / total)
    return {
        f"{kind}_{name}": curve.near(learnt, chance)
        for kind in _kinds(method, step, ends=ends)
        for name, curve in CURVES[method].items()
    }


def _kinds(method: str, step: int, *, ends: bool) -> list[str]:
    """Rewards are validated on the whole file or not at all."""
    validates = ends or step % VALIDATES_EVERY == 0
    if method == "reinforcement":
        return ["train", "full_valid"] if validates else ["train"]
    return ["train"] + ["valid"] * validates + ["full_valid"] * ends
