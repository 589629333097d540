"""Hears every answer that a test gets from a sandbox, and holds it against the contracts.

Sandboxes that were started with quirks, faults or another dialect are not judged, nor is one
while it has faults to carry out: they are told to depart. Those that have no port, being no
process of their own, are made in order to depart.
"""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import httpx2
import pytest

from tests.sandbox.contracts import Answer, contracts
from tests.sandbox_server import DEPARTING

Response = httpx.Response | httpx2.Response
Sending = Coroutine[Any, Any, Response]

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
        """To all clients of httpx and httpx2, those inside of other packages too."""
        with pytest.MonkeyPatch.context() as patch:
            for module in (httpx, httpx2):
                patch.setattr(module.Client, "send", self._heard(module.Client.send))
                patch.setattr(
                    module.AsyncClient, "send", self._heard_async(module.AsyncClient.send)
                )
            yield

    def _heard(self, send: Callable[..., Response]) -> Callable[..., Response]:
        def heard(*given: Any, **named: Any) -> Response:
            response = send(*given, **named)
            self.hear(response)
            return response

        return heard

    def _heard_async(self, send: Callable[..., Sending]) -> Callable[..., Sending]:
        async def heard(*given: Any, **named: Any) -> Response:
            response = await send(*given, **named)
            self.hear(response)
            return response

        return heard

    def hear(self, response: Response) -> None:
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


def heard(response: Response) -> Answer:
    request = response.request
    return Answer(
        method=request.method,
        path=request.url.path.removeprefix(ROOT),
        status=response.status_code,
        media_type=response.headers.get("content-type", "").partition(";")[0],
        body=response.content,
    )
