"""/files: upload, list, look at, read, delete."""

import asyncio
import base64
import re

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox import files
from sandbox.bodies import limited_form
from sandbox.context import sandbox_of
from sandbox.errors import ApiError, unknown_file
from sandbox.paging import cursor, listed_with_ends
from sandbox.quirks import Quirk
from sandbox.records import File
from sandbox.replies import file_reply
from sandbox.store import new_id, now


async def upload(request: Request) -> JSONResponse:
    sandbox = sandbox_of(request)
    async with limited_form(request, "file", files.MOST_BYTES) as form:
        source, purpose = _source(form), files.read_purpose(form.get("purpose"))
        lifetime = _lifetime(form, purpose)
        file = File(
            id=new_id("file-"),
            created_at=now(),
            filename=source.filename or "",
            purpose=purpose,
            bytes=source.size or 0,
            expires_at=now() + lifetime if lifetime else None,
        )
        await asyncio.to_thread(sandbox.store.write_content, file.id, source.file)
    return JSONResponse(file_reply(sandbox.store.add(file), sandbox.quirks))


async def index(request: Request) -> JSONResponse:
    sandbox = sandbox_of(request)
    place = cursor(request, default=10_000, most=10_000, orders=("asc", "desc"))
    purpose = request.query_params.get("purpose")
    those = ("purpose = ?", [purpose]) if purpose else ()
    found, has_more = sandbox.store.page(File, place, *those)
    replies = [file_reply(file, sandbox.quirks) for file in found]
    return JSONResponse(listed_with_ends(replies, has_more, nothing=""))


async def retrieve(request: Request) -> JSONResponse:
    return JSONResponse(file_reply(_file(request), sandbox_of(request).quirks))


async def content(request: Request) -> Response:
    sandbox, file = sandbox_of(request), _file(request)
    path = sandbox.store.content(file.id)
    if file.purpose == "fine-tune-results" and Quirk.PLAIN_CSV not in sandbox.quirks:
        return PlainTextResponse(base64.b64encode(path.read_bytes()))
    return FileResponse(path, media_type="application/octet-stream", filename=file.filename)


async def delete(request: Request) -> JSONResponse:
    file = _file(request)
    files.delete(sandbox_of(request).store, file)
    return JSONResponse({"id": file.id, "object": "file", "deleted": True})


def _file(request: Request) -> File:
    file_id = request.path_params["file_id"]
    file = sandbox_of(request).store.find(File, file_id)
    if file is None:
        raise unknown_file(file_id)
    return file


def _source(form: FormData) -> UploadFile:
    source = form.get("file")
    if not isinstance(source, UploadFile):
        raise ApiError("'file' is a required property", param="file")
    return source


def _lifetime(form: FormData, purpose: str) -> int | None:
    seconds = str(form.get("expires_after[seconds]", ""))
    return files.lifetime(
        purpose=purpose,
        anchor=form.get("expires_after[anchor]"),
        seconds=int(seconds) if re.fullmatch(r"[0-9]{1,9}", seconds) else seconds or None,
    )


routes = [
    Route("/v1/files", upload, methods=["POST"]),
    Route("/v1/files", index),
    Route("/v1/files/{file_id}", retrieve),
    Route("/v1/files/{file_id}", delete, methods=["DELETE"]),
    Route("/v1/files/{file_id}/content", content),
]
