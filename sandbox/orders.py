"""Read the body of POST /fine_tuning/jobs: a complete order, or the field that is wrong."""

import secrets
from dataclasses import dataclass
from typing import Any

from sandbox.bodies import optional_text, refuse_extra, required, text
from sandbox.errors import ApiError
from sandbox.graders import read as read_grader
from sandbox.hyperparameters import CHECKS, checked
from sandbox.records import Json

MOST_SEED = 2_147_483_647
MOST_PAIRS = 16
FIELDS = frozenset(
    {
        "model",
        "training_file",
        "validation_file",
        "method",
        "hyperparameters",
        "suffix",
        "seed",
        "integrations",
        "metadata",
    }
)
METHOD_FIELDS = {
    "supervised": frozenset({"hyperparameters"}),
    "dpo": frozenset({"hyperparameters"}),
    "reinforcement": frozenset({"hyperparameters", "grader", "response_format"}),
}
WANDB_FIELDS = frozenset({"project", "name", "entity", "tags", "run_id"})


@dataclass(frozen=True, kw_only=True)
class Method:
    method: str
    hyperparameters: Json
    grader: Json | None = None
    response_format: Json | None = None


@dataclass(frozen=True, kw_only=True)
class Order(Method):
    model: str
    training_file: str
    validation_file: str | None
    suffix: str | None
    seed: int
    integrations: list[Json]
    metadata: dict[str, str] | None


def read_order(body: Json) -> Order:
    refuse_extra(body, FIELDS)
    return Order(
        model=text(body, "model"),
        training_file=text(body, "training_file"),
        validation_file=optional_text(body, "validation_file"),
        suffix=_suffix(body),
        seed=_seed(body.get("seed")),
        integrations=_integrations(body.get("integrations")),
        metadata=_metadata(body.get("metadata")),
        **vars(_method(body)),
    )


def _method(body: Json) -> Method:
    """`method`, with the deprecated top-level hyperparameters where it gives none."""
    deprecated = body.get("hyperparameters")
    method = body.get("method")
    if method is None:
        return Method(method="supervised", hyperparameters=checked(deprecated, "supervised"))
    if not isinstance(method, dict):
        raise ApiError("invalid method: must be an object", param="method")
    kind = method.get("type")
    if not isinstance(kind, str) or kind not in CHECKS:
        known = ", ".join(sorted(CHECKS))
        raise ApiError(f"invalid method.type: {kind!r}, it must be one of {known}", param="method")
    refuse_extra(method, {"type", kind})
    settings = _object(method, kind) or {}
    refuse_extra(settings, METHOD_FIELDS[kind])
    given = settings.get("hyperparameters")
    hyperparameters = checked(deprecated if given is None else given, kind)
    if kind != "reinforcement":
        return Method(method=kind, hyperparameters=hyperparameters)
    return Method(
        method=kind,
        hyperparameters=hyperparameters,
        grader=_grader(settings),
        response_format=_object(settings, "response_format"),
    )


def _object(given: Json, key: str) -> Json | None:
    value = given.get(key)
    if value is not None and not isinstance(value, dict):
        raise ApiError(f"invalid {key}: must be an object", param=key)
    return value


def _grader(settings: Json) -> Json:
    """Read now, so that a wrong one is refused; the trainer reads it again and uses it."""
    return read_grader(required(settings, "grader")).spec


def _suffix(body: Json) -> str | None:
    suffix = optional_text(body, "suffix")
    if suffix is not None and len(suffix) > 64:
        raise ApiError("invalid suffix: must have 1 to 64 characters", param="suffix")
    return suffix


def _seed(seed: Any) -> int:
    if seed is None:
        return secrets.randbelow(MOST_SEED + 1)
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= MOST_SEED:
        raise ApiError(f"invalid seed: must be an integer from 0 to {MOST_SEED}", param="seed")
    return seed


def _metadata(metadata: Any) -> dict[str, str] | None:
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or len(metadata) > MOST_PAIRS:
        message = f"invalid metadata: must be an object of at most {MOST_PAIRS} pairs"
        raise ApiError(message, param="metadata")
    for key, value in metadata.items():
        if not isinstance(value, str):
            raise ApiError(f"invalid metadata: '{key}' must be a string", param="metadata")
        if len(key) > 64 or len(value) > 512:
            message = "invalid metadata: keys have at most 64, values at most 512 characters"
            raise ApiError(message, param="metadata")
    return metadata


def _integrations(integrations: Any) -> list[Json]:
    """Checked and echoed; nothing is ever sent to the integration."""
    if integrations is None:
        return []
    if not isinstance(integrations, list) or len(integrations) > 5:
        raise ApiError("invalid integrations: must be a list of at most 5", param="integrations")
    return [_integration(item) for item in integrations]


def _integration(item: Any) -> Json:
    if not isinstance(item, dict) or item.get("type") != "wandb":
        raise ApiError("invalid integrations: type must be 'wandb'", param="integrations")
    refuse_extra(item, {"type", "wandb"})
    settings = item.get("wandb")
    if not isinstance(settings, dict) or not isinstance(settings.get("project"), str):
        raise ApiError("invalid integrations: wandb needs a project", param="integrations")
    refuse_extra(settings, WANDB_FIELDS)
    told = {"name": None, "entity": None, "tags": [], **settings}
    if not all(told[key] is None or isinstance(told[key], str) for key in ("name", "entity")):
        message = "invalid integrations: wandb's name and entity must be strings"
        raise ApiError(message, param="integrations")
    if not isinstance(told["tags"], list) or not all(isinstance(tag, str) for tag in told["tags"]):
        message = "invalid integrations: wandb's tags must be a list of strings"
        raise ApiError(message, param="integrations")
    return {"type": "wandb", "wandb": told}
