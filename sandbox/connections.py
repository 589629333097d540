"""The server's open connections: what no ASGI application can do to them by itself."""

import socket
import struct
from collections.abc import Collection
from typing import Any

AT_ONCE = struct.pack("ii", 1, 0)
"""Linger for no second: what is closed so is reset."""


class Connections:
    """`protocols` is uvicorn's own set, handed over when the server is made."""

    def __init__(self) -> None:
        self.protocols: Collection[Any] = ()

    def reset(self, client: tuple[str, int]) -> None:
        for protocol in list(self.protocols):
            if protocol.client == client:
                protocol.transport.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE
                )
                protocol.transport.abort()
