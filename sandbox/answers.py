"""Answers on their way out: catch one, look into it, send another in its place.

For what stands between the endpoints and the socket (`translation`, `sabotage`). Endpoints
themselves answer with Starlette's responses.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

JSON = "application/json"
RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: RawHeaders
    body: bytes

    @property
    def is_json(self) -> bool:
        return is_json(self.headers)

    def json(self) -> Any:
        return json.loads(self.body)

    def saying(self, body: bytes, status: int | None = None, media_type: str = JSON) -> "Answer":
        """The same answer with another body: what the old one's headers say of it goes."""
        about_body = (b"content-length", b"content-type")
        kept = [pair for pair in self.headers if pair[0] not in about_body]
        typed = [*kept, (b"content-type", media_type.encode())]
        return Answer(self.status if status is None else status, typed, body)

    def telling(self, content: Any, status: int | None = None) -> "Answer":
        return self.saying(_dumps(content), status)

    def start(self, length: int | None = None) -> Message:
        size = str(len(self.body) if length is None else length).encode()
        kept = [pair for pair in self.headers if pair[0] != b"content-length"]
        headers = [*kept, (b"content-length", size)]
        return {"type": "http.response.start", "status": self.status, "headers": headers}

    async def send(self, send: Send) -> None:
        await send(self.start())
        await send({"type": "http.response.body", "body": self.body})


class Rewriting:
    """A `send` that puts `rewrite(answer)` in the place of every JSON answer.

    All else passes as it comes, so that files are not gathered in memory.
    """

    def __init__(self, send: Send, rewrite: Callable[[Answer], Answer]) -> None:
        self._send = send
        self._rewrite = rewrite
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and is_json(message["headers"]):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                answer = _answer(self._start, self._parts)
                await self._rewrite(answer).send(self._send)
        else:
            await self._send(message)


async def ask(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """The whole answer of the app to a request."""
    start: Message = {}
    parts: list[bytes] = []

    async def gather(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, gather)
    return _answer(start, parts)


def is_json(headers: RawHeaders) -> bool:
    return Headers(raw=headers).get("content-type", "").startswith(JSON)


def _dumps(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _answer(start: Message, parts: list[bytes]) -> Answer:
    return Answer(start["status"], list(start["headers"]), b"".join(parts))
