"""Ask a sandbox that is no process of its own: one request of a folder that another one filled."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from sandbox.app import make_app
from sandbox.context import Sandbox
from sandbox.courier import Courier
from sandbox.quirks import Quirks
from sandbox.runner import Runner
from sandbox.store import Store


def ask(
    folder: Path,
    path: str,
    *,
    method: str = "GET",
    quirks: Quirks = frozenset(),
    **given: Any,
) -> httpx.Response:
    store = Store(folder)
    runner, courier = Runner(store, slots=1, pace=0), Courier(store, patience=1)
    sandbox = Sandbox(store, runner=runner, courier=courier, quirks=quirks)

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(make_app(sandbox), raise_app_exceptions=False)
        address, key = "http://sandbox/v1/", {"Authorization": "Bearer sk-test"}
        async with httpx.AsyncClient(transport=transport, base_url=address, headers=key) as client:
            return await client.request(method, path, **given)

    try:
        return asyncio.run(answer())
    finally:
        store.close()
