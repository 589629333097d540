"""Nebius Token Factory: close to OpenAI, with its own recipe and with FastAPI's refusals.

Of its hyperparameters the tiny model has three: any other value than the usual one is refused
for the rest, so that no answer claims what was not done.
"""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.answers import Answer
from sandbox.context import sandbox_of
from sandbox.errors import ApiError
from sandbox.graders.fields import is_number
from sandbox.hyperparameters import total_steps
from sandbox.records import Checkpoint, Job, Json
from sandbox.replies import checkpoint_reply
from sandbox.store import Store
from sandbox.translation import Dialect, Service

USUAL_RATE = 1e-05
"""The rate whose multiplier is 1."""
USUAL: Json = {
    "batch_size": 8,
    "learning_rate": USUAL_RATE,
    "n_epochs": 3,
    "warmup_ratio": 0,
    "weight_decay": 0,
    "packing": True,
    "max_grad_norm": 1,
    "context_length": 8192,
    "lora": False,
    "lora_r": 8,
    "lora_alpha": 8,
    "lora_dropout": 0,
}
IN_QUERY = frozenset({"limit", "after", "order"})


def _job(job: Json, store: Store) -> Json:
    kept = (
        *("object", "id", "created_at", "finished_at", "model", "status", "error"),
        *("training_file", "validation_file", "result_files", "trained_tokens", "seed"),
        *("estimated_finish", "integrations"),
    )
    record = store.get(Job, job["id"])
    recipe = _their_recipe(record.hyperparameters)
    kind = record.method
    return {
        **{key: job[key] for key in kept},
        "organization_id": "",
        "suffix": job["user_provided_suffix"],
        "hyperparameters": recipe,
        "method": {"type": kind, kind: {"hyperparameters": recipe}},
        "trained_steps": store.last_step(record.id),
        "total_steps": _all_steps(record),
    }


def _checkpoint(checkpoint: Json, store: Store) -> Json:
    result = store.get(Job, checkpoint["fine_tuning_job_id"]).result_file
    return {**checkpoint, "result_files": [result] if result else []}


def _all_steps(job: Job) -> int | None:
    """Not known before the files were read and `auto` became numbers."""
    numbers = job.hyperparameters
    is_known = job.examples and "auto" not in (numbers["n_epochs"], numbers["batch_size"])
    return total_steps(numbers, job.examples or 1) if is_known else None


def _their_recipe(ours: Json) -> Json:
    settled = {key: value for key, value in ours.items() if value != "auto"}
    rate = settled.get("learning_rate_multiplier", 1) * USUAL_RATE
    known = {key: value for key, value in settled.items() if key in USUAL}
    return {**USUAL, **known, "learning_rate": float(f"{rate:.9g}")}


def _reads(order: Json) -> Json:
    method = order.get("method")
    if not isinstance(method, dict):
        return {**order, "hyperparameters": _our_recipe(order.get("hyperparameters") or {})}
    kind = method.get("type")
    if not isinstance(kind, str) or not isinstance(method.get(kind), dict | None):
        return order  # the endpoint says what is wrong with it
    settings = method.get(kind) or {}
    recipe = settings.get("hyperparameters") or order.get("hyperparameters") or {}
    rest = {key: value for key, value in order.items() if key != "hyperparameters"}
    read = {**settings, "hyperparameters": _our_recipe(recipe)}
    return {**rest, "method": {**method, kind: read}}


def _our_recipe(theirs: object) -> object:
    if not isinstance(theirs, dict):
        return theirs
    recipe = {**USUAL, **theirs}
    rate = recipe.pop("learning_rate")
    unusual = {key: value for key, value in recipe.items() if value != USUAL.get(key)}
    return {
        **unusual,
        "n_epochs": recipe["n_epochs"],
        "batch_size": recipe["batch_size"],
        "learning_rate_multiplier": rate / USUAL_RATE if is_number(rate) else rate,
    }


def _refusal(answer: Answer) -> Answer:
    error = answer.json()["error"]
    message, param = error["message"], error["param"]
    if answer.status == 404 and message.startswith("Invalid URL"):
        return answer.telling({"detail": "Not Found"})
    if answer.status != 400 or param == "status":
        return answer.telling({"detail": message})
    place = ["query" if param in IN_QUERY else "body", *([param] if param else [])]
    fault = {"type": "value_error", "loc": place, "msg": message}
    return answer.telling({"detail": [fault]}, status=422)


async def _one_checkpoint(request: Request) -> JSONResponse:
    checkpoint_id = request.path_params["checkpoint_id"]
    found = sandbox_of(request).store.find(Checkpoint, checkpoint_id)
    if found is None or found.job_id != request.path_params["job_id"]:
        raise ApiError(f"Checkpoint {checkpoint_id} not found", status=404)
    return JSONResponse(checkpoint_reply(found))


NEBIUS = Dialect(
    objects={"fine_tuning.job": _job, "fine_tuning.job.checkpoint": _checkpoint},
    refusal=_refusal,
    reads=_reads,
    absent=re.compile(
        "/fine_tuning/(jobs/[^/]+/(pause|resume)|checkpoints/.*|alpha/.*)|/webhook.*"
    ),
)
SERVICE = Service(
    dialects=(NEBIUS,),
    routes=(Route("/v1/fine_tuning/jobs/{job_id}/checkpoints/{checkpoint_id}", _one_checkpoint),),
)
