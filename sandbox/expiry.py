"""The clock by which files and uploads go: within a second after their time is over."""

import asyncio
import logging

from sandbox import files, uploads
from sandbox.store import Store, now

logger = logging.getLogger("sandbox")


async def run(store: Store) -> None:
    while True:
        try:
            files.expire(store, now())
            uploads.expire(store, now())
        except Exception:  # a disk that is full now may have room in a second
            logger.exception("what has expired could not be removed")
        await asyncio.sleep(1)
