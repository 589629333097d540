"""Lists by cursor: read `limit` and `after` of a request, wrap a page for the answer."""

import re
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse

from sandbox.errors import ApiError
from sandbox.records import Json

OLDEST_FIRST = "sandbox.oldest_first"
"""In a request's scope: lists that are newest first elsewhere begin with the oldest."""


class Page(JSONResponse):
    """Written by msgspec: of what a long page costs, the writing would be half."""

    def render(self, content: object) -> bytes:
        return msgspec.json.encode(content)


@dataclass(frozen=True)
class Cursor:
    limit: int
    after: str | None
    ascending: bool = False


def cursor(request: Request, *, default: int, most: int = 100) -> Cursor:
    given = request.query_params.get("limit") or str(default)
    if not re.fullmatch(r"[0-9]{1,5}", given) or not 1 <= int(given) <= most:
        message = f"invalid limit: {given}, must be an integer from 1 to {most}"
        raise ApiError(message, param="limit")
    ascending = bool(request.scope.get(OLDEST_FIRST))
    return Cursor(int(given), request.query_params.get("after") or None, ascending)


def listed(replies: list[Json], has_more: bool) -> Json:
    return {"object": "list", "data": replies, "has_more": has_more}


def listed_with_ends(replies: list[Json], has_more: bool, *, nothing: str | None) -> Json:
    """As `listed`, with the ids of the first and last item; `nothing` on an empty page."""
    first, last = (replies[0]["id"], replies[-1]["id"]) if replies else (nothing, nothing)
    return {**listed(replies, has_more), "first_id": first, "last_id": last}
