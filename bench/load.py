"""HTTP load over kept connections: each client asks again as soon as its answer is whole.

`load` runs this module as a process of its own, so that the one who asks takes no time from the one
who measures. Answers are read to their end but not parsed.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

END_OF_HEAD = b"\r\n\r\n"
WITHOUT_BODY = (204, 304)


class Ask(NamedTuple):
    """One request, as it is sent over and over."""

    url: str
    headers: Mapping[str, str] = {}
    body: str = ""
    status: int = 200  # that the answer must have …
    may_fail: float = 0.0  # … but for this share of all

    def wire(self) -> bytes:
        parts = urlsplit(self.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [f"{'POST' if self.body else 'GET'} {target} HTTP/1.1", f"Host: {parts.netloc}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", self.body]).encode()


class Line:
    """One kept connection."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.request = ask.wire()
        parts = urlsplit(ask.url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self.answer = bytearray()
        self.failures = 0

    def send(self) -> None:
        self.answer.clear()
        self.began = time.perf_counter()
        self.socket.sendall(self.request)

    def read(self) -> float | None:
        """Take what has come. Once the answer is whole: how many seconds it took."""
        news = self.socket.recv(1 << 20)
        if not news:
            raise ConnectionError(f"{self.ask.url} closed the connection")
        self.answer += news
        return time.perf_counter() - self.began if self.is_whole() else None

    def is_whole(self) -> bool:
        end = self.answer.find(END_OF_HEAD)
        if end < 0:
            return False
        head = bytes(self.answer[:end]).lower()
        _, is_told, length = head.partition(b"content-length:")
        if int(head[9:12]) in WITHOUT_BODY:
            is_whole = True
        elif is_told:
            is_whole = len(self.answer) >= end + 4 + int(length.split(b"\r\n", 1)[0])
        else:
            is_whole = self.answer.endswith(b"0\r\n\r\n")
        if is_whole and int(head[9:12]) != self.ask.status:
            self.failures += 1
        return is_whole


def run(ask: Ask, requests: int, clients: int) -> tuple[list[float], int]:
    """Seconds that each request took, and the length of one answer."""
    lines = [Line(ask) for _ in range(clients)]
    times: list[float] = []
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send()
        asked = clients
        while len(times) < requests:
            for key, _ in selector.select():
                took = key.data.read()
                if took is None:
                    continue
                times.append(took)
                if asked < requests:
                    asked += 1
                    key.data.send()
    for line in lines:
        line.socket.close()
    failures = sum(line.failures for line in lines)
    if failures > ask.may_fail * requests:
        raise ConnectionError(f"{ask.url}: {failures} of {requests} answers not {ask.status}")
    return times, len(lines[0].answer)


class Load(NamedTuple):
    times: list[float]
    bytes: int

    def percentile(self, share: float) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))]


def load(ask: Ask, requests: int, clients: int = 1) -> Load:
    order = json.dumps([*ask, requests, clients])
    command = [sys.executable, "-m", "bench.load"]
    answer = subprocess.run(command, input=order, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(answer.stderr.strip().rpartition("\n")[2])
    return Load(*json.loads(answer.stdout))


def main() -> None:
    *words, requests, clients = json.load(sys.stdin)
    answer: Any = run(Ask(*words), requests, clients)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
