"""Say in another service's dialect what the sandbox says in OpenAI's.

The endpoints, the store and the life of a job know one language. A `Dialect` is what differs
elsewhere, as data and small functions over single objects; `Translation` stands before the
endpoints, turns requests into theirs and their answers back. The dialects are in `dialects/`,
the live service's own departures from its schema in `quirks`.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.answers import Answer, Rewriting
from sandbox.bodies import MOST_JSON
from sandbox.paging import OLDEST_FIRST
from sandbox.records import Json
from sandbox.store import Store

ROOT = "/v1"
NOWHERE = "/nowhere"
CREATE = f"{ROOT}/fine_tuning/jobs"
NEVER = re.compile(r"(?!)")

Retelling = Callable[[Json, Store], Json]


def _same(what: Json) -> Json:
    return what


def _same_text(text: str) -> str:
    return text


def _same_answer(answer: Answer) -> Answer:
    return answer


@dataclass(frozen=True)
class Dialect:
    """Paths in the patterns are as the endpoints know them, below /v1."""

    root: str = ROOT
    """Where the service has what the sandbox has under /v1."""
    objects: Mapping[str, Retelling] = field(default_factory=dict)
    """How a thing is told, by its `object`: alone and in lists."""
    page: Callable[[Json], Json] = _same
    """How a list is told, its items told already."""
    refusal: Callable[[Answer], Answer] = _same_answer
    reads: Callable[[Json], Json] = _same
    """What the order of a job means in ours."""
    outward: Callable[[str], str] = _same_text
    """Names of models, wherever they stand: ours to theirs …"""
    inward: Callable[[str], str] = _same_text
    """… and back."""
    key_header: str = "authorization"
    wanted_query: str = ""
    """A parameter without which nothing is found."""
    absent: re.Pattern[str] = NEVER
    created: re.Pattern[str] = NEVER
    """What a POST to answers 201."""
    oldest_first: bool = False

    def serves(self, path: str) -> bool:
        return path.startswith(self.root + "/")


@dataclass(frozen=True)
class Service:
    """What `--dialect` chooses between."""

    dialects: Sequence[Dialect] = ()
    """The first whose root a path has; none at all is OpenAI's own."""
    quirks: frozenset[str] = frozenset()
    routes: Sequence[BaseRoute] = ()
    """Endpoints that OpenAI does not have."""
    root: str = ROOT
    """What the address ends with that a client is given."""


class Translation:
    def __init__(self, app: ASGIApp, dialects: Sequence[Dialect], store: Store) -> None:
        self.app = app
        self.dialects = dialects
        self.store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        dialect = next(filter(lambda each: each.serves(scope["path"]), self.dialects), None)
        if dialect is None:
            scope, dialect = {**scope, "path": NOWHERE + scope["path"]}, self.dialects[0]
        else:
            scope = _entering(scope, dialect)
        is_post = scope["method"] == "POST"
        if is_post and scope["path"] == CREATE:
            receive = _Reading(receive, dialect)
        status = 201 if is_post and dialect.created.fullmatch(_below_root(scope)) else 200

        def retell(answer: Answer) -> Answer:
            if answer.status >= 400:
                return dialect.refusal(answer)
            told = json.dumps(self._retold(answer.json(), dialect), ensure_ascii=False)
            return answer.saying(dialect.outward(told).encode(), status)

        await self.app(scope, receive, Rewriting(send, retell))

    def _retold(self, content: Json, dialect: Dialect) -> Json:
        if content.get("object") == "list":
            items = [
                self._retold(item, dialect) if isinstance(item, dict) else item
                for item in content["data"]
            ]
            return dialect.page({**content, "data": items})
        tell = dialect.objects.get(content.get("object", ""))
        return tell(content, self.store) if tell and not content.get("deleted") else content


class _Reading:
    """A `receive` that hands on the order of a job as the endpoints understand it."""

    def __init__(self, receive: Receive, dialect: Dialect) -> None:
        self._receive = receive
        self._dialect = dialect
        self._body = b""

    async def __call__(self) -> Message:
        message = await self._receive()
        while message["type"] == "http.request":
            self._body += message.get("body", b"")
            if len(self._body) > MOST_JSON:
                return {**message, "body": self._body}
            if not message.get("more_body", False):
                return {**message, "body": self._read()}
            message = await self._receive()
        return message

    def _read(self) -> bytes:
        try:
            order = json.loads(self._dialect.inward(self._body.decode()))
            read = self._dialect.reads(order) if isinstance(order, dict) else order
            return json.dumps(read).encode()
        except (ValueError, RecursionError):
            return self._body  # the endpoint says what is wrong with it


def _entering(scope: Scope, dialect: Dialect) -> Scope:
    path = ROOT + scope["path"].removeprefix(dialect.root)
    entered = {**scope, "path": dialect.inward(path)}
    if dialect.oldest_first:
        entered[OLDEST_FIRST] = True
    query = parse_qs(scope["query_string"].decode("latin-1"))
    lacks_query = dialect.wanted_query and dialect.wanted_query not in query
    if lacks_query or dialect.absent.fullmatch(_below_root(entered)):
        entered["path"] = NOWHERE + scope["path"]
    key = Headers(scope=scope).get(dialect.key_header)
    if dialect.key_header != "authorization" and key:
        bearer = (b"authorization", f"Bearer {key}".encode("latin-1"))
        entered["headers"] = [*scope["headers"], bearer]
    return entered


def _below_root(scope: Scope) -> str:
    return str(scope["path"]).removeprefix(ROOT)
