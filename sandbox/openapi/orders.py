"""What requests bring. Where the sandbox takes null for nothing, so does the document."""

from sandbox.openapi.things import EVENT_TYPES
from sandbox.openapi.words import (
    BYTES,
    FLAG,
    OBJECT,
    SOME_TEXT,
    TEXT,
    Schema,
    above,
    any_of,
    integer,
    one_of,
    or_null,
    record,
    ref,
    several,
    text,
    word,
)

PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
IN_PARTS = ("assistants", "batch", "fine-tune", "vision")
GIGABYTE = 1024**3
EXPIRY = record({"anchor": word("created_at"), "seconds": integer(3600, 2_592_000)})


def auto(schema: Schema) -> Schema:
    return or_null(any_of(word("auto"), schema))


SUPERVISED = {
    "n_epochs": auto(integer(1, 50)),
    "batch_size": auto(integer(1, 256)),
    "learning_rate_multiplier": auto(above(0)),
}
PREFERENCE = {**SUPERVISED, "beta": auto(above(0, 2))}
REINFORCEMENT = {
    **SUPERVISED,
    "reasoning_effort": or_null(word("default", "low", "medium", "high")),
    "compute_multiplier": auto(above(0.00001, 10)),
    "eval_interval": auto(integer(1)),
    "eval_samples": auto(integer(1)),
}


def method(needed: Schema, hyperparameters: str) -> Schema:
    return record(needed, {"hyperparameters": or_null(ref(hyperparameters))})


def order_of(kind: str, settings: str) -> Schema:
    if kind == "reinforcement":
        return record({"type": word(kind), kind: ref(settings)})
    return record({"type": word(kind)}, {kind: or_null(ref(settings))})


WANDB = record(
    {"project": TEXT},
    {
        "name": or_null(TEXT),
        "entity": or_null(TEXT),
        "tags": several(TEXT),
        "run_id": TEXT,
    },
)

SCHEMAS: Schema = {
    "Nothing": record({}),
    "SupervisedHyperparameters": record({}, SUPERVISED),
    "PreferenceHyperparameters": record({}, PREFERENCE),
    "ReinforcementHyperparameters": record({}, REINFORCEMENT),
    "SupervisedMethod": method({}, "SupervisedHyperparameters"),
    "PreferenceMethod": method({}, "PreferenceHyperparameters"),
    "ReinforcementMethod": record(
        {"grader": ref("Grader")},
        {
            "hyperparameters": or_null(ref("ReinforcementHyperparameters")),
            "response_format": or_null(OBJECT),
        },
    ),
    "JobOrder": record(
        {"model": SOME_TEXT, "training_file": SOME_TEXT},
        {
            "validation_file": or_null(SOME_TEXT),
            "method": or_null(
                one_of(
                    order_of("supervised", "SupervisedMethod"),
                    order_of("dpo", "PreferenceMethod"),
                    order_of("reinforcement", "ReinforcementMethod"),
                )
            ),
            "hyperparameters": {**or_null(ref("SupervisedHyperparameters")), "deprecated": True},
            "suffix": or_null(text(1, 64)),
            "seed": or_null(integer(0, 2_147_483_647)),
            "integrations": or_null(
                several(record({"type": word("wandb"), "wandb": WANDB}), most=5)
            ),
            "metadata": or_null(ref("Metadata")),
        },
    ),
    "FileForm": record(
        {"file": BYTES, "purpose": word(*PURPOSES)},
        {
            "expires_after[anchor]": word("created_at"),
            "expires_after[seconds]": integer(3600, 2_592_000),
        },
    ),
    "UploadOrder": record(
        {
            "filename": SOME_TEXT,
            "purpose": word(*IN_PARTS),
            "bytes": integer(1, 8 * GIGABYTE),
            "mime_type": SOME_TEXT,
        },
        {"expires_after": or_null(EXPIRY)},
    ),
    "PartForm": record({"data": BYTES}),
    "UploadParts": record({"part_ids": several(SOME_TEXT, least=1)}, {"md5": or_null(SOME_TEXT)}),
    "PermissionOrder": record({"project_ids": several(SOME_TEXT, least=1)}),
    "GraderRun": record({"grader": ref("Grader"), "model_sample": TEXT}, {"item": OBJECT}),
    "GraderCheck": record({"grader": ref("Grader")}),
    "EndpointOrder": record(
        {
            "name": SOME_TEXT,
            "url": {"type": "string", "format": "uri", "pattern": "^https?://"},
            "event_types": several(word(*EVENT_TYPES), least=1),
        }
    ),
    "EndpointChange": record(
        {},
        {
            "name": or_null(SOME_TEXT),
            "url": or_null({"type": "string", "format": "uri", "pattern": "^https?://"}),
            "event_types": or_null(several(word(*EVENT_TYPES), least=1)),
        },
    ),
    "Rotation": record({}, {"keep_old_secret_active_for_24_hours": or_null(FLAG)}),
    "TrialOrder": record({"event_type": word(*EVENT_TYPES)}),
}
