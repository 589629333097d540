"""Read what requests bring: a JSON object of known fields, a form with a file; or say what is wrong."""

import json
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.types import Message

from sandbox.errors import ApiError
from sandbox.records import Json

MOST_JSON = 8 * 1024 * 1024
MOST_DEPTH = 100
"""What is nested in what: far less than what Python could neither copy nor write again."""
FRAME = 64 * 1024
"""Bytes that a form may have beside its file."""


async def json_object(request: Request) -> Json:
    return _object(await _content(request))


async def optional_json_object(request: Request) -> Json:
    """No body at all is an empty object: clients send it so where nothing needs to be said."""
    return _object(await _content(request) or b"{}")


def refuse_extra(body: Json, known: Collection[str]) -> None:
    for key, value in body.items():
        if key not in known:
            raise ApiError(f"invalid {key}: {value}, extra inputs are not permitted", param=key)


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


def optional_text(body: Json, key: str) -> str | None:
    return None if body.get(key) is None else text(body, key)


def texts(body: Json, key: str) -> list[str]:
    """At least one, in their order."""
    values = required(body, key)
    if not isinstance(values, list) or not values:
        raise ApiError(f"invalid {key}: must be a non-empty list", param=key)
    if not all(isinstance(value, str) and value for value in values):
        raise ApiError(f"invalid {key}: must hold non-empty strings", param=key)
    return values


@asynccontextmanager
async def limited_form(request: Request, field: str, most: int) -> AsyncIterator[FormData]:
    """A form whose one file goes to the disk as it comes, and is refused as soon as it is too large.

    What a refused client still sends is read past by the server, so that it sees the answer.
    """
    too_large = ApiError(f"The file is larger than {most} bytes.", param=field)
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > most + FRAME:
            raise too_large
        return message

    if int(request.headers.get("content-length", 0)) > most + FRAME:
        raise too_large
    async with Request(request.scope, receive).form() as form:
        source = form.get(field)
        if isinstance(source, UploadFile) and (source.size or 0) > most:
            raise too_large
        yield form


async def _content(request: Request) -> bytes:
    """A body that says nothing about itself is taken for JSON, an empty one for anything."""
    content = b""
    async for part in request.stream():
        content += part
        if len(content) > MOST_JSON:
            raise ApiError(f"The body is larger than {MOST_JSON} bytes.", status=413)
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    if content and media_type.lower() != "application/json":
        message = f"Unsupported content type: '{media_type}', it must be 'application/json'."
        raise ApiError(message, status=415, code="unsupported_content_type")
    return content


def _object(content: bytes) -> Json:
    try:
        body = json.loads(content)
        # Half a character or a number without end could not be answered.
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise ApiError("We could not parse the JSON body of your request.") from error
    if not isinstance(body, dict):
        raise ApiError("The JSON body of your request must be an object.")
    if _is_deep(body):
        raise ApiError(f"The JSON body of your request is nested deeper than {MOST_DEPTH} levels.")
    return body


def _is_deep(body: Json) -> bool:
    level: list[Any] = [body]
    for _ in range(MOST_DEPTH):
        level = [inner for each in level for inner in _inside(each)]
    return bool(level)


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
