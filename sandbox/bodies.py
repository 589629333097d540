"""Read JSON bodies: an object with the fields that an endpoint knows, or the field that is wrong."""

import json
from collections.abc import Collection
from typing import Any

from starlette.requests import Request

from sandbox.errors import ApiError
from sandbox.records import Json


async def json_object(request: Request) -> Json:
    return _object(await request.body())


async def optional_json_object(request: Request) -> Json:
    """No body at all is an empty object: clients send it so where nothing needs to be said."""
    return _object(await request.body() or b"{}")


def refuse_extra(body: Json, known: Collection[str]) -> None:
    for key in body.keys() - set(known):
        raise ApiError(f"invalid {key}: {body[key]}, extra inputs are not permitted", param=key)


def required(body: Json, key: str) -> Any:
    value = body.get(key)
    if value is None:
        raise ApiError(f"you must provide a {key} parameter", param=key)
    return value


def text(body: Json, key: str) -> str:
    value = required(body, key)
    if not isinstance(value, str) or not value:
        raise ApiError(f"invalid {key}: must be a non-empty string", param=key)
    return value


def texts(body: Json, key: str) -> list[str]:
    """At least one, each of them once, in their order."""
    values = required(body, key)
    if not isinstance(values, list) or not values:
        raise ApiError(f"invalid {key}: must be a non-empty list", param=key)
    if not all(isinstance(value, str) and value for value in values):
        raise ApiError(f"invalid {key}: must hold non-empty strings", param=key)
    return list(dict.fromkeys(values))


def _object(content: bytes) -> Json:
    try:
        body = json.loads(content)
        json.dumps(body, ensure_ascii=False).encode()  # half a character cannot be answered
    except (ValueError, RecursionError) as error:
        raise ApiError("We could not parse the JSON body of your request.") from error
    if not isinstance(body, dict):
        raise ApiError("The JSON body of your request must be an object.")
    return body
