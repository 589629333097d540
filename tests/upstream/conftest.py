"""A network that says what a test wants, and the samples of what real services said."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from jobs.upstream import FineTuningClient
from tests.tcp_server import Behaviour, Server

SAMPLES = Path(__file__).parent.parent / "samples"
KEY = "sk-test-0123456789abcdef"

# Real payloads are not ours to keep here: only with the folder named are they tested at all.
collect_ignore = [] if os.environ.get("SAMPLES_DIR") else ["test_real_samples.py"]

Answer = Callable[[httpx.Request], httpx.Response]


class Network:
    """Answers every request with the next of `answers`, and remembers what was asked.

    `rests` are the seconds that the client waited; nobody really does.
    """

    def __init__(self) -> None:
        self.rests: list[float] = []
        self.answers: list[httpx.Response | Exception | Answer] = []
        self.requests: list[httpx.Request] = []

    def says(self, body: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.answers.append(httpx.Response(status, json=body, headers=headers))

    def sends(self, content: bytes, status: int = 200, kind: str = "text/html") -> None:
        self.answers.append(httpx.Response(status, content=content, headers={"content-type": kind}))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    @property
    def asked(self) -> list[str]:
        return [f"{r.method} {r.url.raw_path.decode()}" for r in self.requests]


@pytest.fixture
def sample() -> Callable[[str], Any]:
    """The decoded sample of that name: `sample("job_dpo")`."""
    return lambda name: json.loads((SAMPLES / f"{name}.json").read_text())


@pytest.fixture
def key() -> str:
    return KEY


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def connect(network: Network) -> Iterator[Callable[..., FineTuningClient]]:
    """A client on that network; every argument but the transport may be given."""
    opened = []

    def connect(base_url: str = "https://api.example.com/v1", api_key: str = KEY, **given: Any):
        transport = httpx.MockTransport(network)
        given.setdefault("sleep", network.rests.append)
        opened.append(FineTuningClient(base_url, api_key, transport=transport, **given))
        return opened[-1]

    yield connect
    for client in opened:
        client.close()


@pytest.fixture
def client(connect: Callable[..., FineTuningClient]) -> FineTuningClient:
    return connect()


@pytest.fixture(autouse=True)
def without_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def start() -> Iterator[Callable[[Behaviour], tuple[Server, FineTuningClient]]]:
    """Starts such servers on sockets, each with a client of it."""
    started = []

    def start(behave: Behaviour) -> tuple[Server, FineTuningClient]:
        server = Server(behave)
        client = FineTuningClient(server.url, "sk-1", timeout=5, sleep=lambda seconds: None)
        started.append((server, client))
        return started[-1]

    yield start
    for server, client in started:
        client.close()
        server.stop()
