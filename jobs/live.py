"""Rings: tells browsers which job changed, never what.

announce() publishes job ids to Redis; each web process holds one subscription and fans it out to the
event streams of its browsers (`stream`, a raw ASGI app). Redis may be away: then nothing rings, pages
fall back to their slow polls, and no caller of ours notices.

Who looks is known the other way round: each web process keeps the topics of its streams in a sorted
set with an expiry as score, so that the poller can listen more often to what somebody watches.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from functools import cache
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import redis
import redis.asyncio
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection as database
from django.http import HttpRequest

from jobs.models import Account

CHANNEL = "tuneboard:changed"
WATCHED = "tuneboard:watched"
TASKS, TAKEN = "celery", "unacked"  # Celery's own names of its queue, and of what workers hold
EVERYTHING = "jobs"  # the topic of a page that shows many jobs
HEARTBEAT = 5  # seconds between two signs of life of a stream
LONGEST_STREAM = 300  # seconds; EventSource comes back by itself, and is checked anew

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def url() -> str:
    """redis-py calls a unix socket unix://, where Celery says redis+socket://."""
    return settings.REDIS_URL.replace("redis+socket://", "unix://", 1)


@cache
def connection() -> redis.Redis:
    return redis.Redis.from_url(url(), socket_timeout=1, socket_connect_timeout=1)


def announce(*jobs: int) -> None:
    """Ring for these jobs; for no job in particular: something else on the pages changed."""
    try:
        connection().publish(CHANNEL, ",".join(map(str, jobs)))
    except redis.RedisError as error:
        log.warning("The bell did not ring, pages will catch up by themselves: %s", error)


def is_watched(job: int | None = None) -> bool:
    """Whether somebody looks at this job, alone or among others; without a job: at anything."""
    try:
        if job is None:
            return bool(connection().zcount(WATCHED, time.time(), "+inf"))
        scores = connection().zmscore(WATCHED, [EVERYTHING, str(job)])
    except redis.RedisError:
        return False
    return any(score is not None and score > time.time() for score in scores)


class Queue(NamedTuple):
    """Tasks that wait for a worker, and those that one has taken."""

    waiting: int
    taken: int


def queue() -> Queue | None:
    """What is at the broker; None when it does not answer."""
    try:
        server: Any = connection()
        return Queue(server.llen(TASKS), server.hlen(TAKEN))
    except redis.RedisError:
        return None


class Bell:
    """The listeners of this process, and its one subscription."""

    def __init__(self) -> None:
        self.listeners: dict[asyncio.Queue[str], str] = {}
        self.task: asyncio.Task[None] | None = None
        self.told = 0.0  # when the poller was last told who looks, by the monotonic clock

    @contextlib.contextmanager
    def listener(self, topic: str) -> Any:
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
        self.listeners[queue] = topic
        self.told = 0.0
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.listen())
        try:
            yield queue
        finally:
            del self.listeners[queue]

    def ring(self, jobs: str) -> None:
        changed = jobs.split(",")
        for queue, topic in self.listeners.items():
            if topic == EVERYTHING or topic in changed or jobs == "":
                with contextlib.suppress(asyncio.QueueFull):  # its page polls slowly all the same
                    queue.put_nowait(jobs if topic == EVERYTHING else topic)

    async def listen(self) -> None:
        """Hear Redis as long as anybody listens; after each gap ring for all, as bells may be lost."""
        while self.listeners:
            try:
                async with redis.asyncio.Redis.from_url(url()) as server:
                    await self.hear(server)
            except (redis.RedisError, OSError) as error:
                log.warning("The bell is silent until Redis is back: %s", error)
                await asyncio.sleep(1)

    async def hear(self, server: Any) -> None:
        async with server.pubsub() as pubsub:
            await pubsub.subscribe(CHANNEL)
            self.ring("")
            while self.listeners:
                if time.monotonic() - self.told > HEARTBEAT:
                    self.told = time.monotonic()
                    await self.tell_who_looks(server)
                message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=1.0)
                if message is not None:
                    self.ring(message["data"].decode())

    async def tell_who_looks(self, server: Any) -> None:
        until = time.time() + 2 * HEARTBEAT
        watched = dict.fromkeys(self.listeners.values(), until)  # the last may leave while we wait
        await server.zremrangebyscore(WATCHED, "-inf", time.time())
        await server.zadd(WATCHED, watched)


bell = Bell()


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """GET /live, or /live?job=7: a text/event-stream of "event: change" with the ids that changed."""
    if not await asyncio.to_thread(may_listen, scope):
        await send({"type": "http.response.start", "status": 403, "headers": []})
        await send({"type": "http.response.body", "body": b"Sign in first."})
        return
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    query = parse_qs(scope["query_string"].decode("ascii", "ignore"))
    topic = query.get("job", [EVERYTHING])[0]
    talk = asyncio.create_task(talk_to(topic, send))
    hang_up = asyncio.create_task(gone(receive))
    await asyncio.wait({talk, hang_up}, return_when=asyncio.FIRST_COMPLETED)
    talk.cancel()
    hang_up.cancel()


async def talk_to(topic: str, send: Send) -> None:
    ends = time.monotonic() + LONGEST_STREAM
    with bell.listener(topic) as queue:
        await write(send, "retry: 2000\n\n")
        while time.monotonic() < ends:
            try:
                jobs = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                await write(send, ": still here\n\n")
            else:
                await write(send, f"event: change\ndata: {jobs}\n\n")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def may_listen(scope: Scope) -> bool:
    """Read the session as Django's middleware would, and let the poller know that somebody looks.

    Called in a thread, it leaves no connection.
    """
    cookies = SimpleCookie()
    with contextlib.suppress(CookieError):
        cookies.load(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    key = (
        cookies[settings.SESSION_COOKIE_NAME].value
        if settings.SESSION_COOKIE_NAME in cookies
        else ""
    )
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    try:
        is_signed_in = get_user(request).is_authenticated
        if is_signed_in:
            Account.objects.wake()
        return is_signed_in
    finally:
        database.close()
