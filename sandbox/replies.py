"""Records -> the service's JSON objects. Says how things look, not what they are."""

from sandbox.catalog import BASES, ORGANIZATION, ORGANIZATION_NAME, BaseModel
from sandbox.files import is_ready
from sandbox.quirks import Quirk, Quirks
from sandbox.records import (
    Checkpoint,
    Endpoint,
    Event,
    File,
    Job,
    Json,
    Model,
    Part,
    Permission,
    Upload,
)


def job_reply(job: Job) -> Json:
    return {
        "object": "fine_tuning.job",
        "id": job.id,
        "model": job.model,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "fine_tuned_model": job.fine_tuned_model,
        "organization_id": ORGANIZATION,
        "result_files": [job.result_file] if job.result_file else [],
        "status": job.status,
        "validation_file": job.validation_file,
        "training_file": job.training_file,
        "hyperparameters": job.hyperparameters if job.method == "supervised" else {},
        "trained_tokens": job.trained_tokens,
        "error": job.error,
        "user_provided_suffix": job.suffix,
        "seed": job.seed,
        "estimated_finish": job.estimated_finish if job.status == "running" else None,
        "integrations": [_integration(job, item) for item in job.integrations],
        "metadata": job.metadata,
        "usage_metrics": None,
        "shared_with_openai": False,
        "eval_id": None,
        "method": {"type": job.method, job.method: _method(job)},
    }


def event_reply(event: Event) -> Json:
    return {
        "object": "fine_tuning.job.event",
        "id": event.id,
        "created_at": event.created_at,
        "level": event.level,
        "message": event.message,
        "data": event.data or {},
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


def file_reply(file: File, quirks: Quirks) -> Json:
    expiry = {} if file.expires_at is None else {"expires_at": file.expires_at}
    return {
        "object": "file",
        "id": file.id,
        "purpose": _purpose(file, quirks),
        "filename": file.filename,
        "bytes": file.bytes,
        "created_at": file.created_at,
        "status": "processed" if is_ready(file, quirks) else "uploaded",
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


def upload_reply(upload: Upload, file: Json | None = None) -> Json:
    """With the file's own reply as soon as there is a file."""
    finished = {} if file is None else {"file": file}
    return {
        "object": "upload",
        "id": upload.id,
        "created_at": upload.created_at,
        "filename": upload.filename,
        "bytes": upload.bytes,
        "purpose": upload.purpose,
        "status": upload.status,
        "expires_at": upload.expires_at,
        **finished,
    }


def part_reply(part: Part) -> Json:
    return {
        "object": "upload.part",
        "id": part.id,
        "created_at": part.created_at,
        "upload_id": part.upload_id,
    }


def endpoint_reply(endpoint: Endpoint) -> Json:
    return {
        "object": "webhook_endpoint",
        "id": endpoint.id,
        "created_at": endpoint.created_at,
        "updated_at": endpoint.updated_at,
        "name": endpoint.name,
        "url": endpoint.url,
        "event_types": endpoint.event_types,
        "signing_secret_hint": f"...{endpoint.secret[-4:]}",
    }


def endpoint_reply_with_secret(endpoint: Endpoint) -> Json:
    return {**endpoint_reply(endpoint), "signing_secret": endpoint.secret}


def permission_reply(permission: Permission) -> Json:
    return {
        "object": "checkpoint.permission",
        "id": permission.id,
        "created_at": permission.created_at,
        "project_id": permission.project_id,
    }


def _purpose(file: File, quirks: Quirks) -> str:
    is_unspeakable = file.purpose == "evals" and Quirk.EVALS_PURPOSE not in quirks
    return "user_data" if is_unspeakable else file.purpose


def _integration(job: Job, item: Json) -> Json:
    return {**item, "wandb": {**item["wandb"], "run_id": job.id}}


def _method(job: Job) -> Json:
    method: Json = {"hyperparameters": job.hyperparameters}
    if job.method == "reinforcement":
        method |= {"grader": job.grader, "response_format": job.response_format}
    return method
