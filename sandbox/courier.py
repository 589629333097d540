"""Send what webhooks have to say: in the server's loop, beside the requests.

A delivery is a row from its event on until the receiver has taken it, so that a kill -9 loses
none; one that it interrupts is repeated. A receiver that does not answer 2xx is asked again
after `patience` seconds, then after twice as long, up to hours, for three days.
"""

import asyncio
import contextlib
import logging
import time
from typing import TYPE_CHECKING

from sandbox import webhooks
from sandbox.records import Delivery, Endpoint
from sandbox.store import Store, now

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger("sandbox")

LOOK = 0.25
"""Seconds between two looks for what is due."""
AT_ONCE = 32
TIMEOUT = 10
LONGEST_WAIT = 6 * 3600
GIVE_UP = 72 * 3600


class Courier:
    def __init__(self, store: Store, patience: float) -> None:
        self.store = store
        self.patience = patience
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._client: httpx.AsyncClient | None = None

    async def run(self) -> None:
        try:
            while True:
                self._send_due()
                await asyncio.sleep(LOOK)
        finally:
            for task in self._under_way.values():
                task.cancel()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)
            if self._client:
                await self._client.aclose()

    async def post(self, endpoint: Endpoint, delivery_id: str, body: str) -> int | None:
        """The receiver's status; none if it did not answer."""
        import httpx  # not at the start: the sandbox is to listen at once

        self._client = self._client or httpx.AsyncClient(trust_env=False)
        headers = webhooks.headers(endpoint, delivery_id, body, now())
        # A UnicodeError: no name of a host can be spelt so.
        with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL, TimeoutError, UnicodeError):
            async with (
                asyncio.timeout(TIMEOUT),
                self._client.stream(
                    "POST", endpoint.url, content=body.encode(), headers=headers
                ) as answer,
            ):
                return answer.status_code
        return None

    def _send_due(self) -> None:
        due = self.store.all(
            Delivery, "due_at <= ?", [time.time()], f"ORDER BY due_at, seq LIMIT {AT_ONCE}"
        )
        for delivery in due:
            if delivery.id not in self._under_way:
                self._under_way[delivery.id] = asyncio.create_task(self._deliver(delivery))

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            if endpoint := self.store.find(Endpoint, delivery.endpoint_id):
                self._settle(delivery, await self.post(endpoint, delivery.id, delivery.body))
        except Exception:  # whatever breaks, it breaks this attempt only
            logger.exception("webhook %s broke", delivery.id)
            self._settle(delivery, None)
        finally:
            del self._under_way[delivery.id]

    def _settle(self, delivery: Delivery, status: int | None) -> None:
        attempts = delivery.attempts + 1
        again_at = time.time() + min(self.patience * 2 ** (attempts - 1), LONGEST_WAIT)
        if status is not None and 200 <= status < 300:
            self.store.delete(Delivery, delivery.id)
        elif again_at > delivery.created_at + GIVE_UP:
            logger.warning("webhook %s is given up after %d attempts", delivery.id, attempts)
            self.store.delete(Delivery, delivery.id)
        elif self.store.find(Delivery, delivery.id):  # else its endpoint was deleted meanwhile
            self.store.update(Delivery, delivery.id, attempts=attempts, due_at=again_at)
