"""The bridge between server and application, judged by the standard library's own WSGI validator."""

import asyncio
import threading
from typing import Any
from wsgiref.validate import validator

import pytest

from dashboard.bridge import PIECE, Bridge


def ask(application, *news, headers=(), **scope):
    """One request through the bridge, and the messages that the server got."""
    sent = []
    coming = iter(news)

    async def receive():
        return next(coming)

    async def send(message):
        sent.append(message)

    asyncio.run(
        Bridge(validator(application), threads=2)(
            {
                "type": "http",
                "http_version": "1.1",
                "method": "POST" if news else "GET",
                "path": "/jobs/7",
                "query_string": b"q=a+b",
                "headers": list(headers),
                "server": ("127.0.0.1", 8000),
                "client": ("10.0.0.9", 4711),
            }
            | scope,
            receive,
            send,
        )
    )
    return sent


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
    assert piece == {"type": "http.response.body", "body": b"Hello there", "more_body": False}


def test_a_long_answer_comes_in_pieces_and_whole():
    parts = [bytes([number]) * (PIECE // 2 + 1) for number in range(5)]

    _, *pieces = ask(answering(*parts))

    assert len(pieces) == 3
    assert b"".join(piece["body"] for piece in pieces) == b"".join(parts)
    assert [piece["more_body"] for piece in pieces] == [True, True, False]


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

    _, answer = ask(reading(read), *pieces, headers=[(b"content-length", b"9")])

    assert answer["body"] == b"why=costs"


def test_a_client_who_leaves_has_not_said_all():
    pieces = body(b"why=", more=True), {"type": "http.disconnect"}

    with pytest.raises(ConnectionError):
        ask(reading(lambda body: body.read(9)), *pieces, headers=[(b"content-length", b"9")])


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
