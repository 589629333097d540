"""/_sandbox: the sandbox's own controls, for tests and benches. No key is asked for."""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.context import sandbox_of
from sandbox.errors import ApiError
from sandbox.faults import Orders


async def faults(request: Request) -> JSONResponse:
    return _told(sandbox_of(request).faults.orders)


async def order_faults(request: Request) -> JSONResponse:
    """These and no others, from now on."""
    try:
        orders = msgspec.json.decode(await request.body(), type=Orders)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError(str(error)) from error
    sandbox_of(request).faults.order(orders)
    return _told(orders)


async def forget_faults(request: Request) -> Response:
    sandbox_of(request).faults.order(Orders([]))
    return Response(status_code=204)


async def requests(request: Request) -> JSONResponse:
    return JSONResponse({"requests": sandbox_of(request).ledger.entries()})


async def forget_requests(request: Request) -> Response:
    sandbox_of(request).ledger.clear()
    return Response(status_code=204)


def _told(orders: Orders) -> JSONResponse:
    return JSONResponse(msgspec.to_builtins(orders))


routes = [
    Route("/_sandbox/faults", faults),
    Route("/_sandbox/faults", order_faults, methods=["PUT"]),
    Route("/_sandbox/faults", forget_faults, methods=["DELETE"]),
    Route("/_sandbox/requests", requests),
    Route("/_sandbox/requests", forget_requests, methods=["DELETE"]),
]
