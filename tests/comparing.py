"""Jobs that are worth comparing: ended, with a curve, a checkpoint and a recipe."""

from datetime import timedelta
from typing import Any

from jobs.models import Checkpoint, Job
from jobs.sync.telemetry import store_points
from tests.making import BORN, make_job


def trained(name: str, *, epochs: int = 3, loss: float = 0.8, **given: Any) -> Job:
    """A job that has ended, with a curve and a checkpoint."""
    defaults: dict[str, Any] = {
        "name": name,
        "state": Job.State.SUCCEEDED,
        "method": "supervised",
        "hyperparameters": {"n_epochs": epochs, "batch_size": 4},
        "best_loss": loss,
        "best_loss_name": "valid_loss",
        "best_step": 20,
        "step": 20,
        "total_steps": 20,
        "trained_tokens": 2000,
        "started_at": BORN,
        "stepped_at": BORN + timedelta(minutes=20),
        "ended_at": BORN + timedelta(minutes=20),
    }
    job = make_job(**defaults | given)
    store_points(job, {"valid_loss": {step: loss + 1 / step for step in range(1, 21)}})
    Checkpoint.objects.create(
        job=job,
        upstream_id=f"c-{name}",
        step=20,
        model=f"ft:x:{name}",
        metrics={"valid_loss": loss, "train_loss": loss / 2},
    )
    return job
