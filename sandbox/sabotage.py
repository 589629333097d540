"""Carry out the faults that meet a request.

Stands outside of everything that answers, so that a fault spoils whatever would have been said,
be it a refusal.
"""

import asyncio
from urllib.parse import parse_qsl, urlencode

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.answers import Answer, ask
from sandbox.connections import Connections
from sandbox.distortions import DISTORTIONS
from sandbox.errors import ApiError
from sandbox.faults import Fault, Faults, Trouble
from sandbox.paging import OLDEST_FIRST

PAGE = b"<html><head><title>%d</title></head><body><h1>%d</h1><hr>a proxy</body></html>\n"
MEGABYTE = 1024 * 1024

BLOCKS = (Trouble.ERROR, Trouble.REDIRECT, Trouble.HANG, Trouble.RESET)
ON_THE_WAY_IN = frozenset({Trouble.LATENCY, Trouble.REPEAT_PAGE, Trouble.OLDEST_FIRST})


class Sabotage:
    def __init__(self, app: ASGIApp, faults: Faults, connections: Connections) -> None:
        self.app = app
        self.faults = faults
        self.connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        met = self.faults.drawn(scope["method"], scope["path"])
        drawn = {fault.name: fault for fault in reversed(met)}  # of two alike, the first ordered
        if latency := drawn.get(Trouble.LATENCY):
            await asyncio.sleep(latency.number)
        block = next((drawn[name] for name in BLOCKS if name in drawn), None)
        if block and not block.carried_out:
            await self._block(block, scope, receive, send)
            return
        scope = _misled(scope, drawn)
        if drawn.keys() <= ON_THE_WAY_IN:
            await self.app(scope, receive, send)
            return
        answer = await ask(self.app, scope, receive)
        if block:
            await self._block(block, scope, receive, send)
        else:
            await self._send(self._spoilt(answer, drawn), drawn, scope, receive, send)

    async def _block(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.name:
            case Trouble.ERROR:
                await _refusal(fault)(scope, receive, send)
            case Trouble.REDIRECT:
                elsewhere = f"{fault.value}{scope['path']}"
                await RedirectResponse(elsewhere, status_code=307)(scope, receive, send)
            case Trouble.RESET:
                await self._reset(scope, receive)
            case Trouble.HANG:
                await _gone(receive)

    def _spoilt(self, answer: Answer, drawn: dict[Trouble, Fault]) -> Answer:
        if answer.is_json:
            content = answer.json()
            for name, distort in DISTORTIONS.items():
                if name in drawn:
                    content = distort(content, drawn[name], self.faults.random)
            answer = answer.telling(content)
        if html := drawn.get(Trouble.HTML):
            status = int(html.number)
            answer = answer.saying(PAGE % (status, status), status, "text/html")
        if Trouble.TRUNCATE in drawn:
            answer = Answer(answer.status, answer.headers, _half(answer.body))
        return answer

    async def _send(
        self,
        answer: Answer,
        drawn: dict[Trouble, Fault],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        if Trouble.CUT in drawn:
            await send(answer.start())
            await send(_part(_half(answer.body), more=True))
            await self._reset(scope, receive)
        elif drip := drawn.get(Trouble.DRIP):
            await _drip(answer, drip.number, receive, send)
        elif huge := drawn.get(Trouble.HUGE):
            await _flood(answer, int(huge.number), send)
        else:
            await answer.send(send)

    async def _reset(self, scope: Scope, receive: Receive) -> None:
        self.connections.reset(scope["client"])
        await _gone(receive)


def _misled(scope: Scope, drawn: dict[Trouble, Fault]) -> Scope:
    """The request as a service understands it that does not read all of it."""
    if Trouble.REPEAT_PAGE in drawn:
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        kept = urlencode([pair for pair in asked if pair[0] != "after"])
        scope = {**scope, "query_string": kept.encode()}
    if Trouble.OLDEST_FIRST in drawn:
        scope = {**scope, OLDEST_FIRST: True}
    return scope


def _refusal(fault: Fault) -> ASGIApp:
    status = int(fault.number)
    limited = {"kind": "requests", "code": "rate_limit_exceeded"} if status == 429 else {}
    error = ApiError(f"The sandbox was told to answer {status}.", status=status, **limited)
    wanted = {
        "retry-after": fault.retry_after,
        "retry-after-ms": fault.retry_after_ms,
        "x-should-retry": fault.should_retry,
    }
    return error.response(
        {name: _header(value) for name, value in wanted.items() if value is not None}
    )


def _header(value: float | str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:g}"


async def _drip(answer: Answer, pause: float, receive: Receive, send: Send) -> None:
    await send(answer.start())
    gone = asyncio.create_task(_gone(receive))
    for place in range(len(answer.body)):
        await send(_part(answer.body[place : place + 1], more=True))
        await asyncio.wait({gone}, timeout=pause)
        if gone.done():
            return
    gone.cancel()
    await send(_part(b"", more=False))


async def _flood(answer: Answer, megabytes: int, send: Send) -> None:
    """Blanks before JSON mean nothing: only who counts notices."""
    await send(answer.start(len(answer.body) + megabytes * MEGABYTE))
    for _ in range(megabytes):
        await send(_part(b" " * MEGABYTE, more=True))
    await send(_part(answer.body, more=False))


async def _gone(receive: Receive) -> None:
    """Until the client, or its connection, has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _part(body: bytes, *, more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": body, "more_body": more}


def _half(body: bytes) -> bytes:
    return body[: len(body) // 2]
