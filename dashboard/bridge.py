"""A WSGI application inside an ASGI server: a thread for as long as it works on a request, and no longer.

What a client sends is read before a thread is taken, and what it gets is sent after the thread is free: a
client who is slow, or means harm, keeps nobody waiting but itself. So a request costs one hop into a thread
and one back. (a2wsgi hops for every message; side by side it took 0.36 ms for an empty page and this
0.16 ms, and a sixth of the CPU of that with sixteen clients.) Both bodies are held in memory, which suits
forms and pages. What the application says it streams is sent piece by piece, each with a hop of its own: a
slow client of a long file holds neither memory nor a thread. Pieces come from different threads, so whatever
makes them must hold nothing open between two, least of all a cursor.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, NamedTuple

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Callable[..., Any]], Iterable[bytes]]

LARGEST = 2**20  # bytes that a client may send: our forms are small …
LATEST = 10.0  # … and these are the seconds that they may take
PIECE = 2**16  # bytes of a stream that are worth sending


class Refused(Exception):
    """Not every client is heard out."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Bridge:
    def __init__(self, application: Application, threads: int) -> None:
        self.application = application
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            body = await upload(scope, receive)
        except ConnectionError:
            return  # nobody is left to be answered
        except Refused as refusal:
            head, content = farewell(refusal)
            rest = None
        else:
            head, content, rest = await self.work(self.answer, environ(scope, body))
        await send(head)
        if rest:
            await send({"type": "http.response.body", "body": content, "more_body": True})
            content = b""
            await self.send_all(rest, receive, send)
        await send({"type": "http.response.body", "body": content})

    async def work(self, task: Callable[..., Any], *given: Any) -> Any:
        alone = copy_context().run  # what is noted for a request ends with it
        return await asyncio.get_running_loop().run_in_executor(self.threads, alone, task, *given)

    async def send_all(self, rest: "Rest", receive: Receive, send: Send) -> None:
        """Piece by piece, for as long as somebody takes them."""
        leaving = asyncio.ensure_future(departure(receive))
        try:
            while not leaving.done() and (piece := await self.work(gathered, rest.pieces)):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        finally:
            leaving.cancel()
            await self.work(rest.close)

    def answer(self, environ: Message) -> tuple[Message, bytes, "Rest | None"]:
        """In a thread: the application's answer, whole; or the beginning of a stream, and its rest."""
        head: Message = {"type": "http.response.start"}

        def start(status: str, headers: list[tuple[str, str]], problem: Any = None) -> None:
            head["status"] = int(status[:3])
            head["headers"] = [
                (name.lower().encode("latin-1"), value.strip().encode("latin-1"))
                for name, value in headers
            ]

        parts = self.application(environ, start)
        rest = Rest(iter(parts), getattr(parts, "close", nothing))
        try:
            streams = getattr(parts, "streaming", False)
            content = gathered(rest.pieces) if streams else b"".join(rest.pieces)
        except BaseException:
            rest.close()
            raise
        if streams and len(content) >= PIECE:
            return head, content, rest
        rest.close()
        return head, content, None


class Rest(NamedTuple):
    """What is still to come of a stream."""

    pieces: Iterator[bytes]
    close: Callable[[], None]


def nothing() -> None:
    """What has no end of its own needs no closing."""


def gathered(pieces: Iterator[bytes]) -> bytes:
    """In a thread: the next pieces, as one that is worth sending; less than that only at the end."""
    piece = bytearray()
    for each in pieces:
        piece += each
        if len(piece) >= PIECE:
            break
    return bytes(piece)


async def departure(receive: Receive) -> None:
    """Until the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def upload(scope: Message, receive: Receive) -> bytes:
    """What the client sends. One who leaves before the end is an error, not an end."""
    names = {name for name, _ in scope["headers"]}
    if names.isdisjoint({b"content-length", b"transfer-encoding"}):
        return b""
    try:
        async with asyncio.timeout(LATEST):
            return await whole(receive)
    except TimeoutError as error:
        raise Refused(408, f"The request was not complete after {LATEST:.0f} s.") from error


async def whole(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError("The client went away before it had said all.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST:
            size = f"{LARGEST // 2**20} MiB"
            raise Refused(413, f"The request is larger than {size}: go back and send less at once.")
    return bytes(body)


def farewell(refusal: Refused) -> tuple[Message, bytes]:
    """The answer to a client of whom no more is read."""
    content = f"{refusal}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
    ]
    return {"type": "http.response.start", "status": refusal.status, "headers": headers}, content


def environ(scope: Message, body: bytes) -> Message:
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
        "wsgi.input": io.BytesIO(body),
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
