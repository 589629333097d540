"""Answers that are streamed through the bridge: sent as they are made, and only while they are taken."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from dashboard.bridge import PIECE, Bridge
from tests.dashboard.test_bridge import REQUEST


class Stream:
    """As Django's StreamingHttpResponse is to a server."""

    streaming = True

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces = pieces
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)

    def close(self) -> None:
        self.is_closed = True


def take(stream: Stream, leaves_after: int = 10**6) -> list[dict[str, Any]]:
    """What a client gets who goes away after so many messages."""
    sent: list[dict[str, Any]] = []
    gone = asyncio.Event()

    def application(environ: Any, start: Any) -> Stream:
        start("200 OK", [("Content-Type", "text/csv")])
        return stream

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if len(sent) >= leaves_after:
            gone.set()
            await asyncio.sleep(0)

    bridge = Bridge(application, threads=2)
    asyncio.run(bridge(dict(REQUEST), receive, send))
    return sent


def test_a_stream_is_sent_in_pieces_that_are_worth_it():
    stream = Stream([b"x" * (PIECE // 4)] * 10)

    head, *pieces = take(stream)

    assert head["status"] == 200
    assert [len(each["body"]) for each in pieces] == [PIECE, PIECE, PIECE // 2, 0]
    assert [each.get("more_body", False) for each in pieces] == [True, True, True, False]
    assert stream.is_closed


def test_nothing_more_is_made_for_a_client_who_has_left():
    made = []

    def rows() -> Iterator[bytes]:
        for number in range(1000):
            made.append(number)
            yield b"x" * PIECE

    stream = Stream(rows())

    take(stream, leaves_after=3)

    assert len(made) < 10
    assert stream.is_closed


def test_a_stream_that_breaks_is_closed_and_breaks_the_answer():
    def rows() -> Iterator[bytes]:
        yield b"x" * PIECE
        raise RuntimeError("the database is gone")

    stream = Stream(rows())

    with pytest.raises(RuntimeError, match="the database is gone"):
        take(stream)

    assert stream.is_closed


def test_a_short_stream_is_an_answer_like_any_other():
    stream = Stream([b"a", b"b"])

    _, *pieces = take(stream)

    assert [each["body"] for each in pieces] == [b"ab"]
    assert stream.is_closed


def test_an_empty_stream_is_an_answer():
    assert [each["type"] for each in take(Stream([]))] == [
        "http.response.start",
        "http.response.body",
    ]
