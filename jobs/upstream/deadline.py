"""An end to a whole exchange, from the connection to the last byte of the answer.

httpx bounds each wait for the socket but never their sum, so that a server that sends a byte now and then
is listened to for ever. It offers no place for such a bound, hence the reach into its connection pools. How
long the system takes to resolve a name is the system's.
"""

from collections.abc import Iterable
from threading import local
from time import monotonic
from typing import Any

import httpcore
import httpx


class Deadline(httpcore.NetworkBackend):
    """A network on which every wait ends when the time is up. For one exchange of each thread."""

    def __init__(self, client: httpx.Client) -> None:
        self._own = local()
        self._network = httpcore.SyncBackend()
        for transport in (client._transport, *client._mounts.values()):
            if isinstance(transport, httpx.HTTPTransport):
                transport._pool._network_backend = self

    def begin(self, seconds: float) -> None:
        self._own.end = monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds, less than none when the time is up."""
        return float(self._own.end - monotonic())

    def left(self, timeout: float | None, late: type[Exception] = httpcore.ReadTimeout) -> float:
        left = self.remaining
        if left <= 0:
            raise late
        return left if timeout is None else min(left, timeout)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        within = self.left(timeout, httpcore.ConnectTimeout)
        stream = self._network.connect_tcp(host, port, within, local_address, socket_options)
        return Stream(stream, self)


class Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        within = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return Stream(self._stream.start_tls(ssl_context, server_hostname, within), self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, name: str) -> Any:
        return self._stream.get_extra_info(name)
