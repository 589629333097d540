"""What every request meets first and every answer passes last.

    Gate          nobody who calls the sandbox by another name, and no page of another site
    Signature     the headers of every answer, and what is said when something breaks
    Sabotage      the faults that were ordered
    Translation   another service's dialect, and the live service's quirks, where asked for
    Lock          the key, and how often it may ask

Only what pretends to be the service is behind all of them: before the sandbox's own controls and
its document are the first two.
"""

import secrets
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.catalog import ORGANIZATION
from sandbox.context import Sandbox
from sandbox.errors import ApiError
from sandbox.limits import Limits
from sandbox.quirks import dialect_of
from sandbox.sabotage import Sabotage
from sandbox.translation import ROOT, Translation

OWN = ("/_sandbox/", "/openapi.json")


class FrontDoor:
    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self.controls = Signature(app)
        service: ASGIApp = Lock(app, sandbox.limits)
        if sandbox.quirks:
            service = Translation(service, [dialect_of(sandbox.quirks)], sandbox.store)
        if sandbox.service.dialects:
            service = Translation(service, sandbox.service.dialects, sandbox.store)
        service = Sabotage(service, sandbox.faults, sandbox.connections)
        self.service = Signature(service)
        self.gate = sandbox.gate
        self.ledger = sandbox.ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.controls.app(scope, receive, send)
        elif stranger := self.gate.refusal(Headers(scope=scope)):
            await Signature(stranger.response())(scope, receive, send)
        elif scope["path"].startswith(OWN):
            await self.controls(scope, receive, send)
        else:
            self.ledger.note(scope["method"], scope["path"])
            await self.service(scope, receive, send)


class Signature:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        has_begun = False

        async def send_signed(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                message["headers"] = [*message["headers"], *_signs(began)]
            await send(message)

        try:
            await self.app(scope, receive, send_signed)
        except Exception:
            if not has_begun:
                words = "The server had an error while processing your request. Sorry about that!"
                await ApiError(words, status=500).response()(scope, receive, send_signed)
            raise


class Lock:
    """Any bearer key opens it, but those that begin with `sk-invalid`."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(f"{ROOT}/"):
            await self.app(scope, receive, send)
            return
        authorization = Headers(scope=scope).get("authorization", "")
        app = self.app
        if refusal := _refusal(authorization):
            app = refusal.response()
        elif allowance := self.limits.take(authorization):
            app = app if allowance.is_granted else allowance.refusal().response()
            send = _adding(allowance.headers(), send)
        await app(scope, receive, send)


def _signs(began: float) -> list[tuple[bytes, bytes]]:
    milliseconds = round((time.perf_counter() - began) * 1000)
    return [
        (b"x-request-id", f"req_{secrets.token_hex(16)}".encode()),
        (b"openai-organization", ORGANIZATION.encode()),
        (b"openai-version", b"2020-10-01"),
        (b"openai-processing-ms", str(milliseconds).encode()),
    ]


def _adding(headers: dict[str, str], send: Send) -> Send:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *raw]
        await send(message)

    return send_with_headers


def _refusal(authorization: str) -> ApiError | None:
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        message = (
            "You didn't provide an API key. You need to provide your API key in an Authorization"
            " header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
        )
        return ApiError(message, status=401, code="invalid_api_key")
    if key.startswith("sk-invalid"):
        message = f"Incorrect API key provided: {key[:10]}***."
        return ApiError(message, status=401, code="invalid_api_key")
    return None
