"""Files that come in parts: begun, added to, then completed as one file, or given up.

    pending -> completed | cancelled | expired

The parts of an upload, and the file while it is being joined, lie in a folder of its own, which
is cleared away when the upload has ended, however it ended. Reading and writing them is done in
threads: an upload may end meanwhile, and then what was being done to it is void.
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sandbox.errors import ApiError
from sandbox.records import File, Part, Upload
from sandbox.store import Store, new_id, now

LIFETIME = 3600
MOST_BYTES = 8 * 1024**3
MOST_PART = 64 * 1024**2
BLOCK = 1024 * 1024


def begin(store: Store, *, filename: str, purpose: str, size: int, keep: int | None) -> Upload:
    """`keep`: for how many seconds the file is to be kept once it is there."""
    upload = Upload(
        id=new_id("upload_"),
        created_at=now(),
        filename=filename,
        purpose=purpose,
        bytes=size,
        keep=keep,
        status="pending",
        expires_at=now() + LIFETIME,
    )
    (store.uploads / upload.id).mkdir()
    return store.add(upload)


def pending(store: Store, upload_id: str) -> Upload:
    upload = store.find(Upload, upload_id)
    if upload is None:
        message = f"No such Upload object: {upload_id}"
        raise ApiError(message, status=404, param="upload_id")
    if upload.status != "pending":
        message = f"Upload {upload_id} takes nothing more: its status is '{upload.status}'."
        raise ApiError(message, param="status")
    return upload


async def add(store: Store, upload_id: str, source: IO[bytes], size: int) -> Part:
    if size + sum(part.bytes for part in _parts(store, upload_id)) > MOST_BYTES:
        raise ApiError(f"The parts are larger than {MOST_BYTES} bytes together.", param="data")
    part = Part(id=new_id("part_"), created_at=now(), upload_id=upload_id, bytes=size)
    with _unless_it_ends(store, upload_id):
        await asyncio.to_thread(_copy, source, _place(store, part))
    return store.add(part)


async def complete(
    store: Store, upload: Upload, part_ids: Sequence[str], md5: str | None
) -> tuple[Upload, File]:
    """The parts in the order of `part_ids`, as a file: whole or not at all."""
    parts = _chosen(store, upload, part_ids)
    file_id = new_id("file-")
    draft = store.uploads / upload.id / file_id
    with _unless_it_ends(store, upload.id):
        digest = await asyncio.to_thread(_join, [_place(store, part) for part in parts], draft)
    if md5 is not None and md5.lower() != digest:
        draft.unlink()
        raise ApiError(f"The md5 of the parts is {digest}, not {md5}.", param="md5")
    file = File(
        id=file_id,
        created_at=now(),
        filename=upload.filename,
        purpose=upload.purpose,
        bytes=upload.bytes,
        expires_at=now() + upload.keep if upload.keep else None,
    )
    with store.writing():
        os.replace(draft, store.content(file.id))
        store.add(file)
        return _end(store, upload, "completed"), file


def cancel(store: Store, upload: Upload) -> Upload:
    return _end(store, upload, "cancelled")


def expire(store: Store, at: int) -> None:
    """End the uploads whose time is over; clear away what ended ones have left."""
    for upload in store.all(Upload, "status = 'pending' AND expires_at <= ?", [at]):
        _end(store, upload, "expired")
    for folder in store.uploads.iterdir():
        if store.all(Upload, "id = ? AND status != 'pending'", [folder.name]):
            shutil.rmtree(folder, ignore_errors=True)


def _end(store: Store, upload: Upload, status: str) -> Upload:
    with store.writing():
        for part in _parts(store, upload.id):
            store.delete(Part, part.id)
        return store.update(Upload, upload.id, status=status)


@contextmanager
def _unless_it_ends(store: Store, upload_id: str) -> Iterator[None]:
    """For work in threads: if the upload ends meanwhile, it is refused for that reason."""
    try:
        yield
    except FileNotFoundError:
        pending(store, upload_id)
        raise
    pending(store, upload_id)


def _chosen(store: Store, upload: Upload, part_ids: Sequence[str]) -> list[Part]:
    there = {part.id: part for part in _parts(store, upload.id)}
    for part_id in part_ids:
        if part_id not in there:
            message = f"Upload {upload.id} has no part {part_id}."
            raise ApiError(message, param="part_ids")
    chosen = [there[part_id] for part_id in part_ids]
    if (size := sum(part.bytes for part in chosen)) != upload.bytes:
        message = f"The parts have {size} bytes, but the upload is to have {upload.bytes}."
        raise ApiError(message, param="part_ids")
    return chosen


def _parts(store: Store, upload_id: str) -> list[Part]:
    return store.all(Part, "upload_id = ?", [upload_id])


def _place(store: Store, part: Part) -> Path:
    return store.uploads / part.upload_id / part.id


def _copy(source: IO[bytes], target: Path) -> None:
    with target.open("wb") as sink:
        shutil.copyfileobj(source, sink, BLOCK)


def _join(parts: list[Path], target: Path) -> str:
    """The md5 of the whole."""
    digest = hashlib.md5(usedforsecurity=False)
    with target.open("wb") as sink:
        for part in parts:
            with part.open("rb") as source:
                while block := source.read(BLOCK):
                    digest.update(block)
                    sink.write(block)
    return digest.hexdigest()
