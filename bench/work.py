"""The work that all sides are given: the same jobs, parameters, tags and curves. Plain Python, so that
the peers' interpreter reads it too.
"""

import math
import random
from array import array
from collections.abc import Iterator

JOBS = 10_000  # each with these, and the newest value of each metric …
PARAMETERS = (
    "n_epochs",
    "batch_size",
    "learning_rate_multiplier",
    "warmup",
    "weight_decay",
    "dropout",
    "rank",
    "alpha",
    "max_length",
    "seed",
)
TAGS = (
    "team",
    "owner",
    "purpose",
    "project",
    "ticket",
    "data_set",
    "data_version",
    "language",
    "region",
    "stage",
)

# … and one, the oldest, with the history of them all.
CHARTED = 0
STEPS = 10_000
METRICS = (
    "train_loss",
    "valid_loss",
    "train_mean_token_accuracy",
    "valid_mean_token_accuracy",
)

# … and others, the next ones, with a shorter history of the same, to be compared; peers have some of them.
COMPARED = range(1, 101)
COMPARED_BY_ALL = COMPARED[:20]
SHORT = 1_000  # steps
BORN = 1_790_000_000  # when the oldest job began, in seconds since 1970
APART = 60  # seconds from one job to the next


def name(job: int) -> str:
    return f"job-{job}"


def began(job: int) -> int:
    return BORN + job * APART


def parameters(job: int) -> dict[str, str]:
    return {key: str((job * 7 + place) % 97) for place, key in enumerate(PARAMETERS)}


def tags(job: int) -> dict[str, str]:
    return {key: f"{key} {(job + place) % 41}" for place, key in enumerate(TAGS)}


def best_loss(job: int) -> float:
    return 0.5 + (job * 7919 % 1000) / 1000


def losses(job: int) -> list[float]:
    """What the small curve in a job's row is drawn from."""
    noise = random.Random(job)  # noqa: S311 - a curve, not a secret
    return [0.5 + 2 * math.exp(-step / 10) + noise.gauss(0, 0.1) for step in range(48)]


def curve(metric: str, job: int = CHARTED, steps: int = STEPS) -> Iterator[tuple[int, float]]:
    """A noisy learning curve of so many points, float32 as services send; the same in every run."""
    noise = random.Random(metric if job == CHARTED else f"{metric} {job}")  # noqa: S311 - a curve, not a secret
    for step in range(1, steps + 1):
        learnt = 1 - math.exp(-step / (steps / 5))
        level = 0.2 + 0.7 * learnt if metric.endswith("accuracy") else 2.5 - 2 * learnt
        yield step, array("f", [level + noise.gauss(0, 0.05)])[0]
