"""The sandbox as a program of its own: a real process on a free port, as fast as it trains.

Import the fixture `sandbox` for its base URL; use `Server` where a test kills and starts it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

ROOT = Path(__file__).parent.parent
DEPARTURES = {"--quirks", "--dialect", "--fault"}
DEPARTING: set[str] = set()
"""Host and port of those that were told to answer otherwise than they are documented."""


class Server:
    """One data folder, and the process that serves it while there is one."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self.folder = folder
        self.flags = flags or ("--pace", "0")
        self.url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        command = [sys.executable, "-m", "sandbox", "--port", "0", "--data", str(self.folder)]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [*command, *self.flags], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Sandbox: "), "the sandbox did not start"
        self.url = line.removeprefix("Sandbox: ").strip()
        departs = DEPARTURES.intersection(self.flags)
        (DEPARTING.add if departs else DEPARTING.discard)(self.url.split("/")[2])

    def kill(self) -> None:
        """As a crash does it: no signal that could be heard."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[str]:
    """The base URL of a fresh sandbox."""
    with Server(tmp_path / "sandbox") as server:
        yield server.url
