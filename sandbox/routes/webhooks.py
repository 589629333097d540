"""/webhook_endpoints and /webhook_event_types: who is told of a job's end.

The secret is answered when it is made and never again.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox import webhooks
from sandbox.bodies import json_object, optional_json_object, refuse_extra, text, texts
from sandbox.context import sandbox_of
from sandbox.errors import ApiError
from sandbox.paging import cursor, listed_with_ends
from sandbox.records import Endpoint, Json
from sandbox.replies import endpoint_reply, endpoint_reply_with_secret
from sandbox.store import new_id, now

KEEP_OLD = "keep_old_secret_active_for_24_hours"


async def event_types(request: Request) -> JSONResponse:
    return JSONResponse({"object": "list", "data": webhooks.EVENT_TYPES})


async def index(request: Request) -> JSONResponse:
    place = cursor(request, default=20)
    found, has_more = sandbox_of(request).store.page(Endpoint, place)
    return JSONResponse(listed_with_ends(list(map(endpoint_reply, found)), has_more, nothing=None))


async def create(request: Request) -> JSONResponse:
    endpoint = Endpoint(
        id=new_id("whe_"),
        created_at=now(),
        updated_at=now(),
        secret=webhooks.new_secret(),
        **_settings(await json_object(request), required=("name", "url", "event_types")),
    )
    return JSONResponse(endpoint_reply_with_secret(sandbox_of(request).store.add(endpoint)))


async def retrieve(request: Request) -> JSONResponse:
    return JSONResponse(endpoint_reply(_endpoint(request)))


async def update(request: Request) -> JSONResponse:
    endpoint, given = _endpoint(request), _settings(await json_object(request))
    changed = {name: value for name, value in given.items() if getattr(endpoint, name) != value}
    if changed:
        store = sandbox_of(request).store
        endpoint = store.update(Endpoint, endpoint.id, **changed, updated_at=now())
    return JSONResponse(endpoint_reply(endpoint))


async def delete(request: Request) -> JSONResponse:
    """What it has not been told yet, it will not be told."""
    endpoint = _endpoint(request)
    sandbox_of(request).store.delete(Endpoint, endpoint.id)
    gone = {"id": endpoint.id, "object": "webhook_endpoint.deleted", "deleted": True}
    return JSONResponse(gone)


async def rotate_secret(request: Request) -> JSONResponse:
    endpoint, body = _endpoint(request), await optional_json_object(request)
    refuse_extra(body, {KEEP_OLD})
    keep_old = body.get(KEEP_OLD) or False
    if not isinstance(keep_old, bool):
        raise ApiError(f"invalid {KEEP_OLD}: must be true or false", param=KEEP_OLD)
    rotated = webhooks.rotate(sandbox_of(request).store, endpoint, keep_old=keep_old)
    return JSONResponse(endpoint_reply_with_secret(rotated))


async def test(request: Request) -> JSONResponse:
    """Send a sample now, once, and answer what the receiver said to it."""
    endpoint, body = _endpoint(request), await json_object(request)
    refuse_extra(body, {"event_type"})
    event_type = text(body, "event_type")
    _refuse_unknown(event_type, "event_type")
    sample = webhooks.body(event_type, new_id("ftjob-"))
    status = await sandbox_of(request).courier.post(endpoint, new_id("wh_"), sample)
    if status is None:
        raise ApiError(f"The endpoint did not answer: {endpoint.url}", param="url")
    result = {
        "object": "webhook_endpoint.test",
        "webhook_endpoint_id": endpoint.id,
        "event_type": event_type,
        "status_code": status,
        "success": True,
    }
    return JSONResponse(result)


def _endpoint(request: Request) -> Endpoint:
    endpoint_id = request.path_params["endpoint_id"]
    endpoint = sandbox_of(request).store.find(Endpoint, endpoint_id)
    if endpoint is None:
        message = f"No such webhook endpoint: {endpoint_id}"
        raise ApiError(message, status=404, param="webhook_endpoint_id")
    return endpoint


def _settings(body: Json, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """The endpoint's name, url and event_types: those that are given, and those that must be."""
    readers = {"name": text, "url": _url, "event_types": _event_types}
    refuse_extra(body, readers)
    return {
        name: read(body, name)
        for name, read in readers.items()
        if name in required or body.get(name) is not None
    }


def _url(body: Json, key: str) -> str:
    url = text(body, key)
    if not webhooks.is_address(url):
        raise ApiError(f"invalid {key}: must be the http or https address", param=key)
    return url


def _event_types(body: Json, key: str) -> list[str]:
    wanted = list(dict.fromkeys(texts(body, key)))
    for event_type in wanted:
        _refuse_unknown(event_type, key)
    return wanted


def _refuse_unknown(event_type: str, param: str) -> None:
    if event_type not in webhooks.EVENT_TYPES:
        known = ", ".join(webhooks.EVENT_TYPES)
        raise ApiError(f"'{event_type}' is not one of the event types {known}", param=param)


ENDPOINTS = "/v1/webhook_endpoints"
ENDPOINT = ENDPOINTS + "/{endpoint_id}"

routes = [
    Route("/v1/webhook_event_types", event_types),
    Route(ENDPOINTS, create, methods=["POST"]),
    Route(ENDPOINTS, index),
    Route(ENDPOINT, retrieve),
    Route(ENDPOINT, update, methods=["POST"]),
    Route(ENDPOINT, delete, methods=["DELETE"]),
    Route(ENDPOINT + "/rotate_secret", rotate_secret, methods=["POST"]),
    Route(ENDPOINT + "/test", test, methods=["POST"]),
]
