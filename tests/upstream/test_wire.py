"""What only a real socket can show: silence, resets, kept connections, replies without an end."""

import socket
import struct
import threading
import traceback
from contextlib import closing

import pytest

from jobs.upstream import FineTuningClient, Malformed, Unreachable
from tests.tcp_server import ANSWER, CHUNKED, receive


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_silent_server_is_not_waited_for(start):
    def behave(connection, number):
        receive(connection)
        connection.recv(1)  # until the client gives up

    server, _ = start(behave)

    with FineTuningClient(server.url, "sk-1", timeout=0.1) as client:
        with pytest.raises(Unreachable, match="did not answer in time"):
            client.cancel("ftjob-1")
        with pytest.raises(Unreachable, match="did not answer in time"):
            client.job("ftjob-1")
    assert server.connections == 2


def test_nobody_there_is_unreachable():
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]

    with (
        FineTuningClient(f"http://127.0.0.1:{port}", "sk-1", patience=0) as client,
        pytest.raises(Unreachable, match=rf"^No connection to 127\.0\.0\.1:{port}: .+\.$"),
    ):
        client.job("ftjob-1")


@pytest.mark.parametrize(("method", "connections"), [("cancel", 1), ("job", 3)])
def test_a_reset_connection_is_unreachable(start, method, connections):
    def behave(connection, number):
        receive(connection)
        reset(connection)

    server, client = start(behave)

    with pytest.raises(Unreachable, match="broke the connection"):
        getattr(client, method)("ftjob-1")

    assert server.connections == connections


def test_connections_are_kept(start):
    def behave(connection, number):
        while True:
            receive(connection)
            connection.sendall(ANSWER)

    server, client = start(behave)

    for _ in range(3):
        assert client.job("ftjob-1").id == "ftjob-1"
    assert server.connections == 1


def test_a_kept_connection_that_dies_under_a_question_is_no_failure(start):
    def behave(connection, number):
        receive(connection)
        connection.sendall(ANSWER)
        receive(connection)  # and hang up, as a server does whose patience just ended

    server, client = start(behave)

    for _ in range(3):
        assert client.job("ftjob-1").id == "ftjob-1"
    assert server.connections == 3


def test_a_kept_connection_that_died_before_an_order_is_not_used_for_it(start):
    closed = threading.Event()

    def behave(connection, number):
        receive(connection)
        connection.sendall(ANSWER)
        connection.shutdown(socket.SHUT_RDWR)
        closed.set()

    server, client = start(behave)

    client.job("ftjob-1")
    closed.wait(5)

    assert client.cancel("ftjob-1").id == "ftjob-1"
    assert server.connections == 2


def test_a_reply_without_end_is_cut_off(start):
    refused = threading.Event()
    megabytes = []

    def behave(connection, number):
        receive(connection)
        connection.sendall(CHUNKED)
        try:
            while True:
                connection.sendall(b"100000\r\n" + b" " * 0x100000 + b"\r\n")
                megabytes.append(1)
        except OSError:
            refused.set()

    _, client = start(behave)

    with pytest.raises(Malformed, match="larger than 32 MiB"):
        client.job("ftjob-1")

    assert refused.wait(5)
    assert 32 <= len(megabytes) < 256  # systems buffer up to some dozens between us


def test_a_refusal_without_end_is_read_as_far_as_it_is_of_use(start):
    def behave(connection, number):
        receive(connection)
        connection.sendall(CHUNKED.replace(b"200 OK", b"502 Bad Gateway"))
        while True:
            connection.sendall(b"1000\r\n" + b"gone " * 0x333 + b"!\r\n")

    _, client = start(behave)

    with pytest.raises(Unreachable, match=r"^The API failed with status 502: gone gone"):
        client.job("ftjob-1")


def test_a_reply_that_breaks_off_is_unreachable(start):
    def behave(connection, number):
        receive(connection)
        connection.sendall(ANSWER[:-5])

    server, client = start(behave)

    with pytest.raises(Unreachable, match="broke the connection before the answer was whole"):
        client.cancel("ftjob-1")

    assert server.connections == 1


def test_a_key_that_no_header_may_carry_stays_out_of_every_traceback(start):
    server, _ = start(lambda connection, number: receive(connection))

    with (
        FineTuningClient(server.url, "sk-secret\nkey") as client,
        pytest.raises(Unreachable, match="holds forbidden characters") as caught,
    ):
        client.job("ftjob-1")

    assert "secret" not in "".join(traceback.format_exception(caught.value))
