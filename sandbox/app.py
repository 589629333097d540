"""The ASGI application: routes under /v1, the front door, and errors in the envelope."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from sandbox import expiry
from sandbox.context import Sandbox
from sandbox.errors import ApiError
from sandbox.front_door import FrontDoor
from sandbox.routes import (
    control,
    document,
    files,
    graders,
    jobs,
    models,
    permissions,
    uploads,
    webhooks,
)
from sandbox.store import UnknownCursor


def make_app(sandbox: Sandbox) -> Starlette:
    @contextlib.asynccontextmanager
    async def training(app: Starlette) -> AsyncIterator[None]:
        work = (sandbox.runner.run(), sandbox.courier.run(), expiry.run(sandbox.store))
        tasks = [asyncio.create_task(each) for each in work]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    app = Starlette(
        routes=[
            *jobs.routes,
            *files.routes,
            *uploads.routes,
            *webhooks.routes,
            *models.routes,
            *permissions.routes,
            *graders.routes,
            *control.routes,
            *document.routes,
            *sandbox.service.routes,
        ],
        middleware=[Middleware(FrontDoor, sandbox=sandbox)],
        exception_handlers={
            ApiError: _refused,
            UnknownCursor: _unknown_cursor,
            HTTPException: _unserved,
            ClientDisconnect: _unheard,
        },
        lifespan=training,
    )
    app.router.redirect_slashes = False
    app.state.sandbox = sandbox
    return app


async def _refused(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ApiError):
        raise error
    return error.response()


async def _unknown_cursor(request: Request, error: Exception) -> JSONResponse:
    return ApiError(f"invalid after: {error}, it is not in this list", param="after").response()


async def _unserved(request: Request, error: Exception) -> JSONResponse:
    """Starlette's own refusals: no such route, no such method, an unreadable form."""
    if not isinstance(error, HTTPException):
        raise error
    where = f"({request.method} {request.url.path})"
    message = {404: f"Invalid URL {where}", 405: f"Not allowed {where}"}
    refusal = ApiError(message.get(error.status_code, error.detail), status=error.status_code)
    return refusal.response(error.headers)


async def _unheard(request: Request, error: Exception) -> Response:
    """The client left while it was still talking: nothing broke, and nobody reads this."""
    return Response(status_code=499)
