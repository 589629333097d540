"""/fine_tuning/checkpoints/{model}/permissions: the projects that may use a model.

Who may ask is the front door's business, unless the sandbox is strict: then, as the service's
documents say, only an admin key may.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox.bodies import json_object, refuse_extra, texts
from sandbox.context import sandbox_of
from sandbox.errors import ApiError, unknown_model
from sandbox.paging import cursor, listed_with_ends
from sandbox.records import Json, Model, Permission
from sandbox.replies import permission_reply
from sandbox.store import new_id, now


async def index(request: Request) -> JSONResponse:
    model = _model(request)
    place = cursor(request, default=10, orders=("ascending", "descending"))
    where, values = "model = ?", [model.id]
    if project_id := request.query_params.get("project_id"):
        where, values = "model = ? AND project_id = ?", [model.id, project_id]
    found, has_more = sandbox_of(request).store.page(Permission, place, where, values)
    return JSONResponse(_listed(found, has_more))


async def create(request: Request) -> JSONResponse:
    """A project that has the permission keeps it as it is; only new ones are answered."""
    store, model = sandbox_of(request).store, _model(request)
    body = await json_object(request)
    refuse_extra(body, {"project_ids"})
    wanted = dict.fromkeys(texts(body, "project_ids"))
    granted = {each.project_id for each in store.all(Permission, "model = ?", [model.id])}
    with store.writing():
        made = [
            store.add(
                Permission(id=new_id("cp_"), created_at=now(), model=model.id, project_id=id_)
            )
            for id_ in wanted
            if id_ not in granted
        ]
    return JSONResponse(_listed(made, has_more=False))


async def delete(request: Request) -> JSONResponse:
    store, model = sandbox_of(request).store, _model(request)
    permission_id = request.path_params["permission_id"]
    permission = store.find(Permission, permission_id)
    if permission is None or permission.model != model.id:
        message = f"No such permission of the model '{model.id}': {permission_id}"
        raise ApiError(message, status=404, param="permission_id")
    store.delete(Permission, permission.id)
    return JSONResponse({"id": permission.id, "object": "checkpoint.permission", "deleted": True})


def _model(request: Request) -> Model:
    """The model that the path names, for those who may ask about its permissions."""
    sandbox = sandbox_of(request)
    key = request.headers.get("authorization", "").partition(" ")[2]
    if sandbox.strict_admin and not key.startswith("sk-admin"):
        message = "You have insufficient permissions for this operation: it needs an admin API key."
        raise ApiError(message, status=403)
    name = request.path_params["model"]
    model = sandbox.store.find(Model, name)
    if model is None:
        raise unknown_model(name)
    return model


def _listed(permissions: list[Permission], has_more: bool) -> Json:
    return listed_with_ends(list(map(permission_reply, permissions)), has_more, nothing=None)


PERMISSIONS = "/v1/fine_tuning/checkpoints/{model}/permissions"

routes = [
    Route(PERMISSIONS, index),
    Route(PERMISSIONS, create, methods=["POST"]),
    Route(PERMISSIONS + "/{permission_id}", delete, methods=["DELETE"]),
]
