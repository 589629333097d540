"""A process for code that nobody has read: limited, alone in a folder, and easily replaced.

Owns its start, the clock and its end; what happens within is `inmate`.
"""

import contextlib
import json
import math
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sandbox.records import Json

SECONDS = 5.0
"""For one answer. The first also bears the start."""

FAREWELL = 0.5
MOST_ANSWER = 65_536
INMATE = str(Path(__file__).with_name("inmate.py"))
# As `-I` does it, but for the hash seed: a set must have the same order in every process.
PYTHON = [sys.executable, "-s", "-P", "-B", INMATE]
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class Lost(Exception):
    """No answer came. `kind` is the word for it: timeout, killed, exited, garbled."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Cell:
    def __init__(self, source: str, seconds: float = SECONDS) -> None:
        self._source = source
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._ways = (-1, -1)
        self._folder = ""
        self._deadline = 0.0

    def ask(self, question: Json) -> Json:
        """The answer. Without one the process is ended, and the next question starts another."""
        self._deadline = time.monotonic() + self._seconds
        try:
            if self._process is None or self._is_gone():
                self._start()
            self._send(question)
            return self._receive()
        except BrokenPipeError as error:
            self.close()
            raise Lost("exited") from error
        except Lost:
            self.close()
            raise

    def close(self) -> None:
        if self._process is None:
            return
        # Not reaped before the last kill: its number must not be a stranger's by then.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(self._process.pid, signal.SIGALRM)  # it knows best what it has started
            self._is_gone(within=FAREWELL)
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for way in (self._process.stdin, self._process.stdout):
            if way:
                way.close()
        self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> None:
        self.close()
        self._folder = tempfile.mkdtemp(prefix="grader-")
        self._process = subprocess.Popen(  # noqa: S603 - our own program; what it is sent runs only in there
            PYTHON,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            env={**ENVIRONMENT, "TMPDIR": self._folder},
            start_new_session=True,
        )
        if self._process.stdin and self._process.stdout:
            self._ways = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._ways[0], False)  # the other end may not listen
        self._send({"source": self._source, "seconds": self._seconds})
        self._receive()

    def _send(self, message: Json) -> None:
        way = self._ways[0]
        rest = json.dumps(message).encode() + b"\n"
        while rest:
            self._wait(way, select.POLLOUT)
            rest = rest[os.write(way, rest) :]

    def _receive(self) -> Json:
        way, text = self._ways[1], b""
        while not text.endswith(b"\n"):
            self._wait(way, select.POLLIN)
            piece = os.read(way, MOST_ANSWER)
            if not piece:
                raise Lost("exited")
            text += piece
            if len(text) > MOST_ANSWER:
                raise Lost("garbled")
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Lost("garbled") from error
        if not isinstance(answer, dict):
            raise Lost("garbled")
        return answer

    def _is_gone(self, within: float = 0) -> bool:
        """Whether nobody will answer any more, now or soon."""
        poll = select.poll()
        poll.register(self._ways[1], select.POLLHUP)
        return bool(poll.poll(within * 1000))

    def _wait(self, way: int, readiness: int) -> None:
        poll = select.poll()
        poll.register(way, readiness)
        rest = math.ceil((self._deadline - time.monotonic()) * 1000)
        if rest <= 0 or not poll.poll(rest):
            raise Lost("timeout")
