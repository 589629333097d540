"""The real program: `manage.py up` in a data folder of its own, on free ports."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx
import psutil
import pytest

ROOT = Path(__file__).parent.parent
UP = re.compile(r"^(\w+) +is up, process (\d+)$")
PARTS = ("valkey", "web", "sandbox", "worker", "beat")
PATIENCE = 60.0  # seconds after which nothing may still be broken

Found = TypeVar("Found")


class Stack:
    """A tree of processes, and what it said."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port, self.sandbox_port = free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"
        self.sandbox_url = f"http://127.0.0.1:{self.sandbox_port}/v1"
        self.environment = clean_environment() | {
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "SANDBOX_PORT": str(self.sandbox_port),
            **environment,
        }
        self.lines: list[str] = []
        self.pids: dict[str, int] = {}

    def __enter__(self) -> Self:
        self.start()
        self.wait_until(lambda: self.link, "the address is printed")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.lines.clear()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def listen(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self.lines.append(line.rstrip("\n"))
                if found := UP.match(line):
                    self.pids[found[1]] = int(found[2])

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does; give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(timeout=PATIENCE)
        finally:
            self.process.kill()
            self.listener.join(timeout=5)

    @property
    def link(self) -> str:
        """The address it printed last, with 127.0.0.1 for localhost."""
        said = [line for line in self.lines if line.startswith("Tuneboard is at ")]
        return said[-1].split()[3].replace("localhost", "127.0.0.1") if said else ""

    def tree(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def kill(self, part: str) -> int:
        """Kill -9 one part; give the process id it had."""
        pid = self.pids[part]
        os.kill(pid, signal.SIGKILL)
        return pid

    def is_back(self, part: str, killed: int) -> bool:
        return self.pids[part] != killed

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What its database holds, read beside it."""
        path = self.folder / "tuneboard.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as database:
            return database.execute(sql, values).fetchall()

    @contextmanager
    def visitor(self) -> Iterator[httpx.Client]:
        """A signed-in client without a browser."""
        link = self.manage("signin_link", "--create").replace("localhost", "127.0.0.1")
        with httpx.Client(base_url=self.url, headers={"Origin": self.url}) as client:
            assert client.get(link).is_redirect
            yield client

    def sandbox(self) -> httpx.Client:
        return httpx.Client(base_url=self.sandbox_url, headers={"Authorization": "Bearer sk-test"})

    def wait_until(self, look: Callable[[], Found], what: str, within: float = PATIENCE) -> Found:
        """Look again and again; give what was seen once it is true."""
        limit = time.monotonic() + within
        while not (seen := look()):
            said = "\n".join(self.lines[-30:])
            assert self.process.poll() is None, f"it ended before {what}; it said:\n{said}"
            assert time.monotonic() < limit, f"not within {within:.0f} s: {what}; it said:\n{said}"
            time.sleep(0.1)
        return seen


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def clean_environment() -> dict[str, str]:
    """Ours without what the tests' own settings put there."""
    foreign = ("DJANGO_", "DATA", "TEST_", "PYTEST", "COV")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """One running program for all tests of a run that only look at it."""
    with tempfile.TemporaryDirectory(prefix="tb-") as folder, Stack(Path(folder)) as running:
        yield running
