import asyncio
import time
from typing import Any

import pytest
import redis
from django.conf import settings
from django.test import Client

from jobs import live

pytestmark = pytest.mark.django_db(transaction=True)


class Browser:
    """One GET of the stream, spoken as an ASGI server would."""

    def __init__(self, cookie: str, query: str = "") -> None:
        self.sent: list[dict[str, Any]] = []
        self.leaves = asyncio.Event()
        self.scope = {
            "type": "http",
            "path": "/live",
            "query_string": query.encode(),
            "headers": [(b"cookie", cookie.encode())],
        }

    async def receive(self) -> dict[str, Any]:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def text(self) -> str:
        return "".join(message.get("body", b"").decode() for message in self.sent)

    async def hears(self, words: str, seconds: float = 5) -> bool:
        ends = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < ends, f"{words!r} was not heard: {self.text!r}"
            await asyncio.sleep(0.01)
        return True


async def listening(*browsers: Browser) -> list[asyncio.Task[None]]:
    """The first alone begins the subscription, and hears the bell that rings once it stands."""
    streams = []
    for number, browser in enumerate(browsers):
        stream = live.stream(browser.scope, browser.receive, browser.send)
        streams.append(asyncio.create_task(stream))
        await browser.hears("retry" if number else "event: change")
    for browser in browsers:
        browser.sent.clear()
    return streams


async def leave(streams: list[asyncio.Task[None]], *browsers: Browser) -> None:
    for browser in browsers:
        browser.leaves.set()
    await asyncio.gather(*streams)
    if live.bell.task:
        live.bell.task.cancel()
        await asyncio.wait({live.bell.task})
        live.bell.task = None


@pytest.fixture
def cookie(browser: Client) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


def test_a_bell_reaches_whoever_looks_at_the_job(valkey: redis.Redis, cookie: str):
    async def story() -> None:
        everything, seventh, eighth = (
            Browser(cookie),
            Browser(cookie, "job=7"),
            Browser(cookie, "job=8"),
        )
        streams = await listening(everything, seventh, eighth)

        await asyncio.to_thread(live.announce, 7, 9)

        assert await everything.hears("event: change\ndata: 7,9\n\n")
        assert await seventh.hears("event: change\ndata: 7\n\n")
        assert eighth.text == ""
        await leave(streams, everything, seventh, eighth)

    asyncio.run(story())


def test_a_lost_redis_is_borne_and_after_it_all_are_told_to_look(valkey: redis.Redis, cookie: str):
    async def story() -> None:
        browser = Browser(cookie)
        streams = await listening(browser)

        await asyncio.to_thread(valkey.client_kill_filter, _type="pubsub")

        assert await browser.hears("event: change\ndata: \n\n")
        await leave(streams, browser)

    asyncio.run(story())


def test_who_looks_is_known_to_the_poller(valkey: redis.Redis, cookie: str):
    async def story() -> None:
        browser = Browser(cookie, "job=7")
        streams = await listening(browser)

        watched = [await asyncio.to_thread(live.is_watched, job) for job in (7, 8, None)]

        assert watched == [True, False, True]
        await leave(streams, browser)

    asyncio.run(story())


def test_the_last_who_looks_may_leave_while_that_is_told(valkey: redis.Redis):
    async def story() -> None:
        bell = live.Bell()
        bell.listeners[asyncio.Queue()] = "7"
        async with redis.asyncio.Redis.from_url(live.url()) as server:
            telling = asyncio.create_task(bell.tell_who_looks(server))
            await asyncio.sleep(0)  # it waits for Redis now
            bell.listeners.clear()
            await telling

        assert await asyncio.to_thread(live.is_watched, 7)

    asyncio.run(story())


def test_a_stranger_hears_nothing(valkey: redis.Redis):
    async def story() -> None:
        browser = Browser("tuneboard_session=made-up")
        await live.stream(browser.scope, browser.receive, browser.send)

        assert browser.sent[0]["status"] == 403

    asyncio.run(story())


def test_without_redis_nothing_rings_and_nothing_breaks(settings):
    settings.REDIS_URL = "redis+socket:///nowhere/valkey.sock"
    live.connection.cache_clear()

    live.announce(7)

    assert not live.is_watched(7)
    live.connection.cache_clear()
