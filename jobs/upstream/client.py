"""A client of the OpenAI-style fine-tuning API: one short method per endpoint.

Lists are lazy: no request goes out before the first item is asked for, and no further page
before the last item of this one is used up. Their order is the server's.

Nothing in a list is lost in silence. Events and checkpoints without an id get one that follows
from their content; what cannot be addressed at all (a job, file or model without an id, an item
that is no object) is left out and counted in `skipped`.
"""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Protocol, Self, TypeVar
from urllib.parse import quote

import httpx

from jobs.upstream.decoding import Json
from jobs.upstream.dialects import OPENAI, Dialect
from jobs.upstream.errors import Malformed
from jobs.upstream.fields import given_id, text
from jobs.upstream.schemas import CheckpointReply, EventReply, FileReply, JobReply, ModelReply
from jobs.upstream.wire import Wire

PAGE_SIZE = 100
TIMEOUT = 10.0


class Reply(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=Reply)


class FineTuningClient:
    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        dialect: Dialect = OPENAI,
        organization: str = "",
        project: str = "",
        timeout: float = TIMEOUT,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        scope = {"OpenAI-Organization": organization, "OpenAI-Project": project}
        self.dialect = dialect
        self.skipped = 0
        self._wire = Wire(
            base_url,
            api_key,
            dialect,
            headers={name: value.strip() for name, value in scope.items() if value},
            timeout=timeout,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

    @property
    def rate_limits(self) -> dict[str, str]:
        """The x-ratelimit-* headers of the last answer that had any."""
        return self._wire.rate_limits

    def jobs(self, after: str = "", *, limit: int = PAGE_SIZE) -> Iterator[JobReply]:
        """Every job of the account; `limit` is the size of a page."""
        return self._list(self.dialect.jobs_path, JobReply.parse, after, limit)

    def job(self, job_id: str) -> JobReply:
        return JobReply.parse(self._wire.ask("GET", self._job_path(job_id)))

    def events(self, job_id: str, after: str = "") -> Iterator[EventReply]:
        return self._list(self._job_path(job_id, "/events"), EventReply.parse, after)

    def checkpoints(self, job_id: str) -> Iterator[CheckpointReply]:
        return self._list(self._job_path(job_id, "/checkpoints"), CheckpointReply.parse)

    def cancel(self, job_id: str) -> JobReply:
        return JobReply.parse(self._wire.ask("POST", self._job_path(job_id, "/cancel")))

    def pause(self, job_id: str) -> JobReply:
        return JobReply.parse(self._wire.ask("POST", self._job_path(job_id, "/pause")))

    def resume(self, job_id: str) -> JobReply:
        return JobReply.parse(self._wire.ask("POST", self._job_path(job_id, "/resume")))

    def files(self) -> Iterator[FileReply]:
        return self._list(self.dialect.files_path, FileReply.parse)

    def file(self, file_id: str) -> FileReply:
        return FileReply.parse(self._wire.ask("GET", self._file_path(file_id)))

    def file_content(self, file_id: str) -> bytes:
        """The file as it comes; result files of OpenAI come as base64 text."""
        return self._wire.fetch("GET", self._file_path(file_id) + "/content")

    def models(self) -> list[ModelReply]:
        """Every model the key may use: the one list without pages."""
        items, _ = _page(self._wire.ask("GET", self.dialect.models_path))
        return list(self._parsed(items, ModelReply.parse))

    def _job_path(self, job_id: str, rest: str = "") -> str:
        return f"{self.dialect.jobs_path}/{quote(job_id, safe=':')}{rest}"

    def _file_path(self, file_id: str) -> str:
        return f"{self.dialect.files_path}/{quote(file_id, safe=':')}"

    def _list(
        self, path: str, parse: Callable[[object], R], after: str = "", limit: int = PAGE_SIZE
    ) -> Iterator[R]:
        """Page by page. A page with nothing new is the last: some servers ignore `after`."""
        seen: set[str] = set()
        while True:
            cursor = {"after": after} if after else {}
            items, more = _page(self._wire.ask("GET", path, {"limit": str(limit), **cursor}))
            before = len(seen)
            for reply in self._parsed(items, parse):
                if reply.id not in seen:
                    seen.add(reply.id)
                    yield reply
            last = _last_id(items)
            if not more or len(seen) == before or last in ("", after):
                return
            after = last

    def _parsed(self, items: list[object], parse: Callable[[object], R]) -> Iterator[R]:
        for item in items:
            try:
                yield parse(item)
            except Malformed:
                self.skipped += 1


def _page(body: object) -> tuple[list[object], bool]:
    """A page's items, and whether there may be more: yes, when the server does not say."""
    page: Json = body if isinstance(body, dict) else {"data": body}
    items = page.get("data")
    if items is None and body is not None and "error" not in page:
        items = []
    if not isinstance(items, list):
        raise Malformed(f"The API sent {text(body)[:80]!r} where a list should be.")
    more = page.get("has_more")
    return items, more is None or bool(more)


def _last_id(items: list[object]) -> str:
    """The cursor of the next page. A list whose items have no ids cannot have one."""
    ids = (given_id(item) for item in reversed(items) if isinstance(item, dict))
    return next(filter(None, ids), "")
