"""However an answer trickles, and wherever it hangs: after some seconds it is given up."""

import threading
from contextlib import suppress

import pytest

from jobs.upstream import FineTuningClient, Unreachable, wire
from tests.tcp_server import ANSWER, CHUNKED, receive


@pytest.mark.parametrize("began", [b"", b"HTTP/1.1 200 OK\r\nx-slow: ", CHUNKED])
@pytest.mark.parametrize(
    ("method", "limit"), [("cancel", "LONGEST_ORDER"), ("job", "LONGEST_QUESTION")]
)
def test_a_reply_that_trickles_is_not_waited_for(start, monkeypatch, began, method, limit):
    monkeypatch.setattr(wire, limit, 0.2)

    def behave(connection, number):
        receive(connection)
        connection.sendall(began)
        while True:
            connection.sendall(b"1\r\n \r\n" if began == CHUNKED else b"H")
            threading.Event().wait(0.02)

    server, client = start(behave)

    with pytest.raises(Unreachable, match="did not answer in time"):
        getattr(client, method)("ftjob-1")
    assert server.connections == 1


def test_the_deadline_begins_anew_with_each_exchange(start, monkeypatch):
    monkeypatch.setattr(wire, "LONGEST_QUESTION", 0.6)

    def behave(connection, number):
        while True:
            receive(connection)
            threading.Event().wait(0.25)
            connection.sendall(ANSWER)

    server, client = start(behave)

    for _ in range(3):
        assert client.job("ftjob-1").id == "ftjob-1"
    assert server.connections == 1


def test_the_deadline_holds_behind_a_proxy(start, monkeypatch):
    monkeypatch.setattr(wire, "LONGEST_ORDER", 0.2)

    def behave(connection, number):
        receive(connection)
        while True:
            connection.sendall(b"H")
            threading.Event().wait(0.02)

    proxy, _ = start(behave)
    monkeypatch.setenv("HTTP_PROXY", proxy.url.removesuffix("/v1"))

    with (
        FineTuningClient("http://api.test/v1", "sk-1") as client,
        pytest.raises(Unreachable, match="did not answer in time"),
    ):
        client.cancel("ftjob-1")
    assert proxy.connections == 1


def test_a_question_does_not_prolong_that_of_another_thread(start, monkeypatch):
    monkeypatch.setattr(wire, "LONGEST_QUESTION", 0.5)
    hears, gave_up = threading.Event(), threading.Event()

    def behave(connection, number):
        while True:
            receive(connection)
            hears.set()
            while number == 1:
                connection.sendall(b"H")
                threading.Event().wait(0.02)
            connection.sendall(ANSWER)

    _, client = start(behave)

    def ask() -> None:
        with suppress(Unreachable):
            client.job("ftjob-1")
        gave_up.set()

    patient = threading.Thread(target=ask)
    patient.start()
    hears.wait(5)
    asked = 0
    while not gave_up.wait(0.05) and asked < 100:
        asked += client.job("ftjob-2").id == "ftjob-1"

    patient.join(5)

    assert gave_up.is_set()
    assert 0 < asked < 100
