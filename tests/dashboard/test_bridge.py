"""The bridge between server and application, judged by the standard library's own WSGI validator."""

import asyncio
import threading
from contextvars import ContextVar
from typing import Any
from wsgiref.validate import validator

import pytest

from dashboard import bridge
from dashboard.bridge import LARGEST, Bridge

REQUEST = {
    "type": "http",
    "http_version": "1.1",
    "method": "GET",
    "path": "/jobs/7",
    "query_string": b"q=a+b",
    "headers": [],
    "server": ("127.0.0.1", 8000),
    "client": ("10.0.0.9", 4711),
}
SOME = [(b"content-length", b"9")]


def ask(application, *news, headers=(), **scope):
    """One request through the bridge, and the messages that the server got."""
    sent = []
    coming = iter(news)

    async def receive():
        return next(coming, None) or await forever()

    async def send(message):
        sent.append(message)

    method = "POST" if news else "GET"
    request = {**REQUEST, "method": method, "headers": list(headers), **scope}
    asyncio.run(Bridge(validator(application), threads=2)(request, receive, send))
    return sent


async def forever():
    await asyncio.get_running_loop().create_future()


def body(text, *, more=False):
    return {"type": "http.request", "body": text, "more_body": more}


def answering(*parts, seen=None):
    def application(environ, start):
        if seen is not None:
            seen.update(environ)
        start("200 OK", [("Content-Type", "text/plain")])
        return list(parts)

    return application


def reading(read):
    """Answers with what `read` takes from the request's body."""

    def application(environ, start):
        start("200 OK", [("Content-Type", "text/plain")])
        return [read(environ["wsgi.input"])]

    return application


def test_an_answer_is_one_head_and_one_piece():
    head, piece = ask(answering(b"Hello ", b"there"))

    assert head == {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", b"text/plain")],
    }
    assert piece == {"type": "http.response.body", "body": b"Hello there"}


def test_a_client_who_does_not_take_its_answer_holds_no_thread():
    web = Bridge(answering(*[b"x" * 2**18] * 4), threads=1)
    reading = asyncio.Event()
    sizes = []

    async def wait(message):
        await reading.wait()

    async def take(message):
        sizes.append(len(message.get("body", b"")))

    async def go():
        slow = asyncio.create_task(web(REQUEST, forever, wait))
        await asyncio.sleep(0)
        await asyncio.wait_for(web(REQUEST, forever, take), timeout=5)
        reading.set()
        await slow

    asyncio.run(go())

    assert sizes == [0, 2**20]


def test_the_application_hears_what_was_asked():
    seen: dict[str, Any] = {}

    ask(answering(seen=seen), path="/jobs/ü")

    assert seen["REQUEST_METHOD"] == "GET"
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/jobs/ü"
    assert seen["QUERY_STRING"] == "q=a+b"
    assert (seen["SERVER_NAME"], seen["SERVER_PORT"]) == ("127.0.0.1", "8000")
    assert seen["REMOTE_ADDR"] == "10.0.0.9"


def test_cookies_in_several_headers_are_joined_as_cookies():
    seen: dict[str, Any] = {}
    headers = [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y")]

    ask(answering(seen=seen), headers=headers)

    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    assert seen["HTTP_ACCEPT"] == "x,y"


def test_a_header_that_only_looks_like_the_proxys_is_dropped():
    seen: dict[str, Any] = {}

    ask(answering(seen=seen), headers=[(b"x_forwarded_proto", b"https")])

    assert "HTTP_X_FORWARDED_PROTO" not in seen


@pytest.mark.parametrize("read", [lambda body: body.read(9), lambda body: body.readline(9)])
def test_what_the_client_sends_in_pieces_is_read_as_one(read):
    pieces = body(b"why=", more=True), body(b"", more=True), body(b"costs")

    _, answer = ask(reading(read), *pieces, headers=SOME)

    assert answer["body"] == b"why=costs"


def test_a_client_who_leaves_has_not_said_all():
    pieces = body(b"why=", more=True), {"type": "http.disconnect"}
    seen: dict[str, Any] = {}

    assert ask(answering(seen=seen), *pieces, headers=SOME) == []

    assert not seen


def test_clients_who_do_not_finish_hold_no_thread(monkeypatch):
    monkeypatch.setattr(bridge, "LATEST", 0.2)
    web = Bridge(reading(lambda body: body.read(9)), threads=1)
    refusals = []
    order = []

    async def refuse(message):
        refusals.append(message)
        order.append("refused")

    async def take(message):
        order.append("served")

    async def go():
        request = REQUEST | {"method": "POST", "headers": SOME}
        unfinished = [asyncio.create_task(web(request, forever, refuse)) for _ in range(8)]
        await asyncio.sleep(0)
        await asyncio.wait_for(web(REQUEST, forever, take), timeout=5)
        await asyncio.gather(*unfinished)

    asyncio.run(go())

    assert order == ["served"] * 2 + ["refused"] * 16
    assert [message["status"] for message in refusals[::2]] == [408] * 8
    assert (b"connection", b"close") in refusals[0]["headers"]


def test_more_than_a_form_is_not_heard_out():
    endless = [body(b"x" * (LARGEST // 4), more=True)] * 9
    seen: dict[str, Any] = {}

    head, answer = ask(answering(seen=seen), *endless, headers=[(b"transfer-encoding", b"chunked")])

    assert (head["status"], answer["body"]) == (
        413,
        b"The request is larger than 1 MiB: go back and send less at once.\n",
    )
    assert not seen


def test_a_form_of_the_largest_size_is_heard():
    _, answer = ask(
        reading(lambda body: str(len(body.read(LARGEST))).encode()),
        body(b"x" * LARGEST),
        headers=[(b"content-length", str(LARGEST).encode())],
    )

    assert int(answer["body"]) == LARGEST


def test_the_answer_is_closed_in_the_thread_that_made_it():
    threads = []

    class Parts:
        def __iter__(self):
            threads.append(threading.current_thread().name)
            yield b"Hello"

        def close(self):
            threads.append(threading.current_thread().name)

    def application(environ, start):
        start("200 OK", [("Content-Type", "text/plain")])
        return Parts()

    ask(application)

    assert len(threads) == 2
    assert len(set(threads)) == 1
    assert threads[0] != threading.current_thread().name


def test_what_is_noted_for_a_request_ends_with_it():
    noted = ContextVar("noted", default="nothing")
    found = []

    def application(environ, start):
        found.append(noted.get())
        noted.set(environ["PATH_INFO"])
        start("200 OK", [])
        return []

    async def ask_twice():
        same = Bridge(application, threads=1)
        for _ in range(2):
            await same(REQUEST, forever, lambda message: asyncio.sleep(0))

    asyncio.run(ask_twice())

    assert found == ["nothing", "nothing"]
