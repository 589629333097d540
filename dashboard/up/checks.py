"""What must hold before anything starts. Each failure is one sentence for the person at the console."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from dashboard import broker


class CannotStart(Exception):
    """A sentence that says what is wrong and what to do."""


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold the data folder for this process alone; the lock ends with the last process of the tree."""
    try:
        make_private(folder)
        file = (folder / "lock").open("a+")
    except OSError as error:
        raise CannotStart(
            f"DATA_DIR {folder} cannot be written ({error.strerror}): name a folder of your own."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise CannotStart(
                f"Tuneboard already runs on DATA_DIR {folder} (process {file.read().strip()}):"
                " stop it first, or name another folder in DATA_DIR."
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def make_private(folder: Path) -> None:
    """Make a folder that is ours alone. One that another user has laid in our way is refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(13, "it belongs to another user")


def listener(name: str, host: str, port: int) -> socket.socket:
    """Listen where `name` says. The socket outlives its server: a restart refuses no visitor."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, kind, protocol)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(2048)
    except OSError as error:
        raise CannotStart(
            f"{name} {port} on {host} cannot be used ({error.strerror}):"
            f" stop what listens there, or name another one in {name}."
        ) from error
    return found


def ports() -> socket.socket:
    """The web server's socket, once it is sure that the sandbox can have its own."""
    if settings.SANDBOX:
        if settings.SANDBOX_PORT == settings.PORT:
            raise CannotStart(f"PORT and SANDBOX_PORT are both {settings.PORT}: change one.")
        listener("SANDBOX_PORT", "127.0.0.1", settings.SANDBOX_PORT).close()
    return listener("PORT", settings.HOST, settings.PORT)


def static_files() -> None:
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        raise CannotStart(
            "The static files are not in place: start with `make run`,"
            " or run `npm ci` and `manage.py collectstatic` before."
        )


def broker_answers(url: str) -> None:
    """Reach the broker that REDIS_URL names, once: later it may come and go."""
    place = urlsplit(url)
    try:
        if place.scheme == "redis+socket":
            line = socket.socket(socket.AF_UNIX)
            line.connect(place.path)
        else:
            line = socket.create_connection((place.hostname, place.port or 6379), timeout=5)
    except (OSError, ValueError) as error:
        raise CannotStart(f"REDIS_URL cannot be reached: {one_line(error)}") from error
    line.close()


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def broker_program() -> str:
    if found := broker.program():
        return found
    raise CannotStart(
        "There is no broker: set REDIS_URL, or install Valkey or Redis so that"
        " valkey-server or redis-server is on PATH."
    )
