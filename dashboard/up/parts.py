"""What runs beside Celery: broker, web server, sandbox; and how each tells that it is up.

What the web server needs is imported early, by `preload_web`: what is imported before the fork is
shared in memory, and a server that died is back without importing anything.
"""

import http.client
import os
import socket
import sys
from importlib import import_module

from django.conf import settings

from dashboard import broker
from dashboard.up.checks import broker_program, make_private
from dashboard.up.child import Page
from dashboard.up.supervisor import Part

WEB = (
    "uvicorn.server",
    "uvicorn.protocols.http.httptools_impl",
    "dashboard.asgi",
    "dashboard.urls",
)


def preload_web() -> None:
    for name in WEB:
        import_module(name)


def become(command: list[str]) -> None:
    os.execv(command[0], command)  # noqa: S606 - our own words, no shell


def valkey() -> Part:
    """Celery's broker and the bell's, on a unix socket that only our user can open."""
    place = broker.socket_path(settings.DATA_DIR)
    command = broker.command(broker_program(), settings.DATA_DIR)
    make_private(place.parent)
    make_private(settings.DATA_DIR / "valkey")

    def answers() -> bool:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            try:
                line.connect(str(place))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    return Part(
        "valkey",
        lambda: become(command),
        answers,
        patience=10,
        log="its log in DATA_DIR/valkey",
    )


def web(listener: socket.socket) -> Part:
    page = Page()

    def serve() -> None:
        import uvicorn

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                page.write()

        config = uvicorn.Config(
            "dashboard.asgi:app",
            lifespan="on",
            ws="none",
            log_config=None,
            access_log=False,  # a sign-in link is a secret
            server_header=False,
            timeout_graceful_shutdown=3,
        )
        Server(config).run(sockets=[listener])

    return Part("web", serve, lambda: page.is_up, starting=page.clear, patience=6)


def sandbox() -> Part:
    """A program of its own, as it must not share anything with what it tests."""
    address = ("127.0.0.1", settings.SANDBOX_PORT)
    folder = str(settings.DATA_DIR / "sandbox")
    words = ["--host", address[0], "--port", str(address[1]), "--data", folder, "--demo"]
    command = [sys.executable, "-m", "sandbox", *words]

    def serve() -> None:
        os.chdir(settings.BASE_DIR)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # we say where it is
        become(command)

    def answers() -> bool:
        line = http.client.HTTPConnection(*address, timeout=1)
        try:
            line.request("GET", "/v1/models")
            return line.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()

    return Part("sandbox", serve, answers)
