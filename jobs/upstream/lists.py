"""Lists, page by page, in the server's order.

They are lazy: no request goes out before the first item is asked for, and no further page before the last
item of this one is used up. Nothing is lost in silence. Events and checkpoints without an id get one that
follows from their content; what cannot be addressed at all (a job, file or model without an id, an item
that is no object) is left out and counted in `skipped`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypeVar

from jobs.upstream.decoding import Json
from jobs.upstream.errors import Malformed
from jobs.upstream.fields import given_id, text
from jobs.upstream.wire import Wire

PAGE_SIZE = 100


class Reply(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=Reply)
Parse = Callable[[object], R]


class Lists:
    """The lists of one service."""

    def __init__(self, wire: Wire) -> None:
        self.skipped = 0
        self._wire = wire

    def read(
        self,
        path: str,
        parse: Parse[R],
        after: str = "",
        *,
        limit: int = PAGE_SIZE,
        params: Mapping[str, str] | None = None,
        as_admin: bool = False,
    ) -> Iterator[R]:
        """Page by page. A page with nothing new is the last: some servers ignore `after`."""
        seen: set[str] = set()
        while True:
            cursor = {"after": after} if after else {}
            query = {"limit": str(limit), **(params or {}), **cursor}
            items, more = _page(self._wire.ask("GET", path, query, as_admin=as_admin))
            before = len(seen)
            for reply in self._parsed(items, parse):
                if reply.id not in seen:
                    seen.add(reply.id)
                    yield reply
            last = _last_id(items)
            if not more or len(seen) == before or last in ("", after):
                return
            after = last

    def whole(self, body: object, parse: Parse[R]) -> list[R]:
        """A list that has no pages."""
        items, _ = _page(body)
        return list(self._parsed(items, parse))

    def _parsed(self, items: list[object], parse: Parse[R]) -> Iterator[R]:
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
