"""What may be uploaded, how long it is kept, and when it goes.

A file goes when it is deleted or when its time is over, but never while a job at work needs it.
Its content is `store`'s, what it looks like `replies`' business.
"""

from collections.abc import Sequence
from typing import Any

from sandbox.errors import ApiError
from sandbox.orders import Order
from sandbox.quirks import Quirk, Quirks
from sandbox.records import File, Job
from sandbox.store import Store, now

PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
MOST_BYTES = 512 * 1024 * 1024
SHORTEST, LONGEST = 3600, 2_592_000
"""Seconds for which `expires_after` may keep a file."""
SETTLING = 3
"""Seconds for which a new file is not ready, if files are slow."""

AT_WORK = "status NOT IN ('succeeded', 'failed', 'cancelled')"


def read_purpose(given: object, known: Sequence[str] = PURPOSES) -> str:
    if given not in known:
        message = f"'{given}' is not one of the purposes {', '.join(known)}"
        raise ApiError(message, param="purpose")
    return str(given)


def lifetime(purpose: str, anchor: object, seconds: Any) -> int | None:
    """Seconds for which a file is kept. Unless told, batch files go after 30 days, others stay."""
    if anchor is None and seconds is None:
        return LONGEST if purpose == "batch" else None
    if anchor != "created_at":
        raise ApiError("expires_after[anchor] must be created_at", param="expires_after")
    if type(seconds) is not int or not SHORTEST <= seconds <= LONGEST:
        message = f"expires_after[seconds] must be an integer from {SHORTEST} to {LONGEST}"
        raise ApiError(message, param="expires_after")
    return int(seconds)


def is_ready(file: File, quirks: Quirks) -> bool:
    return Quirk.SLOW_FILES not in quirks or now() >= file.created_at + SETTLING


def refuse_unready(store: Store, order: Order, quirks: Quirks) -> None:
    for param in ("training_file", "validation_file"):
        file_id = getattr(order, param)
        file = store.find(File, file_id) if file_id else None
        if file and not is_ready(file, quirks):
            raise ApiError(f"File {file.id} is not ready", param=param)


def delete(store: Store, file: File) -> None:
    if user := _user(store, file):
        raise ApiError(f"File {file.id} is in use by job {user.id}.", param="id")
    _remove(store, file)


def expire(store: Store, at: int) -> None:
    """Those that a job at work needs wait until it has ended."""
    for file in store.all(File, "expires_at <= ?", [at]):
        if not _user(store, file):
            _remove(store, file)


def _user(store: Store, file: File) -> Job | None:
    """A job at work that needs the file."""
    where = f"{AT_WORK} AND ? IN (training_file, validation_file)"
    return next(iter(store.all(Job, where, [file.id])), None)


def _remove(store: Store, file: File) -> None:
    """Row first: a content that is left over goes at the next start, a row without one would stay."""
    store.delete(File, file.id)
    store.content(file.id).unlink(missing_ok=True)
