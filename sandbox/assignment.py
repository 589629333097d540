"""What a trainer is told to do: the first line of its stdin, written by `runner`."""

from dataclasses import dataclass
from pathlib import Path

from sandbox.records import Json


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
    reasoning_effort: str = "default"
    compute_multiplier: float = 1.0
    eval_interval: int | None = None
    """None: once an epoch."""
    eval_samples: int = 1
    grader: Json | None = None
    seed: int
    snapshot_step: int
    """The step to go on from; 0 is the start."""
    told_step: int
    """The newest step that was told before: up to there the work is repeated in silence."""
    pace: float

    @property
    def origin(self) -> Path:
        return Path(self.folder) / "origin.npz"

    def snapshot(self, step: int) -> Path:
        return Path(self.folder) / f"step-{step}.npz"
