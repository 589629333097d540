"""Lists by cursor: read `limit`, `after` and `order` of a request, wrap a page for the answer."""

import re

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse

from sandbox.errors import ApiError
from sandbox.records import Json
from sandbox.store import Cursor

OLDEST_FIRST = "sandbox.oldest_first"
"""In a request's scope: lists that are newest first elsewhere begin with the oldest."""


class Page(JSONResponse):
    """Written by msgspec: of what a long page costs, the writing would be half."""

    def render(self, content: object) -> bytes:
        return msgspec.json.encode(content)


def cursor(
    request: Request, *, default: int, most: int = 100, orders: tuple[str, str] | None = None
) -> Cursor:
    """`orders`: the words of those lists that can be asked for in either order."""
    given = request.query_params.get("limit") or str(default)
    if not re.fullmatch(r"[0-9]{1,5}", given) or not 1 <= int(given) <= most:
        message = f"invalid limit: {given}, must be an integer from 1 to {most}"
        raise ApiError(message, param="limit")
    after = request.query_params.get("after") or None
    return Cursor(int(given), after, _is_ascending(request, orders))


def _is_ascending(request: Request, orders: tuple[str, str] | None) -> bool:
    if orders is None:
        return bool(request.scope.get(OLDEST_FIRST))
    ascending, descending = orders
    order = request.query_params.get("order", descending)
    if order not in orders:
        message = f"invalid order: {order}, must be {ascending} or {descending}"
        raise ApiError(message, param="order")
    return order == ascending


def listed(replies: list[Json], has_more: bool) -> Json:
    return {"object": "list", "data": replies, "has_more": has_more}


def listed_with_ends(replies: list[Json], has_more: bool, *, nothing: str | None) -> Json:
    """As `listed`, with the ids of the first and last item; `nothing` on an empty page."""
    first, last = (replies[0]["id"], replies[-1]["id"]) if replies else (nothing, nothing)
    return {**listed(replies, has_more), "first_id": first, "last_id": last}
