"""What the sandbox remembers, one frozen record per row. `store` reads and writes them.

`seq` is the order in which rows were added: lists go by it, newest first.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

Json = dict[str, Any]

ENDED = frozenset({"succeeded", "failed", "cancelled"})


@dataclass(frozen=True, kw_only=True)
class Record:
    table: ClassVar[str]
    id: str
    created_at: int
    seq: int = 0


@dataclass(frozen=True, kw_only=True)
class File(Record):
    table = "files"
    filename: str
    purpose: str
    bytes: int
    expires_at: int | None = None


@dataclass(frozen=True, kw_only=True)
class Upload(Record):
    """A file that comes in parts."""

    table = "uploads"
    filename: str
    purpose: str
    bytes: int
    keep: int | None
    """For how many seconds the file is to be kept once it is there."""
    status: str
    expires_at: int


@dataclass(frozen=True, kw_only=True)
class Part(Record):
    table = "parts"
    upload_id: str
    bytes: int


@dataclass(frozen=True, kw_only=True)
class Job(Record):
    table = "jobs"
    status: str
    model: str
    base: str
    method: str
    hyperparameters: Json
    training_file: str
    validation_file: str | None = None
    suffix: str | None = None
    seed: int
    metadata: dict[str, str] | None = None
    integrations: list[Json] = field(default_factory=list)
    grader: Json | None = None
    response_format: Json | None = None
    examples: int | None = None
    """How many examples the training file holds; null until it was checked."""
    snapshot_step: int = 0
    """The newest step whose weights are on disk: where a restart goes on."""
    estimated_finish: int | None = None
    finished_at: int | None = None
    fine_tuned_model: str | None = None
    trained_tokens: int | None = None
    result_file: str | None = None
    error: Json | None = None

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED


@dataclass(frozen=True, kw_only=True)
class Event(Record):
    table = "events"
    job_id: str
    level: str
    message: str
    type: str
    step: int | None = None
    data: Json | None = None


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Record):
    table = "checkpoints"
    job_id: str
    step: int
    model: str
    metrics: Json


@dataclass(frozen=True, kw_only=True)
class Model(Record):
    """A model that a job made: its weights are the snapshot of that step."""

    table = "models"
    job_id: str
    step: int
    base: str


@dataclass(frozen=True, kw_only=True)
class Endpoint(Record):
    """Somebody who wants to be told of events by webhook."""

    table = "webhook_endpoints"
    name: str
    url: str
    event_types: list[str]
    updated_at: int
    secret: str
    old_secret: str | None = None
    old_secret_until: int | None = None


@dataclass(frozen=True, kw_only=True)
class Delivery(Record):
    """A webhook that has not reached its endpoint yet."""

    table = "deliveries"
    endpoint_id: str
    body: str
    attempts: int = 0
    due_at: float


@dataclass(frozen=True, kw_only=True)
class Permission(Record):
    """A project that may use a model."""

    table = "permissions"
    model: str
    project_id: str
