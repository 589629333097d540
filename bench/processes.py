"""A program under measurement with all its children: its start, its first page, its CPU, its memory."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import psutil

STARTS_WITHIN = 180.0
STOPS_WITHIN = 15.0


class Tree:
    """`serves` tells which of its processes answer requests: theirs is the CPU that a request costs."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        log: Path,
        environ: Mapping[str, str] | None = None,
        serves: Callable[[psutil.Process], bool] = lambda _: True,
    ) -> None:
        self.log = log
        self.serves = serves
        self.began = time.perf_counter()
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **(environ or {})},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def until_answered(self, url: str, headers: Mapping[str, str] | None = None) -> float:
        """Seconds from the start of the process to its first page."""
        while not is_there(url, headers or {}):
            took = time.perf_counter() - self.began
            if self.process.poll() is not None or took > STARTS_WITHIN:
                raise RuntimeError(f"{url} does not answer: {self.log.read_text()[-500:]}")
            time.sleep(0.005)
        return time.perf_counter() - self.began

    def members(self) -> list[psutil.Process]:
        whole = psutil.Process(self.process.pid)
        return [whole, *whole.children(recursive=True)]

    def cpu(self) -> float:
        """Seconds of CPU that its serving processes have used."""
        return sum(
            times.user + times.system
            for times in (member.cpu_times() for member in self.members() if self.serves(member))
        )

    def memory(self) -> int:
        """Bytes of the whole tree, what its processes share counted once (PSS)."""
        return sum(member.memory_full_info().pss for member in self.members())

    def stop(self) -> None:
        members = self.members()
        self.process.terminate()
        _, left = psutil.wait_procs(members, timeout=STOPS_WITHIN)
        for member in left:
            member.kill()
        self.process.wait()


def is_there(url: str, headers: Mapping[str, str]) -> bool:
    request = urllib.request.Request(url, headers=dict(headers))  # noqa: S310 - ours, on loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            answer.read()
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
