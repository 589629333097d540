"""/files: upload, list, look at, read, delete."""

import asyncio
import base64
import re
from typing import NoReturn

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.context import sandbox_of
from sandbox.errors import ApiError, unknown_file
from sandbox.paging import cursor, listed_with_ends
from sandbox.quirks import Quirk
from sandbox.records import File, Job
from sandbox.replies import file_reply
from sandbox.store import new_id, now

PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
MOST_BYTES = 512 * 1024 * 1024
SHORTEST, LONGEST = 3600, 2_592_000
"""Seconds for which `expires_after` may keep a file."""


async def upload(request: Request) -> JSONResponse:
    store = sandbox_of(request).store
    async with request.form() as form:
        source, purpose, lifetime = _upload(form), form.get("purpose"), _lifetime(form)
        if purpose not in PURPOSES:
            known = ", ".join(PURPOSES)
            _refuse(f"'{purpose}' is not one of the purposes {known}", "purpose")
        file = File(
            id=new_id("file-"),
            created_at=now(),
            filename=source.filename or "",
            purpose=str(purpose),
            bytes=source.size or 0,
            expires_at=now() + lifetime if lifetime else None,
        )
        await asyncio.to_thread(store.write_content, file.id, source.file)
    return JSONResponse(file_reply(store.add(file)))


async def index(request: Request) -> JSONResponse:
    order = request.query_params.get("order", "desc")
    if order not in ("asc", "desc"):
        _refuse(f"invalid order: {order}, must be asc or desc", "order")
    purpose = request.query_params.get("purpose")
    place = cursor(request, default=10_000, most=10_000)
    files, has_more = sandbox_of(request).store.page(
        File,
        limit=place.limit,
        after=place.after,
        ascending=order == "asc",
        where="purpose = ?" if purpose else "1",
        values=[purpose] if purpose else [],
    )
    return JSONResponse(listed_with_ends(list(map(file_reply, files)), has_more, nothing=""))


async def retrieve(request: Request) -> JSONResponse:
    return JSONResponse(file_reply(_file(request)))


async def content(request: Request) -> Response:
    sandbox, file = sandbox_of(request), _file(request)
    path = sandbox.store.content(file.id)
    if file.purpose == "fine-tune-results" and Quirk.PLAIN_CSV not in sandbox.quirks:
        return PlainTextResponse(base64.b64encode(path.read_bytes()))
    return FileResponse(path, media_type="application/octet-stream", filename=file.filename)


async def delete(request: Request) -> JSONResponse:
    store, file = sandbox_of(request).store, _file(request)
    where = "(training_file = ? OR validation_file = ?) AND status NOT IN (?, ?, ?)"
    ended = ("succeeded", "failed", "cancelled")
    if users := store.all(Job, where, [file.id, file.id, *ended]):
        _refuse(f"File {file.id} is in use by job {users[0].id}.", "id")
    store.delete(File, file.id)
    store.content(file.id).unlink(missing_ok=True)
    return JSONResponse({"id": file.id, "object": "file", "deleted": True})


def _file(request: Request) -> File:
    file_id = request.path_params["file_id"]
    file = sandbox_of(request).store.find(File, file_id)
    if file is None:
        raise unknown_file(file_id)
    return file


def _upload(form: FormData) -> UploadFile:
    source = form.get("file")
    if not isinstance(source, UploadFile):
        _refuse("'file' is a required property", "file")
    if (source.size or 0) > MOST_BYTES:
        _refuse(f"The file is larger than {MOST_BYTES} bytes.", "file")
    return source


def _lifetime(form: FormData) -> int | None:
    seconds = form.get("expires_after[seconds]")
    if seconds is None:
        return None
    if form.get("expires_after[anchor]") != "created_at":
        _refuse("expires_after[anchor] must be created_at", "expires_after")
    if (
        not re.fullmatch(r"[0-9]{1,9}", str(seconds))
        or not SHORTEST <= int(str(seconds)) <= LONGEST
    ):
        _refuse(f"expires_after[seconds] must be {SHORTEST} to {LONGEST}", "expires_after")
    return int(str(seconds))


def _refuse(message: str, param: str) -> NoReturn:
    raise ApiError(message, param=param)


routes = [
    Route("/v1/files", upload, methods=["POST"]),
    Route("/v1/files", index),
    Route("/v1/files/{file_id}", retrieve),
    Route("/v1/files/{file_id}", delete, methods=["DELETE"]),
    Route("/v1/files/{file_id}/content", content),
]
