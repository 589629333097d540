"""Records -> the service's JSON objects. Says how things look, not what they are."""

from typing import Any

from sandbox.catalog import BASES, ORGANIZATION, ORGANIZATION_NAME, BaseModel
from sandbox.quirks import Quirk, Quirks
from sandbox.records import Checkpoint, Event, File, Job, Json, Model, Permission

NO_ERROR = {"code": None, "message": None, "param": None}
SCHEMA_WORDS = {"pausing": "running", "paused": "queued"}


def job_reply(job: Job, quirks: Quirks) -> Json:
    return {
        "object": "fine_tuning.job",
        "id": job.id,
        "model": job.model,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "fine_tuned_model": job.fine_tuned_model,
        "organization_id": ORGANIZATION,
        "result_files": [job.result_file] if job.result_file else [],
        "status": _status(job, quirks),
        "validation_file": job.validation_file,
        "training_file": job.training_file,
        "hyperparameters": _top_level_hyperparameters(job, quirks),
        "trained_tokens": job.trained_tokens,
        "error": _error(job, quirks),
        "user_provided_suffix": job.suffix,
        "seed": job.seed,
        "estimated_finish": job.estimated_finish if job.status == "running" else None,
        "integrations": [_integration(job, item) for item in job.integrations],
        "metadata": job.metadata,
        "usage_metrics": None,
        "shared_with_openai": False,
        "eval_id": None,
        "method": {
            "type": job.method,
            job.method: {"hyperparameters": job.hyperparameters},
        },
    }


def event_reply(event: Event, quirks: Quirks) -> Json:
    started = event.message == "Fine-tuning job started"
    nothing: Json | None = None if started and Quirk.NULL_DATA in quirks else {}
    return {
        "object": "fine_tuning.job.event",
        "id": event.id,
        "created_at": event.created_at,
        "level": event.level,
        "message": event.message,
        "data": event.data or nothing,
        "type": event.type,
    }


def checkpoint_reply(checkpoint: Checkpoint) -> Json:
    return {
        "object": "fine_tuning.job.checkpoint",
        "id": checkpoint.id,
        "created_at": checkpoint.created_at,
        "fine_tuned_model_checkpoint": checkpoint.model,
        "fine_tuning_job_id": checkpoint.job_id,
        "metrics": checkpoint.metrics,
        "step_number": checkpoint.step,
    }


def file_reply(file: File) -> Json:
    expiry = {} if file.expires_at is None else {"expires_at": file.expires_at}
    return {
        "object": "file",
        "id": file.id,
        "purpose": file.purpose,
        "filename": file.filename,
        "bytes": file.bytes,
        "created_at": file.created_at,
        "status": "processed",
        **expiry,
    }


def base_model_reply(base: BaseModel) -> Json:
    return {
        "id": base.id,
        "object": "model",
        "created": base.created,
        "owned_by": base.owned_by,
        "shutdown_date": base.shutdown_date,
    }


def model_reply(model: Model) -> Json:
    """A fine-tuned model goes when its base goes."""
    return {
        "id": model.id,
        "object": "model",
        "created": model.created_at,
        "owned_by": ORGANIZATION_NAME,
        "shutdown_date": BASES[model.base].shutdown_date,
    }


def permission_reply(permission: Permission) -> Json:
    return {
        "object": "checkpoint.permission",
        "id": permission.id,
        "created_at": permission.created_at,
        "project_id": permission.project_id,
    }


def _status(job: Job, quirks: Quirks) -> str:
    if Quirk.SCHEMA_STATUS in quirks:
        return SCHEMA_WORDS.get(job.status, job.status)
    return job.status


def _top_level_hyperparameters(job: Job, quirks: Quirks) -> Json | None:
    if job.method == "supervised":
        return job.hyperparameters
    return None if Quirk.NULL_HYPERPARAMETERS in quirks else {}


def _error(job: Job, quirks: Quirks) -> Any:
    if job.error is not None:
        return job.error
    if Quirk.ERROR_NULLS in quirks:
        return NO_ERROR
    return {} if Quirk.ERROR_EMPTY in quirks else None


def _integration(job: Job, item: Json) -> Json:
    return {**item, "wandb": {**item["wandb"], "run_id": job.id}}
