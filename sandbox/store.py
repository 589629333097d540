"""The data folder: rows in SQLite, file contents and weights beside it.

Owns the layout of the folder and how records become rows. Knows neither HTTP nor what a status
means. Used from one thread, the server's: nothing here waits for anything but the local disk.
"""

import fcntl
import os
import re
import secrets
import shutil
import string
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, TypeVar

import msgspec

from sandbox.records import Event, Job, Record
from sandbox.tables import open_database

R = TypeVar("R", bound=Record)

ALPHABET = string.ascii_letters + string.digits
LENGTH = 24
ROOMS = {"files": "file-", "jobs": "ftjob-", "uploads": "upload_"}
"""What lies beside the database: a room for every table whose rows have contents, by their ids."""


class FolderTaken(OSError):
    """Another sandbox works in this folder."""


class UnknownCursor(LookupError):
    """A list was asked for what lies behind an item that is not in it."""


def new_id(prefix: str, length: int = LENGTH) -> str:
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


def now() -> int:
    return int(time.time())


@dataclass(frozen=True)
class Cursor:
    """Where a page of a list begins, and how long it may be."""

    limit: int
    after: str | None = None
    ascending: bool = False


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.uploads = folder / "uploads"
        for room in ROOMS:
            (folder / room).mkdir(parents=True, exist_ok=True)
        self._lock = _claim(folder / "lock")
        self._db = open_database(folder / "sandbox.sqlite3")
        self._sweep()

    def close(self) -> None:
        self._db.close()
        self._lock.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Everything inside becomes visible together, or not at all."""
        if self._db.in_transaction:
            yield
            return
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield

    # Rows

    def add(self, record: R) -> R:
        self.add_all([record])
        return record

    def add_all(self, records: Sequence[Record]) -> None:
        """Many rows of one table at once."""
        if not records:
            return
        kind = type(records[0])
        names = [name for name in _columns(kind) if name != "seq"]
        marks = ", ".join("?" * len(names))
        query = f"INSERT INTO {kind.table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
        values_of = attrgetter(*names)
        self._db.executemany(query, ([*map(_bindable, values_of(record))] for record in records))

    def find(self, kind: type[R], record_id: str) -> R | None:
        found = self.all(kind, "id = ?", [record_id])
        return found[0] if found else None

    def get(self, kind: type[R], record_id: str) -> R:
        """A record that must be there."""
        found = self.find(kind, record_id)
        if found is None:
            raise LookupError(f"no {kind.__name__} {record_id}")
        return found

    def all(
        self, kind: type[R], where: str = "1", values: Sequence[object] = (), tail: str = ""
    ) -> list[R]:
        """The records that fit, oldest first unless `tail` says otherwise."""
        columns = _columns(kind)
        query = f"SELECT {', '.join(columns)} FROM {kind.table} WHERE {where} "  # noqa: S608
        rows = self._db.execute(query + (tail or "ORDER BY seq"), list(values))
        return [_read(kind, columns, row) for row in rows]

    def update(self, kind: type[R], record_id: str, **values: object) -> R:
        assignments = ", ".join(f"{name} = ?" for name in values)
        bound = [_bindable(value) for value in values.values()]
        query = f"UPDATE {kind.table} SET {assignments} WHERE id = ?"  # noqa: S608
        self._db.execute(query, [*bound, record_id])
        return self.get(kind, record_id)

    def update_job(self, job_id: str, **values: object) -> Job:
        return self.update(Job, job_id, **values)

    def delete(self, kind: type[R], record_id: str) -> None:
        self._db.execute(f"DELETE FROM {kind.table} WHERE id = ?", [record_id])  # noqa: S608

    def page(
        self,
        kind: type[R],
        cursor: Cursor,
        where: str = "1",
        values: Sequence[object] = (),
    ) -> tuple[list[R], bool]:
        """One page of a list, newest first, and whether another one follows."""
        order, beyond = ("ASC", ">") if cursor.ascending else ("DESC", "<")
        condition, bound = f"({where})", list(values)
        if cursor.after is not None:
            seen = self.all(kind, f"{condition} AND id = ?", [*bound, cursor.after])
            if not seen:
                raise UnknownCursor(cursor.after)
            condition += f" AND seq {beyond} ?"
            bound.append(seen[0].seq)
        tail = f"ORDER BY seq {order} LIMIT {cursor.limit + 1}"
        found = self.all(kind, condition, bound, tail)
        return found[: cursor.limit], len(found) > cursor.limit

    def last_step(self, job_id: str) -> int:
        """The newest step that was told."""
        query = "SELECT max(step) FROM events WHERE job_id = ?"
        return int(self._db.execute(query, [job_id]).fetchone()[0] or 0)

    def metrics(self, job_id: str) -> list[dict[str, Any]]:
        """What every step told, in order."""
        events = self.all(Event, "job_id = ? AND step IS NOT NULL", [job_id], "ORDER BY step")
        return [event.data or {} for event in events]

    def add_event(
        self,
        job_id: str,
        message: str,
        *,
        level: str = "info",
        step: int | None = None,
        payload: dict[str, Any] | None = None,
    ) -> None:
        self.add(
            Event(
                id=new_id("ftevent-"),
                created_at=now(),
                job_id=job_id,
                level=level,
                message=message,
                type="message" if step is None else "metrics",
                step=step,
                data=payload,
            )
        )

    # Contents

    def content(self, file_id: str) -> Path:
        return self.folder / "files" / file_id

    def write_content(self, file_id: str, source: IO[bytes]) -> None:
        """Whole or not at all: what has no row is swept away, a half one would be a lie."""
        target = self.content(file_id)
        draft = target.with_suffix(".draft")
        with draft.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        os.replace(draft, target)

    def job_folder(self, job_id: str) -> Path:
        return self.folder / "jobs" / job_id

    def weights(self, job_id: str, step: int) -> Path:
        return self.job_folder(job_id) / f"step-{step}.npz"

    def _sweep(self) -> None:
        """Clear away what a kill has left: contents without a row, and drafts. Only what bears an
        id of ours: the folder may be somebody's who keeps other things in it.
        """
        for room, prefix in ROOMS.items():
            ours = re.compile(rf"{prefix}[A-Za-z0-9]{{{LENGTH}}}(\.draft)?")
            rows = {name for (name,) in self._db.execute(f"SELECT id FROM {room}")}  # noqa: S608
            for path in (self.folder / room).iterdir():
                if path.name not in rows and ours.fullmatch(path.name):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
        for draft in (self.folder / "jobs").glob("ftjob-*/step-*.draft"):
            draft.unlink(missing_ok=True)  # its trainer may be on its last breath


def _claim(path: Path) -> IO[str]:
    """Hold the folder for this process; the kernel lets go however the process ends."""
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise FolderTaken("another sandbox works in it") from error
    return lock


def _read(kind: type[R], columns: list[str], row: Sequence[object]) -> R:
    """As `kind(**…)` makes it, but without its field by field: it is half of what a page costs."""
    record = kind.__new__(kind)
    vars(record).update(zip(columns, row, strict=True))
    return record


def _columns(kind: type[Record]) -> list[str]:
    return [field.name for field in fields(kind)]


def _bindable(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, dict | list) else value
