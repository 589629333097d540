"""What every request meets first and every answer passes last: the key, and the headers."""

import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.catalog import ORGANIZATION
from sandbox.errors import ApiError


class FrontDoor:
    """Any bearer key opens it, but those that begin with `sk-invalid`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()

        async def send_signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = f"req_{secrets.token_hex(16)}"
                headers["openai-organization"] = ORGANIZATION
                headers["openai-version"] = "2020-10-01"
                headers["openai-processing-ms"] = str(round((time.perf_counter() - began) * 1000))
            await send(message)

        refusal = _refusal(Headers(scope=scope).get("authorization", ""))
        app = refusal.response() if refusal else self.app
        await app(scope, receive, send_signed)


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
