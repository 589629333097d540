"""What the API said, as frozen replies. `parse` bears whatever providers really send.

Only `id` cannot be missing; events and checkpoints without one get an id that follows from their
content, and a grade has none. Everything else has an empty value. `raw` and `payload` are the
provider's words, kept whole: what we do not understand today is not lost.
"""

from jobs.upstream.schemas.files import FileReply, PartReply, UploadReply
from jobs.upstream.schemas.grades import GradeReply
from jobs.upstream.schemas.jobs import CheckpointReply, ErrorReply, EventReply, JobReply
from jobs.upstream.schemas.models import ModelReply, PermissionReply

__all__ = [
    "CheckpointReply",
    "ErrorReply",
    "EventReply",
    "FileReply",
    "GradeReply",
    "JobReply",
    "ModelReply",
    "PartReply",
    "PermissionReply",
    "UploadReply",
]
