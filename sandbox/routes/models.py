"""/models: the base models and those that jobs made."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.catalog import BASES, dated
from sandbox.context import sandbox_of
from sandbox.errors import ApiError, unknown_model
from sandbox.records import Job, Model
from sandbox.replies import base_model_reply, model_reply


async def index(request: Request) -> JSONResponse:
    bases = map(base_model_reply, BASES.values())
    made = map(model_reply, sandbox_of(request).store.all(Model))
    return JSONResponse({"object": "list", "data": [*bases, *made]})


async def retrieve(request: Request) -> JSONResponse:
    base = BASES.get(dated(request.path_params["name"]))
    if base:
        return JSONResponse(base_model_reply(base))
    return JSONResponse(model_reply(_made(request)))


async def delete(request: Request) -> JSONResponse:
    """The name goes at once; weights that a job at work may go back to stay with the job."""
    name, store = request.path_params["name"], sandbox_of(request).store
    if dated(name) in BASES:
        message = f"You have insufficient permissions to delete the model '{name}'."
        raise ApiError(message, status=403, param="model")
    model = _made(request)
    store.delete(Model, model.id)
    if store.get(Job, model.job_id).has_ended:
        store.weights(model.job_id, model.step).unlink(missing_ok=True)
    return JSONResponse({"id": model.id, "object": "model", "deleted": True})


def _made(request: Request) -> Model:
    name = request.path_params["name"]
    model = sandbox_of(request).store.find(Model, name)
    if model is None:
        raise unknown_model(name)
    return model


routes = [
    Route("/v1/models", index),
    Route("/v1/models/{name}", retrieve),
    Route("/v1/models/{name}", delete, methods=["DELETE"]),
]
