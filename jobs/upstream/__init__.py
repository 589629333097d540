"""The wire: a client of the fine-tuning API and its vocabulary. Pure Python, knows no Django."""

from jobs.upstream.client import PATIENCE, FineTuningClient
from jobs.upstream.dialects import (
    AZURE,
    AZURE_V1,
    DIALECTS,
    ENDED,
    GENERIC,
    NEBIUS,
    OPENAI,
    Dialect,
    Feature,
    State,
)
from jobs.upstream.errors import (
    Malformed,
    RateLimited,
    Rejected,
    Unreachable,
    Unsent,
    UpstreamError,
)
from jobs.upstream.exchanges import Exchange
from jobs.upstream.limits import RateLimit
from jobs.upstream.results import Results, plain_csv, read_results
from jobs.upstream.schemas import (
    CheckpointReply,
    ErrorReply,
    EventReply,
    FileReply,
    GradeReply,
    JobReply,
    ModelReply,
    PartReply,
    PermissionReply,
    UploadReply,
)

__all__ = [
    "AZURE",
    "AZURE_V1",
    "DIALECTS",
    "ENDED",
    "GENERIC",
    "NEBIUS",
    "OPENAI",
    "PATIENCE",
    "CheckpointReply",
    "Dialect",
    "ErrorReply",
    "EventReply",
    "Exchange",
    "Feature",
    "FileReply",
    "FineTuningClient",
    "GradeReply",
    "JobReply",
    "Malformed",
    "ModelReply",
    "PartReply",
    "PermissionReply",
    "RateLimit",
    "RateLimited",
    "Rejected",
    "Results",
    "State",
    "Unreachable",
    "Unsent",
    "UploadReply",
    "UpstreamError",
    "plain_csv",
    "read_results",
]
