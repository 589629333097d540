"""What was asked and what became of it, in a few words that never grow more: for whoever counts."""

from collections.abc import Mapping
from time import monotonic
from typing import Self

import httpx
from msgspec import Struct

from jobs.upstream.errors import Malformed
from jobs.upstream.limits import RateLimit

ONE_OF = {
    "jobs": "job",
    "files": "file",
    "models": "model",
    "uploads": "upload",
    "permissions": "permission",
}
WORDS = ONE_OF.keys() | {
    "events", "checkpoints", "cancel", "pause", "resume", "content", "parts", "complete", "run",
    "validate",
}  # fmt: skip


class Exchange(Struct):
    """One request, from when it is sent to when its answer is whole; one that is repeated is another."""

    kind: str
    began: float
    outcome: str = ""
    seconds: float = 0.0
    limits: Mapping[str, RateLimit] = {}

    @classmethod
    def begin(cls, request: httpx.Request) -> Self:
        return cls(kind_of(request.method, request.url.path), monotonic())

    def ended(
        self, how: httpx.Response | Exception, limits: Mapping[str, RateLimit] | None = None
    ) -> Self:
        self.seconds = monotonic() - self.began
        self.outcome = of_answer(how) if isinstance(how, httpx.Response) else of_silence(how)
        self.limits = limits or {}
        return self


def kind_of(method: str, path: str) -> str:
    """`GET events`, `POST jobs`, `DELETE file`."""
    pieces = path.strip("/").split("/")
    word = next((piece for piece in reversed(pieces) if piece in WORDS), "other")
    return f"{method} {word if word == pieces[-1] else ONE_OF.get(word, word)}"


def of_answer(response: httpx.Response) -> str:
    if response.is_success:
        return "ok"
    if response.status_code == 429:
        return "rate_limited"
    is_failure = response.status_code >= 500 or response.status_code == 408
    return "failed" if is_failure else "rejected"


def of_silence(error: Exception) -> str:
    if isinstance(error, Malformed | httpx.DecodingError):
        return "malformed"
    before = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
    return "unsent" if isinstance(error, before) else "unreachable"
