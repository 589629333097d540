"""Jobs, with their events and checkpoints."""

from datetime import datetime
from typing import Self

from msgspec import Struct

from jobs.upstream.decoding import Json, storable
from jobs.upstream.fields import (
    identity,
    identity_or_digest,
    mapping,
    moment,
    sequence,
    text,
    thing,
    whole,
)
from jobs.upstream.metrics import numbers

LEVELS = {"": "info", "warning": "warn"}


class ErrorReply(Struct, frozen=True):
    code: str
    message: str
    param: str

    @classmethod
    def parse(cls, body: object) -> Self | None:
        """None for every way in which providers say that nothing went wrong."""
        error = body if isinstance(body, dict) else {"message": body}
        code, message = text(error.get("code")), text(error.get("message"))
        return cls(code, message, text(error.get("param"))) if code or message else None


class JobReply(Struct, frozen=True, kw_only=True):
    id: str
    status: str
    model: str
    created_at: datetime | None
    finished_at: datetime | None
    estimated_finish: datetime | None
    fine_tuned_model: str
    organization_id: str
    training_file: str
    validation_file: str
    result_files: tuple[str, ...]
    trained_tokens: int | None
    seed: int | None
    error: ErrorReply | None
    hyperparameters: Json
    method: str
    method_recipe: Json
    integrations: list[Json]
    metadata: dict[str, str]
    suffix: str
    raw: Json

    @classmethod
    def parse(cls, body: object) -> Self:
        raw: Json = storable(thing(body, "a job"))
        recipe = mapping(raw.get("method"))
        return cls(
            id=identity(raw, "a job"),
            status=text(raw.get("status")),
            model=text(raw.get("model")),
            created_at=moment(raw.get("created_at")),
            finished_at=moment(raw.get("finished_at")),
            estimated_finish=moment(raw.get("estimated_finish")),
            fine_tuned_model=text(raw.get("fine_tuned_model")),
            organization_id=text(raw.get("organization_id")),
            training_file=text(raw.get("training_file")),
            validation_file=text(raw.get("validation_file")),
            result_files=tuple(map(text, sequence(raw.get("result_files")))),
            trained_tokens=whole(raw.get("trained_tokens")),
            seed=whole(raw.get("seed")),
            error=ErrorReply.parse(raw.get("error")),
            hyperparameters=mapping(raw.get("hyperparameters")),
            method=text(recipe.get("type")) or "supervised",
            method_recipe=recipe,
            integrations=[item for item in sequence(raw.get("integrations")) if mapping(item)],
            metadata={key: text(value) for key, value in mapping(raw.get("metadata")).items()},
            suffix=text(raw.get("user_provided_suffix") or raw.get("suffix")),
            raw=raw,
        )


class EventReply(Struct, frozen=True, kw_only=True):
    id: str
    created_at: datetime | None
    level: str
    message: str
    type: str
    payload: Json
    step: int | None
    total_steps: int | None
    metrics: dict[str, float]

    @classmethod
    def parse(cls, body: object) -> Self:
        event = thing(body, "an event")
        level = text(event.get("level"))
        payload: Json = storable(mapping(event.get("data")))
        return cls(
            id=identity_or_digest(event),
            created_at=moment(event.get("created_at")),
            level=LEVELS.get(level, level),
            message=text(event.get("message")),
            type=text(event.get("type")),
            payload=payload,
            step=whole(payload.get("step")),
            total_steps=whole(payload.get("total_steps")),
            metrics=numbers(payload),
        )


class CheckpointReply(Struct, frozen=True, kw_only=True):
    id: str
    created_at: datetime | None
    step: int | None
    model: str
    metrics: dict[str, float]
    raw: Json

    @classmethod
    def parse(cls, body: object) -> Self:
        raw: Json = storable(thing(body, "a checkpoint"))
        measured = mapping(raw.get("metrics"))
        step = whole(raw.get("step_number"))
        return cls(
            id=identity_or_digest(raw),
            created_at=moment(raw.get("created_at")),
            step=whole(measured.get("step")) if step is None else step,
            model=text(raw.get("fine_tuned_model_checkpoint")),
            metrics=numbers(measured),
            raw=raw,
        )
