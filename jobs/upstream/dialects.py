"""What differs between services that speak the fine-tuning API: data, not code.

A new service is a new instance here. What they call a state is theirs; `State` is ours, and a
word that nobody has told us about is `unknown`, which is shown and polled on, never an end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    VALIDATING = "validating"
    QUEUED = "queued"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    RESUMING = "resuming"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


ENDED = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})

# Keys are lower case. The service answers words that its own schema does not list.
OPENAI_STATES = {
    "validating_files": State.VALIDATING,
    "queued": State.QUEUED,
    "running": State.RUNNING,
    "pausing": State.PAUSING,
    "paused": State.PAUSED,
    "resuming": State.RESUMING,
    "cancelling": State.CANCELLING,
    "canceling": State.CANCELLING,
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "cancelled": State.CANCELLED,
    "canceled": State.CANCELLED,
    "created": State.VALIDATING,
    "pending": State.QUEUED,
    "notrunning": State.QUEUED,
}

# Words of servers that follow the API with their own names for the states.
OTHER_STATES = {
    "validating": State.VALIDATING,
    "validated": State.QUEUED,
    "scheduled": State.QUEUED,
    "started": State.RUNNING,
    "in_progress": State.RUNNING,
    "cancel_requested": State.CANCELLING,
    "cancellation_requested": State.CANCELLING,
    "success": State.SUCCEEDED,
    "completed": State.SUCCEEDED,
    "failed_validation": State.FAILED,
    "error": State.FAILED,
}


class Feature(StrEnum):
    """What a service may lack."""

    PAUSE = "pause"  # and resume
    METHOD = "method"  # a choice: else it trains in one way, and is not told which
    METADATA = "metadata"
    INTEGRATIONS = "integrations"
    PERMISSIONS = "permissions"
    GRADERS = "graders"  # on trial, without a job
    UPLOADS = "uploads"  # in parts
    MODEL_DELETION = "model_deletion"


METHODS = ("supervised", "dpo", "reinforcement")


# Compared and hashed by identity: a dialect is one of the instances below.
@dataclass(frozen=True, slots=True, eq=False)
class Dialect:
    """`root` is the part of the path that the base URL may leave out.

    `newest_first` is the order of events and checkpoints: where it is false, reading may not
    stop at the first known one. `watch_every` is how often, in seconds, it may be asked for
    news while somebody looks. `hyperparameters` are the names that it takes, never as "auto";
    None stands for OpenAI's.
    """

    name: str
    label: str
    key_header: str = "Authorization"
    key_prefix: str = "Bearer "
    root: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    jobs_path: str = "fine_tuning/jobs"
    files_path: str = "files"
    models_path: str = "models"
    newest_first: bool = True
    watch_every: float = 3.0
    states: Mapping[str, State] = field(default_factory=lambda: OPENAI_STATES)
    lacks: frozenset[Feature] = frozenset()
    methods: tuple[str, ...] = METHODS
    hyperparameters: frozenset[str] | None = None
    longest_suffix: int = 64

    def state_of(self, status: str) -> State:
        return self.states.get(status.strip().lower(), State.UNKNOWN)

    def key_headers(self, api_key: str) -> dict[str, str]:
        return {self.key_header: self.key_prefix + api_key}


OPENAI = Dialect("openai", "OpenAI")
AZURE = Dialect(
    "azure",
    "Azure OpenAI (dated API)",
    key_header="api-key",
    key_prefix="",
    root="openai",
    query={"api-version": "2024-10-21"},
    newest_first=False,
    lacks=frozenset(Feature) - {Feature.UPLOADS},
    methods=("supervised",),
    hyperparameters=frozenset({"n_epochs", "batch_size", "learning_rate_multiplier"}),
    longest_suffix=40,
)
AZURE_V1 = Dialect(
    "azure_v1",
    "Azure OpenAI (v1 API)",
    key_header="api-key",
    key_prefix="",
    root="openai/v1",
    newest_first=False,
)
NEBIUS = Dialect(
    "nebius",
    "Nebius Token Factory",
    lacks=frozenset(Feature) - {Feature.METHOD, Feature.INTEGRATIONS},
    methods=("supervised",),
    hyperparameters=frozenset(
        {
            *("n_epochs", "batch_size", "learning_rate", "warmup_ratio", "weight_decay"),
            *("lora", "lora_r", "lora_alpha", "lora_dropout"),
            *("packing", "max_grad_norm", "context_length"),
        }
    ),
)
GENERIC = Dialect(
    "generic",
    "OpenAI-compatible server",
    watch_every=0.8,  # mostly one's own
    states=OPENAI_STATES | OTHER_STATES,
)

DIALECTS = {each.name: each for each in (OPENAI, AZURE, AZURE_V1, NEBIUS, GENERIC)}
