"""The table of a job's checkpoints: the figures that they have, the best one marked, advice in words."""

from collections.abc import Sequence
from typing import Any

from jobs import advisor, sharing
from jobs.models import Checkpoint, Job

LABELS = {
    "train_loss": "Training loss",
    "valid_loss": "Validation (batch)",
    "full_valid_loss": "Validation (full)",
    "train_mean_reward": "Training reward",
    "full_valid_mean_reward": "Validation reward",
    "train_reward_margin": "Reward margin",
    "completion_tokens_mean": "Tokens",
}


def checkpoints_context(job: Job) -> dict[str, Any]:
    checkpoints = list(job.checkpoints.all())
    advice = advisor.of_job(job, checkpoints)
    table = rows(checkpoints, advice)
    return {
        "job": job,
        "checkpoints": checkpoints,
        "advice": advice,
        "chosen": next((each for each, _, mark in table if mark and each.is_shareable), None),
        "rows": table,
        "labels": [LABELS[name] for name in columns(checkpoints)],
        "has_gap": any(checkpoint.gap is not None for checkpoint in checkpoints),
        "has_accuracy": any(checkpoint.accuracy is not None for checkpoint in checkpoints),
        "shares": sharing.is_offered(job.account),
    }


def columns(checkpoints: Sequence[Checkpoint]) -> list[str]:
    """The figures that at least one of them has."""
    return [name for name in LABELS if any(name in each.metrics for each in checkpoints)]


def rows(
    checkpoints: Sequence[Checkpoint], advice: advisor.Advice | None
) -> list[tuple[Checkpoint, list[float | None], str]]:
    """(checkpoint, its figures, "best", "best left" or nothing)."""
    names, marks = columns(checkpoints), advisor.marks(advice, checkpoints)
    return [
        (each, [each.metrics.get(name) for name in names], marks.get(each.pk, ""))
        for each in checkpoints
    ]
