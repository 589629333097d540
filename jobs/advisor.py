"""Which checkpoint is best, and why, in words: figures in, advice out.

Checkpoints are ranked by the most telling figure that can be compared, which two of them have: a reward
where the job has one, else the loss on the whole validation file, on a batch of it, in training. A difference
that the noise of the curve makes by chance is no difference: noise comes from third differences, in which
neither a slope nor a bend remains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from math import sqrt
from statistics import median
from typing import NamedTuple

from jobs.models import Checkpoint, Job

BASES = (
    "full_valid_mean_reward",
    "full_valid_loss",
    "valid_loss",
    "train_mean_reward",
    "train_loss",
)
LEAST_POINTS = 12  # of a curve from which noise can be told
MOST_POINTS = 2000  # that are looked at for that
CHANCE = 4.0  # times the noise: two of many values that are the same rarely differ by more
PARTS = 5  # of a curve: the mean of one is calm
SAME = 0.005  # of the loss: less than that nobody chooses a checkpoint by
WORDS = {
    "full_valid_mean_reward": "reward on the validation file",
    "full_valid_loss": "loss on the whole validation file",
    "valid_loss": "loss on a batch of the validation file",
    "train_mean_reward": "reward in training",
    "train_loss": "training loss",
}
UNVALIDATED = "There is no validation loss: the lowest training loss may be the most overfitted."
Curve = Sequence[tuple[int, float]]


class Candidate(NamedTuple):
    """A checkpoint as the advice needs it; `is_there`: the service still has it."""

    step: int
    metrics: Mapping[str, float]
    is_there: bool = True


class Advice(NamedTuple):
    """`band` is what two values that are the same may differ by; None where that cannot be told.

    `ranked` holds the steps that have the figure, best first. `worse_since` is the step from which the
    model got worse on validation, while it went on learning the training file.
    """

    basis: str
    ranked: list[int]
    values: dict[int, float]
    band: float | None
    worse_since: int | None
    verdict: str

    @property
    def best(self) -> int:
        return self.ranked[0]


def of_job(job: Job, checkpoints: Sequence[Checkpoint]) -> Advice | None:
    told = candidates(checkpoints)
    curves = {name: list(job.series.points(name).items()) for name in curves_for(told)}
    return advise(told, curves, state=job.state)


def candidates(checkpoints: Iterable[Checkpoint]) -> list[Candidate]:
    return [
        Candidate(c.step, c.metrics, c.gone_at is None) for c in checkpoints if c.step is not None
    ]


def marks(advice: Advice | None, checkpoints: Sequence[Checkpoint]) -> dict[int, str]:
    """By key: which is best, and where the service has dropped it, the best of those it still has.

    Training loss alone makes none the best: the lowest may be the most overfitted.
    """
    if advice is None or advice.basis == "train_loss":
        return {}
    by_step = {c.step: c for c in checkpoints}
    left = next((by_step[step] for step in advice.ranked if by_step[step].gone_at is None), None)
    found = {left.pk: "best left"} if left else {}
    return found | {by_step[advice.best].pk: "best"}


def curves_for(checkpoints: Sequence[Candidate]) -> list[str]:
    """The metrics whose curves an advice looks at."""
    basis = basis_of(checkpoints)
    return list(dict.fromkeys([basis, "train_loss"])) if basis else []


def basis_of(checkpoints: Sequence[Candidate]) -> str:
    known = Counter(name for name in BASES for each in checkpoints if name in each.metrics)
    return next((name for name in known if known[name] > 1), next(iter(known), ""))


def advise(
    checkpoints: Sequence[Candidate],
    curves: Mapping[str, Curve] | None = None,
    *,
    state: str = Job.State.SUCCEEDED,
) -> Advice | None:
    """None where there is nothing to choose from. `curves` are the metrics by step, as far as known."""
    basis = basis_of(checkpoints)
    if not basis:
        return None
    curve = sorted((curves or {}).get(basis, ()))
    values = {c.step: c.metrics[basis] for c in checkpoints if basis in c.metrics}
    is_reward = basis.endswith("reward")
    sign = -1 if is_reward else 1
    ranked = sorted(values, key=lambda step: (sign * values[step], step))
    noise = noise_of([value for _, value in curve])
    training = sorted((curves or {}).get("train_loss", ()))
    is_validated = not is_reward and basis != "train_loss"
    since = overfits_since(curve, training, noise or 0.0) if is_validated else None
    advice = Advice(basis, ranked, values, None if noise is None else CHANCE * noise, since, "")
    return advice._replace(verdict=" ".join(sentences(advice, checkpoints, state)))


def noise_of(values: Sequence[float]) -> float | None:
    """The standard deviation of a point around a smooth curve, told robustly."""
    if len(values) < LEAST_POINTS:
        return None
    places = range(0, len(values) - 3, -(-len(values) // MOST_POINTS))
    fours = (values[place : place + 4] for place in places)
    return 1.4826 * median(abs(a - 3 * b + 3 * c - d) for a, b, c, d in fours) / sqrt(20)


def overfits_since(curve: Curve, training: Curve, noise: float) -> int | None:
    """The first step from which validation stays above its minimum, while training still falls.

    The lowest of many noisy values is low by chance, and all others are above it: so means are compared.
    """
    width = max(1, len(curve) // PARTS)
    calm = calmed(curve, width)
    if len(calm) < 3:
        return None
    lowest, low = min(calm, key=lambda point: point[1])
    limit = low + max(CHANCE * noise / sqrt(width), SAME * abs(low))
    later = [(step, value) for step, value in calm if step > lowest]
    if not later or later[-1][1] <= limit:
        return None
    pairs = reversed(list(pairwise([(lowest, low), *later])))
    since = next(following for (_, value), (following, _) in pairs if value <= limit)
    return since if learns(training, lowest) else None


def calmed(curve: Curve, width: int) -> list[tuple[int, float]]:
    """Means of so many neighbours, each at the step in their middle."""
    sums = [0.0, *accumulate(value for _, value in curve)]
    return [
        (curve[start + width // 2][0], (sums[start + width] - sums[start]) / width)
        for start in range(len(curve) - width + 1)
    ]


def learns(training: Curve, since: int) -> bool:
    """Whether the training loss fell after this step; without a curve of it, one must assume so."""
    before = [value for step, value in training if step <= since][-20:]
    after = [value for step, value in training if step > since][-20:]
    return not (before and after) or median(after) < median(before)


def sentences(advice: Advice, checkpoints: Sequence[Candidate], state: str) -> list[str]:
    best, last = advice.best, max(c.step for c in checkpoints)
    there = {c.step for c in checkpoints if c.is_there}
    said = [opening(advice, len(checkpoints), last, state)]
    said += [of_the_last(advice, last, state)] if best != last else overfitted(advice)
    said += [UNVALIDATED] if advice.basis == "train_loss" else []
    if best not in there:
        return [*said, of_what_is_left(advice, there)]
    return [*said, f"The service still has step {best:,}."] if best != last else said


def opening(advice: Advice, checkpoints: int, last: int, state: str) -> str:
    best, so_far = advice.best, "" if state in Job.ENDED else " so far"
    figure = f"{WORDS[advice.basis]} {shown(advice.values[best])}"
    if checkpoints == 1:
        return f"The only checkpoint{so_far} is step {best:,}: {figure}."
    if len(advice.ranked) == 1:
        return f"Only step {best:,} can be judged{so_far}: {figure}."
    alike = [step for step in advice.ranked[1:] if is_same(advice, step)]
    if alike:
        verb = "differs" if len(alike) == 1 else "differ"
        return f"Step {best:,} is best{so_far}: {figure}; {listed(alike)} hardly {verb} from it."
    if best == last and state in Job.ENDED:
        return f"{name_of_last(state)} is the best: {figure}."
    return f"Step {best:,} is best{so_far}: {figure}."


def listed(steps: Sequence[int]) -> str:
    """Three of them at most: 152, 171 and 247."""
    *others, last = [f"{step:,}" for step in sorted(steps)[:3]]
    return " and ".join([", ".join(others), last] if others else [last])


def name_of_last(state: str) -> str:
    """Only a job that has succeeded has made a model of its last checkpoint."""
    if state == Job.State.SUCCEEDED:
        return "The final model"
    return "The last checkpoint" if state in Job.ENDED else "The newest checkpoint"


def of_the_last(advice: Advice, last: int, state: str) -> str:
    what = name_of_last(state)
    if last not in advice.values:
        return f"{what} has no such figure."
    if is_same(advice, last):
        return f"{what} is as good." if not advice.worse_since else f"{what} is hardly worse."
    since = f" and overfits since step {advice.worse_since:,}" if advice.worse_since else ""
    return f"{what} is {worse(advice, last)}{since}."


def overfitted(advice: Advice) -> list[str]:
    return [f"It overfits since step {advice.worse_since:,}."] if advice.worse_since else []


def of_what_is_left(advice: Advice, there: set[int]) -> str:
    left = next((step for step in advice.ranked if step in there), None)
    if left is None:
        return "The service has none of them any more."
    gone = f"The service has dropped step {advice.best:,}"
    if is_same(advice, left):
        return f"{gone}; step {left:,} is left, and as good."
    return f"{gone}; the best that is left is step {left:,}, {worse(advice, left)}."


def worse(advice: Advice, step: int) -> str:
    best, value = advice.values[advice.best], advice.values[step]
    return f"{abs(value - best) / abs(best):.0%} worse" if best else "worse"


def is_same(advice: Advice, step: int) -> bool:
    """Whether this step cannot be told from the best one."""
    low = advice.values[advice.best]
    return abs(advice.values[step] - low) <= max(advice.band or 0.0, SAME * abs(low))


def shown(value: float) -> str:
    return f"{value:#.4g}".rstrip(".")
