"""/uploads: files in parts."""

import io
from typing import IO, Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sandbox import files, uploads
from sandbox.bodies import (
    json_object,
    limited_form,
    optional_text,
    refuse_extra,
    required,
    text,
    texts,
)
from sandbox.context import sandbox_of
from sandbox.errors import ApiError
from sandbox.replies import file_reply, part_reply, upload_reply

PURPOSES = ("assistants", "batch", "fine-tune", "vision")


async def create(request: Request) -> JSONResponse:
    body = await json_object(request)
    refuse_extra(body, {"filename", "purpose", "bytes", "mime_type", "expires_after"})
    purpose = files.read_purpose(text(body, "purpose"), PURPOSES)
    text(body, "mime_type")
    upload = uploads.begin(
        sandbox_of(request).store,
        filename=text(body, "filename"),
        purpose=purpose,
        size=_size(required(body, "bytes")),
        keep=_keep(purpose, body.get("expires_after")),
    )
    return JSONResponse(upload_reply(upload))


async def add_part(request: Request) -> JSONResponse:
    store, upload_id = sandbox_of(request).store, request.path_params["upload_id"]
    uploads.pending(store, upload_id)
    async with limited_form(request, "data", uploads.MOST_PART) as form:
        source, size = _chunk(form)
        part = await uploads.add(store, upload_id, source, size)
    return JSONResponse(part_reply(part))


async def complete(request: Request) -> JSONResponse:
    sandbox = sandbox_of(request)
    upload = uploads.pending(sandbox.store, request.path_params["upload_id"])
    body = await json_object(request)
    refuse_extra(body, {"part_ids", "md5"})
    part_ids, md5 = texts(body, "part_ids"), optional_text(body, "md5")
    upload, file = await uploads.complete(sandbox.store, upload, part_ids, md5)
    return JSONResponse(upload_reply(upload, file_reply(file, sandbox.quirks)))


async def cancel(request: Request) -> JSONResponse:
    store = sandbox_of(request).store
    upload = uploads.pending(store, request.path_params["upload_id"])
    return JSONResponse(upload_reply(uploads.cancel(store, upload)))


def _size(given: Any) -> int:
    if type(given) is not int or not 1 <= given <= uploads.MOST_BYTES:
        message = f"invalid bytes: must be an integer from 1 to {uploads.MOST_BYTES}"
        raise ApiError(message, param="bytes")
    return given


def _keep(purpose: str, policy: Any) -> int | None:
    if policy is None:
        return files.lifetime(purpose, None, None)
    if not isinstance(policy, dict):
        raise ApiError("invalid expires_after: must be an object", param="expires_after")
    refuse_extra(policy, {"anchor", "seconds"})
    return files.lifetime(purpose, policy.get("anchor") or "", policy.get("seconds"))


def _chunk(form: FormData) -> tuple[IO[bytes], int]:
    """The bytes of a part. The service's own example sends them as a field that is no file."""
    given = form.get("data")
    if isinstance(given, UploadFile):
        return given.file, given.size or 0
    if not given:
        raise ApiError("'data' is a required property", param="data")
    content = given.encode()
    return io.BytesIO(content), len(content)


routes = [
    Route("/v1/uploads", create, methods=["POST"]),
    Route("/v1/uploads/{upload_id}/parts", add_part, methods=["POST"]),
    Route("/v1/uploads/{upload_id}/complete", complete, methods=["POST"]),
    Route("/v1/uploads/{upload_id}/cancel", cancel, methods=["POST"]),
]
