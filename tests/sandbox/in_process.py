"""Ask a sandbox that is no process of its own: one request of a folder that another one filled."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from sandbox.app import make_app
from sandbox.context import Sandbox
from sandbox.courier import Courier
from sandbox.gate import Gate
from sandbox.quirks import Quirks
from sandbox.runner import Runner
from sandbox.store import Store
from tests.sandbox_server import DEPARTING

ODD = "odd-sandbox"
"""Where a sandbox with quirks seems to be: it is not held against the contracts."""
DEPARTING.add(f"{ODD}:None")


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
    host = ODD if quirks else "sandbox"
    sandbox = Sandbox(store, runner, courier, quirks, gate=Gate([host]))

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(make_app(sandbox), raise_app_exceptions=False)
        key = {"Authorization": "Bearer sk-test"}
        async with httpx.AsyncClient(
            transport=transport, base_url=f"http://{host}/v1/", headers=key
        ) as client:
            return await client.request(method, path, **given)

    try:
        return asyncio.run(answer())
    finally:
        store.close()
