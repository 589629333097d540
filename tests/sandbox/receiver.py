"""Somebody who receives webhooks: a real HTTP server that remembers and answers as it was told."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import openai

CLIENT = openai.OpenAI(api_key="sk-test")


@dataclass(frozen=True)
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def event(self, secret: str) -> Any:
        """As the official client accepts it."""
        return CLIENT.webhooks.unwrap(self.body, self.headers, secret=secret)


@dataclass
class Receiver:
    """`answers` are statuses, one a request, then 200; 0 hangs up, and -1 says nothing at all."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), self._visitor())
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self.server.serve_forever, args=[0.01]).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def wait(self, fits: Callable[[list[Heard]], Any]) -> list[Heard]:
        give_up = time.monotonic() + 30
        while not fits(self.heard):
            assert time.monotonic() < give_up, f"heard {self.heard}"
            time.sleep(0.02)
        return list(self.heard)

    def _visitor(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Visitor(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                names = {name.lower(): value for name, value in self.headers.items()}
                receiver.heard.append(Heard(self.path, names, body))
                status = receiver.answers.pop(0) if receiver.answers else 200
                if status < 0:
                    receiver.closing.wait(30)
                if status <= 0:
                    return
                self.send_response(status)
                self.send_header("location", "/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Be quiet."""

        return Visitor
