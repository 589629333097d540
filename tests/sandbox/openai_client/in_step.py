"""The asynchronous client, spoken to as if it were the other one: tests are written once."""

import asyncio
import inspect
from collections.abc import AsyncIterable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class InStep:
    """A client, or something that hangs on it: each call waits for its answer."""

    spoken_to: Any
    runner: asyncio.Runner

    def __getattr__(self, name: str) -> "InStep":
        return InStep(getattr(self.spoken_to, name), self.runner)

    def __call__(self, *given: Any, **named: Any) -> Any:
        answer = self.runner.run(self._settled(*given, **named))
        if isinstance(answer, AbstractAsyncContextManager):
            return InStep(answer, self.runner)
        return Page(answer, self.runner) if isinstance(answer, AsyncIterable) else answer

    def __enter__(self) -> "InStep":
        return InStep(self.runner.run(self.spoken_to.__aenter__()), self.runner)

    def __exit__(self, *raised: Any) -> None:
        self.runner.run(self.spoken_to.__aexit__(*raised))

    async def _settled(self, *given: Any, **named: Any) -> Any:
        answer = self.spoken_to(*given, **named)
        return await answer if inspect.isawaitable(answer) else answer


@dataclass(frozen=True)
class Page:
    """A page of a list; whoever goes through it is led on to the next pages, as ever."""

    page: Any
    runner: asyncio.Runner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.runner.run(self._all()))

    async def _all(self) -> list[Any]:
        return [item async for item in self.page]
