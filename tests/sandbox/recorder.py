"""Hears every answer that a test gets from a sandbox, and holds it against the contracts.

Sandboxes that were started with quirks, faults or another dialect are not judged, nor is one
while it has faults to carry out: they are told to depart. Those that have no port, being no
process of their own, are made in order to depart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.sandbox.contracts import Answer, contracts
from tests.sandbox_server import DEPARTING

ROOT = "/v1"
FAULTS = "/_sandbox/faults"


class Recorder:
    def __init__(self) -> None:
        self.faults: list[str] = []
        self.answered: set[tuple[str, str]] = set()
        """Method and path of the endpoints that did what they were asked for."""
        self._judged: set[int] = set()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """To all clients of httpx, those inside of other packages too."""
        send, send_async = httpx.Client.send, httpx.AsyncClient.send

        def heard(client: httpx.Client, *given: Any, **named: Any) -> httpx.Response:
            response = send(client, *given, **named)
            self.hear(response)
            return response

        async def heard_async(
            client: httpx.AsyncClient, *given: Any, **named: Any
        ) -> httpx.Response:
            response = await send_async(client, *given, **named)
            self.hear(response)
            return response

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(httpx.Client, "send", heard)
            patch.setattr(httpx.AsyncClient, "send", heard_async)
            yield

    def hear(self, response: httpx.Response) -> None:
        url, method = response.request.url, response.request.method
        where = f"{url.host}:{url.port}"
        if url.path == FAULTS:
            (DEPARTING.discard if method == "DELETE" else DEPARTING.add)(where)
        is_judged = url.path.startswith(ROOT + "/") and url.port and where not in DEPARTING
        if is_judged and method != "HEAD" and response.is_closed:
            self.judge(heard(response))

    def judge(self, answer: Answer) -> None:
        """Each once: whoever waits asks again and again."""
        if (seen := hash(answer)) in self._judged:
            return
        self._judged.add(seen)
        own = contracts()[0]
        if answer.status < 400:
            self.answered.add((answer.method, own.template(answer)))
        what = f"{answer.method} {answer.path} {answer.status}"
        for contract in contracts():
            self.faults += [
                f"{what}: {fault} in {answer.body[:300]!r}" for fault in contract.faults(answer)
            ]


def heard(response: httpx.Response) -> Answer:
    request = response.request
    return Answer(
        method=request.method,
        path=request.url.path.removeprefix(ROOT),
        status=response.status_code,
        media_type=response.headers.get("content-type", "").partition(";")[0],
        body=response.content,
    )
