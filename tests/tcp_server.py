"""A server that behaves as badly as a test wants it to, on a real socket."""

import socket
import threading
from collections.abc import Callable
from contextlib import closing, suppress

JOB = b'{"id": "ftjob-1", "status": "running"}'
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(JOB), JOB)
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

Behaviour = Callable[[socket.socket, int], None]


class Server:
    """Treats its nth connection by `behave(connection, n)`, then closes it."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        host, port = self._listener.getsockname()
        return f"http://{host}:{port}/v1"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                given = (connection, self.connections)
                self._threads.append(threading.Thread(target=self._treat, args=given))
                self._threads[-1].start()

    def _treat(self, connection: socket.socket, number: int) -> None:
        with closing(connection), suppress(OSError):
            self.behave(connection, number)

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()


def receive(connection: socket.socket) -> None:
    """One request without a body, or the end of the connection."""
    heard = b""
    while not heard.endswith(b"\r\n\r\n"):
        if not (part := connection.recv(4096)):
            raise ConnectionResetError
        heard += part
