"""What answers hold: objects, lists of them, and the refusal."""

from sandbox.openapi.words import (
    COUNT,
    FLAG,
    INTEGER,
    MOMENT,
    NULL,
    NUMBER,
    SOME_TEXT,
    TEXT,
    Schema,
    any_of,
    integer,
    named,
    one_of,
    or_null,
    record,
    ref,
    several,
    text,
    word,
)

STATUSES = (
    *("validating_files", "queued", "running", "pausing", "paused"),
    *("succeeded", "failed", "cancelled"),
)
HELD_PURPOSES = ("assistants", "batch", "fine-tune", "fine-tune-results", "vision", "user_data")
EVENT_TYPES = tuple(f"fine_tuning.job.{end}" for end in ("succeeded", "failed", "cancelled"))


def thing(kind: str, needed: Schema, optional: Schema | None = None) -> Schema:
    return record({"object": word(kind), "id": SOME_TEXT, **needed}, optional)


def page(of: str) -> Schema:
    return record({"object": word("list"), "data": several(ref(of)), "has_more": FLAG})


def page_with_ends(of: str, end: Schema) -> Schema:
    ends = {"first_id": end, "last_id": end}
    listed = {"object": word("list"), "data": several(ref(of)), "has_more": FLAG}
    return record({**listed, **ends})


def deleted(kind: str) -> Schema:
    return thing(kind, {"deleted": {"const": True}})


ERROR = record(
    {"message": SOME_TEXT, "type": SOME_TEXT, "param": or_null(TEXT), "code": or_null(TEXT)}
)

JOB = thing(
    "fine_tuning.job",
    {
        "model": SOME_TEXT,
        "created_at": MOMENT,
        "finished_at": or_null(MOMENT),
        "fine_tuned_model": or_null(SOME_TEXT),
        "organization_id": SOME_TEXT,
        "result_files": several(SOME_TEXT, most=1),
        "status": word(*STATUSES),
        "validation_file": or_null(SOME_TEXT),
        "training_file": SOME_TEXT,
        "hyperparameters": any_of(ref("SupervisedHyperparameters"), record({})),
        "trained_tokens": or_null(COUNT),
        "error": or_null(record({"code": TEXT, "message": TEXT, "param": or_null(TEXT)})),
        "user_provided_suffix": or_null(text(1, 64)),
        "seed": integer(0, 2_147_483_647),
        "estimated_finish": or_null(MOMENT),
        "integrations": several(ref("Integration"), most=5),
        "metadata": or_null(ref("Metadata")),
        "usage_metrics": NULL,
        "shared_with_openai": FLAG,
        "eval_id": NULL,
        "method": one_of(
            *(
                record({"type": word(kind), kind: ref(settings)})
                for kind, settings in (
                    ("supervised", "SupervisedMethod"),
                    ("dpo", "PreferenceMethod"),
                    ("reinforcement", "ReinforcementMethod"),
                )
            )
        ),
    },
)

WANDB = record(
    {
        "project": TEXT,
        "name": or_null(TEXT),
        "entity": or_null(TEXT),
        "tags": several(TEXT),
        "run_id": SOME_TEXT,
    }
)

EVENT_CORE = {
    "created_at": MOMENT,
    "level": word("info", "warn", "error"),
    "message": SOME_TEXT,
}
MESSAGE = thing(
    "fine_tuning.job.event",
    {
        **EVENT_CORE,
        "type": word("message"),
        "data": any_of(record({}), record({"error_code": TEXT, "error_param": or_null(TEXT)})),
    },
)
STEP = thing(
    "fine_tuning.job.event",
    {
        **EVENT_CORE,
        "type": word("metrics"),
        "data": record({"step": integer(1), "total_steps": integer(1)}, is_open=True),
    },
)

CHECKPOINT = thing(
    "fine_tuning.job.checkpoint",
    {
        "created_at": MOMENT,
        "fine_tuned_model_checkpoint": SOME_TEXT,
        "fine_tuning_job_id": SOME_TEXT,
        "metrics": named(NUMBER),
        "step_number": integer(1),
    },
)

FILE = thing(
    "file",
    {
        "purpose": word(*HELD_PURPOSES),
        "filename": TEXT,
        "bytes": COUNT,
        "created_at": MOMENT,
        "status": word("processed"),
    },
    {"expires_at": MOMENT},
)

UPLOAD = thing(
    "upload",
    {
        "created_at": MOMENT,
        "filename": SOME_TEXT,
        "bytes": integer(1),
        "purpose": word("assistants", "batch", "fine-tune", "vision"),
        "status": word("pending", "completed", "cancelled", "expired"),
        "expires_at": MOMENT,
    },
    {"file": ref("File")},
)

ENDPOINT = {
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "name": SOME_TEXT,
    "url": SOME_TEXT,
    "event_types": several(word(*EVENT_TYPES), least=1),
    "signing_secret_hint": SOME_TEXT,
}

SCHEMAS: Schema = {
    "Error": record({"error": ERROR}),
    "Job": JOB,
    "Integration": record({"type": word("wandb"), "wandb": WANDB}),
    "Metadata": {**named(text(most=512)), "maxProperties": 16, "propertyNames": text(most=64)},
    "Event": one_of(MESSAGE, STEP),
    "Checkpoint": CHECKPOINT,
    "File": FILE,
    "Upload": UPLOAD,
    "Part": thing("upload.part", {"created_at": MOMENT, "upload_id": SOME_TEXT}),
    "Model": thing(
        "model",
        {
            "created": MOMENT,
            "owned_by": SOME_TEXT,
            "shutdown_date": or_null({"type": "string", "format": "date"}),
        },
    ),
    "Permission": thing("checkpoint.permission", {"created_at": MOMENT, "project_id": SOME_TEXT}),
    "Endpoint": thing("webhook_endpoint", ENDPOINT),
    "EndpointWithSecret": thing("webhook_endpoint", {**ENDPOINT, "signing_secret": SOME_TEXT}),
    "Trial": record(
        {
            "object": word("webhook_endpoint.test"),
            "webhook_endpoint_id": SOME_TEXT,
            "event_type": word(*EVENT_TYPES),
            "status_code": INTEGER,
            "success": {"const": True},
        }
    ),
    "Jobs": page("Job"),
    "Events": page("Event"),
    "Checkpoints": page_with_ends("Checkpoint", or_null(SOME_TEXT)),
    "Files": page_with_ends("File", TEXT),
    "Models": record({"object": word("list"), "data": several(ref("Model"))}),
    "Permissions": page_with_ends("Permission", or_null(SOME_TEXT)),
    "Endpoints": page_with_ends("Endpoint", or_null(SOME_TEXT)),
    "EventTypes": record({"object": word("list"), "data": several(word(*EVENT_TYPES))}),
    "WebhookEvent": thing(
        "event",
        {
            "created_at": MOMENT,
            "type": word(*EVENT_TYPES),
            "data": record({"id": SOME_TEXT}),
        },
    ),
    "DeletedFile": deleted("file"),
    "DeletedModel": deleted("model"),
    "DeletedPermission": deleted("checkpoint.permission"),
    "DeletedEndpoint": deleted("webhook_endpoint.deleted"),
}
